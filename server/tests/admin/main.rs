//! `/api/checklists-admin*`: how staff make checklists (`contract.md` 10).

mod answering;
mod fields;
mod migration;
mod records;
mod rules;
mod server;
#[path = "../support/sign_in.rs"]
mod sign_in;
#[path = "../support/desk.rs"]
mod support;
