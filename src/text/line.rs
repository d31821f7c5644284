//! Text from strangers, made fit for one line.

/// The text on one line: white space folded, control characters, bidi controls and zero-width marks dropped,
/// so that no title can break a header, a log line or the direction of what follows it.
#[must_use]
pub fn one_line(text: &str) -> String {
    // As most titles are.
    let plain = text.bytes().all(|b| matches!(b, b' '..=b'~'));
    if plain && !text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  ") {
        return text.to_string();
    }
    one_line_start(text, usize::MAX)
}

/// The first code points of [`one_line`], `chars_max` or one more; what follows them is not looked at.
#[must_use]
pub fn one_line_start(text: &str, chars_max: usize) -> String {
    let mut line = String::with_capacity(text.len().min(chars_max));
    let (mut gap, mut chars) = (false, 0);
    for c in text.chars() {
        if c.is_whitespace() {
            gap = !line.is_empty();
        } else if c.is_ascii_graphic() || !c.is_control() && !hidden(c) {
            if chars >= chars_max {
                break;
            }
            if std::mem::take(&mut gap) {
                line.push(' ');
                chars += 1;
            }
            line.push(c);
            chars += 1;
        }
    }
    line
}

/// Characters that show nothing and steer what stands around them (Unicode 16, `Bidi_Control` and invisible format characters).
/// The joiners U+200C and U+200D stay: Persian and several Indic scripts are spelled with them.
fn hidden(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
}

/// At most `chars_max` code points; what is cut off is shown as `…`, after a whole word where one ends in the last fifth.
#[must_use]
pub fn cut(text: &str, chars_max: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(chars_max) else { return text.to_string() };
    let room = chars_max.saturating_sub(1);
    let hard = text.char_indices().nth(room).map_or(end, |(at, _)| at);
    let kept = &text[..hard];
    let soft = kept.rfind(char::is_whitespace).filter(|at| text[..*at].chars().count() * 5 >= room * 4);
    format!("{}…", soft.map_or(kept, |at| &kept[..at]).trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_break_its_line_or_turn_it_around() {
        assert_eq!(one_line(" Hello\r\nBcc: x\u{202e}\u{61c}\u{0}  y\u{200b}z "), "Hello Bcc: x yz");
    }

    #[test]
    fn the_start_of_a_line_is_as_long_as_was_asked_for_and_no_longer() {
        let text = " the  council\u{200b} of\nministers ";
        let whole = one_line(text);
        for most in 0..30 {
            let start = one_line_start(text, most);
            assert!(whole.starts_with(&start), "{start}");
            assert!((most.min(whole.len())..=most + 1).contains(&start.len()), "{most}: {start}");
        }
    }

    #[test]
    fn what_is_cut_is_marked_and_ends_with_a_word() {
        assert_eq!(cut("short", 5), "short");
        assert_eq!(cut("the council of ministers met", 18), "the council of…");
        assert_eq!(cut("上海合作组织外长", 5), "上海合作…");
        assert_eq!(cut("abc", 0), "…");
    }
}
