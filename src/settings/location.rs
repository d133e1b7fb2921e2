//! Where calls are, as a user writes it, and how instants are written.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use calls::Timestamp;
use resilience::ErrorKind;

use super::error::Error;

/// Where calls are stored, as a user writes it: `sqlite:PATH` or `snowflake`.
///
/// ```
/// use gong_snowflake::StoreLocation;
///
/// let location: StoreLocation = "sqlite:calls.db".parse()?;
/// assert_eq!(location, StoreLocation::Sqlite("calls.db".into()));
/// assert!("calls.db".parse::<StoreLocation>().is_err());
/// # Ok::<(), gong_snowflake::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreLocation {
    /// An SQLite file.
    Sqlite(PathBuf),
    /// The Snowflake account that the environment names.
    Snowflake,
}

impl StoreLocation {
    /// What answers call it: `sqlite` or `snowflake`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Snowflake => "snowflake",
        }
    }
}

impl FromStr for StoreLocation {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let refuse = |why: &str| Err(Error::new(ErrorKind::InvalidInput, why).with_field("store"));
        match text.split_once(':') {
            Some(("sqlite", "")) => refuse("sqlite: needs a path after it"),
            Some(("sqlite", path)) => Ok(Self::Sqlite(path.into())),
            None if text == "snowflake" => Ok(Self::Snowflake),
            _ => refuse("must be sqlite:PATH or snowflake"),
        }
    }
}

impl fmt::Display for StoreLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Snowflake => f.write_str("snowflake"),
        }
    }
}

/// Who answers when the store does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum FallbackStore {
    /// Nobody: the task fails.
    #[default]
    None,
    /// Another store of the same calls.
    Store(StoreLocation),
    /// Gong itself, as `GONG_…` describes it, for single calls and lists of a period.
    Gong,
}

impl FromStr for FallbackStore {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "none" => Ok(Self::None),
            "gong" => Ok(Self::Gong),
            other => other.parse().map(Self::Store).map_err(|_| {
                let message = "must be sqlite:PATH, snowflake, gong or none";
                Error::new(ErrorKind::InvalidInput, message).with_field("fallback-store")
            }),
        }
    }
}

impl fmt::Display for FallbackStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Store(location) => location.fmt(f),
            Self::Gong => f.write_str("gong"),
        }
    }
}

/// Reads an instant (`2026-08-01T00:00:00Z`, any offset) or a date
/// (`2026-08-01`, its midnight UTC).
///
/// # Errors
/// [`ErrorKind::InvalidInput`] naming `field`.
pub fn parse_instant(field: &str, text: &str) -> Result<Timestamp, Error> {
    let instant = match text.parse::<Timestamp>() {
        Ok(instant) => Some(instant),
        Err(_) if text.len() == "2026-08-01".len() => format!("{text}T00:00:00Z").parse().ok(),
        Err(_) => None,
    };
    instant.ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidInput,
            format!(
                "{text:?} is neither a date (2026-08-01) nor an instant (2026-08-01T00:00:00Z)"
            ),
        )
        .with_field(field)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_are_shown_as_they_are_written() {
        for text in ["none", "gong", "snowflake", "sqlite:a b.db"] {
            assert_eq!(text.parse::<FallbackStore>().unwrap().to_string(), text);
        }
        let error = "a.db".parse::<FallbackStore>().unwrap_err();
        assert_eq!(error.field(), Some("fallback-store"));
    }

    #[test]
    fn dates_and_instants_are_read_as_utc() {
        let date = parse_instant("from", "2026-08-01").unwrap();
        assert_eq!(
            date,
            parse_instant("from", "2026-07-31T17:00:00-07:00").unwrap()
        );
    }

    #[test]
    fn malformed_dates_name_the_field() {
        for text in [
            "",
            "yesterday",
            "2026-13-01",
            "2026-08-01T00:00:00",
            "01.08.2026",
            "2026-8-1",
        ] {
            let error = parse_instant("from", text).unwrap_err();
            assert_eq!(error.field(), Some("from"), "{text}");
        }
    }
}
