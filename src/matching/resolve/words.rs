//! What the words beside a name tell. In: a word of a text. Out: whether it is a title, a day, a place's preposition. Never more
//! than the word itself.

use crate::matching::fold;
use std::collections::HashSet;
use std::sync::LazyLock;

pub(in crate::matching) fn title_word(surface: &str) -> bool {
    static TITLES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        let lines = include_str!("../data/titles.txt").lines().filter(|line| !line.starts_with('#'));
        lines.flat_map(str::split_whitespace).collect()
    });
    let folded = fold::marked(surface);
    TITLES.contains(&*folded) || abbreviated_title(surface)
}

pub(super) fn abbreviated_title(surface: &str) -> bool {
    matches!(
        surface,
        "Mr" | "Mrs"
            | "Ms"
            | "Dr"
            | "Sir"
            | "Lord"
            | "Lady"
            | "Madame"
            | "Mme"
            | "Herr"
            | "Frau"
            | "Prof"
            | "Gen"
            | "Gov"
            | "Sen"
            | "Г-н"
            | "Господин"
            | "Госпожа"
            | "Товарищ"
            | "Janob"
    )
}

/// Whether a word may tell whose a title is, or of what: `Minister of Foreign Affairs Wang`, `министр обороны России Иванов`.
pub(super) fn place(surface: &str) -> bool {
    static PLACES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        let lines = include_str!("../data/places.txt").lines().filter(|line| !line.starts_with('#'));
        lines.flat_map(str::split_whitespace).collect()
    });
    let marked = fold::marked(surface);
    PLACES.contains(&*fold::plain(&marked)) || PLACES.contains(&*marked)
}

/// Days, months and other words with capitals that are no names.
pub(super) fn neutral(surface: &str) -> bool {
    matches!(
        surface,
        "Monday"
            | "Tuesday"
            | "Wednesday"
            | "Thursday"
            | "Friday"
            | "Saturday"
            | "Sunday"
            | "January"
            | "February"
            | "March"
            | "April"
            | "May"
            | "June"
            | "July"
            | "August"
            | "September"
            | "October"
            | "November"
            | "December"
            | "Chinese"
            | "Russian"
            | "Uzbek"
            | "Kazakh"
            | "American"
            | "British"
            | "French"
            | "German"
            | "I"
            | "The"
            | "But"
            | "And"
            | "Said"
            | "When"
    )
}

pub(super) fn locative(surface: &str) -> bool {
    matches!(
        surface,
        "in" | "In"
            | "at"
            | "At"
            | "from"
            | "From"
            | "near"
            | "outside"
            | "в"
            | "В"
            | "из"
            | "Из"
            | "во"
            | "на"
            | "под"
            | "to"
    )
}
