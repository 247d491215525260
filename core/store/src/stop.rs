//! Why a store call stopped: a refusal of the domain, a busy database, or a fault to be logged.

use std::fmt;

use diesel::result::{DatabaseErrorKind, Error};
use falin_domain::refusal::Refusal;

/// What went wrong inside, for the operator's log; the client only sees that something did.
#[derive(Debug)]
pub struct Fault {
    /// Where it happened, such as `sqlite.commit`.
    pub place: &'static str,
    /// The library's own words; never a row's content.
    pub cause: String,
}

impl Fault {
    /// A fault at `place`.
    pub fn new(place: &'static str, cause: impl Into<String>) -> Self {
        Self { place, cause: cause.into() }
    }

    pub(crate) fn connect(error: diesel::ConnectionError) -> Stop {
        let cause = match error {
            diesel::ConnectionError::BadConnection(text) => text,
            other => other.to_string(),
        };
        Stop::Fault(Self::new("connect", cause))
    }
}

/// Why a call did not happen.
#[derive(Debug)]
pub enum Stop {
    /// The domain said no; the caller sees code, message and fields.
    Refused(Box<Refusal>),
    /// The database did not answer in time (503, worth trying again).
    Busy,
    /// A conflict between transactions on PostgreSQL; retried by the store.
    Retry,
    /// A unique key or a rule kept by the database was broken; use cases turn it into their refusal.
    Rule(String),
    /// A defect or a broken machine; logged, shown as "something went wrong here".
    Fault(Fault),
}

impl Stop {
    /// The refusal, if that is what it is.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Whether it says nothing of what was asked, only that the database could not do it now: asked again in a while,
    /// the same may be done.
    pub fn passes(&self) -> bool {
        match self {
            Self::Busy | Self::Retry => true,
            Self::Refused(no) => matches!(no.code(), "database.unsure" | "database.unwritable"),
            Self::Rule(_) | Self::Fault(_) => false,
        }
    }

    /// Whether what was asked for is not there.
    pub fn is_absent(&self) -> bool {
        self.refusal().is_some_and(|refusal| refusal.code() == "not_found")
    }

    /// Turns "it is not there" into the domain's refusal. A fault, or a database that did not answer, stays what it
    /// is: nobody is told that a thing does not exist because it could not be looked up.
    pub fn if_absent(self, refusal: impl FnOnce() -> Refusal) -> Self {
        if self.is_absent() { refusal().into() } else { self }
    }

    /// Turns a broken database rule into the domain's refusal; everything else stays.
    pub fn or_rule(self, code: &'static str) -> Self {
        match self {
            Self::Rule(_) => Refusal::new(code).into(),
            other => other,
        }
    }
}

/// What was found, or None where it is not there.
///
/// # Errors
/// Every other reason why it could not be looked up.
pub fn if_there<T>(found: Result<T, Stop>) -> Result<Option<T>, Stop> {
    match found {
        Err(stop) if stop.is_absent() => Ok(None),
        found => found.map(Some),
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        match &error {
            Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => Self::Retry,
            Error::DatabaseError(DatabaseErrorKind::ClosedConnection, _) => Self::Busy,
            // SQLite's readers are read-only on purpose, which comes as another kind.
            Error::DatabaseError(DatabaseErrorKind::ReadOnlyTransaction, info) => unwritable(info.message()),
            Error::DatabaseError(
                DatabaseErrorKind::UniqueViolation
                | DatabaseErrorKind::CheckViolation
                | DatabaseErrorKind::ForeignKeyViolation,
                info,
            ) => Self::Rule(info.constraint_name().unwrap_or(info.message()).to_owned()),
            Error::DatabaseError(_, info) => from_message(info.message()),
            other => Fault::new("query", other.to_string()).into(),
        }
    }
}

/// Triggers of both dialects raise `falin: rule`; SQLite reports them as Unknown. What diesel has no kind for is known by
/// its words, in English and as PostgreSQL says them where `lc_messages` is `zh_CN`.
fn from_message(message: &str) -> Stop {
    if let Some((_, rule)) = message.split_once("falin: ") {
        return Stop::Rule(rule.to_owned());
    }
    let busy = [
        "database is locked",
        "terminating connection",
        "server closed",
        "connection to server",
        "no connection to the server",
        "中断联接",
    ];
    let says = |words: &[&str]| words.iter().any(|words| message.contains(words));
    if says(&["deadlock detected", "could not serialize", "检测到死锁"]) {
        return Stop::Retry;
    }
    if says(&busy) {
        return Stop::Busy;
    }
    if says(&UNWRITABLE) {
        return unwritable(message);
    }
    Fault::new("database", message).into()
}

/// What PostgreSQL says of a disk that takes nothing more. SQLite's words are judged by its writer alone, since its
/// readers are read-only on purpose.
const UNWRITABLE: [&str; 7] = [
    "No space left on device",
    "could not extend file",
    "could not write to file",
    "in a read-only transaction",
    "无法扩展文件",
    "无法写入文件",
    "设备上没有空间",
];

/// The machine's fault goes to the log; the asker is told that nothing was done and reading goes on.
pub(crate) fn unwritable(cause: &str) -> Stop {
    tracing::error!(cause, "the database cannot be written");
    Refusal::new("database.unwritable").into()
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Busy => f.write_str("database.busy"),
            Self::Retry => f.write_str("database.retry"),
            Self::Rule(rule) => write!(f, "rule {rule}"),
            Self::Fault(fault) => write!(f, "{}: {}", fault.place, fault.cause),
        }
    }
}

impl std::error::Error for Stop {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_database_that_speaks_chinese_is_understood() {
        assert!(matches!(from_message("检测到死锁"), Stop::Retry));
        assert!(matches!(from_message("由于管理员命令中断联接"), Stop::Busy));
        let full = from_message("无法扩展文件 \"base/1/2\": 设备上没有空间");
        assert!(full.passes() && Stop::Busy.passes() && !Stop::from(Refusal::absent()).passes());
        assert_eq!(full.refusal().map(|refusal| refusal.code()), Some("database.unwritable"));
        assert!(matches!(from_message("关系 \"x\" 不存在"), Stop::Fault(_)));
    }

    #[test]
    fn only_what_is_not_there_becomes_a_refusal_of_its_own() {
        let unknown = || Refusal::field("worker", "worker.unknown");
        let code = |stop: Stop| stop.refusal().map(|refusal| refusal.code().to_owned());
        assert_eq!(code(Stop::from(Refusal::absent()).if_absent(unknown)).as_deref(), Some("form.invalid"));
        assert!(matches!(Stop::Busy.if_absent(unknown), Stop::Busy));
        assert!(matches!(Stop::Retry.if_absent(unknown), Stop::Retry));
        assert!(matches!(Stop::from(Fault::new("query", "x")).if_absent(unknown), Stop::Fault(_)));
        assert!(if_there::<()>(Err(Refusal::absent().into())).unwrap().is_none());
        assert!(matches!(if_there::<()>(Err(Stop::Busy)), Err(Stop::Busy)));
        assert_eq!(if_there(Ok(1)).unwrap(), Some(1));
    }
}
