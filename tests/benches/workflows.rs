//! `workflows`: pages of a county with all ten workflows in use, against the same county with `--no-plugins`, under load.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::http::Server;
use crate::{Line, median, times};

/// Callers who read without a pause while one is measured.
const CALLERS: usize = 4;
/// Pages asked for in one turn.
const TURN: usize = 400;
/// What both houses show: today, two lists of cases, the directory.
const PAGES: [&str; 4] = ["/desk", "/desk/legal-aid", "/desk/mediation", "/desk/workers"];

/// The p99 of staff's pages with all workflows ÷ with none, three turns each, in turns on the same data.
pub fn run(_full: bool) -> Vec<Line> {
    let mut server = Server::start();
    let sign_in = server.signed_in("county_admin");
    let (mut none, mut all) = (Vec::new(), Vec::new());
    let mut workers = 0;
    for _ in 0..3 {
        server.again(&["serve", "--no-plugins"]);
        none.push(p99(&server, &sign_in));
        server.again(&["serve"]);
        all.push(p99(&server, &sign_in));
        workers = workers.max(crate::house::children(server.pid()).len());
    }
    let (none, all) = (median(none), median(all));
    let ms = |wait: Duration| format!("{:.2}", wait.as_secs_f64() * 1e3);
    vec![
        Line::most(
            "workflows",
            "p99 of staff's pages, ten workflows in use ÷ none, 4 callers reading",
            "≤ 2",
            2.0,
            times(all, none),
        ),
        Line::told("workflows", "the same with none, ms", ms(none)),
        Line::told("workflows", "worker processes of the ten (none ships a library)", workers.to_string()),
    ]
}

fn p99(server: &Server, sign_in: &str) -> Duration {
    let over = AtomicBool::new(false);
    let mut waits = std::thread::scope(|scope| {
        for caller in 0..CALLERS {
            let (over, mut client) = (&over, server.connect());
            scope.spawn(move || {
                let pages = PAGES.iter().cycle().skip(caller);
                for page in pages.take_while(|_| !over.load(Ordering::Relaxed)) {
                    client.get(page, sign_in);
                }
            });
        }
        let mut client = server.connect();
        std::thread::sleep(Duration::from_millis(300));
        let one = |n: usize| {
            let (page, asked) = (PAGES[n % PAGES.len()], Instant::now());
            let got = client.get(page, sign_in);
            assert_eq!(got.status, 200, "{page}");
            asked.elapsed()
        };
        let waits: Vec<Duration> = (0..TURN).map(one).collect();
        over.store(true, Ordering::Relaxed);
        waits
    });
    waits.sort_unstable();
    waits[waits.len() * 99 / 100]
}
