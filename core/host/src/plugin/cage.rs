//! Which cage a worker is in, which ones are allowed, and which one can be had on this machine.

/// What keeps a worker from files; both have the filters on system calls, the limits and their own user.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cage {
    /// Landlock with no rule: nothing can be opened. Kernels since 5.13.
    Landlock,
    /// A root directory that holds the library and nothing else, in namespaces of its own.
    PrivateRoot,
}

impl Cage {
    /// The word for `doctor` and for settings.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Landlock => "landlock",
            Self::PrivateRoot => "private-root",
        }
    }

    pub(super) const fn number(self) -> u8 {
        match self {
            Self::Landlock => 1,
            Self::PrivateRoot => 2,
        }
    }

    pub(super) const fn from_number(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::Landlock),
            2 => Some(Self::PrivateRoot),
            _ => None,
        }
    }
}

/// Which cages the operator allows.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum CageChoice {
    /// Landlock, else a private root, else nothing is loaded.
    #[default]
    Best,
    /// This one or none at all.
    Only(Cage),
}

impl CageChoice {
    /// The word of a setting: `best`, `landlock`, `private-root`.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "best" => Some(Self::Best),
            "landlock" => Some(Self::Only(Cage::Landlock)),
            "private-root" => Some(Self::Only(Cage::PrivateRoot)),
            _ => None,
        }
    }

    /// The same word back.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Best => "best",
            Self::Only(cage) => cage.word(),
        }
    }

    /// The cage to enter on a machine that has Landlock or not; None where what was named is missing.
    pub(super) const fn resolve(self, landlock: bool) -> Option<Cage> {
        match (self, landlock) {
            (Self::Best | Self::Only(Cage::Landlock), true) => Some(Cage::Landlock),
            (Self::Only(Cage::Landlock), false) => None,
            (Self::Best, false) | (Self::Only(Cage::PrivateRoot), _) => Some(Cage::PrivateRoot),
        }
    }
}
