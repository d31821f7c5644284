//! The sketches of what was read lately, in memory: a ring of articles, and a chain of entries for each hash, the newest first.
//! In: numbers of articles with their sketches. Out: those that share hashes with another sketch. A cache: it can be made anew.

use crate::model::limits::{RECENT_ARTICLES_MAX, SKETCH_HASHES_MAX};
use std::cmp::Reverse;

/// Articles that are named for one hash, the newest. A phrase that all articles of an outlet end with names no more than that.
const OF_A_HASH_MAX: usize = 32;
/// Articles that are named for one sketch.
const LIKE_MAX: usize = 64;
/// Entries of a chain that are looked at.
const STEPS_MAX: usize = 512;
const NONE: u32 = u32::MAX;

/// What was read lately: 150 bytes for each article.
#[derive(Debug)]
pub struct Recent {
    /// By place in the ring: the article, and when it was seen.
    articles: Vec<(i64, i64)>,
    /// By entry: its hash, and the next entry of its chain. An article has [`SKETCH_HASHES_MAX`] of them.
    hashes: Vec<u32>,
    next: Vec<u32>,
    /// By the hash's lowest bits: the newest entry.
    newest: Vec<u32>,
    /// The place that is written next.
    at: usize,
    capacity: usize,
    most: usize,
}

impl Default for Recent {
    fn default() -> Self {
        Self::of(RECENT_ARTICLES_MAX)
    }
}

impl Recent {
    /// Room for so many articles, a power of two; beyond it the oldest is forgotten.
    fn of(most: usize) -> Self {
        let capacity = 1024.min(most);
        let mut recent = Self { articles: vec![], hashes: vec![], next: vec![], newest: vec![], at: 0, capacity, most };
        recent.newest = vec![NONE; recent.chains()];
        recent
    }

    /// Adds an article that was seen then (ms), the newest; articles seen before `since` may give it their place.
    pub fn add(&mut self, article: i64, seen: i64, sketch: &[u32], since: i64) {
        if sketch.is_empty() {
            return;
        }
        let full = self.articles.len() == self.capacity;
        if full && self.capacity < self.most && self.articles[self.at].1 >= since {
            self.grow();
        }
        let place = self.at;
        self.at = (place + 1) % self.capacity;
        let first = place * SKETCH_HASHES_MAX;
        if place == self.articles.len() {
            self.articles.push((article, seen));
            self.hashes.resize(first + SKETCH_HASHES_MAX, 0);
            self.next.resize(first + SKETCH_HASHES_MAX, NONE);
        } else {
            self.articles[place] = (article, seen);
        }
        for at in 0..SKETCH_HASHES_MAX {
            // A shorter sketch says its last hash again, which is chained but once.
            self.hashes[first + at] = sketch[at.min(sketch.len() - 1)];
        }
        self.chain_all(place);
    }

    /// Articles seen since then (ms) that share hashes with the sketch, and how many: those that share most first, then the newest.
    #[must_use]
    pub fn like(&self, sketch: &[u32], since: i64) -> Vec<(i64, usize)> {
        let mut places = vec![];
        for hash in sketch {
            self.each(*hash, |place| places.push(place));
        }
        places.sort_unstable();
        let recent = places.chunk_by(|a, b| a == b).filter(|of_one| self.articles[of_one[0]].1 >= since);
        let mut found: Vec<_> = recent.map(|of_one| (of_one.len(), Reverse(self.age(of_one[0])), of_one[0])).collect();
        found.sort_unstable_by(|a, b| b.cmp(a));
        let mut like: Vec<(i64, usize)> = Vec::with_capacity(found.len());
        for (shared, _, place) in found {
            // An article that was read again stands in several places; the one that shares most counts.
            let article = self.articles[place].0;
            if !like.iter().any(|(known, _)| *known == article) {
                like.push((article, shared));
            }
            if like.len() == LIKE_MAX {
                break;
            }
        }
        like
    }

    /// The places of the newest articles with this hash.
    fn each(&self, hash: u32, mut found: impl FnMut(usize)) {
        let mut entry = self.newest[self.chain_of(hash)];
        let (mut last, mut named) = ((0, u32::MAX), 0);
        for _ in 0..STEPS_MAX {
            let Some(known) = self.hashes.get(entry as usize) else { return };
            let place = entry as usize / SKETCH_HASHES_MAX;
            // The ring came round: what stood here is forgotten, and all that is older.
            let age = self.age(place);
            if age < last.0 || (age == last.0 && entry >= last.1) {
                return;
            }
            last = (age, entry);
            if *known == hash {
                found(place);
                named += 1;
                if named == OF_A_HASH_MAX {
                    return;
                }
            }
            entry = self.next[entry as usize];
        }
    }

    /// How many articles were added after the one at this place.
    fn age(&self, place: usize) -> usize {
        (self.at + self.capacity - 1 - place) % self.capacity
    }

    /// Puts the entries of the newest article before all others.
    fn chain_all(&mut self, place: usize) {
        let first = place * SKETCH_HASHES_MAX;
        for entry in first..first + SKETCH_HASHES_MAX {
            if entry > first && self.hashes[entry] == self.hashes[entry - 1] {
                self.next[entry] = NONE;
                continue;
            }
            let chain = self.chain_of(self.hashes[entry]);
            self.next[entry] = self.newest[chain];
            self.newest[chain] = u32::try_from(entry).unwrap_or(NONE);
        }
    }

    fn chains(&self) -> usize {
        (self.capacity * 4).next_power_of_two()
    }

    fn chain_of(&self, hash: u32) -> usize {
        hash as usize & (self.newest.len() - 1)
    }

    /// Doubles the room.
    fn grow(&mut self) {
        self.articles.rotate_left(self.at);
        self.hashes.rotate_left(self.at * SKETCH_HASHES_MAX);
        self.at = self.articles.len();
        self.capacity = (self.capacity * 2).min(self.most);
        self.newest = vec![NONE; self.chains()];
        for place in 0..self.articles.len() {
            self.chain_all(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shares_most_comes_first_and_then_the_newest() {
        let mut recent = Recent::default();
        recent.add(1, 10, &[1, 2, 3], 0);
        recent.add(2, 11, &[3, 4], 0);
        recent.add(3, 12, &[3, 9], 0);
        recent.add(4, 13, &[], 0);
        assert_eq!(recent.like(&[1, 2, 3], 0), [(1, 3), (3, 1), (2, 1)]);
        assert_eq!(recent.like(&[1, 2, 3], 11), [(3, 1), (2, 1)]);
        assert_eq!(recent.like(&[77], 0), []);
        // Read again, it has another sketch.
        recent.add(1, 14, &[9], 0);
        assert_eq!(recent.like(&[9], 0), [(1, 1), (3, 1)]);
    }

    #[test]
    fn beyond_its_limit_the_oldest_is_forgotten() {
        let mut recent = Recent::of(4096);
        for article in 0..10_000_u32 {
            recent.add(i64::from(article), 0, &[article, 1_000_000 + article % 64, 2_000_000], 0);
        }
        assert_eq!(recent.articles.len(), 4096);
        for article in 0..10_000_u32 {
            let found = recent.like(&[article], 0);
            let expected = if article < 10_000 - 4096 { vec![] } else { vec![(i64::from(article), 1)] };
            assert_eq!(found, expected, "{article}");
        }
        let of_all = recent.like(&[2_000_000], 0);
        assert_eq!((of_all.len(), of_all[0].0), (OF_A_HASH_MAX, 9999));
        assert_eq!(recent.like(&[9990, 1_000_000 + 9990 % 64], 0)[0], (9990, 2));
    }

    #[test]
    fn it_grows_only_for_what_is_recent() {
        let mut recent = Recent::of(1 << 20);
        for article in 0..5000 {
            recent.add(article, article, &[u32::try_from(article).unwrap()], article - 500);
        }
        assert_eq!(recent.articles.len(), 1024);
        assert_eq!(recent.like(&[4990], 0), [(4990, 1)]);
    }
}
