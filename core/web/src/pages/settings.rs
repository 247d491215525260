//! The county's settings at the desk.

use falin_app::settings;

use super::choices::{typed, version};
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::plan::{PlanSettings, SettingsTyped};
use crate::problem::{Answer, of_stop};

/// `GET /desk/plans/settings`.
///
/// # Errors
/// The store's own.
pub async fn show(desk: Desk) -> Answer {
    let (county, set) = settings::get(&desk.site.app, desk.visitor()).await?;
    let version = county.version.to_string();
    desk.page(&PlanSettings::new(&desk.say(), &version, &SettingsTyped::of(&set), None))
}

/// `POST /desk/plans/settings`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn save(desk: Desk, body: Body) -> Answer {
    let fields = body.form()?;
    let (typed, version): (SettingsTyped, i64) = (typed(&fields), version(&fields));
    match settings::save(&desk.site.app, desk.visitor(), version, &typed).await {
        Ok(_) => desk.go("/desk/plans"),
        Err(stop) => {
            let refusal = of_stop(stop);
            let mut view = PlanSettings::new(&desk.say(), &version.to_string(), &typed, Some(&refusal));
            if refusal.is_stale() {
                let (county, set) = settings::get(&desk.site.app, desk.visitor()).await?;
                let (version, set) = (county.version.to_string(), SettingsTyped::of(&set));
                view.form.meanwhile(&desk.say(), &PlanSettings::new(&desk.say(), &version, &set, None).form);
            }
            desk.again(&refusal, &view)
        }
    }
}
