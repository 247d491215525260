//! What the office itself says on every paper: its abbreviation, its names, its telephone.

use falin_domain::number::abbreviation;
use falin_domain::paper::{Paper as Form, Values};
use falin_domain::time::Date;
use falin_domain::words::CountyId;
use falin_store::Tx;

use crate::{Stop, settings};

/// The office of a county, from its settings; what is not set follows from the county's name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Office {
    /// What stands for the office in numbers.
    pub abbreviation: String,
    /// 法律援助中心.
    pub center: String,
    /// 司法局.
    pub bureau: String,
    /// 公共法律服务中心.
    pub office: String,
}

impl Office {
    /// The office of a county.
    ///
    /// # Errors
    /// `county.unknown`; the store's own.
    pub fn of(tx: &mut Tx<'_>, county: CountyId) -> Result<Self, Stop> {
        let (county, _) = settings::read(tx, county)?;
        let name = &county.name;
        Ok(Self {
            abbreviation: abbreviation(name),
            center: format!("{name}法律援助中心"),
            bureau: format!("{name}司法局"),
            office: format!("{name}公共法律服务中心"),
        })
    }

    /// Fills what the office says and the day, where the paper has it and nothing is there yet.
    pub(super) fn fill(&self, form: &Form, values: &mut Values, today: Date) {
        let all = [
            ("center.name", self.center.clone()),
            ("bureau.name", self.bureau.clone()),
            ("office.name", self.office.clone()),
            ("hotline", "12348".to_owned()),
            ("issue_date", today.to_string()),
        ];
        for (name, value) in all {
            values.fill(form, name, value);
        }
    }
}
