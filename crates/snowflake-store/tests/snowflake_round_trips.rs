//! How often `SnowflakeStore` asks Snowflake, and that hostile text reaches it as values.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::fakesnow;
use crate::hostile;

use std::sync::Arc;

use calls::{CallId, RawDocument, Timestamp};
use fakesnow::Counting;
use hostile::{crm_match, hostile_strings, insights, snapshot};
use snowflake_store::{
    CallInsights, CallQuery, CallReader, Checkpoint, CheckpointStep, CrmMatch, DeadLetter,
    DeadLettersQuery, Fault, Insights, KnownCallsQuery, Landing, LandingPage, Period, Rep,
    SnowflakeServer, SnowflakeStore, SnowflakeStoreConfig, Stream, SyncMode, TransformScope,
    Window,
};
use testkit::conformance::store::{CallDocument, transcript_document};
use testkit::fakesnow::FakeSnow;

async fn counted() -> Option<(SnowflakeStore, Arc<Counting>, FakeSnow)> {
    let (pool, server) = fakesnow::migrated().await?;
    let counting = Counting::new(pool);
    let config = SnowflakeStoreConfig::default().with_server(SnowflakeServer::Fakesnow);
    let store = SnowflakeStore::new(counting.clone(), config).unwrap();
    counting.round_trips();
    Some((store, counting, server))
}

fn year() -> Window {
    Window {
        from: "2026-01-01T00:00:00Z".parse().unwrap(),
        to: "2027-01-01T00:00:00Z".parse().unwrap(),
    }
}

fn checkpoint() -> Checkpoint {
    Checkpoint {
        run_id: "run".to_owned(),
        mode: SyncMode::Full,
        stream: Stream::Calls,
        window: year(),
        step: CheckpointStep::Page,
        position: None,
    }
}

fn page(calls: usize) -> LandingPage {
    let ids: Vec<String> = (0..calls).map(|call| format!("call-{call}")).collect();
    let lines = [
        ("v-rep", 0, 6_000, "We looked at the numbers."),
        ("v-buyer", 6_000, 9_000, "So did we."),
    ];
    LandingPage::new("run")
        .with_calls(
            ids.iter()
                .map(|id| CallDocument::new(id).document())
                .collect(),
        )
        .with_transcripts(
            ids.iter()
                .map(|id| transcript_document(id, &lines))
                .collect(),
        )
        .with_checkpoint(checkpoint())
}

#[tokio::test]
async fn pages_and_questions_take_few_round_trips() {
    let Some((store, pool, _server)) = counted().await else {
        return;
    };
    let landed = store.land(page(50)).await.unwrap();
    // Who was erased, once, and what is known; then in one transaction calls, transcripts and
    // the checkpoint.
    assert_eq!(
        pool.round_trips(),
        1 + 1 + 2 + 3,
        "however many calls there are"
    );
    let again = store.land(page(50)).await.unwrap();
    assert_eq!(pool.round_trips(), 1 + 1, "only the checkpoint is new");
    assert_eq!(again.calls.unchanged, 50);

    let report = store
        .transform(TransformScope::Calls(landed.changed))
        .await
        .unwrap();
    assert_eq!((report.transformed, report.sentences), (50, 100));
    assert!(pool.round_trips() <= 20);

    let id = CallId::new("call-7");
    assert!(store.call_detail(&id).await.unwrap().is_some());
    assert_eq!(pool.round_trips(), 1, "all of a call is one statement");
    assert!(store.call_detail(&id).await.unwrap().is_some());
    assert_eq!(pool.round_trips(), 0, "remembered");
    let rep = Rep::Id("u-ana".into());
    store
        .find_calls(&CallQuery {
            limit: 10,
            ..CallQuery::default()
        })
        .await
        .unwrap();
    store
        .calls_for_coaching(Some(&rep), year(), 10)
        .await
        .unwrap();
    store.team_figures(year(), None).await.unwrap();
    store.search_chunks("numbers", 10).await.unwrap();
    assert_eq!(pool.round_trips(), 4, "each question is one statement");
    store.land(page(1)).await.unwrap();
    pool.round_trips();
    store.call_detail(&id).await.unwrap();
    assert_eq!(pool.round_trips(), 1, "a write makes replies old");
}

/// 500 strings in every parameter that is written, and a part of them in each that is asked for.
#[tokio::test]
async fn five_hundred_injections_come_back_as_data() {
    let Some((store, _pool, _server)) = counted().await else {
        return;
    };
    // NUL is cleaned in documents before they land.
    let clean = |text: String| text.replace('\0', "\u{fffd}");
    let strings: Vec<String> = hostile_strings().into_iter().map(clean).collect();
    assert_eq!(strings.len(), 500);
    let documents = strings.iter().map(|text| {
        let document = CallDocument::new(text)
            .hosted_by(text, text, text)
            .with("title", text.as_str())
            .with("url", text.as_str())
            .with_part(
                "content",
                serde_json::json!({
                    "topics": [{"name": text, "duration": 1}],
                    "trackers": [{"name": text, "count": 1}],
                    "brief": text,
                }),
            );
        document.linked("Opportunity", text).document()
    });
    let transcripts = strings
        .iter()
        .map(|text| transcript_document(text, &[(text, 0, 1_000, text)]));
    let transcripts: Vec<RawDocument> = transcripts.collect();
    let mut step = checkpoint();
    step.run_id = strings.concat();
    step.position = Some(strings.concat());
    let landed = store
        .land(
            LandingPage::new(strings.concat())
                .with_calls(documents.collect())
                .with_transcripts(transcripts)
                .with_deleted(
                    strings
                        .iter()
                        .map(|text| CallId::new(format!("{text} gone")))
                        .collect(),
                )
                .with_checkpoint(step),
        )
        .await
        .unwrap();
    assert_eq!(
        (landed.calls.inserted, landed.transcripts.inserted),
        (500, 500)
    );
    let report = store
        .transform(TransformScope::Calls(landed.changed))
        .await
        .unwrap();
    assert_eq!((report.transformed, report.failed), (500, Vec::new()));
    assert_eq!(
        store.position(Stream::Calls).await.unwrap(),
        Some(strings.concat())
    );

    let mut letters: Vec<DeadLetter> = strings
        .iter()
        .map(|text| DeadLetter {
            stream: Stream::Transcripts,
            fault: Fault::Call(CallId::new(format!("{text} lost"))),
            reason: text.clone(),
            payload: Some(text.clone()),
            run_id: text.clone(),
            failed_at: Timestamp::UNIX_EPOCH,
            decoder_version: 7,
        })
        .collect();
    store.record_dead_letters(&letters).await.unwrap();
    let kept = store
        .dead_letters(&DeadLettersQuery::first(1_000))
        .await
        .unwrap();
    letters.sort_by_key(|letter| letter.fault.key());
    let kept: Vec<DeadLetter> = kept.into_iter().map(|record| record.letter).collect();
    assert_eq!(kept, letters);

    let everything = CallQuery {
        limit: 1_000,
        ..CallQuery::default()
    };
    let headers = store.find_calls(&everything).await.unwrap();
    assert_eq!(headers.len(), 500);
    for header in headers {
        let text = header.id.as_str();
        let rep = (
            header.rep.id.as_ref().map(AsRef::as_ref),
            header.rep.email.as_deref(),
            header.rep.name.as_deref(),
        );
        assert_eq!(rep, (Some(text), Some(text), Some(text)));
        assert_eq!(header.title.as_deref(), Some(text));
        assert_eq!(header.deal_id.as_ref().map(AsRef::as_ref), Some(text));
    }
    let said: Vec<CallInsights> = strings.iter().map(|text| insights(text)).collect();
    assert_eq!(store.save_insights(&said).await.unwrap(), 500);
    store.save_crm(&snapshot(&strings)).await.unwrap();
    // Gong links these calls itself, so no match is stored in the place of that.
    let matches: Vec<CrmMatch> = strings.iter().map(|text| crm_match(text, text)).collect();
    assert_eq!(store.save_crm_matches(&matches).await.unwrap(), 0);
    // Binds carry all alike, so a part of them shows it: each opening with some order, and
    // each question with some opening.
    for (number, text) in strings.iter().step_by(9).enumerate() {
        asked_for(&store, text, number % 6).await;
    }
    let known = KnownCallsQuery {
        limit: 1_000,
        ..KnownCallsQuery::default()
    };
    assert_eq!(
        store.known_calls(&known).await.unwrap().len(),
        500,
        "nothing was ordered"
    );
}

/// One of the questions that take a text finds the call of that text alone.
async fn asked_for(store: &SnowflakeStore, text: &str, question: usize) {
    let period: Period = year();
    match question {
        0 => {
            let detail = store.call_detail(&text.into()).await.unwrap().unwrap();
            assert_eq!(detail.transcript.unwrap().sentences[0].text, text);
            assert_eq!(detail.call.brief.as_deref(), Some(text));
            assert_eq!(detail.call.topics[0].name, text);
            assert_eq!(detail.call.trackers[0].name, text);
            // Search reads chunks.
            let said = CallInsights {
                chunks: Vec::new(),
                ..insights(text)
            };
            assert_eq!(detail.insights, Some(said));
            let deal = detail.deal.unwrap();
            assert_eq!(deal.name, Some(format!("{text} deal")));
            assert_eq!(deal.owner_id.as_ref().map(AsRef::as_ref), Some(text));
        }
        1 => {
            let query = CallQuery {
                deal_id: Some(text.into()),
                limit: 9,
                ..CallQuery::default()
            };
            assert_eq!(store.find_calls(&query).await.unwrap().len(), 1, "{text}");
        }
        2..=4 => {
            let rep = match question {
                2 => Rep::Id(text.into()),
                3 => Rep::Name(text.to_owned()),
                _ => Rep::Email(text.to_owned()),
            };
            assert_eq!(
                store
                    .calls_for_coaching(Some(&rep), period, 9)
                    .await
                    .unwrap()
                    .len(),
                1,
                "{text}"
            );
        }
        _ => {
            // Words are words: a chunk that has one is found, and there is no error.
            let found = store.search_chunks(text, 1_000).await.unwrap();
            let chunk = format!("{text} chunk");
            let is_found = found.iter().any(|hit| hit.text == chunk);
            let has_words = text.chars().any(char::is_alphanumeric);
            assert_eq!(is_found, has_words, "{text}");
        }
    }
}
