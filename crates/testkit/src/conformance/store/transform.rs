//! Documents become calls.

use calls::{Sentence, analytics, gong};
use serde_json::json;
use snowflake_store::{CallStore, TransformReport, TransformScope};

use super::documents::{CallDocument, SIX_TO_FOUR, calls, page, raw, spoken, transcript_document};
use super::insights::insights_with_chunk;
use super::{detail, done, is_there, land, load, load_well, rows};

const PENDING: TransformScope = TransformScope::Pending { limit: 100 };
const FAILED: TransformScope = TransformScope::Failed { limit: 100 };

async fn transform(store: &dyn CallStore, scope: TransformScope) -> TransformReport {
    done(store.transform(scope).await)
}

fn failed(report: &TransformReport) -> Vec<&str> {
    report
        .failed
        .iter()
        .map(|failure| failure.call_id.as_str())
        .collect()
}

/// Everything that the documents say is read back, and the figures are those of the
/// domain's own analytics.
pub async fn stages_all_of_a_call(store: &dyn CallStore) {
    let document = CallDocument::new("7782342274025937895")
        .at("2026-03-02T02:00:00.72-08:00")
        .with("scheduled", "2026-03-02T10:00:00Z")
        .with("isPrivate", true)
        .with_part(
            "context",
            json!([{"system": "HubSpot", "objects": [
                {"objectType": "Opportunity", "objectId": "9001", "timing": "Now", "fields": [
                    {"name": "Name", "value": "Acme"}, {"name": "StageName", "value": "closedwon"},
                    {"name": "Amount", "value": 12000.10}]},
                {"objectType": "Account", "objectId": "77", "fields": []}]}]),
        )
        .document();
    let transcript = raw(
        "7782342274025937895",
        r#"{"callId":"7782342274025937895","transcript":[
            {"speakerId":"v-rep","topic":"Pricing","sentences":[
                {"start":0,"end":4000,"text":"Um, what does your team need first?"},
                {"start":4000,"end":9000,"text":"You know, we start with the pipeline page."}]},
            {"speakerId":null,"topic":null,"sentences":[{"start":9100,"end":12000,"text":"Who joined?"}]},
            {"speakerId":"v-buyer","topic":null,"sentences":[
                {"start":12500,"end":20000,"text":"Is the forecast in there?"}]}]}"#,
    );
    let report = load(store, page([document.clone()], [transcript.clone()])).await;
    assert_eq!((report.transformed, report.sentences), (1, 4));
    assert_eq!(report.failed, []);

    let expected_call = gong::decode_call(document.text()).unwrap();
    let expected_transcript = gong::decode_transcript(transcript.text()).unwrap();
    let detail = detail(store, "7782342274025937895").await;
    assert_eq!(detail.call, expected_call);
    assert_eq!(
        detail.metrics,
        Some(analytics::measure(&expected_call, &expected_transcript))
    );
    assert_eq!(detail.transcript, Some(expected_transcript));
    assert_eq!(
        (detail.insights, detail.deal, detail.company),
        (None, None, None)
    );
    assert_eq!(detail.contacts, []);
    assert_eq!(rows(store, "STG_GONG_CALL_TRANSCRIPTS").await, 4);
    assert_eq!(rows(store, "STG_GONG_CALL_PARTICIPANTS").await, 2);
    assert_eq!(rows(store, "STG_GONG_CALL_TOPICS").await, 2);
}

/// A transcript whose call is not there waits: no error, and staged with its call.
pub async fn a_transcript_may_land_before_its_call(store: &dyn CallStore) {
    let report = load(store, page([], [transcript_document("1", SIX_TO_FOUR)])).await;
    assert_eq!(report, TransformReport::default());
    assert_eq!(transform(store, PENDING).await, TransformReport::default());
    assert!(!is_there(store, "1").await);
    load_well(store, calls(&["1"])).await;
    assert_eq!(
        detail(store, "1")
            .await
            .transcript
            .map(|t| t.sentences.len()),
        Some(2)
    );
}

/// A call is there before its transcript, and has it once that has come.
pub async fn a_transcript_may_land_late(store: &dyn CallStore) {
    load_well(store, calls(&["1"])).await;
    let before = detail(store, "1").await;
    assert_eq!((before.transcript, before.metrics), (None, None));
    load_well(store, page([], [transcript_document("1", SIX_TO_FOUR)])).await;
    let after = detail(store, "1").await;
    assert_eq!(after.transcript.map(|t| t.sentences.len()), Some(2));
    assert_eq!(
        after.metrics.and_then(|metrics| metrics.talk_ratio),
        Some(0.6)
    );
}

/// A call that cannot be read is reported with its field, is retried only when it
/// is asked for or has changed, and does not hold up the others.
pub async fn a_bad_call_holds_up_no_other(store: &dyn CallStore) {
    let bad = raw(
        "2",
        r#"{"metaData":{"id":"2","started":"secret words","duration":1}}"#,
    );
    let documents = [
        CallDocument::new("1").document(),
        bad,
        CallDocument::new("3").document(),
    ];
    let report = load(store, page(documents, [])).await;
    assert_eq!((report.transformed, failed(&report)), (2, vec!["2"]));
    let reason = &report.failed[0].reason;
    assert!(reason.contains("metaData.started"), "{reason}");
    assert!(!reason.contains("secret"), "no content: {reason}");
    assert_eq!(rows(store, "PIPELINE_ERRORS").await, 1);
    assert!(is_there(store, "1").await && is_there(store, "3").await);
    assert!(!is_there(store, "2").await);

    assert_eq!(transform(store, PENDING).await, TransformReport::default());
    assert_eq!(failed(&transform(store, FAILED).await), ["2"]);
    let by_id = TransformScope::Calls(vec!["2".into()]);
    assert_eq!(failed(&transform(store, by_id).await), ["2"]);
    assert_eq!(
        rows(store, "PIPELINE_ERRORS").await,
        1,
        "one row, more attempts"
    );

    land(store, calls(&["2"])).await;
    assert_eq!(transform(store, PENDING).await.transformed, 1);
    assert!(is_there(store, "2").await);
    assert_eq!(transform(store, FAILED).await, TransformReport::default());
}

/// A transcript that cannot be read is reported; its call is read without it.
pub async fn a_bad_transcript_leaves_its_call_readable(store: &dyn CallStore) {
    let bad = raw("1", r#"{"callId":{},"transcript":[{"sentences":[]}]}"#);
    let report = load(store, page([CallDocument::new("1").document()], [bad])).await;
    assert_eq!(failed(&report), ["1"]);
    assert!(
        report.failed[0].reason.contains("transcript"),
        "{}",
        report.failed[0].reason
    );
    assert_eq!(detail(store, "1").await.transcript, None);
    assert_eq!(transform(store, PENDING).await, TransformReport::default());
    load_well(store, spoken("1")).await;
    assert!(detail(store, "1").await.transcript.is_some());
}

/// Sentences that change are replaced, also by fewer; insights that spoke of them go.
pub async fn an_edit_replaces_the_sentences(store: &dyn CallStore) {
    let document = || CallDocument::new("1").document();
    load_well(store, spoken("1")).await;
    done(
        store
            .save_insights(&[insights_with_chunk("1", "old words", &[1.0])])
            .await,
    );
    let edited = [("v-buyer", 0, 3_000, "Only this is left.")];
    load_well(
        store,
        page([document()], [transcript_document("1", &edited)]),
    )
    .await;
    let detail = detail(store, "1").await;
    let expected = Sentence {
        index: 0,
        speaker_id: Some("v-buyer".into()),
        topic: None,
        start_ms: 0,
        end_ms: 3_000,
        text: "Only this is left.".to_owned(),
    };
    assert_eq!(detail.transcript.unwrap().sentences, [expected]);
    assert_eq!(detail.insights, None);
    assert_eq!(detail.metrics.unwrap().speakers.len(), 1);
    assert_eq!(rows(store, "STG_GONG_CALL_TRANSCRIPTS").await, 1);
    assert_eq!(rows(store, "STG_GONG_TRANSCRIPT_CHUNKS").await, 0);
    assert_eq!(done(store.search_chunks("old", 10).await), []);
}

/// What is processed is not done again, and unknown ids are nothing to do.
pub async fn a_transform_does_only_what_is_to_do(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    let ids = || TransformScope::Calls(vec!["1".into(), "unknown".into(), "1".into()]);
    assert_eq!(transform(store, ids()).await, TransformReport::default());
    assert_eq!(transform(store, PENDING).await, TransformReport::default());
    assert_eq!(
        transform(store, TransformScope::Calls(Vec::new())).await,
        TransformReport::default()
    );
    land(
        store,
        page([CallDocument::new("1").with("title", "New").document()], []),
    )
    .await;
    assert_eq!(
        transform(store, ids()).await.transformed,
        1,
        "once, however often it is named"
    );
}

/// `Pending` takes no more calls than it is told, and comes to an end.
pub async fn pending_calls_come_in_portions(store: &dyn CallStore) {
    let ids: Vec<String> = (0..10).map(|number| format!("{number}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    land(store, calls(&ids)).await;
    let mut transformed = Vec::new();
    loop {
        let report = transform(store, TransformScope::Pending { limit: 4 }).await;
        if report == TransformReport::default() {
            break;
        }
        transformed.push(report.transformed);
    }
    assert_eq!(transformed, [4, 4, 2]);
    assert_eq!(
        transform(store, TransformScope::Pending { limit: 0 })
            .await
            .transformed,
        0
    );
}

/// No sentence, no words, times that run backwards, many sentences.
pub async fn odd_transcripts_are_kept_as_they_are(store: &dyn CallStore) {
    let long = "word ".repeat(40_000);
    let many: Vec<_> = (0..3_000_i64)
        .map(|number| ("v-rep", number * 1_000, number * 1_000 + 900, "And so on."))
        .collect();
    let odd: [&[(&str, i64, i64, &str)]; 4] = [
        &[],
        &[
            ("v-rep", 5_000, 4_000, "before\u{7f}after"),
            ("v-nobody", -50, -10, ""),
            ("v-buyer", 1_000, 1_000, " \u{1F600} \u{202e} "),
        ],
        &[("v-rep", 0, 60_000, &long)],
        &many,
    ];
    for (number, lines) in odd.into_iter().enumerate() {
        let id = format!("odd-{number}");
        let transcript = transcript_document(&id, lines);
        let expected = gong::decode_transcript(transcript.text()).unwrap();
        load_well(
            store,
            page([CallDocument::new(&id).document()], [transcript]),
        )
        .await;
        let detail = detail(store, &id).await;
        assert_eq!(detail.transcript, Some(expected));
        assert!(detail.metrics.is_some());
    }
    load_well(
        store,
        page(
            [CallDocument::new("odd-0").document()],
            [transcript_document("odd-3", &[])],
        ),
    )
    .await;
    assert_eq!(
        detail(store, "odd-3")
            .await
            .transcript
            .map(|t| t.sentences.len()),
        Some(0)
    );
}

/// A document that names another call than it landed under is not staged under either.
pub async fn a_document_of_another_call_is_refused(store: &dyn CallStore) {
    let other = CallDocument::new("2").document();
    let swapped = raw("1", other.text());
    let report = load(store, page([swapped], [])).await;
    assert_eq!(failed(&report), ["1"]);
    assert!(!is_there(store, "1").await && !is_there(store, "2").await);
    load_well(store, calls(&["1"])).await;
    let swapped = raw("1", transcript_document("2", SIX_TO_FOUR).text());
    assert_eq!(failed(&load(store, page([], [swapped])).await), ["1"]);
    assert_eq!(detail(store, "1").await.transcript, None);
}
