//! Nothing right is lost between a model that answers as the labels of real dialogues do
//! and the answer: every right quote is cited, and most answers keep their wording.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;

use calls::Affiliation;
use calls::reading::{CallToRead, Side};
use cortex::answering::{AskedLine, Inquiry};
use serde_json::{Value, json};

/// Percent of answers whose figures and names are those of the call.
const KEEP_THEIR_WORDING: usize = 90;

#[test]
fn labelled_answers_survive() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/dialogues");
    if !folder.exists() {
        println!("skipped: {} is absent", folder.display());
        return;
    }
    let (mut labelled, mut cited, mut kept) = (0, 0, 0);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let dialogue: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        let call: CallToRead = serde_json::from_value(dialogue.clone()).unwrap();
        for question in dialogue["gold"]["questions"].as_array().unwrap() {
            let Some(answer) = question["answer"].as_str() else {
                continue;
            };
            let numbers = question["sentences"].as_array().unwrap();
            let numbers: Vec<usize> = numbers
                .iter()
                .map(|number| usize::try_from(number.as_u64().unwrap()).unwrap())
                .collect();
            let (all_are_cited, keeps) = grounded(&call, question, answer, &numbers);
            labelled += 1;
            cited += usize::from(all_are_cited);
            kept += usize::from(keeps);
        }
    }
    println!("{labelled} answers: {cited} cite every quote, {kept} keep their wording");
    assert_eq!(cited, labelled, "a quote that was said is not found");
    assert!(
        100 * kept >= KEEP_THEIR_WORDING * labelled,
        "{kept} of {labelled}"
    );
}

/// Whether every quote is found, and whether the wording holds.
fn grounded(call: &CallToRead, question: &Value, answer: &str, numbers: &[usize]) -> (bool, bool) {
    let lines: Vec<AskedLine<'_>> = call
        .sentences()
        .map(|(turn, text)| {
            let party = call.party(&turn.speaker);
            AskedLine {
                call: 0,
                speaker: party.map(|party| party.name.as_str()),
                affiliation: match party.map(|party| party.side) {
                    Some(Side::Rep) => Affiliation::Internal,
                    Some(Side::Customer) => Affiliation::External,
                    _ => Affiliation::Unknown,
                },
                text,
            }
        })
        .collect();
    let people: Vec<String> = call
        .parties
        .iter()
        .map(|party| {
            format!(
                "{} ({})",
                party.name,
                party.role.as_deref().unwrap_or_default()
            )
        })
        .collect();
    let calls = [format!(
        "{} ({}), with {}",
        call.title,
        call.started,
        people.join("; ")
    )];
    let inquiry = Inquiry {
        question: question["q"].as_str().unwrap(),
        calls: &calls,
        lines: &lines,
    };
    let told: Vec<usize> = numbers.iter().copied().take(5).collect();
    let evidence: Vec<Value> = told
        .iter()
        .map(|line| json!({"line": line, "quote": lines[*line].text}))
        .collect();
    let written =
        inquiry.ground(&json!({"answered": true, "answer": answer, "evidence": evidence}));
    let all_are_cited = told.iter().all(|line| written.lines.contains(line));
    (all_are_cited, written.answer.is_some())
}
