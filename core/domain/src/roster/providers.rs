//! The county's legal workers and firms as rosters name them: by licence, by name, by 王律师.

use std::collections::HashMap;

use super::clean;
use crate::words::{FirmId, LicenceNo, PersonName, WorkerId, fold};

/// A legal worker of the county.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WorkerEntry {
    /// The worker.
    pub id: WorkerId,
    /// Full name.
    pub name: String,
    /// Licence number, where there is one.
    pub licence: Option<String>,
    /// The firm, where there is one.
    pub firm: Option<FirmId>,
}

/// A firm of the county.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FirmEntry {
    /// The firm.
    pub id: FirmId,
    /// Full name.
    pub name: String,
}

/// A worker or firm that a household's roster proposes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Hint {
    /// Named in full and without doubt.
    Worker(WorkerId),
    /// Named in full and without doubt.
    Firm(FirmId),
    /// 王律师: these have the surname, a person has to say which.
    Surname(Vec<WorkerId>),
}

/// Workers and firms under each name that a clerk may give them.
#[derive(Clone, Debug, Default)]
pub struct Providers {
    by_licence: HashMap<String, (WorkerId, String)>,
    by_name: HashMap<String, Vec<(WorkerId, Option<FirmId>)>>,
    firms: HashMap<String, Vec<FirmId>>,
}

impl Providers {
    /// Indexes the firms and workers of one county.
    pub fn new(
        firms: impl IntoIterator<Item = FirmEntry>,
        workers: impl IntoIterator<Item = WorkerEntry>,
    ) -> Self {
        let mut providers = Self::default();
        for firm in firms {
            providers.firms.entry(fold(&firm.name)).or_default().push(firm.id);
        }
        for worker in workers {
            let name = folded_name(&worker.name);
            if let Some(licence) = worker.licence {
                providers.by_licence.insert(licence, (worker.id, name.clone()));
            }
            providers.by_name.entry(name).or_default().push((worker.id, worker.firm));
        }
        providers
    }

    /// The firm with this name in any width; None where there is none or more than one.
    pub fn firm(&self, name: &str) -> Option<FirmId> {
        match self.firms.get(&fold(name))?.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// The worker with this licence, whose name must fit; without a licence the only one of this name,
    /// in this firm where one is given.
    pub fn worker(
        &self,
        name: &PersonName,
        licence: Option<&LicenceNo>,
        firm: Option<FirmId>,
    ) -> Option<WorkerId> {
        let name = folded_name(name.as_str());
        if let Some((id, known)) = licence.and_then(|no| self.by_licence.get(no.as_str())) {
            return (*known == name).then_some(*id);
        }
        if licence.is_some() {
            return None;
        }
        let fits = |own: &Option<FirmId>| firm.is_none() || own.is_none() || *own == firm;
        let mut found = self.by_name.get(&name)?.iter().filter(|(_, own)| fits(own));
        found.next().filter(|_| found.next().is_none()).map(|(id, _)| *id)
    }

    /// What each name of a cell such as 王律师、李律师；赵律师 stands for; None where one stands for nobody.
    pub fn hints(&self, text: &str) -> Option<Vec<Hint>> {
        clean::list(text).iter().map(|name| self.hint(name)).collect()
    }

    fn hint(&self, name: &str) -> Option<Hint> {
        if let Some(firm) = self.firm(name) {
            return Some(Hint::Firm(firm));
        }
        let name = folded_name(name);
        let bare = name.strip_suffix("律师").filter(|rest| !rest.is_empty()).unwrap_or(&name);
        match self.by_name.get(bare).map(Vec::as_slice) {
            Some([(one, _)]) => return Some(Hint::Worker(*one)),
            Some(same) => return Some(Hint::Surname(same.iter().map(|(id, _)| *id).collect())),
            None if bare == name => return None,
            None => {}
        }
        let namesakes = self.by_name.iter().filter(|(known, _)| known.starts_with(bare));
        let mut ids: Vec<_> = namesakes.flat_map(|(_, found)| found.iter().map(|(id, _)| *id)).collect();
        ids.sort_unstable();
        (!ids.is_empty()).then_some(Hint::Surname(ids))
    }
}

fn folded_name(name: &str) -> String {
    PersonName::parse(name).map(|parsed| fold(parsed.as_str())).unwrap_or_else(|_| fold(name))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::fixture::{context, id};
    use super::*;

    #[test]
    fn firms_are_equal_after_width_folding() {
        let providers = context().providers;
        assert_eq!(providers.firm("甘肃雄关律师事务所(嘉峪关)"), Some(id(50)));
        assert_eq!(providers.firm(" 甘肃雄关律师事务所（嘉峪关）\u{3000}"), Some(id(50)));
        assert_eq!(providers.firm("甘肃"), None);
    }

    #[test]
    fn licence_and_name_must_agree() {
        let providers = context().providers;
        let name = PersonName::parse("王 强").unwrap();
        let own = LicenceNo::parse("16202201510123456").unwrap();
        let other = LicenceNo::parse("16202201510123457").unwrap();
        assert_eq!(providers.worker(&name, Some(&own), None), Some(id(60)));
        assert_eq!(providers.worker(&name, Some(&other), None), None);
        assert_eq!(providers.worker(&name, None, Some(id(50))), Some(id(60)));
        assert_eq!(providers.worker(&name, None, Some(id(51))), None);
    }

    #[test]
    fn surnames_wait_for_a_person_to_confirm() {
        let providers = context().providers;
        let found = providers.hints("王律师、李律师；\n王强").unwrap();
        let expected = [Hint::Surname(vec![id(60)]), Hint::Surname(vec![id(61)]), Hint::Worker(id(60))];
        assert_eq!(found, expected);
        assert_eq!(providers.hints("赵律师"), None);
        assert_eq!(providers.hints("王"), None);
    }
}
