//! A browser window as a person's acts: go, read, press, type, look.

use std::future::Future;
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use super::driver;

/// A window size that pages are looked at in.
#[derive(Clone, Copy, Debug)]
pub enum Size {
    /// A narrow phone, 320 × 640.
    Narrow,
    /// A phone, 375 × 812.
    Phone,
    /// A desk, 1280 × 900.
    Desk,
}

impl Size {
    fn pixels(self) -> (u32, u32) {
        match self {
            Self::Narrow => (320, 640),
            Self::Phone => (375, 812),
            Self::Desk => (1280, 900),
        }
    }
}

/// One window of a browser of its own: no cookies, no cache, no history.
pub struct Page {
    home: String,
    client: Option<Client>,
    runtime: tokio::runtime::Runtime,
}

/// How many pages may follow each other while the text of one is read.
const BODIES: usize = 5;
/// Looks, twenty milliseconds apart, for the page that a press leads to.
const ARRIVALS: usize = 150;

impl Page {
    /// A new window on the server at `home`.
    pub fn open(home: &str, size: Size) -> Self {
        Self::with(home, size, true, "zh-CN")
    }

    /// The same with JavaScript switched off.
    pub fn without_script(home: &str, size: Size) -> Self {
        Self::with(home, size, false, "zh-CN")
    }

    /// The same for somebody whose browser asks for English.
    pub fn in_english(home: &str, size: Size) -> Self {
        Self::with(home, size, true, "en-US")
    }

    fn with(home: &str, size: Size, script: bool, language: &str) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let client = runtime.block_on(driver::open(script, language));
        let page = Self { home: home.to_owned(), client: Some(client), runtime };
        page.resize(size);
        page
    }

    pub(super) fn client(&self) -> &Client {
        self.client.as_ref().unwrap()
    }

    pub(super) fn wait<F: Future>(&self, act: F) -> F::Output {
        let patient = async { tokio::time::timeout(Duration::from_secs(60), act).await };
        self.runtime.block_on(patient).expect("the browser does not answer")
    }

    /// Sets the viewport exactly, smaller than a window can be.
    pub fn resize(&self, size: Size) {
        let (width, height) = size.pixels();
        let metrics =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// A command of the browser's own protocol.
    pub fn devtools(&self, name: &str, parameters: Value) -> Value {
        let command = DevTools { name: name.to_owned(), parameters };
        self.wait(self.client().issue_cmd(command)).unwrap()
    }

    /// Opens a path of the town.
    pub fn go(&self, path: &str) -> &Self {
        self.wait(self.client().goto(&format!("{}{path}", self.home))).unwrap();
        self
    }

    /// The path that is shown.
    pub fn path(&self) -> String {
        let url = self.wait(self.client().current_url()).unwrap();
        url.as_str().strip_prefix(&self.home).unwrap_or(url.as_str()).to_owned()
    }

    /// Runs a script's body in the page and gives what it returns.
    #[track_caller]
    pub fn run(&self, script: &str) -> Value {
        self.wait(self.client().execute(script, Vec::new())).unwrap()
    }

    /// The text that is visible. A page that is just being left has no body for a moment, or one that is gone
    /// before it is read: the next page's is waited for.
    pub fn text(&self) -> String {
        let read = async || {
            let body = self.client().wait().for_element(Locator::Css("body")).await?;
            body.text().await
        };
        let mut read_once = self.wait(read());
        for _ in 0..BODIES {
            if read_once.is_ok() {
                break;
            }
            read_once = self.wait(read());
        }
        read_once.unwrap()
    }

    /// Presses the link or button whose text contains `words`.
    #[track_caller]
    pub fn press(&self, words: &str) -> &Self {
        let path = format!(
            "(//a[contains(normalize-space(.), '{words}')] | //button[contains(normalize-space(.), '{words}')] \
             | //summary[contains(normalize-space(.), '{words}')])[1]"
        );
        let element = self.found(Locator::XPath(&path));
        let leads_on = self.wait(element.tag_name()).unwrap() != "summary";
        self.wait(self.client().execute("window.stays = true", Vec::new())).unwrap();
        self.wait(element.click()).unwrap();
        if leads_on {
            self.arrives();
        }
        self
    }

    /// Waits until the page that was pressed on has gone and the next one is there: a click may come back before it has
    /// begun to leave. What stays where it is, such as a print, is waited for in vain and no fault.
    fn arrives(&self) {
        let asked = "return window.stays === undefined && document.readyState === 'complete'";
        for _ in 0..ARRIVALS {
            let there = self.wait(self.client().execute(asked, Vec::new()));
            if there.is_ok_and(|there| there == Value::Bool(true)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Puts a file into the control that this CSS selector finds.
    #[track_caller]
    pub fn attach(&self, selector: &str, file: &str) {
        let control = self.found(Locator::Css(selector));
        self.wait(control.send_keys(file)).unwrap();
    }

    /// Whether something matches this CSS selector.
    pub fn has(&self, selector: &str) -> bool {
        !self.wait(self.client().find_all(Locator::Css(selector))).unwrap().is_empty()
    }

    #[track_caller]
    fn found(&self, locator: Locator<'_>) -> Element {
        let found = self.wait(self.client().find(locator));
        found.unwrap_or_else(|error| panic!("{}: {error}\n{}", self.path(), self.text()))
    }

    /// Saves the whole page as `target/screenshots/NAME.png`.
    pub fn screenshot(&self, name: &str) {
        let shot = self.devtools("Page.captureScreenshot", json!({"captureBeyondViewport": true}));
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/target/screenshots");
        std::fs::create_dir_all(directory).unwrap();
        let bytes = base64(shot["data"].as_str().unwrap());
        std::fs::write(format!("{directory}/{name}.png"), bytes).unwrap();
    }

    /// Everything that the page loaded: address, and bytes as they came over the wire, headers included.
    pub fn loaded(&self) -> Vec<(String, u64)> {
        let entries = self.run(
            "return performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))
               .map(entry => [entry.name, Math.max(entry.transferSize, entry.encodedBodySize)])",
        );
        let entries = entries.as_array().unwrap().iter();
        entries.map(|entry| (entry[0].as_str().unwrap().to_owned(), entry[1].as_u64().unwrap_or(0))).collect()
    }

    /// Asserts what every resident page owes: nothing from elsewhere, 60 KB in all, no scroll sideways.
    #[track_caller]
    pub fn is_light_and_alone(&self) {
        let loaded = self.loaded();
        let foreign: Vec<_> = loaded.iter().filter(|(name, _)| !name.starts_with(&self.home)).collect();
        assert!(foreign.is_empty(), "{} loads {foreign:?}", self.path());
        let bytes: u64 = loaded.iter().map(|(_, bytes)| bytes).sum();
        assert!(bytes <= 60 * 1024, "{} weighs {bytes} bytes: {loaded:?}", self.path());
        let wide = self.run("return document.documentElement.scrollWidth - window.innerWidth");
        assert!(wide.as_i64() <= Some(0), "{} scrolls sideways by {wide} px", self.path());
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            let _ = self.runtime.block_on(client.close());
        }
    }
}

/// chromedriver's own endpoint for one command of the DevTools protocol.
#[derive(Debug)]
struct DevTools {
    name: String,
    parameters: Value,
}

impl fantoccini::wd::WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (ureq::http::Method, Option<String>) {
        let body = json!({"cmd": self.name, "params": self.parameters});
        (ureq::http::Method::POST, Some(body.to_string()))
    }
}

/// Decodes standard base64, as screenshots come.
fn base64(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut held) = (0u32, 0);
    for byte in text.bytes() {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let Some(value) = alphabet.iter().position(|known| *known == byte) else { break };
        bits = bits << 6 | value as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    out
}
