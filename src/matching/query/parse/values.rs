//! Fields and their values. In: tokens from the parser's place on. Out: their trees. What a value means is not judged here.

use super::super::ast::{Expr, Kind};
use super::super::fields::{self, Field};
use super::super::flaws::{self, Draft};
use super::super::lex::{Kind as T, Token};
use super::Parser;
use crate::matching::fault::Flaw;
use std::ops::Range;

impl Parser<'_> {
    pub(super) fn field(&mut self, name: &str, span: Range<usize>) -> Expr {
        let value = self.peek().cloned();
        let beside = value.as_ref().is_some_and(|value| value.span.start == span.end);
        let Some(field) = fields::field(name) else {
            self.flaw(flaws::unknown_field(self.text, name, &span, value.as_ref()));
            if beside && matches!(self.next(), Some(T::Word(_) | T::Phrase(..) | T::Exact(_) | T::Id(..) | T::Open)) {
                let inner = self.primary();
                return self.hole(span.start..inner.span.end);
            }
            return self.hole(span);
        };
        let wanted = || format!("a value is expected after {name}:");
        let Some(value) = value else {
            let flaw = Flaw::new(self.end(), "E203", format!("{}; the query ends here", wanted()));
            self.flaw(Draft::of(flaw.hint(format!("a word stands right after the colon, as in {name}:word"))));
            return self.hole(span);
        };
        if matches!(value.kind, T::And | T::Or | T::Not | T::Near(_) | T::AtLeast(_) | T::Close) {
            let flaw = Flaw::new(span.clone(), "E203", wanted());
            self.flaw(Draft::of(flaw.hint(format!("a word stands right after the colon, as in {name}:word"))));
            return self.hole(span);
        }
        let Field::Part(part) = field else { return self.values(field, name, &span, &value) };
        if matches!(value.kind, T::Field(_)) {
            while matches!(self.next(), Some(T::Field(_))) {
                self.at += 1;
            }
            let flaw = Flaw::new(span.start..value.span.end, "E217", "a field's value is itself a field");
            let flaw = flaw.hint("one field, or two beside each other with AND or OR");
            self.flaw(Draft::of(flaw).mend_at(value.span.clone(), ""));
            return match self.next() {
                Some(T::Word(_) | T::Phrase(..) | T::Exact(_) | T::Id(..) | T::Open) => {
                    let inner = self.primary();
                    self.hole(span.start..inner.span.end)
                }
                _ => self.hole(span.start..value.span.end),
            };
        }
        let both = match self.part {
            None => Some(part),
            Some(outer) => outer.and(part),
        };
        if both.is_none() {
            let what = "a field inside another field's brackets: no text stands in both";
            let flaw = Flaw::new(span.start..value.span.end, "E217", what);
            let flaw = flaw.hint("put the two fields beside each other with AND or OR");
            self.flaw(Draft::of(flaw).mend_at(span.clone(), ""));
        }
        let before = std::mem::replace(&mut self.part, both.or(Some(part)));
        let inner = self.primary();
        self.part = before;
        Expr { span: span.start..inner.span.end, kind: inner.kind }
    }

    /// The value of a field about the article, or several in brackets with OR.
    fn values(&mut self, field: Field, name: &str, span: &Range<usize>, first: &Token) -> Expr {
        self.at += 1;
        if first.kind != T::Open {
            let read = self.value(field, name, first, span.start);
            return Expr { kind: read.kind, span: span.start..first.span.end };
        }
        let mut parts = vec![];
        while let Some(token) = self.peek().cloned() {
            if token.kind == T::Close {
                break;
            }
            self.at += 1;
            parts.push(self.value(field, name, &token, token.span.start));
            match self.peek().cloned() {
                Some(Token { kind: T::Or, .. }) => self.at += 1,
                None | Some(Token { kind: T::Close, .. }) => {}
                Some(token) => {
                    let flaw =
                        Flaw::new(token.span, "E203", format!("OR or ) is expected among the values of {name}:"));
                    self.flaw(Draft::of(
                        flaw.hint(format!("several values stand in brackets with OR: {name}:(a OR b)")),
                    ));
                    let mut depth = 1usize;
                    while let Some(kind) = self.next() {
                        match kind {
                            T::Open => depth += 1,
                            T::Close if depth == 1 => break,
                            T::Close => depth -= 1,
                            _ => {}
                        }
                        self.at += 1;
                    }
                }
            }
        }
        let Some(close) = self.peek().cloned() else {
            self.unclosed(&first.span);
            return self.hole(span.start..self.text.trim_end().len());
        };
        self.at += 1;
        let span = span.start..close.span.end;
        match parts.len() {
            0 => {
                let flaw = Flaw::new(first.span.start..span.end, "E202", "these brackets are empty");
                self.flaw(Draft::of(flaw.hint(format!("put a value into them, as in {name}:word"))).mend(""));
                self.hole(span)
            }
            1 => Expr { kind: parts.remove(0).kind, span },
            _ => Expr { kind: Kind::Or(parts), span },
        }
    }

    /// One value; what it begins at is mended with its field, where that stands right before it.
    fn value(&mut self, field: Field, name: &str, token: &Token, from: usize) -> Expr {
        let hint = || format!("a word stands right after the colon, as in {name}:word");
        let read = match &token.kind {
            T::Word(typed) | T::Phrase(typed, None) if typed.trim().is_empty() => {
                Err(Flaw::new(token.span.clone(), "E202", format!("the value of {name}: is empty")).hint(hint()))
            }
            T::Word(typed) | T::Phrase(typed, None) => fields::meta(field, typed, token.span.clone()),
            _ => Err(Flaw::new(token.span.clone(), "E203", format!("a value is expected after {name}:")).hint(hint())),
        };
        match read {
            Ok(meta) => Expr { kind: Kind::Meta(meta), span: token.span.clone() },
            Err(mut flaw) => {
                let field = if from < token.span.start { format!("{name}:") } else { String::new() };
                let mended = std::mem::take(&mut flaw.mended);
                let mended = mended.into_iter().map(|value| format!("{field}{value}"));
                self.flaw(Draft::of(flaw).mend_each(from..token.span.end, mended));
                self.hole(token.span.clone())
            }
        }
    }
}
