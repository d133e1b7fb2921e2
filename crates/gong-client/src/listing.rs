//! What is listed beside calls.

use calls::WorkspaceId;
use jiff::civil::Date;

/// A listing beside calls. Days are those of the company's time zone, `from` inclusive and
/// `to` exclusive.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Listing {
    /// Users of the company.
    Users,
    /// Workspaces.
    Workspaces,
    /// Scorecards with their questions.
    Scorecards,
    /// Scorecards that were filled in, by people and by Gong's own review.
    AnsweredScorecards {
        /// First day of review.
        from: Date,
        /// Day after the last.
        to: Date,
    },
    /// Keyword trackers of all workspaces.
    Trackers,
    /// How users talked, one record a user.
    InteractionStats {
        /// First day.
        from: Date,
        /// Day after the last; at most today.
        to: Date,
    },
    /// What users did, one record a user.
    ActivityStats {
        /// First day.
        from: Date,
        /// Day after the last; at most today.
        to: Date,
    },
    /// Public folders of the library of a workspace.
    LibraryFolders(WorkspaceId),
}

impl Listing {
    /// The path that errors name.
    pub(crate) fn endpoint(&self) -> &'static str {
        match self {
            Self::Users => "/v2/users",
            Self::Workspaces => "/v2/workspaces",
            Self::Scorecards => "/v2/settings/scorecards",
            Self::AnsweredScorecards { .. } => "/v2/stats/activity/scorecards",
            Self::Trackers => "/v2/settings/trackers",
            Self::InteractionStats { .. } => "/v2/stats/interaction",
            Self::ActivityStats { .. } => "/v2/stats/activity/aggregate",
            Self::LibraryFolders(_) => "/v2/library/folders",
        }
    }
}
