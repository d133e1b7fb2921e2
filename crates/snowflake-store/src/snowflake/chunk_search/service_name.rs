//! The name of a search service.

use std::fmt;
use std::str::FromStr;

use resilience::ErrorKind;
use snowflake_sql::Identifier;

use crate::{Error, Result};

/// A Cortex Search service: `database.schema.name`. Each part is read as Snowflake reads
/// it, so plain names are in upper case and names in double quotes are taken as they are.
///
/// ```
/// use snowflake_store::SearchServiceName;
///
/// let name: SearchServiceName = "gong.\"Calls of 2026\".gong_chunk_search".parse()?;
/// assert_eq!(name.to_string(), "GONG.Calls of 2026.GONG_CHUNK_SEARCH");
/// assert!("gong_chunk_search".parse::<SearchServiceName>().is_err());
/// # Ok::<(), snowflake_store::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchServiceName {
    database: Identifier,
    schema: Identifier,
    service: Identifier,
}

impl SearchServiceName {
    /// A name from its parts.
    pub fn new(database: Identifier, schema: Identifier, service: Identifier) -> Self {
        Self {
            database,
            schema,
            service,
        }
    }

    /// Database, schema and service as they are stored.
    pub fn parts(&self) -> [&str; 3] {
        [&self.database, &self.schema, &self.service].map(Identifier::as_str)
    }
}

impl FromStr for SearchServiceName {
    type Err = Error;

    /// # Errors
    /// `Config` naming `search_service`.
    fn from_str(text: &str) -> Result<Self> {
        let refused =
            |why: &str| Error::new(ErrorKind::Config, why.to_owned()).with_field("search_service");
        let read = |part: &str| {
            part.parse::<Identifier>()
                .map_err(|error| refused(error.message()))
        };
        match parts(text.trim()).as_slice() {
            [database, schema, service] => {
                Ok(Self::new(read(database)?, read(schema)?, read(service)?))
            }
            _ => Err(refused("must be database.schema.name")),
        }
    }
}

/// What stands between the dots that are in no quotes.
fn parts(text: &str) -> Vec<&str> {
    let mut quoted = false;
    text.split(|symbol| {
        quoted ^= symbol == '"';
        symbol == '.' && !quoted
    })
    .collect()
}

impl fmt::Display for SearchServiceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.parts().join("."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_in_quotes_parts_nothing() {
        let name: SearchServiceName = "a.\"b.c \"\"d\"\"\".e".parse().unwrap();
        assert_eq!(name.parts(), ["A", "b.c \"d\"", "E"]);
    }

    #[test]
    fn other_than_three_names_are_refused() {
        for text in [
            "", "a", "a.b", "a.b.c.d", "a..c", "a.b.c;", "a.b.\"c", "a.b.'c'",
        ] {
            let error = text.parse::<SearchServiceName>().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{text}");
            assert_eq!(error.field(), Some("search_service"), "{text}");
        }
    }
}
