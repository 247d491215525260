//! One chromedriver per test run, on a port of its own choice, gone with the run.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::town::watchdog;

fn program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var("PATH").unwrap_or_default();
    let places: Vec<_> = path.split(':').map(PathBuf::from).collect();
    names.iter().flat_map(|name| places.iter().map(move |place| place.join(name))).find(|file| file.exists())
}

fn browser() -> Option<PathBuf> {
    program(&["chromium", "chromium-browser", "google-chrome"])
}

/// Whether both the browser and its driver are there.
pub fn installed() -> bool {
    browser().is_some() && program(&["chromedriver"]).is_some()
}

/// The run's driver; the watchdog ends it. As `http://127.0.0.1:PORT`.
#[allow(clippy::zombie_processes, reason = "it lives as long as the run")]
fn address() -> &'static str {
    static ADDRESS: OnceLock<String> = OnceLock::new();
    ADDRESS.get_or_init(|| {
        let mut driver = Command::new(program(&["chromedriver"]).unwrap())
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        // TERM lets the driver end its browsers; KILL would leave them behind.
        watchdog::watch("TERM", driver.id());
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port = lines.find_map(|line| {
            line.split("successfully on port ").nth(1).map(|rest| rest.trim_end_matches('.').to_owned())
        });
        let port = port.expect("chromedriver does not say its port");
        std::thread::spawn(move || lines.for_each(drop));
        format!("http://127.0.0.1:{port}")
    })
}

/// A new browser window; `script` false switches JavaScript off as a user's setting does.
pub async fn open(script: bool, language: &str) -> Client {
    let profile = watchdog::fresh_directory();
    let flags = [
        "--headless=new".to_owned(),
        "--no-sandbox".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-background-networking".to_owned(),
        "--hide-scrollbars".to_owned(),
        format!("--lang={language}"),
        format!("--user-data-dir={}", profile.display()),
    ];
    let javascript = if script { 1 } else { 2 };
    let options = json!({
        "binary": browser().unwrap(),
        "args": flags,
        "prefs": {
            "profile.managed_default_content_settings.javascript": javascript,
            "intl.accept_languages": language,
        },
    });
    let wanted = json!({
        "browserName": "chrome",
        "goog:chromeOptions": options,
        "goog:loggingPrefs": {"performance": "ALL", "browser": "ALL"},
    });
    let Value::Object(wanted) = wanted else { unreachable!() };
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(Capabilities::from_iter(wanted));
    builder.connect(address()).await.unwrap()
}
