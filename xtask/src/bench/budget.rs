//! How much each kind of file may weigh, from `budget.toml`.

use std::fs;

use crate::{
    failure::{Doing, Failure, Result},
    project::Project,
};

/// The lines `name = bytes` of the file.
pub(super) struct Budget(Vec<(String, u64)>);

impl Budget {
    /// Reads the project's budget.
    pub(super) fn read(project: &Project) -> Result<Self> {
        let text = fs::read_to_string(project.path("budget.toml")).doing("read budget.toml")?;
        Self::parse(&text)
    }

    fn parse(text: &str) -> Result<Self> {
        let lines = text.lines().map(|line| line.split('#').next().unwrap_or("").trim());
        let entries = lines.filter(|line| !line.is_empty()).map(|line| {
            let (name, bytes) = line.split_once('=')?;
            Some((name.trim().to_owned(), bytes.trim().replace('_', "").parse().ok()?))
        });
        let entries: Option<Vec<_>> = entries.collect();
        entries
            .map(Self)
            .ok_or_else(|| Failure::new("budget.toml: each line reads `name = bytes`."))
    }

    /// The most that `name` may weigh.
    pub(super) fn of(&self, name: &str) -> Result<u64> {
        let found = self.0.iter().find(|(it, _)| it == name);
        found
            .map(|(_, bytes)| *bytes)
            .ok_or_else(|| Failure::new(format!("budget.toml says nothing about `{name}`.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_names_and_bytes() {
        let budget =
            Budget::parse("# why\nwasm = 200_000 # brotli\n\ncss=9000\n").expect("it parses");
        assert_eq!(budget.of("wasm").ok(), Some(200_000));
        assert_eq!(budget.of("css").ok(), Some(9000));
        assert!(budget.of("js").is_err());
        assert!(Budget::parse("wasm = much").is_err());
        assert!(Budget::parse("[wasm]").is_err());
    }
}
