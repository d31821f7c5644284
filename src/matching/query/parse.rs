//! A query's tokens into its tree. In: the typed string. Out: the tree, or everything that is wrong, where, and mended versions.
//! Never a guess: what four well-known tools read in four ways is refused. After a flaw it reads on as if it were mended.

mod near;
mod values;

use super::ast::{Expr, Kind, Part, Term};
use super::flaws::{self, Draft, FLAWS_MAX};
use super::lex::{self, Kind as T, Token};
use crate::matching::fault::Flaw;
use crate::model::limits;
use std::ops::Range;

/// The tree of a query.
///
/// # Errors
/// Everything that is wrong with it, in the order of its bytes.
pub fn query(text: &str) -> Result<Expr, Vec<Flaw>> {
    finished(text, read(text, false).and_then(|tree| positive(text, tree)), |version| {
        read(version, false).and_then(|tree| positive(version, tree)).is_ok()
    })
}

/// The tree of one string of `any`, `all`, `none` or `with`: a primary, or bare words, which are a phrase.
///
/// # Errors
/// As [`query`].
pub fn primary(text: &str) -> Result<Expr, Vec<Flaw>> {
    let read = |text: &str| {
        let tree = read(text, true)?;
        if tree.negative() {
            let flaw = Flaw::new(tree.span.clone(), "E204", "this only excludes");
            let hint = "NOT has no place here; what must not be there stands in `none` of a rule, without NOT";
            return Err(vec![Draft::of(flaw.hint(hint))]);
        }
        Ok(tree)
    };
    finished(text, read(text), |version| read(version).is_ok())
}

/// The ids in a query, with their rows and bytes, whether it has flaws or not.
pub fn ids(text: &str) -> Vec<(String, Option<String>, Range<usize>)> {
    let tokens = if text.len() > limits::QUERY_BYTES_MAX { vec![] } else { lex::lex(text).0 };
    let ids = tokens.into_iter().filter_map(|token| match token.kind {
        T::Id(id, row) => Some((id, row, token.span)),
        _ => None,
    });
    ids.collect()
}

fn finished(text: &str, read: Result<Expr, Vec<Draft>>, good: impl Fn(&str) -> bool) -> Result<Expr, Vec<Flaw>> {
    read.map_err(|mut drafts| {
        drafts.sort_by_key(|draft| draft.flaw.span.start);
        if drafts.len() > FLAWS_MAX {
            drafts.truncate(FLAWS_MAX);
            let last = &mut drafts[FLAWS_MAX - 1].flaw;
            last.what = format!("{} — and more after this one", last.what);
        }
        drafts.into_iter().map(|draft| draft.finished(text, &good)).collect()
    })
}

fn positive(text: &str, tree: Expr) -> Result<Expr, Vec<Draft>> {
    if !tree.negative() {
        return Ok(tree);
    }
    let what = "this query only excludes: every article without those words would match";
    let hint = format!("say what must be there, then AND {}", &text[tree.span.clone()]);
    Err(vec![Draft::of(Flaw::new(tree.span, "E204", what).hint(hint))])
}

fn read(text: &str, words_are_a_phrase: bool) -> Result<Expr, Vec<Draft>> {
    if text.len() > limits::QUERY_BYTES_MAX {
        let flaw = Flaw::new(0..0, "E201", format!("the query is longer than {} bytes", limits::QUERY_BYTES_MAX));
        return Err(vec![Draft::of(flaw.hint("put names into watches or a list and refer to them by @id"))]);
    }
    let (tokens, flaws) = lex::lex(text);
    if tokens.is_empty() && flaws.is_empty() {
        let flaw = Flaw::new(0..text.len(), "E202", "the query is empty");
        return Err(vec![Draft::of(flaw.hint("put a word, a \"phrase\" or an @id into it"))]);
    }
    let words = tokens.iter().all(|token| matches!(token.kind, T::Word(_)));
    if words_are_a_phrase && tokens.len() > 1 && words && flaws.is_empty() {
        let span = tokens[0].span.start..tokens[tokens.len() - 1].span.end;
        return term(Term::Phrase(text[span.clone()].to_string(), None), Part::All, span)
            .map_err(|flaw| vec![Draft::mended(flaw)]);
    }
    let mut parser = Parser { text, tokens, at: 0, depth: 0, part: None, flaws, stopped: false, unclosed: false };
    let tree = parser.whole();
    if parser.flaws.is_empty() { Ok(tree) } else { Err(parser.flaws) }
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// The field whose brackets we are in.
    part: Option<Part>,
    flaws: Vec<Draft>,
    /// Nothing more is told: it would only follow.
    stopped: bool,
    /// It was told that brackets are not closed.
    unclosed: bool,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    /// The kind of the next token.
    fn next(&self) -> Option<&T> {
        self.peek().map(|token| &token.kind)
    }

    fn end(&self) -> Range<usize> {
        self.text.len()..self.text.len()
    }

    fn typed(&self, span: &Range<usize>) -> &str {
        &self.text[span.clone()]
    }

    fn flaw(&mut self, draft: Draft) {
        if !self.stopped {
            self.flaws.push(draft);
        }
    }

    /// What stands for something that could not be read.
    fn hole(&self, span: Range<usize>) -> Expr {
        Expr { kind: Kind::Term(Term::Word(String::new()), self.part.unwrap_or_default()), span }
    }

    /// All of the query; what is left after a bracket too many is read as well.
    fn whole(&mut self) -> Expr {
        let tree = self.or_and();
        while let Some(token) = self.peek().cloned() {
            self.at += 1;
            if token.kind == T::Close {
                let flaw = Flaw::new(token.span, "E205", "this bracket ) was never opened");
                self.flaw(Draft::of(flaw.hint("take it away, or put ( before what it should close")).mend(""));
                if matches!(self.next(), Some(T::And | T::Or)) {
                    self.at += 1;
                }
                if !matches!(self.next(), None | Some(T::Close)) {
                    self.or_and();
                }
            }
        }
        tree
    }

    /// A chain of AND or of OR.
    fn or_and(&mut self) -> Expr {
        self.depth += 1;
        if self.depth > limits::QUERY_DEPTH_MAX {
            let span = self.peek().map_or(self.end(), |token| token.span.clone());
            let what = format!("more than {} brackets in brackets", limits::QUERY_DEPTH_MAX);
            self.flaw(Draft::of(Flaw::new(span.clone(), "E201", what).hint("take some away")));
            (self.stopped, self.at) = (true, self.tokens.len());
            self.depth -= 1;
            return self.hole(span);
        }
        let mut parts = vec![self.unary()];
        let mut joiners: Vec<(T, Range<usize>)> = vec![];
        let mut negated = false;
        while let Some(token) = self.peek().cloned() {
            let kind = match &token.kind {
                T::Close => break,
                T::Or => T::Or,
                T::And | T::Not => T::And,
                // After NEAR and its two things a third one was told of.
                T::Near(_) => {
                    self.at += 1;
                    continue;
                }
                _ => {
                    self.side_by_side(&mut parts);
                    continue;
                }
            };
            if token.kind != T::Not {
                self.at += 1;
            }
            if matches!(self.next(), None | Some(T::Close)) {
                let typed = self.typed(&token.span);
                let until = if self.peek().is_none() { "; the query ends here" } else { "" };
                let flaw =
                    Flaw::new(self.end_of(&token), "E203", format!("something is expected after {typed}{until}"))
                        .hint(format!("put a word after {typed}, or take it away"));
                self.flaw(Draft::of(flaw).mend_at(token.span, ""));
                if token.kind == T::Not {
                    self.at += 1;
                }
                break;
            }
            if kind == T::And
                && let Some(part) = self.not_near(&parts[parts.len() - 1].span)
            {
                joiners.push((kind, token.span));
                parts.push(part);
                continue;
            }
            let negative = kind == T::Or && self.next() == Some(&T::Not);
            let part = self.unary();
            if negative && !negated {
                negated = true;
                let flaw = Flaw::new(part.span.clone(), "E206", "OR NOT would match nearly every article");
                let flaw = flaw.hint("put NOT beside AND, or into a rule of its own");
                let there = self.typed(&(parts[0].span.start..parts[parts.len() - 1].span.end));
                let there = if parts.len() == 1 { there.to_string() } else { format!("({there})") };
                let mended = format!("{there} AND {}", self.typed(&part.span));
                self.flaw(Draft::of(flaw).mend_at(parts[0].span.start..part.span.end, mended));
            }
            joiners.push((kind, token.span));
            parts.push(part);
        }
        self.depth -= 1;
        if parts.len() == 1 {
            return parts.remove(0);
        }
        let span = parts[0].span.start..parts[parts.len() - 1].span.end;
        let kind = if joiners[0].0 == T::Or { Kind::Or(parts) } else { Kind::And(parts) };
        if let Some(at) = joiners.iter().position(|(kind, _)| *kind != joiners[0].0)
            && let Kind::Or(parts) | Kind::And(parts) = &kind
            && !negated
        {
            self.flaw(flaws::mixed(self.text, parts, &joiners, at));
        } else if let Kind::Or(parts) = &kind
            && let Some(negative) = parts.iter().find(|part| part.negative())
            && !negated
        {
            let what = "a part of an OR that only excludes would match nearly every article";
            let flaw = Flaw::new(negative.span.clone(), "E206", what).hint("use AND NOT");
            let typed = |negative: bool| {
                parts.iter().filter(move |part| part.negative() == negative).map(|part| self.typed(&part.span))
            };
            let there: Vec<&str> = typed(false).collect();
            let there = if there.len() == 1 { there.concat() } else { format!("({})", there.join(" OR ")) };
            let mended = typed(true).fold(there, |mended, not| format!("{mended} AND {not}"));
            self.flaw(Draft::of(flaw).mend_at(span.clone(), mended));
        }
        Expr { kind, span }
    }

    /// Where something is missing after a token: at the query's end, or at the bracket that closes too early.
    fn end_of(&self, token: &Token) -> Range<usize> {
        if self.peek().is_none() { self.end() } else { token.span.clone() }
    }

    /// Reads what stands beside the last part without an operator; they become one part.
    fn side_by_side(&mut self, parts: &mut Vec<Expr>) {
        let mut beside: Vec<Expr> = parts.pop().into_iter().collect();
        while !matches!(self.next(), None | Some(T::Close | T::And | T::Or | T::Not | T::Near(_))) {
            let part = self.unary();
            beside.push(part);
        }
        self.flaw(flaws::side_by_side(self.text, &beside));
        let span = beside[0].span.start..beside[beside.len() - 1].span.end;
        parts.push(self.hole(span));
    }

    fn unary(&mut self) -> Expr {
        if matches!(self.next(), Some(T::And | T::Or | T::Near(_))) {
            self.operand_before();
        }
        let Some(token) = self.peek().cloned() else {
            self.flaw(Draft::of(Flaw::new(self.end(), "E203", "something is expected here; the query ends")));
            return self.hole(self.end());
        };
        match token.kind {
            T::Not => {
                self.at += 1;
                self.not_not(&token.span);
                if matches!(self.next(), None | Some(T::Close)) {
                    let until = if self.peek().is_none() { "; the query ends here" } else { "" };
                    let flaw =
                        Flaw::new(self.end_of(&token), "E203", format!("something is expected after NOT{until}"));
                    self.flaw(
                        Draft::of(flaw.hint("put a word after NOT, or take it away")).mend_at(token.span.clone(), ""),
                    );
                    return self.hole(token.span);
                }
                if matches!(self.next(), Some(T::And | T::Or | T::Near(_))) {
                    self.operand_before();
                }
                let inner = self.counted();
                let span = token.span.start..inner.span.end;
                Expr { kind: Kind::Not(Box::new(inner)), span }
            }
            _ => self.counted(),
        }
    }

    /// `a NOT NEAR/5 b`, with `a` at `left`: what it would be here, if it stands here.
    fn not_near(&mut self, left: &Range<usize>) -> Option<Expr> {
        let near = self.tokens.get(self.at + 1).filter(|token| matches!(token.kind, T::Near(_)))?.span.clone();
        let not = self.peek().filter(|token| token.kind == T::Not)?.span.clone();
        if matches!(
            self.tokens.get(self.at + 2).map(|token| &token.kind),
            None | Some(T::And | T::Or | T::Not | T::Close | T::Near(_))
        ) {
            return None;
        }
        self.at += 2;
        let right = self.primary();
        let (left_typed, near_typed) = (self.typed(left), self.typed(&near));
        let mended = format!("{left_typed} NOT ({left_typed} {near_typed} {})", self.typed(&right.span));
        let what = format!(
            "there is no NOT {near_typed}: NOT is for the whole article, and `not_as` of a watch for single mentions of a name"
        );
        let flaw = Flaw::new(not.start..near.end, "E223", what).hint("NOT (a NEAR/5 b) excludes the article");
        self.flaw(Draft::of(flaw).mend_at(left.start..right.span.end, mended));
        Some(self.hole(not.start..right.span.end))
    }

    /// NOT after NOT is told once.
    fn not_not(&mut self, first: &Range<usize>) {
        let mut end = first.end;
        while let Some(Token { kind: T::Not, span }) = self.peek() {
            end = span.end;
            self.at += 1;
        }
        if end > first.end {
            let flaw = Flaw::new(first.start..end, "E203", "NOT NOT is unexpected").hint("take both away");
            self.flaw(Draft::of(flaw).mend("NOT"));
        }
    }

    /// Operators where something else should stand; the next token is the first of them.
    fn operand_before(&mut self) {
        let from = self.at;
        while matches!(self.next(), Some(T::And | T::Or | T::Near(_))) {
            self.at += 1;
        }
        let span = self.tokens[from].span.clone();
        let typed = self.typed(&span);
        let flaw = Flaw::new(span.clone(), "E203", format!("something is expected before {typed}"))
            .hint(format!("take {typed} away, or put a word before it; the word itself is \"{typed}\""));
        let end = self.tokens[self.at - 1].span.end;
        self.flaw(Draft::of(flaw).mend_at(span.start..end, ""));
    }

    fn primary(&mut self) -> Expr {
        let Some(token) = self.peek().cloned() else {
            self.flaw(Draft::of(Flaw::new(self.end(), "E203", "something is expected here; the query ends")));
            return self.hole(self.end());
        };
        let part = self.part.unwrap_or_default();
        self.at += 1;
        let read = match token.kind {
            T::Word(word) => {
                if self.begins_in_small_letters(&word, &token.span) {
                    return self.primary();
                }
                if let Some(draft) = flaws::borrowed(&word, &token.span) {
                    let draft = if word.contains(['<', '>', '=']) { self.without(draft) } else { draft };
                    return self.borrowed(&token.span, draft);
                }
                term(Term::Word(word), part, token.span.clone())
            }
            T::Phrase(phrase, slop) => term(Term::Phrase(phrase, slop), part, token.span.clone()),
            T::Exact(exact) => term(Term::Exact(exact), part, token.span.clone()),
            T::Id(id, row) => return Expr { kind: Kind::Id { id, row, part }, span: token.span },
            T::Open => return self.brackets(token.span),
            T::Field(name) => return self.field(&name, token.span),
            T::Close if self.depth > 1 => {
                self.at -= 1;
                Err(Flaw::new(token.span.clone(), "E203", "something is expected before this bracket )"))
            }
            T::Close => {
                let flaw = Flaw::new(token.span.clone(), "E205", "this bracket ) was never opened");
                self.flaw(Draft::of(flaw.hint("take it away")).mend(""));
                return self.hole(token.span);
            }
            T::AtLeast(_) => {
                let flaw = Flaw::new(token.span.clone(), "E215", "ATLEAST cannot stand inside another operator");
                self.flaw(Draft::of(flaw.hint("join them with AND")));
                return self.after(&token);
            }
            T::And | T::Or | T::Not | T::Near(_) => {
                let typed = self.typed(&token.span);
                let flaw = Flaw::new(token.span.clone(), "E203", format!("{typed} is unexpected here"));
                self.flaw(Draft::of(flaw.hint("take it away")).mend(""));
                return self.after(&token);
            }
        };
        match read {
            Ok(tree) => tree,
            Err(flaw) => {
                self.flaw(Draft::mended(flaw));
                self.hole(token.span)
            }
        }
    }

    /// What stands after an operator that should not be there.
    fn after(&mut self, token: &Token) -> Expr {
        while matches!(self.next(), Some(T::And | T::Or | T::Not | T::Near(_) | T::AtLeast(_))) {
            self.at += 1;
        }
        match self.next() {
            None | Some(T::Close) => self.hole(token.span.clone()),
            _ => self.primary(),
        }
    }

    /// A flaw of the token before, which is mended by leaving it out together with an AND beside it.
    fn without(&self, draft: Draft) -> Draft {
        let and = |token: &Token| match &token.kind {
            T::And => true,
            T::Word(word) => word.eq_ignore_ascii_case("and"),
            _ => false,
        };
        let (this, span) = (self.at - 1, draft.flaw.span.clone());
        let before = this.checked_sub(1).and_then(|at| self.tokens.get(at)).filter(|token| and(token));
        match (before, self.peek().filter(|token| and(token))) {
            (Some(before), _) => draft.mend_at(before.span.start..span.end, ""),
            (None, Some(after)) => draft.mend_at(span.start..after.span.end, ""),
            _ => draft,
        }
    }

    /// A word with a sign of other tools; `[1 TO 3]` is several.
    fn borrowed(&mut self, span: &Range<usize>, draft: Draft) -> Expr {
        let mut end = span.end;
        let mut draft = draft;
        if self.typed(span).starts_with('[') && !self.typed(span).contains(']') {
            let closes = |token: &Token| matches!(&token.kind, T::Word(word) if word.ends_with(']'));
            if let Some(len) = self.tokens[self.at..].iter().take(5).position(closes) {
                end = self.tokens[self.at + len].span.end;
                self.at += len + 1;
                let inside = self.text[span.start + 1..end - 1].trim();
                let mended = inside.split_once(" TO ").map(|(from, to)| format!("{}..{}", from.trim(), to.trim()));
                let flaw = Flaw { span: span.start..end, ..draft.flaw };
                draft = match mended {
                    Some(range) => Draft::of(flaw).mend(format!("tier:{range}")).mend(format!("published:{range}")),
                    None => Draft::of(flaw).mend(format!("({inside})")),
                };
            }
        }
        self.flaw(draft);
        self.hole(span.start..end)
    }

    /// `and flood`: an operator in small letters before the first thing. `and` alone is a word.
    fn begins_in_small_letters(&mut self, word: &str, span: &Range<usize>) -> bool {
        let foreign = flaws::foreign(word).filter(|(_, here)| here.len() == 1 && word.chars().all(char::is_alphabetic));
        let foreign =
            foreign.filter(|(kind, _)| matches!(kind, T::And | T::Or | T::Not)).map(|(_, here)| here.concat());
        let operator = matches!(word, "and" | "or" | "not" | "And" | "Or" | "Not") || foreign.is_some();
        let more = matches!(self.next(), Some(T::Word(_) | T::Phrase(..) | T::Id(..) | T::Open | T::Exact(_)));
        if !operator || !more {
            return false;
        }
        let (code, what) = match &foreign {
            Some(here) => ("E223", format!("{word} is no operator here: it is {here}")),
            None => {
                let upper = word.to_uppercase();
                ("E211", format!("operators are written in capital letters: {upper} (the word itself is \"{word}\")"))
            }
        };
        let upper = foreign.unwrap_or_else(|| word.to_uppercase());
        let flaw = Flaw::new(span.clone(), code, what).hint(format!("here it is {upper}"));
        self.flaw(Draft::of(flaw).mend(if upper == "NOT" { &*upper } else { "" }));
        true
    }

    fn brackets(&mut self, open: Range<usize>) -> Expr {
        if let Some(Token { kind: T::Close, span }) = self.peek() {
            let span = open.start..span.end;
            self.at += 1;
            let flaw = Flaw::new(span.clone(), "E202", "these brackets are empty");
            self.flaw(Draft::of(flaw.hint("take them away, or put a word into them")).mend(""));
            return self.hole(span);
        }
        let inner = self.or_and();
        if let Some(Token { kind: T::Close, span }) = self.peek() {
            let span = open.start..span.end;
            self.at += 1;
            return Expr { kind: inner.kind, span };
        }
        self.unclosed(&open);
        Expr { kind: inner.kind, span: open.start..inner.span.end.max(open.end) }
    }

    /// Told once: the others are closed by the same mended version.
    fn unclosed(&mut self, open: &Range<usize>) {
        if std::mem::replace(&mut self.unclosed, true) {
            return;
        }
        let count = |kind: &T| self.tokens.iter().filter(|token| token.kind == *kind).count();
        let missing = count(&T::Open).saturating_sub(count(&T::Close)).max(1);
        let flaw = Flaw::new(open.clone(), "E205", "this bracket ( is not closed").hint("close it with )");
        let end = self.text.trim_end().len();
        self.flaw(Draft::of(flaw).mend_at(end..self.text.len(), ")".repeat(missing)));
    }
}

/// A term, checked: it has letters, and wildcards have enough of them.
fn term(term: Term, part: Part, span: Range<usize>) -> Result<Expr, Flaw> {
    let text = match &term {
        Term::Word(text) | Term::Phrase(text, _) | Term::Exact(text) => text,
    };
    if text.trim().is_empty() {
        let shown = if matches!(term, Term::Exact(_)) { "{}" } else { "\"\"" };
        let flaw = Flaw::new(span, "E202", format!("{shown} is empty")).hint("put a word into it, or take it away");
        return Err(Flaw { mended: vec![String::new()], ..flaw });
    }
    if !text.chars().any(char::is_alphanumeric) {
        let what = if text.contains(['*', '?']) {
            "a wildcard needs at least 3 letters before it".to_string()
        } else {
            format!("{text:?} has no letter or digit, so it cannot be found")
        };
        return Err(Flaw::new(span, "E218", what).hint("put a word there"));
    }
    if !matches!(term, Term::Exact(_))
        && let Some(word) = short_wildcard(text)
    {
        let what = format!("the wildcard in {word} stands on too few letters: at least 3 letters are needed before *");
        let flaw = Flaw::new(span, "E219", what).hint("give more of the word, or list the words with OR");
        let whole = text.replace(['*', '?'], "");
        let whole = if matches!(term, Term::Phrase(..)) { format!("\"{}\"", whole.trim()) } else { whole };
        return Err(Flaw { mended: vec![whole], ..flaw });
    }
    Ok(Expr { kind: Kind::Term(term, part), span })
}

/// A word in which `*` has under three letters before it, or `?` under three beside it.
pub fn short_wildcard(text: &str) -> Option<&str> {
    if !text.contains(['*', '?']) {
        return None;
    }
    text.split([' ', '\t', '\n', '-']).find(|word| {
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
        word.find('*').is_some_and(|at| letters(&word[..at]) < 3) || word.contains('?') && letters(word) < 3
    })
}
