//! What differs between two answers to the same question.

use serde::Serialize;
use serde_json::Value;

use crate::{
    CallDetail, CallHeader, CallReading, ChunkHit, CoachingCall, Colleague, FindingHit, KnownName,
    Performance, RepFigures,
};

/// Figures that are closer than this share of the larger are the same: engines add in
/// orders of their own.
const ROUNDING: f64 = 1e-6;

/// Answers that can be compared.
pub(super) trait Compare {
    /// The kinds of difference; empty when there is none.
    fn differences(&self, other: &Self) -> Vec<&'static str>;
}

impl<T: Compare> Compare for Option<T> {
    fn differences(&self, other: &Self) -> Vec<&'static str> {
        match (self, other) {
            (Some(ours), Some(theirs)) => ours.differences(theirs),
            (None, None) => Vec::new(),
            (Some(_), None) => vec!["only_primary"],
            (None, Some(_)) => vec!["only_fallback"],
        }
    }
}

impl Compare for CallDetail {
    fn differences(&self, other: &Self) -> Vec<&'static str> {
        let is_same_crm = self.deal == other.deal
            && self.company == other.company
            && self.contacts == other.contacts
            && self.crm == other.crm;
        let parts = [
            ("call", self.call == other.call),
            ("transcript", self.transcript == other.transcript),
            ("metrics", is_close(&self.metrics, &other.metrics)),
            ("insights", self.insights == other.insights),
            (
                "readings",
                self.readings.differences(&other.readings).is_empty(),
            ),
            ("crm", is_same_crm),
        ];
        let different = parts.into_iter().filter(|(_, is_same)| !is_same);
        different.map(|(part, _)| part).collect()
    }
}

impl Compare for Performance {
    fn differences(&self, other: &Self) -> Vec<&'static str> {
        figures(self, other)
    }
}

fn figures<T: Serialize>(ours: &T, theirs: &T) -> Vec<&'static str> {
    match is_close(ours, theirs) {
        true => Vec::new(),
        false => vec!["figures"],
    }
}

/// An item of a list, and what names it.
trait Listed {
    fn name(&self) -> String;
    fn is_same(&self, other: &Self) -> bool;
}

impl<T: Listed> Compare for Vec<T> {
    fn differences(&self, other: &Self) -> Vec<&'static str> {
        let names = |list: &Self| list.iter().map(T::name).collect::<Vec<String>>();
        let (ours, theirs) = (names(self), names(other));
        if ours == theirs {
            let mut pairs = self.iter().zip(other);
            return match pairs.all(|(ours, theirs)| ours.is_same(theirs)) {
                true => Vec::new(),
                false => vec!["content"],
            };
        }
        let sorted = |mut names: Vec<String>| {
            names.sort_unstable();
            names
        };
        match sorted(ours) == sorted(theirs) {
            true => vec!["order"],
            false => vec!["members"],
        }
    }
}

macro_rules! listed {
    ($($item:ty, $this:ident => $name:expr, $other:ident => $same:expr;)*) => {$(
        impl Listed for $item {
            fn name(&self) -> String {
                let $this = self;
                $name
            }

            fn is_same(&self, $other: &Self) -> bool {
                let $this = self;
                $same
            }
        }
    )*};
}

listed! {
    Colleague, one => one.id.to_string(), other => one == other;
    CallHeader, one => one.id.to_string(), other => is_close(one, other);
    // When it was read, and by how many requests, is no difference.
    CallReading, one => format!("{} {:?}", one.call_id, one.provenance),
        other => one.transcript_sha == other.transcript_sha && one.reading == other.reading;
    CoachingCall, one => one.header.id.to_string(), other => is_close(one, other);
    // Engines score by scales of their own.
    ChunkHit, one => format!("{} {}", one.call_id, one.first_sentence), other => one.text == other.text;
    FindingHit, one => one.call_id.to_string(), other => one.call_id == other.call_id;
    KnownName, one => format!("{:?} {}", one.id, one.name), other => one == other;
    RepFigures, one => format!("{:?} {:?}", one.rep, one.outcome), other => is_close(one, other);
}

/// Whether two values are the same but for rounding.
fn is_close<T: Serialize>(ours: &T, theirs: &T) -> bool {
    match (serde_json::to_value(ours), serde_json::to_value(theirs)) {
        (Ok(ours), Ok(theirs)) => is_close_value(&ours, &theirs),
        _ => false,
    }
}

fn is_close_value(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Number(left), Value::Number(right)) => match (left.as_f64(), right.as_f64()) {
            (Some(left), Some(right)) => {
                (left - right).abs() <= ROUNDING * left.abs().max(right.abs())
            }
            _ => left == right,
        },
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| is_close_value(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            let is_there = |(key, left): (&String, &Value)| {
                right
                    .get(key)
                    .is_some_and(|right| is_close_value(left, right))
            };
            left.len() == right.len() && left.iter().all(is_there)
        }
        _ => ours == theirs,
    }
}
