//! Endings of common words in Latin letters: of English, and the plurals of French, Spanish and German that are like them.
//! In: a word as typed. Out: its other forms. Never a dictionary: endings tell, and irregular words (`men`) want a name of their own.

/// The other forms of a word of three letters at least; of a plural its singular too.
pub fn forms(word: &str) -> Vec<String> {
    let mut found = vec![];
    for base in [Some(word.to_string()), singular(word)].into_iter().flatten() {
        if base != word {
            found.push(base.clone());
        }
        let plural = base.ends_with('s') && singular(&base).is_some();
        if !plural {
            found.extend(of(&base));
        }
    }
    found.retain(|form| form != word);
    found
}

fn of(word: &str) -> Vec<String> {
    let with = |base: &str, ends: &[&str]| ends.iter().map(|end| format!("{base}{end}")).collect::<Vec<_>>();
    let before = word.chars().rev().nth(1).unwrap_or(' ');
    match word.chars().next_back() {
        Some('y') if !vowel(before) => [with(&word[..word.len() - 1], &["ies", "ied"]), with(word, &["ing"])].concat(),
        Some('e') => [with(word, &["s", "d", "n"]), with(&word[..word.len() - 1], &["ing"])].concat(),
        Some('s' | 'x' | 'z') => with(word, &["es", "ed", "ing", "en"]),
        Some('h') if matches!(before, 'c' | 's') => with(word, &["es", "ed", "ing"]),
        // ban, banned: one short syllable.
        Some(last) if doubles(word) => {
            with(&format!("{word}{last}"), &["ed", "ing"]).into_iter().chain(with(word, &["s"])).collect()
        }
        _ => with(word, &["s", "es", "ed", "ing", "en"]),
    }
}

/// `bodies`, `taxes`, `strikes` in the singular; `None` for `crisis`, `gas`, `press`.
fn singular(word: &str) -> Option<String> {
    let stem = word.strip_suffix('s').filter(|stem| stem.chars().nth(2).is_some())?;
    if let Some(stem) = stem.strip_suffix("ie").filter(|stem| stem.chars().nth(1).is_some()) {
        return Some(format!("{stem}y"));
    }
    if let Some(stem) =
        stem.strip_suffix('e').filter(|stem| ["s", "x", "z", "ch", "sh"].iter().any(|end| stem.ends_with(end)))
    {
        return Some(stem.to_string());
    }
    (!stem.ends_with(['s', 'u', 'i', 'a'])).then(|| stem.to_string())
}

fn vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')
}

fn doubles(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    let [.., before, middle, last] = letters[..] else { return false };
    let vowels = letters.iter().filter(|c| vowel(**c)).count();
    vowels == 1 && vowel(middle) && !vowel(before) && !vowel(last) && !matches!(last, 'w' | 'x' | 'y' | 'h')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regular_words_have_their_forms() {
        for (word, wanted) in [
            ("sanction", "sanctions sanctioned sanctioning"),
            ("strike", "strikes striking"),
            ("treaty", "treaties"),
            ("ban", "bans banned banning"),
            ("tax", "taxes taxed taxing"),
            ("clash", "clashes clashed"),
            ("elections", "election"),
            ("bodies", "body"),
            ("taxes", "tax"),
            ("Sanktion", "Sanktionen"),
            ("élection", "élections"),
        ] {
            let forms = forms(word);
            for form in wanted.split(' ') {
                assert!(forms.contains(&form.to_string()), "{form} of {word}: {forms:?}");
            }
        }
        for (word, other) in
            [("crisis", "crisi"), ("press", "pres"), ("gas", "ga"), ("strike", "striker"), ("bank", "banker")]
        {
            assert!(!forms(word).contains(&other.to_string()), "{other} of {word}");
        }
    }
}
