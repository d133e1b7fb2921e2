//! Landing documents.

use calls::CallId;
use snowflake_store::{CallStore, KnownCallsQuery, Landed, LandedCounts, LandingPage};

use super::documents::{CallDocument, SIX_TO_FOUR, calls, page, raw, spoken, transcript_document};
use super::{detail, done, land, load_well, window};

fn inserted(inserted: u64) -> LandedCounts {
    LandedCounts {
        inserted,
        ..LandedCounts::default()
    }
}

fn updated(updated: u64) -> LandedCounts {
    LandedCounts {
        updated,
        ..LandedCounts::default()
    }
}

fn unchanged(unchanged: u64) -> LandedCounts {
    LandedCounts {
        unchanged,
        ..LandedCounts::default()
    }
}

fn sorted(mut landed: Landed) -> Landed {
    landed.changed.sort();
    landed
}

/// New documents are counted as inserted, and their calls need a transform.
pub async fn new_documents_are_inserted(store: &dyn CallStore) {
    let documents = ["2", "1"].map(|id| CallDocument::new(id).document());
    let landed = land(
        store,
        page(documents, [transcript_document("1", SIX_TO_FOUR)]),
    )
    .await;
    let expected = Landed {
        calls: inserted(2),
        transcripts: inserted(1),
        deleted: 0,
        withdrawn: 0,
        changed: vec!["1".into(), "2".into()],
    };
    assert_eq!(sorted(landed), expected);
}

/// What is there already is not written again.
pub async fn landing_again_changes_nothing(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    let (before, counts) = (detail(store, "1").await, done(store.counts().await));
    let landed = land(store, spoken("1")).await;
    let expected = Landed {
        calls: unchanged(1),
        transcripts: unchanged(1),
        ..Landed::default()
    };
    assert_eq!(landed, expected);
    assert_eq!(done(store.counts().await), counts);
    assert_eq!(detail(store, "1").await, before);
}

/// Order of keys, white space, escapes and links that Gong signs anew are not the
/// content of a document; its numbers and the order of its lists are.
pub async fn spelling_of_the_same_json_does_not_matter(store: &dyn CallStore) {
    let land_text = async |json: &str| land(store, page([raw("1", json)], [])).await.calls;
    let same = [
        r#"{"metaData":{"id":"1","title":"é/","started":"2026-03-02T10:00:00Z"},"parties":[{"id":"a","name":"b"},{}]}"#,
        r#"{"parties":[{"name":"b","id":"a"},{}],"metaData":{"started":"2026-03-02T10:00:00Z","title":"é/","id":"1"}}"#,
        "{ \"metaData\" :\t{\"id\":\"1\",\n\"title\":\"\\u00e9\\/\", \"started\":\"2026-03-02T10:00:00Z\"},\r\n\"parties\":[{\"id\":\"a\",\"name\":\"b\"}, {}]}",
        r#"{"media":{"audioUrl":"https://s3.test/a?sig=1"},"metaData":{"id":"1","title":"é/","started":"2026-03-02T10:00:00Z"},"parties":[{"id":"a","name":"b"},{}]}"#,
    ];
    assert_eq!(land_text(same[0]).await, inserted(1));
    for json in same {
        assert_eq!(land_text(json).await, unchanged(1), "{json}");
    }
    let different = [
        r#"{"metaData":{"id":"1","title":"é/","started":"2026-03-02T10:00:00Z"},"parties":[{},{"id":"a","name":"b"}]}"#,
        r#"{"metaData":{"id":"1","title":"É/","started":"2026-03-02T10:00:00Z"},"parties":[{},{"id":"a","name":"b"}]}"#,
    ];
    for json in different {
        assert_eq!(land_text(json).await, updated(1), "{json}");
    }
}

/// Another payload under a known id is an update, and the newest is what is read.
pub async fn a_changed_payload_is_an_update(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    let edited = CallDocument::new("1").with("title", "Renamed").document();
    let landed = land(store, page([edited.clone()], [])).await;
    assert_eq!(landed.calls, updated(1));
    assert_eq!(landed.changed, [CallId::from("1")]);
    load_well(store, page([edited], [])).await;
    assert_eq!(
        detail(store, "1").await.call.title.as_deref(),
        Some("Renamed")
    );
    assert_eq!(
        detail(store, "1")
            .await
            .transcript
            .map(|t| t.sentences.len()),
        Some(2)
    );
}

/// Of several documents of a call on one page the last one is landed.
pub async fn the_last_of_duplicates_wins(store: &dyn CallStore) {
    let titled = |title: &str| CallDocument::new("1").with("title", title).document();
    let lines: [&[_]; 2] = [
        &[("v-rep", 0, 1_500, "First.")],
        &[("v-rep", 0, 1_500, "Last.")],
    ];
    let landed = land(
        store,
        page(
            [titled("first"), titled("second"), titled("last")],
            lines.map(|lines| transcript_document("1", lines)),
        ),
    )
    .await;
    assert_eq!(
        (landed.calls, landed.transcripts),
        (inserted(1), inserted(1))
    );
    assert_eq!(landed.changed, [CallId::from("1")]);
    load_well(
        store,
        LandingPage::default().with_calls(vec![titled("last")]),
    )
    .await;
    let detail = detail(store, "1").await;
    assert_eq!(detail.call.title.as_deref(), Some("last"));
    assert_eq!(
        detail
            .transcript
            .map(|t| t.sentences[0].text.clone())
            .as_deref(),
        Some("Last.")
    );
}

/// A page of nothing is not an error.
pub async fn an_empty_page_lands(store: &dyn CallStore) {
    let counts = done(store.counts().await);
    assert_eq!(land(store, LandingPage::default()).await, Landed::default());
    assert_eq!(done(store.counts().await), counts);
}

/// A run that ended between landing and transforming is made up for: landing the
/// same again still names the call.
pub async fn what_was_not_transformed_is_still_to_do(store: &dyn CallStore) {
    land(store, spoken("1")).await;
    let landed = land(store, spoken("1")).await;
    assert_eq!(
        (landed.calls, landed.transcripts),
        (unchanged(1), unchanged(1))
    );
    assert_eq!(landed.changed, [CallId::from("1")]);
}

/// Known calls ascend by the bytes of their ids and are read page by page.
pub async fn known_calls_come_in_pages(store: &dyn CallStore) {
    land(store, calls(&["9", "10", "A", "a", "é", "1"])).await;
    land(
        store,
        page(
            [],
            [
                transcript_document("a", SIX_TO_FOUR),
                transcript_document("x", &[]),
            ],
        ),
    )
    .await;
    let mut query = KnownCallsQuery {
        limit: 4,
        ..KnownCallsQuery::default()
    };
    let mut seen = Vec::new();
    loop {
        let known = done(store.known_calls(&query).await);
        assert!(known.len() <= 4);
        let Some(last) = known.last() else { break };
        query.after = Some(last.id.clone());
        seen.extend(
            known
                .into_iter()
                .map(|call| (call.id.into_string(), call.has_transcript)),
        );
    }
    let expected = [
        ("1", false),
        ("10", false),
        ("9", false),
        ("A", false),
        ("a", true),
        ("é", false),
    ];
    assert_eq!(
        seen,
        expected.map(|(id, transcript)| (id.to_owned(), transcript))
    );
}

/// A window holds calls by their start and by their scheduled time, its end left out.
pub async fn known_calls_of_a_window_go_by_start_or_schedule(store: &dyn CallStore) {
    let call = |id: &str, started: &str, scheduled: Option<&str>| {
        CallDocument::new(id)
            .at(started)
            .with("scheduled", scheduled)
            .document()
    };
    let documents = [
        call("before", "2026-03-01T23:59:59.999Z", None),
        call("first", "2026-03-02T00:00:00Z", None),
        call("offset", "2026-03-01T20:00:00-08:00", None),
        call(
            "scheduled",
            "2026-03-03T00:01:00Z",
            Some("2026-03-02T23:59:00Z"),
        ),
        call("end", "2026-03-03T00:00:00Z", None),
        raw("odd", r#"{"metaData":{"id":"odd","started":"whenever"}}"#),
    ];
    land(store, page(documents, [])).await;
    let known = async |from: &str, to: &str| {
        let query = KnownCallsQuery {
            window: Some(window(from, to)),
            after: None,
            limit: 100,
        };
        let known = done(store.known_calls(&query).await);
        known
            .into_iter()
            .map(|call| call.id.into_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        known("2026-03-02", "2026-03-03").await,
        ["first", "offset", "scheduled"]
    );
    assert_eq!(
        known("2026-03-03", "2026-03-02").await,
        Vec::<String>::new()
    );
    assert_eq!(known("2026-01-01", "2027-01-01").await.len(), 5);
}
