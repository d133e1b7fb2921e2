//! Evidence: sentences that exist, and claims that cannot be made without them.
//!
//! [`Evidence`] has private fields and one constructor, [`Citations::cite`], which
//! copies the sentence from the transcript. [`Claim`] has one constructor,
//! [`Claim::new`], which refuses to build without evidence. So everything an agent
//! says can be checked against the call, sentence by sentence, and text that a
//! language backend invented cannot pass for a quotation.

use std::fmt;

use calls::{Affiliation, Call, CallId, SentenceId, Transcript};
use serde::Serialize;

use crate::{Error, ErrorCode, Result};

/// A sentence of a transcript, verbatim.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    call_id: CallId,
    sentence_id: SentenceId,
    index: u32,
    speaker: Option<String>,
    affiliation: Affiliation,
    start_ms: i64,
    text: String,
}

impl Evidence {
    /// The call.
    pub fn call_id(&self) -> &CallId {
        &self.call_id
    }

    /// The sentence.
    pub fn sentence_id(&self) -> &SentenceId {
        &self.sentence_id
    }

    /// Position of the sentence in the transcript, from 0.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// Who said it, where the party list has a name.
    pub fn speaker(&self) -> Option<&str> {
        self.speaker.as_deref()
    }

    /// The side that said it.
    pub fn affiliation(&self) -> Affiliation {
        self.affiliation
    }

    /// When, in milliseconds from the start of the recording.
    pub fn start_ms(&self) -> i64 {
        self.start_ms
    }

    /// The words, exactly as the transcript has them.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evidence")
            .field("sentence_id", &self.sentence_id)
            .field("start_ms", &self.start_ms)
            .field("text_bytes", &self.text.len())
            .finish_non_exhaustive()
    }
}

/// Makes evidence out of one call's transcript.
#[derive(Debug, Clone, Copy)]
pub struct Citations<'a> {
    call: &'a Call,
    transcript: &'a Transcript,
}

impl<'a> Citations<'a> {
    /// Citations of a call.
    pub fn new(call: &'a Call, transcript: &'a Transcript) -> Self {
        Self { call, transcript }
    }

    /// The sentence at an index; `None` when the transcript has none there.
    pub fn cite(&self, index: u32) -> Option<Evidence> {
        let position = usize::try_from(index).ok()?;
        let sentence = self
            .transcript
            .sentences
            .get(position)
            .filter(|sentence| sentence.index == index)?;
        let party = sentence
            .speaker_id
            .as_ref()
            .and_then(|speaker| self.call.speaker(speaker));
        Some(Evidence {
            call_id: self.call.id.clone(),
            sentence_id: SentenceId::of(&self.call.id, index),
            index,
            speaker: party
                .and_then(|party| party.display_name())
                .map(str::to_owned),
            affiliation: party.map_or(Affiliation::Unknown, |party| party.affiliation),
            start_ms: sentence.start_ms,
            text: sentence.text.clone(),
        })
    }

    /// The sentences at these indices, in the order given, each once; indices
    /// without a sentence are left out.
    pub fn cite_all(&self, indices: impl IntoIterator<Item = u32>) -> Vec<Evidence> {
        let mut cited: Vec<Evidence> = Vec::new();
        for index in indices {
            if cited.iter().any(|evidence| evidence.index == index) {
                continue;
            }
            cited.extend(self.cite(index));
        }
        cited
    }
}

/// What a claim rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Basis {
    /// The cited sentences say it.
    Quote,
    /// A figure says it; the cited sentences are where the figure comes from.
    Metric,
    /// Nothing of the kind was found; the cited sentences are where it would
    /// have been expected.
    Absence,
}

/// A number with its name and unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Figure {
    /// Name, such as `longest_monologue`.
    pub name: &'static str,
    /// Value in the unit.
    pub value: f64,
    /// Unit, such as `seconds`; `share` for 0 to 1.
    pub unit: &'static str,
}

impl Figure {
    /// A figure.
    pub fn new(name: &'static str, value: f64, unit: &'static str) -> Self {
        Self { name, value, unit }
    }
}

/// A statement with the sentences that it rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Claim {
    kind: String,
    text: String,
    basis: Basis,
    confidence: f64,
    figure: Option<Figure>,
    evidence: Vec<Evidence>,
}

impl Claim {
    /// A claim.
    ///
    /// # Errors
    /// [`ErrorCode::Internal`] when there is no evidence: a claim that nothing
    /// supports must not reach a reader.
    pub fn new(
        kind: impl Into<String>,
        text: impl Into<String>,
        basis: Basis,
        evidence: Vec<Evidence>,
    ) -> Result<Self> {
        let kind = kind.into();
        if evidence.is_empty() {
            return Err(Error::new(
                ErrorCode::Internal,
                format!("a claim of kind {kind} has no evidence"),
            ));
        }
        Ok(Self {
            kind,
            text: text.into(),
            basis,
            confidence: 1.0,
            figure: None,
            evidence,
        })
    }

    /// Keeps how sure the claim is; clamped to 0 to 1.
    #[must_use]
    pub fn with_confidence(mut self, confidence: f64) -> Self {
        self.confidence = if confidence.is_finite() {
            confidence.clamp(0.0, 1.0)
        } else {
            0.0
        };
        self
    }

    /// Keeps the figure that the claim rests on.
    #[must_use]
    pub fn with_figure(mut self, figure: Figure) -> Self {
        self.figure = Some(figure);
        self
    }

    /// What kind of claim, such as `objection`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The statement.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it rests on.
    pub fn basis(&self) -> Basis {
        self.basis
    }

    /// How sure, 0 to 1.
    pub fn confidence(&self) -> f64 {
        self.confidence
    }

    /// The figure, for claims by metric.
    pub fn figure(&self) -> Option<Figure> {
        self.figure
    }

    /// The sentences; at least one.
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }
}
