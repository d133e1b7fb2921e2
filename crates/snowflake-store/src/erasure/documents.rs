//! Takes people out of Gong's documents.
//!
//! The same documents always give the same result, so that a document that Gong serves again
//! is known to be the one that was rewritten: erasing and landing both go through here.

use std::collections::HashSet;

use calls::CallId;
use calls::canonical::Canonicalizer;
use serde_json::{Map, Value, json};

use super::erased::{Erased, Kind, Known};
use super::text::{Scrubber, TOKEN};
use crate::Mention;

/// What is left of documents, and what was said of the people who went.
#[derive(Debug, Default)]
pub(crate) struct Redacted {
    /// The call's document; `None` when it stays as it is.
    pub(crate) call: Option<String>,
    /// The transcript's.
    pub(crate) transcript: Option<String>,
    pub(crate) mentions: Vec<Mention>,
}

/// What the erased people on a call are known by.
pub(crate) fn people(erased: &Erased, call: &str) -> Vec<Known> {
    let call = parse(call).unwrap_or_default();
    let parties = parties(&call);
    parties
        .filter(|party| is_erased(erased, party))
        .flat_map(known_by)
        .collect()
}

/// What an erased user of Gong is known by; nothing of others.
pub(crate) fn user(erased: &Erased, record: &str) -> Vec<Known> {
    let user = parse(record).unwrap_or_default();
    let field = |kind, key| Some((kind, text_of(&user, key)?));
    let aliases = user.get("emailAliases").and_then(Value::as_array);
    let aliases = aliases.into_iter().flatten().filter_map(Value::as_str);
    let known: Vec<Known> = [
        field(Kind::User, "id"),
        field(Kind::Phone, "phoneNumber"),
        field(Kind::Email, "emailAddress"),
        field(Kind::Email, "trustedEmailAddress"),
    ]
    .into_iter()
    .flatten()
    .chain(aliases.map(|alias| (Kind::Email, alias.to_owned())))
    .collect();
    if !known.iter().any(|(kind, value)| erased.holds(*kind, value)) {
        return Vec::new();
    }
    let names = ["firstName", "lastName"].map(|key| text_of(&user, key).unwrap_or_default());
    known
        .into_iter()
        .chain([(Kind::Name, names.join(" "))])
        .collect()
}

/// Takes those who were erased out of the documents of a call.
pub(crate) fn redact(
    erased: &Erased,
    id: &CallId,
    call: Option<&str>,
    transcript: Option<&str>,
) -> Redacted {
    let mut redacted = Redacted::default();
    let mut call = call.and_then(parse);
    let document = call.clone().unwrap_or_default();
    let (gone, stay): (Vec<&Value>, Vec<&Value>) =
        parties(&document).partition(|party| is_erased(erased, party));
    let people: Vec<Known> = gone.iter().flat_map(|party| known_by(party)).collect();
    let others: Vec<String> = stay
        .iter()
        .filter_map(|party| text_of(party, "name"))
        .collect();
    let voices: HashSet<String> = gone
        .iter()
        .filter_map(|party| text_of(party, "speakerId"))
        .collect();
    let mut walk = Walk {
        id,
        erased,
        scrubber: Scrubber::of_call(erased, (!gone.is_empty()).then_some(&people), &others),
        mentions: Vec::new(),
        changed: false,
    };
    if let Some(value) = call.as_mut() {
        walk.call(value, !gone.is_empty());
        if std::mem::take(&mut walk.changed) {
            redacted.call = Some(value.to_string());
        }
    }
    if let Some(mut value) = transcript.and_then(parse) {
        walk.transcript(&mut value, &voices);
        if walk.changed {
            redacted.transcript = Some(value.to_string());
        }
    }
    redacted.mentions = walk.mentions;
    redacted
}

/// As the store reads it: what no store can hold is cleaned first.
pub(super) fn parse(json: &str) -> Option<Value> {
    serde_json::from_str(json).ok().or_else(|| {
        let cleaned = Canonicalizer::default().whole(json).ok()?;
        serde_json::from_str(&cleaned.text).ok()
    })
}

pub(super) fn parties(call: &Value) -> impl Iterator<Item = &Value> {
    call.get("parties")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// Text, or an id that is a number.
pub(super) fn text_of(object: &Value, key: &str) -> Option<String> {
    match object.get(key)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// All that a party is known by; nothing of one who was taken out before.
fn known_by(party: &Value) -> Vec<Known> {
    let fields = [
        (Kind::Email, "emailAddress"),
        (Kind::User, "userId"),
        (Kind::Phone, "phoneNumber"),
        (Kind::Name, "name"),
    ];
    let fields = fields
        .into_iter()
        .filter_map(|(kind, key)| Some((kind, text_of(party, key)?)));
    let contacts = contacts(party).map(|id| (Kind::Contact, id));
    fields
        .chain(contacts)
        .filter(|(_, value)| value != TOKEN)
        .collect()
}

fn contacts(party: &Value) -> impl Iterator<Item = String> {
    let contexts = party.get("context").and_then(Value::as_array);
    let objects = contexts
        .into_iter()
        .flatten()
        .filter_map(|context| context.get("objects").and_then(Value::as_array));
    objects
        .flatten()
        .filter(|object| is_person(object))
        .filter_map(|object| text_of(object, "objectId"))
}

/// Whether an object of a CRM is a person.
fn is_person(object: &Value) -> bool {
    let kind = object.get("objectType").and_then(Value::as_str);
    kind.is_some_and(|kind| ["contact", "lead"].contains(&kind.to_lowercase().as_str()))
}

fn is_erased(erased: &Erased, party: &Value) -> bool {
    if party.get("name").and_then(Value::as_str) == Some(TOKEN) {
        return true;
    }
    let known = known_by(party);
    // Namesakes are others: a name alone says who somebody is where nothing else does.
    let by_name = known.iter().all(|(kind, _)| *kind == Kind::Name);
    known
        .iter()
        .filter(|(kind, _)| *kind != Kind::Name || by_name)
        .any(|(kind, value)| erased.holds(*kind, value))
}

struct Walk<'a> {
    id: &'a CallId,
    erased: &'a Erased,
    scrubber: Scrubber<'a>,
    mentions: Vec<Mention>,
    changed: bool,
}

impl Walk<'_> {
    fn call(&mut self, call: &mut Value, is_theirs: bool) {
        let parties = call.get_mut("parties").and_then(Value::as_array_mut);
        for party in parties.into_iter().flatten() {
            if is_erased(self.erased, party) {
                let left = without_person(party);
                self.replace(party, left);
            }
        }
        self.value(call, &mut String::new());
        if !is_theirs {
            return;
        }
        // What Gong made of the words may repeat theirs; topics and trackers are counted only.
        if let Some(content) = call.get_mut("content") {
            let left = counted(content);
            self.replace(content, left);
        }
        let removed = call
            .as_object_mut()
            .and_then(|call| call.remove("collaboration"));
        self.changed |= removed.is_some();
    }

    fn transcript(&mut self, transcript: &mut Value, voices: &HashSet<String>) {
        let monologues = transcript
            .get_mut("transcript")
            .and_then(Value::as_array_mut);
        let mut index = 0;
        for monologue in monologues.into_iter().flatten() {
            let is_theirs =
                text_of(monologue, "speakerId").is_some_and(|voice| voices.contains(&voice));
            let sentences = monologue.get_mut("sentences").and_then(Value::as_array_mut);
            for sentence in sentences.into_iter().flatten() {
                if let Some(text) = sentence.get_mut("text") {
                    if is_theirs {
                        self.replace(text, TOKEN.into());
                    } else {
                        self.value(text, &mut format!("sentence {index}"));
                    }
                }
                index += 1;
            }
        }
    }

    fn replace(&mut self, value: &mut Value, left: Value) {
        if *value != left {
            *value = left;
            self.changed = true;
        }
    }

    /// Takes people out of everything below a value.
    fn value(&mut self, value: &mut Value, place: &mut String) {
        match value {
            Value::String(text) => {
                if let Some(left) = self.scrubber.scrub(text) {
                    self.mentions.push(Mention {
                        call_id: self.id.clone(),
                        place: place.clone(),
                        text: std::mem::replace(text, left),
                        stays: false,
                    });
                    self.changed = true;
                } else if is_id(text) && self.erased.holds(Kind::User, text) {
                    self.replace(value, Value::Null);
                }
            }
            Value::Array(items) => {
                let before = items.len();
                items.retain(|item| {
                    let id = is_person(item).then(|| text_of(item, "objectId")).flatten();
                    !id.is_some_and(|id| self.erased.holds(Kind::Contact, &id))
                });
                self.changed |= items.len() < before;
                for (index, item) in items.iter_mut().enumerate() {
                    self.below(item, place, &format!("[{index}]"));
                }
            }
            Value::Object(members) => {
                for (key, member) in members {
                    let dot = if place.is_empty() { "" } else { "." };
                    self.below(member, place, &format!("{dot}{key}"));
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn below(&mut self, value: &mut Value, place: &mut String, step: &str) {
        let length = place.len();
        place.push_str(step);
        self.value(value, place);
        place.truncate(length);
    }
}

/// Whether a text may be an id: what people say has spaces.
fn is_id(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A party of whom nothing is left but which voice it was, and on which side.
fn without_person(party: &Value) -> Value {
    let mut left = Map::new();
    for key in ["id", "speakerId", "affiliation"] {
        if let Some(value) = party.get(key) {
            left.insert(key.to_owned(), value.clone());
        }
    }
    left.insert("name".to_owned(), TOKEN.into());
    Value::Object(left)
}

/// Of Gong's findings what is only counted.
fn counted(content: &Value) -> Value {
    let list = |key: &str, keys: &[&str]| -> Value {
        let items = content.get(key).and_then(Value::as_array);
        let items = items.into_iter().flatten().map(|item| {
            let members = keys.iter().filter_map(|key| Some((*key, item.get(*key)?)));
            members
                .map(|(key, value)| (key.to_owned(), value.clone()))
                .collect::<Map<_, _>>()
        });
        items.map(Value::Object).collect()
    };
    json!({
        "topics": list("topics", &["name", "duration"]),
        "trackers": list("trackers", &["id", "name", "count", "type"]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn erased(known: &[(Kind, &str)]) -> Erased {
        let mut erased = Erased::new(&"k".repeat(64));
        for (kind, value) in known {
            let selector = erased.selector(&(*kind, (*value).to_owned())).unwrap();
            erased.add(&selector);
        }
        erased
    }

    const CALL: &str = r#"{
        "metaData": {"id": "7", "title": "Bo Lind and Ana", "primaryUserId": "u-1"},
        "context": [{"system": "HubSpot", "objects": [
            {"objectType": "Contact", "objectId": "51"}, {"objectType": "Deal", "objectId": "9"}]}],
        "parties": [
            {"id": "1", "name": "Ana Reyes", "userId": "u-1", "speakerId": "a", "affiliation": "Internal"},
            {"id": "2", "name": "Bo Lind", "emailAddress": "bo@buyer.test", "phoneNumber": "+4930123456",
             "speakerId": "b", "affiliation": "External", "title": "CTO",
             "context": [{"system": "HubSpot", "objects": [{"objectType": "Contact", "objectId": "51"}]}]}],
        "content": {"brief": "Bo wants a discount.", "topics": [{"name": "Price", "duration": 3}],
            "trackers": [{"name": "Risk", "count": 1, "occurrences": [{"phrase": "we wait"}]}]}}"#;
    const SAID: &str = r#"{"callId": "7", "transcript": [
        {"speakerId": "a", "sentences": [{"start": 0, "end": 1, "text": "Hello Bo."}]},
        {"speakerId": "b", "sentences": [{"start": 1, "end": 2, "text": "We wait."}]}]}"#;

    #[test]
    fn a_person_goes_and_the_call_of_the_others_stays() {
        let erased = erased(&[(Kind::Email, "BO@buyer.test"), (Kind::Contact, "51")]);
        let known = people(&erased, CALL);
        assert_eq!(known.len(), 4, "{known:?}");
        let id = CallId::new("7");
        let redacted = redact(&erased, &id, Some(CALL), Some(SAID));
        let (call, said) = (redacted.call.unwrap(), redacted.transcript.unwrap());
        for gone in [
            "Bo", "Lind", "buyer", "4930", "CTO", "51", "discount", "wait",
        ] {
            assert!(
                !call.contains(gone) && !said.contains(gone),
                "{gone}: {call} {said}"
            );
        }
        for kept in [
            "[erased] and Ana",
            "Ana Reyes",
            "u-1",
            "Price",
            "Risk",
            "\"9\"",
        ] {
            assert!(call.contains(kept), "{kept}: {call}");
        }
        assert!(said.contains("Hello [erased]."), "{said}");
        let places: Vec<&str> = redacted
            .mentions
            .iter()
            .map(|one| one.place.as_str())
            .collect();
        assert_eq!(places, ["content.brief", "metaData.title", "sentence 0"]);

        let again = redact(&erased, &id, Some(&call), Some(&said));
        assert!(again.call.is_none() && again.transcript.is_none() && again.mentions.is_empty());
        let alone = redact(&erased, &id, Some(&call), Some(SAID))
            .transcript
            .unwrap();
        assert!(
            !alone.contains("wait"),
            "the voice of a call that was rewritten: {alone}"
        );
    }

    #[test]
    fn namesakes_stay() {
        let erased = erased(&[(Kind::Email, "bo@other.test"), (Kind::Name, "Bo Lind")]);
        let redacted = redact(&erased, &CallId::new("7"), Some(CALL), Some(SAID));
        assert!(redacted.call.is_none() && redacted.transcript.is_none());
        let nameless = CALL.replace("bo@buyer.test", "").replace("+4930123456", "");
        let nameless = nameless.replace("\"51\"", "null");
        assert_eq!(
            people(&erased, &nameless).len(),
            1,
            "nothing else tells them apart"
        );
    }

    #[test]
    fn a_user_goes_wherever_their_id_stands() {
        let erased = erased(&[(Kind::User, "u-1")]);
        let redacted = redact(&erased, &CallId::new("7"), Some(CALL), None);
        let call = redacted.call.unwrap();
        assert!(!call.contains("u-1") && !call.contains("Ana"), "{call}");
        assert!(call.contains("Bo Lind"), "{call}");
    }
}
