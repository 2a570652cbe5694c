//! Building blocks. They know neither Waldur nor the network; what they say is handed to them.

mod button;
mod dialog;
mod field;
mod icon;
mod pager;
mod problem;
mod prose;
mod skeleton;
mod tag;

pub use button::{Button, Emphasis};
pub use dialog::{Dialog, DialogHandle};
pub(crate) use field::FieldError;
pub use field::{Described, Field};
pub use icon::{Glyph, Icon};
pub use pager::{Pager, PagerWords};
pub use problem::{Problem, Tone};
pub use prose::{Inline, LinkWords, Prose, Target, parse_html};
pub use skeleton::{Skeleton, SkeletonShape};
pub use tag::{Tag, TagTone};
