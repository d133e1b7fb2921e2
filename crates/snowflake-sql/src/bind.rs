//! Values on their way into a statement.

use std::fmt;

use jiff::Timestamp;
use rust_decimal::Decimal;

/// A value for one placeholder, in the order of the `?` in the text.
///
/// JSON documents and vectors travel as [`Text`](Self::Text), and the statement says
/// `PARSE_JSON(?)` or `PARSE_JSON(?)::VECTOR(FLOAT, n)`: Snowflake binds neither
/// VARIANT nor VECTOR. Its `Debug` shows the type alone, since values hold what
/// people said.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Bind {
    /// SQL `NULL`.
    Null,
    /// `TEXT`.
    Text(String),
    /// `FIXED` with scale 0.
    Integer(i64),
    /// `REAL`; finite.
    Float(f64),
    /// `FIXED` with a scale, sent as decimal text.
    Decimal(Decimal),
    /// `BOOLEAN`.
    Boolean(bool),
    /// An instant, sent as `TIMESTAMP_LTZ`; sessions run in UTC.
    Timestamp(Timestamp),
}

impl fmt::Debug for Bind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "Null",
            Self::Text(_) => "Text(…)",
            Self::Integer(_) => "Integer(…)",
            Self::Float(_) => "Float(…)",
            Self::Decimal(_) => "Decimal(…)",
            Self::Boolean(_) => "Boolean(…)",
            Self::Timestamp(_) => "Timestamp(…)",
        })
    }
}

impl Bind {
    /// Text from anything that shows itself as text, such as an id.
    pub fn text(value: impl AsRef<str>) -> Self {
        Self::Text(value.as_ref().to_owned())
    }
}

macro_rules! from {
    ($($kind:ty => $variant:ident),+ $(,)?) => {$(
        impl From<$kind> for Bind {
            fn from(value: $kind) -> Self {
                Self::$variant(value.into())
            }
        }
    )+};
}
from! {
    &str => Text,
    String => Text,
    i64 => Integer,
    i32 => Integer,
    u32 => Integer,
    f64 => Float,
    bool => Boolean,
    Decimal => Decimal,
    Timestamp => Timestamp,
}

impl<T: Into<Bind>> From<Option<T>> for Bind {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
