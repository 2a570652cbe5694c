//! What a browser remembers of answers that are not saved yet, as data: how a change is written
//! down and read again by a newer app, when it is due to be written, and whether it may be written
//! at all. Nothing here reads or writes anything itself.

mod change;
mod files;
mod policy;
mod queue;
mod record;

pub use change::{Change, same};
pub use files::file_keys;
pub use policy::Policy;
pub use queue::{DELAY, Queue};
pub use record::Unreadable;
