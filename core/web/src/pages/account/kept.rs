//! A form that was being filled when the session ended: carried through the sign-in, then given back.

use actix_web::http::{Uri, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use falin_domain::refusal::Refusal;
use uuid::Uuid;

use super::{Door, own_path};
use crate::body::Fields;
use crate::gate::Interrupted;
use crate::look::Lang;
use crate::look::parts::Hidden;
use crate::look::public::door::{Resumed, SignIn};
use crate::problem::{Asker, Refused};
use crate::site::Site;
use crate::visitor;

/// Before the names of fields that travel through the sign-in.
const PREFIX: &str = "kept.";
/// The hidden field with the address to which the form was being sent.
const PATH: &str = "kept-path";
/// Fields that are never carried: the old form token, and secrets.
const NEVER: [&str; 6] = ["csrf", "current", "new", "again", "password", "code"];

/// The hidden fields that carry a form along: those of the interrupted request.
fn carry(path: &str, fields: &Fields) -> Vec<Hidden> {
    let mut hidden = vec![Hidden::new(PATH, path)];
    let typed = fields.0.iter().filter(|(name, _)| !NEVER.contains(&name.as_str()));
    hidden.extend(typed.map(|(name, value)| Hidden::new(format!("{PREFIX}{name}"), value.clone())));
    hidden
}

/// The same fields again, from one step of the sign-in to the next.
pub fn again(fields: &Fields) -> Vec<Hidden> {
    let kept = fields.0.iter().filter(|(name, _)| name == PATH || name.starts_with(PREFIX));
    kept.map(|(name, value)| Hidden::new(name.clone(), value.clone())).collect()
}

/// The form to be sent on in the session of `token`; None where none was kept.
pub fn resumed(fields: &Fields, token: &str) -> Option<Resumed> {
    let action = fields.get(PATH).and_then(own_path)?.to_owned();
    let mut hidden = vec![Hidden::new("csrf", visitor::form_token(token))];
    let mut typed = Vec::new();
    for (name, value) in &fields.0 {
        let Some(name) = name.strip_prefix(PREFIX).filter(|name| !NEVER.contains(name)) else { continue };
        // Ids and versions travel with the form; nobody typed them.
        if !value.trim().is_empty() && name != "version" && Uuid::try_parse(value).is_err() {
            typed.push(value.clone());
        }
        hidden.push(Hidden::new(name, value.clone()));
    }
    Some(Resumed { action, typed, hidden })
}

/// Back to the page with the form, where the form itself is not kept.
fn back(req: &HttpRequest) -> Vec<Hidden> {
    let from = req.headers().get(header::REFERER).and_then(|text| text.to_str().ok());
    let from = from.and_then(|text| text.parse::<Uri>().ok());
    let path = from.as_ref().and_then(Uri::path_and_query).map(|all| all.as_str());
    path.and_then(own_path).map(|path| Hidden::new("next", path)).into_iter().collect()
}

/// What answers a form that comes after the session ended: the sign-in page with the form in it (401).
pub fn answer(req: &HttpRequest, lang: Lang, form: &Interrupted) -> HttpResponse {
    let shown = || -> Result<HttpResponse, Refused> {
        let site = req.app_data::<Data<Site>>().cloned().ok_or_else(|| Refusal::new("server.failed"))?;
        let size = Asker::of(req.path(), req.headers()).size;
        let door = Door { site, lang, size, county: None, req: req.clone() };
        let view = SignIn {
            action: door.href("/sign-in"),
            errors: None,
            expired: true,
            lost: form.fields.is_none(),
            fields: SignIn::fields(""),
            hidden: form.fields.as_ref().map_or_else(|| back(req), |fields| carry(&form.path, fields)),
        };
        door.page("/sign-in", Some(&Refusal::new("access.unauthenticated")), &view)
    };
    shown().unwrap_or_else(|refused| refused.error_response())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        Fields(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn a_form_comes_back_whole_but_for_its_secrets() {
        let typed =
            fields(&[("csrf", "old"), ("name", "张 三"), ("new", "secret"), ("tag", "a"), ("tag", "b")]);
        let sent: Vec<_> =
            carry("/desk/households?version=3", &typed).into_iter().map(|h| (h.name, h.value)).collect();
        let back = resumed(&Fields(sent), "token").unwrap();
        let hidden: Vec<_> = back.hidden.iter().map(|h| (h.name.as_str(), h.value.as_str())).collect();
        let token = visitor::form_token("token");
        assert_eq!(hidden, [("csrf", token.as_str()), ("name", "张 三"), ("tag", "a"), ("tag", "b")]);
        assert_eq!((back.action.as_str(), back.typed.len()), ("/desk/households?version=3", 3));
    }

    #[test]
    fn nothing_is_sent_to_other_hosts() {
        assert!(resumed(&fields(&[("kept-path", "//evil.example"), ("kept.a", "b")]), "t").is_none());
        assert!(resumed(&fields(&[("username", "a")]), "t").is_none());
    }
}
