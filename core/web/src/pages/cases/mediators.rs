//! Committees and their mediators to choose from in the forms of a mediation case.

use falin_app::{Stop, committee};
use falin_domain::workflow::{Flow, Values, same_words};
use serde_json::Value;

use crate::desk::Desk;
use crate::look::desk::case::CaseForm;
use crate::look::parts::FieldOption;
use crate::problem::Refused;

/// Names the county's committees at the field of the committee, which takes any other name too; and puts the mediators
/// of the one that the case names before all others.
///
/// # Errors
/// The store's own.
pub(super) async fn offer(
    desk: &Desk,
    flow: &Flow,
    values: [&Values; 2],
    view: &mut CaseForm,
) -> Result<(), Refused> {
    let asks = |name: &str| view.form.fields.iter().any(|field| field.name == name);
    if flow.id != "mediation" || !(asks("committee") || asks("worker")) {
        return Ok(());
    }
    let committees = match committee::choices(&desk.site.app, desk.visitor()).await {
        Err(Stop::Refused(_)) => return Ok(()),
        found => found?,
    };
    if let Some(field) = view.form.fields.iter_mut().find(|field| field.name == "committee") {
        field.options =
            committees.iter().map(|one| FieldOption::new(one.name.clone(), one.name.clone(), "")).collect();
    }
    let named = values.iter().find_map(|values| values.get("committee").and_then(Value::as_str));
    let Some(own) = committees.iter().find(|one| named.is_some_and(|name| same_words(name, &one.name)))
    else {
        return Ok(());
    };
    let theirs = committee::mediators(&desk.site.app, desk.visitor(), own.id).await?;
    let theirs: Vec<String> = theirs.iter().map(ToString::to_string).collect();
    if let Some(field) = view.form.fields.iter_mut().find(|field| field.name == "worker") {
        for option in field.options.iter_mut().filter(|option| theirs.contains(&option.value)) {
            option.label = desk.say().with("desk-case-of-committee", &[("name", &option.label)]);
        }
        field.options.sort_by_key(|option| (!option.value.is_empty(), !theirs.contains(&option.value)));
    }
    Ok(())
}
