//! Lists of accounts: filtered, counted and ordered in memory, and never different from what the
//! database says; who sees what, how pages follow each other, and what older servers lack.

mod ask;
mod chance;
mod desk;
mod older;
mod pages;
#[path = "../support/desk.rs"]
mod support;
mod visibility;
mod walk;
mod world;
