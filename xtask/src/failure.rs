//! Why a command stopped.

use std::fmt;

/// A result of this tool.
pub(crate) type Result<T = ()> = std::result::Result<T, Failure>;

/// Why a command stopped: a sentence for the person who started it.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// Stops for the reason the sentence gives.
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Names what was being done when the system refused it.
pub(crate) trait Doing<T> {
    /// `what` completes "could not ...".
    fn doing(self, what: impl fmt::Display) -> Result<T>;
}

impl<T> Doing<T> for std::io::Result<T> {
    fn doing(self, what: impl fmt::Display) -> Result<T> {
        self.map_err(|error| Failure(format!("could not {what}: {error}")))
    }
}
