//! A query in tokens. In: the typed string. Out: tokens with their bytes, and what is wrong with single ones. Never a judgement
//! of how they stand together: the parser makes those.

use super::ast::Near;
use super::fields;
use super::flaws::{Draft, FLAWS_MAX};
use crate::matching::fault::Flaw;
use std::ops::Range;

/// A token with its bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    pub kind: Kind,
    pub span: Range<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Open,
    Close,
    And,
    Or,
    Not,
    Near(Near),
    AtLeast(u32),
    Word(String),
    Phrase(String, Option<u32>),
    Exact(String),
    Id(String, Option<String>),
    /// A name before a colon.
    Field(String),
}

/// The most words that NEAR may span.
pub const NEAR_MAX: u32 = 100;
/// What NEAR alone means.
pub const NEAR_USUAL: u32 = 4;
/// The most mentions that ATLEAST may ask for.
const ATLEAST_MAX: u32 = 1000;

/// The tokens of a query, and what is wrong with single ones; those are read as what they most likely mean.
pub fn lex(text: &str) -> (Vec<Token>, Vec<Draft>) {
    let mut lexer = Lexer { text, tokens: vec![], flaws: vec![] };
    let mut at = 0;
    // What stands behind so many flaws is looked at when they are mended: each may cost a look at all of the rest.
    while lexer.flaws.len() <= FLAWS_MAX
        && let Some(c) = text[at..].chars().next()
    {
        let next = at + c.len_utf8();
        at = if c.is_whitespace() || c == '\u{feff}' {
            next
        } else if c == '#' && comment(text, at) {
            text[at..].find('\n').map_or(text.len(), |len| at + len)
        } else {
            lexer.token(at, c, next)
        };
    }
    (lexer.tokens, lexer.flaws)
}

struct Lexer<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    flaws: Vec<Draft>,
}

impl Lexer<'_> {
    fn push(&mut self, kind: Kind, span: Range<usize>) -> usize {
        let end = span.end;
        self.tokens.push(Token { kind, span });
        end
    }

    /// Reads the token at `at`, whose first character is `c`; where it ends.
    fn token(&mut self, at: usize, c: char, next: usize) -> usize {
        let text = self.text;
        match c {
            '(' => self.push(Kind::Open, at..next),
            ')' => self.push(Kind::Close, at..next),
            '{' => self.exact(at, next),
            '}' => {
                let flaw = Flaw::new(at..next, "E205", "this brace } was never opened")
                    .hint("a word in braces is found as it is written: {SCO}");
                self.flaws.push(Draft::of(flaw).mend(""));
                next
            }
            _ if opens(c) => self.quoted(at, c, next),
            '@' => self.id(at, next),
            '&' if text[at..].starts_with("&&") => self.push(Kind::And, at..at + 2),
            '|' if text[at..].starts_with("||") => self.push(Kind::Or, at..at + 2),
            '|' => {
                self.flaws.push(Draft::of(Flaw::new(at..next, "E203", "a single | is no operator")).mend("OR"));
                self.push(Kind::Or, at..next)
            }
            '-' | '+' | '!' if before_term(text, at, next) => self.sign(at, c, next),
            ':' => {
                let flaw = Flaw::new(at..next, "E212", "a colon may only follow a field's name");
                let hint = format!("fields are {}; put other colons in quotes", fields::NAMES.join(", "));
                self.flaws.push(Draft::of(flaw.hint(hint)).mend(""));
                next
            }
            _ => self.word(at),
        }
    }

    /// A sign before a term, which other tools know.
    fn sign(&mut self, at: usize, c: char, next: usize) -> usize {
        let joined = matches!(
            self.tokens.last().map(|token| &token.kind),
            None | Some(Kind::Open | Kind::And | Kind::Or | Kind::Not | Kind::Near(_) | Kind::AtLeast(_))
        );
        let (what, mended, kind) = match c {
            '+' => (
                "a leading + is no operator here: every part of an AND must be present anyway",
                if joined { "" } else { "AND " },
                (!joined).then_some(Kind::And),
            ),
            '-' => ("a leading minus is no operator here", "NOT ", Some(Kind::Not)),
            _ => ("a leading ! is no operator here", "NOT ", Some(Kind::Not)),
        };
        let hint = if c == '+' { "take it away" } else { "NOT stands before what must not be there: tea AND NOT milk" };
        self.flaws.push(Draft::of(Flaw::new(at..next, "E214", what).hint(hint)).mend(mended));
        kind.map_or(next, |kind| self.push(kind, at..next))
    }

    /// What is to be found as it is written.
    fn exact(&mut self, at: usize, next: usize) -> usize {
        if let Some(len) = self.text[next..].find('}') {
            return self.push(Kind::Exact(self.text[next..next + len].to_string()), at..next + len + 1);
        }
        let (inside, end) = before_operator(self.text, next);
        let flaw = Flaw::new(at..end, "E205", "this brace { is not closed").hint("close it with }");
        self.flaws.push(Draft::of(flaw).mend(format!("{{{inside}}}")));
        self.push(Kind::Exact(inside.to_string()), at..end)
    }

    /// A phrase in quotation marks of any kind.
    fn quoted(&mut self, at: usize, open: char, start: usize) -> usize {
        let closes = |c: char| match open {
            '«' | '»' => matches!(c, '»' | '«'),
            '「' => c == '」',
            '『' => c == '』',
            _ => matches!(c, '"' | '“' | '”' | '‟' | '＂'),
        };
        let Some((len, c)) = self.text[start..].char_indices().find(|(_, c)| closes(*c)) else {
            let (inside, end) = before_operator(self.text, start);
            let flaw = Flaw::new(at..end, "E205", "this quotation mark is not closed").hint("close it with \"");
            self.flaws.push(Draft::of(flaw).mend(format!("\"{inside}\"")));
            // What is empty was told.
            let phrase = if inside.is_empty() { "x" } else { inside };
            return self.push(Kind::Phrase(phrase.to_string(), None), at..end);
        };
        let phrase = self.text[start..start + len].to_string();
        let end = start + len + c.len_utf8();
        let (slop, end) = self.slop(&phrase, at, end);
        self.push(Kind::Phrase(phrase, slop), at..end)
    }

    /// `~n` after a phrase.
    fn slop(&mut self, phrase: &str, from: usize, at: usize) -> (Option<u32>, usize) {
        if !self.text[at..].starts_with(['~', '^']) {
            return (None, at);
        }
        let end = run(self.text, at + 1, |c| c.is_alphanumeric() || c == '.');
        let typed = &self.text[at + 1..end];
        if self.text[at..].starts_with('^') {
            let flaw =
                Flaw::new(at..end, "E224", format!("^{typed} is no operator: here nothing weighs more than another"));
            self.flaws.push(Draft::of(flaw.hint("take it away")).mend_at(from..end, format!("\"{phrase}\"")));
            return (None, end);
        }
        let flaw = match typed.parse::<u32>() {
            Ok(n) if n <= NEAR_MAX => return (Some(n), end),
            Ok(_) => Flaw::new(at..end, "E209", format!("~{typed} is further than {NEAR_MAX} words")),
            Err(_) => Flaw::new(at..end, "E208", format!("a number is expected after ~, not {typed:?}")),
        };
        let mended = if flaw.code == "E209" { 10 } else { 3 };
        let flaw = flaw.hint("a number after ~ is the most words that may stand between");
        self.flaws.push(Draft::of(flaw).mend_at(from..end, format!("\"{phrase}\"~{mended}")));
        (Some(mended), end)
    }

    fn id(&mut self, at: usize, from: usize) -> usize {
        let end = run(self.text, from, |c| c.is_alphanumeric() || c == '-' || c == '_');
        let id = self.text[from..end].to_string();
        if id.is_empty() {
            let flaw = Flaw::new(at..from, "E203", "an id is expected after @");
            self.flaws.push(Draft::of(flaw.hint("the id of a watch or list stands there, as in @sco")));
            // Something stands here, whatever it is.
            return self.push(Kind::Word("x".to_string()), at..from);
        }
        if !self.text[end..].starts_with('/') {
            return self.push(Kind::Id(id, None), at..end);
        }
        let stop = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | '{' | '}');
        let row = run(self.text, end + 1, |c| !stop(c));
        if row == end + 1 {
            let flaw = Flaw::new(at..row, "E203", "the id of a row is expected after the slash");
            self.flaws.push(Draft::of(flaw.hint(format!("@{id} is all rows of the list"))).mend(format!("@{id}")));
            return self.push(Kind::Id(id, None), at..row);
        }
        let typed = self.text[end + 1..row].to_string();
        self.push(Kind::Id(id, Some(typed)), at..row)
    }

    /// A word, an operator, or a field's name with its colon.
    fn word(&mut self, at: usize) -> usize {
        let stop = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '{' | '}' | ':') || opens(c);
        let mut end = run(self.text, at, |c| !stop(c));
        if let Some((before, _)) = self.text[at..end].split_once('@')
            && !matches!(operator(before), None | Some(Read::Unnumbered(_) | Read::Bad(..)))
        {
            end = at + before.len();
        }
        let typed = &self.text[at..end];
        if self.text[end..].starts_with(':') {
            self.push(Kind::Field(typed.to_string()), at..end + 1);
            return self.field_value(typed, end + 1);
        }
        let kind = match operator(typed) {
            None => Kind::Word(typed.to_string()),
            Some(Read::Is(kind)) => kind,
            Some(Read::Unnumbered(kind)) => {
                let flaw = Flaw::new(at..end, "E208", "ATLEAST needs a number");
                self.flaws.push(Draft::of(flaw.hint("the number stands after a slash: ATLEAST/2")).mend("ATLEAST/2"));
                kind
            }
            Some(Read::Bad(kind, code, what, mended)) => {
                let mut draft =
                    Draft::of(Flaw::new(at..end, code, what).hint(format!("as in {}", mended.join(" or "))));
                for mended in mended {
                    draft = draft.mend(mended);
                }
                self.flaws.push(draft);
                kind
            }
        };
        self.push(kind, at..end)
    }

    /// The value of a field that asks about the article: `https://a.example/x` and `[1 TO 3]` are single ones.
    fn field_value(&mut self, name: &str, at: usize) -> usize {
        let asks = fields::field(name).is_some_and(|field| !matches!(field, fields::Field::Part(_)));
        let plain = |c: char| !(c.is_whitespace() || matches!(c, '(' | ')' | '@') || opens(c));
        if !asks || !self.text[at..].starts_with(plain) {
            return at;
        }
        let range = self.text[at..].starts_with(['[', '{']).then(|| self.text[at..].find([']', '}'])).flatten();
        let end = range.map_or_else(|| run(self.text, at, plain), |len| at + len + 1);
        self.push(Kind::Word(self.text[at..end].to_string()), at..end)
    }
}

/// Where the characters end that begin at `at` and are such.
fn run(text: &str, at: usize, such: impl Fn(char) -> bool) -> usize {
    text[at..].find(|c: char| !such(c)).map_or(text.len(), |len| at + len)
}

/// What stands before the next operator or bracket, and where it ends: most likely what was to be closed.
fn before_operator(text: &str, from: usize) -> (&str, usize) {
    let mut end = from;
    let mut at = from;
    while at < text.len() {
        let word = run(text, at, char::is_whitespace);
        let stop = run(text, word, |c| !c.is_whitespace() && !matches!(c, '(' | ')'));
        if stop == word || operator(&text[word..stop]).is_some() {
            break;
        }
        (end, at) = (stop, stop);
    }
    (text[from..end].trim(), end)
}

/// `#` at the start of a line or after a space, then a space.
fn comment(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_none_or(char::is_whitespace)
        && text[at + 1..].chars().next().is_none_or(char::is_whitespace)
}

fn opens(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '＂' | '「' | '『')
}

/// Whether a sign stands before a term as an operator of other tools.
fn before_term(text: &str, at: usize, next: usize) -> bool {
    let before = text[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || c == '(');
    before
        && text[next..].chars().next().is_some_and(|c| c.is_alphanumeric() || opens(c) || matches!(c, '(' | '@' | '{'))
}

/// What a word is that looks like an operator.
enum Read {
    Is(Kind),
    /// It wants a number.
    Unnumbered(Kind),
    /// Its number is none: a code, words, and what to write instead.
    Bad(Kind, &'static str, String, Vec<String>),
}

/// The operator that a word in capitals is.
pub(super) fn operator_kind(upper: &str) -> Option<Kind> {
    match operator(upper)? {
        Read::Is(kind) | Read::Unnumbered(kind) | Read::Bad(kind, ..) => Some(kind),
    }
}

/// An operator in capitals.
fn operator(typed: &str) -> Option<Read> {
    Some(Read::Is(match typed {
        "AND" => Kind::And,
        "OR" => Kind::Or,
        "NOT" => Kind::Not,
        "SAME" => Kind::Near(Near::Block),
        "SENTENCE" => Kind::Near(Near::Sentence),
        "NEAR" => Kind::Near(Near::Words(NEAR_USUAL)),
        "ONEAR" => Kind::Near(Near::Ordered(NEAR_USUAL)),
        "ATLEAST" => return Some(Read::Unnumbered(Kind::AtLeast(2))),
        _ => match typed.split_once('/')? {
            (name @ ("NEAR" | "ONEAR"), n) => {
                let kind = |n| Kind::Near(if name == "NEAR" { Near::Words(n) } else { Near::Ordered(n) });
                match n.parse::<u32>() {
                    Ok(n) if n <= NEAR_MAX => kind(n),
                    Ok(_) => {
                        let what = format!("{name}/{n} is further than {NEAR_MAX} words");
                        return Some(Read::Bad(kind(10), "E209", what, vec![format!("{name}/10"), "SAME".to_string()]));
                    }
                    Err(_) => {
                        let what = format!("a number is expected after {name}/, not {n:?}");
                        return Some(Read::Bad(kind(5), "E208", what, vec![format!("{name}/5")]));
                    }
                }
            }
            ("ATLEAST", n) => match n.parse::<u32>() {
                Ok(n) if (1..=ATLEAST_MAX).contains(&n) => Kind::AtLeast(n),
                read => {
                    let mended = if read.is_ok_and(|n| n == 0) { 1 } else { 2 };
                    let what = format!("a number from 1 to {ATLEAST_MAX} is expected after ATLEAST/, not {n:?}");
                    return Some(Read::Bad(Kind::AtLeast(2), "E208", what, vec![format!("ATLEAST/{mended}")]));
                }
            },
            _ => return None,
        },
    }))
}
