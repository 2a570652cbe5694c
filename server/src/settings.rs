//! How a server behaves, decided when it starts.

/// Which Waldur the server behaves like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Today's, with the differences that `server/DIFFERENCES.md` lists.
    #[default]
    Current,
    /// The older one of the first API page: nothing that `contract.md` marks as new.
    Seed,
    /// Today's, with its looser rules: whoever sees an account may approve it (`contract.md` 4.3),
    /// and files are only for their authors (5.4).
    Upstream,
}

impl Profile {
    /// All of them, with the names that the command line knows.
    pub const ALL: [(&'static str, Self); 3] =
        [("current", Self::Current), ("seed", Self::Seed), ("upstream", Self::Upstream)];

    /// Whether what `contract.md` marks as new is there.
    pub(crate) fn is_new(self) -> bool {
        self != Self::Seed
    }

    /// Whether the rules of Waldur hold that this server tightens otherwise.
    pub(crate) fn is_loose(self) -> bool {
        self == Self::Upstream
    }
}

/// How a server behaves.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings {
    /// Which Waldur it behaves like.
    pub profile: Profile,
    /// `ENFORCE_USER_CONSENT_FOR_OFFERINGS`: lists leave out other people's accounts where terms are
    /// in force and were not agreed to (`contract.md` 4.2).
    pub enforce_consent: bool,
}
