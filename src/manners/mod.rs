//! Manners: may I, when may I again, and how long does it keep.
//! In: robots.txt (RFC 9309), `Retry-After`, `Cache-Control` and `Expires`, as strangers wrote them. Out: a verdict or a duration.
//! It asks nobody: the caller fetched the text, and the time comes as an argument.

mod robots;
mod wait;

pub use robots::{Access, Robots};
pub use wait::{keep, retry_after};
