//! What counts words: NEAR and its like, and ATLEAST. In: tokens from the parser's place on. Out: their trees. It knows no field.

use super::super::ast::{Expr, Kind};
use super::super::flaws::{self, Draft};
use super::super::lex::{Kind as T, Token};
use super::Parser;
use crate::matching::fault::Flaw;

impl Parser<'_> {
    pub(super) fn counted(&mut self) -> Expr {
        let Some(Token { kind: T::AtLeast(n), span: operator }) = self.peek().cloned() else { return self.near() };
        self.at += 1;
        let typed = self.typed(&operator).to_string();
        if matches!(self.next(), None | Some(T::Close)) {
            let until = if self.peek().is_none() { "; the query ends here" } else { "" };
            let flaw = Flaw::new(operator.clone(), "E203", format!("something is expected after {typed}{until}"));
            self.flaw(Draft::of(flaw.hint(format!("put a word after {typed}, or take it away"))).mend(""));
            return self.hole(operator);
        }
        let negated = self.next() == Some(&T::Not);
        while matches!(self.next(), Some(T::Not)) {
            self.at += 1;
        }
        let inner = self.primary();
        let span = operator.start..inner.span.end;
        if negated {
            let mended = format!("NOT {typed} {}", self.typed(&inner.span));
            let flaw = Flaw::new(operator, "E215", "NOT cannot stand inside ATLEAST")
                .hint(format!("NOT stands before it: … AND {mended}"));
            self.flaw(Draft::of(flaw).mend_at(span.clone(), mended));
        } else {
            self.countable(&inner, "ATLEAST");
        }
        Expr { kind: Kind::AtLeast(n, Box::new(inner)), span }
    }

    fn near(&mut self) -> Expr {
        let left = self.primary();
        self.translate();
        let Some(Token { kind: T::Near(near), span: operator }) = self.peek().cloned() else { return left };
        self.at += 1;
        let typed = self.typed(&operator).to_string();
        self.countable(&left, &typed);
        let negated = self.next() == Some(&T::Not);
        while matches!(self.next(), Some(T::Not)) {
            self.at += 1;
        }
        if let None | Some(T::And | T::Or | T::Near(_) | T::Close) = self.next() {
            let what = match self.peek() {
                None => format!("something is expected after {typed}; the query ends here"),
                Some(token) => {
                    format!("something is expected between {typed} and {}", &self.text[token.span.clone()])
                }
            };
            let span = self.peek().map_or(self.end(), |token| token.span.clone());
            let flaw = Flaw::new(span, "E203", what).hint(format!("put a word after {typed}, or take it away"));
            self.flaw(Draft::of(flaw).mend_at(operator.clone(), ""));
            while matches!(self.next(), Some(T::Near(_))) {
                self.at += 1;
            }
            if matches!(self.next(), None | Some(T::Close | T::And | T::Or)) {
                return left;
            }
        }
        let right = self.primary();
        let span = left.span.start..right.span.end;
        if negated {
            let flaw = Flaw::new(operator.clone(), "E215", format!("NOT cannot stand inside {typed}"))
                .hint("it stands outside: … AND NOT …");
            let mended = format!("{} AND NOT {}", self.typed(&left.span), self.typed(&right.span));
            self.flaw(Draft::of(flaw).mend_at(span.clone(), mended));
        }
        self.countable(&right, &typed);
        self.translate();
        let mut end = span.end;
        while let Some(next @ Token { kind: T::Near(_), .. }) = self.peek().cloned() {
            self.at += 1;
            if matches!(self.next(), None | Some(T::Close | T::And | T::Or | T::Not | T::Near(_))) {
                continue;
            }
            let third = self.primary();
            self.translate();
            if end == span.end {
                self.flaw(flaws::chained(self.text, [&left.span, &operator, &right.span], &next, &third.span));
            }
            end = third.span.end;
        }
        Expr { kind: Kind::Near(Box::new(left), near, Box::new(right)), span: span.start..end }
    }

    /// Where a word between two things is an operator of another tool, or one in small letters, it is read as what it is here.
    fn translate(&mut self) {
        let Some(Token { kind: T::Word(word), span }) = self.peek() else { return };
        if matches!(self.tokens.get(self.at + 1).map(|token| &token.kind), None | Some(T::Close | T::And | T::Or)) {
            return;
        }
        if let Some((kind, draft)) = flaws::translated(word, span) {
            self.tokens[self.at].kind = kind;
            self.flaw(draft);
        }
    }

    /// NEAR and ATLEAST take words, ids, ORs of them, and a NEAR.
    fn countable(&mut self, expr: &Expr, operator: &str) {
        if let Kind::Or(parts) = &expr.kind {
            for part in parts {
                self.countable(part, operator);
            }
        } else if let Some(draft) = flaws::uncounted(self.text, expr, operator) {
            self.flaw(draft);
        }
    }
}
