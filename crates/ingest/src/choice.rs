//! Which of Gong's calls to store, and which to leave out.

use calls::{CallId, RawDocument, UserId, WorkspaceId};
use regex::{Regex, RegexBuilder};
use resilience::ErrorKind;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Error, Result};

/// Which calls are ingested.
///
/// A call that is not chosen is not stored, and a stored call that is no longer
/// chosen is treated as deleted.
///
/// ```
/// use ingest::CallChoice;
///
/// let choice = CallChoice { exclude_titles: vec!["interview".to_owned()], ..CallChoice::default() };
/// assert!(choice.validate().is_ok());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallChoice {
    /// Only calls of these workspaces, by Gong's ids. Empty: all.
    pub workspaces: Vec<WorkspaceId>,
    /// Include private calls. Default no.
    pub private_calls: bool,
    /// No calls whose title matches one of these regular expressions, ignoring
    /// case; a plain word matches anywhere in the title.
    pub exclude_titles: Vec<String>,
    /// Only calls of these hosts, by Gong user id or e-mail address. Empty: all.
    pub only_users: Vec<String>,
    /// No calls of these hosts, by Gong user id or e-mail address.
    pub exclude_users: Vec<String>,
}

impl CallChoice {
    /// Checks the patterns.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] names the field and what is wrong with the pattern.
    pub fn validate(&self) -> Result<()> {
        Chooser::new(self).map(|_| ())
    }

    pub(crate) fn fingerprint(&self) -> Value {
        let workspaces: Vec<&str> = self.workspaces.iter().map(WorkspaceId::as_str).collect();
        json!({
            "workspaces": sorted(&workspaces),
            "private": self.private_calls,
            "exclude_titles": sorted(&self.exclude_titles),
            "only_users": sorted(&self.only_users),
            "exclude_users": sorted(&self.exclude_users),
        })
    }

    /// The workspace to ask Gong for, where it is one.
    pub(crate) fn only_workspace(&self) -> Option<&WorkspaceId> {
        match self.workspaces.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }
}

fn sorted<T: AsRef<str>>(values: &[T]) -> Vec<&str> {
    let mut values: Vec<&str> = values.iter().map(AsRef::as_ref).collect();
    values.sort_unstable();
    values.dedup();
    values
}

/// A choice prepared for documents.
#[derive(Debug)]
pub(crate) struct Chooser {
    choice: CallChoice,
    titles: Vec<Regex>,
}

impl Chooser {
    pub(crate) fn new(choice: &CallChoice) -> Result<Self> {
        let pattern = |pattern: &String| {
            RegexBuilder::new(pattern)
                .case_insensitive(true)
                .build()
                .map_err(|error| {
                    let message = format!("{pattern:?} is not a regular expression");
                    Error::new(ErrorKind::InvalidInput, message)
                        .with_field("exclude_titles")
                        .with_source(error)
                })
        };
        Ok(Self {
            titles: choice
                .exclude_titles
                .iter()
                .map(pattern)
                .collect::<Result<_>>()?,
            choice: choice.clone(),
        })
    }

    /// Removes calls that are not chosen from a page.
    pub(crate) fn take_unwanted(&self, calls: &mut Vec<RawDocument>) -> Vec<CallId> {
        let mut unwanted = Vec::new();
        calls.retain(|call| {
            let wanted = self.wants(call.text());
            if !wanted {
                unwanted.push(call.call_id.clone());
            }
            wanted
        });
        unwanted
    }

    /// A call whose envelope cannot be read is chosen: nothing says otherwise.
    fn wants(&self, json: &str) -> bool {
        let Ok(call) = serde_json::from_str::<Envelope>(json) else {
            return true;
        };
        let facts = &call.meta_data;
        let choice = &self.choice;
        let named = |names: &[String]| names.iter().any(|name| call.has_host(name));
        (choice.private_calls || facts.is_private != Value::Bool(true))
            && (choice.workspaces.is_empty()
                || choice
                    .workspaces
                    .iter()
                    .any(|id| facts.workspace_id == id.as_str()))
            && !facts
                .title
                .as_str()
                .is_some_and(|title| self.titles.iter().any(|pattern| pattern.is_match(title)))
            && (choice.only_users.is_empty() || named(&choice.only_users))
            && !named(&choice.exclude_users)
    }
}

/// The fields that the choice depends on. Values of any type, so that an odd value elsewhere
/// in the call does not matter.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    meta_data: Facts,
    #[serde(default)]
    parties: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Facts {
    #[serde(default)]
    is_private: Value,
    #[serde(default)]
    workspace_id: Value,
    #[serde(default)]
    title: Value,
    #[serde(default)]
    primary_user_id: Value,
}

impl Envelope {
    /// Whether the host has this user id or e-mail address.
    fn has_host(&self, name: &str) -> bool {
        let host = &self.meta_data.primary_user_id;
        if host == name {
            return true;
        }
        let parties = self.parties.as_array().into_iter().flatten();
        host.is_string()
            && parties
                .filter(|party| &party["userId"] == host)
                .filter_map(|party| party["emailAddress"].as_str())
                .any(|address| address.eq_ignore_ascii_case(name))
    }
}

/// Users named by id, where all are: Gong can then be asked for their calls only.
pub(crate) fn user_ids(names: &[String]) -> Option<Vec<UserId>> {
    let is_id = |name: &String| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    (!names.is_empty() && names.iter().all(is_id))
        .then(|| names.iter().map(|name| UserId::new(name.clone())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: &str = r#"{"metaData":{"id":"1","title":"Interview with Ann","isPrivate":true,
        "workspaceId":"9","primaryUserId":"501"},
        "parties":[{"userId":"501","emailAddress":"Rae@seller.example"}]}"#;

    fn wants(choice: CallChoice) -> bool {
        Chooser::new(&choice).unwrap().wants(CALL)
    }

    fn open() -> CallChoice {
        CallChoice {
            private_calls: true,
            ..CallChoice::default()
        }
    }

    #[test]
    fn each_rule_decides() {
        let list = |name: &str| vec![name.to_owned()];
        assert!(wants(open()));
        assert!(!wants(CallChoice::default()), "private");
        let exclude_titles = |title| CallChoice {
            exclude_titles: list(title),
            ..open()
        };
        assert!(!wants(exclude_titles("interview")));
        assert!(!wants(exclude_titles("^interview .* ann$")));
        assert!(wants(exclude_titles("^ann")));
        let workspaces = |id: &str| CallChoice {
            workspaces: vec![WorkspaceId::new(id)],
            ..open()
        };
        assert!(wants(workspaces("9")) && !wants(workspaces("8")));
        for name in ["501", "rae@seller.example"] {
            let only_users = CallChoice {
                only_users: list(name),
                ..open()
            };
            let exclude_users = CallChoice {
                exclude_users: list(name),
                ..open()
            };
            assert!(wants(only_users) && !wants(exclude_users), "{name}");
        }
        let only_users = CallChoice {
            only_users: list("502"),
            ..open()
        };
        assert!(!wants(only_users));
    }

    #[test]
    fn a_wrong_pattern_is_named() {
        let choice = CallChoice {
            exclude_titles: vec!["*interview".to_owned()],
            ..CallChoice::default()
        };
        let error = choice.validate().unwrap_err();
        assert_eq!(error.field(), Some("exclude_titles"));
        assert!(error.message().contains("*interview"), "{error}");
    }
}
