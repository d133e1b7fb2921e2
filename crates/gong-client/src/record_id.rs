//! Finding the id of a record without reading the record.

use std::fmt;

use calls::CallId;
use serde::de::{self, DeserializeSeed, Error as _, IgnoredAny, MapAccess, Visitor};

/// The call id at `path`. Reading stops as soon as it is found, and Gong sends ids
/// first, so a transcript of any length costs a few bytes.
///
/// # Errors
/// Why there is none, naming the field and showing no content.
pub(crate) fn find_call_id(json: &str, path: &[&str]) -> Result<CallId, String> {
    let mut found = None;
    let walked = FindId {
        path,
        found: &mut found,
    }
    .deserialize(&mut serde_json::Deserializer::from_str(json));
    let path = path.join(".");
    match (found, walked) {
        (Some(id), _) if id.as_str().is_empty() => Err(format!("{path} is empty")),
        (Some(id), _) => Ok(id),
        (None, Ok(())) => Err(format!("{path} is missing or null")),
        (None, Err(_)) => Err(format!("{path} is not an id")),
    }
}

/// The id of a call in either of its shapes.
pub(crate) fn find_call_id_of_call(json: &str) -> Option<CallId> {
    find_call_id(json, &["id"])
        .or_else(|_| find_call_id(json, &["metaData", "id"]))
        .ok()
}

struct FindId<'a> {
    path: &'a [&'a str],
    found: &'a mut Option<CallId>,
}

impl<'de> DeserializeSeed<'de> for FindId<'_> {
    type Value = ();

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for FindId<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with an id")
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((first, rest)) = self.path.split_first() else {
            return Ok(());
        };
        while let Some(wanted) = map.next_key_seed(IsKey(first))? {
            if !wanted {
                map.next_value::<IgnoredAny>()?;
            } else if rest.is_empty() {
                *self.found = map.next_value::<Option<CallId>>()?;
            } else {
                map.next_value_seed(FindId {
                    path: rest,
                    found: &mut *self.found,
                })?;
            }
            if self.found.is_some() {
                // The only way to leave a map early is an error.
                return Err(A::Error::custom("found"));
            }
        }
        Ok(())
    }
}

/// Compares a key without copying it.
struct IsKey<'a>(&'a str);

impl<'de> DeserializeSeed<'de> for IsKey<'_> {
    type Value = bool;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for IsKey<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<bool, E> {
        Ok(key == self.0)
    }
}
