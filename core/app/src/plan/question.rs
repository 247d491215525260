//! A county as a plan sees it: the solver's numbers, and the ids that stand behind them.

use std::collections::{HashMap, HashSet};

use falin_domain::directory::{DivisionLevel, FirmKind, ProviderKind, WorkerKind};
use falin_domain::pairing::handover::propose;
use falin_domain::pairing::span::ProviderRef;
use falin_domain::pairing::{Due, PlanInput, Provider, Rules, Village};
use falin_domain::time::Date;
use falin_domain::words::{CountyId, DivisionId, HouseholdId, WorkerId};
use falin_store::division::Division;
use falin_store::firm::Firm;
use falin_store::worker::Worker;
use falin_store::{Stop, Tx, adviser, division, firm, pairing, worker};
use sha2::{Digest, Sha256};

use crate::settings::{self, CountySettings};
use crate::worker::is_there;

/// What a plan is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum About {
    /// Every due household of a place, or of the county.
    Place(Option<DivisionId>),
    /// The households of somebody who leaves.
    Leaver(WorkerId),
}

/// Somebody who can be, or is, a household's provider.
pub(crate) struct Known {
    /// Who.
    pub who: ProviderRef,
    /// Households now, in the whole county.
    pub before: u32,
}

/// Everything that a plan is made from, read in one snapshot.
pub(crate) struct Question {
    /// What the solver sees.
    pub input: PlanInput,
    /// The divisions behind its villages.
    pub villages: Vec<DivisionId>,
    /// The people and firms behind its providers.
    pub providers: Vec<Known>,
    /// The households behind its households.
    pub dues: Vec<pairing::Due>,
    /// Whom they have now, valid or not.
    pub today: Vec<Option<u32>>,
    /// The county's rules.
    pub rules: CountySettings,
    by_ref: HashMap<ProviderRef, u32>,
    by_household: HashMap<HouseholdId, u32>,
}

impl Question {
    /// The solver's number of a provider.
    pub fn provider(&self, who: ProviderRef) -> Option<u32> {
        self.by_ref.get(&who).copied()
    }

    /// The solver's number of a household.
    pub fn household(&self, id: HouseholdId) -> Option<u32> {
        self.by_household.get(&id).copied()
    }

    /// Hash of rules, villages and providers: where it differs, a plan was made from something else.
    /// Households are compared one by one instead, so that a new one does not undo a day's work.
    pub fn fingerprint(&self) -> Vec<u8> {
        let mut hash = Sha256::new();
        let rules = &self.rules;
        hash.update([rules.rural as u8, rules.urban as u8]);
        for (known, provider) in self.providers.iter().zip(&self.input.providers) {
            let (worker, firm) = known.who.columns();
            hash.update(worker.map(|id| id.bytes()).or(firm.map(|id| id.bytes())).unwrap_or_default());
            hash.update(provider.capacity.to_be_bytes());
            hash.update([u8::from(provider.active)]);
            for &village in &provider.serves {
                let place = village as usize;
                hash.update(self.villages[place].bytes());
                hash.update(self.villages[self.input.villages[place].township as usize].bytes());
            }
            hash.update([0xff]);
        }
        hash.finalize().to_vec()
    }
}

/// Reads the county as it stands and asks what `about` says, for `day`.
///
/// # Errors
/// The store's own.
pub(crate) fn read(tx: &mut Tx<'_>, county: CountyId, about: About, day: Date) -> Result<Question, Stop> {
    let rules = settings::read(tx, county)?.1;
    let mut places = Places::of(&division::all(tx, county)?);
    let leaver = match about {
        About::Leaver(worker) => Some(worker),
        About::Place(_) => None,
    };
    let (providers, known) = providers(tx, county, &rules, leaver, day, &mut places)?;
    let dues = pairing::due(tx, county, None)?;
    let by_ref: HashMap<_, _> = known.iter().enumerate().map(|(at, one)| (one.who, at as u32)).collect();
    let mut conflicts = conflicts(tx, county, &by_ref)?;
    let households: Vec<Due> = dues
        .iter()
        .map(|due| Due {
            village: places.number(due.village),
            kind: due.kind,
            current: current(due).and_then(|who| by_ref.get(&who).copied()),
            conflicts: conflicts.remove(&due.household).unwrap_or_default(),
        })
        .collect();
    let input = PlanInput {
        rules: Rules { rural: rules.rural, urban: rules.urban },
        villages: places.villages,
        providers,
        households,
    };
    let mut question = Question {
        villages: places.ids,
        providers: known,
        dues,
        today: input.households.iter().map(|due| due.current).collect(),
        rules,
        by_ref,
        by_household: HashMap::new(),
        input,
    };
    for provider in question.today.iter().flatten() {
        question.providers[*provider as usize].before += 1;
    }
    match about {
        About::Place(None) => {}
        About::Place(Some(place)) => narrow(&mut question, &division::below(tx, county, place)?),
        About::Leaver(leaver) => hand_over(&mut question, leaver),
    }
    let numbers = question.dues.iter().enumerate().map(|(at, due)| (due.household, at as u32));
    question.by_household = numbers.collect();
    Ok(question)
}

/// Whom a household has.
fn current(due: &pairing::Due) -> Option<ProviderRef> {
    due.current.and_then(|(_, worker, firm)| ProviderRef::of(worker, firm))
}

/// Leaves only the households of some divisions; all others count as held.
fn narrow(question: &mut Question, below: &[DivisionId]) {
    let below: HashSet<_> = below.iter().collect();
    let keep: Vec<bool> = question.dues.iter().map(|due| below.contains(&due.village)).collect();
    for (today, _) in question.today.iter().zip(&keep).filter(|(_, keep)| !**keep) {
        if let Some(provider) = today {
            question.input.providers[*provider as usize].held += 1;
        }
    }
    fn keeping<T>(list: &mut Vec<T>, keep: &[bool]) {
        let mut keep = keep.iter();
        list.retain(|_| keep.next().copied().unwrap_or(false));
    }
    keeping(&mut question.dues, &keep);
    keeping(&mut question.today, &keep);
    keeping(&mut question.input.households, &keep);
}

/// Leaves only the leaver's households, as the proposal of successors asks for them.
fn hand_over(question: &mut Question, leaver: WorkerId) {
    let leaver = question.provider(ProviderRef::Worker(leaver)).unwrap_or(u32::MAX);
    let asked = propose(&question.input, leaver);
    question.dues = asked.households.iter().map(|&at| question.dues[at as usize]).collect();
    question.today = vec![Some(leaver); question.dues.len()];
    question.input = asked.input;
}

/// Divisions by number; what no longer stands gets a number when a household or post still names it.
struct Places {
    ids: Vec<DivisionId>,
    villages: Vec<Village>,
    numbers: HashMap<DivisionId, u32>,
}

impl Places {
    fn of(all: &[Division]) -> Self {
        let mut places =
            Self { ids: Vec::with_capacity(all.len()), villages: Vec::new(), numbers: HashMap::new() };
        for one in all {
            places.number(one.id);
        }
        for (at, one) in all.iter().enumerate() {
            // A village's township is right above it; whatever is no village is a township of its own.
            let above = one.parent_id.filter(|_| one.level == DivisionLevel::Village);
            places.villages[at].township = above.map_or(at as u32, |above| places.number(above));
        }
        places
    }

    fn number(&mut self, id: DivisionId) -> u32 {
        let next = self.ids.len() as u32;
        let number = *self.numbers.entry(id).or_insert(next);
        if number == next {
            self.ids.push(id);
            self.villages.push(Village { township: next });
        }
        number
    }
}

/// All workers, then all firms, in an order that does not hang on when they were entered.
fn providers(
    tx: &mut Tx<'_>,
    county: CountyId,
    rules: &CountySettings,
    leaver: Option<WorkerId>,
    day: Date,
    places: &mut Places,
) -> Result<(Vec<Provider>, Vec<Known>), Stop> {
    let away: HashSet<WorkerId> = worker::leaves(tx, county, None, day)?
        .into_iter()
        .filter(|leave| leave.from_date <= day)
        .map(|leave| leave.worker_id)
        .chain(leaver)
        .collect();
    let mut serves: HashMap<WorkerId, Vec<u32>> = HashMap::new();
    for post in adviser::on(tx, county, day)? {
        serves.entry(post.worker_id).or_default().push(places.number(post.division_id));
    }
    let mut workers = worker::all(tx, county)?;
    workers.sort_by(|a, b| (&a.licence, &a.sort_key, a.id).cmp(&(&b.licence, &b.sort_key, b.id)));
    let mut firms = firm::all(tx, county)?;
    firms.sort_by(|a, b| (&a.uscc, &a.sort_key, a.id).cmp(&(&b.uscc, &b.sort_key, b.id)));
    let mut all = Vec::with_capacity(workers.len() + firms.len());
    let mut known = Vec::with_capacity(all.capacity());
    let mut lawyers = Vec::with_capacity(workers.len());
    for one in &workers {
        let lawyer = lawyer(one, rules, &away, serves.remove(&one.id).unwrap_or_default(), day);
        lawyers.push((one.firm_id, lawyer.clone()));
        all.push(lawyer);
        known.push(Known { who: ProviderRef::Worker(one.id), before: 0 });
    }
    for one in &firms {
        let own = lawyers.iter().filter(|(firm, lawyer)| *firm == Some(one.id) && lawyer.active);
        all.push(law_firm(one, rules, own.map(|(_, lawyer)| lawyer)));
        known.push(Known { who: ProviderRef::Firm(one.id), before: 0 });
    }
    Ok((all, known))
}

fn lawyer(
    one: &Worker,
    rules: &CountySettings,
    away: &HashSet<WorkerId>,
    mut serves: Vec<u32>,
    day: Date,
) -> Provider {
    let fit = match one.kind {
        WorkerKind::Lawyer => true,
        WorkerKind::LegalServiceWorker => rules.legal_service_workers,
        WorkerKind::Notary | WorkerKind::AidStaff | WorkerKind::Volunteer => false,
    };
    let there = is_there(one, day) && !away.contains(&one.id);
    let own = one.capacity.or(rules.capacity).and_then(|most| u32::try_from(most).ok());
    serves.sort_unstable();
    serves.dedup();
    Provider { kind: ProviderKind::Lawyer, capacity: own.unwrap_or(0), held: 0, active: fit && there, serves }
}

/// A firm has its own figure or the sum of its lawyers', and is where its lawyers are (contract.md).
fn law_firm<'a>(
    one: &Firm,
    rules: &CountySettings,
    lawyers: impl Iterator<Item = &'a Provider> + Clone,
) -> Provider {
    let fit = match one.kind {
        FirmKind::LawFirm => true,
        FirmKind::LegalServiceOffice => rules.legal_service_workers,
        FirmKind::NotaryOffice | FirmKind::AidCentre => false,
    };
    let own = one.capacity.and_then(|most| u32::try_from(most).ok());
    let sum = lawyers.clone().fold(0u32, |sum, lawyer| sum.saturating_add(lawyer.capacity));
    let mut serves: Vec<u32> = lawyers.flat_map(|lawyer| lawyer.serves.iter().copied()).collect();
    serves.sort_unstable();
    serves.dedup();
    Provider {
        kind: ProviderKind::Firm,
        capacity: own.unwrap_or(sum),
        held: 0,
        active: fit && one.active,
        serves,
    }
}

type Barred = HashMap<HouseholdId, Box<[u32]>>;

/// Who must not get whom. A lawyer's conflict bars the firm too, since the firm would act through its lawyers;
/// a firm's conflict bars each of its lawyers (律师法 39 for the lawyer, 23 and 50 for the firm).
fn conflicts(tx: &mut Tx<'_>, county: CountyId, by_ref: &HashMap<ProviderRef, u32>) -> Result<Barred, Stop> {
    let all = pairing::conflicts(tx, county, None)?;
    if all.is_empty() {
        return Ok(Barred::new());
    }
    let workers = worker::all(tx, county)?;
    let mut barred: HashMap<HouseholdId, Vec<u32>> = HashMap::new();
    for one in all {
        let Some(who) = ProviderRef::of(one.worker_id, one.firm_id) else { continue };
        let list = barred.entry(one.household_id).or_default();
        let mut bar = |who: ProviderRef| list.extend(by_ref.get(&who));
        bar(who);
        match who {
            ProviderRef::Worker(id) => {
                let firm = workers.iter().find(|worker| worker.id == id).and_then(|worker| worker.firm_id);
                firm.into_iter().for_each(|firm| bar(ProviderRef::Firm(firm)));
            }
            ProviderRef::Firm(id) => {
                let own = workers.iter().filter(|worker| worker.firm_id == Some(id));
                own.for_each(|worker| bar(ProviderRef::Worker(worker.id)));
            }
        }
    }
    let tidy = |(household, mut list): (HouseholdId, Vec<u32>)| {
        list.sort_unstable();
        list.dedup();
        (household, list.into_boxed_slice())
    };
    Ok(barred.into_iter().map(tidy).collect())
}
