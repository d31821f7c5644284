//! In: the entries of one document. Out: a key for each, the same at every poll.
//! It never depends on the other entries, except where several claim one id.

use crate::model::Entry;
use crate::text::url::untracked;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt::Write;
use url::Url;

/// A key longer than this is replaced by its hash, in bytes.
const KEY_BYTES_MAX: usize = 512;

/// Gives every entry its key: its id, else its link, else a hash of its text. Where different entries have one id (some feeds
/// give the same to all), it says nothing: the link, or the title, is added.
pub fn assign(entries: &mut [Entry]) {
    let mut claims: HashMap<&str, (&Entry, bool), foldhash::fast::FixedState> = HashMap::default();
    for entry in entries.iter() {
        if let Some(id) = &entry.id {
            let (first, shared) = claims.entry(id).or_insert((entry, false));
            *shared |= first.link != entry.link || (entry.link.is_none() && first.title != entry.title);
        }
    }
    let keys: Vec<String> = entries
        .iter()
        .map(|entry| {
            let id = entry.id.as_deref();
            match (id, &entry.link) {
                (Some(id), link) if claims.get(id).is_some_and(|(_, shared)| *shared) => {
                    let own = link.as_deref().or(entry.title.as_deref());
                    bounded(&format!("{id} {}", own.unwrap_or_default()))
                }
                (Some(id), _) => bounded(id),
                (None, Some(link)) => bounded(&address(link)),
                (None, None) => text(entry),
            }
        })
        .collect();
    for (entry, key) in entries.iter_mut().zip(keys) {
        entry.key = key;
    }
}

/// A link in the one form that both readers give it (feed-rs adds a slash to a bare host, and the like), without the parameters
/// that may be others at each poll.
fn address(link: &str) -> String {
    Url::parse(link).map_or_else(|_| link.to_string(), |url| untracked(&url).into())
}

fn bounded(key: &str) -> String {
    if key.len() > KEY_BYTES_MAX { hash(&[key]) } else { key.to_string() }
}

fn text(entry: &Entry) -> String {
    let texts = [&entry.title, &entry.summary, &entry.content];
    let enclosure = entry.enclosures.first().map(|enclosure| enclosure.url.as_str());
    let date = if entry.title.is_none() { entry.published.map(|date| date.to_string()) } else { None };
    let texts: Vec<&str> = texts.iter().map(|text| text.as_deref().unwrap_or_default()).collect();
    hash(&[texts[0], texts[1], texts[2], enclosure.unwrap_or_default(), date.as_deref().unwrap_or_default()])
}

fn hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize()[..16].iter().fold(String::from("sha256:"), |mut key, byte| {
        let _ = write!(key, "{byte:02x}");
        key
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: Option<&str>, link: Option<&str>, title: &str) -> Entry {
        Entry { id: id.map(Into::into), link: link.map(Into::into), title: Some(title.into()), ..Entry::default() }
    }

    fn keys(mut entries: Vec<Entry>) -> Vec<String> {
        assign(&mut entries);
        entries.into_iter().map(|entry| entry.key).collect()
    }

    #[test]
    fn the_id_names_an_entry_then_its_link_then_its_text() {
        let found = keys(vec![
            entry(Some("a"), Some("b"), "c"),
            entry(None, Some("http://b.example"), "c"),
            entry(None, None, "c"),
        ]);
        assert_eq!(found[..2], ["a", "http://b.example/"]);
        let campaign = |n| keys(vec![entry(None, Some(&format!("http://b.example/?a=1&utm_campaign={n}#part")), "c")]);
        assert_eq!((campaign(1), campaign(2)), (vec!["http://b.example/?a=1#part".into()], campaign(1)));
        assert_eq!(found[2], keys(vec![entry(None, None, "c")])[0]);
        assert_ne!(found[2], keys(vec![entry(None, None, "d")])[0]);
    }

    #[test]
    fn one_id_for_all_does_not_make_them_one() {
        let found =
            keys(vec![entry(Some("x"), Some("a"), "1"), entry(Some("x"), Some("b"), "2"), entry(Some("y"), None, "3")]);
        assert_eq!(found, ["x a", "x b", "y"]);
        assert_eq!(keys(vec![entry(Some("x"), None, "1"), entry(Some("x"), None, "2")]), ["x 1", "x 2"]);
        assert_eq!(keys(vec![entry(Some("x"), Some("a"), "1"), entry(Some("x"), Some("a"), "2")]), ["x", "x"]);
    }

    #[test]
    fn a_key_has_a_longest_length() {
        let long = "x".repeat(KEY_BYTES_MAX + 1);
        assert_eq!(keys(vec![entry(Some(&long), None, "")])[0].len(), "sha256:".len() + 32);
    }
}
