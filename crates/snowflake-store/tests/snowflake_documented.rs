//! Each function, parameter, privilege and column of Snowflake's own views that the SQL files
//! for Snowflake use stands in `sql/snowflake/documented.tsv` with the page that documents it,
//! and nothing else does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Words before a parenthesis that are no functions: grammar and types.
const GRAMMAR: &[&str] = &[
    "AND",
    "AS",
    "BY",
    "CALLS",
    "DIMENSIONS",
    "EXCEPTION",
    "EXISTS",
    "FACTS",
    "FROM",
    "GROUP",
    "IF",
    "IN",
    "INSERT",
    "ITEMS",
    "JOIN",
    "KEY",
    "METRICS",
    "NOT",
    "NUMBER",
    "ON",
    "OR",
    "OVER",
    "RELATIONSHIPS",
    "SELECT",
    "TABLES",
    "TIMESTAMP_LTZ",
    "TIMESTAMP_NTZ",
    "USING",
    "VALUES",
    "VARCHAR",
    "VECTOR",
    "WHERE",
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "sql") {
            found.push(path);
        }
    }
    found
}

/// All files without comments.
fn texts() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql/snowflake");
    let bare = |path: PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        let lines = text.lines().map(|line| line.split("--").next().unwrap());
        lines.collect::<Vec<_>>().join("\n")
    };
    files(&folder).into_iter().map(bare).collect()
}

/// Without what stands in quotes.
fn unquoted(text: &str) -> String {
    let unquoted = text.split('\'').step_by(2);
    unquoted.collect::<Vec<_>>().join("''")
}

/// Parameters that statements ask for.
fn shown(text: &str) -> BTreeSet<String> {
    let asked = text.split("SHOW PARAMETERS LIKE '").skip(1);
    let names = asked.map(|rest| rest.split('\'').next().unwrap());
    names.map(str::to_owned).collect()
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_$.".contains(c)
}

/// Ours have names by which they cannot be mistaken.
fn is_ours(name: &str) -> bool {
    let prefixes = ["GONG_", "STG_", "CRM_", "CALL_READING", "PIPELINE_", "VW_"];
    prefixes.iter().any(|prefix| name.starts_with(prefix))
}

fn functions(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices('(') {
        let before = text[..at].trim_end_matches(' ');
        let start = before.rfind(|c| !is_name(c)).map_or(0, |place| place + 1);
        let name = before[start..].trim_matches('.');
        let is_word = name.starts_with(|c: char| c.is_ascii_uppercase());
        if is_word && !GRAMMAR.contains(&name) && !is_ours(name) {
            found.insert(name.to_owned());
        }
    }
    found
}

/// What statements about objects set: lines that begin with a name and an equals sign.
fn parameters(text: &str) -> BTreeSet<String> {
    // These hold queries, in which a line may compare.
    let of_queries = ["VIEW", "PROCEDURE", "POLICY", "AGENT", "TEMPORARY"];
    let mut found = BTreeSet::new();
    for statement in text.split(';') {
        let statement = statement.trim();
        let mut words = statement.split_whitespace().take(6);
        let is_about_objects = matches!(words.next(), Some("CREATE" | "ALTER"));
        if !is_about_objects || words.any(|word| of_queries.contains(&word)) {
            continue;
        }
        for line in statement.lines() {
            let line = line.trim();
            let line = line.split(" SET ").last().unwrap();
            if let Some((name, _)) = line.split_once(" = ")
                && name.chars().all(|c| c.is_ascii_uppercase() || c == '_')
            {
                found.insert(name.to_owned());
            }
        }
    }
    found
}

fn privileges(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for statement in text.split(';') {
        let Some(granted) = statement.trim().strip_prefix("GRANT ") else {
            continue;
        };
        for kind in ["DATABASE ROLE", "ROLE"] {
            if granted.starts_with(kind) {
                found.insert(kind.to_owned());
                break;
            }
        }
        // Snowflake's own roles, each by its name.
        let of_snowflake = granted.strip_prefix("DATABASE ROLE ");
        let of_snowflake = of_snowflake.and_then(|role| role.split_whitespace().next());
        found.extend(of_snowflake.map(str::to_owned));
        if let Some((privileges, _)) = granted.split_once(" ON ") {
            found.extend(privileges.split(", ").map(str::to_owned));
        }
    }
    found
}

/// Words of a query that are no columns.
const WORDS: &[&str] = &[
    "AND",
    "AS",
    "BY",
    "DESC",
    "DISTINCT",
    "FLOAT",
    "FROM",
    "IS",
    "NOT",
    "NULL",
    "OR",
    "ORDER",
    "PARTITION",
    "QUALIFY",
    "SELECT",
    "VARCHAR",
    "WHERE",
];

/// Columns of Snowflake's views of usage, as `VIEW.COLUMN`.
fn columns(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for statement in text.split(';') {
        let sources = ["FROM SNOWFLAKE.ACCOUNT_USAGE.", "INFORMATION_SCHEMA.TASK_"];
        let Some(at) = sources.iter().find_map(|source| statement.find(source)) else {
            continue;
        };
        let view = statement[at..]
            .split_whitespace()
            .find(|word| word.contains('.'));
        let view = view.unwrap().split('(').next().unwrap();
        let view = view.rsplit('.').next().unwrap();
        let query = &statement[statement.find("SELECT").unwrap()..];
        // What it groups by, it names.
        let query = query.split("GROUP BY").next().unwrap();
        let mut before = "";
        for word in query
            .split(|c: char| !is_name(c))
            .filter(|word| !word.is_empty())
        {
            let end = word.as_ptr() as usize - query.as_ptr() as usize + word.len();
            let rest = query[end..].trim_start();
            let is_column = word.starts_with(|c: char| c.is_ascii_uppercase())
                && !word.contains('.')
                && !WORDS.contains(&word)
                && !rest.starts_with('(')
                && !rest.starts_with("=>")
                && before != "AS";
            if is_column {
                found.insert(format!("{view}.{word}"));
            }
            before = word;
        }
    }
    found
}

#[test]
fn what_is_used_is_documented_and_nothing_else_is_listed() {
    let texts = texts();
    let asked = texts.iter().flat_map(|text| shown(text));
    let asked = asked.map(|name| ("parameter".to_owned(), name));
    let mut all: BTreeSet<_> = asked.collect();
    let texts: Vec<String> = texts.iter().map(|text| unquoted(text)).collect();
    let used = |kind: &str, of: fn(&str) -> BTreeSet<String>| {
        let names = texts.iter().flat_map(|text| of(text));
        names
            .map(|name| (kind.to_owned(), name))
            .collect::<BTreeSet<_>>()
    };
    all.extend(used("function", functions));
    all.extend(used("parameter", parameters));
    all.extend(used("privilege", privileges));
    all.extend(used("column", columns));
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql/snowflake/documented.tsv");
    let list = fs::read_to_string(list).unwrap();
    let mut listed = BTreeSet::new();
    for line in list.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [kind, name, page] = cells[..] else {
            panic!("{line}");
        };
        let is_page = ["sql-reference/", "user-guide/"]
            .iter()
            .any(|start| page.starts_with(start));
        assert!(is_page, "{line}");
        assert!(listed.insert((kind.to_owned(), name.to_owned())), "{line}");
    }
    let missing: Vec<_> = all.difference(&listed).collect();
    let unused: Vec<_> = listed.difference(&all).collect();
    assert!(
        missing.is_empty() && unused.is_empty(),
        "missing {missing:?}, unused {unused:?}"
    );
}
