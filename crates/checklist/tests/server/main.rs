//! The engine against what is known of the real server: recordings of its code and the test vectors
//! of the contract. The data is in `tests/data`.

mod config;
mod recordings;
mod vectors;
