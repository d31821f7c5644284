//! How far a run of everyday letters goes, eight bytes at a time. In: the bytes of a text. Out: where the run ends.
//! Never a decision of its own: these bytes are letters to `class` too, and what stops the run is looked at there.

/// The end of the run of ASCII letters and digits and of U+0400 to U+047F, all of them letters, that goes on at `at`.
/// `bytes` are UTF-8, and a character begins at `at`.
#[inline]
pub fn letters(bytes: &[u8], mut at: usize) -> usize {
    while let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let eight = u64::from_le_bytes(*eight);
        let taken = match ascii(eight) {
            0 => 2 * cyrillic(eight),
            many => many,
        };
        at += taken;
        // What stops a run of one alphabet is nearly always no letter of the other either.
        if taken < 8 && !bytes.get(at).copied().is_some_and(begins) {
            return at;
        }
    }
    while let Some(byte) = bytes.get(at).copied().filter(|byte| begins(*byte)) {
        at += if byte.is_ascii() { 1 } else { 2 };
    }
    at
}

/// Whether such a letter begins with this byte.
#[inline]
pub fn begins(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, 0xd0 | 0xd1)
}

/// How many of eight bytes are ASCII letters or digits, up to the first that is not.
#[inline]
fn ascii(eight: u64) -> usize {
    const HIGH: u64 = each(0x80);
    // In each byte: the high bit says whether its lower seven are at least `from`; no byte carries into the next.
    let from = |of: u64, from: u8| (of & !HIGH) + each(0x80 - from);
    let small = eight | each(0x20);
    let letter = from(small, b'a') & !from(small, b'z' + 1);
    let digit = from(eight, b'0') & !from(eight, b'9' + 1);
    let other = !(letter | digit) | eight;
    ((other & HIGH).trailing_zeros() / 8) as usize
}

/// How many pairs of eight bytes begin with 0xd0 or 0xd1, up to the first that does not.
#[inline]
fn cyrillic(eight: u64) -> usize {
    let other = (eight & 0x00fe_00fe_00fe_00fe) ^ 0x00d0_00d0_00d0_00d0;
    (other.trailing_zeros() / 16) as usize
}

const fn each(byte: u8) -> u64 {
    0x0101_0101_0101_0101 * byte as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_byte_is_told_as_alone() {
        for byte in 0..128u8 {
            for at in 0..8 {
                let mut eight = *b"aZ09zA5m";
                eight[at] = byte;
                let expected = eight.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(8);
                assert_eq!(ascii(u64::from_le_bytes(eight)), expected, "{byte} at {at}");
            }
        }
    }

    proptest! {
        #[test]
        fn a_run_ends_where_the_first_other_character_stands(text in "[a-zA-Z0-9а-яЀ-ѿ]{0,20}[ -~а-яё’ʼa\u{100}-\u{4ff}]{0,4}[a-zа-я]{0,9}") {
            let slowly = text
                .find(|c: char| !(c.is_ascii_alphanumeric() || ('\u{400}'..='\u{47f}').contains(&c)))
                .unwrap_or(text.len());
            prop_assert_eq!(letters(text.as_bytes(), 0), slowly);
        }
    }
}
