//! What holds of any input, for random damage here and for the fuzzer in `fuzz/`.

use calls::canonical::Canonicalizer;
use calls::gong::{decode_call_with_notes, decode_transcript_with_notes};
use gong_client::webhooks::{CallEvent, WebhookVerifier};
use serde_json::value::RawValue;

/// The same bytes give the same call.
pub(crate) fn call(text: &str) {
    let first = decode_call_with_notes(text).ok();
    // Not by equality: a duration may be no number.
    let again = decode_call_with_notes(text).ok();
    assert_eq!(format!("{first:?}"), format!("{again:?}"));
}

/// Sentences are numbered from 0 on.
pub(crate) fn transcript(text: &str) {
    if let Ok(read) = decode_transcript_with_notes(text) {
        let indices = read.value.sentences.iter().map(|sentence| sentence.index);
        assert!(indices.eq(0..read.value.sentences.len() as u32));
    }
}

/// Cleaning a clean document changes nothing.
pub(crate) fn cleaning(text: &str) {
    // Only what a parser accepts is spelled.
    if serde_json::from_str::<&RawValue>(text).is_err() {
        return;
    }
    if let Ok(cleaned) = Canonicalizer::default().whole(text) {
        let again = Canonicalizer::default()
            .whole(&cleaned.text)
            .expect("clean JSON is JSON");
        assert_eq!(again.text, cleaned.text);
        assert!(again.notes.is_empty(), "{:?}", again.notes);
    }
}

/// A body is a call, or an error.
pub(crate) fn webhook_body(body: &[u8]) {
    let _ = CallEvent::from_body(body);
}

/// A webhook is taken only with the very token and body that were signed.
pub(crate) fn webhook_verifier(
    verifier: &WebhookVerifier,
    signed: &[(String, Vec<u8>)],
    token: &str,
    body: &[u8],
) {
    // `Bearer` and spaces around a token say nothing.
    let bare = token.trim();
    let bare = match bare.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("bearer ") => bare[7..].trim(),
        _ => bare,
    };
    let was_signed = signed
        .iter()
        .any(|(token, signed)| token == bare && signed == body);
    let is_taken = verifier.verify(token, body).is_ok();
    assert!(was_signed || !is_taken, "{token}");
}
