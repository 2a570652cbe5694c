use std::collections::{BTreeMap, BTreeSet};

use crate::{Question, QuestionId, Value};

/// What the rules make of a set of answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assessment {
    /// The questions that are shown.
    pub visible: BTreeSet<QuestionId>,
    /// Why each conditional question that is shown is shown: the conditions that hold.
    pub reasons: BTreeMap<QuestionId, Vec<Reason>>,
}

/// A condition that holds, so that a form can say "because *Personal data?* is Yes".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The question whose stored answer satisfies it.
    pub parent: QuestionId,
    /// Which of the question's conditions, counted from zero.
    pub condition: usize,
}

/// Decides all questions at once. `answers` holds the stored answer of each question, hidden ones
/// included: a hidden parent still counts (`contract.md` 6.1).
pub fn assess(questions: &[Question], answers: &BTreeMap<QuestionId, Value>) -> Assessment {
    let mut assessment = Assessment::default();
    for question in questions {
        if question.is_shown(|id| answers.get(&id)) {
            assessment.visible.insert(question.id);
            let reasons = question.reasons(|id| answers.get(&id));
            if !reasons.is_empty() {
                assessment.reasons.insert(question.id, reasons);
            }
        }
    }
    assessment
}

/// The questions to decide again after the answer to `parent` changed. Nothing is transitive: what
/// depends on those stays as it is.
pub fn dependents(questions: &[Question], parent: QuestionId) -> impl Iterator<Item = &Question> {
    questions.iter().filter(move |question| question.depends_on(parent))
}

impl Question {
    /// Decides this question alone.
    pub fn is_shown<'a>(&self, stored: impl Fn(QuestionId) -> Option<&'a Value>) -> bool {
        self.visibility.as_ref().is_none_or(|visibility| visibility.holds(stored))
    }

    /// The conditions that hold. With [`Logic::And`](crate::Logic::And) some may hold although the
    /// question is hidden.
    pub fn reasons<'a>(&self, stored: impl Fn(QuestionId) -> Option<&'a Value>) -> Vec<Reason> {
        let conditions = self.visibility.iter().flat_map(|visibility| &visibility.conditions);
        conditions
            .enumerate()
            .filter(|(_, condition)| condition.holds(&stored))
            .map(|(index, condition)| Reason { parent: condition.parent, condition: index })
            .collect()
    }

    /// Whether the answer to `parent` can change whether this question is shown.
    pub fn depends_on(&self, parent: QuestionId) -> bool {
        let mut conditions = self.visibility.iter().flat_map(|visibility| &visibility.conditions);
        conditions.any(|condition| condition.parent == parent)
    }
}
