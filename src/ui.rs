//! Building blocks. They know neither Waldur nor the network; what they say is handed to them.

mod button;
mod dialog;
mod field;
mod fold;
mod icon;
mod live;
mod pager;
mod problem;
mod prose;
mod skeleton;
mod tag;

pub(crate) use button::{Button, Emphasis};
pub(crate) use dialog::{Dialog, DialogHandle};
pub(crate) use field::Field;
pub(crate) use field::FieldError;
pub(crate) use fold::Fold;
pub(crate) use icon::{Glyph, Icon, Mark};
pub(crate) use live::{effect, live};
pub(crate) use pager::{Pager, PagerWords};
pub(crate) use problem::{Problem, Tone};
pub(crate) use prose::{Inline, LinkWords, Prose, Target, parse_html};
pub(crate) use skeleton::{Skeleton, SkeletonShape};
pub(crate) use tag::{Tag, TagTone};
