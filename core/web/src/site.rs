//! What every handler of one server shares: its settings, caches, limits, counters, and the doors to the app.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse};
use falin_app::App;
use falin_domain::access::Visitor;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use tokio::sync::Semaphore;

use crate::assets::Shelf;
use crate::cache::PageCache;
use crate::chores::Chores;
use crate::flood::Flood;
use crate::gate::Interrupted;
use crate::health::Health;
use crate::look::{Lang, Look};
use crate::metrics::Metrics;
use crate::visitor::{Credential, Known};

/// Each may take [`crate::body::UPLOAD_BYTES`] of memory.
const UPLOADS_AT_ONCE: usize = 2;

/// A future that any thread may drive.
pub type Promise<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Asks the store whose session or token this is; None where it is nobody's (any more).
pub type Authenticate = Arc<dyn Fn(Credential) -> Promise<Result<Option<Visitor>, Refusal>> + Send + Sync>;

/// Answers a person whose session ended while a form was being filled: the sign-in page, with the form kept in it.
pub type Resume = Arc<dyn Fn(&HttpRequest, Lang, &Interrupted) -> HttpResponse + Send + Sync>;

/// How one server is set up; every field is an option of `falin serve`.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address that people type, without a trailing slash (`https://falin.example.cn`); None: as they come.
    pub public_url: Option<String>,
    /// True where browsers reach it over TLS, ended here or at a proxy.
    pub https: bool,
    /// Trusted proxies in front, counted from the right of X-Forwarded-For.
    pub behind_proxy: u8,
    /// Factor on the flood limits; 0 switches them off.
    pub flood: f32,
    /// Bytes of cached public pages.
    pub cache_bytes: usize,
    /// How long a body may come slower than 1 KiB a second.
    pub body_grace: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: None,
            https: false,
            behind_proxy: 0,
            flood: 1.0,
            cache_bytes: 32 << 20,
            body_grace: Duration::from_secs(2),
        }
    }
}

/// Shared by all workers of one server.
pub struct Site {
    /// How it is set up.
    pub settings: Settings,
    /// Cached public pages.
    pub cache: PageCache,
    /// Flood limits.
    pub flood: Flood,
    /// Counters.
    pub metrics: Metrics,
    /// Alive and ready.
    pub health: Health,
    /// Uploads that are held in memory at once.
    pub uploads: Arc<Semaphore>,
    /// The same for people who are not signed in.
    pub strangers_uploads: Arc<Semaphore>,
    /// Long work beside the requests.
    pub chores: Chores,
    /// Sessions and tokens seen valid lately.
    pub known: Known,
    /// The use cases.
    pub app: App,
    /// Templates and texts.
    pub look: Arc<Look>,
    /// Stylesheet, script and mark, compressed.
    pub shelf: Shelf,
    /// Whose session or token.
    pub authenticate: Authenticate,
    /// Where a person signs in; the asker's path is added as `next`.
    pub sign_in: fn(Lang) -> String,
    /// Keeps an interrupted form; None: such a form is answered with 401.
    pub resume: Option<Resume>,
    boot: u64,
    requests: AtomicU64,
}

impl Site {
    /// A site over an open house that knows nobody yet.
    pub fn new(settings: Settings, look: Arc<Look>, app: App) -> Self {
        Self {
            // Its start tells this process's request ids from those of others.
            boot: app.now().millis().unsigned_abs(),
            app,
            cache: PageCache::new(settings.cache_bytes),
            flood: Flood::new(settings.flood),
            metrics: Metrics::default(),
            health: Health::default(),
            uploads: Arc::new(Semaphore::new(UPLOADS_AT_ONCE)),
            strangers_uploads: Arc::new(Semaphore::new(UPLOADS_AT_ONCE)),
            chores: Chores::default(),
            known: Known::default(),
            shelf: Shelf::new(&look.assets),
            look,
            authenticate: Arc::new(|_| Box::pin(std::future::ready(Ok(None)))),
            sign_in: |lang| format!("/{}/sign-in", lang.code()),
            resume: None,
            requests: AtomicU64::new(0),
            settings,
        }
    }

    /// When this server started.
    pub fn started(&self) -> Instant {
        Instant::from_millis(i64::try_from(self.boot).unwrap_or(i64::MAX))
    }

    /// Id of the next request, shown to the asker where the fault is ours and written to the log.
    pub fn next_request(&self) -> String {
        let count = self.requests.fetch_add(1, Ordering::Relaxed);
        format!("{:x}-{count:x}", self.boot)
    }

    /// Origins that count as our own for a request that came to `host`.
    pub fn own_origins(&self, host: &str) -> Vec<String> {
        let scheme = if self.settings.https { "https" } else { "http" };
        let mut own = vec![format!("{scheme}://{host}")];
        own.extend(self.settings.public_url.clone());
        own
    }
}
