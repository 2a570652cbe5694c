//! What a browser remembers of answers that are not saved yet, as data. It writes nothing itself.

mod change;

pub use change::{Change, same};
