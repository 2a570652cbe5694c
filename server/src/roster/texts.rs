use memchr::memmem;

use super::{Bits, slot};

/// The texts of many things in one piece of memory, so that one pass finds those that contain a word.
/// A thing may have several texts.
#[derive(Default)]
pub(super) struct Texts {
    /// The texts of each key with [`BETWEEN`] between them and [`END`] behind them.
    bytes: Vec<u8>,
    /// Where the texts of each key begin, in the order of the bytes, and whose they are.
    starts: Vec<(u32, u32)>,
    /// Where a key's texts are. `None` has none, which is not the same as an empty one.
    places: Vec<Option<Place>>,
    /// Whose texts have a letter, by the letter, if it is ASCII: the one kind of word that is in so
    /// many texts that going from one to the next takes long.
    letters: Vec<Bits>,
    /// How many bytes belong to nobody any more.
    dead: usize,
}

#[derive(Clone, Copy)]
struct Place {
    start: u32,
    length: std::num::NonZeroU32,
}

/// No bytes of any text in UTF-8.
const BETWEEN: u8 = 0xfe;
const END: u8 = 0xff;

/// All of ASCII.
const LETTERS: usize = 128;

impl Texts {
    /// Makes room for the texts of so many keys.
    pub(super) fn reserve(&mut self, keys: usize) {
        /// About what a person's names take.
        const LENGTH: usize = 28;
        self.bytes.reserve_exact(keys * LENGTH);
        self.starts.reserve_exact(keys);
        self.places.reserve_exact(keys + 1);
    }

    /// One of the texts of a key, counted from zero.
    pub(super) fn text(&self, key: u32, number: usize) -> Option<&[u8]> {
        self.get(key)?.split(|byte| *byte == BETWEEN).nth(number)
    }

    /// All texts of a key.
    pub(super) fn get(&self, key: u32) -> Option<&[u8]> {
        let place = (*self.places.get(key as usize)?)?;
        let start = place.start as usize;
        // The length counts the end.
        self.bytes.get(start..start + place.length.get() as usize - 1)
    }

    /// Gives a key other texts, or none.
    pub(super) fn set(&mut self, key: u32, texts: &[&str]) {
        let joined = texts.iter().map(|it| it.as_bytes()).collect::<Vec<_>>().join(&BETWEEN);
        if !texts.is_empty() && self.get(key) == Some(&joined) {
            return;
        }
        self.forget(key);
        if !texts.is_empty() {
            self.append(key, &joined);
        }
        if self.dead > 1 << 16 && self.dead * 2 > self.bytes.len() {
            self.compact();
        }
    }

    fn forget(&mut self, key: u32) {
        let Some(place) = self.places.get_mut(key as usize).and_then(Option::take) else { return };
        let start = place.start as usize;
        let length = place.length.get() as usize;
        let text = &mut self.bytes[start..start + length];
        for byte in text.iter() {
            if let Some(keys) = self.letters.get_mut(usize::from(*byte)) {
                keys.remove(key);
            }
        }
        text.fill(END);
        self.dead += length;
    }

    fn append(&mut self, key: u32, text: &[u8]) {
        let length = u32::try_from(text.len() + 1).ok().and_then(std::num::NonZeroU32::new);
        let (Ok(start), Some(length)) = (u32::try_from(self.bytes.len()), length) else {
            // Four gigabytes of names: what does not fit is not found.
            return;
        };
        self.letters.resize_with(LETTERS, Bits::default);
        for byte in text {
            if let Some(keys) = self.letters.get_mut(usize::from(*byte)) {
                keys.reserve(self.places.capacity());
                keys.insert(key);
            }
        }
        self.bytes.extend_from_slice(text);
        self.bytes.push(END);
        self.starts.push((start, key));
        *slot(&mut self.places, key) = Some(Place { start, length });
    }

    fn compact(&mut self) {
        let mut compact = Self::default();
        for key in 0..self.places.len() as u32 {
            if let Some(text) = self.get(key) {
                compact.append(key, text);
            }
        }
        *self = compact;
    }

    /// The keys that have texts.
    pub(super) fn keys(&self) -> impl Iterator<Item = u32> {
        (0..).zip(&self.places).filter(|(_, place)| place.is_some()).map(|(key, _)| key)
    }

    /// The keys that have a text with `words` in it.
    pub(super) fn find(&self, words: &str) -> Bits {
        if let [letter] = words.as_bytes() {
            return self.letters.get(usize::from(*letter)).cloned().unwrap_or_default();
        }
        let mut found = Bits::default();
        let finder = memmem::Finder::new(words);
        let mut index = 0;
        let mut from = 0;
        while let Some(hit) = finder.find(&self.bytes[from..]) {
            let hit = from + hit;
            index = self.text_at(hit, index);
            found.insert(self.starts[index].1);
            // One hit for each key is enough.
            index += 1;
            match self.starts.get(index) {
                Some((next, _)) => from = *next as usize,
                None => break,
            }
        }
        found
    }
}

impl Texts {
    /// The index of the text in which a byte is, which is not before `index`. Hits are often close
    /// to each other, so it looks near first and then further and further.
    fn text_at(&self, byte: usize, mut index: usize) -> usize {
        let begins_by =
            |it: usize| self.starts.get(it).is_some_and(|(start, _)| *start as usize <= byte);
        let mut step = 1;
        while begins_by(index + step) {
            index += step;
            step *= 2;
        }
        while step > 1 {
            step /= 2;
            if begins_by(index + step) {
                index += step;
            }
        }
        index
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(texts: &Texts, words: &str) -> Vec<u32> {
        let found = texts.find(words);
        (0..100).filter(|key| found.contains(*key)).collect()
    }

    #[test]
    fn words_are_found_inside_and_not_across() {
        let mut texts = Texts::default();
        texts.set(1, &["alice"]);
        texts.set(2, &["bob"]);
        texts.set(7, &["malik", "kalle"]);
        texts.set(9, &[""]);
        assert_eq!(found(&texts, "ali"), [1, 7]);
        assert_eq!(found(&texts, "b"), [2]);
        assert_eq!(found(&texts, "k"), [7]);
        assert_eq!(found(&texts, "z"), [0; 0]);
        assert_eq!(found(&texts, "eb"), [0; 0]);
        assert_eq!(found(&texts, "kk"), [0; 0]);
        assert_eq!(texts.text(7, 1), Some(&b"kalle"[..]));
        assert_eq!((texts.get(9), texts.get(3)), (Some(&b""[..]), None));
    }

    #[test]
    fn a_text_that_was_replaced_is_found_no_more() {
        let mut texts = Texts::default();
        for round in 0..40_000 {
            for key in 0..3 {
                texts.set(key, &[&format!("text {round} of {key}")]);
            }
        }
        texts.set(1, &[]);
        texts.set(2, &["other 39999 of"]);
        assert_eq!(found(&texts, "x"), [0]);
        assert_eq!(found(&texts, "o"), [0, 2]);
        texts.set(2, &["text 39999 of"]);
        assert_eq!(found(&texts, "text 39999 of"), [0, 2]);
        assert_eq!(found(&texts, "text 39998"), [0; 0]);
        assert!(texts.bytes.len() < 1 << 18, "{}", texts.bytes.len());
    }
}
