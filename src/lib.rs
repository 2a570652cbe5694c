//! Purser in the browser: the offering-user desk for Waldur.
//!
//! `app` draws the shell and knows the routes; each screen is a module of `pages`; `ui` holds the
//! building blocks, which know nothing of Waldur. ARCHITECTURE.md says who may call whom.

#![recursion_limit = "256"]
#![allow(unreachable_pub, reason = "what `#[component]` writes is `pub` wherever it stands")]

mod app;
mod country;
mod device_files;
mod download;
mod draft;
mod explain;
mod fetch;
mod file;
mod format;
mod i18n;
mod later;
mod load;
#[cfg(all(test, feature = "ssr"))]
mod markup;
mod notice;
mod pages;
mod path;
mod recovery;
mod session;
mod theme;
mod ui;
mod upload;

pub use app::start;
