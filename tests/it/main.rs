//! The one integration binary: the house rules, the stores' contract, the story from source to mailbox, crashes and secrets.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::format_push_string, clippy::format_collect, reason = "fixtures are written plainly")]

mod architecture;
mod archive;
mod bounds;
mod care;
mod channels;
mod cli;
#[cfg(feature = "failpoints")]
mod crash;
mod daemon;
mod deliver;
mod demo;
mod doctor;
mod fetch;
mod harness;
mod hostile;
mod language;
mod lists;
mod metrics;
mod newsroom;
mod pages;
mod proof;
mod reload;
mod rules;
mod secrets;
mod signals;
mod sink;
mod smtp;
mod sources;
mod store_contract;
mod story;
mod unsubscribe;
mod upgrade;
mod web;
mod wires;
