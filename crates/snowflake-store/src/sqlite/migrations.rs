//! The schema, as numbered files that are applied once each.

use calls::Timestamp;
use resilience::ErrorKind;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::failure::{JobError, JobResult};
use super::{instant, sketches};
use crate::{Error, payload_hash};

struct Migration {
    version: u32,
    name: &'static str,
    sql: &'static str,
}

macro_rules! migrations {
    ($($version:literal $name:literal),+ $(,)?) => {
        &[$(Migration {
            version: $version,
            name: $name,
            sql: include_str!(concat!("../../sql/sqlite/", $name, ".sql")),
        }),+]
    };
}

const MIGRATIONS: &[Migration] = migrations![
    1 "0001_landing",
    2 "0002_staging",
    3 "0003_crm_mirror",
    4 "0004_retention",
    5 "0005_views",
    6 "0006_crm_links",
    7 "0007_enriched_views",
    8 "0008_sync_safety",
    9 "0009_leases",
    10 "0010_word_index",
    11 "0011_odd_documents",
    12 "0012_readings",
    13 "0013_chunk_sketches",
    14 "0014_filters",
    15 "0015_erasure",
    16 "0016_gong_findings",
    17 "0017_gong_records",
    18 "0018_reviews",
];

/// The migration that needs more than statements: old chunks get their sketches.
const SKETCHES: u32 = 13;

/// The version of the schema that this build reads and writes.
pub(crate) const LATEST: u32 = MIGRATIONS[MIGRATIONS.len() - 1].version;

const HISTORY: &str = "
CREATE TABLE IF NOT EXISTS GONG_SCHEMA_HISTORY (
    VERSION    INTEGER NOT NULL PRIMARY KEY,
    NAME       TEXT NOT NULL,
    CHECKSUM   TEXT NOT NULL,
    APPLIED_AT TEXT NOT NULL
) STRICT";

/// Applies what is not applied yet, each migration in a transaction of its own;
/// returns how many were applied.
pub(crate) fn apply(connection: &mut Connection) -> JobResult<u32> {
    check(connection)?;
    // Without the lock for writing: whoever opens a store that is up to date waits for nobody.
    if version(connection)? == LATEST {
        return Ok(0);
    }
    apply_some(connection, MIGRATIONS)
}

fn apply_some(connection: &mut Connection, migrations: &[Migration]) -> JobResult<u32> {
    let mut applied = 0;
    for migration in migrations {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(HISTORY)?;
        // Asked inside the transaction: another process may be migrating as well.
        let done = transaction
            .prepare("SELECT 1 FROM GONG_SCHEMA_HISTORY WHERE VERSION = ?1")?
            .exists([migration.version])?;
        if done {
            continue;
        }
        transaction.execute_batch(migration.sql)?;
        if migration.version == SKETCHES {
            sketches::make_all(&transaction)?;
        }
        transaction.execute(
            "INSERT INTO GONG_SCHEMA_HISTORY (VERSION, NAME, CHECKSUM, APPLIED_AT) VALUES (?1, ?2, ?3, ?4)",
            (
                migration.version,
                migration.name,
                payload_hash::sha256_hex(migration.sql.as_bytes()),
                instant::stamp(Timestamp::now()),
            ),
        )?;
        transaction.commit()?;
        applied += 1;
    }
    Ok(applied)
}

/// Number of the latest migration that is applied; 0 for an empty database.
pub(crate) fn version(connection: &Connection) -> JobResult<u32> {
    if !has_history(connection)? {
        return Ok(0);
    }
    let version: Option<u32> = connection
        .query_row("SELECT MAX(VERSION) FROM GONG_SCHEMA_HISTORY", [], |row| {
            row.get(0)
        })
        .optional()?
        .flatten();
    Ok(version.unwrap_or(0))
}

/// Refuses databases of other applications, of newer builds and of altered
/// migrations, without writing anything.
pub(crate) fn check(connection: &Connection) -> JobResult<()> {
    // All that it asks is asked of one state: somebody may be making the schema.
    let transaction = connection.unchecked_transaction()?;
    check_state(&transaction)?;
    Ok(transaction.commit()?)
}

fn check_state(connection: &Connection) -> JobResult<()> {
    if !has_history(connection)? {
        let tables: i64 = connection.query_row(
            "SELECT COUNT(*) FROM sqlite_master WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~'",
            [],
            |row| row.get(0),
        )?;
        if tables > 0 {
            return Err(refused(
                "database belongs to another application: it has tables but no GONG_SCHEMA_HISTORY",
            ));
        }
        return Ok(());
    }
    let found = version(connection)?;
    if found > LATEST {
        return Err(refused(format!(
            "database has schema version {found}, newer than {LATEST}, the latest that this build knows"
        )));
    }
    let mut statement =
        connection.prepare("SELECT NAME, CHECKSUM FROM GONG_SCHEMA_HISTORY WHERE VERSION = ?1")?;
    for migration in MIGRATIONS {
        let applied: Option<(String, String)> = statement
            .query_row([migration.version], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((name, checksum)) = applied else {
            continue;
        };
        if checksum != payload_hash::sha256_hex(migration.sql.as_bytes()) {
            return Err(refused(format!(
                "database was built with a different version of migration {name}"
            )));
        }
    }
    Ok(())
}

fn has_history(connection: &Connection) -> JobResult<bool> {
    Ok(connection
        .prepare(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'GONG_SCHEMA_HISTORY'",
        )?
        .exists([])?)
}

fn refused(message: impl Into<String>) -> JobError {
    JobError::Database(Error::new(ErrorKind::Config, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_ascend_and_match_the_file_names() {
        assert!(MIGRATIONS.is_sorted_by(|a, b| a.version + 1 == b.version));
        for migration in MIGRATIONS {
            assert!(
                migration
                    .name
                    .starts_with(&format!("{:04}_", migration.version))
            );
        }
    }

    #[test]
    fn applies_once() {
        let mut connection = Connection::open_in_memory().unwrap();
        assert_eq!(version(&connection).unwrap(), 0);
        assert_eq!(apply(&mut connection).unwrap(), LATEST);
        assert_eq!(apply(&mut connection).unwrap(), 0);
        assert_eq!(version(&connection).unwrap(), LATEST);
    }

    #[test]
    fn calls_staged_before_there_were_links_are_transformed_again() {
        let mut connection = Connection::open_in_memory().unwrap();
        apply_some(&mut connection, &MIGRATIONS[..5]).unwrap();
        let columns = "PAYLOAD_SHA, INGESTED_AT, CORRELATION_ID, STATE_CHANGED_AT, RAW_DATA";
        for (id, processed, deleted) in [("1", 1, "NULL"), ("2", 1, "'2026'"), ("3", 0, "NULL")] {
            let insert = format!(
                "INSERT INTO GONG_CALLS_RAW (CALL_ID, PROCESSED, DELETED_AT, {columns})
                 VALUES ('{id}', {processed}, {deleted}, '', '', '', '', '')"
            );
            connection.execute(&insert, []).unwrap();
        }
        assert_eq!(apply(&mut connection).unwrap(), LATEST - 5);
        let pending: String = connection
            .query_row(
                "SELECT GROUP_CONCAT(CALL_ID) FROM GONG_CALLS_RAW
                 WHERE PROCESSED = 0 AND DELETED_AT IS NULL",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(pending, "1,3");
    }

    #[test]
    fn letters_from_before_keep_their_place() {
        let mut connection = Connection::open_in_memory().unwrap();
        apply_some(&mut connection, &MIGRATIONS[..7]).unwrap();
        let (from, to) = ("2026-01-01T00:00:00+00:00", "2026-01-08T00:00:00+00:00");
        let span = format!("'{from}', '{to}'");
        for (key, call, window, payload) in [
            ("call:7", "'7'", "NULL, NULL", "'{}'"),
            ("window:1", "NULL", span.as_str(), "NULL"),
            ("window:2", "NULL", span.as_str(), "'{}'"),
            ("run", "NULL", "NULL, NULL", "NULL"),
        ] {
            let insert = format!(
                "INSERT INTO GONG_DEAD_LETTERS (STREAM, LETTER_KEY, CALL_ID, WINDOW_FROM, WINDOW_TO,
                     REASON, PAYLOAD, CORRELATION_ID, ATTEMPTS, FIRST_FAILED_AT, LAST_FAILED_AT)
                 VALUES ('calls', '{key}', {call}, {window}, 'why', {payload}, 'run', 2, '{from}', '{to}')"
            );
            connection.execute(&insert, []).unwrap();
        }
        apply(&mut connection).unwrap();
        let mut statement = connection
            .prepare("SELECT LETTER_KEY FROM GONG_DEAD_LETTERS ORDER BY LETTER_ID")
            .unwrap();
        let keys: Vec<String> = statement
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<std::result::Result<_, _>>()
            .unwrap();
        let record = format!("record:{:064}", 3);
        let run = "window:2015-01-01T00:00:00+00:00/2015-01-02T00:00:00+00:00";
        assert_eq!(keys, ["call:7", "window:1", record.as_str(), run]);
    }

    #[test]
    fn chunks_from_before_there_were_sketches_get_theirs() {
        let mut connection = Connection::open_in_memory().unwrap();
        let before = MIGRATIONS.partition_point(|migration| migration.version < SKETCHES);
        apply_some(&mut connection, &MIGRATIONS[..before]).unwrap();
        connection
            .pragma_update(None, "foreign_keys", false)
            .unwrap();
        let sql = "INSERT INTO STG_GONG_TRANSCRIPT_CHUNKS (CALL_ID, FIRST_SENTENCE, LAST_SENTENCE,
                EMBEDDING_MODEL, EMBEDDING_DIM, EMBEDDING_VECTOR, CHUNK_TEXT)
            VALUES (?1, 0, 0, ?2, 2, ?3, '')";
        let vector = [1.0_f32, 2.0].map(f32::to_le_bytes).concat();
        for (call, model) in [("1", "m"), ("1", "m"), ("1", "n"), ("2", "n")] {
            connection.execute(sql, (call, model, &vector)).unwrap();
        }
        apply(&mut connection).unwrap();
        let mut statement = connection
            .prepare("SELECT FIRST_CHUNK, EMBEDDING_MODEL, LENGTH(SKETCHES) FROM STG_GONG_CHUNK_SKETCHES")
            .unwrap();
        let rows: Vec<(i64, String, i64)> = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .unwrap()
            .collect::<std::result::Result<_, _>>()
            .unwrap();
        let rows: Vec<_> = rows
            .iter()
            .map(|(first, model, bytes)| (*first, model.as_str(), bytes / 128))
            .collect();
        assert_eq!(rows, [(1, "m", 2), (3, "n", 1), (4, "n", 1)]);
    }

    #[test]
    fn refuses_an_altered_migration() {
        let mut connection = Connection::open_in_memory().unwrap();
        apply(&mut connection).unwrap();
        connection
            .execute(
                "UPDATE GONG_SCHEMA_HISTORY SET CHECKSUM = 'x' WHERE VERSION = 2",
                [],
            )
            .unwrap();
        let error = apply(&mut connection).unwrap_err().to_string();
        assert!(error.contains("0002_staging"), "{error}");
    }
}
