//! What a compliance checklist means: which questions are shown, which answers are accepted, what
//! guidance appears, what a reviewer must look at, and how far a person has come.
//!
//! The rules are those of Waldur's server, repeated exactly so that a form can apply them while a
//! person types and the embedded backend can apply them on submit. Everything here is total: for
//! any question and any answer there is a result, never an error or a panic. Where the real server
//! crashes, the rule is simply not satisfied.

mod answer;
mod assess;
mod base64;
mod completion;
mod condition;
mod date;
mod datetime;
mod file;
mod json;
mod number;
mod question;
mod repr;
mod review;
mod rule;
mod sniff;
mod text;
mod value;

pub use answer::{Problem, validate};
pub use assess::{Assessment, Live, Reason, assess};
pub use completion::{Percentage, Progress, progress};
pub use file::{FileLimits, FileProblem};
pub use json::JsonError;
pub use question::{Bounds, Choice, Kind, Likert, Question, QuestionId, RichText, Toolbar};
pub use review::{Guidance, Trigger};
pub use rule::{Condition, Logic, Operator, Visibility};
pub use sniff::sniff;
pub use value::Value;

/// Runs the example of the read-me.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadMe;
