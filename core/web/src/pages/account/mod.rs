//! Doors and accounts: sign in, activate, one's own account, accounts of others, tokens.

pub mod activate;
pub mod door;
pub mod kept;
pub mod me;
pub mod tokens;
pub mod users;
pub mod users_make;
mod words;

use actix_web::dev::Payload;
use actix_web::http::{Method, StatusCode, header};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse};
use falin_app::account::{SignedIn, Source};
use falin_app::county::County;
use falin_domain::identity::DEVICE_DAYS;
use falin_domain::refusal::Refusal;
use futures_util::future::LocalBoxFuture;

use crate::gate;
use crate::look::{Frame, Lang, Say, Size, View, parse_segment, segment};
use crate::problem::{Answer, Asker, Refused};
use crate::site::Site;
use crate::visitor::{self, Signed};

/// Where somebody comes in: language, size of print, the county of the address or the only one there is.
pub struct Door {
    /// The server.
    pub site: Data<Site>,
    lang: Lang,
    size: Size,
    county: Option<County>,
    req: HttpRequest,
}

impl FromRequest for Door {
    type Error = Refused;
    type Future = LocalBoxFuture<'static, Result<Self, Refused>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move {
            let site = req.app_data::<Data<Site>>().cloned();
            let site = site.ok_or_else(|| Refusal::new("server.failed"))?;
            let asker = Asker::of(req.path(), req.headers());
            let view =
                req.match_info().get("view").map(|text| parse_segment(text).ok_or_else(Refusal::absent));
            let (lang, size) = view.transpose()?.unwrap_or((asker.lang, asker.size));
            let county = match req.match_info().get("county") {
                Some(code) => Some(falin_app::county::by_code(&site.app, code).await?),
                None => falin_app::county::chosen(&site.app, None).await.ok(),
            };
            Ok(Self { site, lang, size, county, req })
        })
    }
}

impl Door {
    fn say(&self) -> Say<'_> {
        self.site.look.say(self.lang)
    }

    /// An address of this door's county, language and size; `rest` begins with a slash.
    fn href(&self, rest: &str) -> String {
        let view = segment(self.lang, self.size);
        match &self.county {
            Some(county) => format!("/{view}/{}{rest}", county.code),
            None => format!("/{view}{rest}"),
        }
    }

    /// The form token of the session that the browser holds already: its forms must carry it.
    fn form_token(&self) -> Option<String> {
        self.req.extensions().get::<Signed>().map(|signed| signed.form_token.clone())
    }

    /// Where an attempt comes from.
    fn source(&self) -> Source {
        source(&self.req, &self.site)
    }

    /// A page at the door. It is never kept, and its status is the refusal's where there is one.
    fn page<V: View>(&self, rest: &str, refusal: Option<&Refusal>, view: &V) -> Answer {
        let county = self.county.as_ref().map(|county| (county.code.as_str(), county.name.as_str()));
        let frame = Frame::public(self.lang, self.size, county, rest);
        let frame = if self.req.method() == Method::POST { frame.of_answer() } else { frame };
        let html = self.site.look.render(&frame, view).map_err(|fault| {
            tracing::error!(%fault, "a page did not render");
            Refusal::new("server.failed")
        })?;
        let status = refusal.and_then(|r| StatusCode::from_u16(r.kind().status()).ok());
        let mut answer = HttpResponse::build(status.unwrap_or_default());
        let wait = refusal.and_then(|r| r.args.iter().find(|(key, _)| *key == "seconds"));
        if let Some((_, seconds)) = wait {
            answer.insert_header((header::RETRY_AFTER, seconds.clone()));
        }
        answer.insert_header((header::CACHE_CONTROL, "no-store"));
        Ok(answer.content_type("text/html; charset=utf-8").body(html))
    }
}

/// The name under which a browser remembers that its owner has signed in from it.
const fn device_cookie(https: bool) -> &'static str {
    if https { "__Host-device" } else { "device" }
}

/// Where an attempt comes from.
fn source(req: &HttpRequest, site: &Site) -> Source {
    let device = visitor::cookie(req.headers(), device_cookie(site.settings.https)).map(str::to_owned);
    let agent = req.headers().get(header::USER_AGENT).and_then(|text| text.to_str().ok());
    Source { address: Some(gate::address(req, site)), device, agent: agent.map(str::to_owned) }
}

/// Gives the browser its session, and what it is known by at the next sign-in. The session ends with the browser,
/// or with its own time; the mark stays.
fn let_in(answer: &mut HttpResponse, site: &Site, signed: &SignedIn) -> Result<(), Refusal> {
    let https = site.settings.https;
    let headers = answer.headers_mut();
    headers.append(header::SET_COOKIE, visitor::session_cookie(&signed.token, https, None));
    if let Some(device) = &signed.device {
        let secure = if https { "; Secure" } else { "" };
        let (name, seconds) = (device_cookie(https), DEVICE_DAYS * 86_400);
        let text = format!("{name}={device}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
        let value = header::HeaderValue::from_str(&text).map_err(|_| Refusal::new("server.failed"))?;
        headers.append(header::SET_COOKIE, value);
    }
    Ok(())
}

/// A path of ours, to go on to; `//host` and `/\host` lead elsewhere.
fn own_path(text: &str) -> Option<&str> {
    let own = text.starts_with('/') && !text[1..].starts_with(['/', '\\']) && !text.contains(['\r', '\n']);
    Some(text).filter(|_| own)
}

/// The same refusal with its fields under the names that a form gives them.
fn renamed(mut refusal: Refusal, names: &[(&str, &str)]) -> Refusal {
    for fault in &mut refusal.fields {
        if let Some((_, name)) = names.iter().find(|(from, _)| *from == fault.name) {
            fault.name = (*name).to_owned();
        }
    }
    refusal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_paths_are_gone_on_to() {
        assert_eq!(own_path("/desk/households?q=a"), Some("/desk/households?q=a"));
        for bad in ["", "desk", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb"] {
            assert_eq!(own_path(bad), None, "{bad}");
        }
    }

    #[test]
    fn fields_take_the_forms_names() {
        let refusal = renamed(Refusal::field("password", "password.short"), &[("password", "new")]);
        assert_eq!(refusal.fields[0].name, "new");
    }
}
