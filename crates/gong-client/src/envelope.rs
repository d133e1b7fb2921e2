//! The object around the records of a reply.

use std::fmt;

use resilience::ErrorKind;
use serde::Deserialize;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use crate::{Error, Result};

/// `{records, <key>: […]}`, cut but not understood.
#[derive(Default)]
pub(crate) struct Envelope<'a> {
    pub(crate) records: Option<&'a RawValue>,
    /// `None` when the key is absent; null reads as no records.
    pub(crate) items: Option<Vec<&'a RawValue>>,
    /// The company's, which replies with figures have.
    pub(crate) time_zone: Option<String>,
}

pub(crate) fn read_envelope<'a>(body: &'a str, key: &'static str) -> Result<Envelope<'a>> {
    let mut deserializer = serde_json::Deserializer::from_str(body);
    let envelope = EnvelopeOf { key }
        .deserialize(&mut deserializer)
        .and_then(|envelope| deserializer.end().map(|()| envelope));
    envelope.map_err(|error| unreadable_body(&error, body.as_bytes()))
}

/// A body that is not such a reply: cut short, which passes, or something else.
/// Places are told and content is not.
pub(crate) fn unreadable_body(error: &serde_json::Error, body: &[u8]) -> Error {
    let place = format!("line {} column {}", error.line(), error.column());
    let (kind, what) = match error.classify() {
        Category::Eof => (ErrorKind::Transient, "the JSON ends too early, at"),
        // Such as a number that is cut after its minus sign.
        Category::Syntax if is_at_end(error, body) => {
            (ErrorKind::Transient, "the JSON ends too early, at")
        }
        Category::Data => (ErrorKind::Decode, "the JSON has an unexpected shape at"),
        Category::Syntax | Category::Io => (ErrorKind::Decode, "the body is not JSON, at"),
    };
    Error::new(kind, format!("{what} {place}"))
}

fn is_at_end(error: &serde_json::Error, body: &[u8]) -> bool {
    let mut lines = body.rsplit(|byte| *byte == b'\n');
    let last_line = lines.next().map_or(0, <[u8]>::len);
    error.line() == lines.count() + 1 && error.column() >= last_line
}

struct EnvelopeOf {
    key: &'static str,
}

impl<'de> DeserializeSeed<'de> for EnvelopeOf {
    type Value = Envelope<'de>;

    fn deserialize<D: serde::Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Envelope<'de>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for EnvelopeOf {
    type Value = Envelope<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with `{}`", self.key)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Envelope<'de>, A::Error> {
        let mut envelope = Envelope::default();
        while let Some(name) = map.next_key::<String>()? {
            if name == self.key {
                let items: Option<Vec<&'de RawValue>> = map.next_value()?;
                envelope.items = Some(items.unwrap_or_default());
            } else if name == "records" {
                envelope.records = Some(map.next_value()?);
            } else if name == "timeZone" {
                let zone: &RawValue = map.next_value()?;
                envelope.time_zone = serde_json::from_str(zone.get()).ok();
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(envelope)
    }
}

/// `records`: where the listing goes on.
#[derive(Default)]
pub(crate) struct Records {
    pub(crate) total: Option<u64>,
    pub(crate) cursor: Option<String>,
}

impl Records {
    /// A count that cannot be read is not worth a page; a cursor that cannot be
    /// read would lose all pages after it.
    pub(crate) fn read(raw: &RawValue) -> Result<Self> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Wire {
            #[serde(default)]
            total_records: serde_json::Value,
            #[serde(default)]
            cursor: Option<String>,
        }
        let wire: Option<Wire> = serde_json::from_str(raw.get())
            .map_err(|_| Error::new(ErrorKind::Decode, "`records` has an unexpected shape"))?;
        let Some(wire) = wire else {
            return Ok(Self::default());
        };
        Ok(Self {
            total: wire.total_records.as_u64(),
            cursor: wire.cursor.filter(|cursor| !cursor.is_empty()),
        })
    }
}
