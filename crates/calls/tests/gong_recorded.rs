//! Real replies of Gong, sanitised, read to the last record. They are not part of
//! this repository; without them the tests say so and pass.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use calls::gong::{decode_call, decode_transcript};
use calls::{Affiliation, Call, CrmObjectKind, CrmTiming, Direction, Media};
use serde_json::Value;

fn shared(path: &str) -> Option<Value> {
    let path = format!("{}/../../../shared/gong/{path}", env!("CARGO_MANIFEST_DIR"));
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: {path} is absent");
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

fn calls_of(path: &str) -> Option<Vec<Call>> {
    let reply = shared(path)?;
    let calls = reply["calls"].as_array().unwrap();
    Some(
        calls
            .iter()
            .map(|call| decode_call(&call.to_string()).unwrap())
            .collect(),
    )
}

fn count<T>(calls: &[Call], of: impl Fn(&Call) -> &Vec<T>) -> usize {
    calls.iter().map(|call| of(call).len()).sum()
}

#[test]
fn every_extensive_call_is_read() {
    let Some(calls) = calls_of("recorded/extensive_response.json") else {
        return;
    };
    assert_eq!(calls.len(), 13);
    assert_eq!(count(&calls, |call| &call.parties), 94);
    assert_eq!(count(&calls, |call| &call.crm), 33);
    assert_eq!(count(&calls, |call| &call.topics), 78);
    assert!(
        calls
            .iter()
            .all(|call| call.brief.is_some() && call.scheduled.is_some())
    );
    let parties = || calls.iter().flat_map(|call| &call.parties);
    assert_eq!(
        parties().filter(|party| party.speaker_id.is_none()).count(),
        42
    );
    assert_eq!(parties().map(|party| party.crm.len()).sum::<usize>(), 94);
    let timed = calls
        .iter()
        .flat_map(|call| &call.crm)
        .filter(|crm| crm.timing.is_some());
    assert_eq!(timed.clone().count(), 17);
    assert!(timed.clone().all(|crm| crm.kind != CrmObjectKind::Company));
    // The id that a float has corrupted elsewhere.
    let call = calls
        .iter()
        .find(|call| call.id.as_str() == "1860496513693944597")
        .unwrap();
    assert_eq!(call.parties.len(), 17);
}

#[test]
fn calls_without_content_are_read() {
    let Some(calls) = calls_of("recorded/retention_response.json") else {
        return;
    };
    assert_eq!(calls.len(), 67);
    assert_eq!(count(&calls, |call| &call.parties), 407);
    assert_eq!(calls.iter().filter(|call| call.brief.is_none()).count(), 2);
    let nameless = calls
        .iter()
        .flat_map(|call| &call.parties)
        .filter(|p| p.name.is_none());
    assert_eq!(nameless.count(), 407 - 302);

    let Some(calls) = calls_of("recorded/january_response.json") else {
        return;
    };
    assert_eq!(calls.len(), 61);
    assert_eq!(count(&calls, |call| &call.parties), 470);
    assert_eq!(count(&calls, |call| &call.topics), 0);
}

#[test]
fn every_sentence_is_read_and_its_speaker_is_a_party() {
    let Some(reply) = shared("recorded/transcript_response.json") else {
        return;
    };
    let item = &reply["callTranscripts"][0];
    assert_eq!(item["transcript"].as_array().unwrap().len(), 305);
    let transcript = decode_transcript(&item.to_string()).unwrap();
    assert_eq!(transcript.sentences.len(), 834);
    assert!(
        transcript
            .sentences
            .iter()
            .enumerate()
            .all(|(at, s)| s.index as usize == at)
    );
    assert!(
        transcript
            .sentences
            .iter()
            .all(|s| s.end_ms >= s.start_ms && !s.text.is_empty())
    );
    assert_eq!(transcript.sentences[0].start_ms, 130);

    let Some(calls) = calls_of("recorded/extensive_response.json") else {
        return;
    };
    let call = calls
        .iter()
        .find(|call| call.id == transcript.call_id)
        .unwrap();
    let speakers: BTreeSet<_> = transcript
        .sentences
        .iter()
        .map(|s| s.speaker_id.clone().unwrap())
        .collect();
    assert_eq!(speakers.len(), 6);
    assert!(
        speakers
            .iter()
            .all(|speaker| call.speaker(speaker).is_some())
    );
}

#[test]
fn the_examples_are_read() {
    if let Some(calls) = calls_of("examples/extensive_200_hubspot.json") {
        let call = &calls[0];
        assert_eq!(call.started.to_string(), "2026-05-19T10:30:46.81Z");
        assert_eq!(
            (call.direction, call.media),
            (Direction::Conference, Media::Video)
        );
        assert_eq!(
            call.primary_party().unwrap().affiliation,
            Affiliation::Internal
        );
        let deals: Vec<_> = call.crm_of_kind(&CrmObjectKind::Deal).collect();
        assert_eq!(deals.len(), 2);
        assert_eq!(deals[0].id, "19876543210");
        assert_eq!(deals[0].stage.as_deref(), Some("Proposal"));
        assert_eq!(deals[0].amount.unwrap().to_string(), "25166.67");
        assert_eq!(deals[1].timing, Some(CrmTiming::TimeOfCall));
        assert_eq!(deals[1].amount, None);
        assert_eq!(call.trackers[0].count, 1);
    }
    if let Some(calls) = calls_of("examples/get_calls_200.json") {
        assert_eq!(calls[0].id.as_str(), "7782342274025937895");
        assert_eq!(calls[0].duration_seconds, 1_339);
    }
    if let Some(reply) = shared("examples/webhook_body.json") {
        let call = decode_call(&reply["callData"].to_string()).unwrap();
        assert_eq!(call.started.to_string(), "2026-05-19T21:03:37.041977Z");
    }
    if let Some(reply) = shared("examples/transcript_200.json") {
        let transcript = decode_transcript(&reply["callTranscripts"][0].to_string()).unwrap();
        assert_eq!(transcript.sentences.len(), 3);
        assert_eq!(transcript.sentences[2].topic.as_deref(), Some("Small Talk"));
        assert_eq!(transcript.sentences[2].end_ms, 22_480);
    }
}
