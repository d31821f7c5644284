//! A fault in what was typed, as people read it. In: where, what, what to do. Out: text or JSON. It never shows a secret.

use serde::Serialize;
use std::fmt;

/// One fault, at its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Whether the configuration stands all the same.
    pub severity: Severity,
    /// Its stable code: `E101`.
    pub code: &'static str,
    /// The file's path, or `env:NAME`.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in code points, from 1.
    pub col: usize,
    /// How many code points of that line are meant; at least 1.
    pub len: usize,
    /// What is wrong, in words.
    #[serde(rename = "message")]
    pub what: String,
    /// What to do.
    pub hint: Option<String>,
    /// The line, where it may be shown.
    pub excerpt: Option<Excerpt>,
}

/// Whether a fault keeps the configuration from being used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It does.
    Error,
    /// It does not.
    Warning,
}

/// A piece of a line, with what is meant in it. Secrets are starred out, long lines cut around the place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Excerpt {
    /// The text.
    pub text: String,
    /// Where the fault begins, in code points of `text`.
    pub from: usize,
    /// How long it is, in code points; at least 1.
    pub len: usize,
}

impl Fault {
    /// Whether it keeps the configuration from being used.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The fault as people read it: place, what, the line with a caret, and a hint. No newline at the end.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let mut out = String::new();
        // Writing to a string does not fail.
        let _ = self.write(&mut out, color);
        out
    }

    fn write(&self, out: &mut impl fmt::Write, color: bool) -> fmt::Result {
        let paint = |code: &str, text: &str| {
            if color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_string() }
        };
        let (tint, word) = match self.severity {
            Severity::Error => ("1;31", "error"),
            Severity::Warning => ("1;33", "warning"),
        };
        let head = paint(tint, &format!("{word}[{}]", self.code));
        write!(out, "{}:{}:{}: {head}: {}", self.file, self.line, self.col, self.what)?;
        if let Some(Excerpt { text, from, len }) = &self.excerpt {
            let before: String = text.chars().take(*from).map(blank).collect();
            let carets: String = text.chars().skip(*from).take(*len).map(|c| "^".repeat(columns(c))).collect();
            let carets = if carets.is_empty() { "^" } else { &carets };
            write!(out, "\n    {text}\n    {before}{}", paint(tint, carets))?;
        }
        match &self.hint {
            Some(hint) => write!(out, "\n    {} {hint}", paint("1", "hint:")),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, false)
    }
}

/// `2 errors, 1 warning`; `no fault` where there is none.
#[must_use]
pub fn summary(faults: &[Fault]) -> String {
    let count = |severity| faults.iter().filter(|fault| fault.severity == severity).count();
    let words = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    match (count(Severity::Error), count(Severity::Warning)) {
        (0, 0) => "no fault".to_string(),
        (errors, 0) => words(errors, "error"),
        (0, warnings) => words(warnings, "warning"),
        (errors, warnings) => format!("{}, {}", words(errors, "error"), words(warnings, "warning")),
    }
}

/// White space as wide as the character, so that the caret stands under its place.
fn blank(c: char) -> &'static str {
    match (c, columns(c)) {
        ('\t', _) => "\t",
        (_, 2) => "  ",
        (_, 0) => "",
        _ => " ",
    }
}

/// Columns on a terminal: the wide blocks of Unicode's East Asian Width, and marks that stand on the letter before.
fn columns(c: char) -> usize {
    match c {
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}
