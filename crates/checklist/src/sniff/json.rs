/// Deeper than this, libmagic gives up.
const MOST_LEVELS: usize = 500;

/// Recognises JSON with an object or an array on top, and several of them in a row. The reader is
/// libmagic's: commas may be too many, strings may hold raw line breaks.
pub(super) fn sniff(bytes: &[u8]) -> Option<&'static str> {
    let mut reader = Reader { rest: bytes };
    reader.skip_space();
    let first = *reader.rest.first().filter(|b| matches!(b, b'{' | b'['))?;
    reader.value(0)?;
    match reader.rest.first() {
        None => Some("application/json"),
        Some(next) if *next == first => reader.value(1).map(|()| "application/x-ndjson"),
        Some(_) => None,
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn skip_space(&mut self) {
        let n = self.rest.iter().take_while(|b| matches!(b, b' ' | b'\n' | b'\r' | b'\t')).count();
        self.rest = &self.rest[n..];
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// A value and the space around it.
    fn value(&mut self, level: usize) -> Option<()> {
        if level > MOST_LEVELS {
            return None;
        }
        self.skip_space();
        match *self.rest.first()? {
            b'"' => self.string()?,
            b'[' => self.items(b']', |reader| reader.value(level + 1))?,
            b'{' => self.items(b'}', |reader| {
                reader.string()?;
                reader.skip_space();
                (reader.next()? == b':').then_some(())?;
                reader.value(level + 1)
            })?,
            b't' => self.word(b"true")?,
            b'f' => self.word(b"false")?,
            b'n' => self.word(b"null")?,
            _ => self.number()?,
        }
        self.skip_space();
        Some(())
    }

    fn items(&mut self, end: u8, item: impl Fn(&mut Self) -> Option<()>) -> Option<()> {
        self.next()?;
        loop {
            self.skip_space();
            if *self.rest.first()? == end {
                self.next();
                return Some(());
            }
            item(self)?;
            match self.next()? {
                b',' => {}
                mark if mark == end => return Some(()),
                _ => return None,
            }
        }
    }

    fn string(&mut self) -> Option<()> {
        if self.next()? != b'"' {
            return None;
        }
        loop {
            match self.next()? {
                b'"' => return Some(()),
                0 => return None,
                b'\\' => match self.next()? {
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                    b'u' => {
                        for _ in 0..4 {
                            self.next().filter(u8::is_ascii_hexdigit)?;
                        }
                    }
                    _ => return None,
                },
                _ => {}
            }
        }
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.rest = self.rest.strip_prefix(word)?;
        Some(())
    }

    fn number(&mut self) -> Option<()> {
        self.skip(b"-");
        let mut has_digits = self.digits();
        self.skip(b".");
        has_digits |= self.digits();
        if has_digits && self.skip(b"eE") {
            self.skip(b"+-");
            has_digits = self.digits();
        }
        has_digits.then_some(())
    }

    fn skip(&mut self, any_of: &[u8]) -> bool {
        let is_there = self.rest.first().is_some_and(|b| any_of.contains(b));
        self.rest = &self.rest[usize::from(is_there)..];
        is_there
    }

    fn digits(&mut self) -> bool {
        let n = self.rest.iter().take_while(|b| b.is_ascii_digit()).count();
        self.rest = &self.rest[n..];
        n > 0
    }
}
