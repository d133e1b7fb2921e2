//! What Snowflake refuses in the JSON that a statement binds.
//!
//! `PARSE_JSON` raises 100069 on a duplicate key in an object (except with `'d'`, which
//! keeps the last value), on a lone surrogate, on a number beyond the range of
//! DOUBLE, on a text of more than 128 MB, and on anything but JSON. The stand-in refuses the
//! same, see `python/fakesnow_json.py`.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::answer::Answer;
use super::record::StatementRecord;

const CODE: &str = "100069";
const MOST_BYTES: usize = 128 << 20;
const PARSE: &str = "PARSE_JSON(";

/// The refusal of a statement, when one of its values is at fault.
pub(super) fn refusal(statement: &StatementRecord) -> Option<Answer> {
    if !statement.text.contains(PARSE) {
        return None;
    }
    let mut binds = statement.binds.iter();
    let lines = statement.text.lines();
    for line in lines.filter(|line| !line.trim_start().starts_with("--")) {
        for (at, _) in line.match_indices('?') {
            let value = binds.next().and_then(|bind| bind.value.as_deref());
            let (Some(value), true) = (value, line[..at].ends_with(PARSE)) else {
                continue;
            };
            let keeps_last = line[at + 1..]
                .trim_start_matches([',', ' '])
                .starts_with("'d'");
            if let Err(why) = check(value, keeps_last) {
                return Some(Answer::error(CODE, &format!("Error parsing JSON: {why}")));
            }
        }
    }
    None
}

fn check(json: &str, keeps_last: bool) -> Result<(), String> {
    if json.len() > MOST_BYTES {
        return Err(format!(
            "document is too large, max size {MOST_BYTES} bytes"
        ));
    }
    let mut parser = serde_json::Deserializer::from_str(json);
    let parsed = if keeps_last {
        serde_json::Value::deserialize(&mut parser).map(drop)
    } else {
        OnceEach::deserialize(&mut parser).map(drop)
    };
    parsed
        .and_then(|()| parser.end())
        .map_err(|error| error.to_string())
}

/// JSON in which no object has a key twice.
struct OnceEach;

impl<'de> Deserialize<'de> for OnceEach {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Walk)
    }
}

struct Walk;

impl<'de> Visitor<'de> for Walk {
    type Value = OnceEach;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<OnceEach, E> {
        Ok(OnceEach)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<OnceEach, E> {
        Ok(OnceEach)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<OnceEach, E> {
        Ok(OnceEach)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<OnceEach, E> {
        Ok(OnceEach)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<OnceEach, E> {
        Ok(OnceEach)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<OnceEach, E> {
        Ok(OnceEach)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<OnceEach, A::Error> {
        while list.next_element::<OnceEach>()?.is_some() {}
        Ok(OnceEach)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<OnceEach, A::Error> {
        let mut keys = HashSet::new();
        while let Some(key) = object.next_key::<String>()? {
            if keys.contains(&key) {
                let message = format!("duplicate object attribute \"{key}\"");
                return Err(A::Error::custom(message));
            }
            keys.insert(key);
            object.next_value::<OnceEach>()?;
        }
        Ok(OnceEach)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_snowflake_refuses() {
        for (json, strictly, with_last) in [
            (r#"{"a":1,"b":{"a":2}}"#, true, true),
            (r#"[{"a":1},{"a":[null,true,-1,1.5]}]"#, true, true),
            (r#"{"a":1,"a":2}"#, false, true),
            (r#"[{"a":{"b":1,"\u0062":2}}]"#, false, true),
            (r#"["\ud83d\ude00"]"#, true, true),
            (r#"["\ud83d"]"#, false, false),
            ("1e400", false, false),
            ("{", false, false),
            ("{} {}", false, false),
        ] {
            assert_eq!(check(json, false).is_ok(), strictly, "{json}");
            assert_eq!(check(json, true).is_ok(), with_last, "{json}");
        }
    }
}
