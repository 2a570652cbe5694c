use std::{panic::resume_unwind, thread};

/// A set of keys.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    /// Makes room for so many keys at once.
    pub(super) fn reserve(&mut self, keys: usize) {
        self.0.reserve_exact((keys / 64 + 1).saturating_sub(self.0.len()));
    }

    /// Sixty-four keys at a time, those that `leave` leaves of them. It is told the first of the keys,
    /// and has a bit for each key that is there, the lowest for the first.
    pub(super) fn filtered(&self, leave: impl Fn(u32, u64) -> u64 + Sync) -> Self {
        /// So many words are worth a second thread.
        const MANY: usize = 1 << 10;
        let part = |first: u32, words: &[u64]| -> Vec<u64> {
            let firsts = (first..).step_by(64);
            let left =
                |(first, bits): (u32, &u64)| if *bits == 0 { 0 } else { leave(first, *bits) };
            firsts.zip(words).map(left).collect()
        };
        if self.0.len() < MANY {
            return Self(part(0, &self.0));
        }
        let (low, high) = self.0.split_at(self.0.len() / 2);
        thread::scope(|scope| {
            let high = scope.spawn(|| part(low.len() as u32 * 64, high));
            let mut left = part(0, low);
            left.append(&mut high.join().unwrap_or_else(|panic| resume_unwind(panic)));
            Self(left)
        })
    }

    pub(crate) fn insert(&mut self, key: u32) {
        let place = (key / 64) as usize;
        if self.0.len() <= place {
            self.0.resize(place + 1, 0);
        }
        self.0[place] |= 1 << (key % 64);
    }

    pub(super) fn remove(&mut self, key: u32) {
        if let Some(bits) = self.0.get_mut((key / 64) as usize) {
            *bits &= !(1 << (key % 64));
        }
    }

    pub(crate) fn contains(&self, key: u32) -> bool {
        self.0.get((key / 64) as usize).is_some_and(|bits| bits >> (key % 64) & 1 == 1)
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u64 {
        self.0.iter().map(|bits| u64::from(bits.count_ones())).sum()
    }

    /// All of them, from the smallest on.
    pub(crate) fn keys(&self) -> impl Iterator<Item = u32> {
        let all = (0..).zip(&self.0);
        all.filter(|(_, bits)| **bits != 0).flat_map(|(place, bits)| {
            (0..64).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| place * 64 + bit)
        })
    }

    /// Leaves what is not in `other`.
    pub(crate) fn subtract(&mut self, other: &Self) {
        for (bits, others) in self.0.iter_mut().zip(&other.0) {
            *bits &= !others;
        }
    }

    /// Leaves what is also in `other`.
    pub(crate) fn intersect(&mut self, other: &Self) {
        self.0.truncate(other.0.len());
        for (bits, others) in self.0.iter_mut().zip(&other.0) {
            *bits &= others;
        }
    }
}

impl FromIterator<u32> for Bits {
    fn from_iter<I: IntoIterator<Item = u32>>(keys: I) -> Self {
        let mut bits = Self::default();
        keys.into_iter().for_each(|key| bits.insert(key));
        bits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_are_filtered_like_few() {
        for keys in [0, 1, 63, 64, 65, 65_535, 65_536, 65_537, 200_001] {
            let all: Bits = (0..keys).filter(|key| key % 7 != 3).collect();
            let left = all.filtered(|first, bits| {
                (0..64)
                    .filter(|place| (first + place) % 5 == 0)
                    .fold(0, |left, place| left | 1 << place)
                    & bits
            });
            let expected: Vec<u32> = (0..keys).filter(|key| key % 7 != 3 && key % 5 == 0).collect();
            assert_eq!(left.keys().collect::<Vec<_>>(), expected, "{keys}");
            assert_eq!(left.count(), expected.len() as u64);
        }
    }

    #[test]
    fn what_was_removed_is_not_there() {
        let mut bits: Bits = [3, 64, 70].into_iter().collect();
        bits.remove(64);
        bits.remove(5);
        bits.remove(1_000_000);
        assert_eq!(bits.keys().collect::<Vec<_>>(), [3, 70]);
    }
}
