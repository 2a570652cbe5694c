/// A set of keys.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    /// Of so many keys from 0 on, those for which something holds.
    pub(super) fn of(keys: usize, holds: impl Fn(u32) -> bool) -> Self {
        let word = |place: usize| {
            let keys = place * 64..keys.min(place * 64 + 64);
            keys.rev().fold(0, |word, key| word << 1 | u64::from(holds(key as u32)))
        };
        Self((0..keys.div_ceil(64)).map(word).collect())
    }

    pub(crate) fn insert(&mut self, key: u32) {
        let place = (key / 64) as usize;
        if self.0.len() <= place {
            self.0.resize(place + 1, 0);
        }
        self.0[place] |= 1 << (key % 64);
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
