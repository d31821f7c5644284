//! Words that say that a weak name beside them is a person of state: chosen by hand for this project, no source.

/// Title words, folded; Russian ones by their stem, the others whole.
pub(super) const TITLES: &[&str] = &[
    "minister",
    "ministers",
    "president",
    "premier",
    "chancellor",
    "ambassador",
    "secretary",
    "министр",
    "президент",
    "премьер",
    "глава",
    "главы",
    "главой",
    "посол",
    "секретарь",
    "vazir",
    "vaziri",
    "prezident",
    "вазир",
    "вазири",
    "部长",
    "外长",
];

/// Whether a folded word, or two dense characters, is a title.
pub(super) fn is_title(word: &str) -> bool {
    TITLES.contains(&word) || ["министр", "президент", "премьер"].iter().any(|stem| word.starts_with(stem))
}
