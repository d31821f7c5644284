//! What is wrong with a query, in words. In: what the parser stumbled over. Out: flaws with mended versions, of which only those
//! are offered that are good themselves. Never a judgement: the parser and the lexer make those.

use super::ast::{Expr, Kind, Near, Term};
use super::fields;
use super::lex::{Kind as T, Token};
use crate::matching::fault::{Flaw, nearest};
use std::ops::Range;

/// Flaws of one query that are told.
pub(super) const FLAWS_MAX: usize = 20;
/// A mended version is the whole query where that is short, in bytes.
const WHOLE_BYTES: usize = 80;
/// The longest mended version that is shown, in bytes.
const MENDED_BYTES_MAX: usize = 400;

/// A flaw, and what could stand in place of some bytes of the query.
#[derive(Debug)]
pub struct Draft {
    pub flaw: Flaw,
    at: Range<usize>,
    with: Vec<String>,
}

impl Draft {
    /// A flaw whose hint stands where nothing can be mended.
    pub fn of(flaw: Flaw) -> Self {
        Self { at: flaw.span.clone(), with: vec![], flaw }
    }

    /// A flaw that says itself what could stand in its place.
    pub(super) fn mended(mut flaw: Flaw) -> Self {
        let with = std::mem::take(&mut flaw.mended);
        Self { at: flaw.span.clone(), with, flaw }
    }

    /// What could stand in place of what is wrong.
    #[must_use]
    pub fn mend(mut self, with: impl Into<String>) -> Self {
        self.with.push(with.into());
        self
    }

    /// What could stand in place of other bytes.
    #[must_use]
    pub fn mend_at(mut self, at: Range<usize>, with: impl Into<String>) -> Self {
        self.at = at;
        self.mend(with)
    }

    /// What could stand in place of other bytes, once that is known.
    #[must_use]
    pub(super) fn mend_each(mut self, at: Range<usize>, with: impl IntoIterator<Item = String>) -> Self {
        self.at = at;
        self.with.extend(with);
        self
    }

    /// The flaw with its mended versions, as far as they are `good`.
    pub(super) fn finished(self, text: &str, good: impl Fn(&str) -> bool) -> Flaw {
        let mut mended: Vec<String> = vec![];
        for with in &self.with {
            let fits = |version: &String| version.len() <= MENDED_BYTES_MAX && good(version);
            if let Some(version) = versions(text, &self.at, with).into_iter().find(fits)
                && !mended.contains(&version)
            {
                mended.push(version);
            }
        }
        if mended.is_empty() {
            return self.flaw;
        }
        let hint = Some(format!("write {}", mended.join(" or ")));
        Flaw { hint, mended, ..self.flaw }
    }
}

/// The query with other words in a place; the words alone; the words with what stands beside them. Where there are no words, the query
/// also without the operator that joined what is gone.
fn versions(text: &str, at: &Range<usize>, with: &str) -> [String; 6] {
    let joined = |before: &str, after: &str| {
        // No space is lost between two words, and none is left where nothing is put.
        let (before, after) = (before.trim_end_matches(' '), after.trim_start_matches(' '));
        let spaced = |a: &str, b: &str| {
            let open = a.is_empty() || a.ends_with(['(', ':', '\n']);
            let tight = open || b.is_empty() || b.starts_with(')') || with.ends_with(' ') && a.ends_with("NOT ");
            if tight { format!("{a}{b}") } else { format!("{a} {b}") }
        };
        spaced(&spaced(before, with.trim_start()), after).trim().to_string()
    };
    let whole = joined(&text[..at.start], &text[at.end..]);
    let before = text[..at.start].split_whitespace().next_back().unwrap_or("");
    let after = text[at.end..].split_whitespace().next().unwrap_or("");
    let beside = joined(before, after);
    let alone = with.trim().to_string();
    let (mut head, mut tail) = (text[..at.start].trim_end(), text[at.end..].trim_start());
    while let Some(less) = JOINERS.iter().find_map(|joiner| head.strip_suffix(joiner)) {
        head = less.trim_end();
    }
    while let Some(less) = JOINERS.iter().find_map(|joiner| tail.strip_prefix(joiner)) {
        tail = less.trim_start();
    }
    let gone = |version: String| if alone.is_empty() { version } else { String::new() };
    let ([before_gone, after_gone], unmended) =
        ([joined(head, &text[at.end..]), joined(&text[..at.start], tail)].map(gone), String::new());
    if whole.len() <= WHOLE_BYTES {
        [whole, before_gone, after_gone, alone, beside, unmended]
    } else {
        [unmended, alone, beside, whole, before_gone, after_gone]
    }
}

/// What joins two things, at the edge of a text.
const JOINERS: [&str; 3] = ["AND", "OR", "NOT"];

/// The longest word that is looked at as an operator of another tool.
const FOREIGN_BYTES_MAX: usize = 12;

/// An operator of other tools: what it is here, and how that is written.
pub(super) fn foreign(word: &str) -> Option<(T, Vec<String>)> {
    if word.len() > FOREIGN_BYTES_MAX {
        return None;
    }
    let near = |n: u32| (T::Near(Near::Words(n)), vec![format!("NEAR/{n}")]);
    let ordered = |n: u32| (T::Near(Near::Ordered(n)), vec![format!("ONEAR/{n}")]);
    let upper = word.to_uppercase();
    match &*upper {
        "&" => return Some((T::And, vec!["AND".into()])),
        "," | ";" | "/" => return Some((T::And, vec!["AND".into(), "OR".into()])),
        "ADJ" if upper == word => return Some(ordered(0)),
        // Only in capitals: in small letters they are words of a phrase.
        "И" | "ВА" | "VA" | "UND" | "ET" if upper == word => return Some((T::And, vec!["AND".into()])),
        "ИЛИ" | "ЁКИ" | "YOKI" | "ODER" | "OU" if upper == word => return Some((T::Or, vec!["OR".into()])),
        "НЕ" | "NICHT" if upper == word => return Some((T::Not, vec!["NOT".into()])),
        "W/S" => return Some((T::Near(Near::Sentence), vec!["SENTENCE".into()])),
        "W/P" => return Some((T::Near(Near::Block), vec!["SAME".into()])),
        _ => {}
    }
    let (name, n) = upper.split_at(upper.find(|c: char| c.is_ascii_digit())?);
    let n = n.parse::<u32>().ok()?.min(super::lex::NEAR_MAX);
    match name {
        "W/" | "WITHIN/" | "N/" | "/" => Some(near(n)),
        "WITHIN" | "NEAR" => Some(near(n)),
        "PRE/" | "P/" | "+" | "ADJ/" | "ADJ" | "ONEAR" => Some(ordered(n)),
        "SAME/" | "SENTENCE/" => {
            let operator = name.trim_end_matches('/').to_string();
            let kind = if operator == "SAME" { Near::Block } else { Near::Sentence };
            Some((T::Near(kind), vec![operator, format!("NEAR/{n}")]))
        }
        _ => None,
    }
}

/// An operator that is not in capitals, as it should be.
pub(super) fn lower_case(word: &str) -> Option<T> {
    if word.len() > FOREIGN_BYTES_MAX {
        return None;
    }
    let upper = word.to_uppercase();
    if upper == word {
        return None;
    }
    super::lex::operator_kind(&upper)
}

/// A word between two things that is the operator of another tool, or not in capitals: what it is, and the flaw.
pub(super) fn translated(word: &str, span: &Range<usize>) -> Option<(T, Draft)> {
    if let Some(kind) = lower_case(word) {
        let upper = word.to_uppercase();
        let what = format!("operators are written in capital letters: {upper} (the word itself is \"{word}\")");
        let flaw = Flaw::new(span.clone(), "E211", what).hint(format!("in capitals: {upper}"));
        return Some((kind, Draft::of(flaw).mend(upper)));
    }
    let (kind, written) = foreign(word)?;
    let here = written.join(" or ");
    let flaw =
        Flaw::new(span.clone(), "E223", format!("{word} is no operator here")).hint(format!("here it is {here}"));
    let draft = written.into_iter().fold(Draft::of(flaw), Draft::mend);
    Some((kind, draft))
}

/// What of other tools stands in a single word, and the word as it would be here.
pub(super) fn borrowed(word: &str, span: &Range<usize>) -> Option<Draft> {
    let flaw = |what: &str, hint: &str| Flaw::new(span.clone(), "E224", what).hint(hint);
    let spelled = |word: &str| -> String {
        let letters: String = word.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '\'' | '*')).collect();
        letters.trim_matches(['-', '\'']).to_string()
    };
    if let Some(before) =
        word.strip_suffix('!').filter(|before| before.chars().filter(|c| c.is_alphanumeric()).count() >= 3)
    {
        let what = "! at the end of a word is how another tool says *: here it would be passed over";
        let stem = spelled(before);
        return Some(Draft::of(flaw(what, "a * stands for more letters")).mend(format!("{stem}*")).mend(stem));
    }
    let compared = word.find(['<', '>']).filter(|at| *at > 0 && word[..*at].chars().all(char::is_alphabetic));
    if let Some(at) = compared.or_else(|| word.find('=').filter(|at| word[..*at].eq_ignore_ascii_case("wc"))) {
        let field = &word[..at];
        let what = if matches!(&*field.to_lowercase(), "wc" | "words" | "wordcount") {
            "how many words an article has is not asked here".to_string()
        } else {
            format!("nothing is compared here: {word} would be looked for as it stands")
        };
        return Some(Draft::of(flaw(&what, "leave it out")).mend(""));
    }
    if word.starts_with(['[', ']']) {
        let inside = word.trim_matches(['[', ']']);
        return Some(
            Draft::of(flaw("square brackets mean nothing here", "use ( and ), and two dots for a range: tier:1..3"))
                .mend(inside),
        );
    }
    let at = word.find(['~', '^'])?;
    let (before, after) = (&word[..at], &word[at + 1..]);
    if !after.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let draft = if word[at..].starts_with('^') {
        let what = format!("{} is no operator: here nothing weighs more than another", &word[at..]);
        Draft::of(flaw(&what, "take it away")).mend(spelled(before))
    } else {
        let what = format!("{} after a single word is no operator: nothing is found that is only like it", &word[at..]);
        let hint = "list the spellings with OR; after a phrase, ~ is the number of words between";
        let stem = spelled(before);
        // The end is what most often differs.
        let cut = stem.char_indices().rev().nth(1).map_or(0, |(at, _)| at);
        let draft = Draft::of(flaw(&what, hint)).mend(stem.clone());
        if cut > 0 { draft.mend(format!("{}*", &stem[..cut])) } else { draft }
    };
    Some(draft)
}

/// AND and OR at one level: brackets around the ANDs, or around the ORs.
pub(super) fn mixed(text: &str, parts: &[Expr], joiners: &[(T, Range<usize>)], at: usize) -> Draft {
    let (one, other) = if joiners[at].0 == T::Or { ("AND", "OR") } else { ("OR", "AND") };
    let what = format!("{one} and {other} are mixed: brackets must say which belongs together");
    let draft = Draft::of(
        Flaw::new(joiners[at].1.clone(), "E207", what)
            .hint("put brackets around what belongs together: (a AND b) OR c"),
    );
    let span = parts[0].span.start..parts[parts.len() - 1].span.end;
    let grouped = |tight: &T| {
        let (inner, outer) = if *tight == T::And { (" AND ", " OR ") } else { (" OR ", " AND ") };
        let mut groups: Vec<Vec<&str>> = vec![vec![&text[parts[0].span.clone()]]];
        for (part, (joiner, _)) in parts[1..].iter().zip(joiners) {
            let typed = &text[part.span.clone()];
            match groups.last_mut() {
                Some(group) if joiner == tight => group.push(typed),
                _ => groups.push(vec![typed]),
            }
        }
        let shown = |group: Vec<&str>| match group.len() {
            1 => group.concat(),
            _ => format!("({})", group.join(inner)),
        };
        groups.into_iter().map(shown).collect::<Vec<_>>().join(outer)
    };
    draft.mend_at(span, grouped(&T::And)).mend(grouped(&T::Or))
}

/// Several things with no operator between them.
pub(super) fn side_by_side(text: &str, parts: &[Expr]) -> Draft {
    let span = parts[0].span.start..parts[parts.len() - 1].span.end;
    let these = if parts.len() == 2 { "these two" } else { "these" };
    let hint = "join them with AND or OR; a phrase stands in quotation marks";
    let draft = Draft::of(Flaw::new(span, "E203", format!("an operator is missing between {these}")).hint(hint));
    let typed: Vec<&str> = parts.iter().map(|part| &text[part.span.clone()]).collect();
    if typed.iter().map(|typed| typed.len() + 5).sum::<usize>() > MENDED_BYTES_MAX {
        return draft;
    }
    // What could not be read is no word of a phrase.
    let words = parts.iter().all(|part| matches!(&part.kind, Kind::Term(Term::Word(word), _) if !word.is_empty()));
    let commas = typed.iter().any(|typed| typed.ends_with([',', ';']));
    let bare: Vec<&str> = typed.iter().map(|typed| typed.trim_end_matches([',', ';'])).collect();
    let (first, last) = (bare[0], bare[bare.len() - 1]);
    let quotes = ['\'', '‘', '’', '`', '‚', '‹', '›'];
    if words && first.starts_with(quotes) && last.ends_with(quotes) {
        return draft.mend(format!("\"{}\"", bare.join(" ").trim_matches(quotes)));
    }
    let draft = if words && !commas { draft.mend(format!("\"{}\"", bare.join(" "))) } else { draft };
    let draft = draft.mend(bare.join(" AND "));
    if words && !commas { draft } else { draft.mend(bare.join(" OR ")) }
}

/// A third thing after NEAR and its two.
pub(super) fn chained(text: &str, done: [&Range<usize>; 3], operator: &Token, third: &Range<usize>) -> Draft {
    let typed = &text[operator.span.clone()];
    let what = format!("{typed} in a chain: it joins two things, and a third needs brackets");
    let flaw = Flaw::new(operator.span.clone(), "E213", what).hint("put brackets around two of them");
    // An operator of another tool was told of already.
    let read = |typed: &str, kind: &T| match kind {
        T::Near(near) if super::lex::operator_kind(typed).is_none() => near.shown(),
        _ => typed.to_string(),
    };
    let [left, first, right] = done.map(|span| &text[span.clone()]);
    let first = foreign(first).map_or(first.to_uppercase(), |(kind, _)| read(first, &kind));
    let mended = format!("({left} {first} {right}) {} {}", read(typed, &operator.kind), &text[third.clone()]);
    Draft::of(flaw).mend_at(done[0].start..third.end, mended)
}

/// A field that there is not. `value` stands after its colon.
pub(super) fn unknown_field(text: &str, name: &str, span: &Range<usize>, value: Option<&Token>) -> Draft {
    let flaw = Flaw::new(span.start..span.end - 1, "E212", format!("unknown field {name:?}"));
    let all = format!("fields are {}", fields::NAMES.join(", "));
    let lower = name.to_lowercase();
    let near = if fields::field(&lower).is_some() { Some(&*lower) } else { fields::elsewhere(&lower) };
    if let Some(near) = near.or_else(|| nearest(&lower, fields::NAMES.iter().copied())) {
        return Draft::of(flaw.hint(format!("did you mean {near}:? ({all})")))
            .mend_at(span.clone(), format!("{near}:"));
    }
    let draft = Draft::of(flaw.hint(format!("{all}; put other colons in quotes")));
    // Meant as a field, most likely: in quotes it would be found nowhere.
    if !matches!(name, "http" | "https") && name.len() > 1 && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
    {
        return draft;
    }
    let Some(Token { kind: T::Word(value), span: at }) = value.filter(|value| value.span.start == span.end) else {
        return draft;
    };
    let whole = &text[span.start..at.end];
    match matches!(name, "http" | "https").then(|| value.trim_start_matches('/').split('/').next()).flatten() {
        Some(host) if !host.is_empty() => draft.mend_at(span.start..at.end, format!("site:{host}")),
        _ => draft.mend_at(span.start..at.end, format!("\"{whole}\"")),
    }
}

/// What stands where NEAR and ATLEAST count words, and cannot be counted.
pub(super) fn uncounted(text: &str, expr: &Expr, operator: &str) -> Option<Draft> {
    let flaw = |what: String| Flaw::new(expr.span.clone(), "E215", what);
    Some(match &expr.kind {
        Kind::Term(..) | Kind::Id { .. } | Kind::Near(..) | Kind::Or(_) => return None,
        Kind::And(parts) => {
            let typed: Vec<&str> = parts.iter().map(|part| &text[part.span.clone()]).collect();
            let hint = format!("one {operator} for each, with AND between them");
            Draft::of(flaw(format!("AND cannot stand inside {operator}: only OR can")).hint(hint))
                .mend(format!("({})", typed.join(" OR ")))
        }
        Kind::Not(_) => {
            Draft::of(flaw(format!("NOT cannot stand inside {operator}")).hint("it stands outside: … AND NOT …"))
        }
        Kind::AtLeast(..) => {
            Draft::of(flaw(format!("ATLEAST cannot stand inside {operator}")).hint("join them with AND"))
        }
        Kind::Meta(_) => {
            let what = format!("this field cannot stand inside {operator}: it has no place in the text");
            Draft::of(flaw(what).hint("join them with AND"))
        }
    })
}
