//! `/activate`: the printed slip, then a password of one's own, then on as after signing in.

use falin_app::account;
use falin_domain::refusal::Refusal;

use super::Door;
use crate::body::{Body, Fields};
use crate::look::parts::Hidden;
use crate::look::public::door::{Activate, Password};
use crate::problem::{Answer, of_stop};

/// `GET /{view}/activate`.
///
/// # Errors
/// `server.failed` where the template does not render.
pub async fn show(door: Door) -> Answer {
    door.ask_slip(&Fields::default(), None)
}

/// `POST /{view}/activate`: name and code, then with them the new password twice.
///
/// # Errors
/// `request.malformed`; everything else is told on the page.
pub async fn submit(door: Door, body: Body) -> Answer {
    let fields = body.form()?;
    let typed = |name: &str| fields.get(name).unwrap_or_default();
    let found = account::find_slip(&door.site.app, typed("username"), typed("slip")).await;
    let name = match found.map_err(of_stop) {
        Ok(name) => name,
        Err(refusal) => return door.ask_slip(&fields, Some(&refusal)),
    };
    let Some(password) = fields.get("password") else {
        return door.ask_password(&name, &fields, None);
    };
    if password != typed("again") {
        return door.ask_password(&name, &fields, Some(&Refusal::field("again", "password.differs")));
    }
    let done = account::activate(&door.site.app, typed("slip"), password, &door.source()).await;
    match done.map_err(of_stop) {
        Ok(signed) => door.go_on(&signed, &Fields::default()).await,
        Err(refusal) => door.ask_password(&name, &fields, Some(&refusal)),
    }
}

impl Door {
    fn ask_slip(&self, fields: &Fields, refusal: Option<&Refusal>) -> Answer {
        let typed = |name: &str| fields.get(name).unwrap_or_default();
        let view = Activate {
            action: self.href("/activate"),
            errors: refusal.map(|refusal| self.say().error_summary(refusal)),
            fields: self.told(Activate::fields(typed("username"), typed("slip")), refusal),
            hidden: self.along(fields, None),
        };
        self.page("/activate", refusal, &view)
    }

    fn ask_password(&self, name: &str, fields: &Fields, refusal: Option<&Refusal>) -> Answer {
        let mut hidden = self.along(fields, None);
        for kept in ["username", "slip"] {
            hidden.push(Hidden::new(kept, fields.get(kept).unwrap_or_default()));
        }
        let view = Password {
            action: self.href("/activate"),
            name: name.to_owned(),
            errors: refusal.map(|refusal| self.say().error_summary(refusal)),
            fields: self.told(Password::fields(), refusal),
            hidden,
        };
        self.page("/activate", refusal, &view)
    }
}
