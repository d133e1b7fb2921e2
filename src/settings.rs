//! Settings that span crates.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use calls::Timestamp;
use resilience::ErrorKind;
use snowflake_sql::{QueryTag, SnowflakeConfig, SnowflakePool};
use snowflake_store::{CallStore, SnowflakeStore, SnowflakeStoreConfig, SqliteStore, Upkeep};

resilience::error_type! {
    /// A setting that makes no sense.
    pub struct Error;
}

/// Where calls are stored, as a user writes it: `sqlite:PATH` or `snowflake`.
///
/// ```
/// use gong_snowflake::StoreLocation;
///
/// let location: StoreLocation = "sqlite:calls.db".parse()?;
/// assert_eq!(location, StoreLocation::Sqlite("calls.db".into()));
/// assert!("calls.db".parse::<StoreLocation>().is_err());
/// # Ok::<(), gong_snowflake::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreLocation {
    /// An SQLite file.
    Sqlite(PathBuf),
    /// The Snowflake account that the environment names.
    Snowflake,
}

impl FromStr for StoreLocation {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let refuse = |why: &str| Err(Error::new(ErrorKind::InvalidInput, why).with_field("store"));
        match text.split_once(':') {
            Some(("sqlite", "")) => refuse("sqlite: needs a path behind it"),
            Some(("sqlite", path)) => Ok(Self::Sqlite(path.into())),
            None if text == "snowflake" => Ok(Self::Snowflake),
            _ => refuse("must be sqlite:PATH or snowflake"),
        }
    }
}

impl StoreLocation {
    /// Opens the store and applies its migrations; an SQLite file is created when it is
    /// absent. On Snowflake a role that may not create tables can open a schema that is
    /// up to date.
    ///
    /// # Errors
    /// The store's own; for Snowflake also those of its settings, naming the variable.
    pub async fn open(&self) -> Result<Arc<dyn CallStore>, snowflake_store::Error> {
        match self {
            Self::Sqlite(path) => Ok(Arc::new(SqliteStore::open(path).await?)),
            Self::Snowflake => {
                let store = snowflake_from_env()?;
                store.migrate().await?;
                Ok(Arc::new(store))
            }
        }
    }
}

/// Says what answers the statements: `snowflake`, or `fakesnow` for tests.
const SNOWFLAKE_SERVER: &str = "SNOWFLAKE_SERVER";

/// The Snowflake store that [`SnowflakeConfig::from_env`] and `SNOWFLAKE_SERVER`
/// (`snowflake`, the default, or `fakesnow` for tests) describe. Nothing is sent yet.
///
/// # Errors
/// Of kind `Config` or `InvalidInput`, naming the variable.
pub fn snowflake_from_env() -> Result<SnowflakeStore, snowflake_store::Error> {
    let config = SnowflakeConfig::from_env().map_err(|error| {
        let named = snowflake_store::Error::new(error.kind(), error.message());
        match error.field() {
            Some(field) => named.with_field(field),
            None => named,
        }
    })?;
    let server = match std::env::var(SNOWFLAKE_SERVER) {
        Ok(server) => server
            .parse()
            .map_err(|error: snowflake_store::Error| error.with_field(SNOWFLAKE_SERVER))?,
        Err(_) => Default::default(),
    };
    let config = config.with_query_tag(QueryTag::new("gong-snowflake"));
    let pool = Arc::new(SnowflakePool::new(config));
    SnowflakeStore::new(pool, SnowflakeStoreConfig::default().with_server(server))
}

/// Reads an instant (`2026-08-01T00:00:00Z`, any offset) or a date
/// (`2026-08-01`, its midnight UTC).
///
/// # Errors
/// [`ErrorKind::InvalidInput`] naming `field`.
pub fn parse_instant(field: &str, text: &str) -> Result<Timestamp, Error> {
    let instant = match text.parse::<Timestamp>() {
        Ok(instant) => Some(instant),
        Err(_) if text.len() == "2026-08-01".len() => format!("{text}T00:00:00Z").parse().ok(),
        Err(_) => None,
    };
    instant.ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidInput,
            format!(
                "{text:?} is neither a date (2026-08-01) nor an instant (2026-08-01T00:00:00Z)"
            ),
        )
        .with_field(field)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_instants_are_read_as_utc() {
        let date = parse_instant("from", "2026-08-01").unwrap();
        assert_eq!(
            date,
            parse_instant("from", "2026-07-31T17:00:00-07:00").unwrap()
        );
    }

    #[test]
    fn malformed_dates_name_the_field() {
        for text in [
            "",
            "yesterday",
            "2026-13-01",
            "2026-08-01T00:00:00",
            "01.08.2026",
            "2026-8-1",
        ] {
            let error = parse_instant("from", text).unwrap_err();
            assert_eq!(error.field(), Some("from"), "{text}");
        }
    }
}
