//! Applying without an account: legal aid and mediation, one question a page, with the eligibility helper beside it.

use falin_domain::eligibility::{Advice, Answers, advise};
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::words::CountyId;
use falin_domain::workflow::Values;
use falin_store::{In, Tx};
use serde_json::Value;

use crate::casework::{Opening, Seen, nobody, opened, seen};
use crate::consultation::{count_from, sent_before};
use crate::{App, Stop, settings};

/// Applications a day from one address: a whole village can stand behind one.
const FROM_ADDRESS: i32 = 60;

/// An application as it was typed.
#[derive(Clone)]
pub struct Apply {
    /// The county.
    pub county: CountyId,
    /// `aid` or `mediation`.
    pub flow: &'static str,
    /// Fields of the flow's first form, as text.
    pub values: Values,
    /// Id or code of a village or township.
    pub place: Option<String>,
    /// The network address: applications are counted by it.
    pub source: String,
}

/// Opens the case and shows it as its applicant sees it.
///
/// # Errors
/// `form.invalid`: a telephone is needed, because the number alone finds nothing again; `rate.limited`.
pub async fn apply(app: &App, apply: Apply) -> Result<Seen, Stop> {
    let flow = app.flows.current(apply.county, apply.flow)?;
    let flows = app.flows.clone();
    let county = apply.county;
    let work = move |tx: &mut Tx<'_>| {
        count_from(tx, "applied", &apply.source, FROM_ADDRESS)?;
        let mut opening = Opening::typed(apply.flow, apply.values.clone());
        opening.values.insert("channel".to_owned(), Value::from("online"));
        opening.place.clone_from(&apply.place);
        demand(&opening)?;
        let visitor = nobody(county);
        if let Some(there) = sent_before(tx, county, (apply.flow, "facts"), &opening.values)? {
            return seen(tx, &flows, &visitor, there);
        }
        let case = opened(tx, &flows, &flow, &visitor, &opening)?;
        seen(tx, &flows, &visitor, case)
    };
    app.db.write(In::County(county), work).await
}

fn demand(opening: &Opening) -> Result<(), Refusal> {
    let phone = opening.values.get("phone").and_then(Value::as_str).unwrap_or_default();
    if phone.trim().is_empty() {
        return Err(Refusal::form(vec![FieldError::new("phone", "ask.phone")]));
    }
    Ok(())
}

/// What the law says to somebody's answers, with the county's own limit and where it comes from. Nothing is kept.
///
/// # Errors
/// The store's own.
pub async fn advice(
    app: &App,
    county: CountyId,
    answers: Answers,
) -> Result<(Advice, Option<i64>, String), Stop> {
    let work = move |tx: &mut Tx<'_>| {
        let (_, set) = settings::read(tx, county)?;
        Ok((set.aid_income_limit, set.aid_limit_source))
    };
    let (limit, source) = app.db.read(In::County(county), work).await?;
    Ok((advise(&answers, limit), limit, source))
}
