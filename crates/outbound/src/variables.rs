//! Settings from environment variables, or from a substitute in tests.

use std::env::VarError;
use std::str::FromStr;

use crate::Error;

/// A variable of this process; `None` when it is not set.
///
/// # Errors
/// [`Config`](resilience::ErrorKind::Config) on the variable when it is not valid Unicode.
pub fn variable<E: From<Error>>(name: &'static str) -> Result<Option<String>, E> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Error::config(name, "is not valid Unicode").into()),
    }
}

/// Longer values may be secrets that were put in the wrong place.
const SHORT: usize = 24;

/// What was found where a value of another form belongs, for an error: quoted when it is short,
/// and counted otherwise.
///
/// ```
/// assert_eq!(outbound::found("three"), "\"three\"");
/// assert_eq!(outbound::found(&"x".repeat(40)), "a text of 40 characters");
/// ```
pub fn found(value: &str) -> String {
    match value.chars().count() {
        0..=SHORT => format!("{value:?}"),
        long => format!("a text of {long} characters"),
    }
}

/// Reads settings from a source of variables: [`variable`], or a settings file of the caller.
///
/// An empty variable counts as absent.
///
/// ```
/// use outbound::{Error, Variables};
///
/// let variables = Variables::from(|name| {
///     Ok::<_, Error>((name == "LIMIT").then(|| " 3 ".to_owned()))
/// });
/// assert_eq!(variables.parsed::<u32>("LIMIT", "is not a number")?, Some(3));
/// assert_eq!(variables.trimmed("MODEL")?, None);
/// assert_eq!(variables.required("TOKEN").unwrap_err().field(), Some("TOKEN"));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Variables<F>(F);

impl<F> From<F> for Variables<F> {
    fn from(source: F) -> Self {
        Self(source)
    }
}

impl<F, E> Variables<F>
where
    F: Fn(&'static str) -> Result<Option<String>, E>,
    E: From<Error>,
{
    /// The value as it is.
    ///
    /// # Errors
    /// The source's, as of all methods.
    pub fn verbatim(&self, name: &'static str) -> Result<Option<String>, E> {
        Ok(self.0(name)?.filter(|value| !value.trim().is_empty()))
    }

    /// The value without white space around it.
    ///
    /// # Errors
    /// The source's.
    pub fn trimmed(&self, name: &'static str) -> Result<Option<String>, E> {
        let value = self.verbatim(name)?;
        Ok(value.map(|value| value.trim().to_owned()))
    }

    /// As [`trimmed`](Self::trimmed).
    ///
    /// # Errors
    /// [`Config`](resilience::ErrorKind::Config) on the variable when it is not set.
    pub fn required(&self, name: &'static str) -> Result<String, E> {
        let value = self.trimmed(name)?;
        value.ok_or_else(|| Error::config(name, "is not set").into())
    }

    /// The value, read as something else.
    ///
    /// # Errors
    /// [`Config`](resilience::ErrorKind::Config) on the variable, with `wrong` and what was
    /// found as its message, when it cannot be.
    pub fn parsed<T: FromStr>(&self, name: &'static str, wrong: &str) -> Result<Option<T>, E> {
        let Some(value) = self.trimmed(name)? else {
            return Ok(None);
        };
        let parsed = value.parse().map(Some);
        parsed.map_err(|_| Error::config(name, format!("{wrong}, but {}", found(&value))).into())
    }
}
