//! The questions that administrators make.

use api::QueryString;
use checklist::{Kind, Value};
use rusqlite::{Connection, Row, params};
use serde_json::{Value as Json, json};

use super::{Checklists, Options, Resource, rules::Context};
use crate::{
    auth::new_uuid,
    checklists::{Config, Decimal, QuestionOption, json_column, to_json},
    clock,
    error::{Error, Result},
    fields::{Fields, Refusal, anything, boolean, choice, decimal, text, texts, whole},
    filters::Condition,
};

const TYPES: [&str; 18] = [
    "boolean",
    "single_select",
    "multi_select",
    "text_input",
    "text_area",
    "number",
    "date",
    "file",
    "multiple_files",
    "phone_number",
    "year",
    "email",
    "url",
    "country",
    "rating",
    "datetime",
    "likert",
    "rich_text",
];

/// Those of dependencies.
pub(super) const OPERATORS: [&str; 5] = ["equals", "not_equals", "contains", "in", "not_in"];

/// Those of review triggers and guidance, which may have none.
const OPTIONAL_OPERATORS: [&str; 6] = ["", "equals", "not_equals", "contains", "in", "not_in"];

/// What describes a question is declared once: how it is read, and where it goes.
macro_rules! change {
    ($($field:ident: $kind:ty = $get:ident($read:expr),)+) => {
        /// What a request sets of a question. `None`: it leaves the field out.
        #[derive(Default)]
        pub(super) struct Change {
            $(pub(super) $field: Option<$kind>,)+
        }

        impl Change {
            fn read(fields: &mut Fields) -> Self {
                Self { $($field: fields.$get(stringify!($field), $read),)+ }
            }

            fn apply(self, config: &mut Config) {
                $(if let Some(value) = self.$field {
                    config.$field = value;
                })+
            }
        }
    };
}

change! {
    description: String = get(text(2000)),
    user_guidance: String = get(text(usize::MAX)),
    question_type: String = get(choice(&TYPES)),
    min_value: Option<Decimal> = get_or_null(decimal),
    max_value: Option<Decimal> = get_or_null(decimal),
    allowed_file_types: Vec<String> = get(texts),
    allowed_mime_types: Vec<String> = get(texts),
    max_file_size_mb: Option<u32> = get_or_null(whole),
    max_files_count: Option<u32> = get_or_null(whole),
    likert_scale_length: Option<u8> = get_or_null(scale_length),
    likert_low_label: String = get(text(200)),
    likert_high_label: String = get(text(200)),
    likert_allow_na: bool = get(boolean),
    rich_text_char_limit: Option<u32> = get_or_null(whole),
    rich_text_toolbar_level: String = get(choice(&["", "minimal", "standard", "extended"])),
    operator: String = get(choice(&OPTIONAL_OPERATORS)),
    review_answer_value: Value = get(anything),
    always_requires_review: bool = get(boolean),
    guidance_operator: String = get(choice(&OPTIONAL_OPERATORS)),
    guidance_answer_value: Value = get_even_null(anything),
    always_show_guidance: bool = get(boolean),
    dependency_logic_operator: String = get(choice(&["and", "or"])),
}

fn scale_length(value: &Json) -> Result<u8, Refusal> {
    match choice(&["3", "5", "7"])(value)?.as_str() {
        "3" => Ok(3),
        "5" => Ok(5),
        _ => Ok(7),
    }
}

/// The questions of all checklists.
pub(crate) struct Questions;

impl Resource for Questions {
    const PATH: &'static str = "/api/checklists-admin-questions/";
    const COLUMNS: &'static str = "q.uuid, q.required, q.position, q.config, k.uuid, k.name, \
         k.checklist_type, (SELECT json_group_array(json_object('uuid', o.uuid, 'label', o.label, \
         'order', o.position) ORDER BY o.position, o.id) FROM question_options o \
         WHERE o.question_id = q.id)";
    const TABLES: &'static str = "questions q JOIN checklists k ON k.id = q.checklist_id";
    const NAME: &'static str = "q";
    const ORDER: &'static str = "k.id DESC, q.position, q.id";

    fn filter(query: &QueryString, condition: &mut Condition) -> Result<()> {
        condition.by_uuid(query, "checklist_uuid", "k.uuid")
    }

    fn show(row: &Row, origin: &str) -> rusqlite::Result<Json> {
        let uuid: String = row.get(0)?;
        let config: Config = json_column(row, 3)?;
        let checklist: String = row.get(4)?;
        let options: Vec<QuestionOption> = json_column(row, 7)?;
        let options = options
            .iter()
            .map(|it| Options::json(origin, &uuid, &it.uuid, &it.label, it.order))
            .collect();
        let mut out = config.describe(&uuid, row.get(1)?, row.get(2)?, Json::Array(options));
        out["url"] = json!(Self::link(origin, &uuid));
        out["checklist_name"] = json!(row.get::<_, String>(5)?);
        out["checklist_uuid"] = json!(checklist);
        out["checklist_type"] = json!(row.get::<_, String>(6)?);
        out["checklist"] = json!(Checklists::link(origin, &checklist));
        Ok(out)
    }

    fn save(db: &Connection, id: Option<i64>, mut fields: Fields) -> Result<i64> {
        fields.require("checklist");
        let checklist = fields.link::<Checklists>(db, "checklist")?;
        let order = fields.get("order", whole);
        let required = fields.get("required", boolean);
        let change = Change::read(&mut fields);
        fields.finish()?;
        let mut config = match id {
            Some(id) => config_of(db, id)?,
            None => Config::default(),
        };
        let names_type = id.is_none() || change.question_type.is_some();
        let kind = kind_of(change.question_type.as_deref().unwrap_or(&config.question_type));
        let named = names_type.then(|| kind.clone());
        let context = Context { named, kind, today: clock::today() };
        context.check(&change).map_err(Error::whole)?;
        change.apply(&mut config);
        let config = to_json(&config)?;
        if let Some(id) = id {
            db.execute(
                "UPDATE questions SET checklist_id = coalesce(?1, checklist_id), \
                 position = coalesce(?2, position), required = coalesce(?3, required), \
                 config = ?4 WHERE id = ?5",
                params![checklist, order, required, config, id],
            )?;
            return Ok(id);
        }
        db.execute(
            "INSERT INTO questions (uuid, checklist_id, position, required, config) \
             VALUES (?1, ?2, coalesce(?3, 0), coalesce(?4, 0), ?5)",
            params![new_uuid()?, checklist, order, required, config],
        )?;
        Ok(db.last_insert_rowid())
    }

    /// Its options, its answers, and the dependencies of it and on it go with it.
    fn delete(db: &Connection, id: i64) -> Result<()> {
        db.execute("DELETE FROM questions WHERE id = ?1", [id])?;
        Ok(())
    }
}

/// What describes a stored question.
pub(super) fn config_of(db: &Connection, id: i64) -> Result<Config> {
    let mut statement = db.prepare_cached("SELECT config FROM questions WHERE id = ?1")?;
    Ok(statement.query_row([id], |row| json_column(row, 0))?)
}

/// A type by its name, without limits.
fn kind_of(question_type: &str) -> Kind {
    Config { question_type: question_type.to_owned(), ..Config::default() }.kind(&[])
}

#[cfg(test)]
mod tests {
    use checklist::Operator;

    use super::*;

    #[test]
    fn administrators_name_nothing_that_forms_do_not_know() {
        for name in TYPES {
            assert!(!matches!(kind_of(name), Kind::Unsupported(_)), "{name}");
        }
        let optional = OPTIONAL_OPERATORS.into_iter().filter(|it| !it.is_empty());
        for name in OPERATORS.into_iter().chain(optional) {
            assert!(!matches!(Operator::from_name(name), Operator::Unknown(_)), "{name}");
        }
    }
}
