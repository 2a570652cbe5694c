//! What administrators may combine in one question (`contract.md` 6.3 and 10). The contract
//! paraphrases the messages, so their wording is ours.

use checklist::{Kind, Operator, Value};

use super::questions::Change;

/// What a request is judged by, apart from itself.
pub(super) struct Context {
    /// The type that the request names, which conditions have to suit. A new question that names
    /// none is a boolean one.
    pub(super) named: Option<Kind>,
    /// The type that the question has after it.
    pub(super) kind: Kind,
    /// Year, month and day, for dates that name only a part.
    pub(super) today: (i32, u8, u8),
}

type Verdict = Result<(), String>;

impl Context {
    /// Judges what a request sets together. What it leaves out is not looked at, apart from the
    /// type.
    pub(super) fn check(&self, change: &Change) -> Verdict {
        self.check_review(change)?;
        self.check_guidance(change)?;
        self.check_bounds(change)?;
        self.check_files(change)?;
        self.check_likert(change)?;
        self.check_rich_text(change)
    }

    /// A falsy value triggers no review (`contract.md` 7.2) and so counts as none.
    fn check_review(&self, change: &Change) -> Verdict {
        let operator = change.operator.as_deref().unwrap_or_default();
        let value = change.review_answer_value.as_ref();
        if operator.is_empty() == value.is_some_and(Value::is_truthy) {
            return refuse("Set both operator and review_answer_value, or leave out both.");
        }
        self.check_condition(operator, value)
    }

    fn check_guidance(&self, change: &Change) -> Verdict {
        let operator = change.guidance_operator.as_deref().unwrap_or_default();
        let value = change.guidance_answer_value.as_ref();
        let is_complete = !operator.is_empty() && value.is_some_and(|it| *it != Value::Null);
        if change.always_show_guidance == Some(false) && !is_complete {
            return refuse(
                "Guidance that is not always shown needs guidance_operator and \
                 guidance_answer_value.",
            );
        }
        self.check_condition(operator, value)
    }

    fn check_condition(&self, operator: &str, value: Option<&Value>) -> Verdict {
        let Some(kind) = &self.named else { return Ok(()) };
        if !operator.is_empty() && !kind.takes_operator(&Operator::from_name(operator)) {
            return refuse(format!("The operator {operator} does not suit this type of question."));
        }
        match value.filter(|it| it.is_truthy()) {
            Some(value) if !kind.takes_condition(value, self.today) => refuse(format!(
                "The value {} does not suit this type of question.",
                value.python_str()
            )),
            _ => Ok(()),
        }
    }

    fn check_bounds(&self, change: &Change) -> Verdict {
        let (min, max) = (change.min_value.flatten(), change.max_value.flatten());
        let is_numeric = matches!(self.kind, Kind::Number(_) | Kind::Year(_) | Kind::Rating(_));
        if !is_numeric && (min.is_some() || max.is_some()) {
            return refuse("Only questions of type number, year or rating have bounds.");
        }
        match (min, max) {
            (Some(min), Some(max)) if min > max => {
                refuse("min_value may not be greater than max_value.")
            }
            _ => Ok(()),
        }
    }

    fn check_files(&self, change: &Change) -> Verdict {
        let extensions = change.allowed_file_types.as_deref().unwrap_or_default();
        let mime_types = change.allowed_mime_types.as_deref().unwrap_or_default();
        let size = change.max_file_size_mb.flatten();
        let count = change.max_files_count.flatten();
        let is_set =
            !extensions.is_empty() || !mime_types.is_empty() || size.is_some() || count.is_some();
        if is_set && !matches!(self.kind, Kind::File(_) | Kind::MultipleFiles { .. }) {
            return refuse("Only questions of type file or multiple_files limit files.");
        }
        if let Some(extension) = extensions.iter().find(|it| !it.starts_with('.')) {
            return refuse(format!("The file type {extension} has to start with a dot."));
        }
        if let Some(mime_type) = mime_types.iter().find(|it| !it.contains('/')) {
            return refuse(format!("The MIME type {mime_type} has to contain a slash."));
        }
        if size == Some(0) || count == Some(0) {
            return refuse("Limits of files have to be greater than zero.");
        }
        if count.is_some() && matches!(self.kind, Kind::File(_)) {
            return refuse("Only questions of type multiple_files limit how many files there are.");
        }
        Ok(())
    }

    fn check_likert(&self, change: &Change) -> Verdict {
        let is_text = |label: &Option<String>| label.as_ref().is_some_and(|it| !it.is_empty());
        let length = change.likert_scale_length.flatten();
        let is_set = length.is_some()
            || is_text(&change.likert_low_label)
            || is_text(&change.likert_high_label)
            || change.likert_allow_na == Some(true);
        if is_set && !matches!(self.kind, Kind::Likert(_)) {
            return refuse("Only questions of type likert have a scale.");
        }
        if matches!(self.named, Some(Kind::Likert(_))) && length.is_none() {
            return refuse("A question of type likert needs likert_scale_length.");
        }
        Ok(())
    }

    fn check_rich_text(&self, change: &Change) -> Verdict {
        let limit = change.rich_text_char_limit.flatten();
        let has_level = change.rich_text_toolbar_level.as_ref().is_some_and(|it| !it.is_empty());
        if (limit.is_some() || has_level) && !matches!(self.kind, Kind::RichText(_)) {
            return refuse(
                "Only questions of type rich_text have a toolbar and a limit of characters.",
            );
        }
        if limit == Some(0) {
            return refuse("rich_text_char_limit has to be greater than zero.");
        }
        Ok(())
    }
}

fn refuse(message: impl Into<String>) -> Verdict {
    Err(message.into())
}
