//! Calls that no store holds.

use calls::RawDocument;
use resilience::ErrorKind;

use crate::document::{MAX_BYTES, PreparedDocument};
use crate::gong_context::GongContext;
use crate::payload_hash::PayloadHasher;
use crate::staging::{self, Document, Documents, TranscriptState};
use crate::{CallDetail, CrmStanding, Error, MatchReason, Result};

impl CallDetail {
    /// Reads a call's documents as a store stages them: the same call, sentences, figures,
    /// notes and [`transcript_sha`](Self::transcript_sha). What a store adds from elsewhere
    /// (insights, readings, CRM records) is not there. A transcript that cannot be read is
    /// absent, and a note says so.
    ///
    /// ```
    /// use calls::RawDocument;
    /// use snowflake_store::CallDetail;
    ///
    /// let call = r#"{"metaData": {"id": "7", "title": "Demo", "started": "2026-03-02T10:00:00Z"}}"#;
    /// let detail = CallDetail::of_documents(RawDocument::new("7".into(), call)?, None)?;
    /// assert_eq!(detail.call.title.as_deref(), Some("Demo"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `Decode` when the call cannot be read, naming the place; `InvalidInput` for a document
    /// that no store holds.
    pub fn of_documents(call: RawDocument, transcript: Option<RawDocument>) -> Result<Self> {
        let documents = Documents {
            id: call.call_id.clone(),
            call: prepared(call)?,
            transcript: transcript.map(prepared).transpose()?,
        };
        let decoded = staging::decode(vec![documents]).pop();
        let content = match decoded.map(|prepared| prepared.content) {
            Some(Ok(content)) => content,
            Some(Err(why)) => return Err(Error::new(ErrorKind::Decode, why)),
            None => return Err(Error::new(ErrorKind::Internal, "no call was decoded")),
        };
        let context = GongContext::of(&content.call);
        let crm = CrmStanding {
            reason: (!context.links.is_empty()).then_some(MatchReason::GongContext),
            deal_stage_at_call: context.stage_at_call().map(str::to_owned),
            other_systems: context.other_systems,
            ..CrmStanding::default()
        };
        let mut decoding_notes = content.notes;
        let conversation = match content.conversation {
            TranscriptState::Ready(conversation) => Some(*conversation),
            TranscriptState::Missing => None,
            TranscriptState::Unreadable(why) => {
                decoding_notes.push(why);
                None
            }
        };
        let sha = conversation.as_ref().map(|one| one.sentences_sha.clone());
        let (transcript, metrics) = conversation
            .map(|one| (one.transcript, one.metrics))
            .unzip();
        Ok(Self {
            call: content.call,
            transcript,
            transcript_sha: sha,
            metrics,
            insights: None,
            readings: Vec::new(),
            deal: None,
            company: None,
            contacts: Vec::new(),
            crm,
            decoding_notes,
        })
    }
}

fn prepared(document: RawDocument) -> Result<Document> {
    let prepared = PreparedDocument::new(document, MAX_BYTES, &mut PayloadHasher::default())?;
    Ok(Document {
        cleaning_notes: prepared
            .cleaning_notes()
            .map(|notes| notes.get().to_owned()),
        payload_sha: prepared.payload_sha,
        json: prepared.document.text().to_owned(),
        run_id: String::new(),
    })
}
