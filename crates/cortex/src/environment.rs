//! Settings from variables, for backends that can be configured by the environment.

use std::env::VarError;

use resilience::ErrorKind;

use crate::{Error, Result};

/// A variable of the process; `None` when it is not set.
pub(crate) fn of_process(name: &'static str) -> Result<Option<String>> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(config_error(name, "is not valid Unicode")),
    }
}

/// A variable without white space around it; an empty one counts as absent.
pub(crate) fn trimmed(
    variable: impl Fn(&'static str) -> Result<Option<String>>,
    name: &'static str,
) -> Result<Option<String>> {
    let value = variable(name)?.map(|value| value.trim().to_owned());
    Ok(value.filter(|value| !value.is_empty()))
}

/// A setting, or the variable it comes from, that is wrong.
pub(crate) fn config_error(field: &str, message: &str) -> Error {
    Error::new(ErrorKind::Config, message).with_field(field)
}
