//! What coaching compares a rep with, and by which rules.

use std::sync::Arc;

use calls::{Provenance, UserId};
use snowflake_store::Rep;

use crate::insights::InsightBuilder;
use crate::targets::CoachingSettings;

/// Reps who are a team, by their manager.
#[derive(Debug, Clone)]
pub(crate) struct Team {
    /// Whose it is, as people say it.
    pub(crate) of: String,
    pub(crate) members: Vec<UserId>,
}

impl Team {
    pub(crate) fn reps(&self) -> Rep {
        Rep::AnyOf(self.members.clone())
    }

    /// What the reader should know about whom an answer is about.
    pub(crate) fn note(&self) -> String {
        let members = crate::prose::count(self.members.len(), "colleague");
        format!("The team is who reports to {} in Gong: {members}.", self.of)
    }
}

/// What is compared with what, and by which rules.
#[derive(Debug, Clone, Default)]
pub(crate) struct Compared {
    /// Who is the team; everybody when `None`.
    pub(crate) team: Option<Team>,
    pub(crate) settings: Arc<CoachingSettings>,
    /// Whose readings count; the one with most of them when `None`.
    pub(crate) reader: Option<Provenance>,
    /// Whose tone and next steps count; all when `None`.
    pub(crate) insights: Option<Provenance>,
    /// Who tells what is said alike.
    pub(crate) language: Option<InsightBuilder>,
}

impl Compared {
    /// The reps of the team; everybody when `None`.
    pub(super) fn reps(&self) -> Option<Rep> {
        self.team.as_ref().map(Team::reps)
    }

    pub(super) fn no_call(&self) -> String {
        match &self.team {
            None => "The store has no call.".to_owned(),
            Some(team) => format!("Nobody who reports to {} has a call.", team.of),
        }
    }
}
