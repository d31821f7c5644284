//! wirewatch watches the news wires: it polls sources on a schedule, reads the article behind each new
//! entry, matches it against watch rules, and sends alerts and digests that survive a crash.
//!
//! # The drawing
//! ```text
//!  bell ─wake─► worker::poll    CLAIM ► FETCH ► parse ► COMMIT                    [sources] ─► [entries] new ones, to be read
//!  (cron, tick)                 source  feed    entries  seen + next_check_at
//!  commit ─wake─► worker::read  CLAIM ► FETCH ► extract ► match ► LOAD ► group ► render ► COMMIT   [articles] [matches] [alerts] ─► [outbox]
//!                               entry   page    article   hits    near    story   message          (conflict: somebody made the story: group again)
//!  bell ─wake─► worker::digest  CLAIM window ► group ► render ► COMMIT                      [digests] ─────────────────► [outbox]
//!  commit ─wake─► worker::outbox CLAIM lease ► DELIVER ► verdict ► RECORD  sent | retry_at | dead                        [deliveries]
//!
//!  CAPITALS touch the world · lower case is a pure function · [brackets] are tables: they survive a crash
//! ```
//! There is one way out of the program: the outbox.
//!
//! # What it is built of
//! 399 crates in the lock file, its own and those of tests included. The heavy ones, and why each is worth it: reqwest with hyper, h2,
//! rustls and aws-lc (the web as it is, with the system's trust), scraper with html5ever (pages as a browser reads them), ammonia (what
//! strangers may not do in HTML), tokio (a thousand sources wait side by side), rusqlite with SQLite in it (one file that survives a
//! kill), axum's hyper for the status page and the demo, clap (help that helps), jiff with its time zones (a digest at eight is at
//! eight), feed-rs, lettre, config and tokio-cron-scheduler as given: docs/decisions/0001 says what fails without each.
//!
//! # Glossary
//! source (a thing we look at) · feed (an RSS/Atom/JSON document) · page (an HTML list of news) · entry (one item; Atom's word) ·
//! article (the text behind an entry) · zone (title, lead, body, caption, quote, related) · watch (an organization, official or
//! keyword with its names) · rule (what must be present, and whom to tell) · hit (one watch found at a span) · match (rule ×
//! article, with its hits) · story (articles that tell the same news) · alert (a match worth telling) · digest (alerts of one
//! channel and window) · channel (where it goes) · message (a rendered alert or digest) · outbox (messages owed) · delivery (one
//! attempt, with its verdict) · silence (told to be quiet until).

pub mod model;

pub mod text;

pub mod schedule;

pub mod fetch;
pub mod manners;

pub mod parse;

pub mod extract;

pub mod matching;

pub mod group;

pub mod render;

pub mod store;

pub mod deliver;
pub mod lists;
pub mod web;

pub mod config;
pub mod worker;

pub mod app;
pub mod cli;
pub mod demo;

pub mod clock;
pub mod failpoint;
pub mod heap;
