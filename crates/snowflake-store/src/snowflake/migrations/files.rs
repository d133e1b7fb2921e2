//! The files of `sql/snowflake`, put together.

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
    "0012_transform_procedure",
    "0013_ai_tables",
    "0014_ai_queue",
    "0015_ai_procedures",
    "0016_ai_embeddings",
    "0017_ai_apply",
    "0018_tasks",
    "0019_retention",
    "0020_cost_and_freshness",
    "0021_streamed",
    "0022_streamed_procedure",
];

/// Statements that migrations name by lines `-- statement: NAME`: what a procedure runs
/// stands in a file of its own, where a client can run it too.
const INCLUDED: &[(&str, &str)] = files![
    "statements/":
    "ai_apply_sentiment",
    "ai_apply_summary",
    "ai_chunk_calls",
    "ai_clear_chunks",
    "ai_clear_links",
    "ai_enqueue_chunks",
    "ai_enqueue_summaries",
    "ai_link_work",
    "clear_streamed_calls",
    "clear_streamed_transcripts",
    "merge_streamed_calls",
    "merge_streamed_transcripts",
    "record_procedure_error",
    "transform_calls",
    "transform_clear_queue",
    "transform_delete_participants",
    "transform_delete_sentences",
    "transform_participants",
    "transform_sentences",
];

const NOT_ON_FAKESNOW: &str = "-- fakesnow: no";
const INCLUDES: &str = "-- statement: ";

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
        match line.trim().strip_prefix(INCLUDES) {
            None => parts.push(line),
            Some(name) => {
                let included = INCLUDED
                    .iter()
                    .find(|(included, _)| *included == name.trim());
                let (_, text) = included.ok_or_else(|| {
                    Error::new(
                        ErrorKind::Internal,
                        format!("migration {migration} names statement {name}, which is not there"),
                    )
                })?;
                parts.extend([text.trim_end(), ";\n"]);
            }
        }
    }
    Ok(SqlText::joined(parts))
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
                    || words.starts_with("ALTER TASK ")
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
        let text = "BEGIN\n    -- statement: ai_clear_links\n    COMMIT;\nEND";
        let assembled = assembled("test", text).unwrap();
        assert_eq!(
            assembled.as_str(),
            "BEGIN\nDELETE FROM GONG_AI_WORK_CALLS;\n    COMMIT;\nEND"
        );
        assert!(super::assembled("test", "-- statement: nothing").is_err());
    }
}
