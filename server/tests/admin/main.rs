//! `/api/checklists-admin*`: how staff make checklists (`contract.md` 10).

mod answering;
mod fields;
mod migration;
mod records;
mod rules;
mod server;
