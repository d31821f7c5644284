//! A hash table of numbers: what they stand for is kept elsewhere, so that a million names cost four bytes each here.
//! In: a hash and a test for equality. Out: a number. Never a key of its own.

/// Open addressing with linear probing. A byte of the hash stands in an array of its own, so that a search that finds nothing
/// touches little memory; 0 marks an empty slot.
#[derive(Debug, Clone, Default)]
pub struct Table {
    tags: Vec<u8>,
    slots: Vec<u32>,
    len: usize,
}

impl Table {
    /// The first number under this hash for which `equal` holds.
    pub fn find(&self, hash: u64, mut equal: impl FnMut(u32) -> bool) -> Option<u32> {
        if self.tags.is_empty() {
            return None;
        }
        let mask = self.tags.len() - 1;
        let wanted = tag(hash);
        let mut at = spread(hash) & mask;
        loop {
            match self.tags[at] {
                0 => return None,
                tag if tag == wanted && equal(self.slots[at]) => return Some(self.slots[at]),
                _ => at = (at + 1) & mask,
            }
        }
    }

    /// Puts a number under a hash; `rehash` gives the hash of those that are there already, for when the table grows.
    pub fn insert(&mut self, hash: u64, number: u32, rehash: impl Fn(u32) -> u64) {
        // Three quarters full at most: linear probing is slow beyond.
        if (self.len + 1) * 4 > self.tags.len() * 3 {
            let mut larger = Self::with_slots((self.tags.len() * 2).max(16));
            for (tag, slot) in self.tags.iter().zip(&self.slots) {
                if *tag != 0 {
                    larger.put(rehash(*slot), *slot);
                }
            }
            *self = larger;
        }
        self.put(hash, number);
    }

    /// Makes room for so many.
    pub fn reserve(&mut self, many: usize) {
        if self.len == 0 && many > 0 {
            *self = Self::with_slots((many * 4 / 3).next_power_of_two());
        }
    }

    fn with_slots(slots: usize) -> Self {
        Self { tags: vec![0; slots], slots: vec![0; slots], len: 0 }
    }

    fn put(&mut self, hash: u64, number: u32) {
        let mask = self.tags.len() - 1;
        let mut at = spread(hash) & mask;
        while self.tags[at] != 0 {
            at = (at + 1) & mask;
        }
        self.tags[at] = tag(hash);
        self.slots[at] = number;
        self.len += 1;
    }
}

#[expect(clippy::cast_possible_truncation, reason = "any bits of the hash will do")]
fn spread(hash: u64) -> usize {
    hash as usize
}

/// The upper byte of the hash, never 0.
fn tag(hash: u64) -> u8 {
    (hash >> 56) as u8 | 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_found_and_nothing_else() {
        let mut table = Table::default();
        let hash = |n: u32| u64::from(n % 7) << 40;
        for n in 0..500 {
            table.insert(hash(n), n, hash);
        }
        assert!((0..500).all(|n| table.find(hash(n), |m| m == n) == Some(n)));
        assert_eq!(table.find(hash(501), |m| m == 501), None);
    }
}
