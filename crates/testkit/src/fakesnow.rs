//! A Snowflake stand-in, run in its own process.
//!
//! [fakesnow] runs Snowflake's SQL on DuckDB; `python/fakesnow_server.py` makes its
//! replies fit clients other than Python's. It proves that statements do what they
//! should to rows, not that Snowflake accepts them: `docs/snowflake-internals.md` says what it
//! cannot do and where it differs.
//!
//! `cargo xtask test` installs it and starts some for all tests. Without that, a test
//! that needs one is skipped and says so.
//!
//! [fakesnow]: https://github.com/tekumara/fakesnow

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use outbound::reqwest::{self, StatusCode};
use resilience::ErrorKind;
use url::Url;

use crate::Error;

type Result<T, E = Error> = std::result::Result<T, E>;

/// Where running stand-ins are, with spaces between; one of them is used in place of
/// starting one.
pub const URL_VARIABLE: &str = "GONG_SNOWFLAKE_FAKESNOW_URL";

/// The Python of an environment with `python/requirements-fakesnow.txt`.
pub const PYTHON_VARIABLE: &str = "GONG_SNOWFLAKE_FAKESNOW_PYTHON";

/// A stand-in on loopback. It takes every account, user and password; databases and
/// schemas are made by the login that first names them, so tests keep apart by
/// naming accounts or databases of their own.
#[derive(Debug)]
pub struct FakeSnow {
    base_url: Url,
    child: Option<Child>,
}

impl FakeSnow {
    /// A stand-in that [`URL_VARIABLE`] names, else one started with the Python
    /// that [`PYTHON_VARIABLE`] names, else `None`, after a line `skipped: …` on
    /// stderr.
    ///
    /// # Errors
    /// `Config` when the variable holds no URL, `Transient` when it does not start.
    pub fn available() -> Result<Option<Self>> {
        if let Ok(urls) = std::env::var(URL_VARIABLE) {
            return Ok(Some(Self {
                base_url: parse(one_of(&urls))?,
                child: None,
            }));
        }
        match std::env::var(PYTHON_VARIABLE) {
            Ok(python) => Self::start(&python).map(Some),
            Err(_) => {
                eprintln!("skipped: no Snowflake stand-in; cargo xtask test starts one");
                Ok(None)
            }
        }
    }

    /// Starts one with a Python; it ends when this value is dropped, or its parent ends.
    ///
    /// # Errors
    /// `Transient` when it does not start.
    pub fn start(python: &str) -> Result<Self> {
        let failed = |source: std::io::Error| {
            Error::new(
                ErrorKind::Transient,
                "the Snowflake stand-in does not start",
            )
            .with_source(source)
        };
        let mut child = Command::new(python)
            .arg(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/python/fakesnow_server.py"
            ))
            // It ends when its stdin does.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout)
                .read_line(&mut line)
                .map_err(failed)?;
        }
        Ok(Self {
            base_url: parse(line.trim())?,
            child: Some(child),
        })
    }

    /// Where clients log in.
    pub fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// Makes the database of a new account from the copy of a name, which
    /// [`keep_copy`](Self::keep_copy) took of a database called the same; `false` when there is
    /// none.
    ///
    /// # Errors
    /// `Transient` when the stand-in does not answer as it should.
    pub async fn restore_copy(&self, name: &str, account: &str, database: &str) -> Result<bool> {
        let path = format!("copies/{name}/restored");
        match self.post(&path, account, database).await? {
            StatusCode::NO_CONTENT => Ok(true),
            StatusCode::NOT_FOUND => Ok(false),
            other => Err(odd_status(other)),
        }
    }

    /// Keeps a copy of a database, under a name, for as long as the stand-in runs. Nobody may
    /// write to it meanwhile.
    ///
    /// # Errors
    /// `Transient` when the stand-in does not answer as it should.
    pub async fn keep_copy(&self, name: &str, account: &str, database: &str) -> Result<()> {
        let path = format!("copies/{name}");
        match self.post(&path, account, database).await? {
            StatusCode::NO_CONTENT => Ok(()),
            other => Err(odd_status(other)),
        }
    }

    async fn post(&self, path: &str, account: &str, database: &str) -> Result<StatusCode> {
        let mut url = self.base_url.clone();
        url.set_path(path);
        url.query_pairs_mut()
            .append_pair("account", account)
            .append_pair("database", database);
        let sent = reqwest::Client::new().post(url).send().await;
        let reply = sent.map_err(|source| {
            Error::new(
                ErrorKind::Transient,
                "the Snowflake stand-in does not answer",
            )
            .with_source(source)
        })?;
        Ok(reply.status())
    }
}

fn odd_status(status: StatusCode) -> Error {
    let message = format!("the Snowflake stand-in answers {status}");
    Error::new(ErrorKind::Transient, message)
}

impl Drop for FakeSnow {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

/// The one for this process: test programs are shared out by their process ids.
fn one_of(urls: &str) -> &str {
    let all: Vec<&str> = urls.split_whitespace().collect();
    let turn = std::process::id() as usize;
    turn.checked_rem(all.len()).map_or("", |place| all[place])
}

fn parse(url: &str) -> Result<Url> {
    url.parse().map_err(|error: url::ParseError| {
        Error::new(ErrorKind::Config, "is not a URL")
            .with_field(URL_VARIABLE)
            .with_source(error)
    })
}
