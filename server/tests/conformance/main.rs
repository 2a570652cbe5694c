//! The server's router against everything that is known of the real one: the test vectors of
//! `contract.md` and the recordings of its code. The data is in `crates/checklist/tests/data`.

mod admin;
mod compare;
mod desk;
mod loading;
mod neighbours;
mod recordings;
#[path = "../support/sign_in.rs"]
mod sign_in;
#[path = "../support/desk.rs"]
mod support;
mod vectors;
