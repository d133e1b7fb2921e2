//! Documents as rows for Snowpipe Streaming.

use std::borrow::Cow;

use calls::{RawDocument, Timestamp};
use serde::Serialize;

use crate::document::{self, Cleaning, PreparedDocument};
use crate::page::PreparedCall;
use crate::payload_hash::PayloadHasher;
use crate::{Result, instant};

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
    raw_data: hidden::Json<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_text: Option<hidden::Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cleaning_notes: Option<hidden::Json<'a>>,
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
    transcript_data: hidden::Json<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_text: Option<hidden::Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cleaning_notes: Option<hidden::Json<'a>>,
}

impl<'a> StreamedCall<'a> {
    /// A row that a run sends at an instant. What no store can hold is cleaned, as landing
    /// does it.
    ///
    /// # Errors
    /// `InvalidInput` when the document is larger than a VARIANT.
    pub fn new(document: &'a RawDocument, run: &'a str, now: Timestamp) -> Result<Self> {
        let call = PreparedCall::of(prepare(document)?);
        let (original_text, cleaning_notes) = owned(call.prepared.cleaning);
        Ok(Self {
            call_id: document.call_id.as_str(),
            payload_sha: call.prepared.payload_sha.into(),
            landed_at: instant::text(now).into(),
            correlation_id: run,
            started_at: call.started.map(Cow::Owned),
            scheduled_at: call.scheduled.map(Cow::Owned),
            raw_data: hidden::Json(Cow::Owned(call.prepared.document.json)),
            original_text,
            cleaning_notes,
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
            raw_data: hidden::Json::of(&prepared.document.json),
            original_text: prepared.original().map(hidden::Text::of),
            cleaning_notes: prepared.cleaning_notes().map(hidden::Json::of),
        }
    }
}

impl<'a> StreamedTranscript<'a> {
    /// As [`StreamedCall::new`].
    ///
    /// # Errors
    /// As [`StreamedCall::new`].
    pub fn new(document: &'a RawDocument, run: &'a str, now: Timestamp) -> Result<Self> {
        let prepared = prepare(document)?;
        let (original_text, cleaning_notes) = owned(prepared.cleaning);
        Ok(Self {
            call_id: document.call_id.as_str(),
            payload_sha: prepared.payload_sha.into(),
            landed_at: instant::text(now).into(),
            correlation_id: run,
            transcript_data: hidden::Json(Cow::Owned(prepared.document.json)),
            original_text,
            cleaning_notes,
        })
    }

    #[cfg(feature = "streaming")]
    pub(super) fn prepared(found: &'a PreparedDocument, run: &'a str, now: &'a str) -> Self {
        Self {
            call_id: found.document.call_id.as_str(),
            payload_sha: (&found.payload_sha).into(),
            landed_at: now.into(),
            correlation_id: run,
            transcript_data: hidden::Json::of(&found.document.json),
            original_text: found.original().map(hidden::Text::of),
            cleaning_notes: found.cleaning_notes().map(hidden::Json::of),
        }
    }
}

fn prepare(document: &RawDocument) -> Result<PreparedDocument> {
    let mut hasher = PayloadHasher::default();
    PreparedDocument::new(document.clone(), document::MAX_BYTES, &mut hasher)
}

/// The columns of what was cleaned.
fn owned<'a>(cleaning: Option<Cleaning>) -> (Option<hidden::Text<'a>>, Option<hidden::Json<'a>>) {
    let original = cleaning.as_ref().and_then(Cleaning::original);
    let original = original.map(|text| hidden::Text(Cow::Owned(text.to_owned())));
    let notes = cleaning.map(|cleaning| hidden::Json(Cow::Owned(cleaning.notes)));
    (original, notes)
}

mod hidden {
    //! Values that show their size and no words.

    use std::borrow::Cow;
    use std::fmt;

    use serde::Serialize;
    use serde_json::value::RawValue;

    #[derive(Serialize)]
    #[serde(transparent)]
    pub(super) struct Json<'a>(pub(super) Cow<'a, RawValue>);

    impl<'a> Json<'a> {
        #[cfg(feature = "streaming")]
        pub(super) fn of(json: &'a RawValue) -> Self {
            Self(Cow::Borrowed(json))
        }
    }

    impl fmt::Debug for Json<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{} bytes", self.0.get().len())
        }
    }

    #[derive(Serialize)]
    #[serde(transparent)]
    pub(super) struct Text<'a>(pub(super) Cow<'a, str>);

    impl<'a> Text<'a> {
        #[cfg(feature = "streaming")]
        pub(super) fn of(text: &'a str) -> Self {
            Self(Cow::Borrowed(text))
        }
    }

    impl fmt::Debug for Text<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{} bytes", self.0.len())
        }
    }
}
