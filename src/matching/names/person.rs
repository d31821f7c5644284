//! A person's name in the ways it is written: order, initials, patronymic, forms. In: a typed name. Out: sequences of words.
//! Never more than `limits::NAME_FORMS_MAX`, and never a guess at the person's sex beyond what the name's endings tell.

use super::kin;
use super::phrase::{self, Inflect, Manner};
use super::roman;
use super::russian::Morph;
use super::shown::{inflected, recase, spellings};
use super::split::{Typed, between, split};
use crate::matching::token::{Gap, Kind};
use crate::matching::trie::{Between, Order, Shape};
use crate::matching::vocabulary::{Level, WordId, Words};

/// A sequence of words with its shape.
pub type Form = (Vec<WordId>, Shape);

/// The forms of a person's name. `variants`: romanisations and the other alphabet count.
pub fn forms(name: &str, variants: bool, vocabulary: &mut dyn Words) -> Vec<Form> {
    let words = parted(name);
    phrase::join(&words, vocabulary);
    if let ([first, second], true) = (&words[..], words.iter().all(|word| word.letters >= 3)) {
        vocabulary.join(second.plain(), first.plain());
    }
    let Some(person) = Person::of(&words) else {
        let manner = Manner { inflect: Inflect::No, keep_case: true, globs: false };
        if let [word] = &words[..] {
            let id = single(word, vocabulary);
            return vec![(vec![id], Shape::of(vec![]))];
        }
        return vec![phrase::phrase(name, manner, vocabulary)];
    };
    person.forms(variants, vocabulary)
}

/// The words of a person's name; the syllables of a Korean given name are tied by a hyphen.
fn parted(name: &str) -> Vec<Typed<'_>> {
    let mut words = split(name, true);
    if kin::korean_in_three(&words) {
        words[2].gap = Gap::Hyphen;
    }
    words
}

/// The family name of a typed name, as typed; `None` when the name has one part.
pub fn family(name: &str) -> Option<String> {
    let words = parted(name);
    if words.iter().all(|w| w.kind == Kind::Single) && words.len() > 1 {
        // A foreigner's name in Chinese writing (谢尔盖·拉夫罗夫, 米尔济约耶夫) has no family name of one letter.
        let two = words.len() > 2 && kin::COMPOUND_HAN.contains(&&*format!("{}{}", words[0].text, words[1].text));
        if words.len() > if two { 4 } else { 3 } || words[1..].iter().any(|word| word.gap != Gap::Glued) {
            return None;
        }
        return Some(words[..if two { 2 } else { 1 }].iter().map(|w| w.text).collect());
    }
    let person = Person::of(&words)?;
    let (first, last) = (person.family.first()?, person.family.last()?);
    let start = first.text.as_ptr() as usize - name.as_ptr() as usize;
    let end = last.text.as_ptr() as usize - name.as_ptr() as usize + last.text.len();
    name.get(start..end).map(ToString::to_string)
}

/// A family name alone, as a weak name: `like` is a full name that tells the sex.
pub fn weak(name: &str, like: Option<&str>, vocabulary: &mut dyn Words) -> Vec<Form> {
    let words = split(name, true);
    if let [word] = &words[..] {
        let morph = weak_morph(word, like);
        return vec![(vec![phrase::intern(word, morph, true, vocabulary)], Shape::of(vec![]))];
    }
    if let [first, .., last] = &words[..]
        && kin::particle(&first.marked)
    {
        let morph = weak_morph(last, like);
        let morphs = words.iter().map(|word| if std::ptr::eq(word, last) { morph } else { Morph::None });
        let word =
            |(word, morph): (&Typed, Morph)| phrase::intern(word, morph, !kin::particle(&word.marked), vocabulary);
        let ids = words.iter().zip(morphs).map(word).collect();
        return vec![(ids, Shape::of(words.windows(2).map(|pair| tied(&pair[0], &pair[1])).collect()))];
    }
    forms(name, false, vocabulary)
}

/// How a family name alone inflects.
pub fn weak_morph(word: &Typed, like: Option<&str>) -> Morph {
    if !word.cyrillic() || word.letters <= 2 {
        return Morph::None;
    }
    let words = like.map(|like| split(like, true)).unwrap_or_default();
    // The sex is told by a full name in the same alphabet, else by the ending.
    let male = Person::of(&words)
        .filter(|person| person.cyrillic)
        .map_or_else(|| !kin::womans_family(&word.marked), |person| person.male);
    if male { Morph::FamilyM } else { Morph::FamilyF }
}

/// Forms of a name for people to look at: cases, order, initials, spellings.
pub fn shown(name: &str, variants: bool) -> Vec<String> {
    let words = parted(name);
    let Some(person) = Person::of(&words) else {
        let word = words.first().filter(|_| words.len() == 1);
        let morphs = word.map(|word| vec![(word.text.to_string(), word.marked.clone(), weak_morph(word, None))]);
        return inflected(&morphs.unwrap_or_default(), name);
    };
    let (given_morph, family_morph) = person.morphs();
    let text = |words: &[&Typed]| {
        let joint = |at: usize, gap: Gap| match gap {
            _ if at == 0 => "",
            Gap::Hyphen => "-",
            _ => " ",
        };
        words.iter().enumerate().flat_map(|(at, word)| [joint(at, word.gap), word.text]).collect::<String>()
    };
    let morphs = |words: &[&Typed], morph: Morph| -> Vec<(String, String, Morph)> {
        let inflects = |word: &Typed| word.cyrillic() && word.letters > 2;
        let of = |(at, word): (usize, &&Typed)| {
            let morph = if inflects(word) { morph_at(words, at, morph) } else { Morph::None };
            (word.text.to_string(), word.marked.clone(), morph)
        };
        words.iter().enumerate().map(of).collect()
    };
    // A patronymic may be left out; a middle name may not.
    let own = [&person.given[..], &person.middle[..]].concat();
    let (given, family) = (text(&own), text(&person.family));
    let straight = if person.family_first && person.eastern {
        [morphs(&person.family, family_morph), morphs(&person.given, given_morph)].concat()
    } else {
        let middle = morphs(&person.middle, given_morph);
        let behind: Vec<&Typed> = person.generation.into_iter().collect();
        let family = morphs(&person.family, family_morph);
        [morphs(&person.given, given_morph), middle, family, morphs(&behind, Morph::None)].concat()
    };
    let mut found = inflected(&straight, name);
    let mut put = |form: String| {
        if !found.contains(&form) && found.len() < crate::model::limits::NAME_FORMS_MAX {
            found.push(form);
        }
    };
    if let Some(generation) = person.generation {
        put(format!("{given} {family}, {}", generation.text));
        return found;
    }
    put(format!("{given} {family}"));
    put(format!("{family} {given}"));
    put(format!("{family}, {given}"));
    if let [article, bare] = &person.family[..]
        && variants
        && kin::article(&article.marked)
        && bare.letters > 3
    {
        put(format!("{given} {}", bare.text));
    }
    if let Some(first) = person.given.first().filter(|first| !person.eastern && !first.initial) {
        let letter: String = first.text.chars().take(1).collect();
        let middle = person.middle.iter().flat_map(|word| [word.text, " "]).collect::<String>();
        put(format!("{letter}. {middle}{family}"));
        put(format!("{family} {letter}."));
    }
    if variants && !person.eastern {
        // Of the last part, after the others as typed.
        let spelled = |words: &[&Typed]| {
            let Some((last, rest)) = words.split_last() else { return vec![] };
            let whole = text(words);
            let before = if rest.is_empty() { "" } else { &whole[..whole.len() - last.text.len()] };
            spellings(last, 8).iter().map(|form| format!("{before}{form}")).collect::<Vec<_>>()
        };
        for given in spelled(&own) {
            for family in spelled(&person.family) {
                put(format!("{given} {family}"));
            }
        }
        if person.cyrillic {
            let latin = |word: &&Typed| recase(&roman::latin(&word.marked).replace("kh", "x"), word.text);
            put(own.iter().chain(&person.family).map(latin).collect::<Vec<_>>().join(" "));
        } else {
            let other: Option<Vec<String>> = own
                .iter()
                .chain(&person.family)
                // Words of one or two letters have no other alphabet.
                .map(|word| Some(recase(&roman::uzbek_cyrillic(&word.marked).filter(|_| word.letters > 2)?, word.text)))
                .collect();
            put(other.map_or_else(|| name.to_string(), |words| words.join(" ")));
        }
    }
    found
}

fn single(word: &Typed, vocabulary: &mut dyn Words) -> WordId {
    let morph = match () {
        () if !word.cyrillic() || word.letters <= 2 || word.acronym() => Morph::None,
        () if kin::womans_family(&word.marked) => Morph::FamilyF,
        () => Morph::FamilyM,
    };
    phrase::intern(word, morph, true, vocabulary)
}

/// The parts of a name.
#[expect(clippy::struct_excessive_bools, reason = "four facts about a name that do not depend on each other")]
struct Person<'a> {
    given: Vec<&'a Typed<'a>>,
    middle: Vec<&'a Typed<'a>>,
    patronymic: Vec<&'a Typed<'a>>,
    family: Vec<&'a Typed<'a>>,
    /// Jr., III: behind the family name.
    generation: Option<&'a Typed<'a>>,
    family_first: bool,
    /// East Asian: the family name stands first, does not inflect, and there are no initials.
    eastern: bool,
    male: bool,
    cyrillic: bool,
}

impl<'a> Person<'a> {
    /// `None` for one part, and for scripts without spaces.
    fn of(words: &'a [Typed<'a>]) -> Option<Self> {
        if words.iter().any(|w| w.kind != Kind::Word) {
            return None;
        }
        // Parts with hyphens are one: Amir-Abdollahian, Jong-un.
        let mut parts: Vec<Vec<&Typed>> = vec![];
        let mut comma = None;
        for word in words {
            match word.gap {
                Gap::Hyphen if !parts.is_empty() => parts.last_mut()?.push(word),
                gap => {
                    if gap == Gap::Comma {
                        comma = Some(parts.len());
                    } else if !matches!(gap, Gap::Block | Gap::Space | Gap::Dot | Gap::DotSpace | Gap::Quote) {
                        return None;
                    }
                    parts.push(vec![word]);
                }
            }
        }
        if parts.len() < 2 || parts.len() > 7 {
            return None;
        }
        let last = parts.len() - 1;
        let generation = (last > 1 && parts[last].len() == 1 && kin::generation(&parts[last][0].marked))
            .then(|| parts.pop())
            .flatten()
            .map(|part| part[0]);
        if generation.is_some() && comma == Some(last) {
            comma = None;
        }
        if let Some(comma) = comma {
            parts.rotate_left(comma);
        }
        let cyrillic = words.iter().all(|w| w.cyrillic() || w.initial);
        let first = &parts[0];
        let eastern = comma.is_none()
            && (if cyrillic {
                kin::eastern_cyrillic(&first[0].marked) && parts.len() < 4
            } else {
                kin::pinyin(&parts) || kin::korean(&parts)
            });
        if eastern {
            let given = parts[1..].concat();
            return Some(Self {
                given,
                middle: vec![],
                patronymic: vec![],
                family: parts[0].clone(),
                generation,
                family_first: true,
                eastern,
                male: true,
                cyrillic,
            });
        }
        let is_patronymic = |part: &Vec<&Typed>| part.len() == 1 && kin::patronymic(&part[0].marked);
        let son = |part: &Vec<&Typed>| part.len() == 1 && kin::son_of(&part[0].marked);
        let n = parts.len();
        let (given, middle, patronymic, family, family_first);
        if n == 3 && comma.is_none() && is_patronymic(&parts[2]) && !is_patronymic(&parts[1]) {
            (family, given, middle, patronymic) = (parts[0].clone(), parts[1].clone(), vec![], parts[2].clone());
            family_first = true;
        } else if n == 3 && is_patronymic(&parts[1]) {
            (given, middle, patronymic, family) = (parts[0].clone(), vec![], parts[1].clone(), parts[2].clone());
            family_first = comma.is_some();
        } else if n == 4 && son(&parts[2]) {
            (given, middle, patronymic, family) = (parts[0].clone(), vec![], parts[1..3].concat(), parts[3].clone());
            family_first = comma.is_some();
        } else if n == 4 && son(&parts[3]) {
            (family, given, middle, patronymic) = (parts[0].clone(), parts[1].clone(), vec![], parts[2..4].concat());
            family_first = true;
        } else {
            let particle = |part: &Vec<&Typed>| part.len() == 1 && kin::particle(&part[0].marked);
            let particles = parts[1..n - 1].iter().rev().take_while(|part| particle(part)).count();
            let from = n - 1 - particles;
            (given, middle, patronymic, family) =
                (parts[0].clone(), parts[1..from].concat(), vec![], parts[from..].concat());
            family_first = comma.is_some();
        }
        let male = kin::male(given.first()?, patronymic.first().copied(), family.last()?);
        Some(Self { given, middle, patronymic, family, generation, family_first, eastern, male, cyrillic })
    }

    /// How the given name and the family name inflect.
    fn morphs(&self) -> (Morph, Morph) {
        let family = self.family.last().map_or("", |word| &word.marked);
        let given = self.given.last().map_or("", |word| &word.marked);
        match self.male {
            _ if self.eastern => (if self.male { Morph::GivenM } else { Morph::GivenF }, Morph::None),
            // Кая Каллас, Моктада ас-Садр: nothing tells. Of Наталья everybody knows.
            _ if given.ends_with(['а', 'я'])
                && !kin::given(given)
                && !kin::mans_family(family)
                && !kin::womans_family(family) =>
            {
                (if self.male { Morph::GivenM } else { Morph::GivenF }, Morph::Family)
            }
            true => (Morph::GivenM, Morph::FamilyM),
            false => (Morph::GivenF, Morph::FamilyF),
        }
    }

    fn forms(&self, variants: bool, vocabulary: &mut dyn Words) -> Vec<Form> {
        let roman = variants && !self.eastern;
        let (given_morph, family_morph) = self.morphs();
        let patronymic_morph = if self.male { Morph::PatronymicM } else { Morph::PatronymicF };
        let mut words = |typed: &[&Typed], morph: Morph| -> Vec<WordId> {
            typed
                .iter()
                .enumerate()
                .map(|(at, word)| {
                    let morph = morph_at(typed, at, morph);
                    // Jong-un and Jong-Un are one.
                    let keep_case = !(self.eastern && at > 0 || kin::particle(&word.marked));
                    part(word, morph, roman, keep_case, vocabulary)
                })
                .collect()
        };
        let behind: Vec<&Typed> = self.generation.into_iter().collect();
        let given = words(&self.given, given_morph);
        let middle = words(&self.middle, given_morph);
        let patronymic = words(&self.patronymic, patronymic_morph);
        let family = words(&self.family, family_morph);
        let behind_ids = words(&behind, Morph::None);
        let given_part = Piece { typed: &self.given, ids: &given };
        let middle_part = Piece { typed: &self.middle, ids: &middle };
        let patronymic_part = Piece { typed: &self.patronymic, ids: &patronymic };
        let family_part = Piece { typed: &self.family, ids: &family };
        let behind_part = Piece { typed: &behind, ids: &behind_ids };
        let mut forms = vec![];
        let listed = !self.patronymic.is_empty() || !self.middle.is_empty();
        let add = !listed && !self.eastern;
        forms.push(join(&[given_part, middle_part, patronymic_part, family_part, behind_part], Order::GivenFirst, add));
        if self.generation.is_some() {
            return forms;
        }
        forms.push(join(&[family_part, given_part, middle_part, patronymic_part], Order::FamilyFirst, add));
        if variants && self.family.len() == 2 && kin::article(&self.family[0].marked) && self.family[1].letters > 3 {
            let bare = Piece { typed: &self.family[1..], ids: &family[1..] };
            forms.push(join(&[given_part, middle_part, patronymic_part, bare], Order::GivenFirst, add));
        }
        // George W. Bush without his W.
        let only_initials = !self.middle.is_empty() && self.middle.iter().all(|word| word.initial);
        if !self.patronymic.is_empty() || only_initials {
            forms.push(join(&[given_part, family_part], Order::GivenFirst, false));
            forms.push(join(&[family_part, given_part], Order::FamilyFirst, false));
        }
        if self.eastern && !self.family_first {
            forms.push(join(&[family_part, given_part], Order::Typed, false));
        }
        let Some(first) = self.given.first().filter(|first| !self.eastern && !first.initial && first.letters > 1)
        else {
            return forms;
        };
        for short in roman::initials(first.plain()) {
            let id = [vocabulary.intern(Level::Initial, &short, Morph::None, "")];
            let initial = Piece { typed: &[], ids: &id };
            forms.push(join(&[initial, middle_part, family_part], Order::GivenFirst, add));
            forms.push(join(&[family_part, initial], Order::FamilyFirst, add));
            let second = if self.patronymic.is_empty() { self.middle.first() } else { self.patronymic.first() };
            for short in second
                .filter(|second| !second.initial)
                .map(|second| roman::initials(second.plain()))
                .unwrap_or_default()
            {
                let id = [vocabulary.intern(Level::Initial, &short, Morph::None, "")];
                let second = Piece { typed: &[], ids: &id };
                forms.push(join(&[initial, second, family_part], Order::GivenFirst, false));
                forms.push(join(&[given_part, second, family_part], Order::GivenFirst, false));
                forms.push(join(&[family_part, initial, second], Order::FamilyFirst, false));
                forms.push(join(&[family_part, given_part, second], Order::FamilyFirst, false));
            }
        }
        let mut forms = either_way(forms);
        if roman {
            let other = self.other_letters(&[&given[..], &middle, &family].concat(), &forms, vocabulary);
            forms.extend(other);
        }
        forms.truncate(crate::model::limits::NAME_FORMS_MAX);
        forms
    }
}

impl Person<'_> {
    /// The forms with the letters that Latin texts write for the same sounds: Kosimov for Qosimov, Bakhodir for Bahodir. As plain
    /// words: a Cyrillic к is no қ. `ids` are the words of given, middle and family name.
    fn other_letters(&self, ids: &[WordId], forms: &[Form], vocabulary: &mut dyn Words) -> Vec<Form> {
        let typed = || self.given.iter().chain(&self.middle).chain(&self.family).zip(ids);
        if self.cyrillic || !typed().any(|(word, _)| word.marked.contains(['q', 'h'])) {
            return vec![];
        }
        let soviet = typed().any(|(word, _)| roman::soviet(&word.marked));
        let mut found: Vec<Form> = vec![];
        for h in [false, true].into_iter().take(1 + usize::from(soviet)) {
            let swapped: Vec<(WordId, Vec<String>)> = typed()
                .filter(|(word, _)| word.letters > 2 && !word.has_marks())
                .filter_map(|(word, id)| Some((*id, roman::other_letters(&word.marked, h)?)))
                .collect();
            let most = swapped.iter().map(|(_, spellings)| spellings.len()).max().unwrap_or(0);
            for nth in 0..most {
                let spelled: Vec<(WordId, WordId)> = swapped
                    .iter()
                    .filter_map(|(id, spellings)| Some((*id, spellings.get(nth).or(spellings.last())?)))
                    .map(|(id, spelling)| (id, vocabulary.intern(Level::Plain, spelling, Morph::None, "")))
                    .collect();
                let other = |id: &WordId| spelled.iter().find(|(from, _)| from == id).map_or(*id, |(_, to)| *to);
                found.extend(forms.iter().map(|(ids, shape)| (ids.iter().map(other).collect(), shape.clone())));
            }
        }
        found.retain(|form| !forms.contains(form));
        found
    }
}

/// How a word of a part inflects whose last word inflects so: of Римский-Корсаков both, of Жан-Ив the first may.
fn morph_at(typed: &[&Typed], at: usize, morph: Morph) -> Morph {
    let Some(next) = typed.get(at + 1) else { return morph };
    let word = &typed[at].marked;
    match morph {
        Morph::None => Morph::None,
        _ if next.gap != Gap::Hyphen || kin::particle(word) => Morph::None,
        Morph::FamilyM if kin::mans_family(word) => morph,
        Morph::FamilyF if kin::womans_family(word) => morph,
        _ => Morph::Tied,
    }
}

/// Makes one sequence of two that differ in the order of their two words only.
fn either_way(forms: Vec<Form>) -> Vec<Form> {
    let mut merged: Vec<Form> = vec![];
    for (ids, shape) in forms {
        let turned = shape.order == Order::FamilyFirst && ids.len() == 2;
        let other = merged.iter_mut().filter(|_| turned).find(|(known, given_first)| {
            known.iter().rev().eq(ids.iter()) && given_first.order == Order::GivenFirst && given_first.add == shape.add
        });
        match other {
            Some(other) => {
                let gaps = [&shape.gaps[..], &other.1.gaps].concat();
                *other = (ids, Shape { gaps: gaps.into(), order: Order::Either, add: shape.add });
            }
            None => merged.push((ids, shape)),
        }
    }
    merged
}

#[derive(Clone, Copy)]
struct Piece<'a> {
    typed: &'a [&'a Typed<'a>],
    ids: &'a [WordId],
}

/// Pieces in an order, as one sequence.
fn join(pieces: &[Piece], order: Order, add: bool) -> Form {
    let mut ids = vec![];
    let mut gaps = vec![];
    let mut before: Option<Option<&Typed>> = None;
    for (at, piece) in pieces.iter().filter(|piece| !piece.ids.is_empty()).enumerate() {
        for (nth, id) in piece.ids.iter().enumerate() {
            let typed = piece.typed.get(nth).copied();
            if let Some(before) = before {
                gaps.push(match (before, typed) {
                    (None, _) => Between::Dotted,
                    (Some(_), Some(b)) if kin::generation(&b.marked) => Between::Comma,
                    (Some(a), _) if a.initial => Between::Dotted,
                    _ if nth == 0 && at == 1 && order == Order::FamilyFirst => Between::Comma,
                    (Some(a), Some(b)) if nth > 0 => tied(a, b),
                    (Some(a), Some(b)) => between(a, b, Gap::Space),
                    (Some(_), None) => Between::Space,
                });
            }
            ids.push(*id);
            before = Some(typed);
        }
    }
    (ids, Shape { gaps: gaps.into(), order, add })
}

/// What may stand between two words of one part: the Arabic article has a hyphen or a space.
fn tied(a: &Typed, b: &Typed) -> Between {
    if kin::article(&a.marked) { Between::HyphenOrSpace } else { between(a, b, b.gap) }
}

/// The id of a part of a name of several parts.
fn part(word: &Typed, morph: Morph, roman: bool, keep_case: bool, vocabulary: &mut dyn Words) -> WordId {
    if word.initial {
        return vocabulary.intern(Level::Initial, &roman::initial(word.plain()), Morph::None, "");
    }
    let vowel = |c| matches!(c, 'а' | 'е' | 'и' | 'о' | 'у' | 'ы' | 'э' | 'ю' | 'я');
    let cyrillic = word.cyrillic();
    let morph = if cyrillic
        && (word.letters > 2 || word.letters == 2 && !word.marked.ends_with(vowel))
        && (!matches!(morph, Morph::PatronymicM | Morph::PatronymicF) || kin::russian_patronymic(&word.marked))
    {
        morph
    } else {
        Morph::None
    };
    if !roman
        || word.has_marks()
        || word.letters <= 2
        || word.dotted
        || !cyrillic && !word.marked.bytes().all(|c| c == b'\'' || c.is_ascii_lowercase())
    {
        // Particles keep no case: Al-Hamdani, de, van.
        return phrase::intern(word, morph, keep_case, vocabulary);
    }
    let key = roman::key(&word.marked);
    vocabulary.intern(Level::Roman, &key, morph, &word.marked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::vocabulary::Vocabulary;

    #[test]
    fn the_family_name_is_found_in_either_order() {
        for (name, expected) in [
            ("Sergey Lavrenov", "Lavrenov"),
            ("Игорь Петрович Гаврилин", "Гаврилин"),
            ("Гаврилин Игорь Петрович", "Гаврилин"),
            ("Lavrenov, Sergey", "Lavrenov"),
            ("Wang Yimin", "Wang"),
            ("Ван И", "Ван"),
            ("王毅", "王"),
            ("欧阳明月", "欧阳"),
            ("Hossein Amir-Abdollahian", "Amir-Abdollahian"),
            ("Rosa Ortega Vidal", "Vidal"),
            ("Ilse von der Heide", "von der Heide"),
            ("Omar bin Rashid Al Sabah", "Al Sabah"),
            ("Henry Downs Jr.", "Downs"),
            ("Kim Dong Su", "Kim"),
            ("Kim Dong-su", "Kim"),
        ] {
            assert_eq!(family(name).as_deref(), Some(expected), "{name}");
        }
        for none in ["Pele", "谢尔盖·拉夫罗夫", "米尔济约耶夫", "赛义多夫", "阿·法"] {
            assert_eq!(family(none), None, "{none}");
        }
    }

    #[test]
    fn forms_are_bounded() {
        let mut vocabulary = Vocabulary::default();
        assert!(forms("Sharof Shukhrat Yunusov", true, &mut vocabulary).len() < 40);
        assert_eq!(forms("", true, &mut vocabulary)[0].0.len(), 0);
    }
}
