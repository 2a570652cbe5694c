use crate::date::is_date;
use crate::datetime::is_datetime;
use crate::number::{is_int, parse_float, parse_uuid};
use crate::{Bounds, FileLimits, FileProblem, Kind, Likert, RichText, Value};

/// Why an answer is not accepted. The server says only "not valid"; a form can say why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The answer has another JSON type than the question wants.
    WrongType,
    /// Exactly one choice is wanted.
    NotOneChoice,
    /// An element is not shaped like an option id.
    NotAnOptionId,
    /// Not a number.
    NotANumber,
    /// Not a whole number.
    NotWhole,
    /// Below the smallest accepted value, which is given.
    TooSmall(String),
    /// Above the largest accepted value, which is given.
    TooLarge(String),
    /// Not a date.
    NotADate,
    /// Not a date with a time.
    NotADateTime,
    /// Text that names no country of the list. Only a form says so: the server takes any text.
    NotACountry,
    /// Outside the scale, or "not applicable" where that is not offered.
    OffScale,
    /// More characters than accepted.
    TooLong {
        /// The limit.
        at_most: u32,
        /// How many there are.
        actual: usize,
    },
    /// One of the files is not accepted; `index` counts from zero and is 0 for a single file.
    File {
        /// Which file.
        index: usize,
        /// What is wrong with it.
        problem: FileProblem,
    },
    /// More files than accepted.
    TooManyFiles {
        /// The limit.
        at_most: u32,
    },
}

/// Judges an answer by the rules of its question, exactly as the server does (`contract.md` 5.2).
///
/// `Null` means "delete my answer" and is always fine. An answer to a kind this build does not know
/// is left to the server. `today` is year, month and day: a date like `"31"` is in this month.
pub fn validate(kind: &Kind, answer: &Value, today: (i32, u8, u8)) -> Result<(), Problem> {
    let is_option_id = |id: &Value| matches!(id, Value::Text(id) if parse_uuid(id).is_some());
    match (kind, answer) {
        (_, Value::Null) | (Kind::Unsupported(_), _) | (Kind::Boolean, Value::Bool(_)) => Ok(()),
        (Kind::SingleSelect(_), Value::List(ids)) if ids.len() != 1 => Err(Problem::NotOneChoice),
        (Kind::SingleSelect(_) | Kind::MultiSelect(_), Value::List(ids)) => {
            ids.iter().all(is_option_id).then_some(()).ok_or(Problem::NotAnOptionId)
        }
        (
            Kind::TextInput
            | Kind::TextArea
            | Kind::PhoneNumber
            | Kind::Email
            | Kind::Url
            | Kind::Country,
            Value::Text(_),
        ) => Ok(()),
        (Kind::Number(bounds), _) => check_bounds(bounds, number(answer)?),
        (Kind::Year(bounds) | Kind::Rating(bounds), _) => {
            check_bounds(bounds, whole_number(answer)?)
        }
        (Kind::Date, Value::Text(text)) => {
            is_date(text, today).then_some(()).ok_or(Problem::NotADate)
        }
        (Kind::DateTime, Value::Text(text)) => {
            is_datetime(text).then_some(()).ok_or(Problem::NotADateTime)
        }
        (Kind::Likert(likert), _) => check_likert(likert, answer),
        (Kind::RichText(rich_text), Value::Text(text)) => check_length(rich_text, text),
        (Kind::File(limits), Value::Map(_)) => check_file(limits, 0, answer),
        (Kind::MultipleFiles { limits, at_most }, Value::List(files)) => {
            if let Some(at_most @ 1..) = *at_most
                && files.len() > at_most as usize
            {
                return Err(Problem::TooManyFiles { at_most });
            }
            files.iter().enumerate().try_for_each(|(index, file)| check_file(limits, index, file))
        }
        _ => Err(Problem::WrongType),
    }
}

/// The number the server compares with the bounds. To Python, `true` is one.
fn number(answer: &Value) -> Result<f64, Problem> {
    match answer {
        Value::Bool(truth) => Ok(f64::from(*truth)),
        Value::Int(int) => Ok(*int as f64),
        Value::Float(float) => Ok(*float),
        Value::Text(text) => parse_float(text).ok_or(Problem::NotANumber),
        _ => Err(Problem::WrongType),
    }
}

/// Like [`number`], but no float passes, not even `2024.0`.
fn whole_number(answer: &Value) -> Result<f64, Problem> {
    match answer {
        Value::Float(_) => Err(Problem::NotWhole),
        Value::Text(text) if !is_int(text) => {
            Err(if parse_float(text).is_some() { Problem::NotWhole } else { Problem::NotANumber })
        }
        _ => number(answer),
    }
}

/// The server converts both sides to floats. NaN is neither below nor above anything and passes.
fn check_bounds(bounds: &Bounds, number: f64) -> Result<(), Problem> {
    let limit = |bound: &str| bound.parse::<f64>().ok();
    match (&bounds.min, &bounds.max) {
        (Some(min), _) if limit(min).is_some_and(|min| number < min) => {
            Err(Problem::TooSmall(min.clone()))
        }
        (_, Some(max)) if limit(max).is_some_and(|max| number > max) => {
            Err(Problem::TooLarge(max.clone()))
        }
        _ => Ok(()),
    }
}

fn check_likert(likert: &Likert, answer: &Value) -> Result<(), Problem> {
    match answer {
        Value::Text(text) if text == "na" && likert.allow_na => Ok(()),
        Value::Text(text) if text == "na" => Err(Problem::OffScale),
        Value::Int(point) if (0..likert.points.into()).contains(point) => Ok(()),
        Value::Int(_) => Err(Problem::OffScale),
        _ => Err(Problem::WrongType),
    }
}

/// Python counts code points.
fn check_length(rich_text: &RichText, text: &str) -> Result<(), Problem> {
    let actual = text.chars().count();
    match rich_text.at_most {
        Some(at_most) if actual > at_most as usize => Err(Problem::TooLong { at_most, actual }),
        _ => Ok(()),
    }
}

fn check_file(limits: &FileLimits, index: usize, file: &Value) -> Result<(), Problem> {
    limits.check_answer(file).map_err(|problem| Problem::File { index, problem })
}
