//! The sales-coach agent.

mod advise;
mod benchmark;
mod better_lines;
mod call_link;
mod compared;
mod examples;
mod history;
mod model;
mod moment_advice;
mod moments;
mod patterns;
mod peers;
mod period;
mod quotes;
mod readings;
mod sentiment;
mod standing;
mod summary;
mod team;
mod team_figures;

use std::sync::Arc;

use snowflake_store::{CallReader, CoachingCall, Period, Rep};

pub use benchmark::{BenchmarkMetric, BenchmarkRow, TeamBenchmark};
pub use call_link::CallLink;
pub(crate) use compared::{Compared, Team};
pub use history::HistoryPoint;
pub use model::{
    CoachingClaim, CoachingRecommendation, CoachingReport, Confidence, ConfidenceLevel,
    ListeningPick, PeerExample,
};
pub use moment_advice::{MomentAdvice, MomentExample, MomentPlace};
pub use patterns::{OutcomeCount, OutcomeShare, Pattern, Patterns, Separation};
pub(crate) use period::ending_at;
pub use period::{DEFAULT_DAYS, PeriodChoice};
pub use sentiment::{SentimentBucket, SentimentScope, SentimentTrends};
pub use standing::{Assessment, Course, MeanOf, MetricStanding, Standing, Trend};
pub use summary::{CoachingSummary, Practice};
pub use team::{TeamOverview, TeamRow};

use crate::insights::InsightBuilder;
use crate::targets::CoachingSettings;
use crate::{Error, ErrorCode, Result};
use advise::{Advice, Advised, listening};
use moment_advice::{Colleagues, FromMoments};
pub(crate) use peers::name_of;
use quotes::Quotes;
use readings::Readings;
use team_figures::TeamFigures;

/// Most calls of a rep that are looked at, newest first.
const MOST_CALLS: usize = 1_000;

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
    compared: Compared,
}

impl SalesCoachAgent {
    /// An agent over a store.
    pub fn new(store: Arc<dyn CallReader>) -> Self {
        Self {
            store,
            compared: Compared::default(),
        }
    }

    /// Judges by these targets, weights and thresholds.
    ///
    /// # Errors
    /// As [`CoachingSettings::check`].
    pub fn with_settings(mut self, settings: impl Into<Arc<CoachingSettings>>) -> Result<Self> {
        self.compared.settings = settings.into();
        self.compared.settings.check()?;
        Ok(self)
    }

    /// Compares only what this one has read and computed: two readers see different things
    /// in the same call. Without it the readings of whoever read most count, and everybody's
    /// tone and next steps.
    #[must_use]
    pub fn comparing(mut self, language: &InsightBuilder) -> Self {
        self.compared.reader = Some(language.reader());
        self.compared.insights = Some(language.provenance());
        self.compared.language = Some(language.clone());
        self
    }

    /// Compares with a team, in place of everybody.
    pub(crate) fn of_team(&self, team: Team) -> Self {
        let mut coach = self.clone();
        coach.compared.team = Some(team);
        coach
    }

    /// A rep's period compared with the team's.
    ///
    /// # Errors
    /// [`ErrorCode::RepNotFound`] when the rep has no call in the period,
    /// [`ErrorCode::NoTranscript`] when none of their calls has a transcript,
    /// [`ErrorCode::StoreFailed`].
    pub async fn coach(&self, rep: &Rep, choice: PeriodChoice) -> Result<CoachingReport> {
        let (store, compared) = (self.store.as_ref(), &self.compared);
        let settings = &*compared.settings;
        let chosen = period::choose(store, Some(rep), choice)
            .await?
            .ok_or_else(|| no_such_rep(rep))?;
        let period = chosen.period;
        let with_before = Period {
            from: history::before(period).from,
            ..period
        };
        let (mut all, team) = tokio::try_join!(
            async {
                Ok(store
                    .calls_for_coaching(Some(rep), with_before, MOST_CALLS)
                    .await?)
            },
            TeamFigures::read(store, period, compared),
        )?;
        let left_out = history::keep_comparable(&mut all, compared.insights.as_ref());
        let is_capped = all.len() == MOST_CALLS;
        let (calls, earlier): (Vec<CoachingCall>, Vec<CoachingCall>) = all
            .into_iter()
            .partition(|call| history::is_in(period, call.header.started));
        let named = team.reps.iter().find(|row| peers::is_named(&row.rep, rep));
        let Some(latest) = calls.first() else {
            let without = named.ok_or_else(|| no_such_rep(rep))?.figures.calls;
            return Err(Error::new(
                ErrorCode::NoTranscript,
                format!("none of the rep's {without} calls has a transcript"),
            ));
        };
        let identity = latest.header.rep.clone();
        let own = team.reps.iter().find(|row| row.is_of(&identity));
        let own = own.cloned().unwrap_or_else(|| history::over(&calls));
        let weeks = history::history(&calls, period, WEEK);
        let before = (!earlier.is_empty()).then(|| history::over(&earlier));
        let metrics = standing::standings(&own, before.as_ref(), &team, &weeks, settings);
        let confidence = Confidence::of(calls.len(), settings);
        let readings = Readings::of(store, &calls, compared.reader.as_ref()).await?;
        let mut quotes = Quotes::new(store, readings.reader.as_ref());
        let read = readings.calls(calls.iter().map(|call| &call.header));
        let sure = confidence.share();
        let mut moments = moment_advice::advise(&mut quotes, &read, settings, sure).await?;
        let advice = Advice {
            store,
            period,
            rep: &identity,
            calls: &calls,
            team: &team,
            confidence: &confidence,
            settings,
            quotes: &mut quotes,
        };
        let advice = advice.on(&metrics).await?;
        let colleagues = Colleagues {
            store,
            rep: &identity,
            period,
            team: &team,
        };
        moment_advice::add_examples(&mut quotes, colleagues, settings, &mut moments).await?;
        let mut notes: Vec<String> = chosen.note.into_iter().collect();
        notes.extend(compared.team.as_ref().map(Team::note));
        notes.extend(limits(&team, &metrics, &advice, &moments, settings));
        if is_capped {
            notes.push(format!(
                "The latest {MOST_CALLS} calls are looked at, those of the span before included."
            ));
        }
        if !calls.iter().any(has_insights) {
            notes.push(
                "No language backend has analysed these calls yet: tone and next steps are missing."
                    .to_owned(),
            );
        }
        if left_out > 0 {
            notes.push(format!(
                "Tone and next steps of {} come from another backend and are not compared.",
                crate::prose::count(left_out, "call")
            ));
        }
        notes.extend(readings.note(calls.len()));
        Ok(CoachingReport {
            calls_to_listen_to: listening(&identity, &moments.to_change, &advice),
            rep: identity,
            period,
            calls: calls.len(),
            confidence,
            figures: own.figures,
            team: team.benchmark,
            metrics,
            weeks,
            ai_enhanced: compared.are_by_model([&own.measured].into_iter())
                || (!read.is_empty() && compared.is_by_model(readings.reader.as_ref())),
            calls_read: read.len(),
            read_by: readings.reader.clone(),
            moments: moments.to_change,
            to_repeat: moments.to_repeat,
            strengths: advice.strengths,
            recommendations: advice.recommendations,
            notes,
        })
    }

    /// All reps of a period side by side.
    ///
    /// # Errors
    /// [`ErrorCode::StoreFailed`].
    pub async fn team(&self, choice: PeriodChoice) -> Result<TeamOverview> {
        team::overview(self.store.as_ref(), choice, &self.compared).await
    }

    /// Each rep's figures against the team's and against the calls of won deals; of one rep
    /// only, where one is named.
    ///
    /// # Errors
    /// [`ErrorCode::RepNotFound`], [`ErrorCode::StoreFailed`].
    pub async fn benchmark(
        &self,
        rep: Option<&Rep>,
        choice: PeriodChoice,
    ) -> Result<TeamBenchmark> {
        benchmark::benchmark(self.store.as_ref(), rep, choice, &self.compared).await
    }

    /// What recurs over the newest calls of a period, at most `limit`, and what tells won
    /// deals from lost ones.
    ///
    /// # Errors
    /// [`ErrorCode::StoreFailed`].
    pub async fn patterns(
        &self,
        rep: Option<&Rep>,
        choice: PeriodChoice,
        limit: usize,
    ) -> Result<Patterns> {
        patterns::find(self.store.as_ref(), rep, choice, limit, &self.compared).await
    }

    /// How the tone of calls develops, in parts of so many days.
    ///
    /// # Errors
    /// [`ErrorCode::RepNotFound`], [`ErrorCode::AccountNotFound`],
    /// [`ErrorCode::StoreFailed`].
    pub async fn sentiment_trends(
        &self,
        scope: &SentimentScope,
        choice: PeriodChoice,
        bucket_days: u32,
    ) -> Result<SentimentTrends> {
        let store = self.store.as_ref();
        sentiment::trends(store, scope, choice, bucket_days, &self.compared).await
    }
}

/// What the reader should know about the limits of an answer.
fn limits(
    team: &TeamFigures,
    metrics: &[MetricStanding],
    advice: &Advised,
    moments: &FromMoments,
    settings: &CoachingSettings,
) -> Vec<String> {
    let mut notes = Vec::new();
    let reps = usize::try_from(team.benchmark.reps).unwrap_or(usize::MAX);
    if reps < settings.fewest_reps {
        notes.push(format!(
            "The team has {} in the period, too few to compare with: values are compared with \
             our own targets.",
            crate::prose::count(reps, "rep")
        ));
    }
    if advice.strengths.is_empty() && moments.to_repeat.is_empty() {
        notes.push("Nothing stands out as a strength.".to_owned());
    }
    let stands_out = |metric: &MetricStanding| metric.assessment == Assessment::ToWorkOn;
    if !metrics.iter().any(stands_out) && !advice.recommendations.is_empty() {
        notes.push(
            "No metric is behind the team: the advice is for the one with the most room to improve."
                .to_owned(),
        );
    }
    notes
}

fn no_such_rep(rep: &Rep) -> Error {
    let who = match rep {
        Rep::Id(id) => id.as_str(),
        Rep::Email(email) => email.as_str(),
        Rep::Name(name) => name.as_str(),
        Rep::AnyOf(_) => "the team",
    };
    Error::new(
        ErrorCode::RepNotFound,
        format!("{who} has no call in the period"),
    )
    .with_field(field_of(rep))
}

/// The field of a task that names a rep so.
pub(crate) fn field_of(rep: &Rep) -> &'static str {
    match rep {
        Rep::Id(_) => "rep_id",
        Rep::Email(_) => "rep_email",
        Rep::Name(_) => "rep_name",
        Rep::AnyOf(_) => "team",
    }
}

fn has_insights(call: &CoachingCall) -> bool {
    call.insights_by.is_some()
}
