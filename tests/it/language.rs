//! Languages are told apart on texts that the model has not read: news lines written for this, in tests/fixtures/language.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use wirewatch::text::language::detect;

/// Titles and paragraphs of each language, by the name of their file.
fn fixtures() -> Vec<(String, Vec<String>, Vec<String>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/language");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let lines = |text: &str| text.lines().map(ToString::to_string).collect();
    let read = |file: &PathBuf| {
        let text = fs::read_to_string(file).unwrap();
        let (titles, paragraphs) = text.split_once("\n\n").unwrap();
        (file.file_stem().unwrap().to_str().unwrap().to_string(), lines(titles), lines(paragraphs))
    };
    files.iter().map(read).collect()
}

/// The share of lines that are answered with their language, and what the others were taken for.
fn accuracy<'a>(lines: impl Iterator<Item = (&'a str, &'a String)>) -> (f64, String) {
    let (mut right, mut all) = (0, 0);
    let mut confused: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for (file, line) in lines {
        all += 1;
        let wanted = file.split('-').next().unwrap();
        let tag = detect(line).map_or("—", |found| found.tag);
        if tag == wanted {
            right += 1;
        } else {
            confused.entry((file, tag)).or_default().push(line);
        }
    }
    let mut table = format!("{right} of {all}\n");
    for ((file, tag), lines) in confused {
        let _ = writeln!(table, "{file:>8} taken for {tag}: {}\n    {}", lines.len(), lines.join("\n    "));
    }
    (f64::from(right) / f64::from(all), table)
}

#[test]
fn the_languages_of_the_desk_are_told_by_a_title_and_by_a_paragraph() {
    let fixtures = fixtures();
    assert_eq!(fixtures.len(), 13, "twelve languages, one of them in two alphabets");
    for (file, titles, paragraphs) in &fixtures {
        assert!(titles.len() >= 40 && paragraphs.len() >= 15, "{file}: too few to tell");
    }
    let titles = fixtures.iter().flat_map(|(file, titles, _)| titles.iter().map(|line| (file.as_str(), line)));
    let paragraphs = fixtures.iter().flat_map(|(file, _, lines)| lines.iter().map(|line| (file.as_str(), line)));
    let (of_titles, confused) = accuracy(titles);
    let (of_paragraphs, confused_paragraphs) = accuracy(paragraphs);
    println!("titles: {confused}paragraphs: {confused_paragraphs}");
    assert!(of_titles >= 0.98, "titles: {confused}");
    assert!(of_paragraphs >= 0.995, "paragraphs: {confused_paragraphs}");
}

#[test]
fn what_the_languages_are_tried_on_is_not_what_they_were_learned_from() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/text/language/texts");
    let read = |entry: std::io::Result<fs::DirEntry>| fs::read_to_string(entry.unwrap().path()).unwrap();
    let words = |text: &str| text.to_lowercase().split_whitespace().map(ToString::to_string).collect::<Vec<_>>();
    let learned: Vec<Vec<String>> = fs::read_dir(folder).unwrap().map(|entry| words(&read(entry))).collect();
    let runs: HashSet<&[String]> = learned.iter().flat_map(|words| words.windows(5)).collect();
    assert!(runs.len() > 10_000, "the texts were not found");
    for (file, titles, paragraphs) in fixtures() {
        for line in titles.iter().chain(&paragraphs) {
            assert!(!words(line).windows(5).any(|run| runs.contains(run)), "{file}: {line}");
        }
    }
}
