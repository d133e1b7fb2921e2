//! The schema, as numbered files of statements that may run again.
//!
//! Snowflake commits with every DDL statement, so a migration is not a transaction: its
//! statements say IF NOT EXISTS or OR REPLACE, run one at a time, and the history has a
//! migration once its last statement is through. What broke off in the middle runs again
//! from its start. Procedures hold the text of the statements that they run, so a migration
//! of procedures alone is applied again when its text has changed.

mod files;
mod printed;
mod script;

use std::collections::HashMap;

use resilience::ErrorKind;
use snowflake_sql::{SqlText, Statement};

pub(super) use files::reader_scripts;
pub use files::snowflake_migrations;
pub use script::split_statements;

use super::config::SnowflakeServer;
use super::failure::of_sql;
use super::store::SnowflakeStore;
use super::{now, statements};
use crate::{Error, Result, payload_hash};

/// A numbered file of `sql/snowflake`, as it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SnowflakeMigration {
    /// Number, ascending from 1.
    pub version: u32,
    /// Name of the file without its ending, such as `0001_landing`.
    pub name: &'static str,
    /// Whether fakesnow can run it: files that say `-- fakesnow: no` it cannot.
    pub on_fakesnow: bool,
    /// Its statements in order, with those of `statements/` put where the file names them.
    pub statements: Vec<SqlText>,
}

impl SnowflakeMigration {
    /// SHA-256 of its statements, in lower-case hex.
    pub fn checksum(&self) -> String {
        let mut text = String::new();
        for statement in &self.statements {
            text.push_str(statement.as_str());
            text.push('\0');
        }
        payload_hash::sha256_hex(text.as_bytes())
    }

    /// Whether it only replaces procedures, which is applied again when its text has changed.
    pub fn is_repeatable(&self) -> bool {
        self.statements.iter().all(|statement| {
            let mut lines = statement.as_str().lines().map(str::trim_start);
            let first = lines.find(|line| !line.is_empty() && !line.starts_with("--"));
            first.is_some_and(|line| line.starts_with("CREATE OR REPLACE PROCEDURE "))
        })
    }
}

/// Checksums of migrations before their texts were changed. What these did may be done anew
/// at any time, so a schema that was built with them is brought up to date.
const EARLIER: &[(u32, &str)] = &[
    (
        5,
        "4d617d0b3a91fce2ffbf5a4f9033cbe91785cca9da7ae1e0e86b5b518da28356",
    ),
    (
        25,
        "95ed90df8883564fca1b515fe63e7c6acf2eed8d2389f905bd1580163ae543af",
    ),
    (
        28,
        "54ff3d64d046f3029411ec691d9bd36e3659ef30d79903237fb97e565b317644",
    ),
];

/// Applies what is not applied yet; returns how many migrations were.
pub(super) async fn apply(store: &SnowflakeStore) -> Result<u32> {
    let run = |statement: Statement| async move {
        let written = store.write(&[statement]).await;
        written.map_err(for_whom)
    };
    let all = snowflake_migrations()?;
    // Asked before anything is made: who may only write rows can open a schema that is
    // up to date.
    let applied = match applied(store).await {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            run(statements::CREATE_SCHEMA_HISTORY.statement()).await?;
            HashMap::new()
        }
        applied => applied?,
    };
    check(&all, &applied)?;
    let mut count = 0;
    for migration in &all {
        let skipped =
            store.config().server() == SnowflakeServer::Fakesnow && !migration.on_fakesnow;
        let is_applied = applied.get(&migration.version) == Some(&migration.checksum());
        if is_applied || skipped {
            continue;
        }
        for text in &migration.statements {
            run(Statement::new("migrate", text.clone())).await?;
        }
        let recorded = statements::RECORD_MIGRATION
            .statement()
            .bind(migration.version)
            .bind(migration.name)
            .bind(migration.checksum())
            .bind(now());
        run(recorded).await?;
        count += 1;
    }
    Ok(count)
}

/// After an update, the first to open the schema is often a service that may only write rows.
fn for_whom(error: Error) -> Error {
    match error.kind() {
        ErrorKind::Permission => error.context(
            "the schema is not up to date, and this role may not change it; its owner can, by \
             `snowflake_setup apply`",
        ),
        _ => error,
    }
}

/// Checksums of what is applied, by number.
async fn applied(store: &SnowflakeStore) -> Result<HashMap<u32, String>> {
    let rows = store.ask(&statements::SCHEMA_HISTORY.statement()).await?;
    let mut applied = HashMap::new();
    for row in rows.iter() {
        let version = row.integer("VERSION").map_err(of_sql)?;
        let checksum = row.required_text("CHECKSUM").map_err(of_sql)?;
        let version = version.and_then(|version| u32::try_from(version).ok());
        applied.extend(version.map(|version| (version, checksum.to_owned())));
    }
    Ok(applied)
}

/// Refuses schemas of newer builds and of altered migrations.
fn check(all: &[SnowflakeMigration], applied: &HashMap<u32, String>) -> Result<()> {
    let latest = all.last().map_or(0, |migration| migration.version);
    if let Some(newer) = applied.keys().find(|version| **version > latest) {
        return Err(Error::new(
            ErrorKind::Config,
            format!(
                "schema has migration {newer}, newer than {latest}, the latest that this build \
                 knows"
            ),
        ));
    }
    for migration in all.iter().filter(|migration| !migration.is_repeatable()) {
        let checksum = applied.get(&migration.version);
        let is_known = |checksum: &String| {
            *checksum == migration.checksum()
                || EARLIER.contains(&(migration.version, checksum.as_str()))
        };
        if !checksum.is_none_or(is_known) {
            return Err(Error::new(
                ErrorKind::Config,
                format!(
                    "schema was built with a different version of migration {}",
                    migration.name
                ),
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_newer_schemas_and_altered_migrations() {
        let all = snowflake_migrations().unwrap();
        let good: HashMap<u32, String> = all
            .iter()
            .map(|migration| (migration.version, migration.checksum()))
            .collect();
        assert!(check(&all, &good).is_ok());
        let mut altered = good.clone();
        altered.insert(2, "x".to_owned());
        let error = check(&all, &altered).unwrap_err().to_string();
        assert!(error.contains("0002_staging"), "{error}");
        let mut replaced = good.clone();
        for procedures in [22, 29] {
            replaced.insert(procedures, "x".to_owned());
        }
        assert!(check(&all, &replaced).is_ok());
        let before = EARLIER.iter();
        let before = before.map(|(version, checksum)| (*version, (*checksum).to_owned()));
        assert!(check(&all, &before.collect()).is_ok());
        let mut newer = good;
        newer.insert(9_999, "x".to_owned());
        assert!(check(&all, &newer).is_err());
    }
}
