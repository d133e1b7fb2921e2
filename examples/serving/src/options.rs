//! What the programs take from the command line and the environment.

use std::fmt;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use gong_snowflake::outbound::secrecy::ExposeSecret;
use gong_snowflake::settings::{FallbackReader, SettingsBuilder};
use gong_snowflake::{Backend, FallbackStore, Settings, StoreLocation};

use crate::bearer::{Bearer, TOKEN_VARIABLE};

/// Where settings come from, beside the environment, and where calls are.
#[derive(Debug, Clone, Args)]
pub struct StorePlace {
    /// A TOML file with settings, instead of the one that GONG_SNOWFLAKE_CONFIG names;
    /// docs/configuration.md lists them.
    #[arg(long, value_name = "FILE.toml")]
    config: Option<PathBuf>,
    /// Where calls are stored: sqlite:PATH or snowflake. Default: sqlite:gong-snowflake.db.
    #[arg(long)]
    store: Option<StoreLocation>,
}

impl StorePlace {
    /// The settings that they leave to be completed by further options.
    pub fn settings(&self) -> SettingsBuilder {
        let settings = Settings::builder().with_environment();
        let settings = match &self.config {
            Some(path) => settings.with_file(path),
            None => settings,
        };
        settings.with_option("store.location", self.store.as_ref(), "--store")
    }
}

/// Which calls, and who reads them.
#[derive(Debug, Clone, Args)]
pub struct StoreArguments {
    #[command(flatten)]
    place: StorePlace,
    #[command(flatten)]
    reader: ReaderArguments,
    /// Who answers when the store does not: sqlite:PATH, snowflake, gong or none, the default.
    #[arg(long)]
    fallback_store: Option<FallbackStore>,
    /// Seconds between two looks for calls that have no analysis yet; 0 never looks. Default: 60.
    #[arg(long, value_name = "SECONDS")]
    analyse_every: Option<u64>,
}

impl StoreArguments {
    /// As [`StorePlace::settings`].
    pub fn settings(&self) -> SettingsBuilder {
        let fallback = self.fallback_store.as_ref();
        let every = self.analyse_every;
        self.reader
            .onto(self.place.settings())
            .with_option("store.fallback", fallback, "--fallback-store")
            .with_option("serve.analyse_every_seconds", every, "--analyse-every")
    }
}

/// Who reads calls, on a command line.
#[derive(Debug, Clone, Copy, Args)]
pub struct ReaderArguments {
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

impl ReaderArguments {
    /// Settings with these.
    pub fn onto(self, settings: SettingsBuilder) -> SettingsBuilder {
        let redact = self.redact.then_some(true);
        settings
            .with_option("language.backend", self.backend, "--backend")
            .with_option("language.fallback", self.fallback, "--fallback")
            .with_option("language.reader_share", self.reader_share, "--reader-share")
            .with_option("language.redact", redact, "--redact")
    }
}

/// How long things may take, on a command line.
#[derive(Debug, Clone, Copy, Args)]
pub struct LimitArguments {
    /// Seconds that one task may take. Default: 60.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    task_seconds: Option<u64>,
    /// Seconds that tasks under way may go on after the program is asked to stop. Default: 10.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(0..=86_400))]
    stop_seconds: Option<u64>,
}

impl LimitArguments {
    /// Settings with these.
    pub fn onto(self, settings: SettingsBuilder) -> SettingsBuilder {
        settings
            .with_option("serve.task_seconds", self.task_seconds, "--task-seconds")
            .with_option("serve.stop_seconds", self.stop_seconds, "--stop-seconds")
    }
}

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    task: Duration,
    grace: Duration,
}

impl Limits {
    /// Those of settings.
    pub fn of(settings: &Settings) -> Self {
        Self {
            task: Duration::from_secs(settings.serve.task_seconds.get() as u64),
            grace: Duration::from_secs(settings.serve.stop_seconds.into()),
        }
    }

    /// For one task.
    pub fn task(self) -> Duration {
        self.task
    }

    /// For what is under way when the program is asked to stop.
    pub fn grace(self) -> Duration {
        self.grace
    }
}

/// Who may ask.
#[derive(Debug, Clone, Copy, Args)]
pub struct TokenArguments {
    /// Asks callers for no token. Only on a loopback address: every program of this machine
    /// may then ask.
    #[arg(long)]
    without_token: bool,
}

impl TokenArguments {
    /// The token of the settings, unless none is asked for.
    ///
    /// # Errors
    /// Exit code 2: there is no token, it cannot be sent in a header, or none is asked for on
    /// an address that other machines reach.
    pub fn bearer(self, settings: &Settings, address: SocketAddr) -> Result<Bearer, Failed> {
        if self.without_token {
            return match address.ip().is_loopback() {
                true => Ok(Bearer::none()),
                false => Err(Failed::new(
                    2,
                    format!(
                        "--without-token: {address} is reached by other machines; set {TOKEN_VARIABLE}"
                    ),
                )),
            };
        }
        let Some(token) = &settings.serve.token else {
            let advice = "is not set: it is the token that callers show; --without-token asks for none, on a loopback address";
            return Err(Failed::new(2, format!("{TOKEN_VARIABLE} {advice}")));
        };
        Bearer::new(token.expose_secret()).ok_or_else(|| {
            let why = "must be letters, digits and signs of ASCII, without white space";
            Failed::new(2, format!("{TOKEN_VARIABLE} {why}"))
        })
    }
}

/// The settings that a program has read.
///
/// # Errors
/// Exit code 2, with all that is wrong.
pub async fn load(settings: SettingsBuilder) -> Result<Settings, Failed> {
    settings.load().await.map_err(|error| Failed::new(2, error))
}

/// Why a program ends without having served, or without having served all.
#[derive(Debug)]
pub struct Failed {
    code: u8,
    message: String,
}

impl Failed {
    /// With an exit code: 2 for a setting that is wrong, 1 for everything else.
    pub fn new(code: u8, message: impl fmt::Display) -> Self {
        let message = message.to_string();
        Self { code, message }
    }

    /// Says why on stderr, if anybody reads it, and gives the exit code.
    pub fn say(&self) -> ExitCode {
        let _ = writeln!(std::io::stderr(), "error: {}", self.message);
        ExitCode::from(self.code)
    }
}
