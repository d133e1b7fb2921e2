//! After a call: the draft of a mail to the customer, and what is for the seller alone.
//!
//! The mail says what both sides heard, agreed, promised and left open, each with the
//! sentences of the call that say it. Talk among colleagues, addresses of colleagues, and
//! what stands in the way of the deal stay out of it. A model may word it; what the model adds
//! is not passed on.

mod internal;
mod model;
mod shared_part;
mod template;
mod written;

use std::sync::Arc;

use calls::CallId;
use snowflake_store::CallSource;

pub use model::{CrmUpdate, Draft, DraftSentence, FollowUp, Internal, Recipient, Section, ToDo};

use crate::analysis::{deal_context, facts};
use crate::conversation::Conversation;
use crate::insights::{FALL_BACK_ON, InsightBuilder};
use crate::{CallAnalysisAgent, Result};

/// Drafts what follows after a call.
#[derive(Debug, Clone)]
pub struct FollowUpAgent {
    insights: InsightBuilder,
    analysis: CallAnalysisAgent,
}

impl FollowUpAgent {
    /// An agent over a store and a language backend.
    pub fn new(store: Arc<dyn CallSource>, language: impl Into<InsightBuilder>) -> Self {
        let insights = language.into();
        Self {
            analysis: CallAnalysisAgent::new(store, insights.clone()),
            insights,
        }
    }

    /// Drafts what follows after a call. Nothing is sent.
    ///
    /// # Errors
    /// [`CallNotFound`](crate::ErrorCode::CallNotFound),
    /// [`NoTranscript`](crate::ErrorCode::NoTranscript),
    /// [`StoreFailed`](crate::ErrorCode::StoreFailed);
    /// [`BackendFailed`](crate::ErrorCode::BackendFailed) when the backend's settings are
    /// at fault. Where it only fails, the template's words stand.
    pub async fn follow_up(&self, call_id: &CallId) -> Result<FollowUp> {
        let detail = self.analysis.detail(call_id).await?;
        let conversation = Conversation::of(&detail)?;
        let mut notes = Vec::new();
        let read = self.analysis.read(&detail, &mut notes).await?;
        let mut degraded: Vec<String> = read.degraded.into_iter().collect();
        let reading = read.reading.reading.likely();
        let is_by_model = self.insights.is_by_model(&read.reading.provenance);
        let deal = deal_context(&detail);
        let internal = internal::internal(&conversation, &reading, deal.as_ref())?;
        let mut draft = template::draft(&conversation, &reading, !is_by_model)?;
        if let Some(template) = &mut draft
            && let Some(writer) = self.insights.writer([&detail])?
        {
            match written::draft(&*writer, template).await {
                Ok(Some(written)) => *template = written,
                Ok(None) => degraded.push(
                    "the template stands for the model's mail, which said what the call does not"
                        .to_owned(),
                ),
                Err(error) if !FALL_BACK_ON.contains(&error.kind()) => return Err(error.into()),
                Err(error) => degraded.push(format!(
                    "the template stands for the mail that the model failed to write: {}",
                    error.kind().as_str()
                )),
            }
        }
        notes.extend(said_of(&conversation, draft.as_ref()));
        Ok(FollowUp {
            ai_enhanced: is_by_model || draft.as_ref().is_some_and(|draft| draft.by_model),
            call: facts(&detail, &conversation),
            draft,
            internal,
            notes,
            degraded,
        })
    }
}

/// What the reader should know of a draft.
fn said_of(conversation: &Conversation<'_>, draft: Option<&Draft>) -> Vec<String> {
    let Some(draft) = draft else {
        return vec!["Nobody of the customer spoke, so there is no mail.".to_owned()];
    };
    let mut notes = Vec::new();
    let language = conversation.call.language.as_deref();
    if let Some(language) = language.filter(|code| !code.to_lowercase().starts_with("en")) {
        notes.push(format!(
            "The call was in another language ({language}). Drafts are in English only, and calls \
             in other languages are read less well."
        ));
    }
    if draft.to.is_empty() {
        notes.push("No address of the customer is known.".to_owned());
    }
    if draft.sentences.iter().all(|one| one.claims.is_empty()) {
        notes.push("Nothing was heard that was agreed, promised or left open.".to_owned());
    }
    notes
}
