//! Chunks by meaning and by words.

use snowflake_store::{CallInsights, CallStore, ChunkEmbedding, ChunkHit};

use super::documents::{deletion, spoken};
use super::insights::{chunk, insights_with_chunk};
use super::{at, done, land, load_well};

fn calls_of(hits: &[ChunkHit]) -> Vec<&str> {
    hits.iter().map(|hit| hit.call_id.as_str()).collect()
}

fn embedding(model: &str, vector: &[f32]) -> ChunkEmbedding {
    ChunkEmbedding {
        model: model.to_owned(),
        vector: vector.to_vec(),
    }
}

/// Best first by cosine, whatever the lengths of the vectors; a call can be left out.
pub async fn similar_chunks_come_by_cosine(store: &dyn CallStore) {
    for (id, vector) in [
        ("1", [0.0, 1.0, 0.0]),
        ("2", [3.0, 4.0, 0.0]),
        ("3", [-1.0, 0.0, 0.0]),
        ("4", [0.0, 0.0, 0.0]),
    ] {
        load_well(store, spoken(id)).await;
        done(
            store
                .save_insights(&[insights_with_chunk(id, &format!("text of {id}"), &vector)])
                .await,
        );
    }
    let query = embedding("m-1", &[2.0, 0.0, 0.0]);
    let hits = done(store.similar_chunks(&query, None, 10).await);
    assert_eq!(
        calls_of(&hits),
        ["2", "1", "3"],
        "a vector of no direction is like nothing"
    );
    for (hit, expected) in hits.iter().zip([0.6, 0.0, -1.0]) {
        assert!((hit.score - expected).abs() < 1e-6, "{}", hit.score);
    }
    assert_eq!(hits[0].title.as_deref(), Some("Call 2"));
    assert_eq!(hits[0].started, at("2026-03-02T10:00:00Z"));
    assert_eq!((hits[0].first_sentence, hits[0].last_sentence), (0, 1));
    assert_eq!(hits[0].text, "text of 2");
    assert_eq!(
        calls_of(&done(store.similar_chunks(&query, None, 2).await)),
        ["2", "1"]
    );
    let excluding = "2".into();
    let others = done(store.similar_chunks(&query, Some(&excluding), 10).await);
    assert_eq!(calls_of(&others), ["1", "3"]);
    let nothing = embedding("m-1", &[0.0, 0.0, 0.0]);
    assert_eq!(done(store.similar_chunks(&nothing, None, 10).await), []);
}

/// Vectors of another model or dimension are not compared, nor chunks without one.
pub async fn vectors_of_different_models_are_not_compared(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    let mut without = chunk("d", "m-1", &[]);
    without.embedding = None;
    let insights = CallInsights {
        chunks: vec![
            chunk("a", "m-1", &[1.0, 0.0]),
            chunk("b", "m-2", &[1.0, 0.0]),
            chunk("c", "m-1", &[1.0, 0.0, 0.0]),
            without,
        ],
        ..insights_with_chunk("1", "", &[])
    };
    done(store.save_insights(&[insights]).await);
    for (query, expected) in [
        (embedding("m-1", &[1.0, 0.0]), vec!["a"]),
        (embedding("m-2", &[1.0, 0.0]), vec!["b"]),
        (embedding("m-1", &[1.0, 0.0, 0.0]), vec!["c"]),
        (embedding("m-1", &[1.0]), vec![]),
        (embedding("M-1", &[1.0, 0.0]), vec![]),
    ] {
        let hits = done(store.similar_chunks(&query, None, 10).await);
        let texts: Vec<&str> = hits.iter().map(|hit| hit.text.as_str()).collect();
        assert_eq!(texts, expected, "{query:?}");
    }
}

/// Vectors of a deleted call are found no more; any limit is one.
pub async fn vectors_go_with_their_calls(store: &dyn CallStore) {
    for id in ["kept", "gone"] {
        load_well(store, spoken(id)).await;
        done(
            store
                .save_insights(&[insights_with_chunk(id, "words", &[1.0, 0.0])])
                .await,
        );
    }
    let query = embedding("m-1", &[1.0, 0.0]);
    let all = done(store.similar_chunks(&query, None, usize::MAX).await);
    assert_eq!(all.len(), 2);
    land(store, deletion(&["gone"])).await;
    let left = done(store.similar_chunks(&query, None, 10).await);
    assert_eq!(calls_of(&left), ["kept"]);
}

/// Any word of the query finds a chunk, in any case; more and rarer words rank higher.
pub async fn words_find_chunks(store: &dyn CallStore) {
    let texts = [
        ("1", "Bo: the security review takes two weeks"),
        (
            "2",
            "Bo: the price is fine; the security questionnaire is long",
        ),
        ("3", "Ana: thank you for the time today"),
        ("4", "Ana: the weather is nice"),
    ];
    for (id, text) in texts {
        load_well(store, spoken(id)).await;
        done(
            store
                .save_insights(&[insights_with_chunk(id, text, &[1.0])])
                .await,
        );
    }
    let hits = done(store.search_chunks("SECURITY questionnaire", 10).await);
    assert_eq!(calls_of(&hits), ["2", "1"]);
    assert!(
        hits[0].score > hits[1].score && hits[1].score > 0.0,
        "{hits:?}"
    );
    assert_eq!(hits[0].text, texts[1].1);
    assert_eq!(hits[0].title.as_deref(), Some("Call 2"));
    assert_eq!(
        done(store.search_chunks("security questionnaire", 1).await).len(),
        1
    );
    assert_eq!(done(store.search_chunks("zebra", 10).await), []);
    assert_eq!(done(store.search_chunks("", 10).await), []);
}

/// Operators, quotes and control characters in a query mean nothing and break nothing.
pub async fn a_search_is_words_and_no_language(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    let text = "Bo: security AND price, near the end; 100% \"quoted\"";
    done(
        store
            .save_insights(&[insights_with_chunk("1", text, &[1.0])])
            .await,
    );
    for query in [
        "security NOT price",
        "price -security",
        "\"security",
        "security\"",
        "(security",
        "security) OR (",
        "CHUNK_TEXT : security",
        "NEAR(security price, 1)",
        "secur* security*",
        "security\u{0}",
        "\u{0}security",
        "^security",
        "{security} +price",
        "security'; DROP TABLE STG_GONG_CALLS; --",
    ] {
        assert_eq!(
            done(store.search_chunks(query, 10).await).len(),
            1,
            "{query:?}"
        );
    }
    for query in [
        "\"",
        "'",
        "*",
        "()",
        "-",
        "AND OR NOT zebra",
        "\u{0}",
        "^:+",
        "%",
        "_",
    ] {
        let found = done(store.search_chunks(query, 10).await).len();
        // The words AND and OR may be in the text; signs are not words.
        assert!(found == 0 || query.contains("AND"), "{query:?}");
    }
    let long = "security ".repeat(20_000);
    assert_eq!(done(store.search_chunks(&long, 10).await).len(), 1);
}
