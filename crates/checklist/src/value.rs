use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A JSON value with the distinctions Python makes: `1`, `1.0`, `"1"` and `true` are four things,
/// and the keys of an object keep their order.
///
/// Answers are stored and sent back exactly as they came, so nothing may be lost on the way.
/// `==` in Rust keeps all distinctions apart; [`same_as`](Self::same_as) is Python's `==`.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`: no answer, or "delete my answer".
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number written without a fraction or an exponent. The server's JSON reader turns whole
    /// numbers beyond 64 bits into floats (recording `ans-00491`), and so does `serde_json`.
    Int(i128),
    /// Any other number.
    Float(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// An object, in the order of its keys.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// Whether Python's `==` calls the two equal: `true` is `1`, `1` is `1.0`, nothing else crosses
    /// types, lists compare in order and objects without (`contract.md` 6.2).
    pub fn same_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Text(left), Self::Text(right)) => left == right,
            (Self::List(left), Self::List(right)) => {
                left.len() == right.len()
                    && left.iter().zip(right).all(|(left, right)| left.same_as(right))
            }
            (Self::Map(left), Self::Map(right)) => {
                left.len() == right.len()
                    && left.iter().all(|(key, value)| {
                        right.iter().any(|(other, right)| key == other && value.same_as(right))
                    })
            }
            (Self::Float(left), Self::Float(right)) => left == right,
            (Self::Float(float), number) | (number, Self::Float(float)) => {
                number.as_int().is_some_and(|int| is_exactly(*float, int))
            }
            _ => self.as_int().is_some_and(|int| other.as_int() == Some(int)),
        }
    }

    /// Whether Python's `if` takes the value for true.
    pub fn is_truthy(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(truth) => *truth,
            Self::Int(int) => *int != 0,
            Self::Float(float) => *float != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::List(items) => !items.is_empty(),
            Self::Map(entries) => !entries.is_empty(),
        }
    }

    /// The value under a key, if this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(entries) => {
                entries.iter().find(|(other, _)| other == key).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// What [`from_json`](Self::from_json) read of somebody who may mean harm: also in objects with very
    /// many keys, a repeated key takes its last value. The app has no need of it.
    pub fn without_repeated_keys(self) -> Self {
        match self {
            Self::List(items) => {
                Self::List(items.into_iter().map(Self::without_repeated_keys).collect())
            }
            Self::Map(entries) => {
                let entries =
                    entries.into_iter().map(|(key, it)| (key, it.without_repeated_keys()));
                let entries: Vec<_> = entries.collect();
                Self::Map(if entries.len() <= FEW_KEYS { entries } else { as_dict(entries) })
            }
            other => other,
        }
    }

    /// The whole number this is to Python, which counts `true` as 1.
    fn as_int(&self) -> Option<i128> {
        match self {
            Self::Bool(truth) => Some(i128::from(*truth)),
            Self::Int(int) => Some(*int),
            _ => None,
        }
    }
}

/// In objects with so many keys the reader sees to it that none is repeated.
pub(crate) const FEW_KEYS: usize = 64;

/// A repeated key keeps its place and takes the last value, as in a Python dict.
fn as_dict(mut entries: Vec<(String, Value)>) -> Vec<(String, Value)> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    // Equal keys stay in the order in which they came.
    order.sort_by(|left, right| entries[*left].0.cmp(&entries[*right].0));
    let mut is_kept = vec![true; entries.len()];
    for pair in order.windows(2).rev() {
        if entries[pair[0]].0 == entries[pair[1]].0 {
            entries[pair[0]].1 = std::mem::replace(&mut entries[pair[1]].1, Value::Null);
            is_kept[pair[1]] = false;
        }
    }
    let mut is_kept = is_kept.into_iter();
    entries.retain(|_| is_kept.next().unwrap_or_default());
    entries
}

/// Compares without rounding the whole number to a float, as Python does.
fn is_exactly(float: f64, int: i128) -> bool {
    // Outside this range the cast would saturate.
    let in_range = (-2f64.powi(127)..2f64.powi(127)).contains(&float);
    in_range && float.fract() == 0.0 && float as i128 == int
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(truth) => serializer.serialize_bool(*truth),
            Self::Int(int) => match (i64::try_from(*int), u64::try_from(*int)) {
                (Ok(int), _) => serializer.serialize_i64(int),
                (_, Ok(int)) => serializer.serialize_u64(int),
                _ => serializer.serialize_i128(*int),
            },
            Self::Float(float) => serializer.serialize_f64(*float),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

/// Takes whatever the input holds.
struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E>(self, int: i64) -> Result<Value, E> {
        Ok(Value::Int(int.into()))
    }

    fn visit_u64<E>(self, int: u64) -> Result<Value, E> {
        Ok(Value::Int(int.into()))
    }

    fn visit_i128<E>(self, int: i128) -> Result<Value, E> {
        Ok(Value::Int(int))
    }

    fn visit_f64<E>(self, float: f64) -> Result<Value, E> {
        Ok(Value::Float(float))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut entries: Vec<(String, Value)> = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Value::Map(as_dict(entries)))
    }
}
