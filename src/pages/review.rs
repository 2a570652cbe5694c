//! The reviewer's view of one account: what was flagged and by which rule, then every answer.

use api::{ReviewForm, ReviewQuestion};
use checklist::{Kind, Value};
use leptos::prelude::*;

use crate::{
    format,
    i18n::{count, say, t},
    load::{Loaded, load},
    pages::{
        Heading, account_in_path,
        checklist::{AnswerText, rule_words, words as answer_words},
        not_found::NotFound,
        words,
    },
    path::Path,
    ui::{Glyph, Icon, Problem, SkeletonShape, Tag, TagTone, Tone, live},
};

#[component]
pub(crate) fn ReviewPage() -> impl IntoView {
    let id = account_in_path();
    live(move || match id.get() {
        Some(id) => {
            let account = load(move || Some(api::retrieve_offering_user(id)));
            let review = load(move || Some(api::checklist_review(id)));
            let person = Signal::derive(move || account.with(words::person).unwrap_or_default());
            let place =
                move || account.with(|it| format!("{} · {}", it.offering_name, it.customer_name));
            view! {
                <nav class="back">
                    <a href=Path::Account(id).to_string()>
                        <Icon glyph=Glyph::ChevronLeft/>
                        {t!(checklist.back_to_account)}
                    </a>
                </nav>
                <div class="sheet">
                    <header class="sheet__head">
                        <Heading text=Signal::derive(move || say!(review.title, person = person.get()))/>
                        <p class="soft">{place}</p>
                    </header>
                    <Loaded load=review shape=SkeletonShape::Page let:form>
                        {view! { <Answers form/> }.into_any()}
                    </Loaded>
                    <div class="sheet__foot">
                        <a href=Path::Account(id).to_string() class="button button--primary">
                            {t!(review.to_actions)}
                        </a>
                        <p class="soft">{t!(review.no_notes)}</p>
                    </div>
                </div>
            }
            .into_any()
        }
        None => view! { <NotFound/> }.into_any(),
    })
}

#[component]
fn Answers(form: Signal<ReviewForm>) -> impl IntoView {
    let flagged = move || {
        let form = form.read();
        form.questions.iter().filter(|it| it.requires_review).cloned().collect::<Vec<_>>()
    };
    let all = move || form.read().questions.clone();
    let status = move || {
        let form = form.read();
        let open = form.completion.completion.unanswered_required_questions.len() as u64;
        let percent = format::percent(form.completion.completion.percentage.shown());
        let percent = say!(account.percent, percent = percent);
        match open {
            0 => percent,
            open => format!(
                "{percent} · {}",
                count!(open, required_open_single, required_open_several in account)
            ),
        }
    };
    let reviewed = move || {
        let completion = &form.read().completion;
        let by = completion.reviewed_by_name.clone()?;
        let at = completion.reviewed_at.as_ref().map(format::moment).unwrap_or_default();
        Some((say!(review.reviewed, by = by, at = at), completion.review_notes.clone()))
    };
    view! {
        <p class="soft">{live(move || form.read().checklist.name.clone())} " · " {status}</p>
        {live(move || reviewed().map(|(title, notes)| view! {
            <Problem tone=Tone::Info title=Signal::stored(title)><p>{notes}</p></Problem>
        }))}
        <section class="card" aria-label=t!(review.flagged)>
            <div class="card__head">
                <h2>{t!(review.flagged)}</h2>
                <Tag
                    tone=Signal::derive(move || if flagged().is_empty() { TagTone::Good } else { TagTone::Waiting })
                    label=Signal::derive(move || count!(flagged().len() as u64, flagged_single, flagged_several in review))
                />
            </div>
            {live(move || flagged().is_empty().then(|| view! { <p class="soft">{t!(review.none_flagged)}</p> }))}
            <ul class="reviews">
                {live(move || flagged().into_iter().map(|it| view! { <Flagged question=it/> }).collect_view())}
            </ul>
        </section>
        <section class="sheet__section">
            <h2>{t!(review.all)}</h2>
            <ol class="questions questions--reading">
                {live(move || all().into_iter().map(|it| view! { <Answered question=it/> }).collect_view())}
            </ol>
        </section>
    }
}

/// A flagged answer beside the rule that flagged it.
#[component]
fn Flagged(question: ReviewQuestion) -> impl IntoView {
    let why = reason(&question);
    view! {
        <li class="review">
            <p class="question__text">{question.base.question.text.clone()}</p>
            <AnswerText kind=question.base.question.kind.clone() value=Signal::stored(answer(&question))/>
            <p class="review__rule"><Icon glyph=Glyph::Flag/>{why}</p>
        </li>
    }
}

#[component]
fn Answered(question: ReviewQuestion) -> impl IntoView {
    let author = question.base.existing.as_ref().map(|it| {
        say!(review.answered_by, person = it.author.clone(), at = format::moment(&it.modified))
    });
    view! {
        <li class="reading">
            <p class="question__text">
                {question.base.question.text.clone()}
                {question.base.question.required.then(|| view! {
                    " "
                    <span class="question__required">{t!(checklist.required)}</span>
                })}
                {question.requires_review.then(|| view! {
                    " "
                    <span class="review__mark"><Icon glyph=Glyph::Flag/>{t!(review.mark)}</span>
                })}
            </p>
            <AnswerText kind=question.base.question.kind.clone() value=Signal::stored(answer(&question))/>
            {author.map(|it| view! { <p class="soft reading__author">{it}</p> })}
        </li>
    }
}

fn answer(question: &ReviewQuestion) -> Option<Value> {
    question.base.existing.as_ref().map(|it| it.value.clone())
}

/// Why an answer is flagged, in words. The server fixes the flag when the answer is created, so the
/// rule may not hold for the answer as it is now (`contract.md` 7.2).
fn reason(question: &ReviewQuestion) -> String {
    let trigger = &question.trigger;
    if trigger.always {
        return say!(review.always);
    }
    let kind = &question.base.question.kind;
    let rule = rule_words(&trigger.operator, &trigger.required, |value| in_words(kind, value));
    match answer(question) {
        Some(value) if trigger.fires(&value) => say!(review.because, rule = rule),
        _ => say!(review.because_before, rule = rule),
    }
}

/// A required value in words: a list names its elements one by one.
fn in_words(kind: &Kind, value: &Value) -> String {
    match (kind, value) {
        (Kind::SingleSelect(_) | Kind::MultiSelect(_), _) => answer_words(kind, value),
        (_, Value::List(items)) => {
            items.iter().map(|it| answer_words(kind, it)).collect::<Vec<_>>().join(", ")
        }
        _ => answer_words(kind, value),
    }
}
