//! Records of Gong beside calls: how it is set up, reviews, figures.

use std::fmt;

use calls::jiff::civil::Date;

/// A kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum RecordStream {
    /// Users of the company, with their managers.
    Users,
    /// Workspaces.
    Workspaces,
    /// Scorecards with their questions.
    Scorecards,
    /// Scorecards that were filled in for calls.
    AnsweredScorecards,
    /// Keyword trackers.
    Trackers,
    /// How users talk, a record per user and month.
    InteractionStats,
    /// What users do, a record per user and month.
    ActivityStats,
    /// Public folders of the library.
    LibraryFolders,
}

impl RecordStream {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Users,
        Self::Workspaces,
        Self::Scorecards,
        Self::AnsweredScorecards,
        Self::Trackers,
        Self::InteractionStats,
        Self::ActivityStats,
        Self::LibraryFolders,
    ];

    /// The word in the store and on command lines.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Workspaces => "workspaces",
            Self::Scorecards => "scorecards",
            Self::AnsweredScorecards => "answered_scorecards",
            Self::Trackers => "trackers",
            Self::InteractionStats => "interaction_stats",
            Self::ActivityStats => "activity_stats",
            Self::LibraryFolders => "library_folders",
        }
    }

    /// Reads [`as_str`](Self::as_str)'s spelling.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}

/// A record as Gong sent it.
#[derive(Clone, PartialEq, Eq)]
pub struct GongRecord {
    /// What tells it from others of its kind.
    pub key: String,
    /// The day that it counts for, for kinds that are asked for by days.
    pub day: Option<Date>,
    /// JSON.
    pub json: String,
}

/// Says whose it is, never what it says.
impl fmt::Debug for GongRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GongRecord")
            .field("key", &self.key)
            .field("day", &self.day)
            .field("bytes", &self.json.len())
            .finish()
    }
}

/// Records of one kind to land, and what has gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordPage {
    /// The kind.
    pub stream: RecordStream,
    /// The run that read them.
    pub run_id: String,
    /// Records.
    pub records: Vec<GongRecord>,
    /// Keys of records that Gong no longer serves.
    pub gone: Vec<String>,
}

/// Which records of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordQuery {
    /// The kind.
    pub stream: RecordStream,
    /// From this day on, inclusive.
    pub from: Option<Date>,
    /// Up to this day, exclusive.
    pub to: Option<Date>,
}

impl RecordQuery {
    /// All of a kind.
    pub fn all(stream: RecordStream) -> Self {
        Self {
            stream,
            from: None,
            to: None,
        }
    }
}

/// What landing records did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RecordsLanded {
    /// New records, and records that are served again.
    pub inserted: u64,
    /// Records that changed.
    pub updated: u64,
    /// Records marked deleted.
    pub deleted: u64,
}
