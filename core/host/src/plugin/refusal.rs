//! Why a library was not loaded: one reason each, said by the worker or found by the server.

use std::fmt;

/// Why a worker did not become ready.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refused {
    /// Neither Landlock nor a private root can be had, and nobody has overridden that by name.
    NoCage,
    /// The kernel takes no filter of system calls.
    NoFilter,
    /// There is no list of system calls for this machine.
    Machine,
    /// The process could not be started or did not do as told.
    Process,
    /// The system's loader refused the library; its own words.
    Unloadable(String),
    /// No `falin_plugin_v1`: no plugin, or one for another major version.
    NoSymbol,
    /// The symbol's function returned null.
    NoTable,
    /// The table does not begin with the magic number.
    Magic,
    /// The table is shorter than version 1.0's.
    Size,
    /// The table is of another major version.
    Major(u16),
    /// The library says another id than the manifest: this one, or none that can be read.
    Id(String),
    /// The library says another version than the manifest: this one, or none that can be read.
    Version(String),
    /// The library was built with another manifest.
    Manifest,
    /// A function of the table is null.
    NoFunction,
    /// `create` came back with this status.
    Create(i32),
    /// The process died while it loaded the library.
    Died,
    /// It sent what does not belong there.
    Lied,
    /// It was not ready in time.
    Late,
}

impl Refused {
    /// The word that messages are keyed by.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoCage => "no_cage",
            Self::NoFilter => "no_filter",
            Self::Machine => "machine",
            Self::Process => "process",
            Self::Unloadable(_) => "unloadable",
            Self::NoSymbol => "no_symbol",
            Self::NoTable => "no_table",
            Self::Magic => "magic",
            Self::Size => "size",
            Self::Major(_) => "major",
            Self::Id(_) => "id",
            Self::Version(_) => "version",
            Self::Manifest => "manifest",
            Self::NoFunction => "no_function",
            Self::Create(_) => "create",
            Self::Died => "died",
            Self::Lied => "lied",
            Self::Late => "late",
        }
    }

    /// What stands behind the reason: the loader's words, a version, a status; empty for most.
    pub fn detail(&self) -> String {
        match self {
            Self::Unloadable(words) | Self::Id(words) | Self::Version(words) => words.clone(),
            Self::Major(major) => major.to_string(),
            Self::Create(status) => status.to_string(),
            _ => String::new(),
        }
    }

    /// Whether it is the machine that cannot, rather than the library that may not.
    pub fn is_the_machines(&self) -> bool {
        matches!(self, Self::NoCage | Self::NoFilter | Self::Machine | Self::Process)
    }

    /// As it travels: the code, a zero byte, the detail.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut detail = self.detail();
        detail.truncate(detail.floor_char_boundary(500));
        format!("{}\0{detail}", self.code()).into_bytes()
    }

    /// What a worker's bytes say. They are a library's word as much as the worker's, so that only known reasons pass.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (code, detail) = std::str::from_utf8(bytes).ok()?.split_once('\0')?;
        Some(match code {
            "unloadable" => Self::Unloadable(plain(detail)),
            "id" => Self::Id(plain(detail)),
            "version" => Self::Version(plain(detail)),
            "major" => Self::Major(detail.parse().ok()?),
            "create" => Self::Create(detail.parse().ok()?),
            code => Self::PLAIN.iter().find(|plain| plain.code() == code)?.clone(),
        })
    }

    const PLAIN: [Self; 10] = [
        Self::NoCage,
        Self::NoFilter,
        Self::Machine,
        Self::Process,
        Self::NoSymbol,
        Self::NoTable,
        Self::Magic,
        Self::Size,
        Self::Manifest,
        Self::NoFunction,
    ];
}

fn plain(words: &str) -> String {
    words.chars().filter(|c| !c.is_control()).collect()
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.detail().as_str() {
            "" => f.write_str(self.code()),
            detail => write!(f, "{}: {detail}", self.code()),
        }
    }
}

impl std::error::Error for Refused {}
