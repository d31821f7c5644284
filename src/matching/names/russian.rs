//! Russian forms of names and nouns. In: a word in its first form, lower case and with е for ё, and what kind of word it is.
//! Out: its other forms with their cases. Never a dictionary: endings tell.

/// What kind of word an inflecting one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
pub enum Morph {
    /// It does not inflect.
    #[default]
    None,
    /// A man's given name.
    GivenM,
    /// A woman's given name.
    GivenF,
    /// A man's family name.
    FamilyM,
    /// A woman's family name.
    FamilyF,
    /// A family name whose bearer may be a man or a woman: Каллас, ас-Садр.
    Family,
    /// A part that a hyphen ties to the one that inflects: Салтыков-Щедрин, Братья-мусульмане. It inflects, or stays as it is.
    Tied,
    /// A man's patronymic.
    PatronymicM,
    /// A woman's patronymic.
    PatronymicF,
    /// The noun that heads an organization's name: its cases, in the number in which it is given.
    Head,
    /// An adjective before it.
    HeadAdjective,
    /// A common noun: cases of both numbers.
    Noun,
    /// An adjective: cases of all genders and both numbers.
    Adjective,
}

/// Cases as bits: nominative, genitive, dative, accusative, instrumental, prepositional; the plural six bits higher.
pub type Cases = u16;
/// Every case: what does not inflect agrees with all.
pub const ALL: Cases = 0xfff;
/// The first form.
pub const N: Cases = 1;
const G: Cases = 2;
const D: Cases = 4;
const A: Cases = 8;
const I: Cases = 16;
const P: Cases = 32;
const fn pl(cases: Cases) -> Cases {
    cases << 6
}

type Endings = &'static [(&'static str, Cases)];

const NOUN_M: Endings = &[("", N), ("а", G | A), ("у", D), ("ом", I), ("е", P)];
const NOUN_M_HISS: Endings = &[("", N), ("а", G | A), ("у", D), ("ем", I), ("ом", I), ("е", P)];
const NOUN_M_SOFT: Endings = &[("ь", N), ("я", G | A), ("ю", D), ("ем", I), ("е", P)];
const NOUN_M_J: Endings = &[("й", N), ("я", G | A), ("ю", D), ("ем", I), ("е", P)];
const NOUN_M_IJ: Endings = &[("й", N), ("я", G | A), ("ю", D), ("ем", I), ("и", P)];
const NOUN_A: Endings = &[("а", N), ("ы", G), ("и", G), ("е", D | P), ("у", A), ("ой", I), ("ою", I), ("ей", I)];
const NOUN_YA: Endings = &[("я", N), ("и", G), ("е", D | P), ("ю", A), ("ей", I), ("ею", I)];
const NOUN_IYA: Endings = &[("я", N), ("и", G | D | P), ("ю", A), ("ей", I), ("ею", I)];
const NOUN_F_SOFT: Endings = &[("ь", N | A), ("и", G | D | P), ("ью", I)];
const FAMILY_OV: Endings = &[("", N), ("а", G | A), ("у", D), ("ым", I), ("ом", I), ("е", P)];
const FAMILY_OVA: Endings = &[("а", N), ("ой", G | D | I | P), ("ою", I), ("у", A)];
const ADJ_M: Endings =
    &[("ого", G | A), ("его", G | A), ("ому", D), ("ему", D), ("ым", I), ("им", I), ("ом", P), ("ем", P)];
const ADJ_F: Endings =
    &[("ая", N), ("яя", N), ("ой", G | D | I | P), ("ей", G | D | I | P), ("ою", I), ("ею", I), ("ую", A), ("юю", A)];
const ADJ_N: Endings = &[
    ("ое", N | A),
    ("ее", N | A),
    ("ого", G),
    ("его", G),
    ("ому", D),
    ("ему", D),
    ("ым", I),
    ("им", I),
    ("ом", P),
    ("ем", P),
];
const ADJ_PL: Endings = &[
    ("ые", pl(N | A)),
    ("ие", pl(N | A)),
    ("ых", pl(G | A | P)),
    ("их", pl(G | A | P)),
    ("ым", pl(D)),
    ("им", pl(D)),
    ("ыми", pl(I)),
    ("ими", pl(I)),
];
const ADJ_M_FIRST: Endings = &[("ый", N | A), ("ий", N | A), ("ой", N | A)];

const THING_M: Endings = &[("", N | A), ("а", G | A), ("у", D | P), ("ом", I), ("е", P)];
const THING_M_HISS: Endings = &[("", N | A), ("а", G | A), ("у", D), ("ем", I), ("ом", I), ("е", P)];
const THING_M_SOFT: Endings = &[("ь", N | A), ("я", G | A), ("ю", D), ("ем", I), ("е", P)];
const THING_M_J: Endings = &[("й", N | A), ("я", G | A), ("ю", D), ("ем", I), ("е", P), ("и", P)];
const THING_O: Endings = &[("о", N | A), ("а", G), ("у", D), ("ом", I), ("е", P)];
const THING_E: Endings = &[("е", N | A | P), ("я", G), ("а", G), ("ю", D), ("у", D), ("ем", I)];
const THING_IE: Endings = &[("е", N | A), ("я", G), ("ю", D), ("ем", I), ("и", P)];
const PLURAL_HARD: Endings = &[
    ("ы", pl(N | A)),
    ("и", pl(N | A)),
    ("ов", pl(G | A)),
    ("ев", pl(G | A)),
    ("ей", pl(G | A)),
    ("ам", pl(D)),
    ("ами", pl(I)),
    ("ах", pl(P)),
];
const PLURAL_SOFT: Endings = &[
    ("и", pl(N | A)),
    ("я", pl(N | A)),
    ("ей", pl(G | A)),
    ("ев", pl(G | A)),
    ("й", pl(G | A)),
    ("ь", pl(G | A)),
    ("ям", pl(D)),
    ("ями", pl(I)),
    ("ях", pl(P)),
];
const PLURAL_A: Endings = &[
    ("ы", pl(N | A)),
    ("и", pl(N | A)),
    ("", pl(G | A)),
    ("ей", pl(G | A)),
    ("ам", pl(D)),
    ("ами", pl(I)),
    ("ах", pl(P)),
];
const PLURAL_O: Endings = &[("а", pl(N | A)), ("", pl(G | A)), ("ам", pl(D)), ("ами", pl(I)), ("ах", pl(P))];
const FIXED: Endings = &[("", ALL)];
const BARE_PLURAL: Endings = &[("", pl(G | A))];
const PLURAL_OF_IE: Endings = &[("я", pl(N | A)), ("й", pl(G)), ("ям", pl(D)), ("ями", pl(I)), ("ях", pl(P))];
const PLURAL_OF_YA: Endings = &[("я", pl(N | A)), ("ев", pl(G | A)), ("ям", pl(D)), ("ями", pl(I)), ("ях", pl(P))];
const PEOPLE: Endings = &[("е", pl(N)), ("", pl(G | A)), ("ам", pl(D)), ("ами", pl(I)), ("ах", pl(P))];
const PLURAL_IN_A: Endings = &[("а", pl(N | A))];

/// Calls `visit` with each stem, ending and its cases; a form is a stem and an ending. The first form is among them.
pub fn each(word: &str, morph: Morph, visit: &mut impl FnMut(&str, &str, Cases)) {
    let mut all = |stem: &str, endings: Endings| endings.iter().for_each(|(ending, cases)| visit(stem, ending, *cases));
    match morph {
        Morph::None => all(word, FIXED),
        Morph::GivenM => given(word, true, &mut all),
        Morph::GivenF => given(word, false, &mut all),
        Morph::FamilyM => family(word, true, &mut all),
        Morph::FamilyF => family(word, false, &mut all),
        Morph::Family => {
            all(word, FIXED);
            family(word, true, &mut all);
        }
        Morph::Tied => {
            all(word, FIXED);
            family(word, true, &mut all);
            family(word, false, &mut all);
            noun(word, false, &mut all);
        }
        Morph::PatronymicM => all(word, NOUN_M_HISS),
        Morph::PatronymicF => all(cut(word, 1), NOUN_A),
        Morph::Head => noun(word, false, &mut all),
        Morph::Noun => noun(word, true, &mut all),
        Morph::HeadAdjective => adjective(word, false, &mut all),
        Morph::Adjective => adjective(word, true, &mut all),
    }
}

/// The cases in which `form` is a form of `word`; 0 when it is none.
pub fn cases(word: &str, morph: Morph, form: &str) -> Cases {
    let mut found = 0;
    each(word, morph, &mut |stem, ending, cases| {
        if form.len() == stem.len() + ending.len() && form.starts_with(stem) && form.ends_with(ending) {
            found |= cases;
        }
    });
    found
}

/// How many bytes at its start all forms of a word share.
pub fn shared(word: &str, morph: Morph) -> usize {
    let mut len = word.len();
    each(word, morph, &mut |stem, _, _| {
        let same =
            word.char_indices().zip(stem.chars()).find(|((_, a), b)| a != b).map_or(stem.len(), |((at, _), _)| at);
        len = len.min(same);
    });
    len
}

/// The most letters that a form may have beyond what all forms share: `отец`, `отцами`.
pub const BEYOND_SHARED_MAX: usize = 5;

/// The word without its last `n` letters.
fn cut(word: &str, n: usize) -> &str {
    word.char_indices().rev().nth(n.wrapping_sub(1)).map_or("", |(at, _)| &word[..at])
}

fn last(word: &str) -> char {
    word.chars().next_back().unwrap_or('\0')
}

fn hisses(c: char) -> bool {
    matches!(c, 'ж' | 'ш' | 'ч' | 'щ' | 'ц')
}

fn ends(word: &str, endings: &[&str]) -> bool {
    endings.iter().any(|ending| word.ends_with(ending))
}

/// Павел, Павла; Лев, Льва; отец, отца: the stem without its last vowel, for words that end so.
fn fleeting(word: &str) -> Option<String> {
    let short = |n: usize, with: &str, end: &str| Some(format!("{}{with}{end}", cut(word, n)));
    match word {
        "лев" => Some("льв".to_string()),
        "павел" => Some("павл".to_string()),
        _ if word.ends_with("аец") || word.ends_with("оец") || word.ends_with("иец") => short(2, "й", "ц"),
        _ if word.ends_with("лец") => short(2, "ь", "ц"),
        _ if word.chars().count() > 3 && word.ends_with("ец") => short(2, "", "ц"),
        // заяц
        _ if word.ends_with("аяц") => short(2, "й", "ц"),
        // орел, дятел
        _ if word.chars().count() > 3 && ends(word, &["рел", "тел", "зел", "пел"]) => short(2, "", "л"),
        _ if word.chars().count() > 4
            && ends(
                word,
                &["нок", "док", "лок", "сок", "ток", "вок", "бок", "шок", "чок", "жок", "рок", "мок", "зок"],
            ) =>
        {
            short(2, "", "к")
        }
        _ if word.chars().count() > 4 && ends(word, &["чек", "шек"]) => short(2, "", "к"),
        _ => None,
    }
}

fn given(word: &str, male: bool, all: &mut impl FnMut(&str, Endings)) {
    match last(word) {
        'а' => all(cut(word, 1), NOUN_A),
        'я' if word.ends_with("ия") => all(cut(word, 1), NOUN_IYA),
        'я' => all(cut(word, 1), NOUN_YA),
        'ь' if male => all(cut(word, 1), NOUN_M_SOFT),
        'ь' => {
            all(cut(word, 1), NOUN_F_SOFT);
            // Аразгуль, Айгуль: such names of other languages stay as they are.
            all(word, FIXED);
        }
        'й' if male && word.ends_with("ий") => all(cut(word, 1), NOUN_M_IJ),
        'й' if male => all(cut(word, 1), NOUN_M_J),
        'о' | 'е' | 'и' | 'у' | 'ы' | 'э' | 'ю' | 'ў' | 'і' | 'ә' => all(word, FIXED),
        c if male => {
            if let Some(stem) = fleeting(word) {
                all(word, &[("", N)]);
                all(&stem, &NOUN_M[1..]);
            }
            all(word, if hisses(c) { NOUN_M_HISS } else { NOUN_M });
        }
        _ => all(word, FIXED),
    }
}

fn family(word: &str, male: bool, all: &mut impl FnMut(&str, Endings)) {
    let letters = word.chars().count();
    if letters < 3 || ends(word, &["их", "ых", "о", "е", "и", "у", "ы", "э", "ю", "ў", "і"]) {
        return all(word, FIXED);
    }
    if !male {
        return match last(word) {
            'а' if ends(word, &["ова", "ева", "ина", "ына"]) => all(cut(word, 1), FAMILY_OVA),
            'я' if ends(word, &["ая", "яя"]) => all(cut(word, 2), ADJ_F),
            'а' => all(cut(word, 1), NOUN_A),
            'я' => all(cut(word, 1), if word.ends_with("ия") { NOUN_IYA } else { NOUN_YA }),
            _ => all(word, FIXED),
        };
    }
    match last(word) {
        'в' if ends(word, &["ов", "ев"]) => all(word, FAMILY_OV),
        'н' if ends(word, &["ин", "ын"]) => all(word, FAMILY_OV),
        'й' if ends(word, &["ый", "ий"]) && letters > 3 => {
            all(word, &[("", N)]);
            all(cut(word, 2), ADJ_M);
            // Ахмадий, Георгий: a noun where no consonant of adjectives stands before.
            if !ends(word, &["кий", "ный", "ний", "ый", "чий", "ший", "хий"]) {
                all(cut(word, 1), NOUN_M_IJ);
            }
        }
        'й' if word.ends_with("ой") && letters > 4 => {
            all(word, &[("", N)]);
            all(cut(word, 2), ADJ_M);
        }
        'й' => all(cut(word, 1), NOUN_M_J),
        'ь' => all(cut(word, 1), NOUN_M_SOFT),
        'а' => all(cut(word, 1), NOUN_A),
        'я' => all(cut(word, 1), if word.ends_with("ия") { NOUN_IYA } else { NOUN_YA }),
        c => {
            if let Some(stem) = fleeting(word) {
                all(&stem, if hisses(last(&stem)) { &NOUN_M_HISS[1..] } else { &NOUN_M[1..] });
            }
            all(word, if hisses(c) { NOUN_M_HISS } else { NOUN_M });
        }
    }
}

/// A common noun; with `both` numbers, or only in the one in which it is given.
fn noun(word: &str, both: bool, all: &mut impl FnMut(&str, Endings)) {
    let c = last(word);
    let stem = cut(word, 1);
    let mut numbers = |stem: &str, one: Endings, many: Endings| {
        all(stem, one);
        if both {
            all(stem, many);
        }
    };
    match c {
        'а' => {
            numbers(stem, NOUN_A, PLURAL_A);
            if both {
                // забастовка, забастовок; служба, служб
                if let Some(inserted) = inserted(stem) {
                    all(&inserted, BARE_PLURAL);
                }
            }
        }
        // братья
        'я' if word.ends_with("ья") => {
            numbers(stem, NOUN_YA, PLURAL_SOFT);
            all(stem, PLURAL_OF_YA);
        }
        'я' if word.ends_with("ия") => {
            numbers(stem, NOUN_IYA, PLURAL_SOFT);
            // учения: the plural of a neuter in -ие
            all(stem, PLURAL_OF_IE);
        }
        'я' => numbers(stem, NOUN_YA, PLURAL_SOFT),
        'ь' => {
            numbers(stem, NOUN_F_SOFT, PLURAL_SOFT);
            all(stem, THING_M_SOFT);
        }
        'й' => numbers(stem, THING_M_J, PLURAL_SOFT),
        'о' => {
            numbers(stem, THING_O, PLURAL_O);
        }
        'е' if word.ends_with("ие") || word.ends_with("ье") => numbers(stem, THING_IE, PLURAL_SOFT),
        // мусульмане, христиане
        'е' if ends(word, &["ане", "яне"]) => {
            numbers(stem, THING_E, PLURAL_SOFT);
            all(stem, PEOPLE);
        }
        'е' => {
            numbers(stem, THING_E, PLURAL_SOFT);
            if both {
                all(stem, PLURAL_O);
            }
        }
        'ы' => {
            all(stem, PLURAL_HARD);
            all(stem, BARE_PLURAL);
            if both {
                all(stem, THING_M);
                all(stem, NOUN_A);
            }
        }
        'и' if word.ends_with("ии") => {
            all(stem, PLURAL_SOFT);
            if both {
                all(stem, NOUN_IYA);
                all(stem, THING_IE);
                all(stem, THING_M_J);
            }
        }
        'и' => {
            all(stem, PLURAL_HARD);
            all(stem, PLURAL_SOFT);
            all(stem, BARE_PLURAL);
            if let Some(inserted) = inserted(stem) {
                all(&inserted, BARE_PLURAL);
            }
            if both {
                all(stem, THING_M);
                all(stem, NOUN_A);
                all(stem, NOUN_F_SOFT);
            }
        }
        'у' | 'э' | 'ю' | 'ў' | 'і' | 'ә' => all(word, FIXED),
        _ => {
            if let Some(stem) = fleeting(word) {
                all(&stem, &THING_M[1..]);
                if both {
                    all(&stem, PLURAL_HARD);
                }
            }
            all(word, if hisses(c) { THING_M_HISS } else { THING_M });
            if both {
                all(word, PLURAL_HARD);
                all(word, PLURAL_IN_A);
            }
        }
    }
}

/// The genitive plural of a stem that ends in two consonants: забастовк, забастовок.
fn inserted(stem: &str) -> Option<String> {
    let before = last(cut(stem, 1));
    let vowel = |c| matches!(c, 'а' | 'е' | 'и' | 'о' | 'у' | 'ы' | 'э' | 'ю' | 'я');
    if last(stem) != 'к' || vowel(before) || before == '\0' {
        return None;
    }
    let with = if hisses(before) || before == 'ь' || before == 'й' { "е" } else { "о" };
    let root = if matches!(before, 'ь' | 'й') { cut(stem, 2) } else { cut(stem, 1) };
    Some(format!("{root}{with}к"))
}

/// An adjective; in all genders and numbers, or in those in which it is given.
fn adjective(word: &str, any: bool, all: &mut impl FnMut(&str, Endings)) {
    let stem = cut(word, 2);
    let own: &[Endings] = if any {
        &[ADJ_M_FIRST, ADJ_M, ADJ_F, ADJ_N, ADJ_PL]
    } else if ends(word, &["ая", "яя"]) {
        &[ADJ_F]
    } else if ends(word, &["ое", "ее"]) {
        &[ADJ_N]
    } else if ends(word, &["ые", "ие"]) {
        &[ADJ_PL]
    } else {
        &[ADJ_M_FIRST, ADJ_M]
    };
    for endings in own {
        all(stem, endings);
    }
}

/// Whether a folded word is a woman's given name that is also a form of a man's: Александра.
pub fn womans_twin(word: &str) -> bool {
    matches!(
        word,
        "александра"
            | "валентина"
            | "евгения"
            | "валерия"
            | "виталия"
            | "антонина"
            | "юлия"
            | "мирослава"
            | "станислава"
            | "владислава"
            | "ярослава"
            | "святослава"
            | "богдана"
            | "милана"
            | "камила"
            | "карима"
            | "рашида"
            | "фарида"
            | "наиля"
            | "павла"
            | "эмилия"
            | "василия"
            | "августина"
            | "иоанна"
            | "златана"
            | "руслана"
            | "саида"
            | "азиза"
            | "шахноза"
            | "анвара"
            | "амира"
            | "латифа"
            | "халида"
            | "марина"
            | "максима"
            | "кристиана"
            | "стефания"
            | "клавдия"
    )
}

/// Whether a folded word looks like an adjective in its first form.
pub fn looks_adjective(word: &str) -> bool {
    let letters = word.chars().count();
    letters >= 4 && ends(word, &["ый", "ая", "яя", "ое", "ые", "кий", "ний", "чий", "щий", "ший", "нее", "щее", "чее"])
        || letters >= 6 && word.ends_with("ой")
        || letters >= 5
            && ends(word, &["кие", "гие", "хие", "шие", "щие", "чие", "нние", "шние", "жние", "дние", "тние"])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(word: &str, morph: Morph, forms: &str) {
        for form in forms.split_whitespace() {
            assert_ne!(cases(word, morph, form), 0, "{form} is a form of {word}");
            assert!(form.starts_with(&word[..shared(word, morph)]), "{form}");
        }
        assert_ne!(cases(word, morph, word), 0, "{word} is a form of itself");
    }
    fn lacks(word: &str, morph: Morph, forms: &str) {
        for form in forms.split_whitespace() {
            assert_eq!(cases(word, morph, form), 0, "{form} is no form of {word}");
        }
    }

    #[test]
    fn people_inflect() {
        has("игорь", Morph::GivenM, "игоря игорю игорем игоре");
        has("павел", Morph::GivenM, "павла павлу павлом павле");
        has("дмитрий", Morph::GivenM, "дмитрия дмитрию дмитрием дмитрии");
        has("никита", Morph::GivenM, "никиты никите никиту никитой");
        has("анна", Morph::GivenF, "анны анне анну анной");
        has("мария", Morph::GivenF, "марии марию марией");
        has("саблин", Morph::FamilyM, "саблина саблину саблиным саблине");
        lacks("саблин", Morph::FamilyM, "саблинский сабля саблиной");
        has("ковалева", Morph::FamilyF, "ковалевой ковалеву");
        lacks("ковалева", Morph::FamilyF, "ковалев ковалевым ковалевская");
        has("островский", Morph::FamilyM, "островского островскому островским островском");
        has("полевой", Morph::FamilyM, "полевого полевому полевым полевом");
        has("белая", Morph::FamilyF, "белой белую");
        has("цой", Morph::FamilyM, "цоя цою цоем цое");
        lacks("седых", Morph::FamilyF, "седыха");
        has("соленый", Morph::FamilyM, "соленого");
        has("заяц", Morph::FamilyM, "зайца зайцу зайцем");
        has("орел", Morph::FamilyM, "орла орлу орлом");
        has("каллас", Morph::Family, "каллас калласа");
        has("айгуль", Morph::GivenF, "айгуль айгули айгулью");
    }

    #[test]
    fn nouns_and_adjectives_inflect() {
        has("организация", Morph::Head, "организации организацию организацией");
        has("шанхайская", Morph::HeadAdjective, "шанхайской шанхайскую");
        lacks("шанхайская", Morph::HeadAdjective, "шанхайский шанхайского");
        has("банк", Morph::Head, "банка банку банком банке");
        has("министерство", Morph::Head, "министерства министерству министерством министерстве");
        has("забастовка", Morph::Noun, "забастовки забастовкой забастовок забастовками");
        has("санкции", Morph::Noun, "санкций санкциям санкциями санкциях санкция санкцию");
        has("учения", Morph::Noun, "учений учениям учениях");
        has("военные", Morph::Adjective, "военных военным военными");
        has("братья", Morph::Tied, "братья братьев братьям братьями");
        has("мусульмане", Morph::Head, "мусульман мусульманам мусульманами мусульманах");
        has("кража", Morph::Noun, "краже кражах кражу");
        lacks("бой", Morph::Noun, "боевой");
    }

    #[test]
    fn forms_that_agree_share_a_case() {
        let agree = |a, am, af, b, bm, bf| cases(a, am, af) & cases(b, bm, bf) != 0;
        assert!(agree("роман", Morph::GivenM, "романа", "карпин", Morph::FamilyM, "карпина"));
        assert!(!agree("роман", Morph::GivenM, "роман", "карпин", Morph::FamilyM, "карпина"), "a novel by Karpin");
        assert!(agree("военные", Morph::Adjective, "военных", "учения", Morph::Noun, "учений"));
    }
}
