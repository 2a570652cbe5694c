//! Weighs what the browser loads.

use std::{fs, path::PathBuf};

use super::budget::Budget;
use crate::{
    build,
    failure::{Doing, Failure, Result},
    project::Project,
};

/// What the first visit of `/accounts` loads, by kind, which is how the names end: the page, and the
/// files it names. Pictures come later and hold nothing up; the other screens (`src/later.rs`) come
/// when the table is there.
const FIRST_LOAD: [&str; 4] = ["html", "css", "js", "wasm"];

/// A file of the app.
#[derive(Debug, PartialEq)]
struct Asset {
    name: String,
    raw: u64,
    /// As the server sends it.
    brotli: u64,
}

impl Asset {
    fn is(&self, kind: &str) -> bool {
        self.name.rsplit_once('.').is_some_and(|(_, ending)| ending == kind)
    }
}

/// Prints the weight of each file of the app, and fails if the first load is over the budget.
pub(crate) fn size(project: &Project) -> Result {
    build::app(project)?;
    let budget = Budget::read(project)?;
    let assets = weigh(project)?;
    println!("\n{:>9}  {:>9}  file", "raw", "brotli");
    for Asset { name, raw, brotli } in &assets {
        println!("{raw:>9}  {brotli:>9}  {name}");
    }
    println!("\n{:>9}  {:>9}  first load of /accounts", "brotli", "budget");
    let page = fs::read_to_string(project.path("dist/index.html")).doing("read the page")?;
    let first = assets.into_iter().filter(|it| it.is("html") || page.contains(&it.name));
    let over = over_budget(&first.collect::<Vec<_>>(), &budget)?;
    if over.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("Over the budget of budget.toml: {}.", over.join(", "))))
}

/// Asks the scale, which is built with optimizations and only when it is needed.
fn weigh(project: &Project) -> Result<Vec<Asset>> {
    let mut scale = project.cargo();
    scale.args(["run", "--quiet", "--release", "--package", "xtask", "--example", "weigh", "--"]);
    let output = scale.args(files(project)?).output().doing("start the scale")?;
    if !output.status.success() {
        return Err(Failure::new(String::from_utf8_lossy(&output.stderr)));
    }
    let said = String::from_utf8_lossy(&output.stdout);
    let assets: Option<Vec<Asset>> = said.lines().map(read_line).collect();
    assets
        .ok_or_else(|| Failure::new(format!("The scale said something else than weights:\n{said}")))
}

fn files(project: &Project) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(project.path("dist")).doing("list dist/")?;
    let mut files: Vec<_> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    files.sort();
    Ok(files)
}

/// Reads `raw brotli name`.
fn read_line(line: &str) -> Option<Asset> {
    let mut words = line.splitn(3, ' ');
    let (raw, brotli) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    Some(Asset { name: words.next()?.to_owned(), raw, brotli })
}

/// Prints the sums beside their budgets and names those that are over.
fn over_budget(assets: &[Asset], budget: &Budget) -> Result<Vec<String>> {
    let weight =
        |kind: &str| assets.iter().filter(|it| it.is(kind)).map(|it| it.brotli).sum::<u64>();
    let mut over = Vec::new();
    let mut compare = |name: &str, bytes: u64| {
        let allowed = budget.of(name)?;
        println!("{bytes:>9}  {allowed:>9}  {name}");
        if bytes > allowed {
            over.push(format!("{name} by {} bytes", bytes - allowed));
        }
        Result::Ok(())
    };
    for kind in FIRST_LOAD {
        compare(kind, weight(kind))?;
    }
    let sum = FIRST_LOAD.map(weight).iter().sum();
    compare("first_load", sum)?;
    println!("{sum:>9}  {:>9}  what we aim at", budget.of("aim")?);
    Ok(over)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_scale_says_is_read() {
        let asset = read_line("1450842 443152 app-20_bg.wasm").expect("it parses");
        let expected = Asset { name: "app-20_bg.wasm".to_owned(), raw: 1_450_842, brotli: 443_152 };
        assert_eq!(asset, expected);
        assert!(asset.is("wasm") && !asset.is("js"));
        assert_eq!(read_line("error: no such file"), None);
    }
}
