//! Why a conditional question is shown, in words.

use api::FormQuestion;
use checklist::{Operator, Value};
use leptos::prelude::*;

use super::answer::words;
use crate::{
    draft::Draft,
    i18n::{say, t},
    ui::live,
};

/// A line that can be opened: "Why is this asked?" – because *Personal data?* is Yes.
#[component]
pub(super) fn WhyShown(question: FormQuestion, draft: Draft) -> impl IntoView {
    let visibility = question.question.visibility?;
    let reasons = move || {
        let form = draft.form();
        let holding = visibility.conditions.iter().filter(|condition| {
            draft
                .value(condition.parent)
                .is_some_and(|answer| condition.operator.holds(&answer, &condition.required))
        });
        holding
            .filter_map(|condition| {
                let parent = form.questions.iter().find(|it| it.question.id == condition.parent)?;
                let answer = words(&parent.question.kind, &draft.value(condition.parent)?);
                Some(say!(
                    checklist.because,
                    question = parent.question.text.clone(),
                    answer = answer
                ))
            })
            .collect::<Vec<_>>()
    };
    Some(view! {
        <details class="why">
            <summary>{t!(checklist.why)}</summary>
            <ul>
                {live(move || reasons().into_iter().map(|it| view! { <li>{it}</li> }).collect_view())}
            </ul>
        </details>
    })
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
