//! One person's browser or one program: cookies, forms, tokens, and the headers that real ones send.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use ureq::http::Request;

use super::page;
use crate::access::told;

/// Who asks: cookies of a browser, a token of a program, or nothing.
pub struct Client {
    base: String,
    agent: ureq::Agent,
    cookies: RefCell<BTreeMap<String, String>>,
    token: Option<String>,
    language: &'static str,
}

/// An answer as it came.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Header names in lower case with their values, in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub bytes: Vec<u8>,
    /// The path that answered, after redirects.
    pub path: String,
}

impl Client {
    /// Somebody new at this address.
    pub fn new(base: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Self {
            base: base.to_owned(),
            agent: config.into(),
            cookies: RefCell::default(),
            token: None,
            language: "zh-CN",
        }
    }

    /// The same, as a program with this token.
    pub fn with_token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// The same, reading English.
    pub fn in_english(mut self) -> Self {
        self.language = "en";
        self
    }

    /// Opens a page, redirects followed.
    pub fn get(&self, path: &str) -> Answer {
        self.follow(self.send("GET", path, &self.wishes(), Vec::new()))
    }

    /// What a browser says that it can show; programs, which carry a token, say nothing.
    fn wishes(&self) -> Vec<(&'static str, &'static str)> {
        if self.token.is_some() { Vec::new() } else { vec![("accept", "text/html,application/xhtml+xml")] }
    }

    /// Sends a form as a browser does, redirects followed.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs = fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        let body = pairs.collect::<Vec<_>>().join("&").into_bytes();
        let mut headers = self.wishes();
        headers.extend([
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
        ]);
        let mut headers: Vec<(&str, &str)> = headers;
        headers.push(("origin", self.base.as_str()));
        self.follow(self.send("POST", path, &headers, body))
    }

    /// Fills in the form of `page` that goes to `action` (a part of it) and sends it, hidden fields included.
    #[track_caller]
    pub fn fill(&self, page: &Answer, action: &str, typed: &[(&str, &str)]) -> Answer {
        let forms = page.forms();
        let actions: Vec<_> = forms.iter().map(|form| form.action.clone()).collect();
        let form = forms.into_iter().find(|form| form.method == "post" && form.action.contains(action));
        let form = form.unwrap_or_else(|| panic!("no form to {action} on {}, only {actions:?}", page.path));
        let kept = form.fields.iter().filter(|(name, _)| typed.iter().all(|(known, _)| known != name));
        let mut fields: Vec<_> = kept.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.extend(typed);
        let target = if form.action.is_empty() { page.path.clone() } else { form.action.clone() };
        self.post(&target, &fields)
    }

    /// Presses the button that draws the answer to a form again in another view (`en`, `zh-large`), with what was typed
    /// since.
    #[track_caller]
    pub fn otherwise(&self, page: &Answer, view: &str, typed: &[(&str, &str)]) -> Answer {
        let html = page.body();
        let start = format!("/{view}/");
        let goes = |tag: &page::Tag<'_>| tag.get("formaction").is_some_and(|to| to.starts_with(&start));
        let button = page::tags(&html).into_iter().find(|tag| tag.name == "button" && goes(tag));
        let button = button.unwrap_or_else(|| panic!("{} cannot be drawn again as {view}", page.path));
        let form = page.forms().into_iter().find(|form| Some(form.id.as_str()) == button.get("form"));
        let form = form.expect("the button's form");
        let kept = form.fields.iter().filter(|(name, _)| typed.iter().all(|(known, _)| known != name));
        let mut fields: Vec<_> = kept.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.extend(typed);
        fields.push((button.get("name").unwrap(), button.get("value").unwrap()));
        self.post(button.get("formaction").unwrap(), &fields)
    }

    /// A request of a program with a JSON body, not following anything.
    pub fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.send(method, path, &[("content-type", "application/json")], body.to_string().into_bytes())
    }

    /// The same where the server may be gone: None once it does not answer.
    pub fn try_call(&self, method: &str, path: &str, body: &Value) -> Option<Answer> {
        self.try_send(method, path, &[("content-type", "application/json")], body.to_string().into_bytes())
            .ok()
    }

    /// The same under an idempotency key.
    pub fn call_once(&self, key: &str, path: &str, body: &Value) -> Answer {
        let headers = [("content-type", "application/json"), ("idempotency-key", key)];
        self.send("POST", path, &headers, body.to_string().into_bytes())
    }

    /// Any request at all, with the cookies and the token of this client; redirects are not followed.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let got = self.try_send(method, path, headers, body);
        let got = got.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        told::check(method, path, &got);
        got
    }

    fn try_send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<Answer, ureq::Error> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        if headers.iter().all(|(name, _)| *name != "accept-language") {
            request = request.header("accept-language", self.language);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let cookies = self.cookies.borrow().iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        let mut got = self.agent.run(request.body(body).unwrap())?;
        let bytes = got.body_mut().with_config().limit(64 << 20).read_to_vec()?;
        let headers = got.headers().iter();
        let headers = headers
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let answer = Answer { status: got.status().as_u16(), headers, bytes, path: path.to_owned() };
        self.keep_cookies(&answer);
        Ok(answer)
    }

    /// A cookie that this browser holds.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.borrow().get(name).cloned()
    }

    fn keep_cookies(&self, answer: &Answer) {
        for (_, line) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (pair, rest) = line.split_once(';').unwrap_or((line, ""));
            let Some((name, value)) = pair.split_once('=') else { continue };
            let gone = value.is_empty() || rest.to_lowercase().contains("max-age=0");
            let mut cookies = self.cookies.borrow_mut();
            match gone {
                true => cookies.remove(name),
                false => cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
    }

    fn follow(&self, mut answer: Answer) -> Answer {
        for _ in 0..5 {
            let Some(target) = answer.header("location").filter(|_| (301..=303).contains(&answer.status))
            else {
                return answer;
            };
            let path = target.strip_prefix(&self.base).unwrap_or(target).to_owned();
            assert!(path.starts_with('/'), "redirected away from home: {path}");
            answer = self.send("GET", &path, &self.wishes(), Vec::new());
        }
        panic!("redirected in a circle at {}", answer.path);
    }
}

/// Percent-encodes everything but letters, digits and `-._~`.
pub fn encode(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

impl Answer {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn body(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        let body = self.body();
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{}: {error}\n{body}", self.path))
    }

    /// Asserts the status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}\n{}", self.path, self.body());
        self
    }

    /// Asserts a problem: status, media type and code (RFC 9457).
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Self {
        let answer = self.is(status);
        let media = answer.header("content-type").unwrap_or_default();
        assert!(media.starts_with("application/problem+json"), "{}: {media}", answer.path);
        assert_eq!(answer.json()["code"], code, "{}", answer.body());
        answer
    }

    /// The page's visible text.
    pub fn text(&self) -> String {
        page::text(&self.body())
    }

    /// The page's forms.
    pub fn forms(&self) -> Vec<page::Form> {
        page::forms(&self.body())
    }

    /// The address behind the link whose text contains `words`.
    #[track_caller]
    pub fn link(&self, words: &str) -> String {
        let links = page::links(&self.body());
        let found = links.iter().find(|(_, text)| text.contains(words));
        found.unwrap_or_else(|| panic!("no link “{words}” on {}: {links:?}", self.path)).0.clone()
    }
}
