//! What the browser has to load, and how long a person waits for it.

mod budget;
mod load;
mod size;

pub(crate) use load::load;
pub(crate) use size::size;
