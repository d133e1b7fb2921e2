//! Settings that span crates.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use calls::Timestamp;
use resilience::ErrorKind;
use snowflake_sql::{QueryTag, SnowflakeConfig, SnowflakePool};
use snowflake_store::{
    CallStore, CortexSearch, SearchToken, SearchTokenKind, SnowflakeStore, SnowflakeStoreConfig,
    SqliteStore, Upkeep,
};

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

/// Names a Cortex Search service over chunks, `database.schema.name`.
const SNOWFLAKE_SEARCH_SERVICE: &str = "SNOWFLAKE_SEARCH_SERVICE";

/// A programmatic access token for the search service.
const SNOWFLAKE_SEARCH_TOKEN: &str = "SNOWFLAKE_SEARCH_TOKEN";

/// The Snowflake store that the environment describes. Nothing is sent yet.
///
/// Beside the variables of [`SnowflakeConfig::from_env`]:
///
/// | variable | meaning |
/// |---|---|
/// | `SNOWFLAKE_SERVER` | `snowflake`, the default, or `fakesnow` for tests |
/// | `SNOWFLAKE_SEARCH_SERVICE` | a Cortex Search service that finds chunks, `database.schema.name` |
/// | `SNOWFLAKE_SEARCH_TOKEN` | a programmatic access token for it; default `SNOWFLAKE_TOKEN` or `SNOWFLAKE_OAUTH_TOKEN` |
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
    let variable = |name: &str| {
        let value = std::env::var(name).ok();
        value.filter(|value| !value.trim().is_empty())
    };
    let server = match variable(SNOWFLAKE_SERVER) {
        Some(server) => server
            .parse()
            .map_err(|error: snowflake_store::Error| error.with_field(SNOWFLAKE_SERVER))?,
        None => Default::default(),
    };
    let mut settings = SnowflakeStoreConfig::default().with_server(server);
    if let Some(service) = search_service(&config, variable)? {
        settings = settings.with_search_service(Arc::new(service));
    }
    let config = config.with_query_tag(QueryTag::new("gong-snowflake"));
    let pool = Arc::new(SnowflakePool::new(config));
    SnowflakeStore::new(pool, settings)
}

/// The search service, where one is named.
fn search_service(
    config: &SnowflakeConfig,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<CortexSearch>, snowflake_store::Error> {
    let Some(name) = variable(SNOWFLAKE_SEARCH_SERVICE) else {
        return Ok(None);
    };
    let name = name
        .parse()
        .map_err(|error: snowflake_store::Error| error.with_field(SNOWFLAKE_SEARCH_SERVICE))?;
    let proofs = [
        (
            SNOWFLAKE_SEARCH_TOKEN,
            SearchTokenKind::ProgrammaticAccessToken,
        ),
        ("SNOWFLAKE_TOKEN", SearchTokenKind::ProgrammaticAccessToken),
        ("SNOWFLAKE_OAUTH_TOKEN", SearchTokenKind::OAuth),
    ];
    let given = proofs
        .into_iter()
        .find_map(|(proof, kind)| variable(proof).map(|token| (proof, kind, token)));
    let Some((proof, kind, token)) = given else {
        let message = "is not set, and a search service is asked over REST, with a token";
        let error = snowflake_store::Error::new(ErrorKind::Config, message);
        return Err(error.with_field(SNOWFLAKE_SEARCH_TOKEN));
    };
    let token =
        SearchToken::new(kind, token.trim().to_owned()).map_err(|error| error.with_field(proof))?;
    CortexSearch::new(config.base_url(), name, token).map(Some)
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
    use snowflake_sql::Credentials;

    use super::*;

    /// What a service is made of these variables.
    fn search(variables: &[(&str, &str)]) -> Result<Option<CortexSearch>, snowflake_store::Error> {
        let config = SnowflakeConfig::new("myorg-sales", "u", Credentials::password("p")).unwrap();
        search_service(&config, |name| {
            let found = variables.iter().find(|(given, _)| *given == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn a_search_service_is_off_unless_it_is_named() {
        assert!(search(&[(SNOWFLAKE_SEARCH_TOKEN, "t")]).unwrap().is_none());
    }

    #[test]
    fn a_search_service_takes_the_token_that_is_there() {
        let service = (SNOWFLAKE_SEARCH_SERVICE, "gong.calls.gong_chunk_search");
        for proof in [
            SNOWFLAKE_SEARCH_TOKEN,
            "SNOWFLAKE_TOKEN",
            "SNOWFLAKE_OAUTH_TOKEN",
        ] {
            let search = search(&[service, (proof, "secret-token")])
                .unwrap()
                .unwrap();
            let shown = format!("{search:?}");
            assert!(shown.contains("GONG_CHUNK_SEARCH"), "{shown}");
            assert!(!shown.contains("secret-token"), "{shown}");
        }
        let error = search(&[service]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert_eq!(error.field(), Some(SNOWFLAKE_SEARCH_TOKEN));
        let error = search(&[service, ("SNOWFLAKE_TOKEN", "a b")]).unwrap_err();
        assert_eq!(error.field(), Some("SNOWFLAKE_TOKEN"));
    }

    #[test]
    fn a_search_service_has_a_whole_name() {
        let error = search(&[(SNOWFLAKE_SEARCH_SERVICE, "gong_chunk_search")]).unwrap_err();
        assert_eq!(error.field(), Some(SNOWFLAKE_SEARCH_SERVICE));
    }

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
