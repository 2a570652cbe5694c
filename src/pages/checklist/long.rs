//! A list of any length: what is seen first is drawn first, and the rest while the browser is idle,
//! so that a checklist of 500 questions opens like one of five.

use leptos::prelude::*;

use crate::draft::{Asked, Draft};

/// How many questions one part of a long checklist has.
const PART: usize = 25;

/// How many are drawn before the first paint.
const FIRST: usize = 8;

/// How many are drawn in each frame after it.
const SLICE: usize = 16;

/// Whether a checklist is drawn in parts.
pub(super) fn is_long(draft: Draft) -> bool {
    draft.questions().len() > 2 * PART
}

/// How many items of a list are drawn.
#[derive(Clone, Copy)]
pub(super) struct Drawn(RwSignal<usize>);

impl Drawn {
    /// Begins with the first slice of `len` items and goes on by itself.
    pub(super) fn begin(len: impl Fn() -> usize + Copy + 'static) -> Self {
        let drawn = RwSignal::new(FIRST);
        go_on(drawn, len);
        Self(drawn)
    }

    /// How many items there are of the `len` in the list.
    pub(super) fn of(self, len: usize) -> usize {
        self.0.get().min(len)
    }

    /// Draws everything now, since the person goes somewhere in the list.
    pub(super) fn all(self) {
        self.0.set(usize::MAX);
    }
}

fn go_on(drawn: RwSignal<usize>, len: impl Fn() -> usize + Copy + 'static) {
    request_animation_frame(move || {
        // The page may be gone by now.
        let Some(count) = drawn.try_get_untracked() else { return };
        if count < untrack(len) {
            drawn.set(count + SLICE);
            go_on(drawn, len);
        } else {
            drawn.set(usize::MAX);
        }
    });
}

/// One part of a long checklist.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Part(pub(super) usize);

impl Part {
    /// The parts of a list; a short one is one.
    pub(super) fn all(len: usize) -> impl Iterator<Item = Self> {
        (0..len.div_ceil(PART)).map(Self)
    }

    /// Which of the items are in this part.
    pub(super) fn range(self, len: usize) -> std::ops::Range<usize> {
        (self.0 * PART).min(len)..((self.0 + 1) * PART).min(len)
    }

    /// The id of its heading.
    pub(super) fn dom_id(self) -> String {
        format!("part-{}", self.0 + 1)
    }
}

/// The questions of `part` that are drawn.
pub(super) fn drawn_of(part: Part, questions: &[Asked], drawn: Drawn) -> Vec<Asked> {
    let drawn = drawn.of(questions.len());
    let range = part.range(questions.len());
    questions[range.start.min(drawn)..range.end.min(drawn)].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_in_one_part() {
        for len in [0, 1, PART - 1, PART, PART + 1, 500] {
            let all: Vec<_> = Part::all(len).flat_map(|part| part.range(len)).collect();
            assert_eq!(all, (0..len).collect::<Vec<_>>());
        }
        assert_eq!(Part(9).range(3), 3..3);
    }
}
