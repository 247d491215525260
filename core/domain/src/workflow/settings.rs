//! Settings that a plugin declares: what stands where a county has said nothing, and what it may say.

use serde_json::Value;

use super::{Manifest, Manner, Values};
use crate::refusal::Refusal;
use crate::time::Date;

impl Manifest {
    /// Every setting with its value: the county's where it has given one that still fits, else the declared one.
    pub fn settings(&self, given: &Values, today: Date) -> Values {
        let value = |one: &super::Setting| {
            let own = given.get(&one.field.name).filter(|own| !own.is_null());
            let fits = own.filter(|own| one.field.value(own, Manner::Program, today).is_ok());
            (one.field.name.clone(), fits.unwrap_or(&one.default).clone())
        };
        self.setting.iter().map(value).collect()
    }

    /// What a county says of its settings. One that is left blank goes back to what is declared.
    ///
    /// # Errors
    /// `form.invalid` with every fault at its field.
    pub fn read_settings(&self, given: &Values, manner: Manner, today: Date) -> Result<Values, Refusal> {
        let mut faults = Vec::new();
        let mut read = Values::new();
        let known = |name: &String| self.setting.iter().any(|one| one.field.name == *name);
        if manner == Manner::Program {
            let strange = given.keys().filter(|name| !known(name));
            faults.extend(strange.map(|name| crate::refusal::FieldError::new(name, "not_expected")));
        }
        for one in &self.setting {
            let value = given.get(&one.field.name).cloned().unwrap_or(Value::Null);
            match one.field.value(&value, manner, today) {
                Ok(Value::Null) => {}
                Ok(value) => drop(read.insert(one.field.name.clone(), value)),
                Err(found) => faults.extend(found),
            }
        }
        if faults.is_empty() { Ok(read) } else { Err(Refusal::form(faults)) }
    }
}
