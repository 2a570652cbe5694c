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
    fn is_own(&self, entry: &Entry) -> bool {
        matches!(self, Self::Some { person, .. } if *person == entry.person)
    }

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

    /// Leaves those that are wanted of up to 64 accounts. `present` has a bit for each that there is,
    /// the lowest for `first`, which is the first of `entries`, too. What nobody asks about costs
    /// nothing, and what is asked is asked only about those that are left.
    pub(super) fn leave(&self, first: u32, entries: &[Entry], present: u64) -> u64 {
        let mut left = Left { bits: present, entries };
        if let Some(states) = self.states {
            left.keep(|_, it| states >> it.state & 1 == 1);
        }
        if let Some(states) = self.runtime_states {
            left.keep(|_, it| states >> it.runtime & 1 == 1);
        }
        for (flag, wanted) in
            [(Entry::RESTRICTED, self.is_restricted), (Entry::CONSENT, self.has_consent)]
        {
            if let Some(wanted) = wanted {
                left.keep(|_, it| (it.flags & flag != 0) == wanted);
            }
        }
        if let Some(people) = &self.people {
            left.keep(|_, it| people.contains(it.person));
        }
        if let Some((start, end)) = limits(&self.created) {
            left.keep(|_, it| start <= it.created && it.created <= end);
        }
        if let Some((start, end)) = limits(&self.modified) {
            left.keep(|_, it| start <= it.modified && it.modified <= end);
        }
        if let Some(offerings) = &self.offerings {
            left.keep(|_, it| offerings.contains(it.offering));
        }
        if let Some(words) = &self.words {
            left.keep(|place, it| words.hold(first + place, it));
        }
        if matches!(self.sight, Sight::Some { .. }) {
            left.keep(|_, it| self.sight.sees(it));
        }
        if let Some(needed) = &self.consent_needed {
            left.keep(|_, it| {
                self.sight.is_own(it)
                    || it.flags & Entry::CONSENT != 0
                    || !needed.contains(it.offering)
            });
        }
        left.bits
    }
}

/// Those of up to 64 accounts that are left.
struct Left<'a> {
    bits: u64,
    entries: &'a [Entry],
}

impl Left<'_> {
    /// Lets those go for which something does not hold. It is told their places among the 64.
    fn keep(&mut self, holds: impl Fn(u32, &Entry) -> bool) {
        let mut ahead = self.bits;
        while ahead != 0 {
            let place = ahead.trailing_zeros();
            ahead &= ahead - 1;
            let is_kept = self.entries.get(place as usize).is_some_and(|it| holds(place, it));
            self.bits &= !(u64::from(!is_kept) << place);
        }
    }
}

/// Both ends of a range, unless it leaves nothing out.
fn limits(range: &RangeInclusive<i64>) -> Option<(i64, i64)> {
    let limits = (*range.start(), *range.end());
    Some(limits).filter(|it| *it != (i64::MIN, i64::MAX))
}
