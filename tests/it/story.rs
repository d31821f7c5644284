//! The story, from source to mailbox: outlets publish, the daemon polls, reads, matches and groups, and what arrives is what a
//! person reads. Here are the texts and the rules that the tests share.

mod delivered;
mod digests;
mod faults;
mod health;
mod ledger;
mod lives;
mod news;

use crate::harness::{Desk, Piece};
use crate::newsroom::Answer;

/// Two watches, one rule, two ways out at once.
const RULES: &str = r#"
[organization.sco]
names = ["Shanghai Cooperation Organization"]

[official.byron]
names = ["Ada Byron"]

[rule.desk]
any    = ["@sco", "@byron"]
notify = ["desk"]
"#;

const DESK: &str = r#"
[channel.desk]
type = "email"
to   = ["anna@example.org", "boris@example.org"]
"#;

const COURIER: &str = r#"
[source.courier]
url   = "NEWSROOM/courier/feed.xml"
name  = "The Courier"
every = "10m"
"#;

/// A wire story, as an agency sends it.
const WIRE: [&str; 4] = [
    "Ministers of the Shanghai Cooperation Organization agreed in Bishkek on Monday to open a joint centre against the smuggling of timber across their mountain borders.",
    "The centre will begin its work in the autumn with forty officers from nine countries, the host said after two days of talks behind closed doors.",
    "Delegates also spoke about rail freight, a common bank for seeds and the price of cotton, but left each of these questions to a meeting in the spring.",
    "Diplomats who asked not to be named said that the budget had been the hardest part, and that two capitals would pay more than half of it.",
];

/// Another day's news of an official.
const SPEECH: [&str; 3] = [
    "The minister Ada Byron told students in Karakol on Tuesday that her country would teach arithmetic by engine before the end of the decade.",
    "She walked through the new workshop, turned a brass wheel herself and asked for the drawings of a larger machine that weaves patterns of numbers.",
    "The rector thanked her for the visit and said that nine hundred pupils had written down their names for the first course of the winter.",
];

/// News of nobody who is watched.
const HARVEST: [&str; 3] = [
    "Growers in the southern valleys began to pick their early apples on Sunday, a week sooner than in any summer since records were first kept.",
    "Warm nights in May brought the trees into leaf before the last frost, and bees were carried up from the plain to help with the blossom.",
    "Traders in the market expect a fair price, since the roads over the pass are dry and the lorries come down in a single day this year.",
];

/// Other news of nobody.
const THEATRE: [&str; 3] = [
    "The town theatre opens its doors again on Friday evening after a winter of repairs to the roof and the little gallery under it.",
    "A company of eleven players will show a comedy about two millers who have quarrelled over one donkey for the better part of their lives.",
    "Tickets are sold at the bookshop beside the bridge from nine in the morning, and children under ten may sit on the steps for nothing.",
];

fn wire(at: &str) -> Piece {
    Piece::new("timber", "Ministers agree on a centre against timber smuggling", at, &WIRE)
}

fn speech(at: &str) -> Piece {
    Piece::new("engine", "Minister promises arithmetic by engine", at, &SPEECH)
}

fn harvest(at: &str) -> Piece {
    Piece::new("apples", "Early apples in the southern valleys", at, &HARVEST)
}

fn theatre(at: &str) -> Piece {
    Piece::new("donkey", "A comedy of two millers", at, &THEATRE)
}

/// A desk in the morning of 2 March 2026 with the Courier, which has published the harvest so far; its first poll is over.
async fn morning(rest: &str) -> Desk {
    let mut desk = Desk::open("2026-03-02T06:00:00Z").await;
    crate::harness::publish(&desk.newsroom, "courier", &[harvest("2026-03-02T05:00:00Z")]);
    desk.start(&format!("{COURIER}{RULES}{rest}")).await;
    desk.turn().await;
    desk
}

/// An error page.
fn down() -> Answer {
    Answer::status(500)
}
