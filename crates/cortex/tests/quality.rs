//! The local backend against human judgement, on data sets beside the repository.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::PathBuf;

use cortex::search::SearchIndex;
use cortex::{LanguageBackend, LocalLanguage, SummaryRequest, Utterance};
use flate2::read::GzDecoder;
use rust_stemmers::{Algorithm, Stemmer};
use serde_json::Value;

fn data(path: &str) -> Option<PathBuf> {
    let path =
        PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")).join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is absent", path.display());
    None
}

/// Every `step`-th meeting; the file is ordered by kind of meeting.
fn meetings(step: usize) -> Option<Vec<Value>> {
    let mut lines = String::new();
    GzDecoder::new(fs::File::open(data("meetings/qmsum.jsonl.gz")?).unwrap())
        .read_to_string(&mut lines)
        .unwrap();
    let meetings = lines.lines().step_by(step);
    Some(
        meetings
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
    )
}

/// Ranks from 0, equal values sharing their mean rank.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|left, right| values[*left].total_cmp(&values[*right]));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    while start < order.len() {
        let value = values[order[start]];
        let end = (start..order.len())
            .find(|at| values[order[*at]] != value)
            .unwrap_or(order.len());
        for at in start..end {
            ranks[order[at]] = (start + end - 1) as f64 / 2.0;
        }
        start = end;
    }
    ranks
}

fn correlation(left: &[f64], right: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (left_mean, right_mean) = (mean(left), mean(right));
    let (mut product, mut left_square, mut right_square) = (0.0, 0.0, 0.0);
    for (left, right) in left.iter().zip(right) {
        product += (left - left_mean) * (right - right_mean);
        left_square += (left - left_mean).powi(2);
        right_square += (right - right_mean).powi(2);
    }
    product / (left_square * right_square).sqrt()
}

/// Rows of `sentence,sentence,score`, with quotes where a sentence holds a comma.
fn csv(row: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for symbol in row.chars() {
        match symbol {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            symbol => cells.last_mut().unwrap().push(symbol),
        }
    }
    cells
}

#[tokio::test]
async fn vectors_agree_with_human_similarity() {
    let Some(path) = data("similarity/stsb-en-train.csv") else {
        return;
    };
    let table = fs::read_to_string(path).unwrap();
    let rows: Vec<Vec<String>> = table
        .lines()
        .map(csv)
        .filter(|row| row.len() == 3)
        .collect();
    assert!(rows.len() > 5_000);
    let texts: Vec<String> = rows.iter().flat_map(|row| row[..2].to_vec()).collect();
    let vectors = LocalLanguage::new().embed(&texts).await.unwrap();
    let cosines: Vec<f64> = vectors
        .chunks(2)
        .map(|pair| {
            pair[0]
                .as_ref()
                .unwrap()
                .cosine(pair[1].as_ref().unwrap())
                .unwrap()
        })
        .collect();
    let humans: Vec<f64> = rows.iter().map(|row| row[2].parse().unwrap()).collect();
    let spearman = correlation(&ranks(&cosines), &ranks(&humans));
    eprintln!("STS-B train, Spearman {spearman:.3}");
    assert!(spearman >= 0.73, "{spearman}");
}

fn counts(text: &str) -> HashMap<String, usize> {
    let stemmer = Stemmer::create(Algorithm::English);
    let mut counts = HashMap::new();
    let lower_case = text.to_lowercase();
    for word in lower_case.split(|symbol: char| !symbol.is_alphanumeric()) {
        if !word.is_empty() {
            *counts.entry(stemmer.stem(word).into_owned()).or_default() += 1;
        }
    }
    counts
}

/// ROUGE-1 F1 over stems.
fn rouge_1(summary: &str, reference: &str) -> f64 {
    let (summary, reference) = (counts(summary), counts(reference));
    let shared: usize = summary
        .iter()
        .map(|(word, count)| *count.min(reference.get(word).unwrap_or(&0)))
        .sum();
    let total: usize = summary.values().chain(reference.values()).sum();
    2.0 * shared as f64 / total as f64
}

#[tokio::test]
async fn summaries_share_words_with_human_ones() {
    let Some(meetings) = meetings(4) else { return };
    let requests: Vec<SummaryRequest> = meetings
        .iter()
        .map(|meeting| SummaryRequest {
            utterances: meeting["meeting_transcripts"]
                .as_array()
                .unwrap()
                .iter()
                .map(|turn| Utterance {
                    speaker: turn["speaker"].as_str().map(str::to_owned),
                    ..Utterance::of(turn["content"].as_str().unwrap())
                })
                .collect(),
            max_words: 150,
        })
        .collect();
    let summaries = LocalLanguage::new().summarize(&requests).await.unwrap();
    let mut sum = 0.0;
    for (meeting, summary) in meetings.iter().zip(&summaries) {
        let summary = summary.as_ref().unwrap();
        assert!(summary.text.split_whitespace().count() <= 150);
        let human = meeting["general_query_list"][0]["answer"].as_str().unwrap();
        sum += rouge_1(&summary.text, human);
    }
    let mean = sum / meetings.len() as f64;
    eprintln!("QMSum, 150 words, ROUGE-1 {mean:.3}");
    assert!(mean >= 0.27, "{mean}");
}

#[test]
fn searches_find_the_turns_that_answer_a_question() {
    let Some(meetings) = meetings(7) else { return };
    let (mut reciprocal_ranks, mut questions) = (0.0, 0.0);
    for meeting in &meetings {
        let turns: Vec<String> = meeting["meeting_transcripts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|turn| {
                format!(
                    "{}: {}",
                    turn["speaker"].as_str().unwrap(),
                    turn["content"].as_str().unwrap()
                )
            })
            .collect();
        let starts: Vec<usize> = (0..turns.len().saturating_sub(3)).step_by(3).collect();
        let spans: Vec<_> = starts
            .iter()
            .map(|start| *start..(start + 6).min(turns.len()))
            .collect();
        let windows: Vec<String> = spans
            .iter()
            .map(|span| turns[span.clone()].join("\n"))
            .collect();
        let index = SearchIndex::over(&windows);
        for question in meeting["specific_query_list"].as_array().unwrap() {
            let answered: Vec<(usize, usize)> = question["relevant_text_span"]
                .as_array()
                .unwrap()
                .iter()
                .map(|span| {
                    let bound = |at: usize| span[at].as_str().unwrap().parse().unwrap();
                    (bound(0), bound(1))
                })
                .collect();
            let is_relevant = |window: usize| {
                let span = spans[window].clone();
                let length = span.len();
                let hits = span
                    .filter(|turn| answered.iter().any(|(from, to)| from <= turn && turn <= to))
                    .count();
                2 * hits >= length
            };
            if !(0..windows.len()).any(is_relevant) {
                continue;
            }
            let hits = index.search(question["query"].as_str().unwrap(), windows.len());
            let first = hits.iter().position(|hit| is_relevant(hit.window)).unwrap();
            reciprocal_ranks += 1.0 / (first as f64 + 1.0);
            questions += 1.0;
        }
    }
    let mean = reciprocal_ranks / questions;
    eprintln!("QMSum, mean reciprocal rank of {questions} questions {mean:.3}");
    assert!(mean >= 0.5, "{mean}");
}
