//! The call-analysis agent.

mod call_score;
mod claims;
mod course;
mod deal_context;
mod model;
mod part;
mod parts;
mod priority;
mod read;
mod recommendations;
mod score;
mod second_opinion;
mod trackers;

use std::sync::Arc;

use calls::CallId;
use calls::reading::Reading;
use cortex::trackers::KeywordTracker;
use snowflake_store::{CallDetail, CallInsights, CallSource, RepIdentity};

pub use call_score::{CallScore, DealHealth};
pub use deal_context::DealContext;
pub use model::{
    CallAnalysis, CallFacts, CallReadingView, CallSummary, CoursePoint, GongStep, Participant,
    Recommendation, SameStep, SecondOpinion, StepsCompared,
};
pub use part::Part;
pub use priority::{Priority, PriorityFactor, PriorityLevel, PriorityReason};
pub use score::{Score, ScorePart, Target, UnscoredPart};

pub(crate) use deal_context::{deal_context, notes as deal_notes};
pub(crate) use read::{claim as read_claim, label, owner_name, step_text};

use crate::conversation::Conversation;
use crate::insights::{InsightBuilder, Read};
use crate::targets::CoachingSettings;
use crate::{Error, ErrorCode, Result};

/// Analyses single calls.
///
/// What a language backend says is read from the store when it was computed by
/// the same backend and model, and computed and written back otherwise; scores
/// and claims are always derived again, so a changed rule needs no migration.
///
/// The same store and backend give the same analysis, byte for byte.
///
/// ```
/// # async fn demo(
/// #     store: std::sync::Arc<dyn snowflake_store::CallSource>,
/// #     language: std::sync::Arc<dyn cortex::LanguageBackend>,
/// # ) -> agents::Result<()> {
/// use agents::CallAnalysisAgent;
///
/// let agent = CallAnalysisAgent::new(store, language);
/// let analysis = agent.analyse(&"7782342274025937895".into()).await?;
/// for part in &analysis.score.parts {
///     println!("{}: {:.0} — {}", part.label, part.score, part.why);
///     println!("    “{}”", part.evidence[0].text());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct CallAnalysisAgent {
    store: Arc<dyn CallSource>,
    insights: InsightBuilder,
    settings: Arc<CoachingSettings>,
    trackers: Arc<[KeywordTracker]>,
}

impl CallAnalysisAgent {
    /// An agent over a store and a language backend.
    pub fn new(store: Arc<dyn CallSource>, language: impl Into<InsightBuilder>) -> Self {
        Self {
            store,
            insights: language.into(),
            settings: Arc::default(),
            trackers: Arc::default(),
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

    /// Follows these keyword trackers on calls on which Gong ran none. Notes name those that
    /// cannot be followed here ([`KeywordTracker::check`] says why).
    #[must_use]
    pub fn with_trackers(mut self, trackers: impl Into<Arc<[KeywordTracker]>>) -> Self {
        self.trackers = trackers.into();
        self
    }

    /// Analyses one call.
    ///
    /// # Errors
    /// [`ErrorCode::CallNotFound`], [`ErrorCode::NoTranscript`],
    /// [`ErrorCode::StoreFailed`], [`ErrorCode::BackendFailed`].
    pub async fn analyse(&self, call_id: &CallId) -> Result<CallAnalysis> {
        self.analyse_with(call_id, &[]).await
    }

    /// Analyses one call and looks for these competitors too. They cost a request
    /// to the language backend and are not stored.
    ///
    /// # Errors
    /// As [`analyse`](Self::analyse).
    pub async fn analyse_with(
        &self,
        call_id: &CallId,
        competitors: &[String],
    ) -> Result<CallAnalysis> {
        let detail = self.detail(call_id).await?;
        self.analyse_detail(&detail, competitors).await
    }

    async fn analyse_detail(
        &self,
        detail: &CallDetail,
        competitors: &[String],
    ) -> Result<CallAnalysis> {
        let conversation = Conversation::of(detail)?;
        let mut notes = Vec::new();
        let mut read = self.read(detail, &mut notes).await?;
        let stored = detail
            .insights
            .as_ref()
            .filter(|one| one.provenance == self.insights.provenance_for(&one.call_id));
        let insights = match stored {
            Some(insights) => insights.clone(),
            None => self.compute(detail, &read, &mut notes).await?,
        };
        if !competitors.is_empty() {
            let named = self.insights.competitors_in(detail, competitors).await?;
            read::add_competitors(&mut read.reading.reading, named);
        }
        let conversation = conversation.with_tones(&insights);
        let reading = CallReadingView {
            ai_enhanced: self.insights.is_by_model(&read.reading.provenance),
            reading: read.reading.reading,
            requests: read.reading.requests,
            read_by: read.reading.provenance,
        };
        let settings = &self.settings;
        let mut analysis = derive(detail, conversation, insights, reading, settings, notes)?;
        analysis.degraded.extend(read.degraded);
        analysis.trackers = trackers::followed(detail, &self.trackers, &mut analysis.notes);
        Ok(analysis)
    }

    /// The reading that the store has of this reader, else a new one, which is stored.
    pub(crate) async fn read(&self, detail: &CallDetail, notes: &mut Vec<String>) -> Result<Read> {
        let reader = self.insights.reader_for(&detail.call.id);
        let mut stored = detail.readings.iter();
        if let Some(reading) = stored.find(|one| one.provenance == reader && !one.is_retryable()) {
            return Ok(Read::stored(reading.clone()));
        }
        let read = self.insights.read_and_say(detail).await?;
        if let Err(error) = self
            .store
            .save_readings(std::slice::from_ref(&read.reading))
            .await
        {
            tracing::warn!(call_id = %detail.call.id, %error, "a reading could not be stored");
            notes.push(format!("The reading could not be stored: {error}."));
        }
        Ok(read)
    }

    pub(crate) async fn detail(&self, call_id: &CallId) -> Result<CallDetail> {
        self.store.call_detail(call_id).await?.ok_or_else(|| {
            Error::new(
                ErrorCode::CallNotFound,
                format!("the store has no call {call_id}"),
            )
            .with_field("call_id")
        })
    }

    /// Computes insights and writes them back. A store that cannot take them now
    /// costs the next reader the work again, but not this one the analysis.
    async fn compute(
        &self,
        detail: &CallDetail,
        read: &Read,
        notes: &mut Vec<String>,
    ) -> Result<CallInsights> {
        let insights = self.insights.build(detail, &read.reading).await?;
        if let Err(error) = self
            .store
            .save_insights(std::slice::from_ref(&insights))
            .await
        {
            tracing::warn!(call_id = %detail.call.id, %error, "insights could not be stored");
            notes.push(format!("The insights could not be stored: {error}."));
        }
        Ok(insights)
    }
}

/// The overall score of a call by what the store has of it and by a [`likely`] reading;
/// `None` where no part of it can be scored.
pub(crate) fn score_of(
    detail: &CallDetail,
    likely: &Reading,
    settings: &CoachingSettings,
) -> Result<Option<f64>> {
    let mut conversation = Conversation::of(detail)?;
    if let Some(insights) = &detail.insights {
        conversation = conversation.with_tones(insights);
    }
    let score = parts::score(&conversation, likely, settings);
    let counts = score.parts.iter().any(|part| part.weight > 0.0);
    Ok(counts.then_some(score.overall))
}

fn derive(
    detail: &CallDetail,
    conversation: Conversation<'_>,
    insights: CallInsights,
    reading: CallReadingView,
    settings: &CoachingSettings,
    mut notes: Vec<String>,
) -> Result<CallAnalysis> {
    let likely = reading.reading.likely();
    let conversation = conversation.with_subject(&likely);
    let score = parts::score(&conversation, &likely, settings);
    let sentiment_course = course::sentiment_course(&conversation);
    let risks = claims::risks(&conversation, &likely, &sentiment_course)?;
    let next_steps = read::next_steps(&conversation, &likely)?;
    let deal = deal_context(detail);
    let priority = priority::priority(
        conversation.call,
        deal.as_ref(),
        &risks,
        &score,
        risks.iter().all(|risk| risk.kind() != "no_next_step"),
    );
    if conversation.metrics.talk_ratio.is_none() {
        notes.push(
            "The rep's speech could not be identified, so nothing is said about how the rep spoke."
                .to_owned(),
        );
    }
    notes.extend(deal_context::notes(detail, deal.as_ref()));
    Ok(CallAnalysis {
        call: facts(detail, &conversation),
        recommendations: recommendations::recommendations(&score, settings.weak_below)?,
        score,
        priority,
        summary: summary(&conversation, &reading.reading),
        sentiment: insights.sentiment,
        sentiment_course,
        insights: claims::observations(&conversation, &likely)?,
        risks,
        next_steps,
        deal,
        talk_shares: conversation.metrics.speakers.clone(),
        key_topics: insights.key_topics,
        provenance: insights.provenance,
        trackers: Vec::new(),
        second_opinion: second_opinion::second_opinion(detail, &conversation, &reading.reading),
        reading,
        notes,
        degraded: Vec::new(),
        metrics: conversation.metrics.into_owned(),
    })
}

pub(crate) fn facts(detail: &CallDetail, conversation: &Conversation<'_>) -> CallFacts {
    let call = &detail.call;
    let host = call.primary_party();
    CallFacts {
        id: call.id.clone(),
        title: call.title.clone(),
        url: call.url.clone(),
        started: call.started,
        duration_seconds: call.duration_seconds,
        rep: RepIdentity {
            id: call.primary_user_id.clone(),
            email: host.and_then(|party| party.email.clone()),
            name: host.and_then(|party| party.name.clone()),
        },
        participants: call
            .parties
            .iter()
            .map(|party| Participant {
                name: party.display_name().map(str::to_owned),
                title: party.title.clone(),
                affiliation: party.affiliation,
            })
            .collect(),
        sentences: conversation.sentences().len(),
    }
}

fn summary(conversation: &Conversation<'_>, reading: &Reading) -> Option<CallSummary> {
    if reading.summary.trim().is_empty() {
        return None;
    }
    let cited = reading.summary_claims.iter().map(|claim| &claim.sentences);
    let cited: Vec<usize> = cited.flatten().copied().collect();
    Some(CallSummary {
        text: reading.summary.clone(),
        evidence: conversation.cite_read(&cited, cited.len()),
    })
}
