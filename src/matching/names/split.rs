//! A typed name in words. In: a name, term or phrase. Out: its words with what may stand between them in a text.

use crate::matching::class;
use crate::matching::fold;
use crate::matching::token::{self, Count, Gap, Kind};
use crate::matching::trie::Between;
use std::borrow::Cow;

/// One word of a typed name.
#[derive(Debug, Clone)]
pub struct Typed<'a> {
    /// As typed.
    pub text: &'a str,
    /// Folded, marks kept.
    pub marked: String,
    /// Without the marks that are stripped when a name has none; `None` where there are none.
    stripped: Option<String>,
    /// What stands before it.
    pub gap: Gap,
    /// Letters and digits.
    pub letters: usize,
    /// An acronym that is typed with dots.
    pub dotted: bool,
    /// One letter with a dot.
    pub initial: bool,
    pub kind: Kind,
}

impl Typed<'_> {
    /// Without the marks that are stripped when a name has none.
    pub fn plain(&self) -> &str {
        self.stripped.as_deref().unwrap_or(&self.marked)
    }

    /// Whether it has marks that a text must have too.
    pub fn has_marks(&self) -> bool {
        self.stripped.is_some()
    }

    pub fn cyrillic(&self) -> bool {
        self.marked.chars().all(|c| class::cyrillic(c) || !class::letter(c) || c.is_ascii_digit())
            && self.marked.chars().any(class::cyrillic)
    }

    /// Whether it begins with a capital.
    pub fn capital(&self) -> bool {
        class::first_cased(self.text).is_some_and(char::is_uppercase)
    }

    /// Whether it is two capitals or more and nothing else: an acronym.
    pub fn acronym(&self) -> bool {
        self.letters > 1 && self.letters < 7 && self.text.chars().all(|c| c.is_uppercase() || c.is_ascii_digit())
    }

    /// Whether it is digits and nothing else.
    pub fn number(&self) -> bool {
        self.text.chars().all(|c| c.is_ascii_digit())
    }
}

/// The words of a typed name. `initials` keeps letters with dots as initials when other words stand beside them.
pub fn split(name: &str, initials: bool) -> Vec<Typed<'_>> {
    parted(name, initials, true)
}

/// The same, each letter of a dotted acronym by itself, as texts have it.
pub fn letters(name: &str) -> Vec<Typed<'_>> {
    parted(name, false, false)
}

fn parted(name: &str, initials: bool, acronyms: bool) -> Vec<Typed<'_>> {
    let mut tokens = vec![];
    token::tokenize(name, 0, name.len(), &mut Count::default(), &mut tokens);
    let text = |from: u32, to: u32| &name[from as usize..to as usize];
    let letters = |text: &str| text.chars().filter(|c| class::letter(*c)).count();
    let mut words: Vec<Typed> = vec![];
    let mut at = 0;
    while at < tokens.len() {
        let token = tokens[at];
        let mut end = token.end;
        let mut chain = 1;
        let single = |at: usize| letters(text(tokens[at].start, tokens[at].end)) == 1 && tokens[at].kind == Kind::Word;
        while acronyms
            && single(at)
            && tokens.get(at + chain).is_some_and(|next| next.gap == Gap::Dot && single(at + chain))
        {
            end = tokens[at + chain].end;
            chain += 1;
        }
        let dot = name[end as usize..].starts_with('.');
        let has_long = || tokens.iter().any(|t| letters(text(t.start, t.end)) > 2);
        let as_initials = initials && (chain > 1 || dot) && single(at) && has_long();
        if as_initials {
            (chain, end) = (1, token.end);
        }
        let surface = text(token.start, end);
        let marked = fold::marked(surface);
        let stripped = match fold::plain(&marked) {
            Cow::Owned(plain) if plain != marked => Some(plain),
            _ => None,
        };
        words.push(Typed {
            text: surface,
            marked,
            stripped,
            gap: token.gap,
            letters: letters(surface),
            dotted: chain > 1 && !as_initials,
            initial: as_initials,
            kind: token.kind,
        });
        at += chain;
    }
    words
}

/// What may stand between two words that were typed with `gap` between them.
pub fn between(a: &Typed, b: &Typed, gap: Gap) -> Between {
    let single = a.kind == Kind::Single || b.kind == Kind::Single;
    let long = (a.letters >= 3 && b.letters >= 3) || a.number() || b.number();
    match gap {
        _ if a.initial => Between::Dotted,
        Gap::Glued | Gap::Block => Between::Run,
        Gap::Space | Gap::Quote if single => Between::RunOrSpace,
        Gap::Space | Gap::Hyphen | Gap::Quote if long => Between::Loose,
        Gap::Space | Gap::Quote => Between::Space,
        Gap::Hyphen => Between::HyphenOrSpace,
        Gap::Dot | Gap::DotSpace => Between::Dotted,
        Gap::Symbol => Between::Symbol,
        Gap::Comma => Between::Comma,
        Gap::Break | Gap::Clause | Gap::Sentence => Between::Any,
    }
}
