//! A resident without an account, who shows the number of a case and its telephone: sees it, adds to it, ends it.

use falin_domain::access::{Post, Role, Visitor};
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::words::{CountyId, Phone, clean_code, half_width};
use falin_store::casefile::Case;
use falin_store::guess::{self, Tags};
use falin_store::{In, Tx, attachment as rows, if_there};
use serde_json::json;

use super::act::{Action, acted_by, unless_faster};
use super::files::File;
use super::open::journal;
use super::view::{Seen, seen_by};
use super::{Standing, files};
use crate::{App, Stop};

/// Wrong pairs of number and telephone a day for one number, whoever tries.
const GUESSES_OF_NUMBER: i32 = 10;
/// Wrong pairs a day from one address: a whole village can stand behind one.
const GUESSES_FROM_ADDRESS: i32 = 60;

/// What the resident shows.
#[derive(Clone)]
pub struct Slip {
    /// The county.
    pub county: CountyId,
    /// The case's number, as typed.
    pub number: String,
    /// The telephone that was left with it, as typed.
    pub phone: String,
    /// The network address: guesses are counted by it.
    pub source: String,
}

impl Slip {
    /// Who acts with it.
    fn visitor(&self) -> Visitor {
        nobody(self.county)
    }
}

/// A resident of a county without an account.
pub(crate) fn nobody(county: CountyId) -> Visitor {
    Visitor {
        account: None,
        county,
        posts: vec![Post { role: Role::Resident, county, place: None }],
        worker: None,
        token: None,
    }
}

/// The case of a slip; that it was opened is written into the journal within a second.
///
/// # Errors
/// `form.invalid` at `phone`; `case.slip_unknown` where number and telephone do not belong together, or there is no such
/// number: the two look the same; `rate.limited` after too many wrong ones.
pub async fn by_slip(app: &App, slip: &Slip) -> Result<Seen, Stop> {
    let case = found(app, slip).await?;
    let (flows, visitor) = (app.flows.clone(), slip.visitor());
    let (row, who) = (case.clone(), slip.visitor());
    let work = move |tx: &mut Tx<'_>| {
        let standing = standing(tx, &case)?;
        seen_by(tx, &flows, &visitor, &standing, case.clone())
    };
    let found = app.db.read(In::County(slip.county), work).await?;
    app.db.post(In::County(slip.county), move |tx: &mut Tx<'_>| {
        journal(tx, &row, &who, Event::CaseRead, json!({ "flow": row.flow }))
    });
    Ok(found)
}

/// Takes a step that the resident of the case may take.
///
/// # Errors
/// As [`by_slip`] and [`super::act`].
pub async fn act_by_slip(app: &App, slip: &Slip, action: Action) -> Result<Seen, Stop> {
    let case = found(app, slip).await?;
    let (flows, visitor) = (app.flows.clone(), slip.visitor());
    let work = move |tx: &mut Tx<'_>| {
        let case = Case::by_id(tx, case.county_id, case.id)?;
        let standing = standing(tx, &case)?;
        let case = acted_by(tx, &flows, (&visitor, &standing), case, &action)?;
        seen_by(tx, &flows, &visitor, &standing, case)
    };
    unless_faster(|| app.db.write(In::County(slip.county), work.clone())).await
}

/// Puts a photo, scan or recording on the case.
///
/// # Errors
/// As [`by_slip`] and [`super::attach`].
pub async fn attach_by_slip(app: &App, slip: &Slip, file: File) -> Result<Seen, Stop> {
    let media_type = file.media_type()?;
    let case = found(app, slip).await?;
    let (flows, visitor) = (app.flows.clone(), slip.visitor());
    let work = move |tx: &mut Tx<'_>| {
        let case = Case::by_id(tx, case.county_id, case.id)?;
        if case.closed_ms.is_some() {
            return Err(Refusal::new("action.not_allowed").into());
        }
        if rows::of(tx, case.county_id, case.id)?.len() >= files::MOST_OF_RESIDENT {
            return Err(Refusal::field("file", "list_too_long").into());
        }
        let name = file.plain_name();
        let row = rows::add(tx, (case.county_id, case.id), None, (&name, media_type), &file.body)?;
        journal(tx, &case, &visitor, Event::FileAttached, json!({ "file": row.id, "bytes": row.size }))?;
        let standing = standing(tx, &case)?;
        seen_by(tx, &flows, &visitor, &standing, case)
    };
    app.db.write(In::County(slip.county), work).await
}

/// The standing of somebody who has shown number and telephone: as if it were the own case.
fn standing(tx: &mut Tx<'_>, case: &Case) -> Result<Standing, Stop> {
    Ok(Standing { own: true, ..Standing::without_posts(tx, &nobody(case.county_id), case)? })
}

/// The case, with a wrong guess counted. The count is committed whether or not the guess was right.
async fn found(app: &App, slip: &Slip) -> Result<Case, Stop> {
    let phone = Phone::parse(&slip.phone).map_err(|_| Refusal::field("phone", "phone.invalid"))?;
    let counted = counted(&slip.number);
    if counted.is_empty() {
        return Err(Refusal::field("number", "required").into());
    }
    let (county, source, typed) = (slip.county, slip.source.clone(), slip.number.clone());
    let work = move |tx: &mut Tx<'_>, counts: bool| {
        let of_number = Tags::new(tx, &format!("case {county} {counted}"), b"number");
        let from = Tags::new(tx, &format!("case from {source}"), b"address");
        let (by_number, by_address) = (guess::read(tx, &of_number)?, guess::read(tx, &from)?);
        if by_number.today >= GUESSES_OF_NUMBER || by_address.today >= GUESSES_FROM_ADDRESS {
            let tomorrow = tx.now.date().plus_days(1).start();
            let seconds = (tomorrow.millis() - tx.now.millis()).div_euclid(1000) + 1;
            return Err(Refusal::new("rate.limited").with("seconds", seconds).into());
        }
        let index = tx.blind(county, "phone", phone.as_str());
        let case = if_there(super::list::numbered(tx, county, None, &typed))?;
        let theirs =
            |case: &Case| case.phone_index.as_deref() == Some(&index[..]) && case.restricted_ms.is_none();
        let case = case.filter(theirs);
        if case.is_none() && counts {
            guess::fail(tx, &of_number, by_number)?;
            guess::fail(tx, &from, by_address)?;
        }
        Ok(case)
    };
    // Whoever is right is only read for: a look-up that anybody may send must not keep the writers from their work.
    let look = work.clone();
    if let Some(case) = app.db.read(In::County(slip.county), move |tx| look(tx, false)).await? {
        return Ok(case);
    }
    let case = app.db.write(In::County(slip.county), move |tx| work(tx, true)).await?;
    case.ok_or_else(|| Refusal::new("case.slip_unknown").into())
}

/// What a typed number may stand for: itself, one of the house, one of another system that was folded when it came.
pub(super) fn spellings(typed: &str) -> [String; 3] {
    [typed.trim().to_owned(), spelled(typed), clean_code(typed)]
}

/// A number by which wrong guesses are counted: every spelling that finds a case comes to the same, so that a limit is
/// not walked around with brackets and spaces.
fn counted(typed: &str) -> String {
    let plain = clean_code(typed);
    let letters: String =
        plain.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    letters.trim_end_matches('号').to_owned()
}

/// A number as it stands in the row, whatever brackets and widths were typed: `咨[2026]12`, `咨 2026 12号`.
fn spelled(typed: &str) -> String {
    let plain: String = half_width(typed.trim()).chars().filter(|c| !c.is_whitespace()).collect();
    let open = plain.replace(['[', '【', '［', '('], "〔").replace([']', '】', '］', ')'], "〕");
    // Mediation counts in round brackets: （2026）调字第3号.
    let round = open.starts_with('〔');
    let mut number = if round { open.replace('〔', "（").replace('〕', "）") } else { open };
    if !number.is_empty() && !number.ends_with('号') {
        number.push('号');
    }
    number
}

#[cfg(test)]
mod tests {
    use super::{counted, spelled, spellings};

    #[test]
    fn a_number_is_found_however_it_is_typed() {
        for typed in ["咨〔2026〕12号", " 咨[2026]12 ", "咨【2026】 12号", "咨（2026）12"] {
            assert_eq!(spelled(typed), "咨〔2026〕12号", "{typed}");
        }
        assert_eq!(spelled("(2026)调字第3号"), "（2026）调字第3号");
        assert_eq!(spelled("  "), "");
    }

    #[test]
    fn guesses_at_one_case_are_counted_together_however_its_number_is_typed() {
        for known in ["咨〔2026〕12号", "（2026）调字第3号", "XF-2026-7", "xf 2026/7"] {
            for typed in spellings(known) {
                assert_eq!(counted(&typed), counted(known), "{typed}");
            }
        }
        for typed in ["(XF-2026-7)", "xf [2026] 7号", "'ｘｆ２０２６７"] {
            assert_eq!(counted(typed), "XF20267", "{typed}");
        }
    }
}
