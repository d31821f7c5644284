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
            '/' if regex(text, at).is_some() => self.regex(at, regex(text, at).unwrap_or(next)),
            _ => self.word(at),
        }
    }

    /// `/uzb(ek)?/i`: looked for as it stands it would be found nowhere.
    fn regex(&mut self, at: usize, end: usize) -> usize {
        let inside = &self.text[at + 1..at + 1 + self.text[at + 1..end].rfind('/').unwrap_or_default()];
        let stem = &inside[..run(inside, 0, char::is_alphanumeric)];
        let what = "there are no regular expressions here: they would be looked for as they stand";
        let flaw = Flaw::new(at..end, "E224", what).hint("use * at the end of a word, or list the words with OR");
        let words: Vec<&str> = inside.split('|').collect();
        let plain =
            words.len() > 1 && words.iter().all(|word| !word.is_empty() && word.chars().all(char::is_alphanumeric));
        let mended = if plain { format!("({})", words.join(" OR ")) } else { format!("{stem}*") };
        self.flaws.push(Draft::of(flaw).mend(mended));
        self.push(Kind::Word("regex".to_string()), at..end)
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
        if let Some(end) = self.elsewhere(at, end) {
            return end;
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

    /// What other tools write in place of a field's colon or an operator's slash: `HEADLINE(x)`, `title="x"`, `AROUND(5)`, `NEAR 3`,
    /// `ATLEAST3`. Where it ends, if it is such.
    fn elsewhere(&mut self, at: usize, end: usize) -> Option<usize> {
        let (text, typed) = (self.text, &self.text[at..end]);
        let lower = typed.to_lowercase();
        let field =
            |name: &str| fields::field(name).map(|_| name.to_string()).or(fields::elsewhere(name).map(Into::into));
        let named = lower.split_once('=').filter(|(_, value)| !value.starts_with('='));
        if let Some(name) = named.and_then(|(name, _)| field(name)) {
            let to = at + typed.find('=')? + 1;
            let flaw =
                Flaw::new(at..to, "E212", "a field is followed by a colon here").hint(format!("as in {name}:word"));
            self.flaws.push(Draft::of(flaw).mend(format!("{name}:")));
            self.push(Kind::Field(name.clone()), at..to);
            return Some(self.field_value(&name, to));
        }
        if let Some(inside) = text[end..].strip_prefix('(') {
            if let Some(name) = field(&lower) {
                let what = format!("{typed}(…) is how another tool asks for a part of the article");
                let flaw = Flaw::new(at..end, "E212", what).hint(format!("as in {name}:word or {name}:(a OR b)"));
                self.flaws.push(Draft::of(flaw).mend(format!("{name}:")));
                return Some(self.push(Kind::Field(name), at..end));
            }
            let number = inside.split(')').next().filter(|inside| inside.len() < 5);
            if let ("around" | "near" | "within" | "onear" | "adj", Some(n)) = (&*lower, number)
                && let Ok(words) = n.trim().parse::<u32>()
            {
                let ordered = matches!(&*lower, "onear" | "adj");
                let to = end + n.len() + 2;
                return Some(self.miswritten(at..to, if ordered { Near::Ordered } else { Near::Words }, words));
            }
        }
        let glued = lower.strip_prefix("atleast").and_then(|n| n.trim_start_matches('/').parse::<u32>().ok());
        if let Some(n) = glued.filter(|n| (1..=ATLEAST_MAX).contains(n) && operator(typed).is_none()) {
            return Some(self.atleast(at..end, n));
        }
        // A number that stands behind a space, and something behind that.
        let (digits, more) = number_behind(text, end)?;
        let n = text[end..digits].trim().parse::<u32>().ok().filter(|_| more)?;
        match typed {
            "NEAR" | "ONEAR" if n <= NEAR_MAX => {
                let near = if typed == "NEAR" { Near::Words } else { Near::Ordered };
                Some(self.miswritten(at..digits, near, n))
            }
            "ATLEAST" if (1..=ATLEAST_MAX).contains(&n) => Some(self.atleast(at..digits, n)),
            _ => None,
        }
    }

    /// A near whose number is not written as it is here.
    fn miswritten(&mut self, span: Range<usize>, near: fn(u32) -> Near, words: u32) -> usize {
        let near = near(words.min(NEAR_MAX));
        let what = format!("{} is not how near is written here", &self.text[span.clone()]);
        let flaw = Flaw::new(span.clone(), "E223", what).hint(format!("here it is {}", near.shown()));
        self.flaws.push(Draft::of(flaw).mend(near.shown()));
        self.push(Kind::Near(near), span)
    }

    fn atleast(&mut self, span: Range<usize>, n: u32) -> usize {
        let what = format!("{} is not how it is written here", &self.text[span.clone()]);
        let flaw = Flaw::new(span.clone(), "E223", what).hint(format!("here it is ATLEAST/{n}"));
        self.flaws.push(Draft::of(flaw).mend(format!("ATLEAST/{n}")));
        self.push(Kind::AtLeast(n), span)
    }

    /// The value of a field that asks about the article: `https://a.example/x` and `[1 TO 3]` are single ones.
    fn field_value(&mut self, name: &str, at: usize) -> usize {
        let asks = fields::field(name).is_some_and(|field| !matches!(field, fields::Field::Part(_)));
        let plain = |c: char| !(c.is_whitespace() || matches!(c, '(' | ')' | '@') || opens(c));
        if !asks || !self.text[at..].starts_with(plain) {
            return at;
        }
        let range = self.text[at..].starts_with(['[', '{']).then(|| self.text[at..].find([']', '}'])).flatten();
        let mut end = range.map_or_else(|| run(self.text, at, plain), |len| at + len + 1);
        if fields::field(name) == Some(fields::Field::Published) {
            // `published:last week` is one time, although not one that is read here.
            let rest = self.text[end..].trim_start_matches(' ');
            let second = &rest[..run(rest, 0, char::is_alphabetic)];
            if fields::is_relative(&self.text[at..end], second) {
                end = self.text.len() - rest.len() + second.len();
            }
        }
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

/// Where a regular expression ends that begins here: it has signs that mean something in one only.
fn regex(text: &str, at: usize) -> Option<usize> {
    let end = run(text, at, |c| !c.is_whitespace());
    let inside = text[at + 1..end].rfind('/').filter(|len| *len > 0)?;
    let (inside, flags) = (&text[at + 1..at + 1 + inside], text[at + 2 + inside..end].trim_end_matches(')'));
    // A bracket that closes the query's own is none of its signs.
    let end = end - (text[..end].len() - text[..end].trim_end_matches(')').len());
    let signs = inside.contains(['\\', '[', '^', '$', '|', '+', '*']) || inside.contains(")?") || inside.contains(".?");
    let plain = !inside.contains('/') && inside.chars().all(char::is_alphanumeric);
    ((signs || plain) && flags.len() <= 3 && flags.chars().all(|c| "gimsux".contains(c))).then_some(end)
}

/// Where a number ends that stands behind a space, and whether something that can be found comes after it.
fn number_behind(text: &str, at: usize) -> Option<(usize, bool)> {
    let from = run(text, at, |c| c == ' ');
    let to = run(text, from, |c| c.is_ascii_digit());
    let rest = text[to..].trim_start();
    let next = &rest[..run(rest, 0, |c| !c.is_whitespace() && c != ')')];
    let more = text[to..].starts_with([' ', '(', '@', '"']) && !next.is_empty() && operator(next).is_none();
    (from > at && to > from).then_some((to, more))
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
