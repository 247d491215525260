//! What papers print of the office: names, telephone, neighbours.

use falin_app::settings::{self, OfficeNames};

use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::office::OfficeEdit;
use crate::pages::choices::{typed, version};
use crate::problem::{Answer, of_stop};

/// `GET /desk/papers/office`.
///
/// # Errors
/// `access.denied`.
pub async fn office(desk: Desk) -> Answer {
    let (county, set) = settings::get(&desk.site.app, desk.visitor()).await?;
    let version = county.version.to_string();
    desk.page(&OfficeEdit::new(&desk.say(), &version, &set.office, None))
}

/// `POST /desk/papers/office`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn save_office(desk: Desk, body: Body) -> Answer {
    let fields = body.form()?;
    let (typed, version): (OfficeNames, i64) = (typed(&fields), version(&fields));
    match settings::save_office(&desk.site.app, desk.visitor(), version, &typed).await {
        Ok(_) => desk.go("/desk/papers/kinds"),
        Err(stop) => {
            let refusal = of_stop(stop);
            let mut view = OfficeEdit::new(&desk.say(), &version.to_string(), &typed, Some(&refusal));
            if refusal.is_stale() {
                let (county, set) = settings::get(&desk.site.app, desk.visitor()).await?;
                let now = OfficeEdit::new(&desk.say(), &county.version.to_string(), &set.office, None);
                view.form.meanwhile(&desk.say(), &now.form);
            }
            desk.again(&refusal, &view)
        }
    }
}
