//! Turns `locales/*.json` into typed keys. A key that is missing in one language stops the build.

use std::{env, path::PathBuf};

use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let config = Config::new("en")
        .and_then(|config| config.add_locale("et"))
        .expect("the locale names are valid")
        .parse_options(ParseOptions::new().interpolate_display(true));
    let translations = match TranslationsInfos::parse(config) {
        Ok(translations) => translations,
        Err(error) => panic!("locales/*.json: {error}"),
    };
    translations.emit_diagnostics();
    translations.rerun_if_locales_changed();
    translations.generate_i18n_module(out.join("i18n")).expect("the keys can be written");
}
