//! A county's channels at the desk.

use falin_app::notice::{self, Shown, TypedChannels};
use falin_domain::notice::State;
use falin_domain::refusal::Refusal;

use super::choices::{typed, version};
use crate::body::{Body, Fields};
use crate::desk::Desk;
use crate::look::desk::channel::{Channels, Kept};
use crate::look::format;
use crate::look::parts::Figure;
use crate::problem::{Answer, of_stop};

/// `GET /desk/channels`.
///
/// # Errors
/// The store's own.
pub async fn show(desk: Desk) -> Answer {
    let shown = notice::shown(&desk.site.app, desk.visitor()).await?;
    desk.page(&view(&desk, &shown, shown.version, &TypedChannels::of(&shown.channels), None))
}

fn view(
    desk: &Desk,
    shown: &Shown,
    version: i64,
    typed: &TypedChannels,
    refusal: Option<&Refusal>,
) -> Channels {
    let kept = Kept { secret: shown.has_secret, password: shown.has_password };
    let label = |state| match state {
        State::Waiting => "desk-channel-waiting",
        State::Sent => "desk-channel-sent",
        State::Failed => "desk-channel-failed",
        State::Cancelled => "desk-channel-cancelled",
    };
    let figure = |(state, count): &(State, i64)| Figure {
        label: label(*state),
        value: format::group(&count.to_string()),
        unit: "desk-unit-message",
        href: String::new(),
    };
    Channels::new(&desk.say(), shown.tally.iter().map(figure).collect(), (version, kept), typed, refusal)
}

/// Several tick boxes under one name, joined as the use case reads them.
fn given(fields: &Fields) -> TypedChannels {
    let kinds = |name: &str| fields.all(name).collect::<Vec<_>>().join(" ");
    TypedChannels {
        mail_kinds: kinds("mail_kinds"),
        sms_kinds: kinds("sms_kinds"),
        wechat_kinds: kinds("wechat_kinds"),
        ..typed(fields)
    }
}

/// `POST /desk/channels`.
///
/// # Errors
/// A refused form comes back with what was typed, secrets excepted.
pub async fn save(desk: Desk, body: Body) -> Answer {
    let fields = body.form()?;
    let (given, version) = (given(&fields), version(&fields));
    match notice::save(&desk.site.app, desk.visitor(), version, &given).await {
        Ok(_) => desk.go("/desk/channels"),
        Err(stop) => {
            let refusal = of_stop(stop);
            let shown = notice::shown(&desk.site.app, desk.visitor()).await?;
            let mut page = view(&desk, &shown, version, &given, Some(&refusal));
            if refusal.is_stale() {
                let kept = TypedChannels::of(&shown.channels);
                page.form.meanwhile(&desk.say(), &view(&desk, &shown, shown.version, &kept, None).form);
            }
            desk.again(&refusal, &page)
        }
    }
}
