//! The shipped configuration against the schema and the documentation; and every mutilation of it.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

pub(super) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_shipped_configuration_has_no_fault_and_sends_nothing() {
    let loaded = load(Some(&repository().join("config")), &[]);
    assert_eq!(loaded.faults.iter().map(ToString::to_string).collect::<String>(), "");
    let s = loaded.settings.unwrap();
    assert!(s.sources.len() > 15 && s.watches.len() > 20 && !s.rules.is_empty());
    assert!(s.channels.iter().all(|c| matches!(c.kind, ChannelKind::Maildir(_) | ChannelKind::Stdout)));
    // Its user has made sure of no post yet.
    assert!(s.watches.iter().all(|w| w.checked.is_none()));
}

#[test]
fn the_shipped_options_are_the_defaults() {
    let main = fs::read_to_string(repository().join("config/wirewatch.toml")).unwrap();
    let wanted = sound("");
    let mut shipped = sound(&main);
    shipped.service.database = wanted.service.database.clone();
    assert_eq!(shipped, wanted);
}

/// The shipped file with every option switched on: a `#` before a letter or a bracket goes away.
pub(super) fn switched_on() -> String {
    let main = fs::read_to_string(repository().join("config/wirewatch.toml")).unwrap();
    let on = |line: &str| match line.strip_prefix('#') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_lowercase() || c == '[') => rest.to_string(),
        _ => line.to_string(),
    };
    main.lines().map(|line| on(line) + "\n").collect()
}

#[test]
fn every_option_of_the_shipped_file_can_be_switched_on() {
    let loaded = load_text(&switched_on());
    // The files with secrets and names are not there; nothing else may be wrong.
    let absent = ["E119", "E120"];
    let told: Vec<_> = loaded.faults.iter().filter(|f| !absent.contains(&f.code)).map(ToString::to_string).collect();
    assert_eq!(told, [""; 0]);
}

#[test]
fn every_key_of_the_schema_is_in_the_shipped_file_and_in_the_documentation() {
    let main = fs::read_to_string(repository().join("config/wirewatch.toml")).unwrap();
    let docs = fs::read_to_string(repository().join("docs/configuration.md")).unwrap();
    let dir = dir(&[("wirewatch.toml", &switched_on())]);
    let (layers, _) = read::files(dir.path());
    let tree = tree::Tree::new(layers, None);
    let _ = crate::config::settings(&tree);
    let asked = tree.asked();
    for known in [
        "source.*.select.links",
        "channel.*.digest.*.stories_max",
        "channel.*.quiet.mode",
        "rule.*.settle",
        "web.listen",
    ] {
        assert!(asked.contains(known), "{known} is not in {asked:#?}");
    }
    let keys: BTreeSet<&str> = asked.iter().filter_map(|path| path.rsplit('.').next()).collect();
    let word = |text: &str, key: &str| {
        text.match_indices(key).any(|(at, _)| {
            let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
            !text[..at].ends_with(letter) && !text[at + key.len()..].starts_with(letter)
        })
    };
    for key in keys {
        assert!(word(&main, key), "config/wirewatch.toml does not mention {key}");
        assert!(word(&docs, key), "docs/configuration.md does not mention {key}");
    }
}

#[test]
fn every_code_of_the_source_is_in_the_table_of_faults_and_the_reverse() {
    let is_code = |word: &str| {
        let digits = word.strip_prefix(['E', 'W']).unwrap_or_default();
        digits.len() == 3 && digits.starts_with(['1', '2']) && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut used = BTreeSet::new();
    let mut folders = vec![repository().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_string();
            if path.is_dir() && name != "tests" {
                folders.push(path);
            } else if path.extension().is_some_and(|of| of == "rs") && name != "tests.rs" {
                let text = fs::read_to_string(&path).unwrap();
                let text = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
                used.extend(text.split('"').filter(|word| is_code(word)).map(str::to_string));
            }
        }
    }
    assert!(Code::ALL.iter().all(|code| used.contains(code.as_str())) && LINTS.iter().all(|code| used.contains(*code)));
    let docs = fs::read_to_string(repository().join("docs/configuration.md")).unwrap();
    let rows = docs.lines().map(|line| line.split(" | ").collect::<Vec<_>>());
    let rows: Vec<(String, usize)> = rows.map(|row| (row[0].trim_start_matches("| ").to_string(), row.len())).collect();
    let told: Vec<&(String, usize)> = rows.iter().filter(|(code, _)| is_code(code)).collect();
    assert!(told.iter().all(|(_, columns)| *columns == 3) && told.is_sorted(), "{told:?}");
    let told: BTreeSet<String> = told.into_iter().map(|(code, _)| code.clone()).collect();
    assert_eq!(told, used);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(\\PC|\\n|\\[|\\]|\"|'|=|\\\\){0,200}") {
        let loaded = load_text(&text);
        for fault in &loaded.faults {
            prop_assert!(fault.line >= 1 && fault.col >= 1 && fault.len >= 1);
            prop_assert!(!fault.render(true).is_empty());
        }
        prop_assert_eq!(loaded.settings.is_some(), loaded.faults.iter().all(|f| f.severity == fault::Severity::Warning));
    }

    #[test]
    fn no_typo_makes_it_panic(at in 0usize..4000, cut in 0usize..40, put in "\\PC{0,5}") {
        let mut text = switched_on();
        let at = text.floor_char_boundary(at * text.len() / 4000);
        let end = text.floor_char_boundary((at + cut).min(text.len()));
        text.replace_range(at..end, &put);
        load_text(&text).faults.iter().for_each(|fault| drop(fault.render(false)));
    }
}
