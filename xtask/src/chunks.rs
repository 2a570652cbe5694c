//! The parts of the app that are loaded later: `xtask/splitter` cut them off, and here they come to
//! the rest, each under a name that follows its content.

use std::{
    collections::hash_map::DefaultHasher,
    env, fs,
    hash::{Hash, Hasher},
    path::Path,
};

use crate::{
    failure::{Doing, Failure, Result},
    project::Project,
};

/// Puts the parts into `staging` and gives back the name of the script that loads them.
pub(crate) fn add(project: &Project, staging: &Path, main_js: &str) -> Result<String> {
    let folder = project.tools().join("split");
    let names = names(&folder)?;
    let script = names.iter().find(|name| name.starts_with("split-") && name.ends_with(".js"));
    let main = fs::read_to_string(staging.join(main_js)).doing("read the app's script")?;
    let script = script.filter(|script| main.contains(*script)).ok_or_else(|| {
        Failure::new(
            "The app was not split. Is target/tools/bin before other folders on the path? \
             `cargo xtask dist` sets it so.",
        )
    })?;
    let mut text = fs::read_to_string(folder.join(script)).doing("read the loading script")?;
    // The splitter knew the name before trunk added the hash.
    let plain = plain_name(main_js);
    text = text.replace(&format!("\"./{plain}\""), &format!("\"./{main_js}\""));
    for chunk in names.iter().filter(|name| name.ends_with(".wasm")) {
        let content = optimized(project, &folder.join(chunk))?;
        let mut hasher = DefaultHasher::new();
        content.hash(&mut hasher);
        let name = chunk.replace(".wasm", &format!("-{:016x}.wasm", hasher.finish()));
        fs::write(staging.join(&name), content).doing("write a part of the app")?;
        text = text.replace(&format!("\"./{chunk}\""), &format!("\"./{name}\""));
    }
    fs::write(staging.join(script), text).doing("write the loading script")?;
    Ok(script.clone())
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).doing("list the parts of the app")?;
    Ok(entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect())
}

/// `app-0123456789abcdef.js` without what trunk put in.
fn plain_name(hashed: &str) -> String {
    match hashed.rsplit_once('-') {
        Some((name, _)) => format!("{name}.js"),
        None => hashed.to_owned(),
    }
}

/// What trunk does to the first part in a release.
fn optimized(project: &Project, chunk: &Path) -> Result<Vec<u8>> {
    if env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release") {
        let small = chunk.with_extension("small");
        let mut wasm_opt = project.command("wasm-opt");
        wasm_opt.arg("-Oz").arg("--output").arg(&small).arg(chunk);
        let output = wasm_opt.output().doing("start wasm-opt")?;
        if !output.status.success() {
            return Err(Failure::new(String::from_utf8_lossy(&output.stderr)));
        }
        return fs::read(small).doing("read what wasm-opt wrote");
    }
    fs::read(chunk).doing("read a part of the app")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trunk_s_hash_is_the_last_part_of_a_name() {
        assert_eq!(plain_name("purser-app-0123456789abcdef.js"), "purser-app.js");
    }
}
