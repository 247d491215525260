//! The server's own hourly round, beside the requests.

use std::time::Duration;

use falin_app::{App, rounds};

/// Between two rounds.
const HOUR: Duration = Duration::from_secs(3600);

/// Starts the rounds on this runtime, the first one now; they end with the runtime.
pub fn begin(app: App) {
    actix_web::rt::spawn(async move {
        loop {
            if let Err(fault) = rounds::hourly(&app).await {
                tracing::error!(%fault, "the hourly round failed");
            }
            actix_web::rt::time::sleep(HOUR).await;
        }
    });
}
