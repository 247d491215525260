//! Between JSON and forms: what a program gives takes the place of what is there, and faults come back at members.

use falin_app::Stop;
use falin_domain::refusal::Refusal;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::problem::{Refused, of_stop};

/// Members whose name differs from the form control's: (member, control).
pub type Names = &'static [(&'static str, &'static str)];

/// A form with the members that are given put over those that are there. Unknown members were refused before.
///
/// # Errors
/// `form.invalid` where the form does not take what is given.
pub fn over<T: Serialize + DeserializeOwned>(
    there: &T,
    names: Names,
    given: &Map<String, Value>,
) -> Result<T, Refusal> {
    let refused = |_| Refusal::new("form.invalid");
    let mut form = serde_json::to_value(there).map_err(refused)?;
    for (member, value) in given {
        let control = names.iter().find(|(name, _)| name == member).map_or(member.as_str(), |(_, c)| c);
        if let Some(place) = form.get_mut(control) {
            *place = Value::String(text(value));
        }
    }
    serde_json::from_value(form).map_err(refused)
}

/// A value as a person would have typed it.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        // 5.0 is a whole number in JSON Schema.
        Value::Number(n) => {
            n.as_f64().filter(|f| f.fract() == 0.0).map_or(n.to_string(), |f| format!("{f:.0}"))
        }
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join("、"),
        other => other.to_string(),
    }
}

/// The refusal of a use case with its fields named as members.
pub fn told(names: Names) -> impl Fn(Stop) -> Refused {
    move |stop| {
        let mut refusal = of_stop(stop);
        for fault in &mut refusal.fields {
            if let Some((member, _)) = names.iter().find(|(_, control)| *control == fault.name) {
                fault.name = (*member).to_owned();
            }
        }
        Refused(refusal)
    }
}

/// The words of a list that is stored joined by `、`.
pub fn words(list: &str) -> Vec<&str> {
    list.split('、').filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    #[derive(Serialize, serde::Deserialize, PartialEq, Debug)]
    struct Form {
        name: String,
        firm: String,
        capacity: String,
        languages: String,
    }

    const NAMES: Names = &[("firm_id", "firm")];

    #[test]
    fn what_is_given_takes_the_place_of_what_is_there() {
        let there =
            Form {
                name: "张三".into(), firm: "1".into(), capacity: "80".into(), languages: "普通话".into()
            };
        let given = json!({"firm_id": null, "capacity": 90.0, "languages": ["普通话", "藏语"], "version": 3});
        let form = over(&there, NAMES, given.as_object().unwrap()).unwrap();
        let expected = Form {
            name: "张三".into(),
            firm: "".into(),
            capacity: "90".into(),
            languages: "普通话、藏语".into(),
        };
        assert_eq!(form, expected);
        let refused = told(NAMES)(Refusal::field("firm", "firm.unknown").into());
        assert_eq!(refused.0.fields[0].name, "firm_id");
    }
}
