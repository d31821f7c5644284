//! The keys under which the archive knows the words of an article. In: an article, or a word. Out: keys, coarser than any comparison
//! of the matcher: whatever it takes for one word has one key here, or keys that begin alike. Never a judgement of what matches.

use super::blocks::{self, source};
use super::class;
use super::fold;
use super::names::{glued, roman};
use super::token::{self, Count, Gap, Kind, Token};
use super::vocabulary::pieces_at_apostrophes;
use super::{Text, find};
use std::collections::HashSet;

/// A key is cut after so many letters: few words that begin alike so far are different words.
const KEY_CHARS_MAX: usize = 24;

/// The keys of an article's words, in no order, each once, with a space between them.
#[must_use]
pub fn keys(text: &Text) -> String {
    let mut keys = Keys::default();
    let (mut tokens, mut count) = (vec![], Count::default());
    for block in blocks::blocks(text).iter().filter(|block| blocks::counts(block.zone)) {
        let whole = source(text, block.source);
        tokens.clear();
        token::tokenize(whole, block.start, block.end, &mut count, &mut tokens);
        for at in 0..tokens.len() {
            keys.of_token(whole, &tokens, at);
        }
    }
    keys.all
}

#[derive(Default)]
struct Keys<'a> {
    all: String,
    /// Those in `all`.
    known: HashSet<String>,
    /// The words that were looked at.
    seen: HashSet<&'a str>,
}

impl<'a> Keys<'a> {
    fn put(&mut self, key: Option<String>) {
        let Some(key) = key.filter(|key| !self.known.contains(key)) else { return };
        if !self.all.is_empty() {
            self.all.push(' ');
        }
        self.all.push_str(&key);
        self.known.insert(key);
    }

    fn of_token(&mut self, whole: &'a str, tokens: &[Token], at: usize) {
        let surface = |at: usize| &whole[tokens[at].start as usize..tokens[at].end as usize];
        let word = surface(at);
        if self.seen.insert(word) {
            match tokens[at].kind {
                Kind::Address => self.put(address(word)),
                Kind::Word | Kind::Single => self.of_word(word),
            }
        }
        let Some(next) = tokens.get(at + 1) else { return };
        if tokens[at].kind == Kind::Single && next.kind == Kind::Single && matches!(next.gap, Gap::Glued | Gap::Space) {
            self.put(pair(word, surface(at + 1)));
        }
        // Several tokens that are read as one word.
        if let Some(last) = find::joined_to(whole, tokens, at) {
            let joined = match next.gap {
                Gap::Hyphen => [word, surface(last)].concat(),
                _ => whole[tokens[at].start as usize..tokens[last].end as usize].to_string(),
            };
            self.of_word(&joined);
        }
    }

    fn of_word(&mut self, word: &str) {
        self.put(key(word));
        for piece in glued::pieces(word) {
            self.put(key(&piece.word));
        }
        for piece in pieces_at_apostrophes(word) {
            self.put(key(piece.word));
        }
    }
}

/// The key of a word of a text, or of one that a name or query has.
pub fn key(word: &str) -> Option<String> {
    let marked = fold::marked(word);
    cut(&roman::respelled(&fold::plain(&marked)))
}

/// The key of an address.
pub fn address(address: &str) -> Option<String> {
    cut(&address.to_lowercase())
}

/// The key of two letters of a script without spaces that stand side by side.
pub fn pair(first: &str, second: &str) -> Option<String> {
    cut(&[&*fold::marked(first), &*fold::marked(second)].concat())
}

/// How the keys of all words begin that go on after the word with this key: how its last letters are respelled may hang on what
/// follows them. `None` where that is too little to look for.
pub fn beginning(key: &str) -> Option<String> {
    let sure = key.trim_end_matches(['d', 'z', 'k', 'y', 'i', 'e', 'j', MARK]);
    (sure.chars().nth(1).is_some()).then(|| sure.to_string())
}

/// Stands for marks inside a key.
const MARK: char = '\u{b7}';

/// Letters and marks that no tokenizer parts or changes.
pub fn cut(key: &str) -> Option<String> {
    let whole = |c: char| if c.is_ascii_alphanumeric() || !c.is_ascii() { c } else { MARK };
    let key: String = key.chars().take(KEY_CHARS_MAX).filter(|c| !c.is_whitespace()).map(whole).collect();
    // Of marks alone there would be no key; a word has a letter.
    key.chars().any(class::letter).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_article_is_known_by_its_words_their_pieces_and_pairs_of_letters() {
        let of = |text: &'static str| keys(&Text { title: text, ..Text::empty() });
        assert_eq!(of("China's ministers, ministers"), "china·s china ministers");
        assert_eq!(of("S.C.O. l'ONU"), "s sco c co o lonu onu");
        assert_eq!(of("王毅说"), "王 王毅 毅 毅说 说");
        assert_eq!(of("\"counter-terrorism\" * NEAR(x)"), "counter counterterorism terorism near x");
        assert_eq!(of("Лавренёву"), "lavrenevu");
    }

    proptest! {
        #[test]
        fn a_word_that_goes_on_has_a_key_that_goes_on(word in "[a-zа-яёўқғҳ'é]{1,9}", end in "[a-zа-я']{0,4}") {
            if let Some(begin) = key(&word).as_deref().and_then(beginning) {
                let longer = key(&format!("{word}{end}")).unwrap_or_default();
                prop_assert!(longer.starts_with(&begin), "{word} {end}: {longer} {begin}");
            }
        }

        #[test]
        fn spellings_with_one_romanisation_have_one_key(word in "[adehijkostuvyz]{1,12}|[а-яёўқғҳ']{1,12}") {
            let other = roman::spellings(&word, 6);
            let keys: HashSet<Option<String>> = other.iter().map(|word| key(word)).collect();
            prop_assert_eq!(keys.len(), 1, "{:?}", other);
        }
    }
}
