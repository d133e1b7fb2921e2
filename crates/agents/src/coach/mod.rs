//! The sales-coach agent.

mod advise;
mod examples;
mod model;
mod peers;
mod period;
mod quotes;
mod standing;
mod team;

use std::sync::Arc;

use snowflake_store::{CallReader, CoachingCall, Rep};

pub use model::{
    CallLink, CoachingClaim, CoachingRecommendation, CoachingReport, Confidence, ConfidenceLevel,
    ListeningPick, PeerExample,
};
pub(crate) use period::ending_at;
pub use period::{DEFAULT_DAYS, PeriodChoice};
pub use standing::{Assessment, Course, MetricStanding, Standing, Trend};
pub use team::{TeamOverview, TeamRow};

use crate::targets::CoachingSettings;
use crate::{Error, ErrorCode, Result};
use advise::Advice;
use quotes::Quotes;
pub(crate) use peers::name_of;

/// Most calls of a period that are looked at, newest first.
const MOST_CALLS: usize = 500;

/// Days of one point of a trend.
const WEEK: u32 = 7;

/// Coaches reps from their calls.
///
/// Figures come from the store; sentences that show them come from the calls.
/// The same store and period give the same report.
///
/// ```
/// # async fn demo(store: std::sync::Arc<dyn snowflake_store::CallReader>) -> agents::Result<()> {
/// use agents::{PeriodChoice, SalesCoachAgent};
/// use calls::Timestamp;
/// use snowflake_store::Rep;
///
/// let coach = SalesCoachAgent::new(store);
/// let rep = Rep::Email("ana@seller.example".to_owned());
/// let report = coach.coach(&rep, PeriodChoice::recent(Timestamp::now())).await?;
/// for recommendation in &report.recommendations {
///     println!("{}", recommendation.claim.text());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct SalesCoachAgent {
    store: Arc<dyn CallReader>,
    settings: Arc<CoachingSettings>,
}

impl SalesCoachAgent {
    /// An agent over a store.
    pub fn new(store: Arc<dyn CallReader>) -> Self {
        Self {
            store,
            settings: Arc::default(),
        }
    }

    /// Judges by these targets, weights and thresholds.
    ///
    /// # Errors
    /// As [`CoachingSettings::check`].
    pub fn with_settings(mut self, settings: impl Into<Arc<CoachingSettings>>) -> Result<Self> {
        self.settings = settings.into();
        self.settings.check()?;
        Ok(self)
    }

    /// A rep's period compared with the team's.
    ///
    /// # Errors
    /// [`ErrorCode::RepNotFound`] when the rep has no call in the period,
    /// [`ErrorCode::NoTranscript`] when none of their calls has a transcript,
    /// [`ErrorCode::StoreFailed`].
    pub async fn coach(&self, rep: &Rep, choice: PeriodChoice) -> Result<CoachingReport> {
        let (store, settings) = (self.store.as_ref(), &*self.settings);
        let chosen = period::choose(store, Some(rep), choice)
            .await?
            .ok_or_else(|| no_such_rep(rep))?;
        let period = chosen.period;
        let figures = store
            .rep_performance(rep, period)
            .await?
            .ok_or_else(|| no_such_rep(rep))?;
        let calls = store.calls_for_coaching(rep, period, MOST_CALLS).await?;
        let Some(latest) = calls.first() else {
            return Err(Error::new(
                ErrorCode::NoTranscript,
                format!("none of the rep's {} calls has a transcript", figures.calls),
            ));
        };
        let identity = latest.header.rep.clone();
        let team = store.team_benchmark(period).await?;
        let weeks = store.trend(rep, period, WEEK).await?;
        let metrics = standing::standings(&figures, &team, &weeks, settings);
        let confidence = Confidence::of(calls.len(), settings);
        let mut quotes = Quotes::new(store, None);
        let advice = Advice {
            store,
            period,
            rep: &identity,
            calls: &calls,
            confidence: &confidence,
            settings,
            quotes: &mut quotes,
        };
        let advice = advice.on(&metrics).await?;
        let mut notes: Vec<String> = chosen.note.into_iter().collect();
        if usize::try_from(team.reps).unwrap_or(usize::MAX) < settings.fewest_reps {
            notes.push(format!(
                "The team has {} in the period, too few to compare with: values are compared with \
                 our own targets.",
                crate::prose::count(usize::try_from(team.reps).unwrap_or(usize::MAX), "rep")
            ));
        }
        if advice.strengths.is_empty() {
            notes.push("No metric stands out as a strength.".to_owned());
        }
        let stands_out = |metric: &MetricStanding| metric.assessment == Assessment::ToWorkOn;
        if !metrics.iter().any(stands_out) && !advice.recommendations.is_empty() {
            notes.push(
                "No metric is behind the team: the advice is for the one with the most room to improve."
                    .to_owned(),
            );
        }
        if calls.len() == MOST_CALLS {
            notes.push(format!(
                "Examples are taken from the latest {MOST_CALLS} calls."
            ));
        }
        if !calls.iter().any(has_insights) {
            notes.push(
                "No language backend has analysed these calls yet: tone and next steps are missing."
                    .to_owned(),
            );
        }
        Ok(CoachingReport {
            rep: identity,
            period,
            calls: calls.len(),
            confidence,
            figures,
            team,
            metrics,
            weeks,
            strengths: advice.strengths,
            recommendations: advice.recommendations,
            calls_to_listen_to: advice.listening,
            notes,
        })
    }

    /// All reps of a period side by side.
    ///
    /// # Errors
    /// [`ErrorCode::StoreFailed`].
    pub async fn team(&self, choice: PeriodChoice) -> Result<TeamOverview> {
        team::overview(self.store.as_ref(), choice, &self.settings).await
    }
}

fn no_such_rep(rep: &Rep) -> Error {
    let (field, who) = match rep {
        Rep::Id(id) => ("rep_id", id.as_str()),
        Rep::Email(email) => ("rep_email", email.as_str()),
        Rep::Name(name) => ("rep_name", name.as_str()),
    };
    Error::new(
        ErrorCode::RepNotFound,
        format!("{who} has no call in the period"),
    )
    .with_field(field)
}

fn has_insights(call: &CoachingCall) -> bool {
    call.header.sentiment.is_some() || call.summary.is_some()
}
