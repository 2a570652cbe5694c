/// A set of keys.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
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
