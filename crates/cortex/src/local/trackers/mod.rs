//! Keyword trackers in Gong's own schema, followed without Gong.
//!
//! The reply of `GET /v2/settings/trackers` reads into [`TrackerSettings`] as it is,
//! and what [`track`] finds in a call has the shape that Gong gives a call's trackers.
//!
//! ```
//! use calls::Call;
//! use cortex::trackers::TrackerSettings;
//!
//! let reply = r#"{"requestId": "4al018", "keywordTrackers": [{
//!     "trackerId": "68402", "trackerName": "Budget", "affiliation": "NonCompany",
//!     "partOfQuestion": false, "saidAt": "First", "saidAtInterval": 10,
//!     "saidAtUnit": "minutes", "saidInTopics": [], "filterQuery": null,
//!     "languageKeywords": [
//!         {"language": "eng", "keywords": ["approve"], "includeRelatedForms": true}
//!     ]
//! }]}"#;
//! let settings: TrackerSettings = serde_json::from_str(reply)?;
//! assert_eq!(settings.keyword_trackers[0].tracker_name, "Budget");
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! For callers that follow Gong's keyword trackers where Gong did not run them.

mod filter;
mod keywords;
mod settings;
mod tracking;

use calls::SpeakerId;
use resilience::ErrorKind;
use serde::{Deserialize, Serialize};

pub use tracking::track;

use crate::{Error, Result};

/// Gong's reply to `GET /v2/settings/trackers`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TrackerSettings {
    /// Gong's id of the request.
    pub request_id: Option<String>,
    /// The trackers.
    pub keyword_trackers: Vec<KeywordTracker>,
}

/// What to look for, and where. Fields as Gong names them; dates and authors are not
/// needed and not read. Null says nothing, ids and numbers may come as either, words in any
/// case; a tracker without a name has its id for one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeywordTracker {
    /// Gong's id.
    pub tracker_id: Option<String>,
    /// Its name.
    pub tracker_name: String,
    /// The workspace it is in.
    pub workspace_id: Option<String>,
    /// Words and phrases by language.
    pub language_keywords: Vec<LanguageKeywords>,
    /// Whose words count.
    pub affiliation: TrackedAffiliation,
    /// Whether only questions count.
    pub part_of_question: bool,
    /// In which part of the call words count.
    pub said_at: SaidAt,
    /// How long that part is; without it, all of the call counts.
    pub said_at_interval: Option<u32>,
    /// What the interval counts.
    pub said_at_unit: Option<SaidAtUnit>,
    /// Gong's topics in which words count; all when there are none.
    pub said_in_topics: Option<Vec<String>>,
    /// Which calls to look at, in the language of Gong's search page. One that excludes
    /// any cannot be followed here: [`track`] answers `Unsupported` for such a tracker.
    /// Clear it when the call is known to pass.
    pub filter_query: Option<String>,
    /// Fields that say what is not understood here, such as a word that Gong has added.
    /// [`track`] answers `Unsupported` for a tracker that has one.
    #[serde(skip)]
    pub unread: Vec<&'static str>,
}

impl KeywordTracker {
    /// Whether [`track`] can follow it.
    ///
    /// # Errors
    /// `Unsupported` on `filterQuery` when that excludes calls, or on a field that is not
    /// understood.
    pub fn check(&self) -> Result<()> {
        let filter = self.filter_query.as_deref().unwrap_or_default();
        let (field, why) = if !filter::excludes_nothing(filter) {
            (
                "filterQuery",
                "Gong's filters of calls cannot be followed here",
            )
        } else if let Some(field) = self.unread.first() {
            (*field, "is not understood")
        } else {
            return Ok(());
        };
        Err(Error::new(ErrorKind::Unsupported, why).with_field(field))
    }
}

/// Words and phrases of one language.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LanguageKeywords {
    /// ISO 639-2/B code; `mul` counts in every language, as do words of no language.
    pub language: String,
    /// The words and phrases, in any case.
    pub keywords: Vec<String>,
    /// Whether other forms count too ("organized" for "organize"), by Snowball stems.
    /// Without a stemmer for the language, and for `mul`, only the very words do.
    pub include_related_forms: bool,
}

/// Whose words count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum TrackedAffiliation {
    /// Everybody's.
    #[default]
    Anyone,
    /// Those of members of the selling company.
    Company,
    /// Those of everybody else, people of unknown side included: real customers hide
    /// among them.
    NonCompany,
}

/// In which part of a call words count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum SaidAt {
    /// All of it.
    #[default]
    Anytime,
    /// Its beginning.
    First,
    /// Its end.
    Last,
}

/// What [`KeywordTracker::said_at_interval`] counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SaidAtUnit {
    /// Minutes.
    Minutes,
    /// Percent of the call's length.
    Percent,
}

/// What a tracker found in a call, in the shape of Gong's call data.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TrackerFindings {
    /// [`KeywordTracker::tracker_id`].
    pub id: Option<String>,
    /// [`KeywordTracker::tracker_name`].
    pub name: String,
    /// How often its words were said.
    pub count: usize,
    /// Where, in order of time.
    pub occurrences: Vec<Occurrence>,
    /// The same by phrase, in the order of the settings; phrases that were not said
    /// are left out.
    pub phrases: Vec<PhraseFindings>,
}

/// What one phrase of a tracker found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PhraseFindings {
    /// As the settings spell it.
    pub phrase: String,
    /// How often it was said.
    pub count: usize,
    /// Where, in order of time.
    pub occurrences: Vec<Occurrence>,
}

/// Where a tracker's words were said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Occurrence {
    /// Start of the sentence, in seconds from the start of the call.
    pub start_time: f64,
    /// Whose voice; `None` when Gong could not tell.
    pub speaker_id: Option<SpeakerId>,
    /// The sentence's [`index`](calls::Sentence::index), which Gong does not give.
    pub sentence: u32,
}
