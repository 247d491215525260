//! The HTTP server: bind, say when ready, serve until told to stop.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::routes::{self, Route};
use crate::site::Site;
use crate::{health, observe};

/// Longest wait for requests in flight after SIGTERM; the process is gone within 10 s (contract.md).
const PATIENCE_SECONDS: u64 = 8;
/// Longest wait for the head of a request.
const HEAD: Duration = Duration::from_secs(5);
/// Longest pause between two requests on one connection; also bounds how long an idle one delays the stop.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// Where to listen.
pub struct Listen {
    /// `127.0.0.1:8080`; port 0 takes a free one.
    pub address: String,
    /// Certificate and key, to end TLS here.
    pub tls: Option<rustls::ServerConfig>,
    /// A second address for `/metrics` alone.
    pub metrics: Option<String>,
    /// Worker threads; None: one a processor.
    pub workers: Option<usize>,
}

type Serving = actix_web::rt::task::JoinHandle<io::Result<()>>;

/// A server that is bound and takes connections.
pub struct Running {
    /// Where it listens, ports filled in.
    pub address: SocketAddr,
    scheme: &'static str,
    server: Serving,
    handle: ServerHandle,
    metrics: Option<Server>,
    told: [Signal; 2],
}

/// Why the server did not start.
#[derive(Debug)]
pub enum CannotStart {
    /// The route table is wrong.
    Routes(String),
    /// The address cannot be listened on.
    Listen(String, io::Error),
}

impl fmt::Display for CannotStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Routes(line) => write!(f, "route table: {line}"),
            Self::Listen(address, error) => write!(f, "{address}: {error}"),
        }
    }
}

impl std::error::Error for CannotStart {}

/// Binds and starts the server of this site. It serves from here on; `/readyz` tells when it is ready.
///
/// # Errors
/// A wrong route table, or an address that cannot be listened on.
pub fn start(listen: Listen, site: web::Data<Site>, table: Vec<Route>) -> Result<Running, CannotStart> {
    routes::check(&table).map_err(CannotStart::Routes)?;
    site.metrics.name_routes(table.iter().map(|line| format!("{} {}", line.method, line.path)));
    let metrics = listen.metrics.map(|address| metrics_only(&address, site.clone())).transpose()?;
    let table: Arc<[Route]> = table.into();
    let make = move || {
        let table = Arc::clone(&table);
        App::new()
            .app_data(site.clone())
            .wrap(from_fn(observe::around))
            .configure(move |config| routes::register(&table, config))
    };
    let mut http = HttpServer::new(make)
        // Without it a compressed page waits 40 ms for an acknowledgement (performance.md).
        .tcp_nodelay(true)
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(HEAD)
        .client_disconnect_timeout(Duration::from_secs(1))
        .disable_signals()
        .shutdown_timeout(PATIENCE_SECONDS);
    if let Some(workers) = listen.workers {
        http = http.workers(workers);
    }
    let fail = |error| CannotStart::Listen(listen.address.clone(), error);
    let scheme = if listen.tls.is_some() { "https" } else { "http" };
    let http = match listen.tls {
        None => http.bind(&listen.address).map_err(fail)?,
        Some(tls) => http.bind_rustls_0_23(&listen.address, tls).map_err(fail)?,
    };
    let address = http.addrs().first().copied();
    let address = address.ok_or_else(|| fail(io::Error::from(io::ErrorKind::AddrNotAvailable)))?;
    // Listened to from here on, so that being told to stop counts before anybody has been told that we run.
    let told =
        [signal(SignalKind::terminate()).map_err(fail)?, signal(SignalKind::interrupt()).map_err(fail)?];
    let server = http.run();
    let handle = server.handle();
    Ok(Running { address, scheme, server: actix_web::rt::spawn(server), handle, metrics, told })
}

/// Counters on an address of their own, for a monitoring network that holds no token.
fn metrics_only(address: &str, site: web::Data<Site>) -> Result<Server, CannotStart> {
    let make = move || App::new().app_data(site.clone()).route("/metrics", web::get().to(health::metrics));
    let http = HttpServer::new(make).workers(1).disable_signals().shutdown_timeout(1);
    let http = http.bind(address).map_err(|error| CannotStart::Listen(address.to_owned(), error))?;
    tracing::info!(addresses = ?http.addrs(), "metrics");
    Ok(http.run())
}

impl Running {
    /// `http://127.0.0.1:8080`.
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// Stops the server from elsewhere.
    pub fn handle(&self) -> ServerHandle {
        self.handle.clone()
    }

    /// Prints the one line on stdout that says: ready (contract.md "Command line").
    ///
    /// # Errors
    /// Stdout is gone.
    pub fn announce(url: &str) -> io::Result<()> {
        use io::Write;
        let mut out = io::stdout().lock();
        writeln!(out, "listening on {url}")?;
        out.flush()
    }

    /// Serves until SIGTERM or SIGINT; requests in flight finish first.
    ///
    /// # Errors
    /// The server broke down.
    pub async fn wait(self) -> io::Result<()> {
        let [mut term, mut int] = self.told;
        let handle = self.handle;
        actix_web::rt::spawn(async move {
            tokio::select! {
                _ = term.recv() => {}
                _ = int.recv() => {}
            }
            handle.stop(true).await;
        });
        let Some(metrics) = self.metrics else { return ended(self.server).await };
        let handle = metrics.handle();
        let metrics = actix_web::rt::spawn(metrics);
        let outcome = ended(self.server).await;
        handle.stop(false).await;
        let _ = metrics.await;
        outcome
    }
}

/// What the serving task ended with; one that panicked broke down.
async fn ended(serving: Serving) -> io::Result<()> {
    serving.await.unwrap_or_else(|broken| Err(io::Error::other(broken)))
}
