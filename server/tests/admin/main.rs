//! `/api/checklists-admin*`: how staff make checklists (`contract.md` 10).

mod migration;
mod records;
mod server;
