//! `falin serve`: opens the data and serves it.

use std::net::ToSocketAddrs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Data;
use clap::Args;
use falin_app::{App, account};

use super::{Frame, Halt, Outcome, Ran};
use crate::pages::account::kept;
use crate::problem;
use crate::rounds;
use crate::routes;
use crate::server::{self, Listen, Running};
use crate::site::{Authenticate, Settings, Site};
use crate::tls::{self, OwnFiles};
use crate::visitor::{Credential, Kind};

/// Options of a server, shared with `demo`.
#[derive(Args, Clone, Debug)]
pub struct Door {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// The address that people type, such as https://falin.example.cn
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// How many trusted proxies stand in front and write X-Forwarded-For
    #[arg(long, value_name = "HOPS", num_args = 0..=1, default_missing_value = "1", default_value = "0")]
    pub behind_proxy: u8,
    /// A second address for /metrics alone, which then needs no token
    #[arg(long, value_name = "ADDR")]
    pub metrics_listen: Option<String>,
    /// Factor on the flood limits; 0 switches them off
    #[arg(long, value_name = "FACTOR", default_value = "1")]
    pub flood: f32,
    /// Memory for cached public pages, in MiB
    #[arg(long, value_name = "MIB", default_value = "32")]
    pub cache: usize,
    /// Worker threads; otherwise one a processor
    #[arg(long, value_name = "N")]
    pub workers: Option<usize>,
}

/// Arguments of `falin serve`.
#[derive(Args)]
pub struct Serve {
    #[command(flatten)]
    door: Door,
    /// Leave every county workflow out, whatever is in use
    #[arg(long)]
    no_plugins: bool,
    /// End TLS with this certificate chain (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Its private key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// End TLS with the certificate made by `falin init --tls`; taken unasked where the address is not this machine's
    #[arg(long, conflicts_with = "tls_cert")]
    tls: bool,
}

impl Serve {
    pub(super) fn run(self, frame: &Frame) -> Ran {
        let tls = self.tls(frame)?;
        let app = frame.open()?;
        if self.no_plugins {
            app.plugins.switch_off();
            app.wait(falin_app::plugin::reload(&app))?;
        }
        serve(frame, &app, &self.door, tls)
    }

    fn tls(&self, frame: &Frame) -> Result<Option<rustls::ServerConfig>, Halt> {
        let load = |cert: &PathBuf, key: &PathBuf| {
            tls::server_config(cert, key).map(Some).map_err(|fault| Halt::Failed(fault.to_string()))
        };
        if let (Some(cert), Some(key)) = (&self.tls_cert, &self.tls_key) {
            return load(cert, key);
        }
        let own = OwnFiles::below(&frame.house.data);
        let local = is_local(&self.door.listen)?;
        if self.tls || (!local && own.exist() && self.door.behind_proxy == 0) {
            return load(&own.server, &own.server_key);
        }
        if !local && self.door.behind_proxy == 0 {
            return Err(Halt::Usage(frame.t("cli-plain-http")));
        }
        Ok(None)
    }
}

/// True where the address is reached from this machine alone, so that plain HTTP harms nobody.
fn is_local(listen: &str) -> Result<bool, Halt> {
    let found =
        listen.to_socket_addrs().map_err(|error| Halt::Usage(format!("--listen {listen}: {error}")))?;
    Ok(found.map(|address| address.ip()).all(|ip| ip.is_loopback()))
}

/// Serves `app` until told to stop.
///
/// # Errors
/// An address that cannot be listened on, or a server that broke down.
pub fn serve(frame: &Frame, app: &App, door: &Door, tls: Option<rustls::ServerConfig>) -> Ran {
    let site = Data::new(site(frame, app, door, tls.is_some()));
    actix_web::rt::System::new().block_on(async {
        let running = server::start(listen(door, tls), site.clone(), routes::all());
        let running = running.map_err(|error| Halt::Failed(error.to_string()))?;
        site.health.wait_for(None);
        rounds::begin(app.clone(), frame.look.clone(), std::future::ready(()));
        Running::announce(&running.url())?;
        running.wait().await?;
        Ok(Outcome::Done)
    })
}

/// What `door` says about where to listen.
pub fn listen(door: &Door, tls: Option<rustls::ServerConfig>) -> Listen {
    let (address, metrics) = (door.listen.clone(), door.metrics_listen.clone());
    Listen { address, tls, metrics, workers: door.workers }
}

/// The site of this house behind this door.
pub fn site(frame: &Frame, app: &App, door: &Door, tls: bool) -> Site {
    let public_url = door.public_url.as_ref().map(|url| url.trim_end_matches('/').to_owned());
    let https = tls || public_url.as_ref().is_some_and(|url| url.starts_with("https://"));
    let settings = Settings {
        https,
        public_url,
        behind_proxy: door.behind_proxy,
        flood: door.flood,
        cache_bytes: door.cache << 20,
        body_grace: Duration::from_secs(2),
    };
    let mut site = Site::new(settings, frame.look.clone(), app.clone());
    site.authenticate = authenticate(app.clone());
    site.resume = Some(Arc::new(kept::answer));
    site
}

/// Asks the accounts whose session or token it is.
fn authenticate(app: App) -> Authenticate {
    Arc::new(move |credential: Credential| {
        let app = app.clone();
        Box::pin(async move {
            let found = match credential.kind {
                Kind::Session => account::session(&app, credential.hash)
                    .await
                    .map(|found| found.map(|(visitor, _)| visitor)),
                Kind::Token => account::bearer(&app, credential.hash).await,
            };
            found.map_err(problem::of_stop)
        })
    })
}
