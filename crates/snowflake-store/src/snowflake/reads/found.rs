//! Chunks from a search service, checked against the store.

use serde::Serialize;
use snowflake_sql::{Rows, Statement};

use crate::snowflake::chunk_search::{ChunkSearch, FoundChunk};
use crate::snowflake::store::SnowflakeStore;
use crate::snowflake::{json, limit, search_terms, statements};
use crate::{ChunkHit, Result};

use super::search::hit;

/// What is asked for beyond what is wanted, for chunks that are gone since.
fn with_reserve(wanted: usize) -> usize {
    wanted.saturating_add(wanted / 2).saturating_add(10)
}

/// Asks the service, and then the store which of the chunks are served. When too many
/// are gone, all that the service gives are asked for, once.
pub(super) async fn by_service(
    store: &SnowflakeStore,
    service: &dyn ChunkSearch,
    words: &str,
    at_most: usize,
) -> Result<Vec<ChunkHit>> {
    // As without a service: where there is no word there is nothing to look for.
    if at_most == 0 || search_terms::of_query(words).is_empty() {
        return Ok(Vec::new());
    }
    let mut asked = with_reserve(at_most).min(service.most_results());
    loop {
        let found = service.search(words, asked).await?;
        let has_more = found.len() >= asked && asked < service.most_results();
        let rows = match found.is_empty() {
            true => return Ok(Vec::new()),
            false => store.ask(&served(&found, at_most)?).await?,
        };
        if rows.len() >= at_most || !has_more {
            return hits(&rows);
        }
        asked = service.most_results();
    }
}

#[derive(Serialize)]
struct Placed<'a> {
    place: usize,
    #[serde(flatten)]
    chunk: &'a FoundChunk,
}

fn served(found: &[FoundChunk], at_most: usize) -> Result<Statement> {
    let placed: Vec<Placed<'_>> = (1..)
        .zip(found)
        .map(|(place, chunk)| Placed { place, chunk })
        .collect();
    Ok(statements::FOUND_CHUNKS
        .statement()
        .bind(json(&placed)?)
        .bind(limit(at_most)))
}

fn hits(rows: &Rows) -> Result<Vec<ChunkHit>> {
    rows.iter().map(hit).collect()
}
