use std::collections::{BTreeMap, BTreeSet};

use crate::{Condition, Logic, Question, QuestionId, Value};

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
    let shown = questions.iter().filter_map(|question| {
        Some((question.id, question.reasons_if_shown(|id| answers.get(&id))?))
    });
    let shown: Vec<_> = shown.collect();
    Assessment {
        visible: shown.iter().map(|(id, _)| *id).collect(),
        reasons: shown.into_iter().filter(|(_, reasons)| !reasons.is_empty()).collect(),
    }
}

/// An assessment that follows the answers: after a change, only what depends on it is decided again.
///
/// Nothing is transitive: a hidden question's answer counts, so that what depends on a question that
/// appears stays as it is.
#[derive(Clone, Debug)]
pub struct Live<'a> {
    questions: &'a [Question],
    /// The places of the questions that have a condition on each question.
    dependents: BTreeMap<QuestionId, Vec<usize>>,
    assessment: Assessment,
}

impl<'a> Live<'a> {
    /// Decides all questions.
    pub fn new(questions: &'a [Question], answers: &BTreeMap<QuestionId, Value>) -> Self {
        let mut dependents = BTreeMap::<_, Vec<usize>>::new();
        for (place, question) in questions.iter().enumerate() {
            let parents: BTreeSet<_> = question.conditions().iter().map(|it| it.parent).collect();
            for parent in parents {
                dependents.entry(parent).or_default().push(place);
            }
        }
        Self { questions, dependents, assessment: assess(questions, answers) }
    }

    /// What the rules make of the answers.
    pub fn assessment(&self) -> &Assessment {
        &self.assessment
    }

    /// The questions to decide again after the answer to `parent` changed, in their order.
    pub fn dependents(&self, parent: QuestionId) -> impl Iterator<Item = &'a Question> {
        let places = self.dependents.get(&parent).map(Vec::as_slice).unwrap_or_default();
        let questions = self.questions;
        places.iter().map(move |place| &questions[*place])
    }

    /// Takes over that the answer to `parent` is another one, or is there, or is not. All other
    /// answers have to be what they were.
    pub fn changed(&mut self, parent: QuestionId, answers: &BTreeMap<QuestionId, Value>) {
        for place in self.dependents.get(&parent).into_iter().flatten() {
            let question = &self.questions[*place];
            let Assessment { visible, reasons } = &mut self.assessment;
            match question.reasons_if_shown(|id| answers.get(&id)) {
                Some(holding) => {
                    visible.insert(question.id);
                    reasons.insert(question.id, holding);
                }
                None => {
                    visible.remove(&question.id);
                    reasons.remove(&question.id);
                }
            }
        }
    }
}

impl Question {
    /// Decides this question alone.
    pub fn is_shown<'a>(&self, stored: impl Fn(QuestionId) -> Option<&'a Value>) -> bool {
        self.visibility.as_ref().is_none_or(|visibility| visibility.holds(stored))
    }

    /// The conditions that hold. With [`Logic::And`] some may hold although the question is hidden.
    pub fn reasons<'a>(&self, stored: impl Fn(QuestionId) -> Option<&'a Value>) -> Vec<Reason> {
        self.conditions()
            .iter()
            .enumerate()
            .filter(|(_, condition)| condition.holds(&stored))
            .map(|(index, condition)| Reason { parent: condition.parent, condition: index })
            .collect()
    }

    /// The same, if they suffice for the question to be shown. Asks each condition once.
    fn reasons_if_shown<'a>(
        &self,
        stored: impl Fn(QuestionId) -> Option<&'a Value>,
    ) -> Option<Vec<Reason>> {
        let Some(visibility) = &self.visibility else { return Some(Vec::new()) };
        let reasons = self.reasons(stored);
        let enough = match visibility.logic {
            Logic::And => visibility.conditions.len(),
            Logic::Or => visibility.conditions.len().min(1),
        };
        (reasons.len() >= enough).then_some(reasons)
    }

    fn conditions(&self) -> &[Condition] {
        self.visibility.as_ref().map(|it| it.conditions.as_slice()).unwrap_or_default()
    }
}
