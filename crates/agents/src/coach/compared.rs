//! What coaching compares a rep with, and by which rules.

use std::sync::Arc;

use calls::{Provenance, UserId};
use snowflake_store::{Measured, Rep};

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

    /// Whether readings of this one are a generative model's.
    pub(super) fn is_by_model(&self, reader: Option<&Provenance>) -> bool {
        let language = self.language.as_ref();
        language.is_some_and(|one| reader.is_some_and(|reader| one.is_by_model(reader)))
    }

    /// Whether a figure of these comes from what a generative model read: whether a call has a
    /// next step does.
    pub(super) fn are_by_model<'m>(&self, mut of: impl Iterator<Item = &'m Measured>) -> bool {
        self.is_by_model(self.reader.as_ref()) && of.any(|measured| measured.next_step_share > 0)
    }

    pub(super) fn no_call(&self) -> String {
        match &self.team {
            None => "The store has no call.".to_owned(),
            Some(team) => format!("Nobody who reports to {} has a call.", team.of),
        }
    }
}
