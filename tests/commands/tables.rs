//! Compares two stores of the same Gong, row by row and column by column.

use gong_snowflake::calls::Timestamp;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde_json::Value;

use super::World;
use super::account::Account;

/// Tables that a sync fills, and what tells their rows apart.
const TABLES: [(&str, &str); 7] = [
    ("GONG_CALLS_RAW", "CALL_ID"),
    ("GONG_CALL_TRANSCRIPTS_RAW", "CALL_ID"),
    ("STG_GONG_CALLS", "CALL_ID"),
    ("STG_GONG_CALL_PARTICIPANTS", "CALL_ID, PARTICIPANT_INDEX"),
    ("STG_GONG_CALL_TOPICS", "CALL_ID, TOPIC_INDEX"),
    ("STG_GONG_CALL_CRM_LINKS", "CALL_ID, LINK_INDEX"),
    ("STG_GONG_CALL_TRANSCRIPTS", "CALL_ID, SENTENCE_INDEX"),
];

/// Columns that SQLite has for its keys and indexes.
const OF_SQLITE: [&str; 6] = [
    "CALL_KEY",
    "SENTENCE_KEY",
    "PARTICIPANT_KEY",
    "TOPIC_KEY",
    "LINK_KEY",
    "STATE_CHANGED_AT",
];

/// Columns that say which run wrote a row, and when.
const OF_A_RUN: [&str; 4] = ["CORRELATION_ID", "INGESTED_AT", "PROCESSED_AT", "STAGED_AT"];

/// Compares every table that a sync fills, in every column that both stores have, as
/// Python's connector reads it from Snowflake. `false` after saying that there is none.
pub(crate) fn same_rows(world: &World, account: &Account) -> bool {
    let connection = Connection::open(world.database()).unwrap();
    let tables: Vec<(&str, Vec<String>, &str)> = TABLES
        .into_iter()
        .map(|(table, key)| (table, columns(&connection, table), key))
        .collect();
    let on_snowflake: Vec<String> = tables
        .iter()
        .map(|(table, columns, key)| {
            // The stand-in shows Python an instant that is null as one of 1970.
            let as_text = |column: &String| match is_instant(column) {
                true => format!("{column}::VARCHAR"),
                false => column.clone(),
            };
            let columns: Vec<String> = columns.iter().map(as_text).collect();
            format!("SELECT {} FROM {table} ORDER BY {key}", columns.join(", "))
        })
        .collect();
    let statements: Vec<&str> = on_snowflake.iter().map(String::as_str).collect();
    let Some(theirs) = account.read_with_python(&statements) else {
        return false;
    };
    for ((table, columns, key), theirs) in tables.iter().zip(&theirs) {
        let list = columns.join(", ");
        let ours = rows(
            &connection,
            &format!("SELECT {list} FROM {table} ORDER BY {key}"),
        );
        let theirs = theirs.as_array().unwrap();
        assert!(!ours.is_empty(), "{table} has no rows");
        assert_eq!(ours.len(), theirs.len(), "{table}");
        for (ours, theirs) in ours.iter().zip(theirs) {
            for ((column, ours), theirs) in columns.iter().zip(ours).zip(theirs.as_array().unwrap())
            {
                let theirs = theirs.as_str();
                assert!(
                    is_same(column, ours.as_deref(), theirs),
                    "{table}.{column}: {ours:?} and {theirs:?}"
                );
            }
        }
    }
    true
}

fn is_instant(column: &str) -> bool {
    column.ends_with("_AT") || column.ends_with("_UTC")
}

/// What both have, in SQLite's order; generated columns too.
fn columns(connection: &Connection, table: &str) -> Vec<String> {
    let text = format!("SELECT name FROM pragma_table_xinfo('{table}')");
    let names = rows(connection, &text).into_iter().flatten().flatten();
    let is_compared =
        |name: &String| !OF_SQLITE.contains(&name.as_str()) && !OF_A_RUN.contains(&name.as_str());
    names.filter(is_compared).collect()
}

fn rows(connection: &Connection, statement: &str) -> Vec<Vec<Option<String>>> {
    let mut statement = connection.prepare(statement).unwrap();
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        let cell = |at| {
            Ok(match row.get_ref(at)? {
                ValueRef::Null => None,
                ValueRef::Integer(number) => Some(number.to_string()),
                ValueRef::Real(number) => Some(number.to_string()),
                ValueRef::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
                ValueRef::Blob(_) => panic!("a blob"),
            })
        };
        (0..columns).map(cell).collect()
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// Whether two spellings mean one value: SQLite keeps instants, decimals and JSON as
/// text, and truth as a number.
pub(crate) fn is_same(column: &str, ours: Option<&str>, theirs: Option<&str>) -> bool {
    let (ours, theirs) = match (ours, theirs) {
        (Some(ours), Some(theirs)) => (ours, theirs),
        (ours, theirs) => return ours == theirs,
    };
    if ours == theirs {
        return true;
    }
    if is_instant(column) {
        return instant(ours).is_some() && instant(ours) == instant(theirs);
    }
    match theirs {
        "True" => return ours == "1",
        "False" => return ours == "0",
        _ => {}
    }
    let json = |text: &str| serde_json::from_str::<Value>(text).ok();
    json(ours)
        .zip(json(theirs))
        .is_some_and(|(ours, theirs)| is_same_json(&ours, &theirs))
}

fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim().replacen(' ', "T", 1);
    let with_zone = [text.clone(), format!("{text}Z")];
    with_zone.iter().find_map(|text| text.parse().ok())
}

fn is_same_json(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Number(ours), Value::Number(theirs)) => {
            let (ours, theirs) = (ours.as_f64().unwrap(), theirs.as_f64().unwrap());
            (ours - theirs).abs() <= 1e-12 * ours.abs()
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| is_same_json(a, b))
        }
        (Value::Object(ours), Value::Object(theirs)) => {
            let is_there = |(name, value): (&String, &Value)| {
                theirs
                    .get(name)
                    .is_some_and(|other| is_same_json(value, other))
            };
            ours.len() == theirs.len() && ours.iter().all(is_there)
        }
        _ => ours == theirs,
    }
}
