use std::collections::BTreeSet;

use crate::QuestionId;

/// How much is answered, as the server counts: rows over questions, so several authors can bring it
/// above 100 (`contract.md` 7.3).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Percentage {
    /// There are no questions. The server sends the integer `100`.
    NoQuestions,
    /// Rounded half to even to one decimal.
    Of(f64),
}

/// Where a checklist stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// How much is answered.
    pub percentage: Percentage,
    /// Required questions without any row, in the order of the checklist, shown or not.
    pub unanswered_required: Vec<QuestionId>,
}

/// Counts how far a checklist is answered.
///
/// `questions` are all questions in the order of the checklist, each with whether it is required,
/// shown or not. `rows` names the question of every stored answer, by any user, so that one
/// question may come several times.
pub fn progress(
    questions: &[(QuestionId, bool)],
    rows: impl IntoIterator<Item = QuestionId>,
) -> Progress {
    let mut answered = BTreeSet::new();
    let mut count = 0_u32;
    for question in rows {
        answered.insert(question);
        count += 1;
    }
    let unanswered = |&&(id, required): &&(QuestionId, bool)| required && !answered.contains(&id);
    Progress {
        percentage: Percentage::of(count, questions.len()),
        unanswered_required: questions.iter().filter(unanswered).map(|&(id, _)| id).collect(),
    }
}

impl Percentage {
    /// Stored answers, by any user, over questions.
    pub fn of(rows: u32, questions: usize) -> Self {
        match questions {
            0 => Self::NoQuestions,
            total => Self::Of(round_to_tenth(f64::from(rows) / total as f64 * 100.0)),
        }
    }

    /// The percentage for a progress bar, which ends at 100.
    pub fn clamped(self) -> f64 {
        match self {
            Self::NoQuestions => 100.0,
            Self::Of(percentage) => percentage.clamp(0.0, 100.0),
        }
    }
}

/// Python's `round(x, 1)`: the decimal expansion of the float is rounded, ties to even. Formatting
/// does exactly that, arithmetic with 10 does not.
fn round_to_tenth(x: f64) -> f64 {
    format!("{x:.1}").parse().unwrap_or(x)
}
