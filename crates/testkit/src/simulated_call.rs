//! A call as Gong would serve it.

use jiff::Timestamp;
use resilience::ErrorKind;
use serde_json::Value;

use crate::Error;

/// A call in Gong's wire shapes: everything Gong could say about it when every
/// part is asked for. The simulator cuts it down to what a request asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct SimulatedCall {
    /// `{metaData, context, parties, content, interaction, collaboration}`.
    pub extensive: Value,
    /// `{callId, transcript: [{speakerId, topic, sentences: [{start, end, text}]}]}`,
    /// or `None` while Gong has none.
    pub transcript: Option<Value>,
}

impl SimulatedCall {
    /// `metaData.id`, when it is a string.
    pub fn id(&self) -> Option<&str> {
        self.extensive["metaData"]["id"].as_str()
    }

    /// `metaData.title`, when it is a string.
    pub fn title(&self) -> Option<&str> {
        self.extensive["metaData"]["title"].as_str()
    }

    /// The instant that Gong's date filters and its order go by: `scheduled` of
    /// a web conference, else `started` (the reference says so for
    /// `GET /v2/calls`; recorded extensive replies are in that order as well).
    ///
    /// # Errors
    /// `InvalidInput`, naming the field, when the time is missing or no ISO 8601
    /// instant with an offset.
    pub fn filter_time(&self) -> Result<Timestamp, Error> {
        let metadata = &self.extensive["metaData"];
        let scheduled = &metadata["scheduled"];
        let is_conference = metadata["direction"] == "Conference";
        let (field, value) = if is_conference && scheduled.is_string() {
            ("metaData.scheduled", scheduled)
        } else {
            ("metaData.started", &metadata["started"])
        };
        let text = value.as_str().ok_or_else(|| {
            Error::new(ErrorKind::InvalidInput, "is not a string").with_field(field)
        })?;
        text.parse().map_err(|source: jiff::Error| {
            Error::new(ErrorKind::InvalidInput, "is not an ISO 8601 instant")
                .with_field(field)
                .with_source(source)
        })
    }

    /// Number of sentences in the transcript, 0 without one.
    pub fn sentence_count(&self) -> usize {
        self.transcript.iter().flat_map(sentences).count()
    }
}

/// The sentences of a transcript item, in wire order.
pub(crate) fn sentences(transcript: &Value) -> impl Iterator<Item = &Value> {
    let monologues = transcript["transcript"].as_array().into_iter().flatten();
    monologues.flat_map(|monologue| monologue["sentences"].as_array().into_iter().flatten())
}
