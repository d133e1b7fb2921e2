//! Optional fields of a document, whatever they contain.
//!
//! A value of another type than Gong documents is no reason to lose the call. [`Field`]
//! accepts any JSON: the expected value, nothing, or something else, which
//! [`Place::read`](super::place::Place::read) turns into a note.

use std::fmt;
use std::marker::PhantomData;

use jiff::Timestamp;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

/// What stands in an optional place.
#[derive(Debug, Default)]
pub(super) enum Field<T> {
    /// Nothing, or null.
    #[default]
    Absent,
    /// What is expected.
    Value(T),
    /// Something else, and the value where it is plain nevertheless.
    Odd(Found, Option<T>),
}

/// What else than a value of the documented type was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Flag,
    Number,
    /// A number that may have lost digits.
    Float,
    OutOfRange,
    Text,
    /// Text that says nothing of the kind.
    OddText,
    List,
    Object,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flag => "true or false",
            Self::Number => "a number",
            Self::Float => "a float",
            Self::OutOfRange => "a number out of range",
            Self::Text => "text",
            Self::OddText => "other text",
            Self::List => "a list",
            Self::Object => "an object",
        })
    }
}

/// A type that a field can be documented to have: says which JSON it is read from.
pub(super) trait Expected: Sized {
    /// What is expected, as a note says it.
    const NAME: &'static str;

    fn flag(_: bool) -> Field<Self> {
        Field::Odd(Found::Flag, None)
    }

    fn number(_: Number) -> Field<Self> {
        Field::Odd(Found::Number, None)
    }

    fn text(_: &str) -> Field<Self> {
        Field::Odd(Found::Text, None)
    }

    fn list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Field<Self>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Field::Odd(Found::List, None))
    }

    fn object<'de, A: MapAccess<'de>>(mut object: A) -> Result<Field<Self>, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Field::Odd(Found::Object, None))
    }
}

impl Expected for String {
    const NAME: &'static str = "text";

    fn text(text: &str) -> Field<Self> {
        Field::Value(text.to_owned())
    }
}

impl Expected for f64 {
    const NAME: &'static str = "a number";

    fn number(number: Number) -> Field<Self> {
        number.as_f64().map_or(Field::Absent, Field::Value)
    }
}

impl Expected for bool {
    const NAME: &'static str = "true or false";

    fn flag(flag: bool) -> Field<Self> {
        Field::Value(flag)
    }

    /// `"true"` is taken at its word: the one flag that is read says who may see a call.
    fn text(text: &str) -> Field<Self> {
        Field::Odd(Found::Text, text.parse().ok())
    }
}

/// Years from 1 on, as every store has them.
impl Expected for Timestamp {
    const NAME: &'static str = "an ISO 8601 instant with an offset";

    fn text(text: &str) -> Field<Self> {
        // Seconds of 0001-01-01.
        const FIRST: i64 = -62_135_596_800;
        match text.parse::<Self>() {
            Ok(instant) if instant.as_second() >= FIRST => Field::Value(instant),
            Err(_) if text.is_empty() => Field::Absent,
            _ => Field::Odd(Found::OddText, None),
        }
    }
}

/// A count, or seconds: rounded, and small enough for every store.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whole(pub(super) u64);

impl Expected for Whole {
    const NAME: &'static str = "a number";

    fn number(number: Number) -> Field<Self> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        match number.as_f64() {
            Some(number @ 0.0..=1e15) => Field::Value(Self(number.round() as u64)),
            _ => Field::Odd(Found::OutOfRange, None),
        }
    }
}

impl<T: Expected> Expected for Vec<Field<T>> {
    const NAME: &'static str = "a list";

    fn list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Field<Self>, A::Error> {
        let mut items = Self::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Field::Value(items))
    }
}

/// Ids are text or integers; a float may have lost digits by then.
macro_rules! expected_ids {
    ($($id:ty),+ $(,)?) => {$(
        impl Expected for $id {
            const NAME: &'static str = "an id";

            fn number(number: Number) -> Field<Self> {
                if number.is_f64() {
                    return Field::Odd(Found::Float, None);
                }
                Field::Value(number.to_string().into())
            }

            fn text(text: &str) -> Field<Self> {
                Field::Value(text.into())
            }
        }
    )+};
}
expected_ids!(
    crate::DealId,
    crate::PartyId,
    crate::SpeakerId,
    crate::UserId,
    crate::WorkspaceId,
    IdText,
);

/// An id of nothing that the domain has a type for.
#[derive(Debug)]
pub(super) struct IdText(pub(super) String);

impl<T: Into<String>> From<T> for IdText {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

/// Structs are objects whose fields are read one by one.
macro_rules! expected_objects {
    ($($object:ty),+ $(,)?) => {$(
        impl $crate::gong::field::Expected for $object {
            const NAME: &'static str = "an object";

            fn object<'de, A: serde::de::MapAccess<'de>>(
                object: A,
            ) -> Result<$crate::gong::field::Field<Self>, A::Error> {
                let object = serde::de::value::MapAccessDeserializer::new(object);
                Ok($crate::gong::field::Field::Value(serde::Deserialize::deserialize(object)?))
            }
        }
    )+};
}
pub(super) use expected_objects;

impl<'de, T: Expected> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Anything(PhantomData))
    }
}

struct Anything<T>(PhantomData<T>);

impl<'de, T: Expected> Visitor<'de> for Anything<T> {
    type Value = Field<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_unit<E: Error>(self) -> Result<Field<T>, E> {
        Ok(Field::Absent)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Field<T>, E> {
        Ok(T::flag(flag))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Field<T>, E> {
        Ok(T::number(number.into()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Field<T>, E> {
        Ok(T::number(number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Field<T>, E> {
        // JSON has no others than finite ones.
        Ok(Number::from_f64(number).map_or(Field::Odd(Found::OutOfRange, None), T::number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Field<T>, E> {
        Ok(T::text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Field<T>, A::Error> {
        T::list(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Field<T>, A::Error> {
        T::object(object)
    }
}
