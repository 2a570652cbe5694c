//! A question, as it is stored and as it travels.

use checklist::{
    Bounds, Choice, Condition, FileLimits, Guidance, Kind, Likert, Logic, Operator, QuestionId,
    RichText, Toolbar, Trigger, Value, Visibility,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::decimal::Decimal;

/// What describes a question, apart from its place, its options and its dependencies. The fields
/// and their defaults are those of Waldur's admin API (`contract.md` 10).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Config {
    pub(crate) description: String,
    pub(crate) user_guidance: String,
    pub(crate) question_type: String,
    pub(crate) min_value: Option<Decimal>,
    pub(crate) max_value: Option<Decimal>,
    pub(crate) allowed_file_types: Vec<String>,
    pub(crate) allowed_mime_types: Vec<String>,
    pub(crate) max_file_size_mb: Option<u32>,
    pub(crate) max_files_count: Option<u32>,
    pub(crate) likert_scale_length: Option<u8>,
    pub(crate) likert_low_label: String,
    pub(crate) likert_high_label: String,
    pub(crate) likert_allow_na: bool,
    pub(crate) rich_text_char_limit: Option<u32>,
    pub(crate) rich_text_toolbar_level: String,
    pub(crate) operator: String,
    pub(crate) review_answer_value: Value,
    pub(crate) always_requires_review: bool,
    pub(crate) guidance_operator: String,
    pub(crate) guidance_answer_value: Value,
    pub(crate) always_show_guidance: bool,
    pub(crate) dependency_logic_operator: String,
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
        }
    }
}

impl Config {
    /// What kind of answer is wanted, if these are the options.
    pub(crate) fn kind(&self, options: &[QuestionOption]) -> Kind {
        let choices =
            || options.iter().map(|it| Choice { id: it.uuid.clone(), label: it.label.clone() });
        let text = |bound: Option<Decimal>| bound.map(|it| it.to_string());
        let bounds = || Bounds { min: text(self.min_value), max: text(self.max_value) };
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
                toolbar: match self.rich_text_toolbar_level.as_str() {
                    "minimal" => Toolbar::Minimal,
                    "extended" => Toolbar::Extended,
                    _ => Toolbar::Standard,
                },
            }),
            "file" => Kind::File(limits()),
            "multiple_files" => {
                Kind::MultipleFiles { limits: limits(), at_most: self.max_files_count }
            }
            unknown => Kind::Unsupported(unknown.to_owned()),
        }
    }

    /// The question as its template has it, and as administrators see it (`contract.md` 9.1 and 10).
    pub(crate) fn describe(
        &self,
        uuid: &str,
        required: bool,
        order: i64,
        options: serde_json::Value,
    ) -> serde_json::Value {
        let mut out = json!({
            "uuid": uuid,
            "required": required,
            "description": self.description,
            "user_guidance": self.user_guidance,
            "question_options": options,
            "question_type": self.question_type,
            "order": order,
        });
        for (key, value) in self.limits() {
            out[key] = value;
        }
        out["operator"] = json!(self.operator);
        out["review_answer_value"] = json!(self.review_answer_value);
        out["always_requires_review"] = json!(self.always_requires_review);
        out["guidance_answer_value"] = json!(self.guidance_answer_value);
        out["guidance_operator"] = json!(self.guidance_operator);
        out["always_show_guidance"] = json!(self.always_show_guidance);
        out["dependency_logic_operator"] = json!(self.dependency_logic_operator);
        out
    }

    /// What limits the answers, in Waldur's order (`contract.md` 5.1).
    fn limits(&self) -> [(&'static str, serde_json::Value); 12] {
        [
            ("min_value", json!(self.min_value)),
            ("max_value", json!(self.max_value)),
            ("allowed_file_types", json!(self.allowed_file_types)),
            ("allowed_mime_types", json!(self.allowed_mime_types)),
            ("max_file_size_mb", json!(self.max_file_size_mb)),
            ("max_files_count", json!(self.max_files_count)),
            ("likert_scale_length", json!(self.likert_scale_length)),
            ("likert_low_label", json!(self.likert_low_label)),
            ("likert_high_label", json!(self.likert_high_label)),
            ("likert_allow_na", json!(self.likert_allow_na)),
            ("rich_text_char_limit", json!(self.rich_text_char_limit)),
            ("rich_text_toolbar_level", json!(self.rich_text_toolbar_level)),
        ]
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
}

/// One choice.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct QuestionOption {
    /// Hex. Answers are compared with it as text (`contract.md` 5.3).
    pub(crate) uuid: String,
    pub(crate) label: String,
    pub(crate) order: i64,
}

/// One condition under which a question is shown.
pub(super) struct Dependency {
    pub(super) condition: Condition,
    /// The words of the question whose answer is looked at.
    pub(super) parent_text: String,
}

/// A question of a checklist.
pub(super) struct Question {
    pub(super) id: i64,
    pub(super) uuid: Uuid,
    pub(super) order: i64,
    pub(super) required: bool,
    pub(super) config: Config,
    /// By their `order`.
    pub(super) options: Vec<QuestionOption>,
    /// As they were created, which is how they are evaluated and listed.
    pub(super) dependencies: Vec<Dependency>,
}

impl Question {
    pub(super) fn id(&self) -> QuestionId {
        QuestionId(self.uuid)
    }

    pub(super) fn kind(&self) -> Kind {
        self.config.kind(&self.options)
    }

    pub(super) fn is_conditional(&self) -> bool {
        !self.dependencies.is_empty()
    }

    pub(super) fn visibility(&self) -> Visibility {
        let is_or = self.config.dependency_logic_operator == "or";
        Visibility {
            logic: if is_or { Logic::Or } else { Logic::And },
            conditions: self.dependencies.iter().map(|it| it.condition.clone()).collect(),
        }
    }

    /// The conditions, with the other questions named by their text (`contract.md` 6.4).
    pub(super) fn dependencies_info(&self) -> serde_json::Value {
        if !self.is_conditional() {
            return serde_json::Value::Null;
        }
        let conditions = self.dependencies.iter().map(|it| {
            json!({
                "question_description": it.parent_text,
                "operator": it.condition.operator.name(),
                "required_value": it.condition.required,
            })
        });
        json!({
            "logic": self.config.dependency_logic_operator,
            "conditions": conditions.collect::<Vec<_>>(),
        })
    }

    /// What describes the question to those who answer it, after what they answered
    /// (`contract.md` 5.1). Options are shown where one can choose.
    pub(super) fn limits(&self) -> Vec<(&'static str, serde_json::Value)> {
        let is_select = matches!(self.kind(), Kind::SingleSelect(_) | Kind::MultiSelect(_));
        let options: &[_] = if is_select { &self.options } else { &[] };
        let mut limits = vec![("question_options", json!(options))];
        limits.extend(self.config.limits());
        limits
    }

    /// As somebody sees it who has no account yet (`contract.md` 9.1).
    pub(super) fn template(&self) -> serde_json::Value {
        let uuid = self.uuid.simple().to_string();
        self.config.describe(&uuid, self.required, self.order, json!(self.options))
    }
}
