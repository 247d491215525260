//! What the office itself says on every paper: its abbreviation, its names, its telephone, its neighbours.

use falin_domain::number::abbreviation;
use falin_domain::paper::{Known, Paper as Form, Values};
use falin_domain::time::Date;
use falin_domain::words::CountyId;
use falin_store::Tx;
use serde_json::Value as Json;

use crate::Stop;
use crate::settings::{self, OfficeNames};

/// The public legal service line of the whole country, where an office has set no telephone of its own.
const HOTLINE: &str = "12348";

/// The office of a county, from its settings; what is not set follows from the county's name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Office {
    /// What stands for the office in numbers.
    pub abbreviation: String,
    names: OfficeNames,
}

impl Office {
    /// The office of a county.
    ///
    /// # Errors
    /// `county.unknown`; the store's own.
    pub fn of(tx: &mut Tx<'_>, county: CountyId) -> Result<Self, Stop> {
        let (county, set) = settings::read(tx, county)?;
        let mut names = set.office;
        let usual = [
            (&mut names.center, "法律援助中心"),
            (&mut names.bureau, "司法局"),
            (&mut names.service, "公共法律服务中心"),
            (&mut names.government, "人民政府"),
        ];
        for (name, what) in usual {
            if name.is_empty() {
                *name = format!("{}{what}", county.name);
            }
        }
        let own = names.abbreviation.clone();
        Ok(Self { abbreviation: if own.is_empty() { abbreviation(&county.name) } else { own }, names })
    }

    /// Fills what the office says and the day, where the paper has it and nothing is there yet.
    pub(super) fn fill(&self, form: &Form, values: &mut Values, today: Date) {
        let names = &self.names;
        let all = [
            ("center.name", &names.center),
            ("bureau.name", &names.bureau),
            ("office.name", &names.service),
            ("hotline", &HOTLINE.to_owned()),
            ("issue_date", &today.to_string()),
        ];
        for (name, value) in all {
            values.fill(form, name, value.clone());
        }
    }

    /// Adds what the office says to what is known of a case.
    pub(super) fn tell(&self, known: &mut Known) {
        let names = &self.names;
        let phone = if names.phone.is_empty() { HOTLINE } else { &names.phone };
        let contact = format!("{} {phone}", names.contact);
        let all = [
            ("office.center", names.center.as_str()),
            ("office.bureau", &names.bureau),
            ("office.name", &names.service),
            ("office.committee", &names.committee),
            ("office.phone", phone),
            ("office.contact", contact.trim()),
            ("office.government", &names.government),
            ("office.upper_bureau", &names.upper_bureau),
            ("office.court", &names.court),
        ];
        for (name, value) in all.into_iter().filter(|(_, value)| !value.is_empty()) {
            known.insert(name.to_owned(), Json::from(value));
        }
    }
}
