//! Text that would run as SQL in a store that pasted it into its statements.

use calls::DealId;
use calls::canonical::storable;
use serde_json::json;
use snowflake_store::{
    CallInsights, CallQuery, CallStore, Checkpoint, CheckpointStep, CrmSnapshot, DeadLetter,
    DeadLettersQuery, Fault, KnownCallsQuery, LandingPage, Rep, Stream, SyncMode,
};

use super::crm::deal;
use super::documents::{CallDocument, deletion, transcript_document};
use super::insights::{chunk, insights_with_chunk};
use super::{at, detail, done, land, load_well, rows, year};

const STRINGS: [&str; 32] = [
    "'",
    "''",
    "\"",
    "\\",
    "\\'",
    "`",
    ";",
    "--",
    "/*",
    "*/",
    "%",
    "_",
    "?",
    "?1",
    ":1",
    "$1",
    "@p",
    "' OR '1'='1",
    "1; DROP TABLE STG_GONG_CALLS",
    "'); DELETE FROM GONG_CALLS_RAW; --",
    "\u{0}",
    "a\u{0}b",
    "\n\r\t",
    "\u{7f}\u{1b}[31m",
    "é",
    "e\u{301}",
    "Ω≈ç√",
    "日本語",
    "🦀",
    "\u{202e}right to left",
    "\u{feff}bom",
    "null",
];

/// Models of vectors and the call that a search leaves out are any text.
pub async fn hostile_models_are_data(store: &dyn CallStore) {
    for (number, text) in STRINGS.into_iter().enumerate() {
        let id = &format!("{text}{number}{text}");
        store_everywhere(store, id, text).await;
        let query = insights_of(id, text).chunks[0].embedding.clone().unwrap();
        let hits = done(store.similar_chunks(&query, None, 10).await);
        assert_eq!(hits.len(), 1);
        assert_eq!(hits[0].text, format!("needle {text}"));
        assert_eq!(
            done(
                store
                    .similar_chunks(&query, Some(&id.as_str().into()), 10)
                    .await
            ),
            []
        );
    }
}

/// Every parameter gives and takes any text as it is: ids, names, titles, sentences,
/// insights, records, runs, positions and reasons. Only what a document says has U+FFFD in
/// place of NUL.
pub async fn hostile_text_is_data(store: &dyn CallStore) {
    for (number, text) in STRINGS.into_iter().enumerate() {
        // Unique, and hostile at both ends.
        let id = format!("{text}{number}{text}");
        store_everywhere(store, &id, text).await;
        read_everywhere(store, &id, text).await;
    }
    let calls = STRINGS.len() as u64;
    assert_eq!(rows(store, "STG_GONG_CALLS").await, calls);
    assert_eq!(rows(store, "STG_GONG_CALL_TRANSCRIPTS").await, 2 * calls);
    let query = KnownCallsQuery {
        limit: 1_000,
        ..KnownCallsQuery::default()
    };
    assert_eq!(done(store.known_calls(&query).await).len() as u64, calls);
}

async fn store_everywhere(store: &dyn CallStore, id: &str, text: &str) {
    let document = CallDocument::new(id)
        .hosted_by(id, text, text)
        .with("title", text)
        .with("url", text)
        .with("language", text)
        .linked("Opportunity", id)
        .with_part(
            "content",
            json!({"topics": [{"name": text, "duration": 1}],
                                     "trackers": [{"name": text, "count": 1}], "brief": text}),
        );
    let lines = [
        (text, 0, 2_000, text),
        ("v-rep", 2_000, 4_000, "Plain words."),
    ];
    let page = LandingPage::new(text)
        .with_calls(vec![document.document()])
        .with_transcripts(vec![transcript_document(id, &lines)])
        .with_deleted(vec![format!("{id} is unknown").into()])
        .with_withdrawn(vec![format!("{id} is unknown too").into()])
        .with_checkpoint(Checkpoint {
            run_id: text.to_owned(),
            mode: SyncMode::Backfill,
            stream: Stream::Sweep,
            window: year(),
            step: CheckpointStep::Page,
            position: Some(id.to_owned()),
        });
    load_well(store, page).await;
    done(store.save_insights(&[insights_of(id, text)]).await);
    let mut deal = deal(&storable(id));
    deal.name = Some(text.to_owned());
    let snapshot = CrmSnapshot {
        deals: vec![deal],
        read_at: at("2026-04-01"),
        ..CrmSnapshot::default()
    };
    done(store.save_crm(&snapshot).await);
}

fn insights_of(id: &str, text: &str) -> CallInsights {
    CallInsights {
        summary: Some(text.to_owned()),
        key_topics: vec![text.to_owned()],
        chunks: vec![chunk(&format!("needle {text}"), id, &[1.0, 2.0])],
        ..insights_with_chunk(id, "", &[])
    }
}

async fn read_everywhere(store: &dyn CallStore, id: &str, text: &str) {
    let detail = detail(store, id).await;
    assert_eq!(detail.call.id.as_str(), id);
    let said = &*storable(text);
    assert_eq!(detail.call.title.as_deref(), Some(said));
    assert_eq!(detail.call.brief.as_deref(), Some(said));
    assert_eq!(detail.call.topics[0].name, said);
    assert_eq!(detail.call.trackers[0].name, said);
    assert_eq!(detail.call.parties[0].email.as_deref(), Some(said));
    let sentence = &detail.transcript.unwrap().sentences[0];
    assert_eq!(sentence.text, said);
    assert_eq!(sentence.speaker_id.as_ref().map(AsRef::as_ref), Some(said));
    let expected = CallInsights {
        chunks: Vec::new(),
        ..insights_of(id, text)
    };
    assert_eq!(detail.insights, Some(expected));
    assert_eq!(detail.deal.unwrap().name.as_deref(), Some(text));

    let found = |query| async move { done(store.find_calls(&query).await) };
    let by_rep = CallQuery {
        rep: Some(Rep::Id(storable(id).as_ref().into())),
        limit: 10,
        ..CallQuery::default()
    };
    let by_deal = CallQuery {
        deal_id: Some(DealId::new(storable(id))),
        limit: 10,
        ..CallQuery::default()
    };
    for query in [by_rep, by_deal] {
        let found = found(query).await;
        assert_eq!(found.len(), 1, "{id:?}");
        assert_eq!(found[0].id.as_str(), id);
    }
    for rep in [Rep::Email(said.to_owned()), Rep::Name(said.to_owned())] {
        let calls = done(store.calls_for_coaching(Some(&rep), year(), 10).await);
        assert_eq!(calls.len(), 1, "{rep:?}");
    }
    done(store.search_chunks(text, 10).await);
    done(store.search_findings(text, 10).await);
    assert_eq!(
        done(store.position(Stream::Sweep).await).as_deref(),
        Some(id)
    );

    let letter = DeadLetter {
        stream: Stream::Calls,
        fault: Fault::Call(format!("{id} elsewhere").into()),
        reason: text.to_owned(),
        payload: Some(text.to_owned()),
        run_id: text.to_owned(),
        failed_at: at("2026-02-01"),
        decoder_version: 7,
    };
    done(
        store
            .record_dead_letters(std::slice::from_ref(&letter))
            .await,
    );
    assert_eq!(
        done(store.dead_letters(&DeadLettersQuery::first(10)).await)[0].letter,
        letter
    );
    land(store, deletion(&[&format!("{id} elsewhere")])).await;
    assert_eq!(
        done(store.dead_letters(&DeadLettersQuery::first(10)).await),
        []
    );
}
