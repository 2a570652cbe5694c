use checklist::{
    Bounds, Choice, Condition, FileLimits, Guidance, Kind, Likert, Logic, Operator, QuestionId,
    RichText, Toolbar, Trigger, Value, Visibility,
};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::error::{Error, Result};

/// A question as it is stored. The fields and their defaults are those of Waldur's admin API
/// (`contract.md` 10).
#[derive(Clone, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Config {
    pub(crate) description: String,
    pub(crate) user_guidance: String,
    pub(crate) question_type: String,
    min_value: Option<String>,
    max_value: Option<String>,
    allowed_file_types: Vec<String>,
    allowed_mime_types: Vec<String>,
    max_file_size_mb: Option<u32>,
    max_files_count: Option<u32>,
    likert_scale_length: Option<u8>,
    likert_low_label: String,
    likert_high_label: String,
    likert_allow_na: bool,
    rich_text_char_limit: Option<u32>,
    rich_text_toolbar_level: String,
    pub(crate) operator: String,
    pub(crate) review_answer_value: Value,
    pub(crate) always_requires_review: bool,
    guidance_operator: String,
    guidance_answer_value: Value,
    always_show_guidance: bool,
    dependency_logic_operator: String,
    question_options: Vec<OptionConfig>,
    dependencies: Vec<Dependency>,
}

/// One choice.
#[derive(Clone, Serialize, Deserialize)]
struct OptionConfig {
    uuid: String,
    label: String,
    order: i64,
}

/// One condition under which a question is shown.
#[derive(Clone, Serialize, Deserialize)]
struct Dependency {
    depends_on_question: Uuid,
    operator: String,
    required_answer_value: Value,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            description: String::new(),
            user_guidance: String::new(),
            question_type: "boolean".to_owned(),
            min_value: None,
            max_value: None,
            allowed_file_types: Vec::new(),
            allowed_mime_types: Vec::new(),
            max_file_size_mb: None,
            max_files_count: None,
            likert_scale_length: None,
            likert_low_label: String::new(),
            likert_high_label: String::new(),
            likert_allow_na: false,
            rich_text_char_limit: None,
            rich_text_toolbar_level: "standard".to_owned(),
            operator: "equals".to_owned(),
            review_answer_value: Value::List(Vec::new()),
            always_requires_review: false,
            guidance_operator: "equals".to_owned(),
            guidance_answer_value: Value::List(Vec::new()),
            always_show_guidance: true,
            dependency_logic_operator: "and".to_owned(),
            question_options: Vec::new(),
            dependencies: Vec::new(),
        }
    }
}

impl Config {
    pub(super) fn kind(&self) -> Kind {
        let choices = || {
            self.question_options
                .iter()
                .map(|it| Choice { id: it.uuid.clone(), label: it.label.clone() })
        };
        let bounds = || Bounds { min: self.min_value.clone(), max: self.max_value.clone() };
        let limits = || FileLimits {
            extensions: self.allowed_file_types.clone(),
            mime_types: self.allowed_mime_types.clone(),
            max_megabytes: self.max_file_size_mb,
        };
        match self.question_type.as_str() {
            "boolean" => Kind::Boolean,
            "single_select" => Kind::SingleSelect(choices().collect()),
            "multi_select" => Kind::MultiSelect(choices().collect()),
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
                low: self.likert_low_label.clone(),
                high: self.likert_high_label.clone(),
                allow_na: self.likert_allow_na,
            }),
            "rich_text" => Kind::RichText(RichText {
                at_most: self.rich_text_char_limit,
                toolbar: Toolbar::Standard,
            }),
            "file" => Kind::File(limits()),
            "multiple_files" => {
                Kind::MultipleFiles { limits: limits(), at_most: self.max_files_count }
            }
            unknown => Kind::Unsupported(unknown.to_owned()),
        }
    }

    pub(super) fn trigger(&self) -> Trigger {
        Trigger {
            always: self.always_requires_review,
            operator: Operator::from_name(&self.operator),
            required: self.review_answer_value.clone(),
        }
    }

    pub(super) fn guidance(&self) -> Guidance {
        Guidance {
            text: self.user_guidance.clone(),
            always: self.always_show_guidance,
            operator: Operator::from_name(&self.guidance_operator),
            required: self.guidance_answer_value.clone(),
        }
    }

    pub(super) fn is_conditional(&self) -> bool {
        !self.dependencies.is_empty()
    }

    pub(super) fn visibility(&self) -> Visibility {
        let condition = |it: &Dependency| Condition {
            parent: QuestionId(it.depends_on_question),
            operator: Operator::from_name(&it.operator),
            required: it.required_answer_value.clone(),
        };
        Visibility {
            logic: if self.dependency_logic_operator == "or" { Logic::Or } else { Logic::And },
            conditions: self.dependencies.iter().map(condition).collect(),
        }
    }
}

/// A question of a checklist.
pub(super) struct Question {
    pub(super) id: i64,
    pub(super) uuid: Uuid,
    pub(super) order: i64,
    pub(super) required: bool,
    pub(super) config: Config,
}

impl Question {
    pub(super) fn id(&self) -> QuestionId {
        QuestionId(self.uuid)
    }

    /// What describes the question to everybody, in Waldur's order: first what comes before the
    /// person's answer, then what comes after it (`contract.md` 5.1).
    pub(super) fn limits(&self) -> Vec<(&'static str, serde_json::Value)> {
        let config = &self.config;
        let mut options = config.question_options.clone();
        options.sort_by_key(|it| it.order);
        vec![
            ("question_options", json!(options)),
            ("min_value", json!(config.min_value)),
            ("max_value", json!(config.max_value)),
            ("allowed_file_types", json!(config.allowed_file_types)),
            ("allowed_mime_types", json!(config.allowed_mime_types)),
            ("max_file_size_mb", json!(config.max_file_size_mb)),
            ("max_files_count", json!(config.max_files_count)),
            ("likert_scale_length", json!(config.likert_scale_length)),
            ("likert_low_label", json!(config.likert_low_label)),
            ("likert_high_label", json!(config.likert_high_label)),
            ("likert_allow_na", json!(config.likert_allow_na)),
            ("rich_text_char_limit", json!(config.rich_text_char_limit)),
            ("rich_text_toolbar_level", json!(config.rich_text_toolbar_level)),
        ]
    }

    /// As somebody sees it who has no account yet (`contract.md` 9.1).
    pub(super) fn template(&self) -> serde_json::Value {
        let config = &self.config;
        let mut out = json!({
            "uuid": self.uuid.simple().to_string(),
            "required": self.required,
            "description": config.description,
            "user_guidance": config.user_guidance,
            "question_type": config.question_type,
            "order": self.order,
        });
        for (key, value) in self.limits() {
            out[key] = value;
        }
        out["operator"] = json!(config.operator);
        out["review_answer_value"] = json!(config.review_answer_value);
        out["always_requires_review"] = json!(config.always_requires_review);
        out["guidance_answer_value"] = json!(config.guidance_answer_value);
        out["guidance_operator"] = json!(config.guidance_operator);
        out["always_show_guidance"] = json!(config.always_show_guidance);
        out["dependency_logic_operator"] = json!(config.dependency_logic_operator);
        out
    }
}

/// A checklist with its questions in their order.
pub(super) struct Checklist {
    uuid: String,
    pub(super) name: String,
    pub(super) description: String,
    checklist_type: String,
    pub(super) questions: Vec<Question>,
}

impl Checklist {
    pub(super) fn load(db: &Connection, id: i64) -> Result<Self> {
        let mut checklist = db
            .prepare_cached(
                "SELECT uuid, name, description, checklist_type FROM checklists WHERE id = ?1",
            )?
            .query_row([id], |row| {
                Ok(Self {
                    uuid: row.get(0)?,
                    name: row.get(1)?,
                    description: row.get(2)?,
                    checklist_type: row.get(3)?,
                    questions: Vec::new(),
                })
            })?;
        let mut statement = db.prepare_cached(
            "SELECT id, uuid, position, required, config FROM questions WHERE checklist_id = ?1 \
             ORDER BY position, id",
        )?;
        let mut rows = statement.query([id])?;
        let broken = |error: &dyn std::fmt::Display| Error::Internal(error.to_string());
        while let Some(row) = rows.next()? {
            let uuid: String = row.get(1)?;
            let config: String = row.get(4)?;
            checklist.questions.push(Question {
                id: row.get(0)?,
                uuid: uuid.parse().map_err(|error| broken(&error))?,
                order: row.get(2)?,
                required: row.get(3)?,
                config: serde_json::from_str(&config).map_err(|error| broken(&error))?,
            });
        }
        Ok(checklist)
    }

    pub(super) fn json(&self) -> serde_json::Value {
        json!({
            "uuid": self.uuid,
            "name": self.name,
            "description": self.description,
            "checklist_type": self.checklist_type,
        })
    }

    /// The conditions of a question, with the other questions named by their text
    /// (`contract.md` 6.4).
    pub(super) fn dependencies_info(&self, question: &Question) -> serde_json::Value {
        let config = &question.config;
        if !config.is_conditional() {
            return serde_json::Value::Null;
        }
        let text_of = |uuid: Uuid| {
            let parent = self.questions.iter().find(|it| it.uuid == uuid);
            parent.map(|it| it.config.description.as_str()).unwrap_or_default()
        };
        let conditions = config.dependencies.iter().map(|it| {
            json!({
                "question_description": text_of(it.depends_on_question),
                "operator": it.operator,
                "required_value": it.required_answer_value,
            })
        });
        json!({
            "logic": config.dependency_logic_operator,
            "conditions": conditions.collect::<Vec<_>>(),
        })
    }
}
