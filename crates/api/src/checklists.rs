use checklist::{
    Bounds, Choice, Condition, FileLimits, Kind, Likert, Logic, Operator, Question, QuestionId,
    RichText, Toolbar, Trigger, Value, Visibility,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    ApiError, ChecklistId, Decode, Method, OfferingUserId, QueryString, Request, Response,
    Timestamp,
    offering_users::member,
    request::{decode_json, json},
};

/// The checklist of an account, as the person who answers it sees it (`contract.md` 5.1).
#[derive(Clone, Debug, PartialEq)]
pub struct ChecklistForm {
    /// Which checklist.
    pub checklist: ChecklistInfo,
    /// Where it stands.
    pub completion: Completion,
    /// Its questions, in order.
    pub questions: Vec<FormQuestion>,
}

/// The checklist of an account, as a reviewer sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewForm {
    /// Which checklist.
    pub checklist: ChecklistInfo,
    /// Where it stands, and what was flagged.
    pub completion: ReviewCompletion,
    /// The questions that are shown, in order.
    pub questions: Vec<ReviewQuestion>,
}

/// Which checklist.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ChecklistInfo {
    /// Identity.
    #[serde(default)]
    pub uuid: Option<ChecklistId>,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// What it is for; may be empty.
    #[serde(default)]
    pub description: String,
}

/// Where a checklist stands, by the server's count (`contract.md` 7.3).
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Completion {
    /// Whether every required question had an answer when answers were last saved.
    #[serde(default)]
    pub is_completed: bool,
    /// Answers over questions.
    #[serde(default, rename = "completion_percentage")]
    pub percentage: Percent,
    /// Required questions without an answer, shown or not.
    #[serde(default)]
    pub unanswered_required_questions: Vec<OpenQuestion>,
    /// The checklist's name.
    #[serde(default)]
    pub checklist_name: String,
    /// When it last changed.
    #[serde(default)]
    pub modified: Timestamp,
}

/// A percentage as the server counts it: several authors can bring it above 100.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Percent(f64);

impl Percent {
    /// For people: never below 0 or above 100.
    pub fn shown(self) -> f64 {
        // `clamp` would let a NaN through.
        if self.0 > 0.0 { self.0.min(100.0) } else { 0.0 }
    }
}

/// A required question without an answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OpenQuestion {
    /// Identity.
    pub uuid: Uuid,
    /// Its words.
    #[serde(default)]
    pub description: String,
}

/// Where a checklist stands, as a reviewer sees it (`contract.md` 7.4).
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewCompletion {
    /// What everybody sees.
    pub completion: Completion,
    /// Whether any answer is flagged.
    pub requires_review: bool,
    /// Who reviewed, if anybody did.
    pub reviewed_by_name: Option<String>,
    /// When.
    pub reviewed_at: Option<Timestamp>,
    /// What they noted; may be empty.
    pub review_notes: String,
    /// The flagged answers, with the rule of each.
    pub trigger_summary: Vec<TriggerSummary>,
}

/// One flagged answer in the summary. Answers are raw: option ids, not labels.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct TriggerSummary {
    /// The question's words.
    #[serde(default)]
    pub question: String,
    /// The answer.
    #[serde(default = "null")]
    pub answer: Value,
    /// What the rule compares with.
    #[serde(default = "null")]
    pub trigger_value: Value,
    /// The comparison.
    #[serde(default)]
    pub operator: Option<String>,
}

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
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct RawCondition {
    /// The parent's words.
    #[serde(default)]
    pub question_description: String,
    /// The comparison.
    #[serde(default)]
    pub operator: Option<String>,
    /// What it compares with.
    #[serde(default = "null")]
    pub required_value: Value,
}

fn null() -> Value {
    Value::Null
}

#[derive(Deserialize)]
struct FormWire {
    checklist: ChecklistInfo,
    completion: Completion,
    questions: Vec<QuestionWire>,
}

#[derive(Deserialize)]
struct ReviewWire {
    checklist: ChecklistInfo,
    completion: ReviewCompletionWire,
    questions: Vec<QuestionWire>,
}

#[derive(Deserialize)]
struct ReviewCompletionWire {
    #[serde(default)]
    is_completed: bool,
    #[serde(default)]
    completion_percentage: Percent,
    #[serde(default)]
    unanswered_required_questions: Vec<OpenQuestion>,
    #[serde(default)]
    checklist_name: String,
    #[serde(default)]
    modified: Timestamp,
    #[serde(default)]
    requires_review: bool,
    #[serde(default)]
    reviewed_by_name: Option<String>,
    #[serde(default)]
    reviewed_at: Option<Timestamp>,
    #[serde(default)]
    review_notes: Option<String>,
    #[serde(default)]
    review_trigger_summary: Vec<TriggerSummary>,
}

impl From<ReviewCompletionWire> for ReviewCompletion {
    fn from(wire: ReviewCompletionWire) -> Self {
        Self {
            completion: Completion {
                is_completed: wire.is_completed,
                percentage: wire.completion_percentage,
                unanswered_required_questions: wire.unanswered_required_questions,
                checklist_name: wire.checklist_name,
                modified: wire.modified,
            },
            requires_review: wire.requires_review,
            reviewed_by_name: wire.reviewed_by_name,
            reviewed_at: wire.reviewed_at,
            review_notes: wire.review_notes.unwrap_or_default(),
            trigger_summary: wire.review_trigger_summary,
        }
    }
}

/// A question as it travels, for people who answer, for reviewers and in the template.
#[derive(Deserialize)]
struct QuestionWire {
    uuid: Uuid,
    #[serde(default)]
    description: String,
    #[serde(default)]
    user_guidance: Option<String>,
    question_type: String,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    order: i64,
    #[serde(default)]
    existing_answer: Option<AnswerWire>,
    #[serde(default)]
    question_options: Option<Vec<OptionWire>>,
    #[serde(default)]
    min_value: Option<Value>,
    #[serde(default)]
    max_value: Option<Value>,
    #[serde(default)]
    allowed_file_types: Option<Vec<String>>,
    #[serde(default)]
    allowed_mime_types: Option<Vec<String>>,
    #[serde(default)]
    max_file_size_mb: Option<u32>,
    #[serde(default)]
    max_files_count: Option<u32>,
    #[serde(default)]
    likert_scale_length: Option<u8>,
    #[serde(default)]
    likert_low_label: Option<String>,
    #[serde(default)]
    likert_high_label: Option<String>,
    #[serde(default)]
    likert_allow_na: bool,
    #[serde(default)]
    rich_text_char_limit: Option<u32>,
    #[serde(default)]
    rich_text_toolbar_level: Option<String>,
    /// Absent on older servers; `null` where the question is always shown.
    #[serde(default, deserialize_with = "present")]
    dependencies_info: Option<Option<DependenciesWire>>,
    #[serde(default)]
    operator: Option<String>,
    #[serde(default = "null")]
    review_answer_value: Value,
    #[serde(default)]
    always_requires_review: bool,
}

/// Tells `null` from a missing key.
fn present<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

#[derive(Deserialize)]
struct AnswerWire {
    #[serde(default = "null")]
    answer_data: Value,
    #[serde(default)]
    user_name: Option<String>,
    #[serde(default)]
    modified: Timestamp,
    #[serde(default)]
    requires_review: bool,
}

#[derive(Deserialize)]
struct OptionWire {
    uuid: String,
    #[serde(default)]
    label: String,
}

#[derive(Deserialize)]
struct DependenciesWire {
    #[serde(default)]
    logic: String,
    #[serde(default)]
    conditions: Vec<RawCondition>,
}

/// A bound as text: the server sends decimals as strings, but a number does no harm.
fn bound(value: Option<Value>) -> Option<String> {
    match value? {
        Value::Text(text) => Some(text),
        number @ (Value::Int(_) | Value::Float(_)) => Some(number.python_repr()),
        _ => None,
    }
}

impl QuestionWire {
    fn kind(&mut self) -> Kind {
        let mut choices = || {
            let options = self.question_options.take().unwrap_or_default();
            options.into_iter().map(|it| Choice { id: it.uuid, label: it.label }).collect()
        };
        match self.question_type.as_str() {
            "single_select" => return Kind::SingleSelect(choices()),
            "multi_select" => return Kind::MultiSelect(choices()),
            _ => {}
        }
        let mut bounds =
            || Bounds { min: bound(self.min_value.take()), max: bound(self.max_value.take()) };
        let mut limits = || FileLimits {
            extensions: self.allowed_file_types.take().unwrap_or_default(),
            mime_types: self.allowed_mime_types.take().unwrap_or_default(),
            max_megabytes: self.max_file_size_mb,
        };
        match self.question_type.as_str() {
            "boolean" => Kind::Boolean,
            "text_input" => Kind::TextInput,
            "text_area" => Kind::TextArea,
            "number" => Kind::Number(bounds()),
            "date" => Kind::Date,
            "datetime" => Kind::DateTime,
            "year" => Kind::Year(bounds()),
            "rating" => Kind::Rating(bounds()),
            "phone_number" => Kind::PhoneNumber,
            "email" => Kind::Email,
            "url" => Kind::Url,
            "country" => Kind::Country,
            "likert" => Kind::Likert(Likert {
                points: self.likert_scale_length.unwrap_or(5),
                low: self.likert_low_label.take().unwrap_or_default(),
                high: self.likert_high_label.take().unwrap_or_default(),
                allow_na: self.likert_allow_na,
            }),
            "rich_text" => Kind::RichText(RichText {
                at_most: self.rich_text_char_limit,
                toolbar: match self.rich_text_toolbar_level.as_deref() {
                    Some("minimal") => Toolbar::Minimal,
                    Some("extended") => Toolbar::Extended,
                    _ => Toolbar::Standard,
                },
            }),
            "file" => Kind::File(limits()),
            "multiple_files" => {
                Kind::MultipleFiles { limits: limits(), at_most: self.max_files_count }
            }
            other => Kind::Unsupported(other.to_owned()),
        }
    }

    fn trigger(&mut self) -> Trigger {
        Trigger {
            always: self.always_requires_review,
            operator: Operator::from_name(self.operator.as_deref().unwrap_or_default()),
            required: std::mem::replace(&mut self.review_answer_value, Value::Null),
        }
    }

    fn into_question(mut self, parents: &Parents) -> FormQuestion {
        let kind = self.kind();
        let (conditions, visibility) = match self.dependencies_info {
            None => (Conditions::Unknown, None),
            Some(None) => (Conditions::Always, None),
            Some(Some(info)) => parents.resolve(info),
        };
        FormQuestion {
            question: Question {
                id: QuestionId(self.uuid),
                text: self.description,
                kind,
                required: self.required,
                visibility,
            },
            guidance: self.user_guidance.filter(|it| !it.trim().is_empty()),
            order: self.order,
            existing: self.existing_answer.map(|it| ExistingAnswer {
                value: it.answer_data,
                author: it.user_name.unwrap_or_default(),
                modified: it.modified,
                requires_review: it.requires_review,
            }),
            conditions,
        }
    }
}

/// Finds questions by their words.
struct Parents(Vec<(String, QuestionId)>);

impl Parents {
    fn of(questions: &[QuestionWire]) -> Self {
        Self(questions.iter().map(|it| (it.description.clone(), QuestionId(it.uuid))).collect())
    }

    /// The one question with these words.
    fn only(&self, text: &str) -> Option<QuestionId> {
        let mut found = self.0.iter().filter(|(it, _)| it == text).map(|(_, id)| *id);
        found.next().filter(|_| found.next().is_none())
    }

    fn resolve(&self, info: DependenciesWire) -> (Conditions, Option<Visibility>) {
        if info.conditions.is_empty() {
            return (Conditions::Always, None);
        }
        let resolved: Option<Vec<Condition>> = info
            .conditions
            .iter()
            .map(|it| {
                Some(Condition {
                    parent: self.only(&it.question_description)?,
                    operator: Operator::from_name(it.operator.as_deref().unwrap_or_default()),
                    required: it.required_value.clone(),
                })
            })
            .collect();
        let logic = if info.logic.eq_ignore_ascii_case("or") { Logic::Or } else { Logic::And };
        match resolved {
            Some(conditions) => (Conditions::Known, Some(Visibility { logic, conditions })),
            None => (Conditions::Ambiguous(info.conditions), None),
        }
    }
}

/// Sorted by order; what has the same order stays as it came.
fn sorted(mut questions: Vec<QuestionWire>) -> Vec<QuestionWire> {
    questions.sort_by_key(|it| it.order);
    questions
}

fn form_questions(questions: Vec<QuestionWire>) -> Vec<FormQuestion> {
    let parents = Parents::of(&questions);
    sorted(questions).into_iter().map(|it| it.into_question(&parents)).collect()
}

impl Decode for ChecklistForm {
    fn decode(response: &Response) -> Result<Self, ApiError> {
        let wire: FormWire = json(&response.body)?;
        Ok(Self {
            checklist: wire.checklist,
            completion: wire.completion,
            questions: form_questions(wire.questions),
        })
    }
}

impl Decode for ReviewForm {
    fn decode(response: &Response) -> Result<Self, ApiError> {
        let wire: ReviewWire = json(&response.body)?;
        let parents = Parents::of(&wire.questions);
        let question = |mut it: QuestionWire| {
            let trigger = it.trigger();
            let base = it.into_question(&parents);
            let requires_review = base.existing.as_ref().is_some_and(|it| it.requires_review);
            ReviewQuestion { base, trigger, requires_review }
        };
        Ok(Self {
            checklist: wire.checklist,
            completion: wire.completion.into(),
            questions: sorted(wire.questions).into_iter().map(question).collect(),
        })
    }
}

impl Decode for ReviewCompletion {
    fn decode(response: &Response) -> Result<Self, ApiError> {
        json::<ReviewCompletionWire>(&response.body).map(Into::into)
    }
}

/// A checklist before there is an account (`contract.md` 9.1).
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// Which checklist.
    pub checklist: ChecklistInfo,
    /// Its questions, in order.
    pub questions: Vec<FormQuestion>,
}

#[derive(Deserialize)]
struct TemplateWire {
    checklist: ChecklistInfo,
    questions: Vec<QuestionWire>,
}

impl Decode for Template {
    fn decode(response: &Response) -> Result<Self, ApiError> {
        let wire: TemplateWire = json(&response.body)?;
        Ok(Self { checklist: wire.checklist, questions: form_questions(wire.questions) })
    }
}

/// The answer to a submission.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Submitted {
    /// Where the checklist stands now.
    pub completion: Completion,
}

decode_json!(Completion, Submitted);

#[derive(Serialize)]
struct AnswerOut<'a> {
    question_uuid: String,
    answer_data: &'a Value,
}

/// The checklist with the questions that are shown, or with all of them on servers that can.
pub fn checklist(id: OfferingUserId, include_all: bool) -> Request<ChecklistForm> {
    let mut query = QueryString::default();
    if include_all {
        query.push("include_all", "true");
    }
    Request::get(&member(id, "checklist/"), &query)
}

/// The checklist with its review rules. Only for reviewers.
pub fn checklist_review(id: OfferingUserId) -> Request<ReviewForm> {
    Request::bare(Method::Get, member(id, "checklist_review/"))
}

/// Where the checklist stands.
pub fn completion_status(id: OfferingUserId) -> Request<Completion> {
    Request::bare(Method::Get, member(id, "completion_status/"))
}

/// Where the checklist stands, with what was flagged. Only for reviewers.
pub fn completion_review_status(id: OfferingUserId) -> Request<ReviewCompletion> {
    Request::bare(Method::Get, member(id, "completion_review_status/"))
}

/// The checklist of an offering before there is an account. The real server fails on it; the
/// embedded one answers (`contract.md` 9.1).
pub fn checklist_template(parent: Uuid) -> Request<Template> {
    let mut query = QueryString::default();
    query.push("parent_uuid", parent.simple().to_string());
    Request::get("/api/marketplace-offering-users/checklist-template/", &query)
}

/// Saves answers, all or none. `Null` deletes the caller's own answer.
pub fn submit_answers(id: OfferingUserId, answers: &[(QuestionId, Value)]) -> Request<Submitted> {
    let body: Vec<AnswerOut> = answers
        .iter()
        .map(|(id, value)| AnswerOut {
            question_uuid: id.0.simple().to_string(),
            answer_data: value,
        })
        .collect();
    Request::send(Method::Post, member(id, "submit_answers/"), &body)
}
