//! How domain words stand in columns, and one macro that ties a struct to its table.

use falin_domain::access::Role;
use falin_domain::booking::{BookingFlag, BookingState, WaitState};
use falin_domain::calendar::Period;
use falin_domain::deadline::{Count, Items, Moment, Stage, period_from, period_text};
use falin_domain::directory::{
    DivisionLevel, FacilityKind, FirmKind, Gender, HouseholdKind, Relation, WorkerKind,
};
use falin_domain::duty::{
    AppointmentState, FeeBasis, Period as DutyPeriod, Platform, ServiceKind, ServiceMode, ShiftKind,
    ShiftState, SwapState, VisitPurpose, VisitState,
};
use falin_domain::notice::{Channel, State};
use falin_domain::restriction::RestrictionState;
use falin_domain::time::Date;
use falin_domain::words::Id;
use falin_domain::workflow::PluginState;

use crate::stop::{Fault, Stop};

/// A word and the plain type that both databases keep it as.
pub trait Column: Sized {
    /// The type in the row.
    type Stored;
    /// Into the row.
    fn out(&self) -> Self::Stored;
    /// Out of the row.
    ///
    /// # Errors
    /// A fault: the database holds what this program never writes.
    fn back(stored: Self::Stored) -> Result<Self, Stop>;
}

macro_rules! plain {
    ($($type:ty),*) => {$(
        impl Column for $type {
            type Stored = $type;
            fn out(&self) -> $type { self.clone() }
            fn back(stored: $type) -> Result<Self, Stop> { Ok(stored) }
        }
    )*};
}
plain!(String, i32, i64, bool, Vec<u8>, Option<String>, Option<i32>, Option<i64>, Option<Vec<u8>>);

fn strange(what: &'static str) -> Stop {
    Fault::new("column", format!("a {what} that this program never writes")).into()
}

impl<T> Column for Id<T> {
    type Stored = Vec<u8>;
    fn out(&self) -> Vec<u8> {
        self.bytes()
    }
    fn back(stored: Vec<u8>) -> Result<Self, Stop> {
        Self::from_bytes(&stored).ok_or_else(|| strange("id"))
    }
}

impl<T> Column for Option<Id<T>> {
    type Stored = Option<Vec<u8>>;
    fn out(&self) -> Option<Vec<u8>> {
        self.map(Id::bytes)
    }
    fn back(stored: Option<Vec<u8>>) -> Result<Self, Stop> {
        stored.map(Id::back).transpose()
    }
}

impl Column for Stage {
    type Stored = i32;
    fn out(&self) -> i32 {
        self.number()
    }
    fn back(stored: i32) -> Result<Self, Stop> {
        Self::from_number(stored).ok_or_else(|| strange("stage"))
    }
}

macro_rules! text {
    ($($type:ty => $out:expr, $back:expr;)*) => {$(
        impl Column for $type {
            type Stored = String;
            fn out(&self) -> String { $out(self) }
            fn back(stored: String) -> Result<Self, Stop> {
                $back(&stored).ok_or_else(|| strange(stringify!($type)))
            }
        }
        impl Column for Option<$type> {
            type Stored = Option<String>;
            fn out(&self) -> Option<String> { self.as_ref().map(Column::out) }
            fn back(stored: Option<String>) -> Result<Self, Stop> { stored.map(Column::back).transpose() }
        }
    )*};
}
text! {
    BookingFlag => |c: &BookingFlag| c.code().to_owned(), BookingFlag::from_code;
    BookingState => |c: &BookingState| c.code().to_owned(), BookingState::from_code;
    WaitState => |c: &WaitState| c.code().to_owned(), WaitState::from_code;
    Date => |d: &Date| d.to_string(), Date::kept;
    DivisionLevel => |c: &DivisionLevel| c.code().to_owned(), DivisionLevel::from_code;
    FacilityKind => |c: &FacilityKind| c.code().to_owned(), FacilityKind::from_code;
    FirmKind => |c: &FirmKind| c.code().to_owned(), FirmKind::from_code;
    Gender => |c: &Gender| c.code().to_owned(), Gender::from_code;
    HouseholdKind => |c: &HouseholdKind| c.code().to_owned(), HouseholdKind::from_code;
    Relation => |c: &Relation| c.code().to_owned(), Relation::from_code;
    AppointmentState => |c: &AppointmentState| c.code().to_owned(), AppointmentState::from_code;
    FeeBasis => |c: &FeeBasis| c.code().to_owned(), FeeBasis::from_code;
    DutyPeriod => |c: &DutyPeriod| c.code().to_owned(), DutyPeriod::from_code;
    Platform => |c: &Platform| c.code().to_owned(), Platform::from_code;
    ServiceKind => |c: &ServiceKind| c.code().to_owned(), ServiceKind::from_code;
    ServiceMode => |c: &ServiceMode| c.code().to_owned(), ServiceMode::from_code;
    ShiftKind => |c: &ShiftKind| c.code().to_owned(), ShiftKind::from_code;
    ShiftState => |c: &ShiftState| c.code().to_owned(), ShiftState::from_code;
    SwapState => |c: &SwapState| c.code().to_owned(), SwapState::from_code;
    VisitPurpose => |c: &VisitPurpose| c.code().to_owned(), VisitPurpose::from_code;
    VisitState => |c: &VisitState| c.code().to_owned(), VisitState::from_code;
    WorkerKind => |c: &WorkerKind| c.code().to_owned(), WorkerKind::from_code;
    RestrictionState => |c: &RestrictionState| c.code().to_owned(), RestrictionState::from_code;
    Role => |c: &Role| c.code().to_owned(), Role::from_code;
    Count => |c: &Count| c.text(), Count::from_text;
    Period => |p: &Period| period_text(*p), period_from;
    Items => |i: &Items| i.to_string(), |t: &str| t.parse().ok();
    Moment => |m: &Moment| m.to_string(), |t: &str| t.parse().ok();
    Channel => |c: &Channel| c.code().to_owned(), Channel::from_code;
    PluginState => |c: &PluginState| c.code().to_owned(), PluginState::from_code;
    State => |c: &State| c.code().to_owned(), State::from_code;
}

/// A struct whose fields are the columns of one table, in both directions.
macro_rules! noun {
    ($(#[$doc:meta])* $name:ident in $table:ident { $($(#[$fdoc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Debug, serde::Serialize, serde::Deserialize)]
        pub struct $name { $($(#[$fdoc])* pub $field: $type),* }

        impl $name {
            #[allow(clippy::type_complexity, reason = "one tuple a table, spelt by the macro")]
            pub(crate) const COLUMNS: ($($table::$field,)*) = ($($table::$field,)*);

            #[allow(clippy::type_complexity, reason = "one tuple a table, spelt by the macro")]
            pub(crate) fn from_row(
                row: ($(<$type as $crate::column::Column>::Stored,)*),
            ) -> Result<Self, $crate::Stop> {
                let ($($field,)*) = row;
                Ok(Self { $($field: <$type as $crate::column::Column>::back($field)?),* })
            }

            #[allow(clippy::type_complexity, reason = "one tuple a table, spelt by the macro")]
            pub(crate) fn values(
                &self,
            ) -> ($(diesel::dsl::Eq<$table::$field, <$type as $crate::column::Column>::Stored>,)*) {
                ($(diesel::ExpressionMethods::eq(
                    $table::$field,
                    $crate::column::Column::out(&self.$field),
                ),)*)
            }
        }
    };
}
pub(crate) use noun;

/// Insert, versioned save and look-up, the same for every noun of a county.
macro_rules! kept {
    ($name:ident in $table:ident by $id:ty) => {
        impl $name {
            /// Adds the row.
            ///
            /// # Errors
            /// [`crate::Stop::Rule`] where a unique key is taken; else the database's own.
            pub fn insert(&self, tx: &mut $crate::Tx<'_>) -> Result<(), $crate::Stop> {
                diesel::insert_into($table::table).values(self.values()).execute(tx.conn)?;
                Ok(())
            }

            /// Saves the row if it is still at its version, and counts the version up.
            ///
            /// # Errors
            /// `state.changed` where it has moved on; else as [`Self::insert`].
            pub fn save(&mut self, tx: &mut $crate::Tx<'_>) -> Result<(), $crate::Stop> {
                let row = $table::table
                    .find((self.county_id.bytes(), self.id.bytes()))
                    .filter($table::version.eq(self.version));
                self.version += 1;
                match diesel::update(row).set(self.values()).execute(tx.conn)? {
                    1 => Ok(()),
                    _ => Err(falin_domain::refusal::Refusal::new("state.changed").into()),
                }
            }

            /// The row with this id in this county.
            ///
            /// # Errors
            /// `not_found` where it is not there, or not in this county.
            pub fn by_id(
                tx: &mut $crate::Tx<'_>,
                county: falin_domain::words::CountyId,
                id: $id,
            ) -> Result<Self, $crate::Stop> {
                let row = $table::table.find((county.bytes(), id.bytes()));
                let row = row.select(Self::COLUMNS).first(tx.conn).optional()?;
                Self::from_row(row.ok_or_else(falin_domain::refusal::Refusal::absent)?)
            }

            /// Those of these rows that are there, asked for at once.
            ///
            /// # Errors
            /// The database's own.
            pub fn by_ids(
                tx: &mut $crate::Tx<'_>,
                county: falin_domain::words::CountyId,
                ids: &[$id],
            ) -> Result<std::collections::HashMap<$id, Self>, $crate::Stop> {
                if ids.is_empty() {
                    return Ok(std::collections::HashMap::new());
                }
                let ids = ids.iter().map(|id| id.bytes()).collect();
                let query = $table::table
                    .filter($table::county_id.eq(county.bytes()))
                    .filter($crate::said::one_of($table::id, ids))
                    .select(Self::COLUMNS);
                let rows = $crate::conn::direct!(tx.conn, conn => query.load(conn))?;
                rows.into_iter().map(|row| Self::from_row(row).map(|one| (one.id, one))).collect()
            }
        }
    };
}
pub(crate) use kept;

/// Rows of a noun from what diesel loaded.
macro_rules! load {
    ($name:ident, $query:expr, $tx:expr) => {
        $query
            .select($name::COLUMNS)
            .load($tx.conn)?
            .into_iter()
            .map($name::from_row)
            .collect::<Result<Vec<_>, $crate::Stop>>()
    };
}
pub(crate) use load;

/// As [`load`], by the shorter way of [`crate::conn::direct`], which a boxed query cannot take.
macro_rules! load_direct {
    ($name:ident, $query:expr, $tx:expr) => {{
        let query = $query.select($name::COLUMNS);
        $crate::conn::direct!($tx.conn, conn => query.load(conn))?
            .into_iter()
            .map($name::from_row)
            .collect::<Result<Vec<_>, $crate::Stop>>()
    }};
}
pub(crate) use load_direct;
