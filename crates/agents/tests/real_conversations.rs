//! The agents on real multi-party conversations, where they are at hand: long,
//! overlapping, full of backchannels, and unlike anything written for a test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::path::Path;
use std::sync::Arc;

use agents::report::Report;
use agents::{CallAnalysisAgent, CallSearch};
use cortex::LocalLanguage;

const FILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/data/calls/calls.ndjson.gz"
);

/// A sample of the file keeps the test short in a debug build.
const CALLS: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn every_claim_about_a_real_conversation_cites_sentences_that_exist() {
    if !Path::new(FILE).exists() {
        eprintln!("skipped: {FILE} is absent");
        return;
    }
    let calls = testkit::recorded::read_calls(FILE).unwrap();
    let step = (calls.len() / CALLS).max(1);
    let sample: Vec<_> = calls.into_iter().step_by(step).take(CALLS).collect();
    let store = support::store_of_calls(&sample).await;
    let language = Arc::new(LocalLanguage::new());
    let agent = CallAnalysisAgent::new(Arc::clone(&store) as _, Arc::clone(&language));
    let ids = support::call_ids(&store).await;
    assert_eq!(ids.len(), sample.len());
    for call_id in &ids {
        let analysis = agent.analyse(call_id).await.unwrap();
        assert!((0.0..=100.0).contains(&analysis.score.overall));
        let json = serde_json::to_value(&analysis).unwrap();
        assert!(support::check_evidence(&store, &json).await > 5);
        let html = Report::new("Real", support::anchor()).with_analysis(&analysis);
        assert!(html.to_html().unwrap().contains("Tone along the call"));
    }
    let search = CallSearch::new(Arc::clone(&store) as _, language);
    // A call may resemble none of the others; that none resembles any cannot be.
    let mut all = 0;
    for id in &ids {
        let similar = search.similar_to(id, 3).await.unwrap();
        assert!(similar.iter().all(|found| found.call_id != *id));
        all += similar.len();
    }
    assert!(all > 0);
}
