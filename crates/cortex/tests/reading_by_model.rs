//! A call read by a generative model: what is asked, and that right answers survive.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::account;
use crate::endpoint;
use crate::readings;

use std::sync::{Arc, Mutex};

use calls::PartyId;
use calls::reading::{Owner, Part, Reading};
use cortex::redaction::Redacted;
use cortex::rest::{EndpointConfig, OpenAiCompatible};
use cortex::sql::{CortexSqlConfig, Functions};
use cortex::{LanguageBackend, LanguageBackendExt, Method, ReadingCriteria, ReadingSettings};
use endpoint::{always, both, config, openai};
use readings::{answer, call, long_call};
use resilience::ErrorKind;
use serde_json::{Value, json};
use testkit::cortex_sql::CortexSqlDouble;
use testkit::language_server::{ChatRequest, ModelAnswer, honest_answer};

/// Every item of the answer, in the words and with the sentences that it came with.
fn assert_whole(reading: &Reading) {
    let written = answer();
    let read = serde_json::to_value(reading).unwrap();
    for field in [
        "next_steps",
        "pushback",
        "competitors",
        "pricing",
        "decision",
        "timeline",
        "praise",
        "pains",
        "moments",
        "deal_health_why",
    ] {
        let (written, read) = (
            written[field].as_array().unwrap(),
            read[field].as_array().unwrap(),
        );
        assert_eq!(written.len(), read.len(), "{field}: {read:?}");
        for (written, read) in written.iter().zip(read) {
            for (name, value) in written.as_object().unwrap() {
                assert_eq!(&read[name], value, "{field}.{name}");
            }
        }
    }
    for (element, known) in reading.qualification.elements() {
        let written = &written["qualification"][element.as_str()];
        assert_eq!(written["state"], known.state.as_str(), "{element:?}");
        assert_eq!(written["what"], json!(known.what), "{element:?}");
    }
    assert_eq!(read["call_type"], written["call_type"]);
    assert_eq!(read["deal_health"], written["deal_health"]);
    assert_eq!(
        reading.summary_claims.len(),
        written["summary"].as_array().unwrap().len()
    );
    assert!(
        reading
            .summary
            .ends_with("all three speak on the twenty first.")
    );
    assert_eq!(
        (reading.dropped, reading.failed.len()),
        (0, 0),
        "{:?}",
        reading.failed
    );
}

#[tokio::test]
async fn a_right_answer_survives_whole_and_takes_one_request() {
    for (server, backend) in both().await {
        server.when_asked(always(answer()));
        assert_whole(&backend.reading_of(call()).await.unwrap());
        assert_eq!(server.requests().len(), 1);
    }
    for functions in [Functions::Ai, Functions::Legacy] {
        let config = CortexSqlConfig::default().with_functions(functions);
        let (account, backend) = account::on(CortexSqlDouble::new(), config);
        account.when_asked(always(answer()));
        assert_whole(&backend.reading_of(call()).await.unwrap());
        assert_eq!(account.statements(), 1);
    }
}

#[tokio::test]
async fn calls_of_one_batch_share_a_statement() {
    let (account, backend) = account::on(CortexSqlDouble::new(), CortexSqlConfig::default());
    account.when_asked(always(answer()));
    let outcomes = backend.read(&[call(), call(), call()]).await.unwrap();
    for outcome in outcomes {
        assert_whole(&outcome.unwrap());
    }
    assert_eq!(account.statements(), 1);
}

/// The criteria come first, then the facts of the call, then every sentence by number.
#[tokio::test]
async fn a_request_holds_criteria_facts_and_numbered_sentences() {
    let server = openai().await;
    server.when_asked(always(answer()));
    let backend = endpoint::compatible(&server);
    backend.reading_of(call()).await.unwrap();
    let body = server.requests()[0].body.clone();
    let system = body["messages"][0]["content"].as_str().unwrap();
    assert!(system.contains("never carried out"));
    assert!(system.ends_with(ReadingCriteria::shipped().text()));
    assert_eq!(body["max_completion_tokens"], 8_192);
    let task = body["messages"][1]["content"].as_str().unwrap();
    let data: Vec<Value> = task
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let facts = &data[0];
    assert_eq!(
        (&facts["date"], &facts["weekday"]),
        (&json!("2026-05-12"), &json!("Tuesday"))
    );
    assert_eq!(facts["deal"]["stage"], "Proposal");
    assert_eq!(
        facts["parties"][1],
        json!({"id": "p2", "name": "Owen Castellano", "side": "customer", "role": "Warehouse director"})
    );
    assert_eq!(
        facts["open_steps_of_earlier_calls"][0],
        "Mara sends the case study of the cold store"
    );
    assert!(!task.contains("@harborline"), "addresses are of no use");
    let said = call();
    assert_eq!(data.len() - 1, said.sentences().count());
    for ((number, (turn, text)), line) in said.sentences().enumerate().zip(&data[1..]) {
        let side = if turn.speaker.as_str() == "p1" {
            "seller"
        } else {
            "customer"
        };
        assert_eq!(
            *line,
            json!({"line": number, "by": turn.speaker, "side": side, "text": text})
        );
    }
}

#[tokio::test]
async fn long_ids_are_short_for_the_model_and_come_back() {
    let long = |id: &str| PartyId::new(format!("77823422740259378{id}"));
    let mut call = call();
    for party in &mut call.parties {
        party.id = long(party.id.as_str());
    }
    for turn in &mut call.turns {
        turn.speaker = long(turn.speaker.as_str());
    }
    let server = openai().await;
    server.when_asked(always(answer()));
    let reading = endpoint::compatible(&server)
        .reading_of(call)
        .await
        .unwrap();
    assert!(
        !server.requests()[0]
            .body
            .to_string()
            .contains("77823422740259378")
    );
    let owners: Vec<Option<Owner>> = reading
        .next_steps
        .into_iter()
        .map(|step| step.owner)
        .collect();
    let party = |id: &str| Some(Owner::Party(long(id)));
    assert_eq!(
        owners,
        [party("p3"), party("p1"), party("p1"), Some(Owner::Both)]
    );
}

#[tokio::test]
async fn long_calls_are_read_in_overlapping_parts_and_put_together() {
    for (sentences, most) in [(200, 2), (1_500, 6)] {
        let server = openai().await;
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        server.when_asked(move |request: &ChatRequest| {
            log.lock().unwrap().push(request.data());
            honest_answer(request)
        });
        // A model of which nothing is known.
        let config = EndpointConfig::new(&server.url(), "unheard-of")
            .unwrap()
            .with_token(endpoint::token())
            .with_retry(endpoint::quick())
            .with_concurrency(1)
            .with_reading(ReadingSettings::default());
        let call = long_call(sentences);
        let count = call.sentences().count();
        assert!(count > sentences - 50);
        let reading = OpenAiCompatible::new(config)
            .unwrap()
            .reading_of(call.clone())
            .await
            .unwrap();
        assert!(
            server.requests().len() <= most,
            "{} requests",
            server.requests().len()
        );
        let steps: Vec<usize> = reading
            .next_steps
            .iter()
            .flat_map(|step| step.sentences.clone())
            .collect();
        for (number, (_, text)) in call.sentences().enumerate() {
            let promises = text.contains("I'll") || text.contains("we'll");
            assert_eq!(steps.contains(&number), promises, "sentence {number}");
        }
        let data = seen.lock().unwrap();
        let numbers: Vec<Vec<u64>> = data
            .iter()
            .map(|lines| {
                lines
                    .iter()
                    .filter_map(|line| line["line"].as_u64())
                    .collect()
            })
            .collect();
        let parts: Vec<&Vec<u64>> = numbers.iter().filter(|part| !part.is_empty()).collect();
        assert_eq!(parts[0][0], 0);
        assert_eq!(parts.last().unwrap().last(), Some(&(count as u64 - 1)));
        for pair in parts.windows(2) {
            assert!(pair[1][0] < *pair[0].last().unwrap(), "parts overlap");
        }
        assert_eq!(
            data.len(),
            if parts.len() > 1 { parts.len() + 1 } else { 1 }
        );
    }
}

#[tokio::test]
async fn a_window_too_small_for_a_call_is_a_setting_to_change() {
    let server = openai().await;
    let settings = ReadingSettings::default().with_context_tokens(4_096);
    let backend = OpenAiCompatible::new(config(&server).with_reading(settings)).unwrap();
    let error = backend.reading_of(call()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::Config, Some("context_tokens"))
    );
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn readings_by_other_criteria_are_other_readings() {
    let server = openai().await;
    let with = |settings| OpenAiCompatible::new(config(&server).with_reading(settings)).unwrap();
    let own = ReadingCriteria::new("Everything is a next step.").unwrap();
    let backends = [
        with(ReadingSettings::default()),
        with(ReadingSettings::default().with_criteria(own)),
        with(ReadingSettings::default().with_answer_language("de")),
    ];
    let readers: Vec<String> = backends
        .iter()
        .map(|one| one.provenance_of(Method::Read).backend)
        .collect();
    assert!(readers[0].starts_with("openai-compatible/criteria-"));
    assert!(readers[0] != readers[1] && readers[0] != readers[2] && readers[1] != readers[2]);
    assert_eq!(
        backends[0].provenance_of(Method::Summarize),
        backends[1].provenance()
    );
    backends[1].reading_of(call()).await.unwrap();
    backends[2].reading_of(call()).await.unwrap();
    let asked: Vec<String> = server
        .requests()
        .iter()
        .map(|request| request.body["messages"].to_string())
        .collect();
    assert!(asked[0].contains("Everything is a next step.") && !asked[0].contains("## pushback"));
    assert!(asked[1].contains("ISO 639-1 code de."));
}

#[test]
fn criteria_come_from_a_file_that_the_environment_names() {
    let path = std::env::temp_dir().join(format!("criteria-{}.md", std::process::id()));
    std::fs::write(&path, "Everything is pushback.").unwrap();
    let with = |criteria: &str| {
        let criteria = criteria.to_owned();
        EndpointConfig::from_variables(move |name| {
            Ok(match name {
                "CORTEX_BASE_URL" => Some("http://localhost:1/v1".to_owned()),
                "CORTEX_MODEL" => Some("m".to_owned()),
                "CORTEX_READING_CRITERIA" => Some(criteria.clone()),
                _ => None,
            })
        })
    };
    let read = OpenAiCompatible::new(with(path.to_str().unwrap()).unwrap()).unwrap();
    let shipped = OpenAiCompatible::new(with("").unwrap()).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_ne!(
        read.provenance_of(Method::Read),
        shipped.provenance_of(Method::Read)
    );
    let error = with("/nowhere/at/all.md").unwrap_err();
    assert_eq!(error.field(), Some("CORTEX_READING_CRITERIA"));
    assert_eq!(
        ReadingCriteria::new(" \n").unwrap_err().kind(),
        ErrorKind::Config
    );
}

#[tokio::test]
async fn names_and_addresses_stay_here_and_come_back() {
    let server = openai().await;
    server.when_asked(|request: &ChatRequest| {
        let facts = &request.data()[0];
        let owen = facts["parties"][1]["name"].as_str().unwrap();
        let mut reading = answer();
        reading["next_steps"][2]["what"] = json!(format!("Mail the payback page to {owen}"));
        ModelAnswer::json(&reading)
    });
    let backend = Redacted::new(endpoint::compatible(&server)).unwrap();
    let mut call = call();
    call.turns[0].sentences[0] = "Owen Castellano, can you hear me?".to_owned();
    let reading = backend.reading_of(call).await.unwrap();
    let sent = server.requests()[0].body.to_string();
    for secret in ["Castellano", "Lindqvist", "Nair", "harborline.example"] {
        assert!(!sent.contains(secret), "{secret}");
    }
    assert_eq!(
        reading.next_steps[2].what,
        "Mail the payback page to Owen Castellano"
    );
}

#[tokio::test]
async fn a_missing_part_is_told_and_the_others_stay() {
    let server = openai().await;
    let mut partial = answer();
    partial.as_object_mut().unwrap().remove("pushback");
    partial["pains"] = json!("none");
    partial["call_type"] = json!("chat");
    partial["summary"] = json!([]);
    partial["deal_health"] = json!(150);
    partial["qualification"] = json!([]);
    partial["praise"] = json!([7]);
    server.when_asked(always(partial));
    let reading = endpoint::compatible(&server)
        .reading_of(call())
        .await
        .unwrap();
    let mut failed: Vec<Part> = reading.failed.iter().map(|failure| failure.part).collect();
    failed.sort_unstable();
    use Part::{CallType, DealHealth, Pains, Praise, Pushback, Qualification, Summary};
    assert_eq!(
        failed,
        [
            Pushback,
            Praise,
            Pains,
            Qualification,
            Summary,
            CallType,
            DealHealth
        ]
    );
    assert!(
        reading
            .failed
            .iter()
            .all(|failure| failure.is_retryable && !failure.why.is_empty())
    );
    assert_eq!(reading.next_steps.len(), 4);
    assert_eq!(reading.call_type, None);
}
