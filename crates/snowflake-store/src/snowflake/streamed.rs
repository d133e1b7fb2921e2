//! Documents as rows for Snowpipe Streaming.

use std::borrow::Cow;

use calls::{RawDocument, Timestamp};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::page::call_times;
#[cfg(feature = "streaming")]
use crate::page::{PreparedCall, PreparedDocument};
use crate::payload_hash::PayloadHasher;
use crate::{Error, Result, instant};

/// A call's document as a row of `GONG_CALLS_STREAMED`.
///
/// Written as JSON it has the table's columns, so it can be appended by any channel of
/// `snowflake-streaming`; [`merge_streamed`](crate::SnowflakeStore::merge_streamed) then
/// moves it into landing. It carries the same hash as landing by SQL, so a document that
/// comes both ways is landed once.
///
/// ```
/// use calls::RawDocument;
/// use snowflake_store::StreamedCall;
///
/// let document = RawDocument::new("7".into(), r#"{"metaData":{"id":"7"}}"#)?;
/// let row = StreamedCall::new(&document, "run-1", calls::Timestamp::now())?;
/// assert_eq!(serde_json::to_value(&row)?["CALL_ID"], "7");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub struct StreamedCall<'a> {
    call_id: &'a str,
    payload_sha: Cow<'a, str>,
    landed_at: Cow<'a, str>,
    correlation_id: &'a str,
    started_at: Option<Cow<'a, str>>,
    scheduled_at: Option<Cow<'a, str>>,
    #[serde(serialize_with = "hidden::document")]
    raw_data: hidden::Document<'a>,
}

/// A transcript's document as a row of `GONG_CALL_TRANSCRIPTS_STREAMED`; see
/// [`StreamedCall`].
#[derive(Debug, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub struct StreamedTranscript<'a> {
    call_id: &'a str,
    payload_sha: Cow<'a, str>,
    landed_at: Cow<'a, str>,
    correlation_id: &'a str,
    #[serde(serialize_with = "hidden::document")]
    transcript_data: hidden::Document<'a>,
}

impl<'a> StreamedCall<'a> {
    /// A row that a run sends at an instant.
    ///
    /// # Errors
    /// `InvalidInput` when the document is no JSON.
    pub fn new(document: &'a RawDocument, run: &'a str, now: Timestamp) -> Result<Self> {
        let (started_at, scheduled_at) = call_times(document.text());
        Ok(Self {
            call_id: document.call_id.as_str(),
            payload_sha: PayloadHasher::default().hash(document.text()).into(),
            landed_at: instant::text(now).into(),
            correlation_id: run,
            started_at: started_at.map(Cow::Owned),
            scheduled_at: scheduled_at.map(Cow::Owned),
            raw_data: raw(document)?,
        })
    }

    #[cfg(feature = "streaming")]
    pub(super) fn prepared(call: &'a PreparedCall, run: &'a str, now: &'a str) -> Self {
        let prepared = &call.prepared;
        Self {
            call_id: prepared.document.call_id.as_str(),
            payload_sha: (&prepared.payload_sha).into(),
            landed_at: now.into(),
            correlation_id: run,
            started_at: call.started.as_deref().map(Cow::Borrowed),
            scheduled_at: call.scheduled.as_deref().map(Cow::Borrowed),
            raw_data: hidden::Document(&prepared.document.json),
        }
    }
}

impl<'a> StreamedTranscript<'a> {
    /// A row that a run sends at an instant.
    ///
    /// # Errors
    /// `InvalidInput` when the document is no JSON.
    pub fn new(document: &'a RawDocument, run: &'a str, now: Timestamp) -> Result<Self> {
        Ok(Self {
            call_id: document.call_id.as_str(),
            payload_sha: PayloadHasher::default().hash(document.text()).into(),
            landed_at: instant::text(now).into(),
            correlation_id: run,
            transcript_data: raw(document)?,
        })
    }

    #[cfg(feature = "streaming")]
    pub(super) fn prepared(found: &'a PreparedDocument, run: &'a str, now: &'a str) -> Self {
        Self {
            call_id: found.document.call_id.as_str(),
            payload_sha: (&found.payload_sha).into(),
            landed_at: now.into(),
            correlation_id: run,
            transcript_data: hidden::Document(&found.document.json),
        }
    }
}

fn raw(document: &RawDocument) -> Result<hidden::Document<'_>> {
    serde_json::from_str::<&RawValue>(document.text())
        .map(hidden::Document)
        .map_err(|_| {
            Error::new(resilience::ErrorKind::InvalidInput, "is not JSON").with_field("document")
        })
}

mod hidden {
    //! A document that shows its size and no words.

    use std::fmt;

    use serde::{Serialize, Serializer};
    use serde_json::value::RawValue;

    pub(super) struct Document<'a>(pub(super) &'a RawValue);

    impl fmt::Debug for Document<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{} bytes", self.0.get().len())
        }
    }

    pub(super) fn document<S: Serializer>(
        document: &Document<'_>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        document.0.serialize(serializer)
    }
}
