//! A query's tokens into its tree. In: the typed string. Out: the tree, or what is wrong, where, and a mended version.
//! Never a guess: what four well-known tools read in four ways is refused.

use super::ast::{Expr, Kind, Part, Term};
use super::fields::{self, Field};
use super::lex::{self, Kind as T, Token};
use crate::matching::fault::{Flaw, nearest};
use crate::model::limits;
use std::ops::Range;

/// The tree of a query.
pub fn query(text: &str) -> Result<Expr, Flaw> {
    let tree = read(text, false)?;
    if tree.negative() {
        let positive = "something that must be present";
        return Err(Flaw::new(
            tree.span.clone(),
            "E204",
            "this query only excludes: every article without those words would match",
        )
        .hint(format!("write {positive} AND {}", &text[tree.span])));
    }
    Ok(tree)
}

/// The tree of one string of `any`, `all`, `none` or `with`: a primary, or bare words, which are a phrase.
pub fn primary(text: &str) -> Result<Expr, Flaw> {
    let tree = read(text, true)?;
    if tree.negative() {
        return Err(Flaw::new(tree.span.clone(), "E204", "this only excludes").hint("put it into none, without NOT"));
    }
    Ok(tree)
}

fn read(text: &str, words_are_a_phrase: bool) -> Result<Expr, Flaw> {
    if text.len() > limits::QUERY_BYTES_MAX {
        return Err(Flaw::new(0..0, "E201", format!("the query is longer than {} bytes", limits::QUERY_BYTES_MAX))
            .hint("put names into watches or a list and write @id"));
    }
    let tokens = lex::lex(text)?;
    if tokens.is_empty() {
        return Err(Flaw::new(0..text.len(), "E202", "the query is empty").hint("write a word, a \"phrase\" or an @id"));
    }
    if words_are_a_phrase && tokens.len() > 1 && tokens.iter().all(|token| matches!(token.kind, T::Word(_))) {
        let span = tokens[0].span.start..tokens[tokens.len() - 1].span.end;
        return term(Term::Phrase(text[span.clone()].to_string(), None), Part::All, span);
    }
    let mut parser = Parser { text, tokens, at: 0, depth: 0, part: None };
    let tree = parser.or_and()?;
    match parser.peek() {
        None => Ok(tree),
        Some(Token { kind: T::Close, span }) => Err(Flaw::new(span.clone(), "E205", "this bracket ) was never opened")
            .hint("take it away, or write ( before what it should close")),
        Some(token) => Err(parser.unexpected(token)),
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// The field whose brackets we are in.
    part: Option<Part>,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn end(&self) -> Range<usize> {
        self.text.len()..self.text.len()
    }

    /// What stands where an operand is expected.
    fn unexpected(&self, token: &Token) -> Flaw {
        let typed = &self.text[token.span.clone()];
        Flaw::new(token.span.clone(), "E203", format!("{typed} is unexpected here"))
    }

    /// A chain of AND or of OR.
    fn or_and(&mut self) -> Result<Expr, Flaw> {
        self.depth += 1;
        if self.depth > limits::QUERY_DEPTH_MAX {
            let span = self.peek().map_or(self.end(), |token| token.span.clone());
            return Err(Flaw::new(span, "E201", format!("more than {} brackets in brackets", limits::QUERY_DEPTH_MAX))
                .hint("take some away"));
        }
        let first = self.unary()?;
        let mut parts = vec![first];
        let mut joiner: Option<T> = None;
        while let Some(token) = self.peek().cloned() {
            let kind = match &token.kind {
                T::Close => break,
                T::Or => T::Or,
                T::And | T::Not => T::And,
                T::Near(_) => return Err(self.chained(&token, &parts)),
                _ => return Err(self.two_terms(&parts, &token)),
            };
            match &joiner {
                Some(before) if *before != kind => return Err(self.mixed(&parts, &kind)),
                _ => joiner = Some(kind.clone()),
            }
            if token.kind != T::Not {
                self.at += 1;
            }
            let Some(next) = self.peek() else {
                let typed = &self.text[token.span.clone()];
                return Err(Flaw::new(
                    self.end(),
                    "E203",
                    format!("something is expected after {typed}; the query ends here"),
                )
                .hint(format!("write {typed} and a word, or take {typed} away")));
            };
            if kind == T::Or && next.kind == T::Not {
                let span = next.span.clone();
                let all: Vec<&str> = parts.iter().map(|part| &self.text[part.span.clone()]).collect();
                return Err(Flaw::new(span, "E206", "OR NOT would match nearly every article")
                    .hint(format!("write {} AND NOT …, or put NOT into its own rule", all.join(" OR "))));
            }
            let part = self.unary()?;
            parts.push(part);
        }
        self.depth -= 1;
        if parts.len() == 1 {
            return Ok(parts.remove(0));
        }
        let span = parts[0].span.start..parts[parts.len() - 1].span.end;
        let kind = if joiner == Some(T::Or) { Kind::Or(parts) } else { Kind::And(parts) };
        if let Kind::Or(parts) = &kind
            && let Some(negative) = parts.iter().find(|part| part.negative())
        {
            return Err(Flaw::new(
                negative.span.clone(),
                "E206",
                "a part of an OR that only excludes would match nearly every article",
            )
            .hint("use AND NOT"));
        }
        Ok(Expr { kind, span })
    }

    fn mixed(&self, parts: &[Expr], next: &T) -> Flaw {
        let (one, other) = if *next == T::Or { ("AND", "OR") } else { ("OR", "AND") };
        let span = self.peek().map_or(self.end(), |token| token.span.clone());
        let done = &self.text[parts[0].span.start..parts[parts.len() - 1].span.end];
        let rest = self.text[span.end..].trim();
        let last = &self.text[parts[parts.len() - 1].span.clone()];
        let before = self.text[parts[0].span.start..parts[parts.len() - 1].span.start].trim_end();
        Flaw::new(span, "E207", format!("{one} and {other} are mixed: brackets must say which belongs together"))
            .hint(format!("write ({done}) {other} {rest} or {before} ({last} {other} {rest})"))
    }

    fn two_terms(&self, parts: &[Expr], token: &Token) -> Flaw {
        let before = &self.text[parts[parts.len() - 1].span.clone()];
        let typed = &self.text[token.span.clone()];
        if let T::Word(word) = &token.kind {
            let upper = word.to_uppercase();
            let known = matches!(&*upper, "AND" | "OR" | "NOT" | "NEAR" | "ONEAR" | "SAME" | "SENTENCE")
                || upper.starts_with("NEAR/")
                || upper.starts_with("ONEAR/")
                || upper.starts_with("ATLEAST/");
            if known {
                let rest = self.text[token.span.end..].trim();
                let operator = if upper == "NOT" { "AND NOT".to_string() } else { upper };
                return Flaw::new(
                    token.span.clone(),
                    "E211",
                    format!("operators are written in capital letters: {operator}"),
                )
                .hint(format!("write {before} {operator} {rest}; for the word itself, \"{word}\""));
            }
        }
        let span = parts[parts.len() - 1].span.start..token.span.end;
        let phrase = parts.iter().all(|part| matches!(part.kind, Kind::Term(Term::Word(_), _)))
            && matches!(token.kind, T::Word(_));
        let rest = if token.kind == T::Open { self.bracketed() } else { typed.to_string() };
        let hint = if phrase {
            format!("write \"{before} {typed}\" or {before} AND {typed}")
        } else {
            format!("write {before} AND {rest} or {before} OR {rest}")
        };
        Flaw::new(span, "E203", "an operator is missing between these two").hint(hint)
    }

    /// The bracket at the cursor with what it holds.
    fn bracketed(&self) -> String {
        let mut depth = 0usize;
        let from = self.peek().map_or(self.text.len(), |token| token.span.start);
        for token in &self.tokens[self.at..] {
            match token.kind {
                T::Open => depth += 1,
                T::Close => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return self.text[from..token.span.end].to_string();
            }
        }
        self.text[from..].to_string()
    }

    fn chained(&self, token: &Token, parts: &[Expr]) -> Flaw {
        let typed = &self.text[token.span.clone()];
        let done = &self.text[parts[parts.len() - 1].span.clone()];
        Flaw::new(
            token.span.clone(),
            "E213",
            format!("{typed} in a chain: it joins two things, and a third needs brackets"),
        )
        .hint(format!("write ({done}) {typed} {}", self.text[token.span.end..].trim()))
    }

    fn unary(&mut self) -> Result<Expr, Flaw> {
        let Some(token) = self.peek().cloned() else {
            return Err(Flaw::new(self.end(), "E203", "something is expected here; the query ends"));
        };
        match token.kind {
            T::Not => {
                self.at += 1;
                let Some(next) = self.peek().cloned() else {
                    return Err(Flaw::new(self.end(), "E203", "something is expected after NOT; the query ends here")
                        .hint("write NOT and a word"));
                };
                if next.kind == T::Not {
                    return Err(Flaw::new(token.span.start..next.span.end, "E203", "NOT NOT is unexpected")
                        .hint("take both away"));
                }
                let inner = self.unary()?;
                let span = token.span.start..inner.span.end;
                Ok(Expr { kind: Kind::Not(Box::new(inner)), span })
            }
            T::AtLeast(n) => {
                self.at += 1;
                if self.peek().is_none() {
                    return Err(Flaw::new(
                        self.end(),
                        "E203",
                        "something is expected after ATLEAST; the query ends here",
                    )
                    .hint(format!("write ATLEAST/{n} and a word")));
                }
                let inner = self.primary()?;
                self.countable(&inner, "ATLEAST")?;
                let span = token.span.start..inner.span.end;
                Ok(Expr { kind: Kind::AtLeast(n, Box::new(inner)), span })
            }
            T::And | T::Or | T::Near(_) => {
                let typed = &self.text[token.span.clone()];
                let rest = self.text[token.span.end..].trim();
                let flaw = Flaw::new(token.span.clone(), "E203", format!("something is expected before {typed}"));
                Err(flaw.hint(if rest.is_empty() {
                    format!("write a word before and after {typed}")
                } else {
                    format!("take {typed} away, or write a word before it; the word itself is \"{typed}\"")
                }))
            }
            _ => self.near(),
        }
    }

    fn near(&mut self) -> Result<Expr, Flaw> {
        let left = self.primary()?;
        let Some(Token { kind: T::Near(near), span: operator }) = self.peek().cloned() else { return Ok(left) };
        self.at += 1;
        let typed = self.text[operator.clone()].to_string();
        self.countable(&left, &typed)?;
        if self.peek().is_none() {
            return Err(Flaw::new(
                self.end(),
                "E203",
                format!("something is expected after {typed}; the query ends here"),
            )
            .hint(format!("write {} {typed} and a word", &self.text[left.span])));
        }
        if let Some(Token { kind: T::Not, span }) = self.peek() {
            return Err(Flaw::new(span.clone(), "E215", format!("NOT cannot stand inside {typed}"))
                .hint(format!("write {} AND NOT …", &self.text[left.span])));
        }
        if let Some(token @ Token { kind: T::And | T::Or | T::Near(_) | T::Close, .. }) = self.peek() {
            let other = &self.text[token.span.clone()];
            return Err(Flaw::new(
                token.span.clone(),
                "E203",
                format!("something is expected between {typed} and {other}"),
            )
            .hint(format!("write a word after {typed}")));
        }
        let right = self.primary()?;
        self.countable(&right, &typed)?;
        if let Some(token @ Token { kind: T::Near(_), .. }) = self.peek() {
            let span = left.span.start..right.span.end;
            let done = Expr { kind: Kind::Near(Box::new(left), near, Box::new(right)), span };
            return Err(self.chained(&token.clone(), &[done]));
        }
        let span = left.span.start..right.span.end;
        Ok(Expr { kind: Kind::Near(Box::new(left), near, Box::new(right)), span })
    }

    /// NEAR and ATLEAST take words, ids, ORs of them, and a NEAR.
    fn countable(&self, expr: &Expr, operator: &str) -> Result<(), Flaw> {
        match &expr.kind {
            Kind::Term(..) | Kind::Id { .. } | Kind::Near(..) => Ok(()),
            Kind::Or(parts) => parts.iter().try_for_each(|part| self.countable(part, operator)),
            Kind::And(parts) => {
                let typed: Vec<&str> = parts.iter().map(|part| &self.text[part.span.clone()]).collect();
                let hint = format!(
                    "write ({}) {operator} …, or one {operator} for each with AND between them",
                    typed.join(" OR ")
                );
                Err(Flaw::new(expr.span.clone(), "E215", format!("AND cannot stand inside {operator}: only OR can"))
                    .hint(hint))
            }
            Kind::Not(_) => Err(Flaw::new(expr.span.clone(), "E215", format!("NOT cannot stand inside {operator}"))
                .hint("write it outside: … AND NOT …")),
            Kind::AtLeast(..) => {
                Err(Flaw::new(expr.span.clone(), "E215", format!("ATLEAST cannot stand inside {operator}"))
                    .hint("join them with AND"))
            }
            Kind::Meta(_) => Err(Flaw::new(
                expr.span.clone(),
                "E215",
                format!("this field cannot stand inside {operator}: it has no place in the text"),
            )
            .hint("join them with AND")),
        }
    }

    fn primary(&mut self) -> Result<Expr, Flaw> {
        let Some(token) = self.peek().cloned() else {
            return Err(Flaw::new(self.end(), "E203", "something is expected here; the query ends"));
        };
        let part = self.part.unwrap_or_default();
        self.at += 1;
        match token.kind {
            T::Word(word) => {
                self.lower_case(&word, &token.span)?;
                term(Term::Word(word), part, token.span)
            }
            T::Phrase(phrase, slop) => term(Term::Phrase(phrase, slop), part, token.span),
            T::Exact(exact) => term(Term::Exact(exact), part, token.span),
            T::Id(id, row) => Ok(Expr { kind: Kind::Id { id, row, part }, span: token.span }),
            T::Open => self.brackets(token.span),
            T::Field(name) => self.field(&name, token.span),
            T::Close => Err(if self.depth > 1 {
                Flaw::new(token.span, "E203", "something is expected before this bracket )")
            } else {
                Flaw::new(token.span, "E205", "this bracket ) was never opened")
            }),
            T::AtLeast(_) => Err(Flaw::new(token.span, "E215", "ATLEAST cannot stand inside another operator")
                .hint("join them with AND")),
            T::And | T::Or | T::Not | T::Near(_) => Err(self.unexpected(&token)),
        }
    }

    /// `and`, `or` as the first of several terms: `flood and storm` is caught between terms, `and` alone is a word.
    fn lower_case(&self, word: &str, span: &Range<usize>) -> Result<(), Flaw> {
        let operator = matches!(word, "and" | "or" | "not" | "And" | "Or" | "Not");
        if operator
            && self.tokens.len() > 1
            && matches!(
                self.peek().map(|t| &t.kind),
                Some(T::Word(_) | T::Phrase(..) | T::Id(..) | T::Open | T::Exact(_))
            )
        {
            let upper = word.to_uppercase();
            return Err(Flaw::new(span.clone(), "E211", format!("operators are written in capital letters: {upper}"))
                .hint(format!("write {upper}; for the word itself, \"{word}\"")));
        }
        Ok(())
    }

    fn brackets(&mut self, open: Range<usize>) -> Result<Expr, Flaw> {
        if let Some(Token { kind: T::Close, span }) = self.peek() {
            return Err(Flaw::new(open.start..span.end, "E202", "these brackets are empty")
                .hint("take them away, or put a word into them"));
        }
        let inner = self.or_and()?;
        match self.peek() {
            Some(Token { kind: T::Close, span }) => {
                let span = open.start..span.end;
                self.at += 1;
                Ok(Expr { kind: inner.kind, span })
            }
            Some(token) => Err(self.unexpected(&token.clone())),
            None => Err(Flaw::new(open, "E205", "this bracket ( is not closed")
                .hint(format!("write {})", self.text.trim_end()))),
        }
    }

    fn field(&mut self, name: &str, span: Range<usize>) -> Result<Expr, Flaw> {
        let name_span = span.start..span.end - 1;
        let Some(field) = fields::field(name) else {
            let lower = name.to_lowercase();
            let near = if fields::field(&lower).is_some() {
                Some(&*lower)
            } else {
                nearest(&lower, fields::NAMES.iter().copied())
            };
            let hint = match near {
                Some(near) => format!("did you mean {near}:? (fields are {})", fields::NAMES.join(", ")),
                None if name.chars().all(|c| c.is_ascii_digit()) => format!("put it in quotes: \"{name}:…\""),
                None => format!("fields are {}; put other colons in quotes", fields::NAMES.join(", ")),
            };
            return Err(Flaw::new(name_span, "E212", format!("unknown field {name:?}")).hint(hint));
        };
        let Some(value) = self.peek().cloned() else {
            return Err(Flaw::new(
                self.end(),
                "E203",
                format!("a value is expected after {name}:; the query ends here"),
            )
            .hint(format!("write {name}:word")));
        };
        if value.span.start > span.end
            && !matches!(value.kind, T::Open | T::Phrase(..) | T::Word(_) | T::Exact(_) | T::Id(..))
        {
            return Err(Flaw::new(span.clone(), "E203", format!("a value is expected after {name}:"))
                .hint(format!("write {name}:word")));
        }
        match field {
            Field::Part(part) => {
                if let Some(outer) = self.part
                    && outer != part
                {
                    return Err(Flaw::new(
                        span.start..value.span.end,
                        "E217",
                        "a field inside another field's brackets: no text stands in both",
                    )
                    .hint("write the two fields beside each other with AND or OR"));
                }
                let before = self.part.replace(part);
                if matches!(value.kind, T::Field(_)) {
                    return Err(Flaw::new(span.start..value.span.end, "E217", "a field's value is itself a field")
                        .hint("write one field, or two beside each other with AND or OR"));
                }
                if matches!(value.kind, T::And | T::Or | T::Not | T::Near(_) | T::Close) {
                    return Err(Flaw::new(span.clone(), "E203", format!("a value is expected after {name}:"))
                        .hint(format!("write {name}:word")));
                }
                let inner = self.primary();
                self.part = before;
                let inner = inner?;
                Ok(Expr { span: span.start..inner.span.end, kind: inner.kind })
            }
            _ => self.values(field, name, &span, &value),
        }
    }

    /// The value of a field about the article, or several in brackets with OR.
    fn values(&mut self, field: Field, name: &str, span: &Range<usize>, value: &Token) -> Result<Expr, Flaw> {
        self.at += 1;
        if value.kind == T::Open {
            let mut parts = vec![];
            loop {
                let Some(token) = self.peek().cloned() else {
                    return Err(Flaw::new(value.span.clone(), "E205", "this bracket ( is not closed")
                        .hint(format!("write {})", self.text.trim_end())));
                };
                self.at += 1;
                parts.push(Self::value(field, name, &token)?);
                match self.peek().cloned() {
                    Some(Token { kind: T::Or, .. }) => self.at += 1,
                    Some(Token { kind: T::Close, span: close }) => {
                        self.at += 1;
                        let kind = if parts.len() == 1 { parts.remove(0).kind } else { Kind::Or(parts) };
                        return Ok(Expr { kind, span: span.start..close.end });
                    }
                    Some(token) => {
                        return Err(Flaw::new(
                            token.span,
                            "E203",
                            format!("OR or ) is expected among the values of {name}:"),
                        )
                        .hint(format!("write {name}:(a OR b)")));
                    }
                    None => {
                        return Err(Flaw::new(value.span.clone(), "E205", "this bracket ( is not closed")
                            .hint(format!("write {})", self.text.trim_end())));
                    }
                }
            }
        }
        let read = Self::value(field, name, value)?;
        Ok(Expr { kind: read.kind, span: span.start..value.span.end })
    }

    fn value(field: Field, name: &str, token: &Token) -> Result<Expr, Flaw> {
        let (T::Word(typed) | T::Phrase(typed, None)) = &token.kind else {
            return Err(Flaw::new(token.span.clone(), "E203", format!("a value is expected after {name}:"))
                .hint(format!("write {name}:word")));
        };
        if typed.trim().is_empty() {
            return Err(Flaw::new(token.span.clone(), "E202", format!("the value of {name}: is empty"))
                .hint(format!("write {name}:word")));
        }
        Ok(Expr { kind: Kind::Meta(fields::meta(field, typed, token.span.clone())?), span: token.span.clone() })
    }
}

/// A term, checked: it has letters, and wildcards have enough of them.
fn term(term: Term, part: Part, span: Range<usize>) -> Result<Expr, Flaw> {
    let text = match &term {
        Term::Word(text) | Term::Phrase(text, _) | Term::Exact(text) => text,
    };
    if text.trim().is_empty() {
        let shown = if matches!(term, Term::Exact(_)) { "{}" } else { "\"\"" };
        return Err(Flaw::new(span, "E202", format!("{shown} is empty")).hint("put a word into it, or take it away"));
    }
    if !text.chars().any(char::is_alphanumeric) {
        let what = if text.contains(['*', '?']) {
            "a wildcard needs at least 3 letters before it".to_string()
        } else {
            format!("{text:?} has no letter or digit, so it cannot be found")
        };
        return Err(Flaw::new(span, "E218", what).hint("write a word"));
    }
    if !matches!(term, Term::Exact(_))
        && let Some(word) = short_wildcard(text)
    {
        return Err(Flaw::new(
            span,
            "E219",
            format!("the wildcard in {word} stands on too few letters: at least 3 letters are needed before *"),
        )
        .hint("write more of the word, or list the words with OR"));
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
