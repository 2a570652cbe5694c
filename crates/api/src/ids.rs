use std::{fmt, str::FromStr};

use uuid::Uuid;

/// Ids cannot stand for one another. They are read in both spellings and written as the server
/// writes them: 32 hex characters (`contract.md` 1.4).
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(pub Uuid);

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    self.0.simple().fmt(f)
                }
            }

            impl FromStr for $name {
                type Err = uuid::Error;

                fn from_str(text: &str) -> Result<Self, Self::Err> {
                    Uuid::try_parse(text).map(Self)
                }
            }
        )+
    };
}

ids! {
    /// A person's account at one offering.
    OfferingUserId,
    /// An offering.
    OfferingId,
    /// An organisation. The one that owns an offering is its provider.
    CustomerId,
    /// A person.
    UserId,
    /// A checklist.
    ChecklistId,
    /// A consent.
    ConsentId,
    /// The service-provider record of an organisation; not the organisation's own id.
    ProviderId,
}
