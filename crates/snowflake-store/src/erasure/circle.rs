//! Where others may speak of somebody by one word of the name: too little to take out.

use std::collections::BTreeSet;

use calls::CallId;
use serde_json::Value;

use super::documents::{parse, parties, text_of};
use super::erased::{Kind, Known};
use super::text::TOKEN;
use super::words::{folded, words};
use crate::Mention;

/// What somebody is called, and where their colleagues write from: in clear, while they are
/// being erased.
#[derive(Clone, Default)]
pub(crate) struct Circle {
    /// Words of their names, folded.
    words: BTreeSet<String>,
    /// What stands behind the names in their addresses, with the @.
    domains: BTreeSet<String>,
}

impl Circle {
    pub(crate) fn add(&mut self, (kind, value): &Known) {
        match kind {
            Kind::Name => {
                let words = folded(value).into_iter();
                self.words
                    .extend(words.filter(|word| word.chars().count() > 1));
            }
            Kind::Email => {
                let domain = value.rfind('@').and_then(|at| value.get(at..));
                self.domains
                    .extend(domain.map(|domain| domain.trim().to_lowercase()));
            }
            _ => {}
        }
    }

    #[cfg(feature = "snowflake")]
    pub(crate) fn words(&self) -> &BTreeSet<String> {
        &self.words
    }

    #[cfg(feature = "snowflake")]
    pub(crate) fn domains(&self) -> &BTreeSet<String> {
        &self.domains
    }

    /// Where a word of the name stays in documents that the person has been taken out of: on
    /// their own calls, since somebody who stays has it too; on calls of their colleagues, where
    /// nobody has it.
    pub(crate) fn places(
        &self,
        id: &CallId,
        call: Option<&str>,
        transcript: Option<&str>,
    ) -> Vec<Mention> {
        let call = call.and_then(parse).unwrap_or_default();
        let is_theirs = parties(&call).any(|party| party["name"] == TOKEN);
        let is_near = parties(&call)
            .filter_map(|party| text_of(party, "emailAddress"))
            .any(|address| {
                let address = address.trim().to_lowercase();
                self.domains.iter().any(|domain| address.ends_with(domain))
            });
        if !is_theirs && !is_near {
            return Vec::new();
        }
        let mut sought = self.words.clone();
        if !is_theirs {
            for name in parties(&call).filter_map(|party| text_of(party, "name")) {
                folded(&name).iter().for_each(|word| {
                    sought.remove(word);
                });
            }
        }
        let mut found = Vec::new();
        let mut see = |place: String, text: &str| {
            if is_named(text, &sought) {
                found.push(Mention {
                    call_id: id.clone(),
                    place,
                    text: text.to_owned(),
                    stays: true,
                });
            }
        };
        for part in ["metaData", "content"] {
            texts(&call[part], part, &mut see);
        }
        let transcript = transcript.and_then(parse).unwrap_or_default();
        let monologues = transcript["transcript"].as_array().into_iter().flatten();
        let sentences = monologues.filter_map(|one| one["sentences"].as_array());
        for (index, sentence) in sentences.flatten().enumerate() {
            see(
                format!("sentence {index}"),
                sentence["text"].as_str().unwrap_or_default(),
            );
        }
        found
    }
}

/// A name begins with a capital; the word that is spelled like it rarely does.
fn is_named(text: &str, sought: &BTreeSet<String>) -> bool {
    words(text).into_iter().any(|word| {
        let first = text
            .get(word.at.clone())
            .and_then(|word| word.chars().next());
        first.is_some_and(|first| !first.is_lowercase()) && sought.contains(&word.folded)
    })
}

fn texts(value: &Value, place: &str, see: &mut impl FnMut(String, &str)) {
    match value {
        Value::String(text) => see(place.to_owned(), text),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                texts(item, &format!("{place}[{index}]"), see);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                texts(member, &format!("{place}.{key}"), see);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
