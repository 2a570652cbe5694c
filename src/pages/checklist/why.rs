//! Why a conditional question is shown, in words.

use std::sync::Arc;

use api::FormQuestion;
use checklist::{Condition, Operator, Value};
use leptos::prelude::*;

use super::answer::words;
use crate::{
    draft::Draft,
    i18n::{say, t},
    ui::{Fold, live},
};

/// "Why is this asked?" – because *Personal data?* is Yes.
#[component]
pub(super) fn WhyShown(question: Arc<FormQuestion>, draft: Draft) -> impl IntoView {
    question.question.visibility.as_ref()?;
    let reasons = move || {
        let conditions = question.question.visibility.iter().flat_map(|it| &it.conditions);
        let line = |condition| because(draft, condition).map(|it| view! { <li>{it}</li> });
        conditions.filter_map(line).collect_view()
    };
    Some(view! {
        <Fold class="why" label=t!(checklist.why)>
            <ul>{live(reasons.clone())}</ul>
        </Fold>
    })
}

/// A condition that holds, as a reason.
fn because(draft: Draft, condition: &Condition) -> Option<String> {
    let parent = draft.entry(condition.parent)?;
    let answer = parent.value()?;
    condition.operator.holds(&answer, &condition.required).then(|| {
        let question = parent.question();
        let answer = words(&question.question.kind, &answer);
        say!(checklist.because, question = question.question.text.clone(), answer = answer)
    })
}

/// When a question that is not shown would be: "if *Personal data?* equals Yes".
pub(super) fn shown_if(draft: Draft, question: &FormQuestion) -> Vec<String> {
    let conditions = question.question.visibility.iter().flat_map(|it| &it.conditions);
    let line = |condition: &Condition| {
        let parent = draft.entry(condition.parent)?.question();
        let label = |value: &Value| words(&parent.question.kind, value);
        let rule = rule_words(&condition.operator, &condition.required, label);
        Some(say!(checklist.shown_if, question = parent.question.text.clone(), rule = rule))
    };
    conditions.filter_map(line).collect()
}

/// A rule in words: "equals Yes", "is one of Health, Genetics".
pub(crate) fn rule_words(
    operator: &Operator,
    required: &Value,
    label: impl Fn(&Value) -> String,
) -> String {
    let one = label(required);
    match operator {
        Operator::Equals => say!(rule.equals, value = one),
        Operator::NotEquals => say!(rule.not_equals, value = one),
        Operator::Contains => say!(rule.contains, value = one),
        Operator::In => say!(rule.is_in, value = one),
        Operator::NotIn => say!(rule.not_in, value = one),
        Operator::Unknown(name) => name.clone(),
    }
}
