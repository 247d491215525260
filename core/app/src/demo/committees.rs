//! The mediation committees of a sample county: of every kind, with members and terms, one in each village.

use falin_domain::directory::WorkerKind;
use falin_domain::mediation::{CommitteeKind, Duty, term_end};
use falin_domain::time::Date;
use falin_domain::words::{CommitteeId, CountyId, DivisionId, WorkerId, sort_key};
use falin_store::committee::{Committee, Member};
use falin_store::worker::Worker;
use falin_store::{Tx, division, worker};

use super::counties::CountySpec;
use super::dice::Dice;
use super::people::{Registry, landline};
use crate::Stop;

/// Members of each committee: a chair, a deputy and others, within three to nine (人民调解法 8).
const MEMBERS: usize = 5;

/// The name of the committee of a place, also where its cases name it.
pub(super) fn name_of(place: &str) -> String {
    format!("{}人民调解委员会", place.strip_suffix("村民委员会").unwrap_or(place))
}

/// A committee that is to be founded.
struct Plan {
    kind: CommitteeKind,
    name: String,
    place: Option<DivisionId>,
    above: Option<CommitteeId>,
    /// Whether legal workers of the county mediate for it.
    staffed: bool,
}

/// Founds them all.
///
/// # Errors
/// The store's own.
pub(super) fn found(
    tx: &mut Tx<'_>,
    county: CountyId,
    spec: &'static CountySpec,
    (seed, today): (u64, Date),
) -> Result<(), Stop> {
    let mut house = House {
        dice: Dice::new(seed, &format!("{} committees", spec.code)),
        registry: Registry::new(spec.id_area, today),
        workers: worker::all(tx, county)?,
        dial: spec.dial,
        county,
        today,
        n: 0,
    };
    house.workers.retain(|one| one.active && one.kind == WorkerKind::Lawyer);
    let place =
        |tx: &mut Tx<'_>, code: &str| Ok::<_, Stop>(division::by_code(tx, county, code)?.map(|one| one.id));
    let top = house.plan(CommitteeKind::County, name_of(spec.name), place(tx, spec.code)?, None);
    let top = house.add(tx, top)?;
    let sectors = [
        (CommitteeKind::Enterprise, format!("{}工业园区企业人民调解委员会", spec.name)),
        (CommitteeKind::Industry, format!("{}医疗纠纷人民调解委员会", spec.name)),
        (CommitteeKind::Industry, format!("{}道路交通事故纠纷人民调解委员会", spec.name)),
        (CommitteeKind::Studio, format!("{}老支书调解室", spec.name)),
        (CommitteeKind::LawyerTeam, format!("{}律师调解团队", spec.name)),
        (CommitteeKind::Court, format!("{}诉前特邀调解组织", spec.name)),
    ];
    for (kind, name) in sectors {
        let plan = house.plan(kind, name, place(tx, spec.code)?, Some(top));
        house.add(tx, plan)?;
    }
    for (code, name) in spec.townships() {
        let plan = house.plan(CommitteeKind::Township, name_of(name), place(tx, code)?, Some(top));
        let above = house.add(tx, plan)?;
        for village in spec.villages().into_iter().filter(|one| one.township_code == code) {
            let kind = match village.is_community() {
                true => CommitteeKind::Community,
                false => CommitteeKind::Village,
            };
            let plan = house.plan(kind, name_of(village.name), place(tx, village.code)?, Some(above));
            house.add(tx, plan)?;
        }
    }
    Ok(())
}

struct House {
    dice: Dice,
    registry: Registry,
    workers: Vec<Worker>,
    dial: &'static str,
    county: CountyId,
    today: Date,
    n: usize,
}

impl House {
    fn plan(
        &self,
        kind: CommitteeKind,
        name: String,
        place: Option<DivisionId>,
        above: Option<CommitteeId>,
    ) -> Plan {
        // Village committees are the villagers' own.
        let staffed = !matches!(kind, CommitteeKind::Village | CommitteeKind::Community);
        Plan { kind, name, place, above, staffed }
    }

    fn add(&mut self, tx: &mut Tx<'_>, plan: Plan) -> Result<CommitteeId, Stop> {
        self.n += 1;
        let from = self.today.plus_months(-(((self.n * 7) % 33) as i32));
        let committee = Committee {
            county_id: self.county,
            id: tx.id(),
            parent_id: plan.above,
            kind: plan.kind.code().to_owned(),
            sort_key: sort_key(&plan.name),
            name: plan.name,
            division_id: plan.place,
            address: String::new(),
            phone: landline(self.dial, &mut self.dice),
            term_from: from,
            term_to: term_end(from),
            active: true,
            created_ms: tx.now.millis(),
            version: 1,
        };
        committee.insert(tx)?;
        for at in 0..MEMBERS {
            let person = self.registry.person(&mut self.dice, (30, 66), 20);
            let duty = match at {
                0 => Duty::Chair,
                1 => Duty::Deputy,
                _ => Duty::Member,
            };
            // The law wants a woman among them.
            let woman = person.female || at == 2;
            self.seat(tx, &committee, (person.name, woman, duty), None)?;
        }
        if plan.staffed && !self.workers.is_empty() {
            let worker = self.workers[self.n % self.workers.len()].clone();
            self.seat(tx, &committee, (worker.name.clone(), false, Duty::Mediator), Some(worker.id))?;
        }
        Ok(committee.id)
    }

    fn seat(
        &self,
        tx: &mut Tx<'_>,
        committee: &Committee,
        (name, woman, duty): (String, bool, Duty),
        worker: Option<WorkerId>,
    ) -> Result<(), Stop> {
        let gender = worker.is_none().then(|| if woman { "female" } else { "male" }.to_owned());
        let member = Member {
            county_id: committee.county_id,
            id: tx.id(),
            committee_id: committee.id,
            worker_id: worker,
            name,
            gender,
            duty: duty.code().to_owned(),
            minority: false,
            from_date: committee.term_from,
            to_date: None,
            created_ms: tx.now.millis(),
            version: 1,
        };
        member.insert(tx)
    }
}
