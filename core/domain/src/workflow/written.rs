//! Parts of a declaration that are written in one of two ways: each is read by what it is, so that a wrong word in it is
//! named instead of the whole.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::{Each, Inside, Reader, Since, Surge, Target, Tier, Use, When};
use crate::access::Role;
use crate::fault::Fault;

/// Whom a message of a step is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Whom {
    /// The person that the case is about.
    Resident,
    /// Who leads it.
    Worker,
    /// Whose turn it is then.
    Next,
    /// Whom this very step made responsible, if it did.
    Appointed,
    /// Whoever holds this role at the case's place.
    Role(Role),
}

impl From<Whom> for String {
    fn from(whom: Whom) -> Self {
        match whom {
            Whom::Resident => "resident",
            Whom::Worker => "worker",
            Whom::Next => "next",
            Whom::Appointed => "appointed",
            Whom::Role(role) => role.code(),
        }
        .to_owned()
    }
}

impl TryFrom<String> for Whom {
    type Error = Fault;

    fn try_from(text: String) -> Result<Self, Fault> {
        Ok(match text.as_str() {
            "resident" => Self::Resident,
            "worker" => Self::Worker,
            "next" => Self::Next,
            "appointed" => Self::Appointed,
            code => Self::Role(Role::from_code(code).ok_or_else(|| Fault::new("whom", &[("name", &text)]))?),
        })
    }
}

/// Reads a type by what stands there: a text, a list, a table, a yes. What belongs there is told under the word that
/// stands behind the type.
macro_rules! read_by_shape {
    ($what:ident, $expected:literal, $($visit:item),+) => {
        impl<'de> Deserialize<'de> for $what {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                struct Shape;
                impl<'de> Visitor<'de> for Shape {
                    type Value = $what;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expected)
                    }

                    $($visit)+
                }
                from.deserialize_any(Shape)
            }
        }
    };
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Under {
    name: String,
    when: When,
}

read_by_shape!(
    Use,
    "use",
    fn visit_str<E: Error>(self, name: &str) -> Result<Use, E> {
        Ok(Use::Plain(name.to_owned()))
    },
    fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<Use, A::Error> {
        let Under { name, when } = Under::deserialize(MapAccessDeserializer::new(table))?;
        Ok(Use::Under { name, when })
    }
);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reads {
    role: Role,
    when: When,
}

read_by_shape!(
    Reader,
    "reader",
    fn visit_str<E: Error>(self, role: &str) -> Result<Reader, E> {
        let known = Role::from_code(role).map(Reader::Always);
        known.ok_or_else(|| E::custom(Fault::new("role", &[("role", &role)])))
    },
    fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<Reader, A::Error> {
        let Reads { role, when } = Reads::deserialize(MapAccessDeserializer::new(table))?;
        Ok(Reader::Under { role, when })
    }
);

read_by_shape!(
    Target,
    "target",
    fn visit_str<E: Error>(self, state: &str) -> Result<Target, E> {
        Ok(Target::Always(state.to_owned()))
    },
    fn visit_seq<A: SeqAccess<'de>>(self, ways: A) -> Result<Target, A::Error> {
        Deserialize::deserialize(SeqAccessDeserializer::new(ways)).map(Target::First)
    }
);

read_by_shape!(
    Inside,
    "inside",
    fn visit_bool<E: Error>(self, always: bool) -> Result<Inside, E> {
        Ok(Inside::Always(always))
    },
    fn visit_map<A: MapAccess<'de>>(self, when: A) -> Result<Inside, A::Error> {
        Deserialize::deserialize(MapAccessDeserializer::new(when)).map(Inside::Under)
    }
);

/// Everything that can stand in an `each`: it names a tier of places, or a flow and which of its cases.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EachWritten {
    place: Option<Tier>,
    flow: Option<String>,
    states: Option<Vec<String>>,
    when: Option<When>,
    after_days: Option<u16>,
    after_setting: Option<String>,
    since: Option<Since>,
    surge: Option<Surge>,
}

impl TryFrom<EachWritten> for Each {
    type Error = Fault;

    fn try_from(all: EachWritten) -> Result<Self, Fault> {
        match all {
            EachWritten {
                place: None,
                flow: Some(flow),
                states,
                when,
                after_days,
                after_setting,
                since,
                surge,
            } => Ok(Self::Case {
                flow,
                states: states.unwrap_or_default(),
                when,
                after_days: after_days.unwrap_or_default(),
                after_setting: after_setting.unwrap_or_default(),
                since: since.unwrap_or_default(),
                surge,
            }),
            EachWritten {
                place: Some(place),
                flow: None,
                states: None,
                when: None,
                after_days: None,
                after_setting: None,
                since: None,
                surge: None,
            } => Ok(Self::Place { place }),
            _ => Err(Fault::new("each", &[])),
        }
    }
}
