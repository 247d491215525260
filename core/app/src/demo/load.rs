//! Loads the sample counties through the same use cases that a real county uses: import, plan, accounts.

use std::collections::BTreeMap;
use std::sync::Arc;

use falin_domain::access::{Role, Visitor};
use falin_domain::words::{AccountId, CountyId, DivisionId, WorkerId};
use falin_store::db::In;
use falin_store::facility::Facility;
use falin_store::{Tx, county as counties, division, household_list, resident, worker};
use serde::{Deserialize, Serialize};

use super::committees;
use super::dice::Dice;
use super::services::services;
use super::{
    AccountSpec, COUNTIES, County, CountySpec, Link, accounts, away, bookings, county, facilities, villages,
    workflows,
};
use crate::account::{NewAccount, issue_token, ready_made};
use crate::import::{self, Source};
use crate::{App, Fault, Stop, card, county as served, plan, settings};

/// The fact that says that everything is there.
const LOADED: &str = "demo.loaded";
/// Villages that the main county has declared sites, and how many days ago.
const SITES: [(&str, i64); 6] = [
    ("新城镇横沟村", 640),
    ("新城镇长城村", 640),
    ("新城镇安远沟村", 275),
    ("峪泉镇黄草营村", 640),
    ("文殊镇塔湾村", 275),
    ("文殊镇河口村", 40),
];
/// Days for which the printed tokens are good.
const TOKEN_DAYS: i64 = 90;

/// How to sign in with one role.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignIn {
    /// Log-in name.
    pub username: String,
    /// Password.
    pub password: String,
    /// Bearer token for programs.
    pub token: String,
    /// Base32 secret of the second factor, where the role needs one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub totp_secret: Option<String>,
}

/// Accounts by county code and role, a second one of a role under `role_2`: what `accounts.json` holds.
pub type Accounts = BTreeMap<String, BTreeMap<String, SignIn>>;

/// What the demo prints beside the accounts.
#[derive(Clone, Serialize, Deserialize)]
pub struct Samples {
    /// Id of a village with an adviser.
    pub village: String,
    /// Its name.
    pub village_name: String,
    /// Secret of a household's contact card.
    pub card: String,
}

/// A demo that was loaded, and what its visitors are given.
pub struct Loaded {
    /// How to sign in.
    pub accounts: Accounts,
    /// What is printed beside them.
    pub samples: Samples,
    /// A workflow to bring by hand, and its next version.
    pub packages: [Vec<u8>; 2],
}

/// Told what is being done now: county name and step.
pub type Steps<'a> = &'a (dyn Fn(&str, &str) + Send + Sync);

/// True where a demo's data is complete.
///
/// # Errors
/// The store's own.
pub async fn is_loaded(app: &App) -> Result<bool, Stop> {
    Ok(app.db.read(In::All, |tx| counties::fact(tx, LOADED)).await?.is_some())
}

/// Loads all sample counties into an empty house.
///
/// # Errors
/// What the use cases say, which would be a defect of the sample.
pub async fn load(app: &App, seed: u64, secret: u64, steps: Steps<'_>) -> Result<Loaded, Stop> {
    let mut signs = Accounts::new();
    let (mut samples, mut packages) = (None, None);
    for spec in &COUNTIES {
        let sample = county(spec, seed, app.today());
        let id = served::by_code_or_make(app, spec.code, spec.name).await?;
        let visitor = Visitor::operator(id);
        rosters(app, &visitor, &sample, seed, steps).await?;
        steps(spec.name, "plan");
        let (plan, _) = plan::make(app, &visitor, None).await?;
        plan::commit(app, &visitor, plan.id, None).await?;
        draw_lines(app, &visitor, spec).await?;
        steps(spec.name, "duties");
        let own = own_workers(app, id, &sample).await?;
        services(app, &visitor, (spec, &own), seed).await?;
        steps(spec.name, "accounts");
        signs.insert(spec.code.to_owned(), sign_ins(app, &visitor, &sample, secret).await?);
        steps(spec.name, "bookings");
        let mut dice = Dice::new(seed, &format!("{} bookings", spec.code));
        bookings::fill(app, &visitor, own.first().copied(), &mut dice).await?;
        steps(spec.name, "villages");
        villages::fill(app, &visitor, &sample).await?;
        away::fill(app, &visitor, spec).await?;
        steps(spec.name, "questions");
        super::questions::ask(app, id, spec.code, seed).await?;
        let (main, neighbour) = (spec.code == COUNTIES[0].code, spec.code == COUNTIES[1].code);
        if main || neighbour {
            steps(spec.name, "workflows");
            let key = workflows::put(app, &visitor, main).await?;
            if main {
                workflows::shelve_crash_test(app, &visitor, &key).await;
                packages = Some(workflows::to_try(&key)?);
            }
        }
        if samples.is_none() {
            samples = Some(sample_links(app, &visitor, &sample).await?);
        }
    }
    let stamp = app.now().to_string();
    app.db.write(In::All, move |tx| counties::set_fact(tx, LOADED, &stamp)).await?;
    match (samples, packages) {
        (Some(samples), Some(packages)) => Ok(Loaded { accounts: signs, samples, packages }),
        _ => Err(Fault::new("demo", "no county").into()),
    }
}

/// Lines for the villages' scorecard in the main county; the neighbours show it as a county begins, without any.
async fn draw_lines(app: &App, visitor: &Visitor, spec: &CountySpec) -> Result<(), Stop> {
    if spec.code != COUNTIES[0].code {
        return Ok(());
    }
    let (county, _) = settings::get(app, visitor).await?;
    let today = app.today();
    let typed = settings::TypedLines {
        settled_share: "60".to_owned(),
        unsettled: "5".to_owned(),
        lectures: "4".to_owned(),
        visits: "1".to_owned(),
        paired_share: "90".to_owned(),
        basis: "无讼村建设办法（示例，非真实文件）".to_owned(),
        sites: SITES
            .iter()
            .map(|(village, days)| format!("{village} {}\n", today.plus_days(-days)))
            .collect(),
    };
    settings::save_lines(app, visitor, county.version, &typed).await?;
    Ok(())
}

/// The legal workers behind the accounts that people sign in with, the first lawyer first.
async fn own_workers(app: &App, county: CountyId, sample: &County) -> Result<Vec<WorkerId>, Stop> {
    let licences: Vec<String> = sample.lawyers.iter().take(3).map(|one| one.licence.clone()).collect();
    let work = move |tx: &mut Tx<'_>| {
        let all = worker::all(tx, county)?;
        let of = |licence: &String| all.iter().find(|one| one.licence.as_ref() == Some(licence));
        Ok(licences.iter().filter_map(of).map(|one| one.id).collect())
    };
    app.db.read(In::County(county), work).await
}

async fn rosters(
    app: &App,
    visitor: &Visitor,
    sample: &County,
    seed: u64,
    steps: Steps<'_>,
) -> Result<(), Stop> {
    let written = |e: super::BookError| Fault::new("demo", e.to_string());
    let mut files = sample.rosters().map_err(written)?;
    files.extend(sample.corrections().map_err(written)?);
    for file in files {
        steps(sample.spec.name, file.name);
        let source = Source {
            kind: file.kind,
            household_kind: file.households,
            name: file.name.to_owned(),
            bytes: Arc::new(file.bytes),
            mapping: None,
        };
        import::commit(app, visitor, &source, &|_, _| {}).await?;
        if file.kind == falin_domain::roster::RosterKind::Divisions {
            open_facilities(app, visitor.county, sample.spec, seed).await?;
        }
    }
    let (county, spec, today) = (visitor.county, sample.spec, app.today());
    let work = move |tx: &mut Tx<'_>| committees::found(tx, county, spec, (seed, today));
    app.db.write(In::County(county), work).await
}

async fn open_facilities(
    app: &App,
    county: CountyId,
    spec: &'static CountySpec,
    seed: u64,
) -> Result<(), Stop> {
    let work = move |tx: &mut Tx<'_>| {
        for sample in facilities(spec, seed) {
            let place = division::by_code(tx, county, sample.division)?;
            let place = place.ok_or_else(|| Fault::new("demo", "a facility without a place"))?;
            let facility = Facility {
                county_id: county,
                id: tx.id(),
                kind: sample.kind,
                name: sample.name,
                division_id: place.id,
                address: sample.address,
                phone: sample.phone,
                hours: sample.hours.to_owned(),
                access: if sample.step_free { "无台阶、轮椅可进".to_owned() } else { String::new() },
                active: true,
                created_ms: tx.now.millis(),
                version: 1,
            };
            facility.insert(tx)?;
        }
        tx.bump(county, "facility")
    };
    app.db.write(In::County(county), work).await
}

async fn sign_ins(
    app: &App,
    visitor: &Visitor,
    sample: &County,
    secret: u64,
) -> Result<BTreeMap<String, SignIn>, Stop> {
    let mut out = BTreeMap::new();
    for spec in accounts(sample, secret) {
        let (place, worker) = links(app, visitor.county, &spec).await?;
        let new = NewAccount {
            username: spec.username.clone(),
            display_name: spec.display_name.clone(),
            role: spec.role,
            place,
            worker,
        };
        let (account, totp_secret) = ready_made(app, visitor, &new, &spec.password).await?;
        tie_home(app, visitor.county, account, &spec).await?;
        let (_, token) = issue_token(app, visitor, account, "demo", TOKEN_DAYS).await?;
        let sign_in = SignIn { username: spec.username, password: spec.password, token, totp_secret };
        let role = spec.role.code();
        let key = if out.contains_key(role) { format!("{role}_2") } else { role.to_owned() };
        out.insert(key, sign_in);
    }
    Ok(out)
}

/// The account of a resident stands for a household, as one that the window opens.
async fn tie_home(app: &App, county: CountyId, account: AccountId, spec: &AccountSpec) -> Result<(), Stop> {
    let Link::Household(number) = spec.link.clone() else { return Ok(()) };
    let work = move |tx: &mut Tx<'_>| {
        let filter = household_list::Filter { id_numbers: vec![number.clone()], ..Default::default() };
        let scope = falin_domain::access::Scope::whole(county);
        let Some(row) = household_list::first(tx, &scope, &filter, 1)?.into_iter().next() else {
            return Ok(());
        };
        let home = resident::Home {
            county_id: county,
            account_id: account,
            household_id: row.id,
            member_id: None,
            opened_by: None,
            created_ms: tx.now.millis(),
        };
        resident::tie(tx, &home)
    };
    app.db.write(In::County(county), work).await
}

/// The division and the legal worker that an account stands for; the county itself is no narrower place.
async fn links(
    app: &App,
    county: CountyId,
    spec: &AccountSpec,
) -> Result<(Option<DivisionId>, Option<WorkerId>), Stop> {
    let (code, link, role) = (spec.place.clone(), spec.link.clone(), spec.role);
    let work = move |tx: &mut Tx<'_>| {
        let place = match role {
            Role::Resident => division::by_code(tx, county, &code)?.map(|division| division.id),
            _ => None,
        };
        let worker = match &link {
            Link::Licence(licence) => {
                let all = worker::all(tx, county)?;
                all.into_iter().find(|w| w.licence.as_deref() == Some(licence.as_str())).map(|w| w.id)
            }
            _ => None,
        };
        Ok((place, worker))
    };
    app.db.read(In::County(county), work).await
}

/// A village and a card that a visitor can try at once.
async fn sample_links(app: &App, visitor: &Visitor, sample: &County) -> Result<Samples, Stop> {
    let county = visitor.county;
    let number = sample.resident().map(|home| home.person.id.clone());
    let work = move |tx: &mut Tx<'_>| {
        let filter =
            household_list::Filter { id_numbers: number.iter().cloned().collect(), ..Default::default() };
        let scope = falin_domain::access::Scope::whole(county);
        let found = household_list::first(tx, &scope, &filter, 1)?;
        let home = found.into_iter().next().ok_or_else(|| Fault::new("demo", "no household"))?;
        let village = division::Division::by_id(tx, county, home.village_id)?;
        Ok((home.id, village))
    };
    let (home, village) = app.db.read(In::County(county), work).await?;
    let printed = card::print(app, visitor, card::Order::One(home)).await?;
    let card = printed.cards.into_iter().next().ok_or_else(|| Fault::new("demo", "no card"))?.secret;
    Ok(Samples { village: village.id.to_string(), village_name: village.name, card })
}
