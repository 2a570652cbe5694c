use std::{cmp::Ordering, ops::Range, thread};

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
        let all: Vec<u32> = roster.present.keys().collect();
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
        let is_selected = |account: &&u32| selected.contains(**account);
        let mut places = (0..order.len()).filter(|place| selected.contains(order[*place]));
        let place = if first.descending { places.nth_back(offset) } else { places.nth(offset) };
        let Some(place) = place else { return Vec::new() };
        // Equals stand together, in the order they were made. Only of the first that are reached
        // some may belong before the window.
        let mut equals = equals(roster, first.key, order, place);
        let before = if first.descending { place + 1..equals.end } else { equals.start..place };
        let mut skipped = order[before].iter().filter(is_selected).count();
        let mut window = Vec::new();
        loop {
            let members = order[equals.clone()].iter().filter(is_selected);
            let missing = limit - window.len();
            if then.is_empty() {
                window.extend(members.skip(skipped).take(missing));
            } else {
                let members = members.copied().collect();
                window.extend(sorted_part(members, skipped, missing, |left, right| {
                    let mut decided = then.iter().map(|it| it.compare(roster, *left, *right));
                    decided.find(|it| it.is_ne()).unwrap_or_else(|| left.cmp(right))
                }));
            }
            let is_selected = |place: &usize| selected.contains(order[*place]);
            let next = if first.descending {
                (0..equals.start).rev().find(is_selected)
            } else {
                (equals.end..order.len()).find(is_selected)
            };
            match next.filter(|_| window.len() < limit) {
                Some(next) => equals = self::equals(roster, first.key, order, next),
                None => return window,
            }
            skipped = 0;
        }
    }
}

/// Where those stand that are equal to the account at `place`, which are often few.
fn equals(roster: &Roster, key: Key, order: &[u32], place: usize) -> Range<usize> {
    let account = order[place];
    let is_equal = |other: &u32| key.compare(roster, *other, account) == Ordering::Equal;
    let mut near = 1;
    while near <= place && is_equal(&order[place - near]) {
        near *= 2;
    }
    let from = place.saturating_sub(near);
    let start = from + order[from..place].partition_point(|other| !is_equal(other));
    let mut near = 1;
    while place + near < order.len() && is_equal(&order[place + near]) {
        near *= 2;
    }
    let until = order.len().min(place + near);
    let end = place + order[place..until].partition_point(is_equal);
    start..end
}

/// A part of some things when they are sorted. The rest of them need no order.
pub(super) fn sorted_part<T>(
    mut things: Vec<T>,
    skipped: usize,
    limit: usize,
    compare: impl Fn(&T, &T) -> Ordering,
) -> Vec<T> {
    let end = things.len().min(skipped.saturating_add(limit));
    if skipped >= end {
        return Vec::new();
    }
    if end < things.len() {
        things.select_nth_unstable_by(end, &compare);
        things.truncate(end);
    }
    things.select_nth_unstable_by(skipped, &compare);
    things.drain(..skipped);
    things.sort_unstable_by(compare);
    things
}

fn compare(roster: &Roster, key: Key, left: u32, right: u32) -> Ordering {
    key.compare(roster, left, right).then(left.cmp(&right))
}

/// Where an account is in an order, or where it would be.
fn place(roster: &Roster, key: Key, order: &[u32], account: u32) -> Result<usize, usize> {
    order.binary_search_by(|other| compare(roster, key, *other, account))
}
