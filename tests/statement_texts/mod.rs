//! No statement of any crate is built by pasting in values, as the sources and the SQL
//! files show.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod alike;
mod store;

use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path
            .extension()
            .is_some_and(|extension| extension == ending)
        {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Sources of all crates that send statements, without the tests inside them. The crate
/// that defines the type is left out.
fn sources() -> Vec<(PathBuf, String)> {
    let mut folders = vec![
        Path::new(ROOT).join("src"),
        Path::new(ROOT).join("examples"),
    ];
    for entry in fs::read_dir(Path::new(ROOT).join("crates")).unwrap() {
        let path = entry.unwrap().path();
        if !path.ends_with("snowflake-sql") && !path.ends_with("testkit") {
            folders.push(path.join("src"));
        }
    }
    let paths = folders.iter().flat_map(|folder| files(folder, "rs"));
    paths
        .map(|path| {
            let source = fs::read_to_string(&path).unwrap();
            let end = source.find("#[cfg(test)]\nmod tests");
            let source = source[..end.unwrap_or(source.len())].to_owned();
            (path, source)
        })
        .collect()
}

/// What stands between the parentheses of each call of a function.
fn arguments<'a>(source: &'a str, function: &str) -> Vec<&'a str> {
    let mut calls = Vec::new();
    for (at, _) in source.match_indices(function) {
        let rest = &source[at + function.len()..];
        let mut depth = 1;
        let end = rest.find(|c| {
            depth += match c {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            depth == 0
        });
        calls.push(rest[..end.unwrap()].trim());
    }
    calls
}

/// A text takes `&'static str` alone. That is the text of the program as long as nobody
/// makes one of a value.
#[test]
fn texts_of_statements_are_those_of_the_program() {
    let (mut fixed, mut templates) = (0, 0);
    for (path, source) in sources() {
        let path = path.display();
        for text in arguments(&source, "SqlText::fixed(") {
            assert!(text.starts_with("include_str!("), "{path}: {text}");
            fixed += 1;
        }
        for text in arguments(&source, "SqlText::template(") {
            let is_file = text.starts_with("include_str!(")
                || text.starts_with("statements::")
                || (text.starts_with("template,") && source.contains("template: &'static str"))
                || (text.starts_with("self.template,")
                    && source.contains("template: &'static str"));
            assert!(is_file, "{path}: {text}");
            templates += 1;
        }
        if source.contains("SqlText") || source.contains("Statement::new(") {
            for escape in ["leak(", "transmute", "unsafe", "from_utf8_unchecked"] {
                assert!(!source.contains(escape), "{path}: {escape}");
            }
        }
    }
    assert!(fixed >= 2 && templates >= 7, "{fixed} and {templates}");
}

/// What a slot takes is quoted, counted or a number; text of the program may be nested.
#[test]
fn slots_take_names_and_numbers() {
    let mut seen = 0;
    for (path, source) in sources() {
        for (at, _) in source.match_indices("Slot::") {
            let kind: String = source[at + "Slot::".len()..]
                .chars()
                .take_while(char::is_ascii_alphabetic)
                .collect();
            assert!(
                [
                    "Identifier",
                    "Identifiers",
                    "Name",
                    "Number",
                    "Placeholders"
                ]
                .contains(&kind.as_str()),
                "{}: {kind}",
                path.display()
            );
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen}");
}

/// The files for Cortex and for the share take values as `?`; slots of the share are names
/// of tables and columns, which the client quotes.
#[test]
fn files_of_cortex_and_of_the_share_take_values_as_placeholders() {
    let folders: [(&str, usize, &[&str]); 2] = [
        ("sql/snowflake/cortex", 11, &[]),
        (
            "sql/snowflake/share",
            8,
            &[
                "{columns}",
                "{table}",
                "{tables}",
                "{catalogue}",
                "{from}",
                "{to}",
                "{main}",
                "{ingested}",
            ],
        ),
    ];
    for (folder, least, known) in folders {
        let files = files(&Path::new(ROOT).join(folder), "sql");
        assert!(files.len() >= least, "{folder}: {}", files.len());
        for path in files {
            let body: String = fs::read_to_string(&path)
                .unwrap()
                .lines()
                .map(|line| line.split("--").next().unwrap_or_default())
                .collect::<Vec<_>>()
                .join("\n");
            let path = path.display();
            let upper = body.to_uppercase();
            for word in [
                "EXECUTE IMMEDIATE",
                "IDENTIFIER(",
                "RESULT_SCAN",
                "&{",
                "<%",
                "%S",
            ] {
                assert!(!upper.contains(word), "{path}: {word}");
            }
            for (at, _) in body.match_indices('{') {
                let slot = &body[at..=at + body[at..].find('}').unwrap()];
                // What is not a name is an object of Snowflake's SQL.
                let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
                if slot[1..slot.len() - 1].chars().all(is_name) {
                    assert!(known.contains(&slot), "{path}: {slot}");
                }
            }
            // A placeholder or a name in quotes would be text.
            for quoted in body.split('\'').skip(1).step_by(2) {
                assert!(!quoted.contains(['?', '{']), "{path}: {quoted}");
            }
        }
    }
}
