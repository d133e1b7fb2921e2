//! Every column of both stores has a kind, and what holds something of people is reached by
//! erasing and by retention.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use rusqlite::Connection;
use snowflake_store::{SqliteStore, snowflake_migrations, split_statements};

type Tables = BTreeMap<String, BTreeSet<String>>;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Kinds of columns that hold something of people.
const OF_PEOPLE: [&str; 3] = ["personal", "speech", "derived"];

/// Tables that follow another one, whoever writes that.
const FOLLOWING: [&str; 8] = [
    "GONG_CALL_FINDINGS",
    "GONG_CALL_FINDINGS_FTS",
    "GONG_CALL_FINDINGS_FTS_data",
    "GONG_CALL_FINDINGS_FTS_idx",
    "STG_GONG_TRANSCRIPT_CHUNKS_FTS",
    "STG_GONG_TRANSCRIPT_CHUNKS_FTS_data",
    "STG_GONG_TRANSCRIPT_CHUNKS_FTS_idx",
    "STG_GONG_CHUNK_SKETCHES",
];

/// The kinds of columns by table, and each column's name once.
fn classified() -> BTreeMap<String, BTreeMap<String, BTreeSet<String>>> {
    let text = fs::read_to_string(Path::new(ROOT).join("sql/columns.toml")).unwrap();
    let tables: BTreeMap<String, BTreeMap<String, Vec<String>>> = toml::from_str(&text).unwrap();
    let kinds = [
        "identifier",
        "personal",
        "speech",
        "derived",
        "record",
        "operational",
    ];
    for (table, of_table) in &tables {
        let columns: Vec<&String> = of_table.values().flatten().collect();
        let once: BTreeSet<&String> = columns.iter().copied().collect();
        assert_eq!(
            columns.len(),
            once.len(),
            "{table} has a column of two kinds"
        );
        for kind in of_table.keys() {
            assert!(kinds.contains(&kind.as_str()), "{table}: {kind}");
        }
    }
    let sets = |of_table: BTreeMap<String, Vec<String>>| {
        let kinds = of_table.into_iter();
        kinds
            .map(|(kind, columns)| (kind, columns.into_iter().collect()))
            .collect()
    };
    tables
        .into_iter()
        .map(|(table, of_table)| (table, sets(of_table)))
        .collect()
}

async fn on_sqlite() -> Tables {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    drop(SqliteStore::open(&path).await.unwrap());
    let connection = Connection::open(&path).unwrap();
    let mut tables = connection
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'")
        .unwrap();
    let names: Vec<String> = tables
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let columns = |table: &String| -> BTreeSet<String> {
        let mut columns = connection
            .prepare("SELECT name FROM pragma_table_xinfo(?1)")
            .unwrap();
        let columns = columns.query_map([table], |row| row.get(0)).unwrap();
        columns.map(Result::unwrap).collect()
    };
    names
        .into_iter()
        .map(|name| (name.clone(), columns(&name)))
        .collect()
}

/// What stands in files of a folder and below.
fn texts(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let texts = paths.flat_map(|path| match path.is_dir() {
        true => texts(&path),
        false => vec![fs::read_to_string(path).unwrap()],
    });
    texts.collect()
}

/// As the migrations make them, and the scripts that few run.
fn on_snowflake() -> Tables {
    let mut tables = Tables::new();
    let history = fs::read_to_string(
        Path::new(ROOT).join("sql/snowflake/statements/create_schema_history.sql"),
    );
    let migrations = snowflake_migrations().unwrap();
    let statements = migrations
        .iter()
        .flat_map(|migration| &migration.statements);
    let statements = statements.map(|statement| statement.as_str().to_owned());
    let optional = ["ai", "gong_share", "optional", "setup"];
    let optional =
        optional.map(|folder| texts(&Path::new(ROOT).join("sql/snowflake").join(folder)));
    let optional: Vec<String> = optional
        .iter()
        .flatten()
        .flat_map(|text| split_statements(text))
        .map(str::to_owned)
        .collect();
    let others = optional.into_iter().chain([history.unwrap()]);
    for statement in statements.chain(others) {
        let lines: Vec<&str> = statement
            .lines()
            .map(|line| line.split("--").next().unwrap_or_default().trim())
            .filter(|line| !line.is_empty())
            .collect();
        let Some(first) = lines.first() else { continue };
        if let Some(table) = first.strip_prefix("CREATE TABLE IF NOT EXISTS ") {
            let table = table.trim_end_matches([' ', '(']).to_owned();
            let columns = lines
                .iter()
                .skip(1)
                .take_while(|line| !line.starts_with(')'));
            let columns = columns.filter_map(|line| line.split_whitespace().next());
            let columns: BTreeSet<String> = columns.map(str::to_owned).collect();
            assert!(
                !columns.is_empty(),
                "{table}: its columns are not where they are looked for"
            );
            tables.entry(table).or_default().extend(columns);
        } else if let Some((table, column)) = lines
            .join(" ")
            .strip_prefix("ALTER TABLE ")
            .and_then(|rest| rest.split_once(" ADD COLUMN IF NOT EXISTS "))
        {
            let column = column.split_whitespace().next().unwrap().to_owned();
            tables.get_mut(table).unwrap().insert(column);
        } else {
            assert!(!first.starts_with("CREATE TABLE"), "{first}");
            assert!(!statement.contains(" ADD COLUMN "), "{first}");
        }
    }
    tables
}

#[tokio::test]
async fn every_column_of_both_stores_has_a_kind() {
    let classified: Tables = classified()
        .into_iter()
        .map(|(table, kinds)| (table, kinds.into_values().flatten().collect()))
        .collect();
    let (sqlite, snowflake) = (on_sqlite().await, on_snowflake());
    assert!(
        sqlite.len() > 20 && snowflake.len() > 25,
        "{}",
        snowflake.len()
    );
    let mut of_both = Tables::new();
    for (table, columns) in sqlite.into_iter().chain(snowflake) {
        of_both.entry(table).or_default().extend(columns);
    }
    for (table, columns) in &of_both {
        let known = classified.get(table).cloned().unwrap_or_default();
        let unknown: Vec<&String> = columns.difference(&known).collect();
        assert!(
            unknown.is_empty(),
            "sql/columns.toml lacks {table}: {unknown:?}"
        );
        let gone: Vec<&String> = known.difference(columns).collect();
        assert!(gone.is_empty(), "sql/columns.toml has of {table}: {gone:?}");
    }
    let gone: Vec<&String> = classified
        .keys()
        .filter(|table| !of_both.contains_key(*table))
        .collect();
    assert!(gone.is_empty(), "{gone:?}");
}

/// Tables that one transaction fills and empties, so that nobody else ever sees a row.
const IN_TRANSIT: [&str; 2] = ["GONG_SHARE_NEW_CALLS", "GONG_SHARE_NEW_TRANSCRIPTS"];

/// Tables that hold something of people.
fn of_people(tables: &Tables) -> BTreeSet<String> {
    let classified = classified();
    let holds = |table: &&String| {
        let kinds = classified.get(*table).unwrap();
        OF_PEOPLE.iter().any(|kind| kinds.contains_key(*kind))
    };
    let tables = tables.keys().filter(holds);
    tables
        .filter(|table| !FOLLOWING.contains(&table.as_str()))
        .filter(|table| !IN_TRANSIT.contains(&table.as_str()))
        .cloned()
        .collect()
}

/// The statements that a part of the code runs; `STORE` in a path stands for the store's name.
fn statements(store: &str, sources: &[String]) -> Vec<String> {
    let mut code = String::new();
    for source in sources {
        let source = source.replace("STORE", store);
        code += &fs::read_to_string(Path::new(ROOT).join("src").join(source)).unwrap();
    }
    let names = code.split("statements::").skip(1).map(|rest| {
        let end = rest.find(|letter: char| !letter.is_ascii_uppercase() && letter != '_');
        rest[..end.unwrap()].to_lowercase()
    });
    let read = |name: String| {
        let file = format!("sql/{store}/statements/{name}.sql");
        fs::read_to_string(Path::new(ROOT).join(&file)).expect(&file)
    };
    names.filter(|name| !name.is_empty()).map(read).collect()
}

/// The table that a statement begins with after a verb.
fn table_of<'s>(statement: &'s str, verb: &str) -> Option<&'s str> {
    let mut lines = statement.lines();
    let rest = lines.find_map(|line| line.strip_prefix(verb))?;
    rest.split_whitespace().next()
}

/// Tables that the statements which a part of the code runs delete from or update.
fn written(store: &str, sources: &[String]) -> BTreeSet<String> {
    let statements = statements(store, sources);
    let tables = statements.iter().flat_map(|statement| {
        let verbs = ["DELETE FROM ", "UPDATE "].into_iter();
        verbs.filter_map(|verb| table_of(statement, verb))
    });
    let tables: BTreeSet<String> = tables.map(str::to_owned).collect();
    assert!(tables.len() > 5, "{store}: {tables:?}");
    tables
}

#[tokio::test]
async fn erasing_reaches_all_that_holds_something_of_people() {
    let sources = ["calls", "records", "mod"].map(|file| format!("STORE/erasure/{file}.rs"));
    for (store, tables) in [("sqlite", on_sqlite().await), ("snowflake", on_snowflake())] {
        let written = written(store, &sources);
        let missed: Vec<String> = of_people(&tables).difference(&written).cloned().collect();
        assert!(
            missed.is_empty(),
            "{store}: no statement of an erasure writes {missed:?}"
        );
        // What is rewritten is rewritten whole.
        let mut rewriting: BTreeMap<String, String> = BTreeMap::new();
        for statement in statements(store, &sources) {
            if let Some(table) = table_of(&statement, "UPDATE ") {
                *rewriting.entry(table.to_owned()).or_default() += &statement;
            }
        }
        assert!(rewriting.len() > 4, "{store}: {rewriting:?}");
        let classified = classified();
        for (table, texts) in rewriting {
            let kinds = &classified[&table];
            let columns = OF_PEOPLE.iter().filter_map(|kind| kinds.get(*kind));
            let here = columns
                .flatten()
                .filter(|column| tables[&table].contains(*column));
            let words: BTreeSet<&str> = texts
                .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .collect();
            let missed: Vec<_> = here
                .filter(|column| !words.contains(column.as_str()))
                .collect();
            assert!(
                missed.is_empty(),
                "{store}: an erasure rewrites {table} and leaves {missed:?}"
            );
        }
    }
}

#[tokio::test]
async fn retention_reaches_all_that_belongs_to_calls() {
    // By their own age, or with what they refer to; owners and deals are of the CRM alone.
    let not_of_calls = ["GONG_PROCEDURE_ERRORS", "CRM_DEALS", "CRM_OWNERS"];
    for (store, tables) in [("sqlite", on_sqlite().await), ("snowflake", on_snowflake())] {
        let mut written = written(
            store,
            &["cleaning.rs", "STORE/retention.rs"].map(str::to_owned),
        );
        if store == "snowflake" {
            // Rows on their way are merged.
            written.extend(
                ["GONG_CALLS_STREAMED", "GONG_CALL_TRANSCRIPTS_STREAMED"].map(str::to_owned),
            );
        }
        let missed: Vec<String> = of_people(&tables)
            .difference(&written)
            .filter(|table| !not_of_calls.contains(&table.as_str()))
            .cloned()
            .collect();
        assert!(
            missed.is_empty(),
            "{store}: no statement of retention writes {missed:?}"
        );
    }
}
