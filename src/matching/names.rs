//! A name as people write it. In: a name as typed, and what kind of thing it names. Out: patterns, each a row of words with the
//! forms that each may take. The set is bounded by `limits::NAME_FORMS_MAX` patterns a name.

use super::fold::{Gap, Token, fold, tokens};
use super::russian;
use crate::model::WatchKind;
use crate::model::limits::NAME_FORMS_MAX;

/// A row of words that is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) words: Vec<Word>,
    /// Whether a suffix may follow the last word.
    pub(super) suffixed: bool,
}

/// One word of a shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Any of these.
    pub(super) forms: Vec<Form>,
    /// Whether a comma stands before it.
    pub(super) comma: bool,
}

/// A word as it is compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Form {
    /// Folded.
    Folded(String),
    /// As written, case and all.
    Raw(String),
    /// Any patronymic.
    Patronymic,
}

/// How the words of a name bend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bend {
    /// As a person's.
    Person,
    /// As a body's: the words up to the head noun.
    Body,
    /// Not at all.
    No,
}

/// The bend of a watch's names.
pub(super) fn bend(kind: WatchKind, inflect: Option<bool>) -> Bend {
    match (kind, inflect) {
        (_, Some(false)) => Bend::No,
        (WatchKind::Official, _) => Bend::Person,
        _ => Bend::Body,
    }
}

/// The words of a typed name.
pub(super) fn words(typed: &str) -> Vec<Token<'_>> {
    tokens(typed)
}

/// The shapes of a name.
pub(super) fn shapes(typed: &str, bend: Bend) -> Vec<Shape> {
    let parts = words(typed);
    if parts.is_empty() {
        return vec![];
    }
    let bent = bent(&parts, bend);
    let suffixed = bend != Bend::No;
    let plain: Vec<Word> = bent.iter().map(|forms| Word { forms: forms.clone(), comma: false }).collect();
    let mut shapes = vec![Shape { words: plain.clone(), suffixed }];
    shapes.extend(joined(&parts, &bent, suffixed));
    if bend == Bend::Person && parts.len() >= 2 && parts.iter().all(|part| part.gap != Gap::Closed || part.start == 0) {
        shapes.extend(person(&parts, &bent));
    }
    shapes.truncate(NAME_FORMS_MAX);
    shapes
}

/// A name exactly as written, with suffixes only.
pub(super) fn exact(typed: &str, suffixed: bool) -> Option<Shape> {
    let words: Vec<Word> = words(typed)
        .into_iter()
        .map(|part| Word { forms: vec![Form::Raw(part.raw.into_owned())], comma: false })
        .collect();
    (!words.is_empty()).then_some(Shape { words, suffixed })
}

/// The forms of each word. Words of one or two letters keep their case.
fn bent(parts: &[Token<'_>], bend: Bend) -> Vec<Vec<Form>> {
    let noun = parts.iter().position(|part| !russian::is_adjective(&part.folded)).unwrap_or(0);
    // Усть-Каменск bends at its end.
    let head = noun + parts[noun + 1..].iter().take_while(|part| part.gap == Gap::Joint).count();
    let form = |(at, part): (usize, &Token<'_>)| {
        let short = part.raw.chars().count() <= 2 && part.raw.chars().all(char::is_alphabetic);
        if short && parts.len() > 1 && !part.raw.chars().any(super::fold::is_dense) {
            let upper = part.raw.to_uppercase();
            return vec![Form::Raw(part.raw.to_string()), Form::Raw(upper)];
        }
        let bends = match bend {
            Bend::No => false,
            Bend::Person => true,
            Bend::Body => at <= head,
        };
        if bends && russian::is_russian(&part.folded) {
            let person = bend == Bend::Person;
            return russian::forms(&part.folded, person).into_iter().map(Form::Folded).collect();
        }
        vec![Form::Folded(part.folded.to_string())]
    };
    parts.iter().enumerate().map(form).collect()
}

/// Two adjacent parts of three letters each written as one word.
fn joined(parts: &[Token<'_>], bent: &[Vec<Form>], suffixed: bool) -> Vec<Shape> {
    let long = |part: &Token<'_>| part.raw.chars().count() >= 3 && !part.raw.chars().any(super::fold::is_dense);
    (1..parts.len())
        .filter(|at| long(&parts[at - 1]) && long(&parts[*at]) && parts[*at].gap != Gap::Closed)
        .map(|at| {
            let head = &parts[at - 1].folded;
            let one = bent[at]
                .iter()
                .filter_map(|form| match form {
                    Form::Folded(form) => Some(Form::Folded(format!("{head}{form}"))),
                    _ => None,
                })
                .collect();
            let mut words: Vec<Word> =
                bent[..at - 1].iter().map(|forms| Word { forms: forms.clone(), comma: false }).collect();
            words.push(Word { forms: one, comma: false });
            words.extend(bent[at + 1..].iter().map(|forms| Word { forms: forms.clone(), comma: false }));
            Shape { words, suffixed }
        })
        .collect()
}

/// Family first, with a comma or without; initials; a patronymic added or left out.
fn person(parts: &[Token<'_>], bent: &[Vec<Form>]) -> Vec<Shape> {
    let family = bent.last().cloned().unwrap_or_default();
    let all_given = &bent[..bent.len() - 1];
    let named = &parts[..parts.len() - 1];
    // "И П" of "Игорь Петрович": as letters of their own, or written together as И.П.
    let spell = |given: &[Token<'_>]| -> Option<(Vec<Vec<Form>>, Vec<Form>)> {
        let letters: Vec<String> = given
            .iter()
            .map(|part| part.raw.chars().next().map(|c| c.to_uppercase().collect()))
            .collect::<Option<_>>()?;
        let whole = given.iter().all(|part| {
            part.raw.chars().count() > 2 && part.raw.chars().all(|c| c.is_alphabetic() && !super::fold::is_dense(c))
        });
        whole.then(|| {
            (letters.iter().map(|letter| vec![Form::Raw(letter.clone())]).collect(), vec![Form::Raw(letters.concat())])
        })
    };
    let word = |forms: &Vec<Form>| Word { forms: forms.clone(), comma: false };
    let mut shapes = vec![];
    let mut both = |given: &[Vec<Form>], suffixed: bool| {
        let first: Vec<Word> = given.iter().map(word).chain([word(&family)]).collect();
        shapes.push(Shape { words: first, suffixed });
        for comma in [false, true] {
            let mut last = vec![word(&family)];
            last.extend(given.iter().map(word));
            last[1].comma = comma;
            shapes.push(Shape { words: last, suffixed });
        }
    };
    both(all_given, true);
    let has_patronymic = named.len() == 2 && russian::is_patronymic(&named[1].folded);
    if has_patronymic {
        both(&all_given[..1], true);
    } else if named.len() == 1 && russian::is_russian(&named[0].folded) && named[0].raw.chars().count() > 2 {
        both(&[all_given[0].clone(), vec![Form::Patronymic]], true);
    }
    if let Some((letters, together)) = spell(named) {
        both(&letters, true);
        if letters.len() > 1 {
            both(&[together], true);
        }
        if has_patronymic {
            both(&letters[..1], true);
        }
    }
    shapes
}

/// The last part of a person's name, where it can stand alone.
pub(super) fn family(typed: &str) -> Option<String> {
    let parts = words(typed);
    let chinese = parts.iter().all(|part| part.raw.chars().any(super::fold::is_dense));
    let at = if chinese { return None } else { parts.len().checked_sub(1)? };
    (parts.len() >= 2).then(|| parts[at].raw.to_string()).filter(|family| family.chars().count() >= 3)
}

/// The folded words of a phrase.
pub(super) fn folded(typed: &str) -> String {
    fold(typed).0
}
