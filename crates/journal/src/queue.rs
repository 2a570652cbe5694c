use std::collections::BTreeMap;

/// How long a change may wait for more, in milliseconds. A change has to be on the disk 250 ms after
/// the key was pressed, and encrypting and writing need their share of that.
pub const DELAY: u64 = 40;

/// Says what is to be written, and when. Each thing has a key; only the newest state of it counts.
/// Times are milliseconds of any clock that does not go back.
///
/// While a thing is being written, it is not written a second time, so that an older state can never
/// replace a newer one.
#[derive(Clone, Debug)]
pub struct Queue<K> {
    things: BTreeMap<K, State>,
    /// The last attempt failed, and the person knows.
    is_troubled: bool,
}

/// Where a thing stands that is not written. What is written is not in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Is to be written at this time.
    Due(u64),
    /// Is being written. It has changed meanwhile, and the new state is due at this time.
    Writing(Option<u64>),
    /// Could not be written. Is tried again with the next change.
    Failed,
}

impl<K> Default for Queue<K> {
    fn default() -> Self {
        Self { things: BTreeMap::new(), is_troubled: false }
    }
}

impl<K: Copy + Ord> Queue<K> {
    /// Something has changed. Later changes do not put off the writing. What failed before is tried
    /// again with it.
    pub fn changed(&mut self, key: K, now: u64) {
        let due = now.saturating_add(DELAY);
        for state in self.things.values_mut().filter(|it| **it == State::Failed) {
            *state = State::Due(due);
        }
        match self.things.entry(key).or_insert(State::Due(due)) {
            State::Writing(again) => {
                again.get_or_insert(due);
            }
            State::Due(_) | State::Failed => {}
        }
    }

    /// What is to be written now. Each is then on its way, until [`written`](Self::written) or
    /// [`failed`](Self::failed) is called for it.
    pub fn take(&mut self, now: u64) -> Vec<K> {
        let mut taken = Vec::new();
        for (key, state) in &mut self.things {
            if matches!(*state, State::Due(due) if due <= now) {
                *state = State::Writing(None);
                taken.push(*key);
            }
        }
        taken
    }

    /// Lets nothing wait any longer: the page may be gone in a moment.
    pub fn hurry(&mut self) {
        for state in self.things.values_mut() {
            *state = match *state {
                State::Due(_) | State::Failed => State::Due(0),
                State::Writing(again) => State::Writing(again.map(|_| 0)),
            };
        }
    }

    /// A thing is written.
    pub fn written(&mut self, key: K) {
        self.is_troubled = false;
        self.end(key, None);
    }

    /// A thing could not be written. Says whether this is news: it is not while nothing was written
    /// since the last failure.
    pub fn failed(&mut self, key: K) -> bool {
        self.end(key, Some(State::Failed));
        !std::mem::replace(&mut self.is_troubled, true)
    }

    /// When [`take`](Self::take) has something next.
    pub fn next(&self) -> Option<u64> {
        let due = |state: &State| match state {
            State::Due(due) => Some(*due),
            State::Writing(_) | State::Failed => None,
        };
        self.things.values().filter_map(due).min()
    }

    /// Whether everything is written.
    pub fn is_settled(&self) -> bool {
        self.things.is_empty()
    }

    /// A thing is no longer on its way. What changed meanwhile is due; else `otherwise` holds.
    fn end(&mut self, key: K, otherwise: Option<State>) {
        let Some(State::Writing(again)) = self.things.get(&key).copied() else { return };
        match again.map(State::Due).or(otherwise) {
            Some(state) => self.things.insert(key, state),
            None => self.things.remove(&key),
        };
    }
}
