//! Holds the arrows of docs/architecture.md: who may import whom, and which words a pure module may not say.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const PURE: &[&str] = &["text", "schedule", "manners", "parse", "extract", "matching", "group", "render"];
const EDGES: &[&str] = &["fetch", "store", "deliver", "lists", "web"];

/// What each module may import, beside itself.
fn table() -> BTreeMap<&'static str, Vec<&'static str>> {
    let pure = || PURE.iter().copied();
    let edges = || EDGES.iter().copied();
    let below = |own: &[&'static str]| [&["model", "text"], own].concat();
    let mut table = BTreeMap::from([("model", vec![]), ("text", vec!["model"])]);
    for stage in pure().filter(|stage| *stage != "text") {
        table.insert(stage, below(&[]));
    }
    for edge in edges() {
        table.insert(edge, below(&[]));
    }
    // What a pure function worked out is handed on as it is: fetch asks manners, the pages show what stages decide.
    table.insert("fetch", below(&["manners", "failpoint", "clock"]));
    table.insert("store", below(&["failpoint"]));
    table.insert("deliver", below(&["failpoint", "clock"]));
    table.insert("web", [pure().collect::<Vec<_>>(), vec!["model", "store", "clock"]].concat());
    let worker: Vec<_> =
        pure().chain(edges()).chain(["model", "failpoint", "clock", "heap"]).filter(|m| *m != "web").collect();
    table.insert("config", pure().chain(["model", "lists"]).collect());
    let all: Vec<_> = worker.iter().copied().chain(["web", "worker", "config"]).collect();
    table.insert("worker", worker);
    table.insert("app", all.clone());
    table.insert("demo", [all.clone(), vec!["app"]].concat());
    table.insert("cli", [all.clone(), vec!["app", "demo"]].concat());
    table.insert("main", vec!["cli"]);
    table.insert("failpoint", vec![]);
    table.insert("clock", vec![]);
    table.insert("heap", vec![]);
    table
}

/// Words that touch the world; a pure module has none of them.
const IMPURE: &[&str] = &[
    "tokio::",
    "reqwest::",
    "rusqlite::",
    "sqlx::",
    "lettre::",
    "std::fs",
    "std::env",
    "std::net::Tcp",
    "std::process",
    "::now()",
    "fastrand",
    "rand::",
    "async fn",
    ".await",
    "Instant",
    "SystemTime",
    "thread::spawn",
];

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn module_of(path: &Path) -> String {
    let first = path.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_string()
}

/// The code of a file: without comments, and without its test module at the end, which may use anything.
fn code(text: &str) -> String {
    let text = text.split("\n#[cfg(test)]\nmod ").next().unwrap();
    text.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_arrows_hold() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let table = table();
    let mut files = vec![];
    sources(&src, &mut files);
    assert!(files.len() > 10, "the sources were not found");
    let mut faults = vec![];
    for file in files {
        let path = file.strip_prefix(&src).unwrap();
        let module = module_of(path);
        if module == "lib" || path.file_name().is_some_and(|name| name == "tests.rs") {
            continue;
        }
        let Some(allowed) = table.get(module.as_str()) else {
            faults.push(format!("{}: module {module} is not in the table", path.display()));
            continue;
        };
        let code = code(&fs::read_to_string(&file).unwrap());
        for (prefix, import) in ["crate::", "wirewatch::"].iter().flat_map(|p| code.match_indices(p)) {
            let rest = &code[prefix + import.len()..];
            let names: Vec<&str> = match rest.strip_prefix('{') {
                Some(group) => {
                    group.split(['}', ',', ':', ' ', '\n']).map(str::trim).filter(|n| table.contains_key(n)).collect()
                }
                None => vec![rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap()],
            };
            for name in names {
                if name != module && table.contains_key(name) && !allowed.contains(&name) {
                    faults.push(format!("{}: {module} must not import {name}", path.display()));
                }
            }
        }
        if module == "model" || PURE.contains(&module.as_str()) {
            for word in IMPURE.iter().filter(|word| code.contains(**word)) {
                faults.push(format!("{}: {module} is pure and must not say {word}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
