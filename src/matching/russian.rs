//! Russian cases of nouns, adjectives and names, by their ending. In: a folded word (ё is е). Out: its forms, the word first.
//! The endings are those of Zalizniak's classes that names and the heads of organizations belong to; a few forms too many are
//! harmless, because a form only counts as part of the whole name.

/// Endings of adjectives and of surnames that decline like them.
const ADJECTIVES: [(&str, &[&str]); 7] = [
    ("ый", &["ого", "ому", "ым", "ом", "ые", "ых", "ыми"]),
    ("ий", &["ого", "его", "ому", "ему", "им", "ом", "ем", "ие", "их", "ими"]),
    ("ой", &["ого", "ому", "ым", "им", "ом", "ые", "ие", "ых", "их"]),
    ("ая", &["ой", "ую", "ою", "ые", "ие", "ых", "их"]),
    ("яя", &["ей", "юю", "ею"]),
    ("ое", &["ого", "ому", "ым", "им", "ом"]),
    ("ее", &["его", "ему", "им", "ем"]),
];

/// Endings of nouns, given names and other surnames, the longer first: what is taken off, what comes instead.
const NOUNS: [(&str, &str, &[&str]); 19] = [
    ("ова", "ов", &["ой", "у", "ою"]),
    ("ева", "ев", &["ой", "у", "ою"]),
    ("ина", "ин", &["ой", "у", "ою", "ы", "е"]),
    ("ов", "ов", &["а", "у", "ым", "е", "ом"]),
    ("ев", "ев", &["а", "у", "ым", "е", "ом"]),
    ("ин", "ин", &["а", "у", "ым", "ом", "е"]),
    ("ын", "ын", &["а", "у", "ым", "е"]),
    ("ец", "ц", &["а", "у", "ом", "ем", "е", "ы", "ев"]),
    ("вел", "вл", &["а", "у", "ом", "е"]),
    ("лев", "льв", &["а", "у", "ом", "е"]),
    ("ия", "и", &["и", "ю", "ей", "ям"]),
    ("ие", "и", &["я", "ю", "ем", "и", "й"]),
    ("ий", "и", &["я", "ю", "ем", "и"]),
    ("й", "", &["я", "ю", "ем", "е"]),
    ("ь", "", &["я", "ю", "ем", "е", "и", "ью", "ей"]),
    ("а", "", &["ы", "и", "е", "у", "ой", "ей", "ам", "ами", "ах"]),
    ("я", "", &["и", "е", "ю", "ей", "ям", "ями", "ях"]),
    ("о", "", &["а", "у", "ом", "е"]),
    ("е", "", &["я", "ю", "ем", "и"]),
];

const HARD: &[&str] = &["а", "у", "ом", "ем", "е", "ы", "и", "ов", "ам", "ами", "ах"];

/// Whether a folded word is written in Russian letters.
pub(super) fn is_russian(word: &str) -> bool {
    word.chars().all(|c| matches!(c, 'а'..='я'))
}

/// Whether the word has the ending of an adjective.
pub(super) fn is_adjective(word: &str) -> bool {
    let long = word.chars().count() > 4;
    long && (["ый", "ая", "яя", "ое", "ее", "ой", "ые"].iter().any(|end| word.ends_with(end))
        || ["ский", "цкий", "ний", "кий", "гий", "хий", "чий", "щий", "ший"].iter().any(|end| word.ends_with(end)))
}

/// The forms of a word, itself first. Words of one or two letters, and those that end in what does not decline, have only that.
pub(super) fn forms(word: &str, person: bool) -> Vec<String> {
    let mut forms = vec![word.to_string()];
    if word.chars().count() < 3 || !is_russian(word) {
        return forms;
    }
    let mut add = |stem: &str, ends: &[&str]| forms.extend(ends.iter().map(|end| format!("{stem}{end}")));
    if is_adjective(word) || (person && word.ends_with("ой")) {
        if let Some((ending, ends)) = ADJECTIVES.iter().find(|(ending, _)| word.ends_with(ending)) {
            add(&word[..word.len() - ending.len()], ends);
        }
        return forms;
    }
    if ["у", "ю", "э", "и", "ы", "ых", "их", "ко"].iter().any(|end| word.ends_with(end))
        || (person && word.ends_with(['о', 'е']))
    {
        return forms;
    }
    match NOUNS.iter().find(|(ending, _, _)| word.ends_with(ending)) {
        Some((ending, instead, ends)) => add(&format!("{}{instead}", &word[..word.len() - ending.len()]), ends),
        None => add(word, if person { &["а", "у", "ом", "ем", "е"] } else { HARD }),
    }
    forms.dedup();
    forms
}

/// Whether a folded word is a patronymic, in any case.
pub(super) fn is_patronymic(word: &str) -> bool {
    const ENDS: [&str; 10] = ["вич", "вича", "вичу", "вичем", "виче", "вна", "вны", "вне", "вну", "вной"];
    const LATIN: [&str; 4] = ["ovich", "evich", "ovna", "evna"];
    word.chars().count() > 5 && ENDS.iter().chain(&LATIN).any(|end| word.ends_with(end))
}
