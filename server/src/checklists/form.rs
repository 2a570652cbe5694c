use std::collections::BTreeMap;

use checklist::{Percentage, Progress, QuestionId, Value, progress};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::json;

use super::{Reader, question::Question, stored::Checklist};
use crate::{
    clock,
    error::{Error, Result},
    offering_users::Account,
};

/// The checklist of one account with everything that was answered.
pub(super) struct Form {
    /// The key of the completion, which holds the answers.
    pub(super) id: i64,
    uuid: String,
    is_completed: bool,
    requires_review: bool,
    created: String,
    modified: String,
    pub(super) checklist: Checklist,
    /// By question, the oldest first: whose answer is shown (`contract.md` 6.1).
    answers: BTreeMap<i64, Vec<Answer>>,
}

/// One stored answer.
pub(super) struct Answer {
    /// Orders answers by creation.
    id: i64,
    uuid: String,
    author: i64,
    author_name: String,
    pub(super) data: Value,
    pub(super) requires_review: bool,
    created: String,
    modified: String,
}

impl Form {
    /// The form for the offering's current checklist (`contract.md` 7.5).
    pub(super) fn load(db: &Connection, account: &Account) -> Result<Self> {
        let found = db
            .prepare_cached(
                "SELECT p.id, p.uuid, p.is_completed, p.requires_review, p.created, p.modified, \
                 p.checklist_id FROM completions p JOIN offerings o ON o.checklist_id = p.checklist_id \
                 WHERE p.offering_user_id = ?1 AND o.id = ?2",
            )?
            .query_row((account.id, account.offering_id), |row| {
                Ok((
                    row.get(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get(4)?,
                    row.get(5)?,
                    row.get(6)?,
                ))
            })
            .optional()?;
        let (id, uuid, is_completed, requires_review, created, modified, checklist) =
            found.ok_or_else(|| Error::detail("No checklist configured for this object"))?;
        let checklist = Checklist::load(db, checklist)?;
        let answers = load_answers(db, id)?;
        Ok(Self { id, uuid, is_completed, requires_review, created, modified, checklist, answers })
    }

    /// The answer that everybody is shown.
    pub(super) fn shown_answer(&self, question: &Question) -> Option<&Answer> {
        self.answers.get(&question.id)?.first()
    }

    /// What one person answered.
    pub(super) fn own_answer(&self, question: &Question, user_id: i64) -> Option<&Value> {
        let answers = self.answers.get(&question.id)?;
        answers.iter().find(|it| it.author == user_id).map(|it| &it.data)
    }

    pub(super) fn is_visible(&self, question: &Question) -> bool {
        let stored = |id: QuestionId| {
            let parent = self.checklist.questions.iter().find(|it| it.id() == id)?;
            self.shown_answer(parent).map(|it| &it.data)
        };
        question.visibility().holds(stored)
    }

    fn progress(&self) -> Progress {
        let questions: Vec<_> =
            self.checklist.questions.iter().map(|it| (it.id(), it.required)).collect();
        let rows = self.checklist.questions.iter().flat_map(|question| {
            let count = self.answers.get(&question.id).map_or(0, Vec::len);
            std::iter::repeat_n(question.id(), count)
        });
        progress(&questions, rows)
    }

    /// Where the form stands, as the person who answers may know it (`contract.md` 7.3).
    pub(super) fn completion(&self) -> serde_json::Value {
        let progress = self.progress();
        let is_open = |it: &&Question| progress.unanswered_required.contains(&it.id());
        let open = self.checklist.questions.iter().filter(is_open).map(|it| {
            json!({
                "uuid": it.uuid.simple().to_string(),
                "description": it.config.description,
                "question_type": it.config.question_type,
            })
        });
        json!({
            "uuid": self.uuid,
            "is_completed": self.is_completed,
            "completion_percentage": match progress.percentage {
                Percentage::NoQuestions => json!(100),
                Percentage::Of(percentage) => json!(percentage),
            },
            "unanswered_required_questions": open.collect::<Vec<_>>(),
            "checklist_name": self.checklist.name,
            "checklist_description": self.checklist.description,
            "created": self.created,
            "modified": self.modified,
        })
    }

    /// The same for reviewers (`contract.md` 7.4). Nothing here or in Waldur writes who reviewed.
    pub(super) fn review_completion(&self) -> serde_json::Value {
        let flagged = self.checklist.questions.iter().flat_map(|question| {
            let answers = self.answers.get(&question.id).into_iter().flatten();
            answers.filter(|it| it.requires_review).map(move |answer| (answer, question))
        });
        // Waldur does not order them; these are the oldest first, as recorded (`vis-0010`).
        let mut flagged: Vec<_> = flagged.collect();
        flagged.sort_by_key(|(answer, _)| answer.id);
        let summary = flagged.iter().map(|(answer, question)| {
            json!({
                "question": question.config.description,
                "answer": answer.data,
                "trigger_value": question.config.review_answer_value,
                "operator": question.config.operator,
            })
        });
        let summary: Vec<_> = summary.collect();
        let mut out = self.completion();
        out["requires_review"] = json!(self.requires_review);
        out["reviewed_by"] = serde_json::Value::Null;
        out["reviewed_at"] = serde_json::Value::Null;
        out["review_notes"] = json!("");
        out["review_trigger_summary"] = json!(summary);
        out
    }

    /// Stores what follows from the answers (`contract.md` 7.2 and 7.3).
    pub(super) fn refresh(&self, db: &Connection) -> Result<()> {
        let is_completed = self.progress().unanswered_required.is_empty();
        let requires_review = self.answers.values().flatten().any(|it| it.requires_review);
        db.execute(
            "UPDATE completions SET is_completed = ?1, requires_review = ?2, modified = ?3 \
             WHERE id = ?4",
            params![is_completed, requires_review, clock::now(), self.id],
        )?;
        Ok(())
    }
}

impl Answer {
    /// As it travels (`contract.md` 5.1). Only reviewers learn whether it needs a review.
    pub(super) fn json(&self, question: &Question, reader: Reader) -> serde_json::Value {
        let mut out = json!({
            "uuid": self.uuid,
            "question_description": question.config.description,
            "question_type": question.config.question_type,
            "question_required": question.required,
            "answer_data": self.data,
        });
        if reader == Reader::Reviewer {
            out["requires_review"] = json!(self.requires_review);
        }
        out["user"] = json!(self.author);
        out["user_name"] = json!(self.author_name);
        out["created"] = json!(self.created);
        out["modified"] = json!(self.modified);
        out
    }
}

fn load_answers(db: &Connection, completion: i64) -> Result<BTreeMap<i64, Vec<Answer>>> {
    let mut statement = db.prepare_cached(
        "SELECT x.question_id, x.uuid, x.user_id, trim(u.first_name || ' ' || u.last_name), \
         x.data, x.requires_review, x.created, x.modified, x.id FROM answers x JOIN users u ON u.id = x.user_id \
         WHERE x.completion_id = ?1 ORDER BY x.id",
    )?;
    let mut rows = statement.query([completion])?;
    let mut answers: BTreeMap<i64, Vec<Answer>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let data: String = row.get(4)?;
        // Other readers take fewer levels, and fractions less exactly.
        let data = Value::from_json(&data).map_err(|error| Error::Internal(error.to_string()))?;
        answers.entry(row.get(0)?).or_default().push(Answer {
            uuid: row.get(1)?,
            author: row.get(2)?,
            author_name: row.get(3)?,
            data,
            requires_review: row.get(5)?,
            created: row.get(6)?,
            modified: row.get(7)?,
            id: row.get(8)?,
        });
    }
    Ok(answers)
}
