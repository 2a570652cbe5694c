//! Stands where trunk looks for `wasm-bindgen`. What the app needs later (`src/later.rs`) is cut off
//! and left in `target/tools/split`; the real `wasm-bindgen` gets the rest, with the arguments that
//! trunk gave. `cargo xtask post-build` then puts the cut-off parts beside it.
//!
//! The cut has to come before `wasm-bindgen`, which throws away where functions refer to each other.

use std::{
    collections::hash_map::DefaultHasher,
    env,
    error::Error,
    ffi::OsString,
    fs,
    hash::{Hash, Hasher},
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

fn main() -> ExitCode {
    match run(env::args_os().skip(1).collect()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("The app could not be split: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: Vec<OsString>) -> Result<ExitCode, Box<dyn Error>> {
    // We are target/tools/bin/wasm-bindgen.
    let here = env::current_exe()?;
    let tools = here.parent().and_then(Path::parent).ok_or("this program stands nowhere")?;
    let is_wasm = |it: &OsString| Path::new(it).extension().is_some_and(|it| it == "wasm");
    // Without a file to work on, trunk only asks for the version.
    if let Some(at) = arguments.iter().position(is_wasm) {
        let name = output_name(&arguments).ok_or("trunk did not say how the app is called")?;
        arguments[at] = split(Path::new(&arguments[at]), &name, &tools.join("split"))?.into();
        // The parts share one table of functions, which is dropped otherwise.
        arguments.push("--keep-lld-exports".into());
    }
    let real = tools.join("real/bin").join(format!("wasm-bindgen{}", env::consts::EXE_SUFFIX));
    let status = Command::new(real).args(&arguments).status()?;
    if !status.success() {
        return Ok(ExitCode::FAILURE);
    }
    if let (Some(folder), Some(name)) = (option(&arguments, "--out-dir"), output_name(&arguments)) {
        simplify(&Path::new(&folder).join(format!("{name}.js")))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes two lines of the script in a way that the program which makes it small understands: it leaves
/// the whole as it is otherwise.
fn simplify(script: &Path) -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(script)?;
    let text = text.replacen(".js\"\n", ".js\";\n", 1).replace(
        "export { initSync, __wbg_init as default };",
        "export { initSync };\nexport default __wbg_init;",
    );
    Ok(fs::write(script, text)?)
}

fn output_name(arguments: &[OsString]) -> Option<String> {
    option(arguments, "--out-name")
}

/// What follows `--name=` or `--name`.
fn option(arguments: &[OsString], name: &str) -> Option<String> {
    let mut words = arguments.iter().filter_map(|it| it.to_str());
    let joined = words.find_map(|it| it.strip_prefix(name)?.strip_prefix('='));
    joined.map(str::to_owned).or_else(|| {
        let at = arguments.iter().position(|it| it == name)?;
        Some(arguments.get(at + 1)?.to_str()?.to_owned())
    })
}

/// Leaves the parts in `folder` and says where the first one is.
fn split(input: &Path, name: &str, folder: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let wasm = fs::read(input)?;
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    // wasm-bindgen names its output after its input, so that keeps its name.
    let main = folder.join("main").join(input.file_name().ok_or("the app has no name")?);
    fs::create_dir_all(folder.join("main"))?;
    // Named by the content, so that it may be kept for ever.
    let mut hasher = DefaultHasher::new();
    wasm.hash(&mut hasher);
    let link = format!("./split-{:016x}.js", hasher.finish());
    let main_module = format!("./{name}.js");
    let mut options = wasm_split_cli_support::Options::new(&wasm);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.main_module = &main_module;
    options.link_name = &link;
    wasm_split_cli_support::transform(options).map_err(|error| format!("{error:#}"))?;
    Ok(main)
}
