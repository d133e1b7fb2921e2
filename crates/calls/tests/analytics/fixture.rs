//! Calls and transcripts in few words.

use calls::{
    Affiliation, Call, CallId, Direction, Media, Party, Scope, Sentence, Timestamp, Transcript,
};

/// `(voice, start ms, end ms, text)`; the voice `""` is unattributed.
pub(crate) type Said<'a> = (&'a str, i64, i64, &'a str);

pub(crate) fn transcript(said: &[Said<'_>]) -> Transcript {
    let sentences = (0..)
        .zip(said)
        .map(|(index, &(voice, start_ms, end_ms, text))| Sentence {
            index,
            speaker_id: (!voice.is_empty()).then(|| voice.into()),
            topic: None,
            start_ms,
            end_ms,
            text: text.to_owned(),
        })
        .collect();
    Transcript::new(CallId::new("1"), sentences)
}

/// A call of 100 s whose host's voice is `rep`, with a colleague, a buyer, a
/// dial-in of unknown side, and nobody behind any other voice.
pub(crate) fn call() -> Call {
    let mut call = call_without_parties();
    call.parties = vec![
        party("rep", Affiliation::Internal, Some("host")),
        party("colleague", Affiliation::Internal, Some("other")),
        party("buyer", Affiliation::External, None),
        party("dial-in", Affiliation::Unknown, None),
    ];
    call
}

pub(crate) fn call_without_parties() -> Call {
    let mut call = Call::new(CallId::new("1"), Timestamp::UNIX_EPOCH);
    call.duration_seconds = 100;
    call.primary_user_id = Some("host".into());
    call.direction = Direction::Conference;
    call.media = Media::Video;
    call.scope = Scope::External;
    call
}

pub(crate) fn party(voice: &str, affiliation: Affiliation, user: Option<&str>) -> Party {
    Party {
        speaker_id: Some(voice.into()),
        user_id: user.map(Into::into),
        name: Some(voice.to_uppercase()),
        affiliation,
        ..Party::default()
    }
}
