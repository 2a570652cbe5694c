//! The questions of a checklist, for people who answer, for reviewers and in the template.

use checklist::{
    Bounds, Choice, Condition, FileLimits, Kind, Likert, Logic, Operator, Question, QuestionId,
    RichText, Toolbar, Trigger, Value, Visibility,
};

use crate::{
    Timestamp,
    fields::{Fields, Record},
};

/// One question of the form.
#[derive(Clone, Debug, PartialEq)]
pub struct FormQuestion {
    /// What is asked; its visibility is set only where the conditions are [`Conditions::Known`].
    pub question: Question,
    /// Help, already chosen by the server for the caller's own saved answer.
    pub guidance: Option<String>,
    /// Position in the checklist; not unique.
    pub order: i64,
    /// The answer everybody sees: the oldest, whoever gave it.
    pub existing: Option<ExistingAnswer>,
    /// What is known of when it is shown.
    pub conditions: Conditions,
}

/// One question as a reviewer sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewQuestion {
    /// What the person who answers sees too.
    pub base: FormQuestion,
    /// When an answer needs a reviewer.
    pub trigger: Trigger,
    /// Whether the answer was flagged when it was created.
    pub requires_review: bool,
}

/// A saved answer.
#[derive(Clone, Debug, PartialEq)]
pub struct ExistingAnswer {
    /// The answer, as it was sent.
    pub value: Value,
    /// The full name of who gave it.
    pub author: String,
    /// When it last changed.
    pub modified: Timestamp,
    /// Whether it was flagged when it was created; only reviewers are told.
    requires_review: bool,
}

/// What is known of when a question is shown (`contract.md` 6.4).
#[derive(Clone, Debug, PartialEq)]
pub enum Conditions {
    /// An older server does not say. What it sends is shown; saving may bring more.
    Unknown,
    /// The question is always shown.
    Always,
    /// The question's visibility says it.
    Known,
    /// The server names a parent by a text that several questions or none have. It must not be
    /// guessed which is meant.
    Ambiguous(Vec<RawCondition>),
}

/// A condition as the server words it.
#[derive(Clone, Debug, PartialEq)]
pub struct RawCondition {
    /// The parent's words.
    pub question_description: String,
    /// The comparison.
    pub operator: Option<String>,
    /// What it compares with.
    pub required_value: Value,
}

/// The questions in a form, by their order.
pub(crate) fn form_questions(form: &Fields<'_>) -> Vec<FormQuestion> {
    let questions = form.essential_objects("questions");
    let parents = Parents::of(&questions);
    in_order(&questions).into_iter().map(|it| form_question(it, &parents)).collect()
}

/// The questions in a reviewer's form, by their order.
pub(crate) fn review_questions(form: &Fields<'_>) -> Vec<ReviewQuestion> {
    let questions = form.essential_objects("questions");
    let parents = Parents::of(&questions);
    in_order(&questions).into_iter().map(|it| review_question(it, &parents)).collect()
}

/// What has the same order stays as it came.
fn in_order<'a, 'b>(questions: &'b [Fields<'a>]) -> Vec<&'b Fields<'a>> {
    // Questions are few, and the code of a sort is large.
    let mut sorted: Vec<(i64, &Fields<'_>)> = Vec::new();
    for question in questions {
        let order = question.number("order");
        let at = sorted.partition_point(|(other, _)| *other <= order);
        sorted.insert(at, (order, question));
    }
    sorted.into_iter().map(|(_, question)| question).collect()
}

fn review_question(fields: &Fields<'_>, parents: &Parents) -> ReviewQuestion {
    let base = form_question(fields, parents);
    ReviewQuestion {
        trigger: Trigger {
            always: fields.flag("always_requires_review"),
            operator: Operator::from_name(&fields.text("operator")),
            required: fields.any("review_answer_value"),
        },
        requires_review: base.existing.as_ref().is_some_and(|it| it.requires_review),
        base,
    }
}

fn form_question(fields: &Fields<'_>, parents: &Parents) -> FormQuestion {
    let (conditions, visibility) = parents.conditions(fields);
    FormQuestion {
        question: Question {
            id: QuestionId(fields.id("uuid")),
            text: fields.text("description"),
            kind: kind(fields),
            required: fields.flag("required"),
            visibility,
        },
        guidance: fields.optional_text("user_guidance").filter(|it| !it.trim().is_empty()),
        order: fields.number("order"),
        existing: fields.optional_object("existing_answer").map(|it| ExistingAnswer::read(&it)),
        conditions,
    }
}

impl Record for ExistingAnswer {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            value: fields.any("answer_data"),
            author: fields.text("user_name"),
            modified: Timestamp(fields.text("modified")),
            requires_review: fields.flag("requires_review"),
        }
    }
}

fn kind(question: &Fields<'_>) -> Kind {
    let name = question.essential_text("question_type");
    match name.as_str() {
        "boolean" => Kind::Boolean,
        "single_select" => Kind::SingleSelect(question.records("question_options")),
        "multi_select" => Kind::MultiSelect(question.records("question_options")),
        "text_input" => Kind::TextInput,
        "text_area" => Kind::TextArea,
        "number" => Kind::Number(Bounds::read(question)),
        "date" => Kind::Date,
        "datetime" => Kind::DateTime,
        "year" => Kind::Year(Bounds::read(question)),
        "rating" => Kind::Rating(Bounds::read(question)),
        "phone_number" => Kind::PhoneNumber,
        "email" => Kind::Email,
        "url" => Kind::Url,
        "country" => Kind::Country,
        "likert" => Kind::Likert(Likert::read(question)),
        "rich_text" => Kind::RichText(RichText::read(question)),
        "file" => Kind::File(FileLimits::read(question)),
        "multiple_files" => Kind::MultipleFiles {
            limits: FileLimits::read(question),
            at_most: question.optional_number("max_files_count"),
        },
        _ => Kind::Unsupported(name),
    }
}

impl Record for Choice {
    fn read(fields: &Fields<'_>) -> Self {
        Self { id: fields.essential_text("uuid"), label: fields.text("label") }
    }
}

impl Record for Bounds {
    fn read(question: &Fields<'_>) -> Self {
        Self { min: bound(question.any("min_value")), max: bound(question.any("max_value")) }
    }
}

/// A bound as text: the server sends decimals as strings, but a number does no harm.
fn bound(value: Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text),
        number @ (Value::Int(_) | Value::Float(_)) => Some(number.python_repr()),
        _ => None,
    }
}

impl Record for Likert {
    fn read(question: &Fields<'_>) -> Self {
        Self {
            points: question.optional_number("likert_scale_length").unwrap_or(5),
            low: question.text("likert_low_label"),
            high: question.text("likert_high_label"),
            allow_na: question.flag("likert_allow_na"),
        }
    }
}

impl Record for RichText {
    fn read(question: &Fields<'_>) -> Self {
        Self {
            at_most: question.optional_number("rich_text_char_limit"),
            toolbar: match question.text("rich_text_toolbar_level").as_str() {
                "minimal" => Toolbar::Minimal,
                "extended" => Toolbar::Extended,
                _ => Toolbar::Standard,
            },
        }
    }
}

impl Record for FileLimits {
    fn read(question: &Fields<'_>) -> Self {
        Self {
            extensions: question.texts("allowed_file_types"),
            mime_types: question.texts("allowed_mime_types"),
            max_megabytes: question.optional_number("max_file_size_mb"),
        }
    }
}

/// Finds questions by their words.
struct Parents(Vec<(String, QuestionId)>);

impl Parents {
    fn of(questions: &[Fields<'_>]) -> Self {
        let parent = |it: &Fields<'_>| (it.text("description"), QuestionId(it.id("uuid")));
        Self(questions.iter().map(parent).collect())
    }

    /// The one question with these words.
    fn only(&self, text: &str) -> Option<QuestionId> {
        let mut found = self.0.iter().filter(|(it, _)| it == text).map(|(_, id)| *id);
        found.next().filter(|_| found.next().is_none())
    }

    /// When a question is shown. Older servers do not say; `null` means always.
    fn conditions(&self, question: &Fields<'_>) -> (Conditions, Option<Visibility>) {
        const KEY: &str = "dependencies_info";
        if !question.has(KEY) {
            return (Conditions::Unknown, None);
        }
        let Some(info) = question.optional_object(KEY) else { return (Conditions::Always, None) };
        let conditions: Vec<RawCondition> = info.records("conditions");
        if conditions.is_empty() {
            return (Conditions::Always, None);
        }
        let is_or = info.text("logic").eq_ignore_ascii_case("or");
        let logic = if is_or { Logic::Or } else { Logic::And };
        match conditions.iter().map(|it| self.condition(it)).collect() {
            Some(conditions) => (Conditions::Known, Some(Visibility { logic, conditions })),
            None => (Conditions::Ambiguous(conditions), None),
        }
    }

    fn condition(&self, raw: &RawCondition) -> Option<Condition> {
        Some(Condition {
            parent: self.only(&raw.question_description)?,
            operator: Operator::from_name(raw.operator.as_deref().unwrap_or_default()),
            required: raw.required_value.clone(),
        })
    }
}

impl Record for RawCondition {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            question_description: fields.text("question_description"),
            operator: fields.optional_text("operator"),
            required_value: fields.any("required_value"),
        }
    }
}
