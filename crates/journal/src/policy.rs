/// What may be remembered of answers that are not saved. Later ones are stricter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Policy {
    /// On the device, encrypted, until the answers are saved or the person signs out.
    #[default]
    Encrypted,
    /// As long as the page is open.
    Memory,
    /// As long as the form is open.
    Off,
}

impl Policy {
    /// All of them, the loosest first.
    pub const ALL: [Self; 3] = [Self::Encrypted, Self::Memory, Self::Off];

    /// Its name in `config.json`, on the command line and in the browser's storage.
    pub fn name(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::Memory => "memory",
            Self::Off => "off",
        }
    }

    /// The policy of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// What holds where the operator of the site says this. A person can make it stricter, never
    /// looser.
    #[must_use]
    pub fn tightened_by(self, person: Option<Self>) -> Self {
        person.map_or(self, |it| it.max(self))
    }
}
