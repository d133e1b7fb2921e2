//! What both programs take from the command line and the environment.

use std::fmt;
use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, ValueEnum};
use gong_snowflake::{
    AgentOptions, Backend, FallbackStore, LanguageOptions, StoreLocation, StoreOptions,
};
use tracing_subscriber::EnvFilter;

use crate::bearer::{Bearer, TOKEN_VARIABLE};

/// Which calls, and who reads them.
#[derive(Debug, Clone, Args)]
pub struct StoreArguments {
    /// Where calls are stored: sqlite:PATH or snowflake.
    #[arg(long, default_value = "sqlite:gong-snowflake.db")]
    pub store: StoreLocation,
    /// Who reads the calls: local, cortex-sql, cortex-rest or openai.
    #[arg(long, default_value_t = Backend::Local)]
    pub backend: Backend,
    /// Who reads a call when the backend fails to.
    #[arg(long, value_enum, default_value_t = Fallback::Local)]
    fallback: Fallback,
    /// Who answers when the store does not: sqlite:PATH, snowflake, gong or none.
    #[arg(long, default_value = "none")]
    fallback_store: FallbackStore,
    /// Keeps names, companies, addresses and numbers from the backend.
    #[arg(long)]
    redact: bool,
    /// Seconds between two looks for calls that have no analysis yet; 0 never looks.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    analyse_every: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Fallback {
    /// This process.
    Local,
    /// Nobody: what the backend cannot read stays unread.
    None,
}

impl StoreArguments {
    pub(crate) fn agents(&self) -> AgentOptions {
        let mut language = LanguageOptions::new(self.backend);
        if self.fallback == Fallback::Local {
            language = language.with_local_fallback();
        }
        if self.redact {
            language = language.with_redaction();
        }
        AgentOptions::new(self.store.clone())
            .with_store_options(StoreOptions::new("serve"))
            .with_language(language)
            .with_fallback(self.fallback_store.clone())
    }

    pub(crate) fn analyse_every(&self) -> Option<Duration> {
        (self.analyse_every > 0).then(|| Duration::from_secs(self.analyse_every))
    }
}

/// How long things may take.
#[derive(Debug, Clone, Copy, Args)]
pub struct Limits {
    /// Seconds that one task may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    task_seconds: u64,
    /// Seconds that tasks under way may go on after the program is asked to stop.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(0..=86_400))]
    stop_seconds: u64,
}

impl Limits {
    /// For one task.
    pub fn task(self) -> Duration {
        Duration::from_secs(self.task_seconds)
    }

    /// For what is under way when the program is asked to stop.
    pub fn grace(self) -> Duration {
        Duration::from_secs(self.stop_seconds)
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
    /// The token in `GONG_SNOWFLAKE_TOKEN`, unless none is asked for.
    ///
    /// # Errors
    /// Exit code 2: there is no token, it cannot be sent in a header, or none is asked for on
    /// an address that other machines reach.
    pub fn bearer(self, address: SocketAddr) -> Result<Bearer, Failed> {
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
        let token = std::env::var_os(TOKEN_VARIABLE).unwrap_or_default();
        if token.is_empty() {
            let advice = "is not set: it is the token that callers show; --without-token asks for none, on a loopback address";
            return Err(Failed::new(2, format!("{TOKEN_VARIABLE} {advice}")));
        }
        token.to_str().and_then(Bearer::new).ok_or_else(|| {
            let why = "must be letters, digits and signs of ASCII, without white space";
            Failed::new(2, format!("{TOKEN_VARIABLE} {why}"))
        })
    }
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

/// Logs to stderr; warnings unless `RUST_LOG` says otherwise. A log that cannot be written is
/// no reason to fail.
pub fn start_logging() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .log_internal_errors(false)
        .init();
}
