//! Which conditions an administrator may set, for dependencies, review triggers and guidance alike
//! (`contract.md` 6.3). What was stored otherwise is evaluated all the same: see [`Operator::holds`].

use crate::date::is_date;
use crate::datetime::is_datetime;
use crate::number::{is_int, parse_float, parse_uuid};
use crate::{Kind, Operator, Value};

impl Kind {
    /// Whether answers to a question of this kind may be compared in this way (`contract.md` 6.3).
    pub fn takes_operator(&self, operator: &Operator) -> bool {
        match operator {
            Operator::Equals | Operator::NotEquals => matches!(
                self,
                Self::Number(_)
                    | Self::Date
                    | Self::Boolean
                    | Self::File(_)
                    | Self::Year(_)
                    | Self::PhoneNumber
                    | Self::Email
                    | Self::Url
                    | Self::Country
                    | Self::Rating(_)
                    | Self::DateTime
                    | Self::Likert(_)
            ),
            Operator::Contains => matches!(
                self,
                Self::TextInput
                    | Self::TextArea
                    | Self::File(_)
                    | Self::MultipleFiles { .. }
                    | Self::PhoneNumber
                    | Self::Email
                    | Self::Url
            ),
            Operator::In | Operator::NotIn => matches!(
                self,
                Self::MultiSelect(_)
                    | Self::SingleSelect(_)
                    | Self::MultipleFiles { .. }
                    | Self::Country
            ),
            Operator::Unknown(_) => false,
        }
    }

    /// Whether answers to a question of this kind may be compared with this value
    /// (`contract.md` 6.3). To Python, `true` is a number. `today` is as in
    /// [`validate`](crate::validate).
    pub fn takes_condition(&self, value: &Value, today: (i32, u8, u8)) -> bool {
        match (self, value) {
            (Self::SingleSelect(_), Value::List(ids)) => ids.len() == 1 && are_ids(ids),
            (Self::MultiSelect(_), Value::List(ids)) => are_ids(ids),
            (Self::Number(_), Value::Text(text)) => parse_float(text).is_some(),
            (Self::Year(_) | Self::Rating(_), Value::Text(text)) => is_int(text),
            (Self::Likert(_), Value::Text(text)) => text == "na" || is_int(text),
            (Self::Date, Value::Text(text)) => is_date(text, today),
            (Self::DateTime, Value::Text(text)) => is_datetime(text),
            (Self::Boolean, Value::Bool(_))
            | (Self::Number(_), Value::Bool(_) | Value::Int(_) | Value::Float(_))
            | (Self::Year(_) | Self::Rating(_), Value::Bool(_) | Value::Int(_))
            | (Self::Likert(_), Value::Int(_))
            | (Self::TextInput | Self::TextArea | Self::MultipleFiles { .. }, Value::List(_))
            | (
                Self::PhoneNumber | Self::Email | Self::Url | Self::Country,
                Value::Text(_) | Value::List(_),
            )
            | (Self::File(_), Value::Map(_))
            | (Self::RichText(_), Value::Text(_)) => true,
            _ => false,
        }
    }
}

fn are_ids(ids: &[Value]) -> bool {
    ids.iter().all(|id| matches!(id, Value::Text(id) if parse_uuid(id).is_some()))
}
