//! Computes insights for every call that has none.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::sync::Arc;

use agents::CallAnalysisAgent;
use agents::insights::{BacklogReport, InsightBuilder, analyse_backlog};
use calls::CallId;
use cortex::LocalLanguage;
use resilience::ErrorKind;
use snowflake_store::{CallQuery, CallReader, SqliteStore};
use support::PhraseLanguage;

async fn run(store: &Arc<SqliteStore>, language: PhraseLanguage) -> (BacklogReport, usize) {
    let mut batches = 0;
    let report = analyse_backlog(
        Arc::clone(store) as _,
        Arc::new(language),
        NonZeroUsize::new(3).unwrap(),
        |_| batches += 1,
    )
    .await
    .unwrap();
    (report, batches)
}

async fn left(store: &SqliteStore) -> usize {
    let query = CallQuery {
        without_insights: true,
        with_transcript: true,
        limit: 10_000,
        ..CallQuery::default()
    };
    store.find_calls(&query).await.unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_gets_insights_once() {
    let store = support::store_of(&support::small_org()).await;
    let calls = left(&store).await;
    assert!(calls > 32, "{calls} calls make one batch only");
    let (report, batches) = run(&store, PhraseLanguage::default()).await;
    assert_eq!(report.analysed, calls as u64);
    assert_eq!(report.failed, []);
    assert_eq!(batches, calls.div_ceil(32));
    assert_eq!(left(&store).await, 0);
    let (again, batches) = run(&store, PhraseLanguage::default()).await;
    assert_eq!((again, batches), (BacklogReport::default(), 0));
}

#[tokio::test]
async fn calls_that_fail_are_reported_and_hold_up_no_other() {
    let store = support::store_of(&support::small_org()).await;
    let calls = left(&store).await;
    let language = PhraseLanguage {
        refuses: Some(("discount", ErrorKind::Transient)),
        ..PhraseLanguage::default()
    };
    let (report, _) = run(&store, language).await;
    assert!(!report.failed.is_empty(), "no call speaks of a discount");
    assert!(report.analysed > 0);
    assert_eq!(report.analysed as usize + report.failed.len(), calls);
    assert_eq!(left(&store).await, report.failed.len());
    assert!(
        report
            .failed
            .iter()
            .all(|failure| failure.reason == "refused")
    );
    let (report, _) = run(&store, PhraseLanguage::default()).await;
    assert_eq!(report.failed, []);
    assert_eq!(left(&store).await, 0);
}

/// A team moves over in steps: each call has one reader, and keeps it while its share grows.
#[tokio::test]
async fn a_share_of_the_calls_has_another_reader() {
    let store = support::store_of(&support::small_org()).await;
    let (ids, calls) = (support::call_ids(&store).await, left(&store).await);
    let language = |share: f64| {
        InsightBuilder::new(Arc::new(LocalLanguage::new()))
            .with_reader(Arc::new(PhraseLanguage::default()))
            .with_fallback(Arc::new(LocalLanguage::new()))
            .with_reader_share(share)
    };
    let reader = language(1.0).reader();
    let mut before: HashSet<CallId> = HashSet::new();
    let mut reads = Vec::new();
    for share in [0.0, 0.4, 1.0] {
        let run = async || {
            let store = Arc::clone(&store) as _;
            let workers = NonZeroUsize::new(3).unwrap();
            analyse_backlog(store, language(share), workers, |_| {}).await
        };
        let report = run().await.unwrap();
        assert_eq!(report.failed, [], "{share}");
        assert_eq!(run().await.unwrap(), BacklogReport::default(), "{share}");
        let read = store.readings(&ids, Some(&reader)).await.unwrap();
        let read: HashSet<CallId> = read.into_iter().map(|one| one.call_id).collect();
        assert!(read.is_superset(&before), "{share}");
        reads.push(read.len());
        before = read;
    }
    assert_eq!((reads[0], reads[2]), (0, calls));
    assert!((calls / 5..calls * 3 / 5).contains(&reads[1]), "{reads:?}");

    // What is asked for of a call is the reading of whom it belongs to.
    let by_share = language(0.4);
    let agent = CallAnalysisAgent::new(Arc::clone(&store) as _, by_share);
    let mut asked = HashSet::new();
    for id in &ids {
        if let Ok(analysis) = agent.analyse(id).await {
            assert_eq!(analysis.degraded, Vec::<String>::new());
            asked.insert(analysis.reading.read_by.backend);
        }
    }
    assert_eq!(asked.len(), 2, "{asked:?}");
}

#[tokio::test]
async fn a_backend_that_cannot_embed_still_gives_the_rest() {
    let store = support::store_of(&support::small_org()).await;
    let language = PhraseLanguage {
        embedding_fails: Some(ErrorKind::Unsupported),
        ..PhraseLanguage::default()
    };
    let builder = InsightBuilder::new(Arc::new(language));
    let call_id = support::call_ids(&store).await.remove(0);
    let detail = store.call_detail(&call_id).await.unwrap().unwrap();
    let insights = {
        let reading = builder.read(&detail).await.unwrap();
        builder.build(&detail, &reading).await.unwrap()
    };
    assert!(insights.summary.is_some());
    assert!(
        insights
            .chunks
            .iter()
            .all(|chunk| chunk.embedding.is_none())
    );
}

#[tokio::test]
async fn chunks_hold_every_sentence_once_and_whole() {
    let store = support::store_of(&support::small_org()).await;
    let builder = InsightBuilder::new(Arc::new(PhraseLanguage::default()));
    for call_id in support::call_ids(&store).await {
        let detail = store.call_detail(&call_id).await.unwrap().unwrap();
        let insights = {
            let reading = builder.read(&detail).await.unwrap();
            builder.build(&detail, &reading).await.unwrap()
        };
        let sentences = &detail.transcript.as_ref().unwrap().sentences;
        let mut next = 0;
        for chunk in &insights.chunks {
            assert_eq!(
                chunk.first_sentence, next,
                "a gap or an overlap in {call_id}"
            );
            assert!(chunk.last_sentence >= chunk.first_sentence);
            next = chunk.last_sentence + 1;
            let mut rest = chunk.text.as_str();
            for index in chunk.first_sentence..=chunk.last_sentence {
                let text = sentences[index as usize].text.trim();
                let at = rest
                    .find(text)
                    .expect("a sentence is missing from its chunk");
                rest = &rest[at + text.len()..];
            }
            let is_one = chunk.first_sentence == chunk.last_sentence;
            assert!(
                is_one || chunk.text.len() <= 1_400,
                "{} bytes",
                chunk.text.len()
            );
            assert!(chunk.embedding.is_some());
        }
        assert_eq!(next as usize, sentences.len());
    }
}
