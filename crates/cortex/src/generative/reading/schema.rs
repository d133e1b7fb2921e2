//! The shape of a reading as a model writes it.

use calls::reading::{CallType, Handling, KnownState, PushbackKind, Stance, StepStatus};
use serde_json::{Value, json};

use crate::generative::schema::{array, integer, object, one_of, string};

macro_rules! words {
    ($kind:ident) => {{
        let words: Vec<&str> = $kind::ALL.iter().map(|one| one.as_str()).collect();
        one_of(&words)
    }};
}

/// One schema for every call: what differs from call to call, such as the ids of people,
/// is checked afterwards, so that calls can share a statement and services a prefix.
pub(super) fn reading() -> Value {
    let what = || ("what", string());
    let sentences = || ("sentences", array(integer()));
    let fact = || array(object([what(), sentences()]));
    let known = || {
        let state = ("state", words!(KnownState));
        object([state, ("what", array(string())), sentences()])
    };
    object([
        ("call_type", words!(CallType)),
        (
            "next_steps",
            array(object([
                what(),
                ("owner", nullable("string")),
                ("due", nullable("string")),
                ("due_said", nullable("string")),
                ("status", words!(StepStatus)),
                sentences(),
            ])),
        ),
        (
            "pushback",
            array(object([
                ("kind", words!(PushbackKind)),
                what(),
                ("severity", integer()),
                ("explicit", json!({"type": "boolean"})),
                sentences(),
                ("handling", words!(Handling)),
                ("handling_sentences", array(integer())),
            ])),
        ),
        (
            "competitors",
            array(object([
                ("name", string()),
                ("said", array(string())),
                ("stance", words!(Stance)),
                sentences(),
            ])),
        ),
        ("pricing", fact()),
        ("decision", fact()),
        ("timeline", fact()),
        ("praise", fact()),
        (
            "pains",
            array(object([
                what(),
                ("impact", nullable("string")),
                sentences(),
            ])),
        ),
        (
            "qualification",
            object([
                ("metrics", known()),
                ("economic_buyer", known()),
                ("decision_criteria", known()),
                ("decision_process", known()),
                ("paper_process", known()),
                ("pain", known()),
                ("champion", known()),
                ("competition", known()),
            ]),
        ),
        (
            "moments",
            array(object([
                ("kind", string()),
                what(),
                ("better", nullable("string")),
                sentences(),
            ])),
        ),
        ("summary", fact()),
        ("deal_health", nullable("integer")),
        ("deal_health_why", fact()),
    ])
}

fn nullable(kind: &str) -> Value {
    json!({"type": [kind, "null"]})
}
