//! The server's router against everything that is known of the real one: the test vectors of
//! `contract.md` and the recordings of its code. The data is in `crates/checklist/tests/data`.

mod admin;
mod compare;
mod desk;
mod loading;
mod neighbours;
mod recordings;
mod vectors;
