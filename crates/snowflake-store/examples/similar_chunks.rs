//! How fast the embedded store compares vectors: fills it with chunks and searches.
//!
//! ```text
//! cargo run --release -p snowflake-store --example similar_chunks -- [CHUNKS] [DIMENSION]
//! ```

use std::error::Error;
use std::time::Instant;

use calls::{CallId, Provenance, RawDocument};
use snowflake_store::{
    CallInsights, CallReader, Chunk, ChunkEmbedding, Insights, Landing, LandingPage, SqliteStore,
    TransformScope,
};

const CHUNKS_OF_A_CALL: usize = 100;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let chunks: usize = arguments.next().map_or(Ok(100_000), |text| text.parse())?;
    let dimension: usize = arguments.next().map_or(Ok(256), |text| text.parse())?;
    let mut state = 1_u64;
    let mut vector = || ChunkEmbedding {
        model: "bench".to_owned(),
        vector: (0..dimension)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                (state >> 40) as f32 / (1 << 23) as f32 - 1.0
            })
            .collect(),
    };

    let store = SqliteStore::in_memory().await?;
    let start = Instant::now();
    for number in 0..chunks / CHUNKS_OF_A_CALL {
        let id = CallId::new(number.to_string());
        let json = format!(r#"{{"metaData":{{"id":"{id}","started":"2026-03-02T10:00:00Z"}}}}"#);
        let page = LandingPage {
            calls: vec![RawDocument::new(id.clone(), json)?],
            ..LandingPage::default()
        };
        let landed = store.land(page).await?;
        store
            .transform(TransformScope::Calls(landed.changed))
            .await?;
        let chunks = (0..CHUNKS_OF_A_CALL)
            .map(|chunk| Chunk {
                first_sentence: chunk as u32,
                last_sentence: chunk as u32,
                text: "Ana: we would like to understand the pricing. ".repeat(12),
                sentiment: None,
                embedding: Some(vector()),
            })
            .collect();
        let insights = CallInsights {
            call_id: id,
            transcript_sha: None,
            sentiment: None,
            summary: None,
            key_topics: Vec::new(),
            risks: Some(Vec::new()),
            next_steps: Some(Vec::new()),
            sentence_sentiments: Vec::new(),
            chunks,
            provenance: Provenance::new("bench", "bench"),
        };
        store.save_insights(&[insights]).await?;
    }
    println!(
        "{chunks} chunks of {dimension} stored in {:.1} s",
        start.elapsed().as_secs_f64()
    );
    for _ in 0..5 {
        let query = vector();
        let start = Instant::now();
        let hits = store.similar_chunks(&query, None, 10).await?;
        println!(
            "{:.1} ms, best {:.3}",
            start.elapsed().as_secs_f64() * 1e3,
            hits.first().map_or(0.0, |hit| hit.score)
        );
    }
    let start = Instant::now();
    let found = store.search_chunks("pricing understand", 10).await?.len();
    println!(
        "{found} by words: {:.1} ms",
        start.elapsed().as_secs_f64() * 1e3
    );
    Ok(())
}
