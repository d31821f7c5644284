//! All that a watch will match, for people to look at. In: a watch. Out: its names with their forms. Never more of one name than
//! `limits::NAME_FORMS_MAX`.

use super::index::Index;
use super::names::shown::inflected;
use super::names::{glued, kin, person, phrase, split};
use crate::model::{Family, ListId, RowKey, Watch, WatchId, WatchKind};
use serde::Serialize;

/// The patterns of suffixes, for people.
const SUFFIXES: &str = "may be followed by -ning, -ni, -ga/-ka/-qa, -da, -dan, -dagi, -lar, -niki, -gacha, -dek (and several of them), \
    in either alphabet, with or without hyphen or apostrophe";

/// What a watch will match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Forms {
    /// Each configured name with what it matches, in the order of the configuration.
    pub names: Vec<NameForms>,
}

/// What one name will match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NameForms {
    /// The key it stands under: `names`, `exact`, `posts`, `weak`, `not_as`; `family` for a derived one.
    pub key: &'static str,
    /// As typed.
    pub name: String,
    /// Its forms, itself first: cases, order, initials, spellings.
    pub forms: Vec<String>,
    /// What else holds, in words: suffixes, case, when it counts.
    pub notes: Vec<String>,
}

impl Index {
    /// What the watch with this id will match; `None` when there is none. For `check --show`.
    #[must_use]
    pub fn forms(&self, watch: &WatchId) -> Option<Forms> {
        Some(forms(&self.watches.iter().find(|known| known.watch.id == *watch)?.watch))
    }

    /// What a row of a list will match; `None` when there is none.
    #[must_use]
    pub fn row_forms(&self, list: &ListId, row: &str) -> Option<Forms> {
        let row = self.lists.iter().find(|known| known.id == list.as_str())?.rows.find(row)?;
        let head = row.head();
        let of = |key| row.of(key).map(ToString::to_string).collect();
        // Its id is not shown; the list's is one that a watch may have, too.
        let id = WatchId::new(list.as_str()).ok()?;
        Some(forms(&Watch {
            names: of(RowKey::Names),
            exact: of(RowKey::Exact),
            posts: of(RowKey::Posts),
            weak: of(RowKey::Weak),
            not_as: of(RowKey::NotAs),
            family: if head.family { Family::Derived } else { Family::No },
            inflect: head.inflect,
            variants: head.variants,
            ..Watch::empty(id, head.kind)
        }))
    }
}

fn forms(watch: &Watch) -> Forms {
    let mut names = vec![];
    for name in &watch.names {
        names.push(strong(watch, name));
    }
    for name in &watch.exact {
        let mut notes = vec!["as written, case and all".to_string()];
        if watch.inflect != Some(false) {
            notes.push(SUFFIXES.to_string());
        }
        names.push(NameForms { key: "exact", name: name.clone(), forms: vec![name.clone()], notes });
    }
    for name in &watch.posts {
        names.push(NameForms {
            key: "posts",
            name: name.clone(),
            forms: phrase_forms(name, watch),
            notes: vec![
                "also in another order, with 's, 'of' and 'and' between its parts; never a deputy's or a former one"
                    .to_string(),
            ],
        });
    }
    let weak_note =
        "counts where a full name or post was found too, beside a title (minister …), or near one of `with`";
    for name in &watch.weak {
        names.push(NameForms {
            key: "weak",
            name: name.clone(),
            forms: weak_forms(name, watch.names.first()),
            notes: vec![weak_note.to_string()],
        });
    }
    let derived: Vec<(String, Option<&String>)> = match &watch.family {
        Family::No => vec![],
        Family::Named(name) => vec![(name.clone(), watch.names.first())],
        Family::Derived => watch.names.iter().filter_map(|name| Some((person::family(name)?, Some(name)))).collect(),
    };
    for (name, like) in derived {
        let forms = weak_forms(&name, like);
        names.push(NameForms { key: "family", name, forms, notes: vec![weak_note.to_string()] });
    }
    for name in &watch.not_as {
        names.push(NameForms {
            key: "not_as",
            name: name.clone(),
            forms: phrase_forms(name, watch),
            notes: vec!["a mention that stands in this does not count".to_string()],
        });
    }
    Forms { names }
}

fn strong(watch: &Watch, name: &str) -> NameForms {
    let mut notes = vec![];
    let forms =
        if watch.kind == WatchKind::Official { person::shown(name, watch.variants) } else { phrase_forms(name, watch) };
    if watch.inflect != Some(false) {
        notes.push(SUFFIXES.to_string());
    }
    // Where a name has initials and no third part yet.
    let initials = forms.iter().any(|form| form.contains(". "));
    if watch.kind == WatchKind::Official && initials && name.split_whitespace().count() == 2 {
        notes.push("a patronymic or middle initial may stand between given and family name".to_string());
    }
    NameForms { key: "names", name: name.to_string(), forms, notes }
}

fn phrase_forms(name: &str, watch: &Watch) -> Vec<String> {
    let inflect = match (watch.kind, watch.inflect) {
        (_, Some(false)) => phrase::Inflect::No,
        (WatchKind::Keyword, Some(true)) => phrase::Inflect::Every,
        (WatchKind::Keyword, None) => phrase::Inflect::Word,
        _ => phrase::Inflect::Name,
    };
    let words = split::split(name, false);
    let other = (inflect == phrase::Inflect::Name).then(|| phrase::other_morphs(&words)).flatten();
    let mut forms = vec![];
    for morphs in [Some(phrase::morphs(&words, inflect)), other].into_iter().flatten() {
        let morphs = words.iter().zip(morphs);
        let words: Vec<_> = morphs.map(|(word, morph)| (word.text.to_string(), word.marked.clone(), morph)).collect();
        for form in inflected(&words, name) {
            if !forms.contains(&form) {
                forms.push(form);
            }
        }
    }
    if inflect == phrase::Inflect::Every {
        forms.extend(phrase::endings(name));
    }
    forms.extend(phrase::other_numbers(name));
    if watch.variants {
        forms.extend(phrase::other_spellings(name));
    }
    if let [word] = &words[..]
        && word.acronym()
        && inflect != phrase::Inflect::No
    {
        forms.extend(glued::declined(word.text));
    }
    forms
}

fn weak_forms(name: &str, like: Option<&String>) -> Vec<String> {
    let words = split::split(name, true);
    let [word] = &words[..] else {
        let Some(last) = words.last().filter(|_| kin::particle(&words[0].marked)) else {
            return vec![name.to_string()];
        };
        let before = &name[..name.len() - last.text.len()];
        let morph = person::weak_morph(last, like.map(String::as_str));
        let forms = inflected(&[(last.text.to_string(), last.marked.clone(), morph)], last.text);
        return forms.iter().map(|form| format!("{before}{form}")).collect();
    };
    let morph = person::weak_morph(word, like.map(String::as_str));
    inflected(&[(word.text.to_string(), word.marked.clone(), morph)], name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::tests::{index, watch};

    /// The forms of a watch that stand under a key.
    fn under(index: &Index, key: &str) -> Vec<String> {
        let forms = index.forms(&WatchId::new("o").unwrap()).unwrap();
        forms.names.into_iter().filter(|name| name.key == key).flat_map(|name| name.forms).collect()
    }

    #[test]
    fn every_form_that_is_shown_is_found() {
        for line in [
            "official o: Wang Yimin; Ван И; 王毅 | weak Wang",
            "official o: Sergei Lavrenov; Сергей Лавренов",
            "official o: Jeenbek Kulubaev; Жээнбек Кулубаев",
            "official o: Baxtiyor Saidov; Мария Зорина; Илья Черных",
            "official o: Hossein Amir-Abdollahian",
            "organization o: Шанхайская организация сотрудничества; Shanghai Cooperation Organization | exact SCO; ШОС",
            "keyword o: санкции; counter-terrorism",
            "official o: Kim Dong Su; Ilse von der Heide; Bashar al-Karim; Henry Downs Jr.; Омар ибн Салим",
            "organization o: G7; МИД; Yahoo!; Booking.com; Labour Organisation; Ministry of Defense",
        ] {
            let index = index(line, "@o");
            for form in under(&index, "names").iter().chain(&under(&index, "exact")) {
                let found = index.find(form);
                // Marks at its ends are taken in later.
                let whole = found.iter().any(|(place, _)| {
                    *place == (0..form.trim_end_matches(['.', '!']).len()) || *place == (0..form.len())
                });
                assert!(whole, "{line}: {form} is shown and not found: {found:?}");
            }
        }
    }

    #[test]
    fn the_forms_of_a_person_are_order_initials_cases_and_spellings() {
        let forms = under(&index("official o: Сергей Лавренов; Jeenbek Kulubaev", "@o"), "names");
        for form in ["Сергей Лавренов", "Лавренов Сергей", "С. Лавренов", "Сергея Лавренова", "Jeenbek Kulubayev"]
        {
            assert!(forms.contains(&form.to_string()), "{form} in {forms:?}");
        }
        let plain = under(&index("official o: Jeenbek Kulubaev | variants no", "@o"), "names");
        assert!(!plain.iter().any(|form| form.contains("Kulubayev")), "{plain:?}");
    }

    #[test]
    fn a_row_has_forms_as_a_watch_has() {
        let mut rows = crate::model::Rows::default();
        let head = crate::model::RowHead::new("q7", WatchKind::Official);
        rows.push(&head, [(RowKey::Names, "Виктор Громов"), (RowKey::Weak, "Громов")]).unwrap();
        let list = crate::model::List {
            id: ListId::new("pep").unwrap(),
            file: "pep.csv".into(),
            format: crate::model::ListFormat::Csv,
            with: vec![],
            rows: std::sync::Arc::new(rows),
            edition: crate::model::Edition::default(),
        };
        let index = crate::matching::compile(&[], &[list], &[], &jiff::tz::TimeZone::UTC).unwrap();
        let of = |row| index.row_forms(&ListId::new("pep").unwrap(), row);
        let own = forms(&watch("official o: Виктор Громов | weak Громов"));
        assert_eq!(of("q7"), Some(own));
        assert_eq!(of("q8"), None);
    }
}
