//! Grants in a SQLite file. For callers that keep several companies' side by side.

use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension};
use secrecy::ExposeSecret;

use super::Grant;
use super::store::{TokenLock, TokenStore, aside, beside, private, take_lock, unusable};
use crate::Result;

/// How long one process waits for another that writes.
const BUSY: Duration = Duration::from_secs(30);

const TABLE: &str = "CREATE TABLE IF NOT EXISTS GONG_GRANTS (
    GRANT_NAME TEXT NOT NULL PRIMARY KEY,
    GRANT_JSON TEXT NOT NULL
) STRICT";

/// Keeps grants by name in a SQLite file that only its owner can read, on a local disk.
/// Processes that name the same file take turns at renewing, by the system's lock on a second
/// file beside it.
#[derive(Debug, Clone)]
pub struct SqliteTokenStore {
    path: PathBuf,
    name: String,
}

impl SqliteTokenStore {
    /// The grant of a name, such as a company's, in a file; neither needs to exist.
    pub fn new(path: impl AsRef<Path>, name: impl Into<String>) -> Self {
        Self {
            path: path.as_ref().to_owned(),
            name: name.into(),
        }
    }

    fn open(&self) -> Result<Connection> {
        let wrong = |error: std::io::Error| unusable(&self.path, error);
        // SQLite would make a file that everybody may read.
        private().create(true).open(&self.path).map_err(wrong)?;
        let open = || {
            let connection = Connection::open(&self.path)?;
            connection.busy_timeout(BUSY)?;
            connection.pragma_update(None, "synchronous", "FULL")?;
            connection.execute(TABLE, [])?;
            Ok(connection)
        };
        open().map_err(|error: rusqlite::Error| wrong(std::io::Error::other(error)))
    }

    fn read(&self) -> Result<Option<Grant>> {
        let json: Option<String> = self
            .open()?
            .query_row(
                "SELECT GRANT_JSON FROM GONG_GRANTS WHERE GRANT_NAME = ?1",
                [&self.name],
                |row| row.get(0),
            )
            .optional()
            .map_err(|error| unusable(&self.path, std::io::Error::other(error)))?;
        let damaged = || unusable(&self.path, std::io::Error::other("it holds no grant"));
        json.map(|json| Grant::from_secret_json(&json).ok_or_else(damaged))
            .transpose()
    }

    fn replace(&self, grant: &Grant) -> Result<()> {
        self.open()?
            .execute(
                "INSERT INTO GONG_GRANTS (GRANT_NAME, GRANT_JSON) VALUES (?1, ?2)
                 ON CONFLICT (GRANT_NAME) DO UPDATE SET GRANT_JSON = excluded.GRANT_JSON",
                [&self.name, grant.to_secret_json().expose_secret()],
            )
            .map_err(|error| unusable(&self.path, std::io::Error::other(error)))?;
        Ok(())
    }
}

#[async_trait]
impl TokenStore for SqliteTokenStore {
    async fn lock(&self) -> Result<TokenLock> {
        let path = beside(&self.path, ".lock");
        Ok(TokenLock::new(aside(move || take_lock(&path)).await?))
    }

    async fn load(&self) -> Result<Option<Grant>> {
        let store = self.clone();
        aside(move || store.read()).await
    }

    async fn save(&self, grant: &Grant) -> Result<()> {
        let (store, grant) = (self.clone(), grant.clone());
        aside(move || store.replace(&grant)).await
    }
}
