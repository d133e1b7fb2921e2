//! All four scores of the local sentiment equal Python's `vaderSentiment` 3.3.2.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Read;
use std::path::Path;

use cortex::{LanguageBackend, LocalLanguage};
use flate2::read::GzDecoder;

/// `set, id, human mean, compound, pos, neu, neg, text`, with a heading.
const RATED_SENTENCES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/data/sentiment/vader_ground_truth.tsv.gz"
);

/// Sentences of our own, `compound, pos, neu, neg, text`, scored by
/// `vaderSentiment` 3.3.2 under Python 3.11 (`tools/vader_samples.py`).
const OWN_SENTENCES: &str = include_str!("vader_samples.tsv");

#[derive(Debug, PartialEq)]
struct Scores {
    compound: f64,
    pos: f64,
    neu: f64,
    neg: f64,
}

async fn scores_of(texts: &[String]) -> Vec<Scores> {
    let readings = LocalLanguage::new().sentiment(texts).await.unwrap();
    assert_eq!(readings.len(), texts.len());
    readings
        .into_iter()
        .map(|reading| {
            let raw = reading.unwrap().raw;
            let score = |name: &str| raw[name].as_f64().unwrap();
            Scores {
                compound: score("compound"),
                pos: score("pos"),
                neu: score("neu"),
                neg: score("neg"),
            }
        })
        .collect()
}

fn parse(columns: &[&str]) -> Scores {
    let number = |at: usize| columns[at].parse().unwrap();
    Scores {
        compound: number(0),
        pos: number(1),
        neu: number(2),
        neg: number(3),
    }
}

async fn assert_equal(rows: Vec<(Scores, String)>) {
    let (expected, texts): (Vec<Scores>, Vec<String>) = rows.into_iter().unzip();
    let scores = scores_of(&texts).await;
    for ((expected, scores), text) in expected.iter().zip(&scores).zip(&texts) {
        assert_eq!(scores, expected, "{text}");
    }
}

#[tokio::test]
async fn own_sentences_score_as_in_python() {
    let rows: Vec<(Scores, String)> = OWN_SENTENCES
        .lines()
        .map(|line| {
            let columns: Vec<&str> = line.splitn(5, '\t').collect();
            let text: String = serde_json::from_str(columns[4]).unwrap();
            (parse(&columns), text)
        })
        .collect();
    assert!(rows.len() >= 60, "{}", rows.len());
    assert_equal(rows).await;
}

#[tokio::test]
async fn every_rated_sentence_scores_as_in_python() {
    if !Path::new(RATED_SENTENCES).exists() {
        eprintln!("skipped: {RATED_SENTENCES} is absent");
        return;
    }
    let mut table = String::new();
    GzDecoder::new(std::fs::File::open(RATED_SENTENCES).unwrap())
        .read_to_string(&mut table)
        .unwrap();
    let rows: Vec<(Scores, String)> = table
        .lines()
        .skip(1)
        .map(|line| {
            let columns: Vec<&str> = line.splitn(8, '\t').collect();
            (parse(&columns[3..7]), columns[7].to_owned())
        })
        .collect();
    assert!(rows.len() > 18_000, "{}", rows.len());
    assert_equal(rows).await;
}
