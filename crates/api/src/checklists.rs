use checklist::{QuestionId, Value};
use uuid::Uuid;

use crate::{
    ChecklistId, FormQuestion, Method, OfferingUserId, QueryString, Request, ReviewQuestion,
    Timestamp,
    fields::{Fields, Record},
    offering_users::member,
    questions::{form_questions, review_questions},
    request::object,
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChecklistInfo {
    /// Identity.
    pub uuid: Option<ChecklistId>,
    /// Its name.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
}

/// Where a checklist stands, by the server's count (`contract.md` 7.3).
#[derive(Clone, Debug, PartialEq)]
pub struct Completion {
    /// Whether every required question had an answer when answers were last saved.
    pub is_completed: bool,
    /// Answers over questions.
    pub percentage: Percent,
    /// Required questions without an answer, shown or not.
    pub unanswered_required_questions: Vec<OpenQuestion>,
    /// The checklist's name.
    pub checklist_name: String,
    /// When it last changed.
    pub modified: Timestamp,
}

/// A percentage as the server counts it: several authors can bring it above 100.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Percent(f64);

impl Percent {
    /// For people: never below 0 or above 100.
    pub fn shown(self) -> f64 {
        // `clamp` would let a NaN through.
        if self.0 > 0.0 { self.0.min(100.0) } else { 0.0 }
    }
}

/// A required question without an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenQuestion {
    /// Identity.
    pub uuid: Uuid,
    /// Its words.
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
#[derive(Clone, Debug, PartialEq)]
pub struct TriggerSummary {
    /// The question's words.
    pub question: String,
    /// The answer.
    pub answer: Value,
    /// What the rule compares with.
    pub trigger_value: Value,
    /// The comparison.
    pub operator: Option<String>,
}

/// A checklist before there is an account (`contract.md` 9.1).
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// Which checklist.
    pub checklist: ChecklistInfo,
    /// Its questions, in order.
    pub questions: Vec<FormQuestion>,
}

/// The answer to a submission.
#[derive(Clone, Debug, PartialEq)]
pub struct Submitted {
    /// Where the checklist stands now.
    pub completion: Completion,
}

impl Record for ChecklistForm {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            checklist: ChecklistInfo::read(&fields.object("checklist")),
            completion: Completion::read(&fields.object("completion")),
            questions: form_questions(fields),
        }
    }
}

impl Record for ReviewForm {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            checklist: ChecklistInfo::read(&fields.object("checklist")),
            completion: ReviewCompletion::read(&fields.object("completion")),
            questions: review_questions(fields),
        }
    }
}

impl Record for ChecklistInfo {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            uuid: fields.optional_id("uuid").map(ChecklistId),
            name: fields.text("name"),
            description: fields.text("description"),
        }
    }
}

impl Record for Completion {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            is_completed: fields.flag("is_completed"),
            percentage: Percent(fields.decimal("completion_percentage")),
            unanswered_required_questions: fields.records("unanswered_required_questions"),
            checklist_name: fields.text("checklist_name"),
            modified: Timestamp(fields.text("modified")),
        }
    }
}

impl Record for OpenQuestion {
    fn read(fields: &Fields<'_>) -> Self {
        Self { uuid: fields.id("uuid"), description: fields.text("description") }
    }
}

impl Record for ReviewCompletion {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            completion: Completion::read(fields),
            requires_review: fields.flag("requires_review"),
            reviewed_by_name: fields.optional_text("reviewed_by_name"),
            reviewed_at: fields.optional_text("reviewed_at").map(Timestamp),
            review_notes: fields.text("review_notes"),
            trigger_summary: fields.records("review_trigger_summary"),
        }
    }
}

impl Record for TriggerSummary {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            question: fields.text("question"),
            answer: fields.any("answer"),
            trigger_value: fields.any("trigger_value"),
            operator: fields.optional_text("operator"),
        }
    }
}

impl Record for Template {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            checklist: ChecklistInfo::read(&fields.object("checklist")),
            questions: form_questions(fields),
        }
    }
}

impl Record for Submitted {
    fn read(fields: &Fields<'_>) -> Self {
        Self { completion: Completion::read(&fields.object("completion")) }
    }
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
    let answer = |(id, value): &(QuestionId, Value)| {
        let id = id.0.simple().to_string();
        object(vec![("question_uuid", Value::Text(id)), ("answer_data", value.clone())])
    };
    let body = Value::List(answers.iter().map(answer).collect());
    Request::send(Method::Post, member(id, "submit_answers/"), &body)
}
