use std::ops::RangeInclusive;

use super::{Bits, Entry};

/// Which accounts a person sees (`contract.md` 4.2).
#[derive(Debug)]
pub(crate) enum Sight {
    /// Staff and support: all.
    Everything,
    /// The rest of us.
    Some {
        /// Who looks: everybody sees their own.
        person: u32,
        /// Offerings whose accounts can be seen at all.
        open: Bits,
        /// Offerings on which, or on whose organisation, they have a role.
        provided: Bits,
        /// Offerings that reach them through a project or a group of organisations.
        reached: Bits,
        /// People they know, whose accounts at `reached` they see.
        known: Bits,
        /// People whose identities they manage.
        managed: Bits,
    },
}

impl Sight {
    fn sees(&self, entry: &Entry) -> bool {
        match self {
            Self::Everything => true,
            Self::Some { person, open, provided, reached, known, managed } => {
                open.contains(entry.offering)
                    && (entry.person == *person
                        || provided.contains(entry.offering)
                        || (reached.contains(entry.offering) && known.contains(entry.person))
                        || managed.contains(entry.person))
            }
        }
    }
}

/// Where the words of a search were found. One place is enough.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) offerings: Bits,
    pub(crate) people: Bits,
    pub(crate) accounts: Bits,
}

impl Found {
    fn hold(&self, account: u32, entry: &Entry) -> bool {
        self.people.contains(entry.person)
            || self.accounts.contains(account)
            || self.offerings.contains(entry.offering)
    }
}

/// What a list asks for. `None` asks for nothing.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) sight: Sight,
    /// Where consent is enforced: the offerings where other people's accounts are hidden unless they
    /// agreed.
    pub(crate) consent_needed: Option<Bits>,
    pub(crate) offerings: Option<Bits>,
    pub(crate) people: Option<Bits>,
    /// A bit for each state by its number (`contract.md` 3.1).
    pub(crate) states: Option<u16>,
    /// A bit for each place in [`RUNTIME_STATES`](super::RUNTIME_STATES).
    pub(crate) runtime_states: Option<u8>,
    pub(crate) is_restricted: Option<bool>,
    pub(crate) has_consent: Option<bool>,
    pub(crate) created: RangeInclusive<i64>,
    pub(crate) modified: RangeInclusive<i64>,
    pub(crate) words: Option<Found>,
}

impl Wanted {
    /// Everything that can be seen.
    pub(crate) fn all(sight: Sight) -> Self {
        Self {
            sight,
            consent_needed: None,
            offerings: None,
            people: None,
            states: None,
            runtime_states: None,
            is_restricted: None,
            has_consent: None,
            created: i64::MIN..=i64::MAX,
            modified: i64::MIN..=i64::MAX,
            words: None,
        }
    }

    /// Leaves these offerings alone of those that were wanted.
    pub(crate) fn narrow(&mut self, offerings: Bits) {
        match &mut self.offerings {
            Some(wanted) => wanted.intersect(&offerings),
            None => self.offerings = Some(offerings),
        }
    }

    pub(super) fn holds(&self, account: u32, entry: &Entry) -> bool {
        let flag = |flag: u8, wanted: Option<bool>| {
            wanted.is_none_or(|wanted| (entry.flags & flag != 0) == wanted)
        };
        entry.flags != 0
            && self.states.is_none_or(|it| it >> entry.state & 1 == 1)
            && self.runtime_states.is_none_or(|it| it >> entry.runtime & 1 == 1)
            && flag(Entry::RESTRICTED, self.is_restricted)
            && flag(Entry::CONSENT, self.has_consent)
            && self.people.as_ref().is_none_or(|it| it.contains(entry.person))
            && is_within(&self.created, entry.created)
            && is_within(&self.modified, entry.modified)
            && self.offerings.as_ref().is_none_or(|it| it.contains(entry.offering))
            && self.words.as_ref().is_none_or(|it| it.hold(account, entry))
            && self.sight.sees(entry)
            && self.may_be_listed(entry)
    }

    fn may_be_listed(&self, entry: &Entry) -> bool {
        let Some(needed) = &self.consent_needed else { return true };
        let is_own = matches!(self.sight, Sight::Some { person, .. } if person == entry.person);
        is_own || entry.flags & Entry::CONSENT != 0 || !needed.contains(entry.offering)
    }
}

/// Without the question whether a range was used up, which is asked a million times otherwise.
fn is_within(range: &RangeInclusive<i64>, moment: i64) -> bool {
    *range.start() <= moment && moment <= *range.end()
}
