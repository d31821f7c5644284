//! The schema for editors and the reference, against what the code reads: no option without its line, and no line without its
//! option; what is shipped is good by it, and what the code refuses as unknown it refuses, too.

use super::shipped::{repository, switched_on};
use super::*;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// What the shipped file leaves out: a table of each kind that is its own rule, and templates.
const MORE: &str = "
[organization.more]
notify = [\"desk\"]
[keyword.more-words]
notify = [\"desk\"]
[list.more-names]
file = \"more.csv\"
notify = [\"desk\"]
[channel.more]
type = \"email\"
template.alert = { subject = \"a\", text = \"b\", html = \"c\" }
template.digest = { subject = \"a\", text = \"b\", html = \"c\" }
";

fn schema() -> Value {
    serde_json::from_str(&fs::read_to_string(repository().join("config/wirewatch.schema.json")).unwrap()).unwrap()
}

/// The keys that the code asks for, with `*` for ids; a digest's name may be left out.
fn asked() -> BTreeSet<String> {
    let dir = dir(&[("wirewatch.toml", &format!("{}{MORE}", switched_on()))]);
    let (layers, _) = read::files(dir.path());
    let tree = tree::Tree::new(layers, None);
    let _ = crate::config::settings(&tree);
    let all = tree.asked().into_iter().map(|path| path.replace(".digest.*.", ".digest."));
    // Asked for only to say that it stands elsewhere.
    all.filter(|path| path != "channel.*.digest.template").collect()
}

/// The keys of a schema, likewise.
fn keys(schema: &Value, path: &str, found: &mut BTreeSet<String>) {
    for part in schema["anyOf"].as_array().into_iter().flatten() {
        keys(part, path, found);
    }
    for (name, of) in schema["properties"].as_object().into_iter().flatten() {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        found.insert(path.clone());
        keys(of, &path, found);
    }
    if schema["additionalProperties"]["properties"].is_object() {
        let path = if path.ends_with(".digest") { path.to_string() } else { format!("{path}.*") };
        keys(&schema["additionalProperties"], &path, found);
    }
}

#[test]
fn the_schema_has_each_option_and_no_other() {
    let mut known = BTreeSet::new();
    keys(&schema(), "", &mut known);
    let asked = asked();
    let missing: Vec<_> = asked.difference(&known).collect();
    assert_eq!(missing, [""; 0], "the schema lacks what the code reads");
    let tables = |path: &&String| !path.contains('.');
    let made_up: Vec<_> = known.difference(&asked).filter(|path| !tables(path)).collect();
    assert_eq!(made_up, [""; 0], "the schema has what the code does not read");
    let tables: BTreeSet<&str> = known.iter().filter(tables).map(String::as_str).collect();
    assert_eq!(tables, BTreeSet::from(layer::SECTIONS));
}

#[test]
fn the_reference_has_a_line_for_each_option_and_no_other() {
    let docs = fs::read_to_string(repository().join("docs/configuration.md")).unwrap();
    let asked = asked();
    let mut told: BTreeSet<String> = BTreeSet::new();
    let mut sections: Vec<String> = vec![];
    for line in docs.lines() {
        if let Some(head) = line.strip_prefix("## ") {
            let parts = head.split(", ").filter_map(|part| part.strip_prefix('[')?.strip_suffix(']'));
            sections = parts.map(|part| part.replace(".ID", ".*")).collect();
        }
        let Some(first) = line.strip_prefix("| `").and_then(|line| line.split(" | ").next()) else { continue };
        let named = |text: &str| text.split('`').map(str::to_string).collect::<Vec<_>>();
        // What the first cell names must be there; what the rest of the line names may be.
        for (at, key) in named(&format!("`{first}")).into_iter().enumerate().filter(|(at, _)| at % 2 == 1) {
            let key = key.replace(".NAME", "");
            let of = |section: &String| match key.strip_prefix(&format!("{}.", section.trim_end_matches(".*"))) {
                Some(key) => format!("{section}.{key}"),
                None => format!("{section}.{key}"),
            };
            let known: Vec<String> = sections.iter().map(of).filter(|path| asked.contains(path)).collect();
            assert!(
                !known.is_empty() || sections.is_empty() || line.starts_with("| `id`") || is_column(&key),
                "{at}: {key}: {line}"
            );
            told.extend(known);
        }
        for key in named(line) {
            let paths =
                sections.iter().map(|section| format!("{section}.{}", key.rsplit('.').next().unwrap_or_default()));
            told.extend(paths.filter(|path| asked.contains(path)));
        }
    }
    // A key inside of a table is told with the table, and a table with what is in it.
    let within = |a: &str, b: &str| a.starts_with(&format!("{b}."));
    let is_told = |path: &String| told.iter().any(|told| told == path || within(path, told) || within(told, path));
    let untold: Vec<_> = asked.iter().filter(|path| !is_told(path)).collect();
    assert_eq!(untold, [""; 0], "docs/configuration.md has no line for them");
}

/// Columns of a list's file stand in a table of the same section.
fn is_column(key: &str) -> bool {
    let columns = ["id", "kind", "names", "aliases", "exact", "weak", "not_as", "posts", "with", "family"];
    columns.contains(&key) || ["variants", "inflect", "topics", "schema"].contains(&key)
}

/// Why a value is not as the schema wants it: the words of JSON Schema that ours uses, and no others.
fn refusals(value: &Value, schema: &Value, whole: &Value, path: &str) -> Vec<String> {
    if let Some(name) = schema["$ref"].as_str() {
        return refusals(value, whole.pointer(name.trim_start_matches('#')).unwrap(), whole, path);
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let all: Vec<_> = choices.iter().map(|choice| refusals(value, choice, whole, path)).collect();
        return if all.iter().any(Vec::is_empty) { vec![] } else { all.concat() };
    }
    let refuse = |why: &str| vec![format!("{path}: {value} {why}")];
    if schema["enum"].as_array().is_some_and(|words| !words.contains(value))
        || schema.get("const").is_some_and(|only| only != value)
    {
        return refuse("is none of its words");
    }
    match (schema["type"].as_str(), value) {
        (Some("string"), Value::String(text)) => {
            let least = schema["minLength"].as_u64().unwrap_or(0);
            if (text.len() as u64) < least { refuse("is empty") } else { vec![] }
        }
        (Some("boolean"), Value::Bool(_)) | (None, _) => vec![],
        (Some("integer"), Value::Number(number)) => {
            let bounds = schema["minimum"].as_i64().unwrap()..=schema["maximum"].as_i64().unwrap();
            if number.as_i64().is_some_and(|number| bounds.contains(&number)) {
                vec![]
            } else {
                refuse("is out of bounds")
            }
        }
        (Some("array"), Value::Array(items)) => {
            let all = items.iter().enumerate();
            all.flat_map(|(at, item)| refusals(item, &schema["items"], whole, &format!("{path}[{at}]"))).collect()
        }
        (Some("object"), Value::Object(fields)) => {
            let none = Map::new();
            let known = schema["properties"].as_object().unwrap_or(&none);
            let each = fields.iter().flat_map(|(name, field)| {
                let path = format!("{path}.{name}");
                match (known.get(name), &schema["additionalProperties"]) {
                    (Some(of), _) => refusals(field, of, whole, &path),
                    (None, Value::Bool(false)) => vec![format!("{path}: unknown")],
                    (None, of) => refusals(field, of, whole, &path),
                }
            });
            each.collect()
        }
        _ => refuse("is of another type"),
    }
}

#[test]
fn what_is_shipped_is_good_by_the_schema_and_unknown_keys_are_not() {
    let schema = schema();
    let judged = |text: &str| {
        let value: toml::Table = text.parse().unwrap();
        refusals(&serde_json::to_value(value).unwrap(), &schema, &schema, "")
    };
    let config = repository().join("config");
    let mut files = vec![(config.join("wirewatch.toml"), "#:schema wirewatch.schema.json\n")];
    let desk = fs::read_dir(config.join("conf.d")).unwrap().map(|entry| entry.unwrap().path());
    files.extend(desk.map(|path| (path, "#:schema ../wirewatch.schema.json\n")));
    for (file, directive) in files {
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.starts_with(directive), "{} does not say where its schema is", file.display());
        assert_eq!(judged(&text), [""; 0], "{}", file.display());
    }
    assert_eq!(judged(&switched_on()), [""; 0]);
    assert_eq!(judged(&format!("{}{MORE}", switched_on())), [""; 0]);
    for (slip, told) in [
        ("[service]\ndata_dirr = 'x'", ".service.data_dirr: unknown"),
        ("[source.a]\nurll = 'x'", ".source.a.urll: unknown"),
        ("[official.a]\nfamliy = true", ".official.a.famliy: unknown"),
        ("[channel.a]\ntype = 'email'\nquiet = { form = '1' }", ".channel.a.quiet.form: unknown"),
        ("[organization.a]\nposts = ['x']", ".organization.a.posts: unknown"),
        ("colour = 1", ".colour: unknown"),
        ("[rule.a]\nseverity = 'hihg'", ".rule.a.severity: \"hihg\" is none of its words"),
        ("[source.a]\ntier = 10", ".source.a.tier: 10 is out of bounds"),
        ("[source.a]\nurl = 5", ".source.a.url: 5 is of another type"),
    ] {
        assert_eq!(judged(slip), [told]);
    }
}
