//! The program itself, run as people run it: killed in the middle of its work, asked by many at
//! once, given broken files and odd requests, and listened to.

// It is stopped and killed by signals.
#![cfg(unix)]

mod config;
mod killed;
mod loading;
mod logs;
mod odd;
mod program;
mod together;
#[path = "../support/wire.rs"]
mod wire;
