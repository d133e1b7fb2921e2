//! What a store has in place of what Gong serves.

use std::collections::BTreeSet;

use gong_snowflake::snowflake_store::{CallStore, KnownCallsQuery};
use serde_json::Value;
use testkit::SimulatedCall;

/// Every difference, as a line: calls, titles and sentences that are not as Gong serves them,
/// and calls that it does not serve. Private calls are not to be stored.
pub(crate) async fn differences(store: &dyn CallStore, served: &[SimulatedCall]) -> Vec<String> {
    let mut differences = Vec::new();
    let mut wanted = BTreeSet::new();
    for call in served {
        let facts = &call.extensive["metaData"];
        if facts["isPrivate"] == true {
            continue;
        }
        let id = call.id().unwrap();
        wanted.insert(id.to_owned());
        let Some(stored) = store.call_detail(&id.into()).await.unwrap() else {
            differences.push(format!("{id} is lost"));
            continue;
        };
        if stored.call.title.as_deref() != call.title() {
            differences.push(format!("{id}: another title"));
        }
        let expected = call.transcript.as_ref().map(said);
        let stored = stored.transcript.map(|transcript| {
            let sentences = transcript.sentences.into_iter();
            sentences.map(|one| one.text).collect::<Vec<_>>()
        });
        if stored != expected {
            let count = |said: &Option<Vec<String>>| said.as_ref().map(Vec::len);
            let (stored, expected) = (count(&stored), count(&expected));
            differences.push(format!("{id}: {stored:?} sentences for {expected:?}"));
        }
    }
    let all = KnownCallsQuery {
        limit: 100_000,
        ..KnownCallsQuery::default()
    };
    let known = store.known_calls(&all).await.unwrap();
    let known: Vec<String> = known.into_iter().map(|one| one.id.to_string()).collect();
    let distinct: BTreeSet<&String> = known.iter().collect();
    if distinct.len() != known.len() {
        differences.push("a call is stored twice".to_owned());
    }
    let surplus = known.iter().filter(|id| !wanted.contains(*id));
    differences.extend(surplus.map(|id| format!("{id} is not served")));
    differences
}

fn said(transcript: &Value) -> Vec<String> {
    let turns = transcript["transcript"].as_array().unwrap();
    let sentences = turns
        .iter()
        .flat_map(|turn| turn["sentences"].as_array().unwrap());
    // Transcripts are stored in the order in which they were spoken.
    let mut spoken: Vec<(i64, &str)> = sentences
        .map(|one| {
            (
                one["start"].as_i64().unwrap(),
                one["text"].as_str().unwrap(),
            )
        })
        .collect();
    spoken.sort_by_key(|(start, _)| *start);
    spoken
        .into_iter()
        .map(|(_, text)| text.to_owned())
        .collect()
}
