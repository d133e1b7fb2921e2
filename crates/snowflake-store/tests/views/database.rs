//! A store, and a way to ask its database that knows nothing of the store.

use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::types::Value;
use snowflake_sql::{SnowflakePool, SqlPool};
use snowflake_store::{
    CallStore, SnowflakeServer, SnowflakeStore, SnowflakeStoreConfig, SqliteStore,
};
use tempfile::TempDir;

use crate::views::fakesnow;

pub(crate) struct Database {
    pub(crate) store: Arc<dyn CallStore>,
    asked: Asked,
}

enum Asked {
    File {
        path: PathBuf,
        _folder: TempDir,
    },
    Pool {
        pool: Arc<SnowflakePool>,
        _server: fakesnow::Server,
    },
}

impl Database {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("calls.db");
        Self {
            store: Arc::new(SqliteStore::open(&path).await.unwrap()),
            asked: Asked::File {
                path,
                _folder: folder,
            },
        }
    }

    /// On the stand-in; `None` after saying that there is none.
    pub(crate) async fn snowflake() -> Option<Self> {
        let (pool, server) = fakesnow::migrated().await?;
        let config = SnowflakeStoreConfig::default().with_server(SnowflakeServer::Fakesnow);
        let store = SnowflakeStore::new(Arc::clone(&pool) as Arc<dyn SqlPool>, config).unwrap();
        Some(Self {
            store: Arc::new(store),
            asked: Asked::Pool {
                pool,
                _server: server,
            },
        })
    }

    /// The columns of each row of a view, as text; numbers without needless zeros.
    pub(crate) async fn rows(&self, columns: &str, view: &str, order: &str) -> Vec<String> {
        let select = format!("SELECT {columns} FROM {view} ORDER BY {order}");
        let rows = match &self.asked {
            Asked::File { path, .. } => of_sqlite(path.clone(), &select),
            Asked::Pool { pool, .. } => {
                // A test's own words; nothing else leaks them.
                fakesnow::rows(&**pool, Box::leak(select.into_boxed_str())).await
            }
        };
        rows.into_iter()
            .map(|cells| cells.into_iter().map(shown).collect::<Vec<_>>().join(" | "))
            .collect()
    }
}

fn shown(cell: Option<String>) -> String {
    match cell {
        None => "-".to_owned(),
        Some(text) => match text.parse::<f64>() {
            Ok(number) => number.to_string(),
            Err(_) => text,
        },
    }
}

fn of_sqlite(path: PathBuf, select: &str) -> Vec<Vec<Option<String>>> {
    let connection = Connection::open(path).unwrap();
    let mut statement = connection.prepare(select).unwrap();
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        let cells = (0..columns).map(|column| {
            Ok(match row.get::<_, Value>(column)? {
                Value::Null => None,
                Value::Integer(value) => Some(value.to_string()),
                Value::Real(value) => Some(value.to_string()),
                Value::Text(value) => Some(value),
                Value::Blob(_) => panic!("no view has bytes"),
            })
        });
        cells.collect()
    });
    rows.unwrap().collect::<rusqlite::Result<_>>().unwrap()
}
