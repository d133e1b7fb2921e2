//! What Gong found in calls.

use calls::{CallOutcome, GongFindings, QuestionCounts};
use serde_json::{Value, json};
use snowflake_store::{CallStore, LandingPage};

use super::documents::{CallDocument, deletion, page};
use super::{detail, done, land, load_well};

fn found(key_point: &str) -> Value {
    json!({
        "topics": [{"name": "Pricing", "duration": 120}],
        "trackers": [{
            "id": 68402, "name": "Competitor", "count": 2, "type": "KEYWORD",
            "occurrences": [{"startTime": 32.56, "speakerId": "v-buyer"}, {"startTime": 61.25, "speakerId": null}],
            "phrases": [{"phrase": "acme", "count": 2, "occurrences": []}],
        }],
        "brief": "They spoke about prices.",
        "outline": [{"section": "Opening", "startTime": 0.304, "duration": 158.7,
                     "items": [{"text": "Bo describes the migration.", "startTime": 33.474}]}],
        "highlights": [{"title": "Next steps", "items": [{"text": "Ana sends the order form.", "startTimes": [275.8, 301.5]}]}],
        "callOutcome": {"id": "MEETING_BOOKED", "category": "Answered", "name": "Meeting booked"},
        "keyPoints": [{"text": key_point}],
    })
}

fn call(id: &str, content: Value) -> LandingPage {
    let call = CallDocument::new(id)
        .with_part("content", content)
        .with_part(
            "interaction",
            json!({"questions": {"companyCount": 12, "nonCompanyCount": 7}}),
        )
        .with_part(
            "collaboration",
            json!({"publicComments": [{
                "id": "c-1", "audioStartTime": 60.0, "audioEndTime": 95.5, "commenterUserId": "u-ana",
                "comment": "Nice close.", "posted": "2026-03-03T10:00:00+01:00", "inReplyTo": null,
                "duringCall": false,
            }]}),
        );
    page([call.document()], [])
}

/// All of it, whatever of it a document has; a part that Gong left out is not an empty one.
pub async fn what_gong_found_reads_back(store: &dyn CallStore) {
    load_well(store, call("1", found("Bo's team is worried."))).await;
    let read = detail(store, "1").await.call.findings;
    assert_eq!(read.key_points, ["Bo's team is worried."]);
    let section = &read.outline[0];
    assert_eq!(section.section.as_deref(), Some("Opening"));
    assert_eq!(section.items[0].start_seconds, Some(33.474));
    let steps: Vec<_> = read.next_steps().expect("Gong looked for some").collect();
    assert_eq!(steps[0].text, "Ana sends the order form.");
    assert_eq!(steps[0].start_seconds, [275.8, 301.5]);
    let tracker = &read.trackers.as_ref().expect("Gong ran one")[0];
    assert_eq!(tracker.id.as_deref(), Some("68402"));
    assert_eq!((tracker.count, tracker.occurrences.len()), (2, 2));
    assert_eq!(tracker.occurrences[0].speaker_id, Some("v-buyer".into()));
    assert_eq!(tracker.phrases[0].phrase, "acme");
    let outcome = CallOutcome {
        id: Some("MEETING_BOOKED".to_owned()),
        name: Some("Meeting booked".to_owned()),
        category: Some("Answered".to_owned()),
    };
    assert_eq!(read.outcome, Some(outcome));
    let questions = QuestionCounts {
        company: Some(12),
        others: Some(7),
    };
    assert_eq!(read.questions, Some(questions));
    let comment = &read.comments[0];
    assert_eq!(comment.text, "Nice close.");
    assert_eq!(comment.posted, Some(super::at("2026-03-03T09:00:00Z")));

    load_well(store, page([CallDocument::new("2").document()], [])).await;
    let read = detail(store, "2").await.call.findings;
    assert_eq!((read.highlights, read.key_points), (None, Vec::new()));
    let nothing = CallDocument::new("3").with_part("content", Value::Null);
    load_well(store, page([nothing.document()], [])).await;
    let read = detail(store, "3").await.call.findings;
    assert_eq!(read, GongFindings::default());
}

/// Any of its words finds a call, in any form; more and rarer words rank higher.
pub async fn what_gong_wrote_is_found_by_words(store: &dyn CallStore) {
    for (id, point) in [
        ("1", "The security review takes long."),
        ("2", "The security questionnaire is long."),
        ("3", "Thursday suits both."),
    ] {
        load_well(store, call(id, found(point))).await;
    }
    let ids = async |words: &str, limit| {
        let hits = done(store.search_findings(words, limit).await);
        assert!(hits.iter().all(|hit| hit.score > 0.0), "{hits:?}");
        let ids = hits.into_iter().map(|hit| hit.call_id.into_string());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(ids("SECURITY questionnaires", 10).await, ["2", "1"]);
    assert_eq!(ids("security questionnaire", 1).await, ["2"]);
    // Of brief, outline and highlights too, and of nothing else.
    assert_eq!(ids("prices migration form", 10).await.len(), 3);
    assert_eq!(ids("close competitor", 10).await, Vec::<String>::new());
    assert_eq!(ids("", 10).await, Vec::<String>::new());
    assert_eq!(ids("security", 0).await, Vec::<String>::new());
    let hits = done(store.search_findings("thursday", 10).await);
    assert_eq!(
        hits[0].text,
        "They spoke about prices.\nThursday suits both.\nBo describes the migration.\nAna sends the order form."
    );
}

/// It changes with the call, and goes with it.
pub async fn what_gong_found_goes_with_its_call(store: &dyn CallStore) {
    load_well(store, call("1", found("The legal review is slow."))).await;
    load_well(store, call("1", found("The security review is slow."))).await;
    let count = async |words| done(store.search_findings(words, 10).await).len();
    assert_eq!((count("legal").await, count("security").await), (0, 1));
    load_well(
        store,
        call("1", json!({"brief": "They spoke about a security breach."})),
    )
    .await;
    assert_eq!((count("review").await, count("breach").await), (0, 1));
    assert_eq!(detail(store, "1").await.call.findings.key_points.len(), 0);

    load_well(store, call("1", found("The legal review is slow."))).await;
    load_well(store, call("2", found("The legal review is slow."))).await;
    assert_eq!(count("legal").await, 2);
    land(store, deletion(&["1"])).await;
    assert_eq!(count("legal").await, 1);
    load_well(store, call("1", found("The legal review is slow."))).await;
    assert_eq!(count("legal").await, 2);
}
