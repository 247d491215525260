//! Every "no" the system says, as one table: code, kind, and through the code its message.

use std::fmt;

use serde::Serialize;

use crate::fault::Spot;

/// What sort of "no" it is; each has one HTTP status.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 400: the request itself is malformed.
    Malformed,
    /// 401: nobody is signed in.
    Unauthenticated,
    /// 403: signed in, but not for this.
    Denied,
    /// 404: it does not exist, or not for this visitor.
    Absent,
    /// 405: not this way.
    Method,
    /// 408: it did not arrive in time.
    Timeout,
    /// 409: it clashes with what is there now.
    Conflict,
    /// 413: more than is accepted.
    TooLarge,
    /// 415: not in this format.
    MediaType,
    /// 422: understood, and against a rule.
    Invalid,
    /// 429: too often.
    TooMany,
    /// 500: our own fault; the answer carries an id that is also in the log.
    Failed,
    /// 503: not now; worth trying again.
    Unavailable,
}

impl Kind {
    /// The HTTP status of this kind (RFC 9110).
    pub const fn status(self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::Unauthenticated => 401,
            Self::Denied => 403,
            Self::Absent => 404,
            Self::Method => 405,
            Self::Timeout => 408,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::MediaType => 415,
            Self::Invalid => 422,
            Self::TooMany => 429,
            Self::Failed => 500,
            Self::Unavailable => 503,
        }
    }
}

macro_rules! refusals {
    ($($code:literal $kind:ident;)*) => {
        /// Every refusal code with its kind; a code that is not here cannot be said.
        pub const TABLE: &[(&str, Kind)] = &[$(($code, Kind::$kind)),*];
    };
}

refusals! {
    "access.denied" Denied;
    "access.unauthenticated" Unauthenticated;
    "account.activation_invalid" Invalid;
    "account.disabled" Denied;
    "account.last_security_admin" Conflict;
    "account.name_taken" Conflict;
    "account.own" Conflict;
    "account.roles_exclude" Invalid;
    "account.signin_failed" Unauthenticated;
    "account.too_many_attempts" TooMany;
    "account.totp_required" Unauthenticated;
    "account.wider" Denied;
    "audit.broken" Conflict;
    "backup.damaged" Invalid;
    "backup.key_missing" Invalid;
    "booking.closed" Invalid;
    "booking.conflict" Conflict;
    "booking.grid" Invalid;
    "booking.past" Invalid;
    "booking.too_far" Invalid;
    "card.revoked" Absent;
    "category.overlap" Conflict;
    "case.none_waiting" Conflict;
    "case.number_taken" Conflict;
    "committee.chair" Conflict;
    "committee.duplicate" Conflict;
    "case.offered" Conflict;
    "case.once" Invalid;
    "case.own_draft" Invalid;
    "case.restricted" Denied;
    "case.slip_unknown" Absent;
    "case.too_early" Invalid;
    "csrf.invalid" Denied;
    "county.unknown" Invalid;
    "database.busy" Unavailable;
    "database.newer" Conflict;
    "database.not_empty" Conflict;
    "database.unsure" Unavailable;
    "database.unwritable" Unavailable;
    "deputy.overlap" Conflict;
    "division.has_children" Conflict;
    "division.unknown" Invalid;
    "duty.away" Conflict;
    "duty.overlap" Conflict;
    "duty.swap_open" Conflict;
    "file.too_large" TooLarge;
    "file.unreadable" Invalid;
    "firm.duplicate" Conflict;
    "firm.has_workers" Conflict;
    "form.invalid" Invalid;
    "form.too_large" TooLarge;
    "group.taken" Conflict;
    "header.missing" Invalid;
    "household.duplicate" Conflict;
    "household.in_use" Conflict;
    "household.restricted" Conflict;
    "idempotency.acted" Conflict;
    "idempotency.mismatch" Invalid;
    "import.changed" Conflict;
    "import.persons" Invalid;
    "import.refused_head" Invalid;
    "import.undone" Conflict;
    "import.used" Conflict;
    "key.missing" Unavailable;
    "member.duplicate" Conflict;
    "not_found" Absent;
    "notary.matter_taken" Conflict;
    "package.bomb" Invalid;
    "package.border" Invalid;
    "package.crate" Invalid;
    "package.declaration" Invalid;
    "package.exec_stack" Invalid;
    "package.glibc" Invalid;
    "package.hash" Invalid;
    "package.template" Invalid;
    "package.key_unreadable" Invalid;
    "package.machine" Invalid;
    "package.paper" Invalid;
    "package.paper_of_house" Invalid;
    "package.path" Invalid;
    "package.revoked" Invalid;
    "package.signature" Invalid;
    "package.too_large" TooLarge;
    "package.unlisted" Invalid;
    "package.unreadable" Invalid;
    "package.unsigned" Invalid;
    "package.untrusted" Invalid;
    "page.cursor" Invalid;
    "page.limit" Malformed;
    "pairing.capacity" Conflict;
    "pairing.conflict" Conflict;
    "pairing.consent_missing" Conflict;
    "pairing.not_active" Conflict;
    "pairing.overlap" Conflict;
    "paper.early" Conflict;
    "paper.no_form" Conflict;
    "paper.stands" Conflict;
    "paper.void" Conflict;
    "plan.changed" Conflict;
    "plan.committed" Conflict;
    "plan.nothing_to_do" Invalid;
    "plan.override_reason" Invalid;
    "plan.too_early" Conflict;
    "plan.undone" Conflict;
    "plan.used" Conflict;
    "platform.under_way" Conflict;
    "plugin.asleep" Unavailable;
    "plugin.disabled" Unavailable;
    "plugin.failed" Unavailable;
    "plugin.folder_there" Conflict;
    "plugin.migration" Conflict;
    "plugin.moves" Conflict;
    "plugin.not_for_county" Invalid;
    "plugin.not_granted" Conflict;
    "plugin.older" Conflict;
    "plugin.open_cases" Conflict;
    "plugin.prefix_taken" Conflict;
    "plugin.page" Unavailable;
    "plugin.quarantined" Unavailable;
    "plugin.refused" Invalid;
    "plugin.trial" Invalid;
    "plugin.unknown" Absent;
    "plugin.version_taken" Conflict;
    "post.overlap" Conflict;
    "rate.limited" TooMany;
    "request.malformed" Malformed;
    "request.media_type" MediaType;
    "request.method" Method;
    "request.timeout" Timeout;
    "restriction.four_eyes" Conflict;
    "restriction.not_due" Conflict;
    "restriction.open" Conflict;
    "search.digits" Invalid;
    "server.failed" Failed;
    "state.changed" Conflict;
    "action.not_allowed" Invalid;
    "worker.duplicate" Conflict;
}

/// One field's fault: the form control's name, a code (`field-…` message) and what the message speaks of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FieldError {
    /// Name of the form control or JSON member.
    pub name: String,
    /// Message code, such as `phone.invalid` or `required`.
    pub code: String,
    /// Arguments of the message; never personal data.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<(String, String)>,
    /// Where it is, for a fault of a file that was handed in.
    #[serde(skip)]
    pub spot: Option<Box<Spot>>,
}

/// A refused request: what was refused, why, and at which fields.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    code: &'static str,
    kind: Kind,
    /// Faults tied to fields, in the form's order.
    pub fields: Vec<FieldError>,
    /// Arguments of the message; never personal data.
    pub args: Vec<(&'static str, String)>,
}

impl Refusal {
    /// The refusal with this code.
    ///
    /// # Panics
    /// In tests and debug builds when `code` is not in [`TABLE`]; a release build answers as `form.invalid`.
    pub fn new(code: &'static str) -> Self {
        let row = TABLE.iter().find(|(known, _)| *known == code);
        debug_assert!(row.is_some(), "refusal code {code} is not in the table");
        let (code, kind) = row.copied().unwrap_or(("form.invalid", Kind::Invalid));
        Self { code, kind, fields: Vec::new(), args: Vec::new() }
    }

    /// A form with faults at fields (`form.invalid`, 422).
    pub fn form(fields: Vec<FieldError>) -> Self {
        Self { fields, ..Self::new("form.invalid") }
    }

    /// One fault at one field.
    pub fn field(name: &str, code: &str) -> Self {
        Self::form(vec![FieldError::new(name, code)])
    }

    /// "It does not exist": the same for a foreign id and a random one.
    pub fn absent() -> Self {
        Self::new("not_found")
    }

    /// Adds an argument that the message speaks of.
    pub fn with(mut self, key: &'static str, value: impl fmt::Display) -> Self {
        self.args.push((key, value.to_string()));
        self
    }

    /// Whether somebody else changed the row after the version that was seen.
    pub fn is_stale(&self) -> bool {
        self.code() == "state.changed"
    }

    /// Stable code, such as `state.changed`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Its kind, which fixes the HTTP status.
    pub fn kind(&self) -> Kind {
        self.kind
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

impl std::error::Error for Refusal {}

impl FieldError {
    /// A fault without arguments. The name may be what a stranger sent: no control character of it goes back.
    pub fn new(name: &str, code: &str) -> Self {
        let name = name.chars().filter(|c| !c.is_control()).collect();
        Self { name, code: code.to_owned(), args: Vec::new(), spot: None }
    }

    /// Adds an argument that the message speaks of.
    pub fn with(mut self, key: &str, value: impl fmt::Display) -> Self {
        self.args.push((key.to_owned(), value.to_string()));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_refusals_carry_their_kind() {
        let mut codes: Vec<_> = TABLE.iter().map(|row| row.0).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), TABLE.len());
        assert_eq!(Refusal::new("state.changed").kind().status(), 409);
        assert_eq!(Refusal::field("phone", "phone.invalid").code(), "form.invalid");
    }
}
