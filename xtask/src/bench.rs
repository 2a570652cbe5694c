//! What the browser has to load, how long a person waits for it, how the form feels, and how fast
//! the server answers.

mod budget;
mod form;
mod load;
mod server;
mod size;

pub(crate) use form::form;
pub(crate) use load::load;
pub(crate) use server::server;
pub(crate) use size::size;
