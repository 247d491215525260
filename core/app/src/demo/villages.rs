//! What stands in the villages of a sample county beside its households: grids with their keepers, 法律明白人 who sit in
//! the committees, the members of the households that are shown, and the cards that hang in one village.

use std::collections::HashMap;

use falin_domain::access::{Scope, Visitor};
use falin_domain::directory::WorkerKind;
use falin_domain::page::Window;
use falin_domain::time::Date;
use falin_domain::words::{DivisionId, GridId, HouseholdId, WorkerId};
use falin_store::db::In;
use falin_store::{Tx, adviser, division, household_list, pairing};

use super::County;
use super::dice::Dice;
use super::homes::Home;
use super::people::{Person, Registry, mobile};
use crate::household::{self, Belonging, Edit, MemberEdit};
use crate::{App, Stop, card, committee, grid, visit, worker};

/// Grids of a village, at least and at most.
const GRIDS: (u32, u32) = (2, 4);
/// Every so manieth village has somebody who knows the law in its committee.
const KNOWING: usize = 2;
/// Households of each kind whose members are known.
const KNOWN: usize = 24;
/// Since when the people of a village are on file.
const SINCE_DAYS: i64 = 200;

/// Fills the villages of a county.
///
/// # Errors
/// What the use cases say, which would be a defect of the sample.
pub(super) async fn fill(app: &App, visitor: &Visitor, sample: &County) -> Result<(), Stop> {
    let mut dice = Dice::new(sample.seed, &format!("{} villages", sample.spec.code));
    let mut people = Registry::new(sample.spec.id_area, sample.today);
    let villages = villages(app, visitor, sample).await?;
    let grids = grids(app, visitor, &villages, (&mut people, &mut dice)).await?;
    volunteers(app, visitor, sample, &villages, (&mut people, &mut dice)).await?;
    members(app, visitor, sample, &grids, &mut dice).await?;
    cards(app, visitor, sample).await
}

/// A village, and the adviser who is responsible for it today.
struct Village {
    id: DivisionId,
    adviser: Option<WorkerId>,
}

/// The grids of each village, in order.
type Grids = HashMap<DivisionId, Vec<GridId>>;

async fn villages(app: &App, visitor: &Visitor, sample: &County) -> Result<Vec<Village>, Stop> {
    let (county, codes) = (visitor.county, sample.spec.villages());
    let work = move |tx: &mut Tx<'_>| {
        let posts = adviser::on(tx, county, tx.now.date())?;
        let posts: HashMap<_, _> = posts.into_iter().map(|post| (post.division_id, post.worker_id)).collect();
        let mut found = Vec::new();
        for village in &codes {
            let place = division::by_code(tx, county, village.code)?;
            found.extend(place.map(|one| Village { id: one.id, adviser: posts.get(&one.id).copied() }));
        }
        Ok(found)
    };
    app.db.read(In::County(county), work).await
}

async fn grids(
    app: &App,
    visitor: &Visitor,
    villages: &[Village],
    (people, dice): (&mut Registry, &mut Dice),
) -> Result<Grids, Stop> {
    let mut made = Grids::new();
    for village in villages {
        for n in 1..=dice.between(GRIDS.0, GRIDS.1) {
            let keeper = people.person(dice, (24, 62), 20);
            let typed = grid::Typed {
                name: format!("第{n}网格"),
                village: village.id.to_string(),
                keeper: keeper.name,
                worker: village.adviser.filter(|_| n == 1).map(|id| id.to_string()).unwrap_or_default(),
            };
            let grid = grid::add(app, visitor, &typed).await?.grid.id;
            made.entry(village.id).or_default().push(grid);
        }
    }
    Ok(made)
}

/// Those who know the law of every other village: on the register of legal workers, and in their village's committee.
async fn volunteers(
    app: &App,
    visitor: &Visitor,
    sample: &County,
    villages: &[Village],
    (people, dice): (&mut Registry, &mut Dice),
) -> Result<(), Stop> {
    let mut committees: HashMap<DivisionId, _> = HashMap::new();
    for one in committee::choices(app, visitor).await? {
        committees.extend(one.division_id.map(|place| (place, (one.id, one.version))));
    }
    for village in villages.iter().step_by(KNOWING) {
        let Some((id, version)) = committees.get(&village.id).copied() else { continue };
        let person = loop {
            let person = people.person(dice, (28, 64), 30);
            // Nobody shall be taken for one of the county's lawyers.
            if !sample.lawyers.iter().any(|lawyer| person.name.starts_with(&lawyer.name)) {
                break person;
            }
        };
        let gender = if person.female { "female" } else { "male" };
        let typed = worker::Typed {
            name: person.name.clone(),
            kind: WorkerKind::Volunteer.code().to_owned(),
            phone: mobile(dice),
            gender: gender.to_owned(),
            ..worker::Typed::default()
        };
        let joined = worker::add(app, visitor, &typed).await?;
        let member = committee::TypedMember {
            name: person.name,
            gender: gender.to_owned(),
            duty: "mediator".to_owned(),
            worker: joined.id.to_string(),
            from: sample.today.plus_days(-SINCE_DAYS).to_string(),
            ..committee::TypedMember::default()
        };
        committee::join(app, visitor, id, version, &member).await?;
    }
    Ok(())
}

/// The families of the households that visitors see first: that of the resident's account, and its neighbours. Each lives
/// in a grid of its village, and the first one has been visited.
async fn members(
    app: &App,
    visitor: &Visitor,
    sample: &County,
    grids: &Grids,
    dice: &mut Dice,
) -> Result<(), Stop> {
    let spoilt = |index: usize| sample.rural_spoilt.iter().any(|one| one.index == index);
    let sound = sample.rural.iter().enumerate().filter(|(index, _)| !spoilt(*index)).map(|(_, home)| home);
    for (n, home) in sound.take(KNOWN).enumerate() {
        let (county, number) = (visitor.county, home.person.id.clone());
        let work = move |tx: &mut Tx<'_>| {
            let filter = household_list::Filter { id_numbers: vec![number.clone()], ..Default::default() };
            Ok(household_list::first(tx, &Scope::whole(county), &filter, 1)?.into_iter().next())
        };
        let Some(row) = app.db.read(In::County(county), work).await? else { continue };
        if n == 0 {
            visits(app, visitor, row.id).await?;
        }
        let grid = grids.get(&row.village_id).and_then(|all| all.get(n % all.len().max(1)));
        let edit = Edit { grid: grid.map(GridId::to_string), ..Edit::default() };
        household::change(app, visitor, row.id, row.version, edit).await?;
        let family = family(home, sample.today, dice);
        for (version, (name, relation)) in (row.version + 1..).zip(family) {
            let edit = MemberEdit {
                name: Some(name),
                relation: Some(relation.to_owned()),
                from: Some(sample.today.plus_days(-SINCE_DAYS).to_string()),
                ..MemberEdit::default()
            };
            household::belong(app, visitor, row.id, version, Belonging::AddMember(edit)).await?;
        }
    }
    Ok(())
}

/// A household that its lawyer has visited, and will visit again.
async fn visits(app: &App, visitor: &Visitor, home: HouseholdId) -> Result<(), Stop> {
    let county = visitor.county;
    let lawyer = move |tx: &mut Tx<'_>| {
        Ok(pairing::current_of(tx, county, &[home])?.get(&home).and_then(|span| span.worker_id))
    };
    let Some(lawyer) = app.db.read(In::County(county), lawyer).await? else { return Ok(()) };
    let typed = visit::Typed {
        worker: lawyer.to_string(),
        household: home.to_string(),
        purpose: "advice".to_owned(),
        ..visit::Typed::default()
    };
    let done = visit::Typed {
        done_on: app.today().plus_days(-9).to_string(),
        minutes: "40".to_owned(),
        found: "儿子在工地的工钱还没有结清，看了考勤和转账记录，可以申请法律援助。".to_owned(),
        follow_up: "带一份申请表来，一起填".to_owned(),
        follow_up_on: app.today().plus_days(4).to_string(),
        ..typed.clone()
    };
    visit::add(app, visitor, &done).await?;
    let planned = visit::Typed { planned_on: app.today().plus_days(4).to_string(), ..typed };
    visit::add(app, visitor, &planned).await.map(drop)
}

/// Names and relations of those who live with the head of a household, as their ages allow.
fn family(home: &Home, today: Date, dice: &mut Dice) -> Vec<(String, &'static str)> {
    let (head, year) = (&home.person, home.person.birth.parts().0);
    let age = today.parts().0 - year;
    let mut family = Vec::new();
    if age >= 24 && dice.chance(850) {
        family.push((super::names::han(dice, !head.female, year), "spouse"));
    }
    if age >= 26 {
        for n in 0..dice.between(1, 2) {
            let son = dice.chance(500);
            family
                .push((named_after(head, super::names::han(dice, !son, year + 25 + 3 * n as i16)), "child"));
        }
    }
    if age <= 50 && dice.chance(400) {
        family.push((named_after(head, super::names::han(dice, false, year - 26)), "parent"));
    }
    family
}

/// Family names of two characters.
const DOUBLE: [&str; 4] = ["欧阳", "司马", "上官", "令狐"];

/// The same given name behind the family name of a father; of a mother, and of names that are built otherwise, nothing
/// can be told.
fn named_after(head: &Person, name: String) -> String {
    let plain = |name: &str| !name.contains('·') && !DOUBLE.iter().any(|double| name.starts_with(double));
    if head.female || !plain(&head.name) || !plain(&name) {
        return name;
    }
    head.name.chars().take(1).chain(name.chars().skip(1)).collect()
}

/// The cards of the village in which the resident's account lives are printed and handed out.
async fn cards(app: &App, visitor: &Visitor, sample: &County) -> Result<(), Stop> {
    let Some(code) = sample.resident().map(|home| home.village.code) else { return Ok(()) };
    let county = visitor.county;
    let place = app.db.read(In::County(county), move |tx| division::by_code(tx, county, code)).await?;
    if let Some(village) = place {
        card::print(
            app,
            visitor,
            card::Order::Village(village.id, Window { limit: card::MOST, after: None }),
        )
        .await?;
    }
    Ok(())
}
