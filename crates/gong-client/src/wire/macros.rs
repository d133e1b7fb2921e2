//! Defines records, requests and sets of words in a line per field.

/// Structs that replies are read into and that are written as they came.
///
/// `Debug` names the fields that are there and shows no content.
macro_rules! records {
    ($(
        $(#[$about:meta])*
        pub struct $record:ident {
            $($(#[$doc:meta])* $name:literal $field:ident: $kind:ty,)*
        }
    )+) => {$(
        $(#[$about])*
        #[derive(Clone, Default, PartialEq, serde::Serialize)]
        #[non_exhaustive]
        pub struct $record {
            $(
                #[doc = concat!("Gong's `", $name, "`.")]
                $(#[$doc])*
                #[serde(rename = $name, skip_serializing_if = "crate::wire::Field::is_absent")]
                pub $field: $kind,
            )*
            /// What else Gong sent, by its names: unknown fields, and values of another kind
            /// than documented.
            #[serde(flatten)]
            pub extra: crate::wire::Extra,
        }

        impl crate::wire::Scalar for $record {
            fn of(value: &serde_json::Value) -> Option<Self> {
                let mut rest = crate::wire::Rest::of(value)?;
                Some(Self {
                    $($field: rest.take($name),)*
                    extra: rest.left(stringify!($record)),
                })
            }
        }

        impl<'de> serde::Deserialize<'de> for $record {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = serde_json::Value::deserialize(deserializer)?;
                crate::wire::Scalar::of(&value)
                    .ok_or_else(|| serde::de::Error::custom("is not an object"))
            }
        }

        impl std::fmt::Debug for $record {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let mut there: Vec<&str> = Vec::new();
                $(if !crate::wire::Field::is_absent(&self.$field) {
                    there.push(stringify!($field));
                })*
                f.write_str(concat!(stringify!($record), " "))?;
                f.debug_set().entries(there).finish()
            }
        }
    )+};
}
pub(crate) use records;

/// Structs that requests are made of: `new` takes what Gong requires, and a method per field
/// adds what it does not.
macro_rules! requests {
    ($(
        $(#[$about:meta])*
        pub struct $request:ident {
            required { $($(#[$need:meta])* $needed:literal $must:ident: $given:ty,)* }
            optional { $($(#[$doc:meta])* $name:literal $field:ident: $kind:ty,)* }
        }
    )+) => {$(
        $(#[$about])*
        #[derive(Clone, PartialEq, serde::Serialize)]
        pub struct $request {
            $(#[serde(rename = $needed)] $must: $given,)*
            $(#[serde(rename = $name, skip_serializing_if = "Option::is_none")] $field: Option<$kind>,)*
        }

        impl $request {
            /// With what Gong requires.
            #[allow(clippy::new_without_default, clippy::too_many_arguments)]
            pub fn new($($must: impl Into<$given>),*) -> Self {
                Self {
                    $($must: $must.into(),)*
                    $($field: None,)*
                }
            }

            $(
                #[doc = concat!("Gong's `", $name, "`.")]
                $(#[$doc])*
                #[must_use]
                pub fn $field(mut self, $field: impl Into<$kind>) -> Self {
                    self.$field = Some($field.into());
                    self
                }
            )*
        }

        impl std::fmt::Debug for $request {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($request)).finish_non_exhaustive()
            }
        }
    )+};
}
pub(crate) use requests;

/// Enums over words that Gong may add to.
macro_rules! words {
    ($(
        $(#[$about:meta])*
        pub enum $words:ident { $($word:ident = $text:literal,)+ }
    )+) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $words {
            $(#[doc = concat!("`", $text, "`.")] $word,)+
            /// A word that is not known here.
            Other(String),
        }

        impl $words {
            /// Gong's word.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$word => $text,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for $words {
            fn from(word: &str) -> Self {
                match word {
                    $($text => Self::$word,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl crate::wire::Scalar for $words {
            fn of(value: &serde_json::Value) -> Option<Self> {
                value.as_str().map(Self::from)
            }
        }

        impl serde::Serialize for $words {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    )+};
}
pub(crate) use words;
