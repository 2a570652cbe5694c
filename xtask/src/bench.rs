//! What the browser has to load, how long a person waits for it, and how fast the server answers.

mod budget;
mod load;
mod server;
mod size;

pub(crate) use load::load;
pub(crate) use server::server;
pub(crate) use size::size;
