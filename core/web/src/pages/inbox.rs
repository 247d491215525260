//! One's own inbox, and how one wants to be told outside it.

use falin_app::notice::{self, Told, TypedReach};
use falin_domain::words::MessageNoun;

use super::choices::{self, typed, version};
use super::subjects;
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::inbox::{Inbox, InboxRow, ReachEdit};
use crate::look::desk::sentences::counted;
use crate::look::{Lang, Say};
use crate::problem::{Answer, of_stop};
use crate::query::{PathId, Query};

/// `GET /desk/inbox`.
///
/// # Errors
/// `page.cursor`.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let app = &desk.site.app;
    let unread = notice::unread(app, desk.visitor()).await?;
    let page = notice::inbox(app, desk.visitor(), false, query.window()?).await?;
    desk.page(&Inbox {
        count: counted(&desk.say(), "desk-inbox-count", unread),
        unread: unread > 0,
        rows: page.items.iter().map(|told| row(&desk, told)).collect(),
        pager: choices::pager(&query, "/desk/inbox", &[], page.next.as_ref()),
    })
}

/// Title and sentence of a text in the reader's language.
pub fn words(say: &Say<'_>, kind: &str, args: &notice::Args) -> (String, String) {
    let chinese = say.lang == Lang::Zh;
    let args: Vec<(&str, &str)> = args.iter().map(|(name, arg)| (name.as_str(), arg.text(chinese))).collect();
    (say.with(&format!("{kind}.title"), &args), say.with(kind, &args))
}

fn row(desk: &Desk, told: &Told) -> InboxRow {
    let (title, text) = words(&desk.say(), &told.kind, &told.args);
    let (noun, id) = &told.subject;
    let number = told.args.iter().find(|(name, _)| name == "number").map(|(_, arg)| arg.text(true));
    let href = match noun.as_str() {
        "deadline" => "/desk/deadlines".to_owned(),
        "consent" => "/desk/consents".to_owned(),
        noun => subjects::numbered(noun, *id, number.unwrap_or_default()),
    };
    InboxRow {
        href,
        title,
        text,
        when: format!("{} {}", desk.day(told.at.date()), told.at.clock_text()),
        read: if told.read { String::new() } else { format!("/desk/inbox/{}/read", told.id) },
    }
}

/// `POST /desk/inbox/{id}/read`.
///
/// # Errors
/// `not_found` for a message that is not the visitor's.
pub async fn read(desk: Desk, id: PathId<MessageNoun>) -> Answer {
    notice::read(&desk.site.app, desk.visitor(), Some(id.0)).await?;
    desk.go("/desk/inbox")
}

/// `POST /desk/inbox/read`: all that is there.
///
/// # Errors
/// The store's own.
pub async fn read_all(desk: Desk) -> Answer {
    notice::read(&desk.site.app, desk.visitor(), None).await?;
    desk.go("/desk/inbox")
}

/// `GET /desk/inbox/reach`.
///
/// # Errors
/// The store's own.
pub async fn reach(desk: Desk) -> Answer {
    let (typed, version) = notice::reach(&desk.site.app, desk.visitor()).await?;
    desk.page(&ReachEdit::new(&desk.say(), version, &typed, None))
}

/// `POST /desk/inbox/reach`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn set_reach(desk: Desk, body: Body) -> Answer {
    let fields = body.form()?;
    let (typed, version): (TypedReach, i64) = (typed(&fields), version(&fields));
    match notice::set_reach(&desk.site.app, desk.visitor(), version, &typed).await {
        Ok(()) => desk.go("/desk/inbox"),
        Err(stop) => {
            let refusal = of_stop(stop);
            desk.again(&refusal, &ReachEdit::new(&desk.say(), version, &typed, Some(&refusal)))
        }
    }
}
