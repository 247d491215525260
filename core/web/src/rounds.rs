//! The server's own rounds, beside the requests: every hour, and every minute for what must not wait so long.

use std::time::Duration;

use falin_app::{App, booking, rounds};

/// Between two rounds.
const HOUR: Duration = Duration::from_secs(3600);

const MINUTE: Duration = Duration::from_secs(60);

/// Starts the rounds on this runtime, the first one now; they end with the runtime.
pub fn begin(app: App) {
    let each_minute = app.clone();
    actix_web::rt::spawn(async move {
        loop {
            actix_web::rt::time::sleep(MINUTE).await;
            if let Err(fault) = booking::round(&each_minute).await {
                tracing::error!(%fault, "the round of the waiting list failed");
            }
        }
    });
    actix_web::rt::spawn(async move {
        loop {
            if let Err(fault) = rounds::hourly(&app).await {
                tracing::error!(%fault, "the hourly round failed");
            }
            actix_web::rt::time::sleep(HOUR).await;
        }
    });
}
