//! The files of `sql/snowflake`, assembled.

use resilience::ErrorKind;
use snowflake_sql::SqlText;

use super::{SnowflakeMigration, split_statements};
use crate::{Error, Result};

macro_rules! files {
    ($folder:literal: $($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../../sql/snowflake/", $folder, $name, ".sql")))),+]
    };
}

/// Migrations in order.
const MIGRATIONS: &[(&str, &str)] = files![
    "":
    "0001_landing",
    "0002_staging",
    "0003_crm_mirror",
    "0004_retention",
    "0005_views",
    "0010_streams",
    "0011_transform_queue",
    "0021_streamed",
    "0022_streamed_procedure",
    "0025_sync_safety",
    "0026_odd_documents",
    "0027_leases",
    "0028_readings",
    "0029_readings_procedures",
    "0030_gong_findings",
    "0031_gong_records",
    "0032_erasure",
    "0034_one_writer",
    "0035_answers",
    "0036_older_steps",
    "0037_reviews",
    "0038_reviews_procedure",
    "0039_gong_setup",
];

/// What reads calls within Snowflake, in order; no migration, since not everybody has it.
const READER: &[(&str, &str)] = files!["ai/": "01_reader", "02_steps"];

/// Statements that migrations name by lines `-- statement: NAME`: what a procedure runs
/// stands in a file of its own, where a client can run it too. Where a client binds
/// values, a procedure says `-- statement: NAME with :VARIABLE, 'text'`, an expression a
/// placeholder.
const INCLUDED: &[(&str, &str)] = files![
    "statements/":
    "ai_ask",
    "ai_claim",
    "ai_record",
    "ai_release",
    "clear_streamed_calls",
    "clear_streamed_transcripts",
    "forget_readings",
    "lock_leases",
    "lock_staging",
    "merge_streamed_calls",
    "merge_streamed_transcripts",
    "record_cleanups",
    "record_procedure_error",
    "retain_contacts",
    "retain_dead_letters",
    "retain_ingestion_state",
    "retain_pipeline_errors",
    "retain_raw_calls",
    "retain_raw_calls_reviews",
    "retain_raw_calls_staged",
    "retain_raw_transcripts",
    "retain_records",
    "retain_staged_calls",
    "retain_staged_calls_chunks",
    "retain_staged_calls_crm_links",
    "retain_staged_calls_errors",
    "retain_staged_calls_letters",
    "retain_staged_calls_participants",
    "retain_staged_calls_raw_call",
    "retain_staged_calls_raw_transcript",
    "retain_staged_calls_readings",
    "retain_staged_calls_reviews",
    "retain_staged_calls_sentences",
    "retain_staged_calls_topics",
    "transform_calls",
    "transform_clear_queue",
    "transform_count_sentences",
    "transform_delete_chunks",
    "transform_delete_participants",
    "transform_delete_sentences",
    "transform_fill_queue",
    "transform_forget_analysis",
    "transform_hash_sentences",
    "transform_mark_calls",
    "transform_mark_transcripts",
    "transform_participants",
    "transform_refuse_calls",
    "transform_sentences",
];

const NOT_ON_FAKESNOW: &str = "-- fakesnow: no";
const INCLUDES: &str = "-- statement: ";
const WITH: &str = " with ";

/// The migrations of this build in order, ready to be run or printed.
///
/// # Errors
/// `Internal` when a file names a statement that is not there.
pub fn snowflake_migrations() -> Result<Vec<SnowflakeMigration>> {
    MIGRATIONS
        .iter()
        .map(|(name, text)| migration(name, text))
        .collect()
}

/// What reads calls within Snowflake, ready to be run.
pub(in crate::snowflake) fn reader_scripts() -> Result<Vec<SnowflakeMigration>> {
    READER
        .iter()
        .map(|(name, text)| migration(name, text))
        .collect()
}

fn migration(name: &'static str, text: &'static str) -> Result<SnowflakeMigration> {
    let number = name
        .split('_')
        .next()
        .and_then(|number| number.parse().ok());
    let version = number.ok_or_else(|| {
        Error::new(
            ErrorKind::Internal,
            format!("migration {name} does not begin with its number"),
        )
    })?;
    Ok(SnowflakeMigration {
        version,
        name,
        on_fakesnow: !text.lines().any(|line| line.trim() == NOT_ON_FAKESNOW),
        statements: split_statements(text)
            .into_iter()
            .map(|statement| assembled(name, statement))
            .collect::<Result<_>>()?,
    })
}

/// A statement with those that it names put in their places.
fn assembled(migration: &str, statement: &'static str) -> Result<SqlText> {
    let mut parts = Vec::new();
    for line in statement.split_inclusive('\n') {
        let Some(named) = line.trim().strip_prefix(INCLUDES) else {
            parts.push(line);
            continue;
        };
        let (name, values) = match named.split_once(WITH) {
            Some((name, values)) => (name, values.split(", ").map(str::trim).collect()),
            None => (named, Vec::new()),
        };
        let wrong = |why: &str| {
            Error::new(
                ErrorKind::Internal,
                format!("migration {migration} names statement {name}, {why}"),
            )
        };
        let included = INCLUDED
            .iter()
            .find(|(included, _)| *included == name.trim());
        let (_, text) = included.ok_or_else(|| wrong("which is not there"))?;
        parts.extend(with_values(text, &values).ok_or_else(|| wrong("whose values do not fit"))?);
        parts.push(";\n");
    }
    Ok(SqlText::joined(parts))
}

/// A statement without its comments and with expressions in place of its placeholders,
/// or `None` when there are not as many.
fn with_values(text: &'static str, values: &[&'static str]) -> Option<Vec<&'static str>> {
    let mut values = values.iter().copied();
    let mut parts = Vec::new();
    let lines = text.trim_end().split_inclusive('\n');
    for line in lines.filter(|line| !line.trim_start().starts_with("--")) {
        let mut pieces = line.split('?');
        parts.extend(pieces.next());
        for piece in pieces {
            parts.extend([values.next()?, piece]);
        }
    }
    values.next().is_none().then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_a_migration_in_the_order_of_numbers() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/sql/snowflake");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .filter_map(|entry| {
                let name = entry.unwrap().file_name().into_string().unwrap();
                name.strip_suffix(".sql").map(str::to_owned)
            })
            .collect();
        files.sort();
        let names: Vec<&str> = MIGRATIONS.iter().map(|(name, _)| *name).collect();
        assert_eq!(files, names);
        let migrations = snowflake_migrations().unwrap();
        assert!(migrations.is_sorted_by(|a, b| a.version < b.version));
    }

    #[test]
    fn every_migration_can_run_again() {
        for migration in snowflake_migrations().unwrap() {
            assert!(!migration.statements.is_empty(), "{}", migration.name);
            for statement in &migration.statements {
                let words: String = statement
                    .as_str()
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("--"))
                    .collect::<Vec<_>>()
                    .join(" ");
                let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
                let runs_again = words.starts_with("MERGE INTO ")
                    || words.starts_with("CREATE OR REPLACE PROCEDURE ")
                    || words.starts_with("CREATE OR ALTER ")
                    || words.starts_with("CREATE OR REPLACE VIEW ")
                    || words.starts_with("CREATE OR REPLACE SECURE VIEW ")
                    || (words.starts_with("DROP ") && words.contains(" IF EXISTS "))
                    || words.ends_with(" DROP CLUSTERING KEY")
                    || (words.starts_with("ALTER TABLE ")
                        && words.contains(" ADD COLUMN IF NOT EXISTS "))
                    || (words.starts_with("UPDATE ") && words.contains(" WHERE "))
                    || (words.starts_with("CREATE ") && words.contains(" IF NOT EXISTS "));
                assert!(runs_again, "{}: {words:.80}", migration.name);
            }
        }
    }

    #[test]
    fn nothing_is_left_to_put_in() {
        for migration in snowflake_migrations().unwrap() {
            for statement in &migration.statements {
                let mut lines = statement.as_str().lines();
                let left = lines.find(|line| line.trim().starts_with(INCLUDES));
                assert_eq!(left, None, "{}", migration.name);
            }
        }
    }

    #[test]
    fn a_named_statement_stands_in_its_place() {
        let text = "BEGIN\n    -- statement: transform_clear_queue\n    COMMIT;\nEND";
        let assembled = assembled("test", text).unwrap();
        assert_eq!(
            assembled.as_str(),
            "BEGIN\nDELETE FROM GONG_TRANSFORM_QUEUE;\n    COMMIT;\nEND"
        );
        assert!(super::assembled("test", "-- statement: nothing").is_err());
    }

    #[test]
    fn values_stand_in_place_of_placeholders() {
        let assembled = |text| assembled("test", text);
        let text = assembled("    -- statement: retain_raw_calls with :OLDEST\n").unwrap();
        assert_eq!(
            text.as_str(),
            "DELETE FROM GONG_CALLS_RAW\nWHERE DELETED_AT < CAST(:OLDEST AS TIMESTAMP_LTZ);\n"
        );
        for wrong in [
            "-- statement: retain_raw_calls",
            "-- statement: retain_raw_calls with :A, :B",
            "-- statement: transform_clear_queue with :A",
        ] {
            assert!(assembled(wrong).is_err(), "{wrong}");
        }
    }
}
