//! What Gong found in a call by itself, and what people noted there.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{SpeakerId, UserId};

/// What Gong found in a call, beside its [brief](crate::Call::brief) and
/// [topics](crate::Call::topics). Times are seconds from the start of the recording.
///
/// Gong leaves out what it did not compute. Where that differs from having found nothing, the
/// list is optional.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(default)]
pub struct GongFindings {
    /// What matters most, a sentence each, in Gong's order.
    pub key_points: Vec<String>,
    /// The course of the call.
    pub outline: Vec<OutlineSection>,
    /// What to remember, under titles such as "Next steps"; `None` where Gong looked for none.
    pub highlights: Option<Vec<HighlightSection>>,
    /// Trackers; `None` where Gong ran none.
    pub trackers: Option<Vec<TrackerFinding>>,
    /// How the call ended, as its host noted.
    pub outcome: Option<CallOutcome>,
    /// How many questions each side asked.
    pub questions: Option<QuestionCounts>,
    /// What colleagues wrote beside the call.
    pub comments: Vec<PublicComment>,
}

impl GongFindings {
    /// Whether there is nothing at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The items under "Next steps"; `None` where Gong looked for none.
    pub fn next_steps(&self) -> Option<impl Iterator<Item = &Highlight>> {
        let sections = self.highlights.as_ref()?.iter();
        let of_steps = sections.filter(|section| section.is_next_steps());
        Some(of_steps.flat_map(|section| &section.items))
    }

    /// Where an item of outline or highlights is heard, by its text.
    pub fn heard_at(&self, text: &str) -> Option<f64> {
        let outline = self.outline.iter().flat_map(|section| &section.items);
        let outline = outline.map(|item| (&item.text, item.start_seconds));
        let highlights = self.highlights.iter().flatten();
        let highlights = highlights.flat_map(|section| &section.items);
        let highlights = highlights.map(|item| (&item.text, item.start_seconds.first().copied()));
        let mut of_text = outline.chain(highlights).filter(|(one, _)| *one == text);
        of_text.find_map(|(_, seconds)| seconds)
    }

    /// What Gong wrote about the call, item by item: key points, outline, highlights.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let outline = self.outline.iter().flat_map(|section| &section.items);
        let highlights = self.highlights.iter().flatten();
        let highlights = highlights.flat_map(|section| &section.items);
        self.key_points
            .iter()
            .map(String::as_str)
            .chain(outline.map(|item| item.text.as_str()))
            .chain(highlights.map(|item| item.text.as_str()))
    }
}

/// Says how much there is, never what was said.
impl fmt::Debug for GongFindings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GongFindings")
            .field("key_points", &self.key_points.len())
            .field("outline", &self.outline.len())
            .field("highlights", &self.highlights.as_ref().map(Vec::len))
            .field("trackers", &self.trackers.as_ref().map(Vec::len))
            .field("comments", &self.comments.len())
            .finish_non_exhaustive()
    }
}

/// A section of the outline.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OutlineSection {
    /// What it is about.
    pub section: Option<String>,
    /// Its start.
    pub start_seconds: Option<f64>,
    /// Its length.
    pub duration_seconds: Option<f64>,
    /// What happens in it.
    pub items: Vec<OutlineItem>,
}

/// An item of the outline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutlineItem {
    /// A sentence of Gong's.
    pub text: String,
    /// Where it is heard.
    pub start_seconds: Option<f64>,
}

/// Highlights under one title.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct HighlightSection {
    /// The title, such as "Next steps".
    pub title: Option<String>,
    /// The highlights.
    pub items: Vec<Highlight>,
}

impl HighlightSection {
    /// Whether these are next steps.
    pub fn is_next_steps(&self) -> bool {
        let title = self.title.as_deref().unwrap_or_default();
        title.trim().eq_ignore_ascii_case("next steps")
    }
}

/// A highlight.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Highlight {
    /// A sentence of Gong's.
    pub text: String,
    /// Where it is heard, in Gong's order.
    pub start_seconds: Vec<f64>,
}

/// What a tracker found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrackerFinding {
    /// Gong's id of the tracker.
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// `KEYWORD` or `SMART`, as Gong writes it.
    pub kind: Option<String>,
    /// How often it fired.
    pub count: u64,
    /// Where.
    pub occurrences: Vec<TrackerOccurrence>,
    /// The phrases of a keyword tracker that were said.
    pub phrases: Vec<TrackerPhrase>,
}

/// Where a tracker fired.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrackerOccurrence {
    /// When.
    pub start_seconds: f64,
    /// Whose voice; `None` where Gong cannot tell.
    pub speaker_id: Option<SpeakerId>,
}

/// A phrase of a keyword tracker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackerPhrase {
    /// As the tracker has it.
    pub phrase: String,
    /// How often it was said.
    pub count: u64,
}

/// How a call ended, as its host noted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CallOutcome {
    /// Gong's id.
    pub id: Option<String>,
    /// Its name, such as "Meeting booked".
    pub name: Option<String>,
    /// Its category, such as "Answered".
    pub category: Option<String>,
}

/// How many questions each side asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionCounts {
    /// By the selling company; `None` where Gong did not say.
    pub company: Option<u64>,
    /// By everybody else.
    pub others: Option<u64>,
}

/// A comment that everybody who sees the call can read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PublicComment {
    /// Gong's id.
    pub id: Option<String>,
    /// What was written.
    pub text: String,
    /// Who wrote it.
    pub author: Option<UserId>,
    /// The start of what it is about.
    pub start_seconds: Option<f64>,
    /// The end of what it is about.
    pub end_seconds: Option<f64>,
    /// When it was written.
    pub posted: Option<Timestamp>,
    /// The comment that it answers.
    pub in_reply_to: Option<String>,
    /// Whether it was written while the call took place.
    pub during_call: bool,
}
