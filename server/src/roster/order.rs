use std::{cmp::Ordering, thread};

use super::{Bits, Roster};

/// What accounts can be sorted by (`contract.md` 2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Username,
    Created,
    Modified,
    FirstName,
    LastName,
}

impl Key {
    const ALL: [Self; 5] =
        [Self::Username, Self::Created, Self::Modified, Self::FirstName, Self::LastName];

    /// Names compare by their characters, whatever their case. Accounts without a name come last, as
    /// PostgreSQL puts them, and so first when the order is turned round.
    fn compare(self, roster: &Roster, left: u32, right: u32) -> Ordering {
        let (one, other) = (roster.entry(left), roster.entry(right));
        let names = |number: usize| {
            let people = &roster.people;
            people.text(one.person, number).cmp(&people.text(other.person, number))
        };
        match self {
            Self::Username => {
                let (one, other) = (roster.names.get(left), roster.names.get(right));
                one.is_none().cmp(&other.is_none()).then_with(|| one.cmp(&other))
            }
            Self::Created => one.created.cmp(&other.created),
            Self::Modified => one.modified.cmp(&other.modified),
            Self::FirstName => names(0),
            Self::LastName => names(1),
        }
    }
}

/// An order: what decides first, and what decides between equals.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sorting {
    pub(crate) first: Direction,
    pub(crate) then: Vec<Direction>,
}

/// A key, and whether the largest comes first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Direction {
    pub(crate) key: Key,
    pub(crate) descending: bool,
}

impl Direction {
    fn compare(self, roster: &Roster, left: u32, right: u32) -> Ordering {
        let ordering = self.key.compare(roster, left, right);
        if self.descending { ordering.reverse() } else { ordering }
    }
}

/// The accounts in ascending order by each key; equals in the order they were made.
#[derive(Default)]
pub(super) struct Orders([Vec<u32>; Key::ALL.len()]);

impl Orders {
    pub(super) fn sorted(roster: &Roster) -> Self {
        let all: Vec<u32> = (0..)
            .zip(&roster.accounts)
            .filter(|(_, entry)| entry.flags != 0)
            .map(|(account, _)| account)
            .collect();
        let sorted = |key: Key| {
            let mut order = all.clone();
            order.sort_unstable_by(|left, right| compare(roster, key, *left, *right));
            order
        };
        thread::scope(|scope| {
            let threads = Key::ALL.map(|key| scope.spawn(move || sorted(key)));
            Self(threads.map(|it| it.join().unwrap_or_else(|it| std::panic::resume_unwind(it))))
        })
    }

    /// Takes an account out, while the roster still knows it as it was.
    pub(super) fn remove(&mut self, roster: &Roster, account: u32) {
        for (key, order) in Key::ALL.into_iter().zip(&mut self.0) {
            if let Ok(place) = place(roster, key, order, account) {
                order.remove(place);
            }
        }
    }

    /// Puts an account where it belongs now.
    pub(super) fn insert(&mut self, roster: &Roster, account: u32) {
        for (key, order) in Key::ALL.into_iter().zip(&mut self.0) {
            if let Err(place) = place(roster, key, order, account) {
                order.insert(place, account);
            }
        }
    }

    /// The selected accounts from `offset` on, `limit` at most.
    pub(super) fn window(
        &self,
        roster: &Roster,
        selected: &Bits,
        sorting: &Sorting,
        offset: usize,
        limit: usize,
    ) -> Vec<u32> {
        let Sorting { first, then } = sorting;
        let order = &self.0[first.key as usize];
        let at =
            |place: usize| order[if first.descending { order.len() - 1 - place } else { place }];
        let is_selected = |place: &usize| selected.contains(at(*place));
        if then.is_empty() && !first.descending {
            let places = (0..order.len()).filter(is_selected);
            return places.skip(offset).take(limit).map(at).collect();
        }
        // Equals stand together, but not in the order that is asked for: the window is widened to
        // all of those at its edges.
        let Some(middle) = (0..order.len()).filter(is_selected).nth(offset) else {
            return Vec::new();
        };
        let equal = |one: usize, other: usize| {
            first.key.compare(roster, at(one), at(other)) == Ordering::Equal
        };
        let start = (0..middle).rev().take_while(|place| equal(*place, middle)).last();
        let start = start.unwrap_or(middle);
        let before = (start..middle).filter(is_selected).count();
        let mut window: Vec<usize> = Vec::new();
        for place in (start..order.len()).filter(is_selected) {
            let is_full = window.len() >= before + limit;
            if is_full && window.last().is_some_and(|last| !equal(*last, place)) {
                break;
            }
            window.push(place);
        }
        let mut window: Vec<u32> = window.into_iter().map(at).collect();
        window.sort_by(|left, right| {
            let mut ordering = first.compare(roster, *left, *right);
            for direction in then {
                ordering = ordering.then_with(|| direction.compare(roster, *left, *right));
            }
            ordering.then(left.cmp(right))
        });
        window.into_iter().skip(before).take(limit).collect()
    }
}

fn compare(roster: &Roster, key: Key, left: u32, right: u32) -> Ordering {
    key.compare(roster, left, right).then(left.cmp(&right))
}

/// Where an account is in an order, or where it would be.
fn place(roster: &Roster, key: Key, order: &[u32], account: u32) -> Result<usize, usize> {
    order.binary_search_by(|other| compare(roster, key, *other, account))
}
