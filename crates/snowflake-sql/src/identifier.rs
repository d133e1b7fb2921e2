//! Names of databases, schemas, tables and columns that settings choose.

use std::fmt;
use std::str::FromStr;

use resilience::ErrorKind;

use crate::{Error, Result};

/// Snowflake's limit for the length of an identifier.
const LONGEST: usize = 255;

/// One name, checked, and quoted wherever it is put into a text.
///
/// A plain name (`[A-Za-z_][A-Za-z0-9_$]*`) is read as Snowflake reads it without
/// quotes, in upper case; a name within double quotes is taken as it is.
///
/// ```
/// use snowflake_sql::Identifier;
///
/// assert_eq!("sales_calls".parse::<Identifier>()?.quoted(), "\"SALES_CALLS\"");
/// assert_eq!("\"Sales Calls\"".parse::<Identifier>()?.quoted(), "\"Sales Calls\"");
/// assert!("calls; DROP TABLE x".parse::<Identifier>().is_err());
/// # Ok::<(), snowflake_sql::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identifier(String);

impl Identifier {
    /// A name exactly as it is stored, as `INFORMATION_SCHEMA` shows it.
    ///
    /// # Errors
    /// `InvalidInput` when it is empty, longer than 255 characters or holds a
    /// control character.
    pub fn stored(name: impl Into<String>) -> Result<Self> {
        let name = name.into();
        let refuse = |why| Err(Error::new(ErrorKind::InvalidInput, why).with_field("identifier"));
        if name.is_empty() {
            return refuse("is empty");
        }
        if name.chars().count() > LONGEST {
            return refuse("is longer than 255 characters");
        }
        if name.chars().any(char::is_control) {
            return refuse("contains a control character");
        }
        Ok(Self(name))
    }

    /// The name as it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as it stands in a text: in double quotes, with those inside doubled.
    pub fn quoted(&self) -> String {
        format!("\"{}\"", self.0.replace('"', "\"\""))
    }
}

impl FromStr for Identifier {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if let Some(inner) = text
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
        {
            if inner.replace("\"\"", "").contains('"') {
                return Err(Error::new(
                    ErrorKind::InvalidInput,
                    "has a double quote inside that is not doubled",
                )
                .with_field("identifier"));
            }
            return Self::stored(inner.replace("\"\"", "\""));
        }
        let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
        if !starts_well || !text.chars().all(plain) {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "must consist of letters, digits, _ and $, or be in double quotes",
            )
            .with_field("identifier"));
        }
        Self::stored(text.to_ascii_uppercase())
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Up to three names joined by dots: `database.schema.table`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct QualifiedName(Vec<Identifier>);

impl QualifiedName {
    /// Joins names.
    pub fn new(parts: impl IntoIterator<Item = Identifier>) -> Self {
        Self(parts.into_iter().collect())
    }

    /// The names as they stand in a text.
    pub fn quoted(&self) -> String {
        let quoted: Vec<String> = self.0.iter().map(Identifier::quoted).collect();
        quoted.join(".")
    }
}
