//! The store's statements, which are the majority, to the letter.

use std::fs;
use std::path::{Path, PathBuf};

use super::{ROOT, arguments, files};

fn of_crate(path: &str) -> PathBuf {
    Path::new(ROOT).join("crates/snowflake-store").join(path)
}

/// Text becomes a statement in three ways, and each takes text of the program alone.
#[test]
fn texts_of_statements_are_fixed_when_the_program_is_compiled() {
    let mut seen = 0;
    for path in files(&of_crate("src/snowflake"), "rs") {
        let source = fs::read_to_string(&path).unwrap();
        let (source, _tests) = source
            .split_once("#[cfg(test)]\nmod tests")
            .unwrap_or((&source, ""));
        for text in arguments(source, "SqlText::fixed(") {
            assert!(
                text.starts_with("include_str!("),
                "{}: {text}",
                path.display()
            );
            seen += 1;
        }
        for text in arguments(source, "SqlText::template(") {
            let is_file = ["statements::", "include_str!("];
            assert!(
                is_file.iter().any(|one| text.starts_with(one)),
                "{}: {text}",
                path.display()
            );
            seen += 1;
        }
        // Parts of files: `joined` takes `&'static str`, and nothing here makes one of a value.
        for text in arguments(source, "SqlText::joined(") {
            assert_eq!(text, "parts", "{}", path.display());
            seen += 1;
        }
        for escape in [
            "leak(",
            "transmute",
            "unsafe",
            "String::from_utf8_unchecked",
        ] {
            assert!(!source.contains(escape), "{}: {escape}", path.display());
        }
    }
    assert_eq!(
        seen, 19,
        "a new way to make a text needs a reason and a line here"
    );
}

/// The files take values as `?` alone; the one slot is a dimension.
#[test]
fn files_take_values_as_placeholders() {
    let files = files(&of_crate("sql/snowflake/statements"), "sql");
    assert!(files.len() > 90, "{}", files.len());
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let body: String = text
            .lines()
            .map(|line| line.split("--").next().unwrap_or_default())
            .collect::<Vec<_>>()
            .join("\n");
        let upper = body.to_uppercase();
        for word in [
            "EXECUTE IMMEDIATE",
            "IDENTIFIER(",
            "RESULT_SCAN",
            "&{",
            "<%",
            "%S",
        ] {
            assert!(!upper.contains(word), "{}: {word}", path.display());
        }
        // What else stands in braces is an object, whose first word is in quotes, or the
        // place in a prompt.
        let is_slot = |text: &str| text[1..].starts_with(|c: char| c.is_ascii_alphabetic());
        let slots: Vec<&str> = body
            .match_indices('{')
            .map(|(at, _)| &body[at..=at + body[at..].find('}').unwrap()])
            .filter(|text| is_slot(text))
            .collect();
        assert!(
            slots.iter().all(|slot| *slot == "{dimension}"),
            "{}: {slots:?}",
            path.display()
        );
        // A placeholder in quotes would be text.
        for quoted in body.split('\'').skip(1).step_by(2) {
            assert!(!quoted.contains('?'), "{}: {quoted}", path.display());
        }
    }
}
