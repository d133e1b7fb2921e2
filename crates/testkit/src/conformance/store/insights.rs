//! What a language backend computed.

use calls::{Provenance, Sentiment, SentimentLabel};
use resilience::ErrorKind;
use snowflake_store::{CallInsights, CallStore, Chunk, ChunkEmbedding, CitedItem, LandingPage};

use super::documents::{deletion, spoken};
use super::{detail, done, land, load_well, rows};

fn finding(kind: &str, sentence: u32) -> CitedItem {
    CitedItem {
        kind: kind.to_owned(),
        text: format!("words of {kind}"),
        score: 0.1 + 0.2,
        sentences: vec![sentence, sentence + 1],
    }
}

/// A chunk over both sentences of an ordinary call.
pub(super) fn chunk(text: &str, model: &str, vector: &[f32]) -> Chunk {
    Chunk {
        first_sentence: 0,
        last_sentence: 1,
        text: text.to_owned(),
        sentiment: Some(0.5),
        embedding: Some(ChunkEmbedding {
            model: model.to_owned(),
            vector: vector.to_vec(),
        }),
    }
}

/// Insights with every part filled, and one chunk.
pub(super) fn insights_with_chunk(id: &str, text: &str, vector: &[f32]) -> CallInsights {
    CallInsights {
        call_id: id.into(),
        transcript_sha: None,
        sentiment: Some(Sentiment {
            score: 1.0 / 3.0,
            label: SentimentLabel::Mixed,
        }),
        summary: Some("They agreed on a pilot.".to_owned()),
        key_topics: vec!["pilot".to_owned(), "price".to_owned()],
        risks: Some(vec![finding("objection", 0)]),
        next_steps: Some(vec![finding("next_step", 1), finding("commitment", 0)]),
        sentence_sentiments: vec![(0, -0.3), (1, 0.7)],
        chunks: vec![chunk(text, "m-1", vector)],
        provenance: Provenance::new("local", "lexicon-1"),
    }
}

/// All parts read back as they were, but for the chunks, which search reads.
pub async fn insights_read_back(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    let insights = insights_with_chunk("1", "words", &[0.6, 0.8]);
    assert_eq!(
        done(store.save_insights(std::slice::from_ref(&insights)).await),
        1
    );
    assert_eq!(
        detail(store, "1").await.insights,
        Some(CallInsights {
            chunks: Vec::new(),
            ..insights
        })
    );
    assert_eq!(done(store.save_insights(&[]).await), 0);
}

/// Later insights replace all of earlier ones, also where they say less.
pub async fn insights_replace_earlier_ones(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    done(
        store
            .save_insights(&[insights_with_chunk("1", "old words", &[0.6, 0.8])])
            .await,
    );
    let less = CallInsights {
        call_id: "1".into(),
        transcript_sha: None,
        sentiment: None,
        summary: None,
        key_topics: Vec::new(),
        risks: Some(Vec::new()),
        next_steps: Some(Vec::new()),
        sentence_sentiments: vec![(1, 0.2), (99, 0.9)],
        chunks: vec![Chunk {
            embedding: None,
            sentiment: None,
            ..chunk("new words", "", &[])
        }],
        provenance: Provenance::new("cortex", "v2"),
    };
    done(store.save_insights(std::slice::from_ref(&less)).await);
    let expected = CallInsights {
        chunks: Vec::new(),
        // There is no sentence 99.
        sentence_sentiments: vec![(1, 0.2)],
        ..less
    };
    assert_eq!(detail(store, "1").await.insights, Some(expected));
    assert_eq!(rows(store, "STG_GONG_TRANSCRIPT_CHUNKS").await, 1);
    assert_eq!(done(store.search_chunks("old", 10).await), []);
    assert_eq!(done(store.search_chunks("new", 10).await).len(), 1);
}

/// Calls that are unknown or deleted are left out of the count and of the store.
pub async fn insights_of_unknown_calls_are_skipped(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    load_well(store, spoken("2")).await;
    land(store, deletion(&["2"])).await;
    let insights = ["1", "2", "unknown"].map(|id| insights_with_chunk(id, "words", &[1.0]));
    assert_eq!(done(store.save_insights(&insights).await), 1);
    assert_eq!(rows(store, "STG_GONG_TRANSCRIPT_CHUNKS").await, 1);
    land(store, LandingPage::default()).await;
}

/// Infinity and "not a number" are refused, and nothing of the batch is stored.
pub async fn insights_that_are_not_finite_are_refused(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    let good = insights_with_chunk("1", "words", &[1.0]);
    let mut bad_score = good.clone();
    bad_score.next_steps = bad_score.next_steps.map(|mut steps| {
        steps[0].score = f64::NAN;
        steps
    });
    let mut bad_sentence = good.clone();
    bad_sentence.sentence_sentiments[0].1 = f64::INFINITY;
    let bad_vector = insights_with_chunk("1", "words", &[f32::NAN]);
    for bad in [bad_score, bad_sentence, bad_vector] {
        let error = store.save_insights(&[good.clone(), bad]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.field().is_some());
    }
    assert_eq!(detail(store, "1").await.insights, None);
}
