//! Reads from environment variables where the share is mounted.

use outbound::{Variables, variable};

use super::{DataShareConfig, ShareSchema};
use crate::{Error, Result};

const DATABASE: &str = "HUBSPOT_SHARE_DATABASE";
const SCHEMA: &str = "HUBSPOT_SHARE_SCHEMA";

impl DataShareConfig {
    /// Reads the environment; `None` without `HUBSPOT_SHARE_DATABASE`.
    ///
    /// | variable | meaning |
    /// |---|---|
    /// | `HUBSPOT_SHARE_DATABASE` | the name that the share is mounted by, or the database of the secure views |
    /// | `HUBSPOT_SHARE_SCHEMA` | `V2_DAILY` (default), `V2_LIVE`, or `PUBLIC` for the secure views |
    ///
    /// An empty variable counts as absent.
    ///
    /// # Errors
    /// [`Config`](resilience::ErrorKind::Config) or
    /// [`InvalidInput`](resilience::ErrorKind::InvalidInput), with the
    /// variable as [`field`](Error::field).
    pub fn from_env() -> Result<Option<Self>> {
        Self::from_variables(variable)
    }

    /// As [`from_env`](Self::from_env), from any source of variables.
    ///
    /// ```
    /// use hubspot_enrich::DataShareConfig;
    ///
    /// let none = DataShareConfig::from_variables(|_| Ok(None))?;
    /// assert!(none.is_none());
    /// let share = DataShareConfig::from_variables(|name| {
    ///     Ok((name == "HUBSPOT_SHARE_DATABASE").then(|| "HUBSPOT".to_owned()))
    /// })?;
    /// assert!(share.is_some());
    /// # Ok::<(), hubspot_enrich::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`from_env`](Self::from_env), and what `variable` returns.
    pub fn from_variables(
        variable: impl Fn(&'static str) -> Result<Option<String>>,
    ) -> Result<Option<Self>> {
        let variables = Variables::from(variable);
        let Some(database) = variables.trimmed(DATABASE)? else {
            return Ok(None);
        };
        let config = Self::new(&database).map_err(|error| error.with_field(DATABASE))?;
        let schema = variables
            .trimmed(SCHEMA)?
            .map(|schema| schema.to_ascii_uppercase());
        Ok(Some(match schema.as_deref() {
            None | Some("V2_DAILY") => config,
            Some("V2_LIVE") => config.with_schema(ShareSchema::Live),
            Some("PUBLIC") => config.over_secure_views(),
            Some(_) => {
                let message = "must be V2_DAILY, V2_LIVE, or PUBLIC for the secure views";
                return Err(Error::config(SCHEMA, message));
            }
        }))
    }
}
