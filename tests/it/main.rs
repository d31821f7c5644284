//! The one integration binary: the house rules, the stores' contract, the story from source to mailbox, crashes and secrets.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod architecture;
mod deliver;
mod fetch;
mod newsroom;
mod sink;
mod smtp;
mod store_contract;
mod web;
