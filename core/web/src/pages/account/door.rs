//! `/sign-in`: name and password, then the second factor, then on to where one wanted to go.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpMessage, HttpRequest};
use falin_app::account::{self, Attempt, SignedIn, hash_of};
use falin_domain::identity::Step;
use falin_domain::refusal::Refusal;

use super::{Door, kept, let_in, own_path};
use crate::body::{Body, Fields};
use crate::desk::see_other;
use crate::look::parts::{Field, Hidden};
use crate::look::print::qr::Qr;
use crate::look::public::door::{Code, Enrol, SignIn};
use crate::look::{Lang, Size, segment};
use crate::problem::{Answer, Asker, of_stop};
use crate::query::Query;
use crate::visitor::{self, Kind, Signed};

/// Where people go who did not say where.
const HOME: &str = "/desk";

/// `GET /sign-in`, `GET /activate`: to the same in the asker's language.
///
/// # Errors
/// None; the type fits a handler.
pub async fn in_language(req: HttpRequest) -> Answer {
    let lang: Lang = Asker::of(req.path(), req.headers()).lang;
    let uri = req.uri().path_and_query().map_or(req.path(), |p| p.as_str());
    let mut answer = see_other(&format!("/{}{uri}", segment(lang, Size::Normal)));
    answer.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-language"));
    Ok(answer)
}

/// `GET /{view}/sign-in?next=`.
///
/// # Errors
/// `server.failed` where the template does not render.
pub async fn show(door: Door, query: Query) -> Answer {
    let mut fields = Fields::default();
    if let Some(next) = query.filled("next").and_then(own_path) {
        fields.0.push(("next".to_owned(), next.to_owned()));
    }
    door.ask(&fields, None)
}

/// `POST /{view}/sign-in`: name and password, or a code with the ticket of the step before.
///
/// # Errors
/// `request.malformed`; everything else is told on the page.
pub async fn submit(door: Door, body: Body) -> Answer {
    let fields = body.form()?;
    match fields.filled("ticket") {
        None => door.password(&fields).await,
        Some(ticket) => door.code(ticket, &fields).await,
    }
}

/// `POST /sign-out`.
///
/// # Errors
/// The store's own.
pub async fn leave(door: Door, signed: Signed) -> Answer {
    if signed.credential.kind == Kind::Session {
        account::sign_out(&door.site.app, signed.credential.hash).await?;
        door.site.known.forget(&signed.credential);
    }
    let mut answer = see_other(&door.href("/sign-in"));
    let gone = visitor::session_cookie("", door.site.settings.https, Some(0));
    answer.headers_mut().append(header::SET_COOKIE, gone);
    Ok(answer)
}

impl Door {
    async fn password(&self, fields: &Fields) -> Answer {
        let held = self.req.extensions().get::<Signed>().map(|signed| signed.credential);
        let attempt = Attempt {
            username: fields.get("username").unwrap_or_default().to_owned(),
            password: fields.get("password").unwrap_or_default().to_owned(),
            source: self.source(),
            replaces: held.filter(|held| held.kind == Kind::Session).map(|held| held.hash),
            ..Attempt::default()
        };
        match account::sign_in(&self.site.app, &attempt).await.map_err(of_stop) {
            Ok(signed) => {
                if let Some(held) = held {
                    self.site.known.forget(&held);
                }
                self.go_on(&signed, fields).await
            }
            Err(refusal) => self.ask(fields, Some(&refusal)),
        }
    }

    /// The step after a right password, or after a code.
    pub(super) async fn go_on(&self, signed: &SignedIn, fields: &Fields) -> Answer {
        match signed.step {
            Step::Done => self.enter(signed, fields),
            Step::SecondFactor => self.ask_code(&signed.token, fields, None),
            Step::Enrol => self.ask_enrolment(&signed.token, fields, None).await,
        }
    }

    fn enter(&self, signed: &SignedIn, fields: &Fields) -> Answer {
        let mut answer = match kept::resumed(fields, &signed.token) {
            Some(form) => self.page("/sign-in", None, &form)?,
            None => see_other(fields.get("next").and_then(own_path).unwrap_or(HOME)),
        };
        let_in(&mut answer, &self.site, signed)?;
        Ok(answer)
    }

    async fn code(&self, ticket: &str, fields: &Fields) -> Answer {
        let (hash, code) = (hash_of(ticket), fields.get("code").unwrap_or_default());
        let Some(half) = account::half(&self.site.app, hash).await? else {
            return self.ask_again(fields);
        };
        let source = self.source();
        let done = match half.step {
            Step::Enrol => account::confirm_enrolment(&self.site.app, hash, code, "", &source).await,
            _ => account::second_factor(&self.site.app, hash, code, &source).await.map(Some),
        };
        match done.map_err(of_stop) {
            Ok(Some(signed)) => self.go_on(&signed, fields).await,
            Ok(None) => self.ask_again(fields),
            Err(refusal) if half.step == Step::Enrol => {
                self.ask_enrolment(ticket, fields, Some(&refusal)).await
            }
            Err(refusal) => self.ask_code(ticket, fields, Some(&refusal)),
        }
    }

    /// The ticket has run out: from the beginning, with what was kept.
    fn ask_again(&self, fields: &Fields) -> Answer {
        self.ask(fields, Some(&Refusal::new("access.unauthenticated")))
    }

    fn ask(&self, fields: &Fields, refusal: Option<&Refusal>) -> Answer {
        let view = SignIn {
            action: self.href("/sign-in"),
            errors: refusal.map(|refusal| self.say().error_summary(refusal)),
            expired: false,
            lost: false,
            fields: self.told(SignIn::fields(fields.get("username").unwrap_or_default()), refusal),
            hidden: self.along(fields, None),
        };
        self.page("/sign-in", refusal, &view)
    }

    fn ask_code(&self, ticket: &str, fields: &Fields, refusal: Option<&Refusal>) -> Answer {
        let view = Code {
            action: self.href("/sign-in"),
            errors: refusal.map(|refusal| self.say().error_summary(refusal)),
            field: self.code_field(refusal),
            hidden: self.along(fields, Some(ticket)),
        };
        self.page("/sign-in", refusal, &view)
    }

    async fn ask_enrolment(&self, ticket: &str, fields: &Fields, refusal: Option<&Refusal>) -> Answer {
        let shown = account::enrolment(&self.site.app, hash_of(ticket)).await?;
        let view = Enrol {
            action: self.href("/sign-in"),
            qr: Qr::of(&shown.url),
            secret: in_fours(&shown.secret),
            errors: refusal.map(|refusal| self.say().error_summary(refusal)),
            field: self.code_field(refusal),
            hidden: self.along(fields, Some(ticket)),
        };
        self.page("/sign-in", refusal, &view)
    }

    fn code_field(&self, refusal: Option<&Refusal>) -> Field {
        self.told(vec![Code::field("")], refusal).pop().unwrap_or_else(|| Code::field(""))
    }

    /// Each field with what was wrong with it.
    pub(super) fn told(&self, mut fields: Vec<Field>, refusal: Option<&Refusal>) -> Vec<Field> {
        for fault in refusal.iter().flat_map(|refusal| &refusal.fields) {
            if let Some(field) = fields.iter_mut().find(|field| field.name == fault.name) {
                field.error = self.say().field_error(fault);
            }
        }
        fields
    }

    /// What travels unseen from step to step: where to go on to, a kept form, the ticket, and the form token of a
    /// session that the browser still holds.
    pub(super) fn along(&self, fields: &Fields, ticket: Option<&str>) -> Vec<Hidden> {
        let mut hidden = kept::again(fields);
        hidden.extend(fields.get("next").and_then(own_path).map(|next| Hidden::new("next", next)));
        hidden.extend(ticket.map(|ticket| Hidden::new("ticket", ticket)));
        hidden.extend(self.form_token().map(|token| Hidden::new("csrf", token)));
        hidden
    }
}

/// Base32 in groups of four, for typing.
pub(super) fn in_fours(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}
