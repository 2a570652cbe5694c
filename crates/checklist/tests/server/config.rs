//! Questions as the recordings and vectors write them: the server's field names, defaults left out.

use checklist::{
    Bounds, Choice, Condition, FileLimits, Guidance, Kind, Likert, Logic, Operator, Question,
    QuestionId, RichText, Toolbar, Trigger, Value, Visibility,
};
use serde::Deserialize;
use uuid::Uuid;

/// What the recordings call today: they were made in this month.
pub(crate) const TODAY: (i32, u8, u8) = (2026, 11, 23);

#[derive(Deserialize)]
#[serde(default)]
pub(crate) struct Config {
    pub(crate) uuid: Uuid,
    pub(crate) description: String,
    #[serde(alias = "type")]
    pub(crate) question_type: String,
    pub(crate) required: bool,
    pub(crate) order: u32,
    #[serde(alias = "min")]
    min_value: Option<String>,
    #[serde(alias = "max")]
    max_value: Option<String>,
    allowed_file_types: Vec<String>,
    allowed_mime_types: Vec<String>,
    max_file_size_mb: Option<u32>,
    max_files_count: Option<u32>,
    likert_scale_length: Option<u8>,
    likert_allow_na: bool,
    rich_text_char_limit: Option<u32>,
    user_guidance: String,
    guidance_answer_value: Value,
    guidance_operator: String,
    always_show_guidance: bool,
    review_answer_value: Value,
    operator: String,
    always_requires_review: bool,
    dependency_logic_operator: String,
    pub(crate) dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
pub(crate) struct Dependency {
    pub(crate) depends_on_question: Uuid,
    pub(crate) operator: String,
    pub(crate) required_answer_value: Value,
    /// Recorded: whether an administrator could have set it.
    pub(crate) admin_api_would_accept: Option<bool>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            uuid: Uuid::nil(),
            description: "Q".to_owned(),
            question_type: "boolean".to_owned(),
            required: false,
            order: 0,
            min_value: None,
            max_value: None,
            allowed_file_types: Vec::new(),
            allowed_mime_types: Vec::new(),
            max_file_size_mb: None,
            max_files_count: None,
            likert_scale_length: None,
            likert_allow_na: false,
            rich_text_char_limit: None,
            user_guidance: String::new(),
            guidance_answer_value: Value::List(Vec::new()),
            guidance_operator: "equals".to_owned(),
            always_show_guidance: true,
            review_answer_value: Value::List(Vec::new()),
            operator: "equals".to_owned(),
            always_requires_review: false,
            dependency_logic_operator: "and".to_owned(),
            dependencies: Vec::new(),
        }
    }
}

impl Config {
    pub(crate) fn question(&self) -> Question {
        let condition = |dependency: &Dependency| Condition {
            parent: QuestionId(dependency.depends_on_question),
            operator: Operator::from_name(&dependency.operator),
            required: dependency.required_answer_value.clone(),
        };
        Question {
            id: QuestionId(self.uuid),
            text: self.description.clone(),
            kind: self.kind(),
            required: self.required,
            visibility: (!self.dependencies.is_empty()).then(|| Visibility {
                logic: match self.dependency_logic_operator.as_str() {
                    "or" => Logic::Or,
                    _ => Logic::And,
                },
                conditions: self.dependencies.iter().map(condition).collect(),
            }),
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        let bounds = || Bounds { min: self.min_value.clone(), max: self.max_value.clone() };
        let limits = || FileLimits {
            extensions: self.allowed_file_types.clone(),
            mime_types: self.allowed_mime_types.clone(),
            max_megabytes: self.max_file_size_mb,
        };
        match self.question_type.as_str() {
            "boolean" => Kind::Boolean,
            "single_select" => Kind::SingleSelect(Vec::<Choice>::new()),
            "multi_select" => Kind::MultiSelect(Vec::new()),
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
                low: String::new(),
                high: String::new(),
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
            other => Kind::Unsupported(other.to_owned()),
        }
    }

    pub(crate) fn trigger(&self) -> Trigger {
        Trigger {
            always: self.always_requires_review,
            operator: Operator::from_name(&self.operator),
            required: self.review_answer_value.clone(),
        }
    }

    pub(crate) fn guidance(&self) -> Guidance {
        Guidance {
            text: self.user_guidance.clone(),
            always: self.always_show_guidance,
            operator: Operator::from_name(&self.guidance_operator),
            required: self.guidance_answer_value.clone(),
        }
    }
}
