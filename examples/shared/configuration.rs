//! Where the settings of a program come from: its environment, a file, and its options.

use std::path::PathBuf;

use clap::Args;
use gong_snowflake::settings::{FallbackReader, SettingsBuilder};
use gong_snowflake::{Backend, Settings, StoreLocation};

/// The file of settings.
#[derive(Debug, Args)]
pub(crate) struct Configuration {
    /// A TOML file with settings, instead of the one that GONG_SNOWFLAKE_CONFIG names;
    /// docs/configuration.md lists them.
    #[arg(long, value_name = "FILE.toml")]
    config: Option<PathBuf>,
}

impl Configuration {
    pub(crate) fn settings(&self) -> SettingsBuilder {
        let settings = Settings::builder().with_environment();
        match &self.config {
            Some(path) => settings.with_file(path),
            None => settings,
        }
    }
}

/// Settings, and the store.
#[derive(Debug, Args)]
pub(crate) struct StoreConfiguration {
    #[command(flatten)]
    configuration: Configuration,
    /// Where calls are stored: sqlite:PATH or snowflake. Default: sqlite:gong-snowflake.db.
    #[arg(long)]
    store: Option<StoreLocation>,
}

impl StoreConfiguration {
    pub(crate) fn settings(&self) -> SettingsBuilder {
        let settings = self.configuration.settings();
        settings.with_option("store.location", self.store.as_ref(), "--store")
    }
}

/// Who reads calls.
#[derive(Debug, Args)]
pub(crate) struct Reader {
    /// Who reads the calls: local, cortex-sql, cortex-rest or openai. Default: local.
    #[arg(long)]
    backend: Option<Backend>,
    /// Who reads a call when the backend fails to: local (the default) or none.
    #[arg(long)]
    fallback: Option<FallbackReader>,
    /// Calls in a hundred that the backend reads; the fallback reads the others. Default: 100.
    #[arg(long, value_parser = clap::value_parser!(u8).range(0..=100))]
    reader_share: Option<u8>,
    /// Keeps names, companies, addresses and numbers from the backend.
    #[arg(long)]
    redact: bool,
}

impl Reader {
    pub(crate) fn onto(&self, settings: SettingsBuilder) -> SettingsBuilder {
        settings
            .with_option("language.backend", self.backend, "--backend")
            .with_option("language.fallback", self.fallback, "--fallback")
            .with_option("language.reader_share", self.reader_share, "--reader-share")
            .with_option("language.redact", self.redact.then_some(true), "--redact")
    }
}
