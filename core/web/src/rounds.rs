//! The server's own rounds, beside the requests: every hour, every minute, and the sender of notices.

use std::sync::Arc;
use std::time::Duration;

use falin_app::notice::send::{Sender, Text, Words};
use falin_app::{App, booking, deadline, plugin, rounds};

use crate::look::{Lang, Look};

/// Between two hourly rounds.
const HOUR: Duration = Duration::from_secs(3600);
/// Between two rounds over deadlines and the waiting list.
const MINUTE: Duration = Duration::from_secs(60);
/// Between two looks into the outbox.
const SENDING: Duration = Duration::from_secs(2);

/// Starts the rounds on this runtime, and the sender on a thread of its own; they end with the process. The first hourly
/// round is made now, the first over deadlines, jobs and the waiting list after `first`: cases that a demo is still being
/// told are not worked on. What other processes change of the plugins is followed as well.
pub fn begin(app: App, look: Arc<Look>, first: impl Future<Output = ()> + 'static) {
    send(app.clone(), look);
    actix_web::rt::spawn(falin_app::plugin::follow(app.clone()));
    actix_web::rt::spawn(falin_app::plugin::attend(app.clone()));
    let by_hour = app.clone();
    actix_web::rt::spawn(async move {
        loop {
            if let Err(fault) = rounds::hourly(&by_hour).await {
                tracing::error!(%fault, "the hourly round failed");
            }
            actix_web::rt::time::sleep(HOUR).await;
        }
    });
    actix_web::rt::spawn(async move {
        first.await;
        loop {
            minutely(&app).await;
            falin_app::give_back_memory();
            actix_web::rt::time::sleep(MINUTE).await;
        }
    });
}

/// What must not wait for an hour; one round's failure does not keep the other from being made.
async fn minutely(app: &App) {
    match deadline::round(app).await {
        Ok(0) => {}
        Ok(steps) => tracing::info!(steps, "deadlines stepped"),
        Err(fault) => tracing::error!(%fault, "the round over deadlines failed"),
    }
    match plugin::run_jobs(app).await {
        Ok(0) => {}
        Ok(turns) => tracing::info!(turns, "jobs of plugins were done"),
        Err(fault) => tracing::error!(%fault, "the round over jobs of plugins failed"),
    }
    if let Err(fault) = booking::round(app).await {
        tracing::error!(%fault, "the round of the waiting list failed");
    }
}

/// Gateways and mail servers block: they get a thread that the requests do not wait for.
fn send(app: App, look: Arc<Look>) {
    let run = move || {
        let sender = Sender::new(app, words(look));
        if let Err(fault) = sender.take_over() {
            tracing::error!(%fault, "leases of an earlier sender stay until they run out");
        }
        loop {
            if let Err(fault) = sender.pass() {
                tracing::error!(%fault, "sending notices failed");
            }
            std::thread::sleep(SENDING);
        }
    };
    if let Err(fault) = std::thread::Builder::new().name("notices".to_owned()).spawn(run) {
        tracing::error!(%fault, "no thread for the sender of notices");
    }
}

/// The texts of the house, as the sender asks for them.
pub fn words(look: Arc<Look>) -> Words {
    Arc::new(move |language, key, args| {
        let say = look.say(Lang::parse(language).unwrap_or_default());
        Text { title: say.with(&format!("{key}.title"), args), body: say.with(key, args) }
    })
}
