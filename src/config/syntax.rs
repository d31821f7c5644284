//! TOML, parsed as far as it goes. In: a text. Out: its tables, and every slip at the place where a person would mend it.
//! A list that is not closed swallows what follows: it is told where it ends, and what follows is parsed on its own.

use super::file::quote;
use super::layer::SECTIONS;
use memchr::memchr_iter;
use std::borrow::Cow;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

/// Lists and tables without an end in one file of which each is told; every one costs another pass over what follows.
const UNCLOSED_MAX: usize = 10;

/// Something that is not TOML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slip {
    /// Bytes of the text.
    pub span: Range<usize>,
    pub what: String,
    pub hint: Option<String>,
    /// Whether what follows it may be read as something else than it is.
    pub spreads: bool,
}

/// Parses the text and hands its tables to `read`: one, or several where something unclosed parts it. All spans are bytes of
/// the text.
pub(super) fn parse(text: &str, mut read: impl FnMut(&DeTable<'_>)) -> Vec<Slip> {
    let (text, mut slips) = headers(text);
    let text = &*text;
    let (table, errors) = DeTable::parse_recoverable(text);
    let Some(mut end) = add(&mut slips, text, &table, errors) else {
        read(table.get_ref());
        return slips;
    };
    let mut part = text.to_string();
    for _ in 0..UNCLOSED_MAX {
        read(DeTable::parse_recoverable(&part[..end]).0.get_ref());
        let Some(header) = next_header(&part, end) else { return slips };
        // Blanks keep what follows at its place.
        part = " ".repeat(header) + &text[header..];
        let (table, errors) = DeTable::parse_recoverable(&part);
        let Some(at) = add(&mut slips, &part, &table, errors) else {
            read(table.get_ref());
            return slips;
        };
        end = at;
    }
    slips
}

/// Adds the slips of a parse, up to where something unclosed swallowed a line that is not its own; gives that line's begin.
fn add(slips: &mut Vec<Slip>, text: &str, table: &Spanned<DeTable<'_>>, mut errors: Vec<Error>) -> Option<usize> {
    errors.sort_by_key(|error| error.span().map(|span| span.start));
    let lines: Vec<usize> = std::iter::once(0).chain(memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect();
    // The line looked at last, and whether it is one of its own: a line may have a million slips.
    let mut last = (usize::MAX, false);
    let mut relocated = false;
    for error in &errors {
        let at = error.span().unwrap_or_default().start;
        let line = lines[lines.partition_point(|begin| *begin <= at).saturating_sub(1)];
        if let Some((thing, bracket)) = unclosed(error.message()) {
            if last.0 != line {
                last = (line, is_header(&text[line..]) || is_key(&text[line..]));
            }
            // What is wrong behind the `=` of a line is that line's own list.
            if last.1 && !text[line..at].contains('=') {
                let end = text[..line].trim_end().len();
                let what = format!("invalid TOML: the {thing} is not closed, expected `{bracket}`");
                let hint = Some(format!("write {bracket} at its end"));
                slips.push(Slip { span: end..end, what, hint, spreads: true });
                return Some(line);
            }
        }
        let mut slip = slip(error, text);
        if !relocated
            && error.message().contains("multi-line")
            && let Some(begin) = begin_of(table.get_ref(), at)
        {
            // The parser saw the end of the file; the person sees the quotes that were never closed.
            slip.span = begin..begin + 3;
            slip.hint = Some("the string that begins here is not closed".into());
            relocated = true;
        }
        slips.push(slip);
    }
    None
}

/// The text with ids for the headers whose ids have blanks, `[official.wang yi]`, each told: what stands under them is read as it
/// is meant, and every byte stays at its place.
fn headers(text: &str) -> (Cow<'_, str>, Vec<Slip>) {
    let begins = std::iter::once(0).chain(memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
    let blank: Vec<Range<usize>> = begins.filter_map(|begin| blank_id(text, begin)).collect();
    if blank.is_empty() {
        return (text.into(), vec![]);
    }
    // Not within a string of several lines.
    let (_, errors) = DeTable::parse_recoverable(text);
    let refused: Vec<usize> = errors
        .iter()
        .filter(|error| error.message().starts_with("unclosed table"))
        .filter_map(|error| Some(error.span()?.start))
        .collect();
    let (mut mended, mut slips) = (text.to_string(), vec![]);
    for id in blank.into_iter().filter(|id| refused.iter().any(|at| id.contains(at) || *at == id.end)) {
        mended.replace_range(id.clone(), &text[id.clone()].replace([' ', '\t'], "-"));
        let begin = text[..id.start].rfind('\n').map_or(0, |at| at + 1);
        let end = text[begin..].find('\n').map_or(text.len(), |len| begin + len);
        let header = mended[begin..end].split('#').next().unwrap_or_default().trim();
        let (what, hint) = ("invalid TOML: an id has no blanks".to_string(), format!("write {header}"));
        slips.push(Slip { span: id, what, hint: Some(hint), spreads: false });
    }
    (mended.into(), slips)
}

/// Where the id stands of a header whose id has blanks in it, and nothing else that is not of an id.
fn blank_id(text: &str, begin: usize) -> Option<Range<usize>> {
    let line = text[begin..].lines().next().filter(|line| is_header(line))?;
    let open = line.find('.')? + 1;
    let inside = line[open..].split(']').next().filter(|inside| inside.len() < line.len() - open)?;
    let id = inside.trim();
    let from = begin + open + (inside.len() - inside.trim_start().len());
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ' ' | '\t');
    (id.contains([' ', '\t']) && id.chars().all(good)).then(|| from..from + id.len())
}

/// What is being read when the parser says this, and what closes it.
fn unclosed(said: &str) -> Option<(&'static str, char)> {
    match said {
        _ if said.contains("array") => Some(("list", ']')),
        _ if said.contains("inline table") || said.contains("key-value pairs") => Some(("table", '}')),
        _ => None,
    }
}

/// Whether a text begins with the header of a table, and not with a list in a list.
fn is_header(text: &str) -> bool {
    let Some(header) = text.trim_start_matches([' ', '\t']).strip_prefix('[') else { return false };
    let header = header.trim_start_matches(['[', ' ', '\t']);
    SECTIONS.contains(&&header[..name(header)])
}

/// Whether a text begins with a key and its `=`.
fn is_key(text: &str) -> bool {
    let key = text.trim_start_matches([' ', '\t']);
    let end = name(key);
    end > 0 && key[end..].trim_start_matches([' ', '\t']).starts_with('=')
}

fn name(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len())
}

/// The first line at or after a line's begin that is the header of a table.
fn next_header(text: &str, from: usize) -> Option<usize> {
    let begins = std::iter::once(from).chain(text[from..].match_indices('\n').map(|(at, _)| from + at + 1));
    begins.into_iter().find(|begin| is_header(&text[*begin..]))
}

/// Where the string begins that reaches to this place.
fn begin_of(table: &DeTable<'_>, at: usize) -> Option<usize> {
    table.values().filter_map(|value| begin_in(value, at)).max()
}

fn begin_in(value: &Spanned<DeValue<'_>>, at: usize) -> Option<usize> {
    match value.get_ref() {
        DeValue::Table(table) => begin_of(table, at),
        DeValue::Array(array) => array.iter().filter_map(|value| begin_in(value, at)).max(),
        DeValue::String(_) => (value.span().start <= at && at <= value.span().end + 1).then(|| value.span().start),
        _ => None,
    }
}

/// Whether a fault spoils one value only: what follows it can be read as it is meant.
fn stays_on_its_line(said: &str) -> bool {
    let value =
        ["invalid ", "string values must be quoted", "missing escaped value", "redundant", "radix", "integers", "`_`"];
    let sign = ["unexpected leading zero", "unexpected sign"];
    let spreads = ["unquoted key", "multi-line", "whitespace"];
    value.iter().chain(&sign).any(|begin| said.starts_with(begin)) && !spreads.iter().any(|word| said.contains(word))
}

/// What toml says, in words of ours where they help more.
pub(super) fn slip(error: &Error, text: &str) -> Slip {
    let said = error.message();
    let span = error.span().unwrap_or_default();
    let at = text.get(span.clone()).unwrap_or("");
    let spreads = !stays_on_its_line(said);
    if said.starts_with("duplicate key") {
        let what = format!("duplicate key: {} is defined already", quote(at));
        return Slip { span, what, hint: Some("put the two together".into()), spreads };
    }
    if said.starts_with("missing comma between array") {
        return Slip { hint: Some(comma(text, span.start)), what: comma_missing(text, span.start), span, spreads };
    }
    if let Some(hint) = apostrophe(text, span.start) {
        return Slip { span, what: format!("invalid TOML: {said}"), hint: Some(hint), spreads };
    }
    if let Some(hint) = flag(at) {
        return Slip { span, what: format!("invalid TOML: {said}"), hint: Some(hint), spreads };
    }
    let curly = text.get(span.start..).is_some_and(|rest| rest.starts_with(['“', '”', '„', '«', '‘', '’']));
    if let Some(hint) = quoted_in_quotes(text, span.start) {
        return Slip { span, what: format!("invalid TOML: {said}"), hint: Some(hint), spreads };
    }
    let hint = match () {
        () if curly => Some("TOML knows straight quotes only: \"…\" or '…'"),
        () if said.contains("key with no value") => Some("write key = value"),
        () if said.starts_with("unclosed table") => Some("the header of a table ends with ]"),
        () if said.contains("string values must be quoted") => Some("put it in quotes"),
        () if said.contains("invalid boolean") => Some("write true or false; anything else stands in quotes"),
        () if said.contains("invalid basic string") => {
            Some("the string is not closed on its line: \"…\"; in '…' a backslash is just a backslash")
        }
        () if said.contains("invalid literal string") => Some("the string is not closed on its line: '…'"),
        () if said.contains("escape") => Some("write \\\\ for a backslash, or put the string into '…'"),
        () if said.contains("unquoted key") => Some("a key or id is made of a-z, 0-9, - and _"),
        () if said.contains("missing comma") => Some("write a comma between the two"),
        () if said.contains("array") => Some("a list is [\"a\", \"b\"], with ] at its end"),
        () => None,
    };
    Slip { span, what: format!("invalid TOML: {said}"), hint: hint.map(str::to_string), spreads }
}

/// Where a comma is missing: here, or at the end of a line above.
fn comma_missing(text: &str, at: usize) -> String {
    let before = text[..at].trim_end_matches([' ', '\t']);
    let place = if before.ends_with('\n') { "before this, behind what stands above it" } else { "here" };
    format!("invalid TOML: a comma is missing {place}")
}

/// What to do where a list goes on without a comma: often a quotation mark ended a string too early.
fn comma(text: &str, at: usize) -> String {
    apostrophe(text, at).unwrap_or_else(|| {
        let quoted = text[at..].starts_with(['"', '\'', '[', '{']) || text[..at].ends_with([' ', '\t', '\n']);
        let hint = if quoted && !text[..at].ends_with('"') {
            "write a comma between the two"
        } else {
            "each stands in quotes of its own, with a comma between two: [\"a\", \"b\"]"
        };
        hint.to_string()
    })
}

/// Keys whose strings are shown again: those of others may hold a secret.
const PLAIN_KEYS: [&str; 10] = ["names", "exact", "weak", "posts", "not_as", "with", "query", "any", "all", "none"];

/// How a string is written that has an apostrophe in it, where it ended a string in '…': `posts = ['Minister's aide']`.
fn apostrophe(text: &str, at: usize) -> Option<String> {
    let before = text[..at].strip_suffix('\'')?;
    let begin = before.rfind('\n').map_or(0, |at| at + 1);
    let open = before[begin..].rfind('\'')? + begin;
    let rest = text[at..].lines().next()?;
    if !rest.starts_with(char::is_alphanumeric) {
        return None;
    }
    let string = format!("{}'{}", &before[open + 1..], &rest[..rest.find('\'')?]);
    let key = text[begin..open].split('=').next().unwrap_or_default().trim();
    let shown = PLAIN_KEYS.contains(&key) && string.len() <= 80 && !string.contains(['"', '\\']);
    Some(format!("an apostrophe ends a string in '…': write \"{}\"", if shown { &*string } else { "…" }))
}

/// `True`, `yes`, `off`: what is written for it.
fn flag(typed: &str) -> Option<String> {
    let flag = flag_meant(typed)?;
    let word = matches!(&*typed.to_ascii_lowercase(), "true" | "false");
    Some(if word {
        format!("write {flag}")
    } else {
        format!("write {flag}; or \"{typed}\", in quotes, if the word is meant")
    })
}

/// The flag that a word means in other formats.
pub(super) fn flag_meant(typed: &str) -> Option<bool> {
    match &*typed.trim().to_ascii_lowercase() {
        "true" | "yes" | "on" => Some(true),
        "false" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// How a string is written that has quotation marks in it, where one of them ended it: `query = "@k AND "tea time""`.
fn quoted_in_quotes(text: &str, at: usize) -> Option<String> {
    let begin = text[..at.min(text.len())].rfind('\n').map_or(0, |at| at + 1);
    let line = text[begin..].lines().next()?;
    let (key, value) = line.split_once('=')?;
    let inside = value.trim().strip_prefix('"')?.strip_suffix('"')?;
    let plain = inside.contains('"') && !inside.contains(['\'', '\\', '[', '{', '#']) && !inside.starts_with('"');
    if !plain {
        return None;
    }
    // Only a query is repeated: any other value may hold a secret.
    let key = key.trim();
    let string = if key == "query" && inside.len() <= 80 { inside } else { "…" };
    Some(format!("a quotation mark ends the string: write {key} = '{string}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `line: what` of each slip.
    fn check(text: &str, wanted: &[&str]) {
        let line = |at: usize| text[..at].matches('\n').count() + 1;
        let told: Vec<_> =
            parse(text, |_| ()).iter().map(|slip| format!("{}: {}", line(slip.span.start), slip.what)).collect();
        assert_eq!(told, wanted, "{text}");
    }

    #[test]
    fn what_is_not_closed_is_told_where_it_ends_and_hides_no_other_slip() {
        let list = "invalid TOML: the list is not closed, expected `]`";
        check(
            "[rule.r]\nnotify = [\"a\", # two\n  \"b\"\n\n[channel.b]\ntype = stdout\n",
            &[&format!("3: {list}"), "6: invalid TOML: string values must be quoted, expected literal string"],
        );
        check("[rule.r]\nnotify = [\"a\"\nquery = 'x'\n", &[&format!("2: {list}")]);
        check(
            "[rule.r]\nany = [\"a\"\n[rule.s]\nany = [\"b\"\n[rule.t]\n",
            &[&format!("2: {list}"), &format!("4: {list}")],
        );
        check(
            "[channel.c]\nquiet = { from = \"1\"\n[rule.t]\n",
            &["2: invalid TOML: the table is not closed, expected `}`"],
        );
        check(
            "x = [\n[1]\n[2]\n]\n",
            &["3: invalid TOML: a comma is missing before this, behind what stands above it"],
        );
        check(
            "a = [1]\n[rule.r]\nquery = \"\"\"flood\nnotify = 1\n",
            &["3: invalid TOML: invalid multi-line basic string, expected `\"`"],
        );
    }

    #[test]
    fn lists_without_end_cost_a_bounded_number_of_passes() {
        let text = "[rule.r]\nany = [\"a\"\n".repeat(10 * UNCLOSED_MAX);
        assert_eq!(parse(&text, |_| ()).len(), UNCLOSED_MAX + 1);
    }

    #[test]
    fn a_phrase_in_a_string_of_the_same_quotes_is_told_how_to_stand_there() {
        for (text, hint) in [
            (
                "query = \"@k AND \"tea time\"\"\n",
                Some("a quotation mark ends the string: write query = '@k AND \"tea time\"'"),
            ),
            (
                "url = \"https://hooks.example/secret\" timeout = \"3s\"\n",
                Some("a quotation mark ends the string: write url = '…'"),
            ),
        ] {
            let slips = parse(text, |_| ());
            assert_eq!(slips[0].hint.as_deref(), hint, "{slips:?}");
        }
    }

    #[test]
    fn a_slip_within_a_list_is_told_on_its_own_line_with_what_to_write() {
        let comma = "invalid TOML: a comma is missing";
        for (text, line, hint) in [
            ("[official.w]\nnames = [\"Wang Yi\" \"Ван И\"]\nweak = ['x']\n", 2, "write a comma between the two"),
            ("[official.w]\nnames = [\"Wang Yi, \"Ван И\"]\n", 2, "each stands in quotes of its own, with a comma"),
            (
                "[official.w]\nnames = [\"Sean O'Brien\"]\nposts = ['Minister's aide']\nfamily = true\n",
                3,
                "an apostrophe ends a string in '…': write \"Minister's aide\"",
            ),
            ("[official.w]\nnames = [\n  \"a\"\n  \"b\",\n]\nfamily = true\n", 4, "write a comma between the two"),
            ("[channel.w]\nheaders = ['it's me']\n", 2, "an apostrophe ends a string in '…': write \"…\""),
        ] {
            let slips = parse(text, |_| ());
            assert_eq!(text[..slips[0].span.start].matches('\n').count() + 1, line, "{text}: {slips:?}");
            assert!(slips[0].what.starts_with(comma), "{slips:?}");
            assert!(slips[0].hint.as_deref().is_some_and(|said| said.starts_with(hint)), "{slips:?}");
        }
    }

    #[test]
    fn a_word_that_is_true_elsewhere_is_told_how_it_is_written() {
        for (typed, hint) in [
            ("True", "write true"),
            ("FALSE", "write false"),
            ("yes", "write true; or \"yes\", in quotes, if the word is meant"),
            ("tru", "write true or false; anything else stands in quotes"),
            ("Wang", "put it in quotes"),
        ] {
            let slips = parse(&format!("family = {typed}\n"), |_| ());
            assert_eq!(slips[0].hint.as_deref(), Some(hint), "{slips:?}");
        }
    }

    #[test]
    fn an_id_with_blanks_is_told_and_what_stands_under_it_is_read() {
        let mut read = vec![];
        let text = "[official.wang yi] # him\nnames = ['x']\n[rule.\"a b\"]\nquery = '''\n[rule.no id]\n'''\n[a\n";
        let slips = parse(text, |table| read.push(format!("{table:?}")));
        assert_eq!((&text[slips[0].span.clone()], &*slips[0].what), ("wang yi", "invalid TOML: an id has no blanks"));
        assert_eq!(slips[0].hint.as_deref(), Some("write [official.wang-yi]"));
        assert_eq!(slips.len(), 2, "{slips:?}");
        assert!(read[0].contains("wang-yi") && read[0].contains("no id"), "{read:?}");
    }

    #[test]
    fn curly_quotes_are_named() {
        let slips = parse("a = “x”\n", |_| ());
        assert!(slips[0].hint.as_deref().unwrap().contains("straight quotes"), "{slips:?}");
    }
}
