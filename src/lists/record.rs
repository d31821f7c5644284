//! Records of comma-separated values (RFC 4180), parted by `,`, `;` or tabs as the first line has it. In: bytes, a window at a time.
//! Out: records as fields of text, and lines that are none. A bad line costs itself: reading goes on with the line after it.

use std::io::{self, Read};
use std::ops::Range;

/// The bytes of a record; a quote that nothing closes would swallow the rest of the file.
pub(super) const RECORD_BYTES_MAX: usize = 1 << 20;
/// The fields of a record.
const FIELDS_MAX: usize = 1000;
/// What is read at once.
const READ_BYTES: usize = 256 << 10;

/// The records of a file, one after the other.
pub struct Records<R> {
    input: R,
    /// Bytes that were read; those of `ahead` are not used yet.
    buffer: Vec<u8>,
    ahead: Range<usize>,
    ended: bool,
    separator: u8,
    /// Of the record's begin, from 1.
    line: u64,
    fields: Vec<Range<usize>>,
}

/// A record, or a line that is none.
#[expect(missing_docs, reason = "the words say it")]
pub enum Next<'a> {
    Record(Record<'a>),
    Bad { line: u64, what: &'static str },
}

/// A record.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    /// The line that it begins on, from 1.
    pub line: u64,
    text: &'a str,
    fields: &'a [Range<usize>],
}

impl<'a> Record<'a> {
    /// The field at a place, without the space around it; empty where there is none.
    pub fn field(self, at: usize) -> &'a str {
        self.fields.get(at).and_then(|field| self.text.get(field.clone())).unwrap_or("").trim()
    }

    /// All of its fields.
    pub fn fields(self) -> impl Iterator<Item = &'a str> {
        (0..self.fields.len()).map(move |at| self.field(at))
    }
}

/// What the bytes of a window are.
enum Scan {
    /// A record of so many bytes, its line break included.
    Record(usize),
    Bad(&'static str),
    /// The record goes on after them.
    More,
}

impl<R: Read> Records<R> {
    /// Begins to read: finds the separator.
    ///
    /// # Errors
    /// The system's, and a file that is no text.
    pub fn new(input: R) -> io::Result<Self> {
        let buffer = vec![0; READ_BYTES];
        let mut records =
            Self { input, buffer, ahead: 0..0, ended: false, separator: b',', line: 1, fields: Vec::new() };
        records.fill()?;
        let head = records.window();
        if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it is UTF-16; save it as UTF-8"));
        }
        let mark = if head.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
        let first = head[mark..].split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty());
        let first = first.unwrap_or_default().to_vec();
        records.ahead.start += mark;
        records.separator = separator(&first);
        // Excel's way of naming the separator.
        if first.starts_with(b"sep=") {
            records.skip_line()?;
        }
        Ok(records)
    }

    fn window(&self) -> &[u8] {
        &self.buffer[self.ahead.clone()]
    }

    /// The next record that is not blank.
    ///
    /// # Errors
    /// The system's.
    pub fn record(&mut self) -> io::Result<Option<Next<'_>>> {
        let (line, record) = loop {
            let line = self.line;
            let scanned = scan(&mut self.buffer[self.ahead.clone()], self.ended, self.separator, &mut self.fields);
            let bad = match scanned {
                _ if self.ahead.is_empty() && self.ended => return Ok(None),
                Scan::More if self.ahead.len() < RECORD_BYTES_MAX => {
                    self.fill()?;
                    continue;
                }
                Scan::More => "a quote that nothing closes, or a line of more than 1 MiB",
                Scan::Bad(what) => what,
                Scan::Record(bytes) => {
                    let record = self.ahead.start..self.ahead.start + bytes;
                    self.ahead.start = record.end;
                    self.line += memchr::memchr_iter(b'\n', &self.buffer[record.clone()]).count() as u64;
                    if self.buffer[record.clone()].trim_ascii().is_empty() {
                        continue;
                    }
                    break (line, record);
                }
            };
            self.skip_line()?;
            return Ok(Some(Next::Bad { line, what: bad }));
        };
        Ok(Some(match std::str::from_utf8(&self.buffer[record]) {
            Ok(text) => Next::Record(Record { line, text, fields: &self.fields }),
            Err(_) => Next::Bad { line, what: "it is not UTF-8; save the list as UTF-8" },
        }))
    }

    /// Reads on: what is not used yet moves to the front, and as much as there is room for comes after it.
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.ahead.clone(), 0);
        self.ahead = 0..self.ahead.len();
        if self.ahead.end + READ_BYTES / 2 > self.buffer.len() {
            self.buffer.resize(2 * self.buffer.len(), 0);
        }
        while self.ahead.end < self.buffer.len() && !self.ended {
            match self.input.read(&mut self.buffer[self.ahead.end..]) {
                Ok(0) => self.ended = true,
                Ok(bytes) => self.ahead.end += bytes,
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    }

    /// Leaves out what is left of a line, however long it is.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            if let Some(at) = memchr::memchr(b'\n', self.window()) {
                self.ahead.start += at + 1;
                self.line += 1;
                return Ok(());
            }
            self.ahead.start = self.ahead.end;
            if self.ended {
                return Ok(());
            }
            self.fill()?;
        }
    }
}

/// The separator of a first line: what stands in it most often, outside of quotes.
fn separator(line: &[u8]) -> u8 {
    if let Some(named) = line.strip_prefix(b"sep=") {
        return *named.first().filter(|byte| matches!(byte, b',' | b';' | b'\t')).unwrap_or(&b',');
    }
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in line {
        quoted ^= *byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(separator, _)| separator == byte && !quoted) {
            *count += 1;
        }
    }
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| *separator)
}

/// Finds the fields of the record that `bytes` begin with; doubled quotes in them are made single, in place. `last`: nothing comes
/// after the bytes.
fn scan(bytes: &mut [u8], last: bool, separator: u8, fields: &mut Vec<Range<usize>>) -> Scan {
    fields.clear();
    let mut doubled = false;
    let mut at = 0;
    let length = loop {
        if fields.len() >= FIELDS_MAX {
            return Scan::Bad("it has more than 1000 fields");
        }
        let from = at + bytes[at..].iter().take_while(|byte| **byte == b' ').count();
        let end;
        if bytes.get(from) == Some(&b'"') {
            let mut to = from + 1;
            let closed = loop {
                let Some(quote) = memchr::memchr(b'"', &bytes[to..]) else { break None };
                match bytes.get(to + quote + 1) {
                    Some(b'"') => {
                        doubled = true;
                        to += quote + 2;
                    }
                    None if !last => break None,
                    _ => break Some(to + quote),
                }
            };
            let Some(closed) = closed else {
                return if last { Scan::Bad("a quote that nothing closes") } else { Scan::More };
            };
            fields.push(from + 1..closed);
            let rest = &bytes[closed + 1..];
            end = closed + 1 + rest.iter().take_while(|byte| matches!(byte, b' ' | b'\r')).count();
        } else {
            end = memchr::memchr2(separator, b'\n', &bytes[from..]).map_or(bytes.len(), |more| from + more);
            fields.push(from..end);
        }
        match bytes.get(end) {
            Some(byte) if *byte == separator => at = end + 1,
            Some(b'\n') => break end + 1,
            None if last => break end,
            None => return Scan::More,
            Some(_) => return Scan::Bad("after the closing quote of a field comes more text"),
        }
    };
    if doubled {
        // Not before the record is whole: it may have to be looked at again.
        for field in fields.iter_mut() {
            unquote(bytes, field);
        }
    }
    Scan::Record(length)
}

/// Makes the doubled quotes of a quoted field single; one that was not quoted has what it has.
fn unquote(bytes: &mut [u8], field: &mut Range<usize>) {
    if field.start == 0 || bytes[field.start - 1] != b'"' || bytes.get(field.end) != Some(&b'"') {
        return;
    }
    let (mut from, mut to) = (field.start, field.start);
    while from < field.end {
        bytes[to] = bytes[from];
        from += if bytes[from] == b'"' { 2 } else { 1 };
        to += 1;
    }
    // What is left over must not split a letter.
    bytes[to..field.end].fill(b' ');
    field.end = to;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads at most so many bytes at once.
    struct Sips<'a>(&'a [u8], usize);

    impl Read for Sips<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let bytes = self.0.len().min(self.1).min(into.len());
            into[..bytes].copy_from_slice(&self.0[..bytes]);
            self.0 = &self.0[bytes..];
            Ok(bytes)
        }
    }

    /// Lines and fields, bad lines as `!what`.
    fn all(bytes: &[u8]) -> Vec<(u64, Vec<String>)> {
        let mut records = Records::new(Sips(bytes, 7)).unwrap();
        let mut found = vec![];
        while let Some(next) = records.record().unwrap() {
            found.push(match next {
                Next::Record(record) => (record.line, record.fields().map(ToString::to_string).collect()),
                Next::Bad { line, what } => (line, vec![format!("!{what}")]),
            });
        }
        found
    }

    fn fields(text: &str) -> Vec<Vec<String>> {
        all(text.as_bytes()).into_iter().map(|(_, fields)| fields).collect()
    }

    #[test]
    fn commas_semicolons_and_tabs_part_the_fields() {
        for separator in [",", ";", "\t"] {
            let text = "id|names\r\n1|\"Ada; Byron, \"\"the\tfirst\"\" \"\r\n\n2|  Charles | x".replace('|', separator);
            let expected = [vec!["id", "names"], vec!["1", "Ada; Byron, \"the\tfirst\""], vec!["2", "Charles", "x"]];
            assert_eq!(fields(&text), expected, "{separator:?}");
        }
        assert_eq!(fields("\u{feff}\"a;b;c\",d\n"), [["a;b;c", "d"]]);
        assert_eq!(fields("sep=;\na,b;c\n"), [["a,b", "c"]]);
        assert_eq!(fields("only\n"), [["only"]]);
        assert!(fields("").is_empty() && fields("\u{feff}").is_empty() && fields("\n \n").is_empty());
    }

    #[test]
    fn a_field_may_hold_line_breaks_and_lines_are_counted_on() {
        let found = all(b"a,b\n\"one\ntwo\",x\nq,\"\"\n");
        let lines: Vec<u64> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!((lines, found[1].1[0].as_str(), found[2].1[1].as_str()), (vec![1, 2, 4], "one\ntwo", ""));
    }

    #[test]
    fn a_bad_line_costs_itself() {
        let found = all(b"a,b\n1,\"open\n2,fine\n3,\"closed\" badly\n\xff,4\n5,\"inches: 3\"\"\"\n6,3\" pipe\n7,\"end");
        let told: Vec<(u64, &str)> =
            found.iter().map(|(line, fields)| (*line, fields.last().unwrap().as_str())).collect();
        assert_eq!(
            told,
            [
                (1, "b"),
                (2, "!after the closing quote of a field comes more text"),
                (3, "fine"),
                (4, "!after the closing quote of a field comes more text"),
                (5, "!it is not UTF-8; save the list as UTF-8"),
                (6, "inches: 3\""),
                (7, "3\" pipe"),
                (8, "!a quote that nothing closes"),
            ]
        );
    }

    #[test]
    fn a_line_without_end_costs_no_more_than_its_bound() {
        let mut bytes = b"a,b\n".to_vec();
        bytes.extend(std::iter::repeat_n(b'x', 5 * RECORD_BYTES_MAX));
        bytes.extend(b"\n1,fine\n2,\"open\n");
        bytes.extend("3,row\n".repeat(RECORD_BYTES_MAX / 6 + 1).bytes());
        let mut records = Records::new(bytes.as_slice()).unwrap();
        let (mut bad, mut good) = (vec![], 0);
        while let Some(next) = records.record().unwrap() {
            match next {
                Next::Bad { line, .. } => bad.push(line),
                Next::Record(_) => good += 1,
            }
        }
        assert_eq!((bad, good), (vec![2, 4], 2 + RECORD_BYTES_MAX / 6 + 1));
        assert!(records.buffer.len() <= 4 * RECORD_BYTES_MAX, "{}", records.buffer.len());
    }

    #[test]
    fn utf_16_is_told_by_its_name() {
        let fault = Records::new(&b"\xff\xfei\0d\0"[..]).err().unwrap();
        assert!(fault.to_string().contains("UTF-16"), "{fault}");
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_are_too_strange_and_every_line_break_is_counted(bytes in "[a,;\"\n\r\u{e9} ]{0,200}") {
            let last = all(bytes.as_bytes()).last().map_or(1, |(line, _)| *line);
            proptest::prop_assert!(last <= 1 + bytes.matches('\n').count() as u64);
        }
    }
}
