//! The mark to beat: daachorse over folded names, overlapping matches, whole words only.

use daachorse::CharwiseDoubleArrayAhoCorasick;

pub struct Automaton(CharwiseDoubleArrayAhoCorasick<u32>);

impl Automaton {
    pub fn new<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let folded: std::collections::BTreeSet<String> = names.map(|name| fold(name).0).collect();
        Self(CharwiseDoubleArrayAhoCorasick::new(folded).unwrap())
    }

    pub fn count(&self, folded: &str) -> usize {
        let bound = |at: usize, before: bool| {
            let mut beside = folded[at..].chars();
            let beside = if before { folded[..at].chars().next_back() } else { beside.next() };
            beside.is_none_or(|c| !c.is_alphanumeric() || ('\u{3400}'..='\u{9fff}').contains(&c))
        };
        self.0
            .find_overlapping_iter(folded)
            .filter(|found| bound(found.start(), true) && bound(found.end(), false))
            .count()
    }
}

/// Lower case, ё = е, apostrophes one, invisible marks gone; with the byte of the original for each byte. NFKC is left out: it would
/// only make this slower.
pub fn fold(text: &str) -> (String, Vec<u32>) {
    let mut folded = String::with_capacity(text.len());
    let mut offsets = Vec::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let from = folded.len();
        match c {
            'a'..='z' | ' ' => folded.push(c),
            'A'..='Z' => folded.push(c.to_ascii_lowercase()),
            'ё' | 'Ё' => folded.push('е'),
            '\u{ad}' | '\u{200b}'..='\u{200f}' => {}
            '’' | '‘' | 'ʻ' | 'ʼ' | '`' => folded.push('\''),
            c => folded.extend(c.to_lowercase()),
        }
        offsets.extend(std::iter::repeat_n(at as u32, folded.len() - from));
    }
    (folded, offsets)
}
