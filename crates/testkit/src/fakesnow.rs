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
/// naming databases of their own.
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
