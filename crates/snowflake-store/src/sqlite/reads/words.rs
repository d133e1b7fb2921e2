//! Chunks by words, without ranking every chunk that holds one.
//!
//! The word index ranks a chunk in a microsecond, and finds one in a fiftieth of that. So it
//! is asked first how many chunks hold each word, as far as matters. While few chunks hold
//! any of the words, all of them are ranked. Otherwise only those are that hold one of the
//! rarer words; the frequent ones still count in their scores. Frequent words by themselves
//! find chunks that hold several together, and the newest of those.

use std::collections::HashSet;

use rusqlite::{Connection, params};

use super::columns::json;
use super::search::hit;
use crate::sqlite::failure::JobResult;
use crate::sqlite::{limit, statements};
use crate::staging;
use crate::{ChunkHit, FindingHit};

/// Words of a query that are looked for; a question has a dozen.
const MAX_WORDS: usize = 32;

/// Chunks that are ranked for a query, at most.
const MAX_RANKED: usize = 8_000;

/// Words that more chunks hold than are ranked, of a query that are looked for: the rarest.
const MAX_FREQUENT: usize = 3;

/// A word that one in so many chunks holds says next to nothing.
const LEAST_RARITY: i64 = 4;

/// Where a word, or several, are held.
struct Holders {
    words: String,
    /// Chunks, as far as they are counted.
    chunks: usize,
    /// The oldest of these.
    oldest: i64,
}

pub(super) fn by_words(
    connection: &Connection,
    words: &str,
    at_most: usize,
) -> JobResult<Vec<ChunkHit>> {
    let mut held = Vec::new();
    for word in quoted(words) {
        // One more than can be ranked, to know of it.
        held.push(newest_holders(connection, word, MAX_RANKED + 1)?);
    }
    held.retain(|word| word.chunks > 0);
    // Of words whose chunks were not all counted, the rarest reaches back the farthest.
    held.sort_by_key(|word| (word.chunks, word.oldest));
    let mut room = MAX_RANKED;
    let rare = held.iter().take_while(|word| {
        let fits = word.chunks <= room;
        room -= word.chunks.min(room);
        fits
    });
    let mut frequent = held.split_off(rare.count());
    let rare: Vec<&str> = held.iter().map(|word| word.words.as_str()).collect();
    if !frequent.is_empty() {
        let newest: i64 = connection
            .prepare_cached(statements::NEWEST_CHUNK)?
            .query_row([], |row| row.get(0))?;
        let tells = |word: &&Holders| {
            let span = newest - word.oldest + 1;
            span > LEAST_RARITY.saturating_mul(limit(word.chunks))
        };
        let telling = frequent.iter().take_while(tells).count();
        frequent.truncate(telling.clamp(usize::from(rare.is_empty()), MAX_FREQUENT));
    }
    let frequent: Vec<&str> = frequent.iter().map(|word| word.words.as_str()).collect();

    let mut found = Found::default();
    let mut room = MAX_RANKED;
    if !rare.is_empty() {
        let any = rare.join(" OR ");
        if frequent.is_empty() {
            found.add(connection, &any, 0, at_most, 1.0)?;
        } else {
            // Each word is there twice, or the rare ones would count double.
            let twice = [frequent.join(" OR "), frequent.join(" OR ")].join(" OR ");
            let expression = format!("({any}) AND ({any} OR {twice})");
            found.add(connection, &expression, 0, at_most, 0.5)?;
        }
        room -= held.iter().map(|word| word.chunks).sum::<usize>();
    }
    let mut together = frequent.len();
    while together > 0 && room > 0 && found.hits.len() < at_most {
        let held = newest_holders(connection, frequent[..together].join(" AND "), room)?;
        found.add(connection, &held.words, held.oldest, at_most, 1.0)?;
        room -= held.chunks;
        together /= 2;
    }
    Ok(found.best(at_most))
}

/// Calls about which Gong wrote words. There is one text a call, so all that hold one are
/// ranked.
pub(super) fn in_findings(
    connection: &Connection,
    words: &str,
    at_most: usize,
) -> JobResult<Vec<FindingHit>> {
    let any = quoted(words).join(" OR ");
    if any.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare_cached(statements::SEARCH_FINDINGS)?;
    let mut rows = statement.query(params![any, limit(at_most)])?;
    let mut hits = Vec::new();
    while let Some(row) = rows.next()? {
        let brief: Option<String> = row.get(2)?;
        let findings = json(&row.get::<_, String>(3)?, "FINDINGS")?;
        hits.push(FindingHit {
            call_id: row.get::<_, String>(0)?.into(),
            score: row.get(1)?,
            text: staging::findable(brief.as_deref(), &findings),
        });
    }
    Ok(hits)
}

/// An expression of the word index for chunks that hold all words; empty where there is no
/// word.
pub(super) fn all_of(words: &str) -> String {
    quoted(words).join(" AND ")
}

fn newest_holders(connection: &Connection, words: String, at_most: usize) -> JobResult<Holders> {
    let mut statement = connection.prepare_cached(statements::NEWEST_HOLDERS)?;
    let (chunks, oldest): (i64, i64) = statement
        .query_row(params![words, limit(at_most)], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    Ok(Holders {
        words,
        chunks: usize::try_from(chunks).unwrap_or(at_most),
        oldest,
    })
}

/// What several searches have found, each chunk once.
#[derive(Default)]
struct Found {
    hits: Vec<ChunkHit>,
    chunks: HashSet<i64>,
}

impl Found {
    /// Adds the best chunks, from the oldest on, with the share of their scores that counts.
    fn add(
        &mut self,
        connection: &Connection,
        expression: &str,
        oldest: i64,
        at_most: usize,
        share: f64,
    ) -> JobResult<()> {
        let mut statement = connection.prepare_cached(statements::SEARCH_CHUNKS)?;
        let mut rows = statement.query(params![expression, oldest, limit(at_most)])?;
        while let Some(row) = rows.next()? {
            if self.chunks.insert(row.get(7)?) {
                let score: f64 = row.get(6)?;
                self.hits.push(hit(row, score * share)?);
            }
        }
        Ok(())
    }

    fn best(mut self, at_most: usize) -> Vec<ChunkHit> {
        self.hits.sort_by(|a, b| b.score.total_cmp(&a.score));
        self.hits.truncate(at_most);
        self.hits
    }
}

/// Words as phrases of the word index: quoted, so that nothing in them is an operator. Of
/// parts that an apostrophe joins the longest stands for the word: the index has them as
/// words, and "customer's" is to find the customer.
fn quoted(words: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    words
        // The index reads its expressions up to the first NUL.
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter_map(|word| word.split(['\'', '’']).max_by_key(|part| part.len()))
        .filter(|word| word.contains(char::is_alphanumeric))
        .filter(|word| seen.insert(word.to_lowercase()))
        .take(MAX_WORDS)
        .map(|word| format!("\"{}\"", word.replace('"', "\"\"")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_words_only() {
        assert_eq!(
            quoted("price OR \"drop\" price"),
            ["\"price\"", "\"OR\"", "\"\"\"drop\"\"\""]
        );
        assert_eq!(quoted("a\0b NEAR(x*)"), ["\"a\"", "\"b\"", "\"NEAR(x*)\""]);
        assert_eq!(quoted("customer's I’ve"), ["\"customer\"", "\"ve\""]);
        assert!(quoted(" \u{0} -- \" * ").is_empty());
    }
}
