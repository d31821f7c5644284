//! The files of a configuration. In: a path. Out: their layers, in the order of merging, and a fault for each that cannot be
//! read. It follows no rule but the names: `wirewatch.toml`, then `conf.d/*.toml` by name.

use super::code::Code;
use super::file::File;
use super::layer::{Layers, Pending};
use crate::model::limits;
use std::io::Read as _;
use std::path::{Path, PathBuf};

const MAIN: &str = "wirewatch.toml";
const PARTS: &str = "conf.d";

/// Reads a directory or a single file.
pub(super) fn files(path: &Path) -> (Layers, Vec<PathBuf>) {
    let mut layers = Layers::default();
    let mut read = vec![];
    if path.is_dir() {
        let main = path.join(MAIN);
        let parts = parts(&mut layers, &path.join(PARTS));
        let there = main.try_exists();
        if let Err(error) = &there {
            let hint = "run it as the user of the service, or as root";
            refuse(&mut layers, path, &format!("cannot be looked into: {error}"), Some(hint));
        } else if there.is_ok_and(|there| there) {
            read.push(main);
        } else if parts.is_empty() {
            let hint = "wirewatch init DIR writes a configuration to start from";
            refuse(&mut layers, path, &format!("there is no {MAIN} in this directory"), Some(hint));
        }
        read.extend(parts);
    } else {
        read.push(path.to_path_buf());
    }
    for path in &read {
        match text(path) {
            Ok(text) => layers.add_file(named(path, &text)),
            Err(Unreadable::Bytes(bytes)) => not_utf8(&mut layers, path, &bytes),
            Err(Unreadable::Why(why)) => {
                let hint = "wirewatch init DIR writes a configuration; --config PATH names another one";
                refuse(&mut layers, path, &why, path.try_exists().is_ok_and(|there| !there).then_some(hint));
            }
        }
    }
    (layers, read)
}

/// `*.toml` of the directory by name; hidden files, such as an editor's, are not meant.
fn parts(layers: &mut Layers, dir: &Path) -> Vec<PathBuf> {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return vec![],
        Err(error) => {
            refuse(layers, dir, &format!("cannot be read: {error}"), None);
            return vec![];
        }
    };
    let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| is_part(path)).collect();
    found.sort();
    if found.len() > limits::CONFIG_FILES_MAX {
        refuse(layers, dir, &format!("has more than {} files", limits::CONFIG_FILES_MAX), None);
        found.truncate(limits::CONFIG_FILES_MAX);
    }
    found
}

fn is_part(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    path.extension().is_some_and(|extension| extension == "toml") && !name.starts_with('.') && !path.is_dir()
}

enum Unreadable {
    Why(String),
    Bytes(Vec<u8>),
}

fn text(path: &Path) -> Result<String, Unreadable> {
    let why = |error: std::io::Error| Unreadable::Why(format!("cannot be read: {error}"));
    let file = std::fs::File::open(path).map_err(why)?;
    let limit = limits::CONFIG_FILE_BYTES_MAX;
    let mut bytes = vec![];
    file.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(why)?;
    if bytes.len() > limit {
        return Err(Unreadable::Why(format!("is larger than {} MiB", limit >> 20)));
    }
    String::from_utf8(bytes).map_err(|error| Unreadable::Bytes(error.into_bytes()))
}

fn not_utf8(layers: &mut Layers, path: &Path, bytes: &[u8]) {
    let lossy = String::from_utf8_lossy(bytes);
    let valid = bytes.utf8_chunks().next().map_or(0, |chunk| chunk.valid().len());
    let mut file = named(path, &lossy);
    file.faulty = true;
    file.broken = true;
    let index = layers.files.len();
    layers.files.push(file);
    let what = "this is not UTF-8".to_string();
    let hint = Some("save the file as UTF-8".to_string());
    layers.faults.push(Pending { file: index, span: Some(valid..valid + 1), code: Code::Unreadable, what, hint });
}

fn refuse(layers: &mut Layers, path: &Path, why: &str, hint: Option<&str>) {
    let mut file = named(path, "");
    file.faulty = true;
    file.broken = true;
    let index = layers.files.len();
    layers.files.push(file);
    let what = why.to_string();
    let hint = hint.map(str::to_string);
    layers.faults.push(Pending { file: index, span: None, code: Code::Unreadable, what, hint });
}

fn named(path: &Path, text: &str) -> File {
    File::new(path.display().to_string(), absolute(path.parent().unwrap_or(path)), text)
}

/// The directory from the root: the daemon must not depend on where it was started.
pub(super) fn absolute(dir: &Path) -> PathBuf {
    // An empty path is the current directory.
    std::path::absolute(Path::new(".").join(dir)).unwrap_or_else(|_| dir.to_path_buf())
}
