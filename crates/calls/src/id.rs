//! Identifiers as string newtypes.
//!
//! Gong's ids have up to twenty digits, more than an `f64` and sometimes more
//! than an `i64` can hold; one exporter is known to have corrupted
//! `…944597` into `…944600`. Here an id is text. On the way in a JSON string
//! or a JSON integer is accepted; a JSON float is refused, because by then
//! digits may already be lost.

use std::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

macro_rules! string_ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps an identifier as its source spells it.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The identifier as an owned string.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(IdVisitor).map(Self)
            }
        }
    )+};
}

string_ids! {
    /// A call, as Gong numbers it (17 to 20 digits seen).
    CallId;
    /// A Gong user: a member of the selling company.
    UserId;
    /// A participant of one call, in Gong's party list.
    PartyId;
    /// A voice in one call's transcript; joins [`Party`](crate::Party) to sentences.
    SpeakerId;
    /// One sentence of one transcript: `<call id>:<index>`.
    SentenceId;
    /// A Gong workspace.
    WorkspaceId;
    /// A deal in the CRM (HubSpot deal, Salesforce opportunity).
    DealId;
    /// A contact in the CRM.
    ContactId;
    /// A company (account) in the CRM.
    CompanyId;
    /// A CRM user who owns a record.
    OwnerId;
    /// A deal pipeline.
    PipelineId;
    /// A stage of a deal pipeline: an internal id, not a label.
    StageId;
}

impl SentenceId {
    /// The id of the sentence at `index` (its position on the wire, from 0) of a call.
    pub fn of(call: &CallId, index: u32) -> Self {
        Self(format!("{call}:{index}"))
    }

    /// Splits into call id and index; `None` when the text has another form.
    pub fn parts(&self) -> Option<(CallId, u32)> {
        let (call, index) = self.0.rsplit_once(':')?;
        Some((CallId::new(call), index.parse().ok()?))
    }
}

struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id as a string or an integer")
    }

    fn visit_str<E: de::Error>(self, id: &str) -> Result<String, E> {
        Ok(id.to_owned())
    }

    fn visit_string<E: de::Error>(self, id: String) -> Result<String, E> {
        Ok(id)
    }

    fn visit_u64<E: de::Error>(self, id: u64) -> Result<String, E> {
        Ok(id.to_string())
    }

    fn visit_i64<E: de::Error>(self, id: i64) -> Result<String, E> {
        Ok(id.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_strings_and_integers() {
        let ids: Vec<CallId> =
            serde_json::from_str(r#"["7782342274025937895", 18446744073709551615, -1]"#).unwrap();
        let ids: Vec<&str> = ids.iter().map(CallId::as_str).collect();
        assert_eq!(ids, ["7782342274025937895", "18446744073709551615", "-1"]);
    }

    #[test]
    fn refuses_a_number_that_has_lost_digits() {
        let error = serde_json::from_str::<CallId>("99999999999999999999").unwrap_err();
        assert!(
            error
                .to_string()
                .contains("an id as a string or an integer"),
            "{error}"
        );
    }

    #[test]
    fn sentence_ids_split_into_their_parts() {
        let id = SentenceId::of(&CallId::new("42"), 7);
        assert_eq!(id.as_str(), "42:7");
        assert_eq!(id.parts(), Some((CallId::new("42"), 7)));
        assert_eq!(SentenceId::new("no index").parts(), None);
    }
}
