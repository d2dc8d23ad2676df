//! From texts to a [`Config`]: the defaults, what a file says, what credentials say, what the environment says. No complaint shows a
//! piece of what was written: it holds the key of Checkout and, in the address of the database, a password.

use super::guai::Guai;
use super::{Config, DEFAULTS};
use anyhow::{Context as _, bail};
use std::path::Path;
use toml::{Table, Value};

/// Of a credential: a key, a password, an address. What is larger is another file.
const CREDENTIAL_MAX: u64 = 4_096;

/// What is wrong with single keys is noted, and they stand at their defaults: the rest can be judged all the same.
///
/// # Errors
/// When the text is not TOML at all: the line.
pub(super) fn read(file: &str, env: impl Iterator<Item = (String, String)>, guai: &mut Guai) -> anyhow::Result<Config> {
    let defaults: Table = DEFAULTS.parse().context("the built-in defaults")?;
    let mut table = defaults.clone();
    let file: Table = file.parse().map_err(|error| not_toml(file, &error))?;
    for (section, values) in file {
        let name = shown(&section);
        match (table.get_mut(&section), values) {
            (Some(Value::Table(known)), Value::Table(values)) => merge(known, values, name, guai),
            (None, Value::Table(_)) => guai.add(name, "no section is called so"),
            (_, _) => guai.add(name, "is not a section"),
        }
    }
    for (name, value) in env {
        if let Some(path) = name.strip_prefix("SPORTELLO_").filter(|path| path.contains("__")) {
            overlay(&mut table, &path.to_lowercase(), value, &name, guai);
        }
    }
    understand(table, &defaults, guai)
}

/// What is said replaces what was there, key by key, in sections of sections too; a key that is not there is somebody's mistake.
fn merge(known: &mut Table, said: Table, section: &str, guai: &mut Guai) {
    for (key, value) in said {
        let path = format!("{section}.{}", shown(&key));
        match (known.get_mut(&key), value) {
            (None, _) => guai.add(&path, "no key is called so"),
            (Some(Value::Table(there)), Value::Table(said)) => merge(there, said, &path, guai),
            (Some(there), value) => *there = value,
        }
    }
}

/// `path`: `web__public_url`. Texts become what stands there now; several are told apart by spaces.
fn overlay(known: &mut Table, path: &str, value: String, name: &str, guai: &mut Guai) {
    if let Some((section, rest)) = path.split_once("__") {
        return match known.get_mut(section) {
            Some(Value::Table(inner)) => overlay(inner, rest, value, name, guai),
            _ => guai.add(name, format_args!("no section is called {}", shown(section))),
        };
    }
    match known.get_mut(path) {
        None => guai.add(name, format_args!("no key is called {}", shown(path))),
        Some(Value::Table(_)) => guai.add(name, "is a section, not a key"),
        Some(Value::Boolean(there)) => match value.parse() {
            Ok(said) => *there = said,
            Err(_) => guai.add(name, "wants true or false"),
        },
        Some(Value::Integer(there)) => match value.parse() {
            Ok(said) => *there = said,
            Err(_) => guai.add(name, "wants a number"),
        },
        Some(Value::Array(there)) => *there = value.split_whitespace().map(|v| v.to_owned().into()).collect(),
        Some(there) => *there = Value::String(value),
    }
}

/// One key after the other that cannot be read goes back to its default, until all can.
fn understand(mut table: Table, defaults: &Table, guai: &mut Guai) -> anyhow::Result<Config> {
    let mut last = String::new();
    loop {
        let error = match serde_path_to_error::deserialize(Value::Table(table.clone())) {
            Ok(config) => return Ok(config),
            Err(error) => error.path().to_string(),
        };
        // of a list the entry is named
        let key = error.split('[').next().unwrap_or_default().to_owned();
        let Some(default) = reset(&mut table, defaults, &key).filter(|_| key != last) else { bail!("{key}: cannot be read") };
        guai.unread(&key, format_args!("cannot be read: it wants {}", wanted(&default)));
        last = key;
    }
}

fn reset(table: &mut Table, defaults: &Table, path: &str) -> Option<Value> {
    let (mut table, mut defaults) = (table, defaults);
    let mut parts = path.split('.').peekable();
    while let Some(part) = parts.next() {
        let default = defaults.get(part)?;
        match (parts.peek(), default) {
            (None, default) => {
                table.insert(part.to_owned(), default.clone());
                return Some(default.clone());
            }
            (Some(_), Value::Table(section)) => {
                defaults = section;
                table = table.get_mut(part)?.as_table_mut()?;
            }
            (Some(_), _) => return None,
        }
    }
    None
}

fn wanted(default: &Value) -> String {
    match default {
        Value::String(text) if text.is_empty() => "a text".to_owned(),
        Value::String(text) => format!("a text such as \"{text}\""),
        Value::Integer(n) => format!("a number such as {n}"),
        Value::Boolean(_) => "true or false".to_owned(),
        Value::Array(_) => "a list of texts: [\"…\", \"…\"]".to_owned(),
        _ => "a section".to_owned(),
    }
}

/// A name as it was written, when it looks like one of ours: what was misspelt is to be found again, what is none is not shown.
fn shown(name: &str) -> &str {
    let like_ours = (1..=40).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if like_ours { name } else { "…" }
}

/// toml's own words would quote the line.
fn not_toml(text: &str, error: &toml::de::Error) -> anyhow::Error {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    anyhow::anyhow!("line {line} is not TOML, or says a key twice")
}

/// The files of a folder that are named after a key, `checkout.subscription_key`, as the environment would say them. systemd
/// (`LoadCredential`) and containers hand secrets over like this: other than the environment, it is not inherited or listed.
pub(super) fn credentials(folder: Option<&Path>, guai: &mut Guai) -> Vec<(String, String)> {
    let Some(entries) = folder.and_then(|folder| std::fs::read_dir(folder).ok()) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let Some(key) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let Some((section, name)) = key.split_once('.') else { continue };
        // others may keep their secrets in the same folder
        if !DEFAULTS.contains(&format!("[{section}]\n")) {
            continue;
        }
        let file = path.display();
        match std::fs::metadata(&path) {
            Ok(meta) if meta.is_file() && meta.len() <= CREDENTIAL_MAX => {}
            _ => {
                guai.add(key, format_args!("the credential {file} is not a file of {CREDENTIAL_MAX} bytes at most"));
                continue;
            }
        }
        match std::fs::read_to_string(&path) {
            Err(error) => guai.add(key, format_args!("the credential {file} cannot be read: {error}")),
            // who hands over nothing meant to hand over something
            Ok(value) if value.trim().is_empty() => guai.unread(key, format_args!("the credential {file} is blank")),
            Ok(value) => {
                let variable = format!("SPORTELLO_{}__{}", section.to_uppercase(), name.to_uppercase());
                found.push((variable, value.trim_end_matches(['\n', '\r']).to_owned()));
            }
        }
    }
    found
}
