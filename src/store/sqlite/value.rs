//! Between Rust's values and SQLite's. In: times, ids, structs. Out: integers and text, and back. A stored text that does not
//! read back is damage, never a panic.

use crate::model::{ChannelId, RuleId, SourceId};
use crate::store::{Result, StoreError};
use jiff::Timestamp;
use rusqlite::Connection;
use serde::Serialize;
use serde::de::{DeserializeOwned, IntoDeserializer};
use std::time::Duration;

/// Milliseconds since 1970.
pub(super) fn ms(time: Timestamp) -> i64 {
    time.as_millisecond()
}

/// The time of so many milliseconds since 1970; the end of time where there is none.
pub(super) fn time(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX)
}

/// A length of time in milliseconds.
pub(super) fn span(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}

/// Milliseconds since 1970, a while after `now`.
pub(super) fn after(now: Timestamp, length: Duration) -> i64 {
    ms(now).saturating_add(span(length))
}

/// Milliseconds since 1970, a while before `now`.
pub(super) fn before(now: Timestamp, length: Duration) -> i64 {
    ms(now).saturating_sub(span(length))
}

/// A count, as SQLite takes it.
pub(super) fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A count that SQLite gave.
pub(super) fn size(number: i64) -> usize {
    usize::try_from(number).unwrap_or(0)
}

pub(super) fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|fault| StoreError::Unusable(format!("a value cannot be stored: {fault}")))
}

/// A JSON array of integers, for `json_each`.
pub(super) fn list(numbers: impl IntoIterator<Item = i64>) -> String {
    use std::fmt::Write as _;
    let mut list = String::from("[");
    for number in numbers {
        let comma = if list.len() > 1 { "," } else { "" };
        let _ = write!(list, "{comma}{number}");
    }
    list.push(']');
    list
}

pub(super) fn parsed<T: DeserializeOwned>(stored: &str) -> Result<T> {
    serde_json::from_str(stored).map_err(|fault| damaged(&fault.to_string()))
}

/// A unit variant by its serde name.
pub(super) fn named<T: DeserializeOwned>(name: &str) -> Result<T> {
    T::deserialize(name.into_deserializer()).map_err(|fault: serde::de::value::Error| damaged(&fault.to_string()))
}

pub(super) fn source_id(stored: &str) -> Result<SourceId> {
    SourceId::new(stored).map_err(|fault| damaged(&fault.to_string()))
}

pub(super) fn channel_id(stored: &str) -> Result<ChannelId> {
    ChannelId::new(stored).map_err(|fault| damaged(&fault.to_string()))
}

pub(super) fn rule_id(stored: &str) -> Result<RuleId> {
    RuleId::new(stored).map_err(|fault| damaged(&fault.to_string()))
}

/// The next number of a counter.
pub(super) fn next(conn: &Connection, counter: &str) -> Result<i64> {
    let mut up = conn.prepare_cached("UPDATE counters SET value = value + 1 WHERE name = ?1 RETURNING value")?;
    Ok(up.query_row([counter], |row| row.get(0))?)
}

fn damaged(fault: &str) -> StoreError {
    StoreError::Unusable(format!("the database holds a value that cannot be read: {fault}; restore the last backup"))
}
