//! One typed [`Settings`] for everything that the workspace can be told, read once.
//!
//! Each setting is described once, in one table: its type, its default, its names in every
//! source and what it means. Loading, errors, [`describe`](Settings::describe) and
//! docs/configuration.md come from there.
//!
//! Sources, of which later ones win: defaults; a TOML file, which `GONG_SNOWFLAKE_CONFIG` or
//! [`with_file`](SettingsBuilder::with_file) names; an environment of Pulumi ESC; a folder of
//! secrets, one file per setting; environment variables; what the caller says, such as options
//! of a command line. A name that is no setting, a value of another form and settings that
//! contradict each other are errors that say where they stand.

mod builder;
mod describe;
mod environment;
mod error;
mod esc;
mod file;
mod folder;
mod known;
mod location;
mod origin;
mod problem;
mod rules;
mod setting;
mod table;
mod value;
mod values;

pub use builder::SettingsBuilder;
pub use describe::Described;
pub use error::Error;
pub use esc::EscEnvironment;
pub use location::{FallbackStore, StoreLocation, parse_instant};
pub use table::*;
pub use value::{
    Backend, CortexFunctions, CortexTokenType, FallbackReader, HubSpotVersion, Percent,
    ShareSchemaName, SnowflakeServer,
};

use origin::Origin;
use outbound::HttpSettings;
use resilience::Fault;

/// Names the TOML file.
const CONFIG: &str = "GONG_SNOWFLAKE_CONFIG";

impl Settings {
    /// The settings of a program: its environment, and the file, folder and Pulumi ESC
    /// environment that this names.
    ///
    /// # Errors
    /// As [`SettingsBuilder::load`].
    pub async fn load() -> Result<Self, Error> {
        Self::builder().with_environment().load().await
    }

    /// Settings from sources of the caller's choice. Without any, all are defaults.
    pub fn builder() -> SettingsBuilder {
        SettingsBuilder::default()
    }

    /// The text of a setting by its variable, as `from_variables` of the crates' configurations
    /// takes it.
    ///
    /// ```
    /// use gong_snowflake::Settings;
    /// use gong_snowflake::gong_client::GongConfig;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let settings = Settings::builder()
    ///     .with("gong.base_url", "https://us-12345.api.gong.io", "this example")
    ///     .with("gong.bearer_token", "TOKEN", "this example")
    ///     .load()
    ///     .await?;
    /// let config = GongConfig::from_variables(|name| Ok(settings.variable(name)))?;
    /// # let _ = config;
    /// # Ok(())
    /// # }
    /// ```
    pub fn variable(&self, name: &str) -> Option<String> {
        self.values.text(name).map(str::to_owned)
    }

    /// Whether somebody gave a setting, by its variable, rather than the default.
    #[cfg(feature = "snowflake")]
    pub(crate) fn is_set(&self, variable: &str) -> bool {
        self.values.is_set(variable)
    }

    /// How clients connect that read no variables themselves.
    pub(crate) fn http(&self) -> Result<HttpSettings, Error> {
        self.values.http().map_err(|error| self.located(error))
    }

    /// The error of a part that was made of settings, with the setting at fault as a person
    /// wrote it, and its place.
    pub(crate) fn located(&self, error: impl Into<Box<Fault>>) -> Error {
        let mut fault = error.into();
        let variable = fault.field.clone().unwrap_or_default();
        let given = self.values.given(&variable);
        if let Some(given) = given.filter(|given| given.origin != Origin::Default) {
            if !given.origin.is_option() {
                fault.message = format!("{} ({})", fault.message, given.origin);
            }
            fault.field = Some(self.values.name(&variable));
        }
        Error::from_below(fault)
    }

    /// As [`located`](Self::located); an error that names no field is of the option.
    #[cfg(feature = "local")]
    pub(crate) fn of_option(&self, option: &str, error: impl Into<Box<Fault>>) -> Error {
        let error = self.located(error);
        match error.field() {
            Some(_) => error,
            None => error.with_field(option),
        }
    }
}
