//! The local backend against human judgement, on the part of the data sets beside the
//! repository that nothing was tuned on. `cargo xtask quality` prints the figures.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../examples/quality/acts.rs"]
#[allow(dead_code)] // mail has no aim
mod acts;
#[path = "../examples/quality/data.rs"]
#[allow(dead_code)] // sentiment has tests of its own, speed is for benchmarks
mod data;
#[path = "../examples/quality/figure.rs"]
#[allow(dead_code)] // figures are printed by the example
mod figure;
#[path = "../examples/quality/retrieval.rs"]
mod retrieval;
#[path = "../examples/quality/similarity.rs"]
mod similarity;
#[path = "../examples/quality/statistics.rs"]
#[allow(dead_code)]
mod statistics;
#[path = "../examples/quality/summaries.rs"]
mod summaries;

use std::path::PathBuf;

use crate::data::{DataSets, Part};
use crate::figure::{Aim, Figure};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn data() -> Option<DataSets> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    if !folder.exists() {
        eprintln!("skipped: {} is absent", folder.display());
        return None;
    }
    Some(DataSets::in_folder(folder))
}

fn assert_aims_are_met(figures: &[Figure]) {
    for figure in figures {
        let is_met = match figure.aim {
            Aim::AtLeast(bound) => figure.value >= bound,
            Aim::Below(bound) => figure.value < bound,
            Aim::Comparison => true,
        };
        assert!(is_met, "{}", figure.to_json());
    }
}

#[tokio::test]
async fn vectors_agree_with_human_similarity() {
    let Some(data) = data() else { return };
    assert_aims_are_met(&similarity::agreement(&data).await.unwrap());
}

#[tokio::test]
async fn summaries_share_words_with_human_ones() {
    let Some(data) = data() else { return };
    let meetings = data.meetings(Part::Reporting).unwrap();
    let figures = summaries::likeness(&meetings, Part::Reporting).await;
    assert_aims_are_met(&figures.unwrap());
}

#[test]
fn searches_find_the_turns_that_answer_a_question() {
    let Some(data) = data() else { return };
    let meetings = data.meetings(Part::Reporting).unwrap();
    assert_aims_are_met(&retrieval::found(&meetings, Part::Reporting).unwrap());
}

#[tokio::test]
async fn questions_and_commitments_are_what_annotators_marked() {
    let Some(data) = data() else { return };
    let utterances = data.utterances(Part::Reporting).unwrap();
    let questions = acts::questions(&utterances, Part::Reporting).await;
    assert_aims_are_met(&questions.unwrap());
    let commitments = acts::commitments(&utterances, Part::Reporting).await;
    assert_aims_are_met(&commitments.unwrap());
}
