//! One measured number, and what it should be.

use serde_json::{Value, json};

use crate::data::Part;

/// A figure of one part of a data set.
#[derive(Debug)]
pub(crate) struct Figure {
    /// What was measured, on what.
    pub(crate) name: &'static str,
    pub(crate) value: f64,
    /// Digits after the point that mean something.
    pub(crate) digits: usize,
    /// Of the value.
    pub(crate) unit: &'static str,
    pub(crate) aim: Aim,
    /// What was counted or averaged over, such as `415 questions`.
    pub(crate) items: String,
    /// None when nothing was tuned on the set, so that all of it is measured.
    pub(crate) part: Option<Part>,
}

/// What a figure should be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Aim {
    AtLeast(f64),
    Below(f64),
    /// It is there for comparison.
    Comparison,
}

impl Figure {
    pub(crate) fn to_json(&self) -> Value {
        let (at_least, below) = match self.aim {
            Aim::AtLeast(bound) => (Some(bound), None),
            Aim::Below(bound) => (None, Some(bound)),
            Aim::Comparison => (None, None),
        };
        json!({
            "name": self.name,
            "value": self.value,
            "digits": self.digits,
            "unit": self.unit,
            "at_least": at_least,
            "below": below,
            "items": self.items,
            "part": self.part.map(Part::name),
        })
    }
}
