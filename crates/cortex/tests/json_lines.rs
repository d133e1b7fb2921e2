//! The JSON-lines form of a backend.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use cortex::LocalLanguage;
use cortex::jsonl::{Task, answer_lines};
use serde_json::{Value, json};

async fn raw<L: AsRef<[u8]>>(task: Task, lines: &[L]) -> Vec<String> {
    let answers = answer_lines(&LocalLanguage::new(), task, lines).await;
    assert_eq!(answers.len(), lines.len());
    assert!(answers.iter().all(|answer| !answer.contains('\n')));
    answers
}

async fn answer(task: Task, request: Value) -> Value {
    let answers = raw(task, &[request.to_string()]).await;
    serde_json::from_str(&answers[0]).unwrap()
}

#[tokio::test]
async fn ids_come_back_as_they_were_written() {
    let ids = [
        "7",
        "\"a\\u0041\"",
        "null",
        "[1, {\"b\":2.50}]",
        "123456789012345678901234567890",
    ];
    let lines: Vec<String> = ids
        .iter()
        .map(|id| format!("{{\"text\":\"fine\",\"id\":{id}}}"))
        .collect();
    for (answer, id) in raw(Task::Sentiment, &lines).await.iter().zip(ids) {
        assert!(
            answer.starts_with(&format!("{{\"id\":{id},\"score\":")),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn bad_lines_fail_alone_and_in_place() {
    let lines: [&[u8]; 8] = [
        b"{\"id\":1,\"text\":\"We love it\"}",
        b"{\"id\":2}",
        b"not json",
        b"{\"id\":4,\"text\":5}",
        b"{\"id\":5,\"text\":\"\xff\xfe\"}",
        b"",
        b"[7,\"text\"]",
        b"{\"id\":8,\"text\":\"We hate it\"}\r",
    ];
    let answers: Vec<Value> = raw(Task::Sentiment, &lines)
        .await
        .iter()
        .map(|answer| serde_json::from_str(answer).unwrap())
        .collect();
    assert_eq!(answers[0]["label"], "positive");
    assert_eq!(answers[7]["label"], "negative");
    for (at, id) in [
        (1, json!(2)),
        (2, Value::Null),
        (3, json!(4)),
        (4, json!(5)),
        (5, Value::Null),
        (6, Value::Null),
    ] {
        assert_eq!(answers[at]["id"], id);
        assert_eq!(
            answers[at]["error"]["code"], "invalid_input",
            "{}",
            answers[at]
        );
    }
    let message = answers[1]["error"]["message"].as_str().unwrap();
    assert!(message.contains("text"), "{message}");
    let message = answers[4]["error"]["message"].as_str().unwrap();
    assert!(message.contains("UTF-8"), "{message}");
}

#[tokio::test]
async fn sentiment_shows_all_four_scores() {
    let answer = answer(
        Task::Sentiment,
        json!({"id": 1, "text": "VADER is smart, handsome, and funny."}),
    )
    .await;
    assert_eq!(
        answer,
        json!({"id": 1, "score": 0.8316, "label": "positive",
            "raw": {"compound": 0.8316, "pos": 0.746, "neu": 0.254, "neg": 0.0}})
    );
}

#[tokio::test]
async fn vectors_tell_their_model_and_length() {
    let answer = answer(Task::Embed, json!({"text": "renewal terms"})).await;
    assert_eq!(answer["id"], Value::Null);
    assert_eq!(answer["model"], "local-hash-1024-v2");
    assert_eq!(answer["dim"], 1024);
    assert_eq!(answer["vector"].as_array().unwrap().len(), 1024);
}

#[tokio::test]
async fn summaries_cite_the_sentences_of_turns() {
    let turns = json!([
        {"speaker": "Dana", "text": "Hello. The ledger migration failed for Mr. Lee on Monday. Okay?"},
        {"text": "Our engineers will repair the ledger migration for Mr. Lee."},
    ]);
    let request = json!({"id": "s", "turns": turns, "max_words": 30});
    let answer = answer(Task::Summarize, request).await;
    assert_eq!(
        answer,
        json!({"id": "s",
        "summary": "Dana: The ledger migration failed for Mr. Lee on Monday. \
            Our engineers will repair the ledger migration for Mr. Lee.",
        "sentences": [
            {"turn": 0, "text": "The ledger migration failed for Mr. Lee on Monday."},
            {"turn": 1, "text": "Our engineers will repair the ledger migration for Mr. Lee."},
        ]})
    );
}

#[tokio::test]
async fn questions_and_commitments_are_judged_one_by_one() {
    for (task, text, is) in [
        (Task::Questions, "Can you share the pricing?", true),
        (Task::Questions, "do you have a budget for this", true),
        (Task::Questions, "We have a budget for this.", false),
        (Task::Questions, "", false),
        (Task::Commitments, "I'll send the contract by Friday.", true),
        (
            Task::Commitments,
            "we will follow up with your team tomorrow",
            true,
        ),
        (Task::Commitments, "The contract was sent on Friday.", false),
        (Task::Commitments, "I'll be honest, it is late.", false),
    ] {
        let answer = answer(task, json!({"text": text})).await;
        assert_eq!(answer["is"], is, "{text}: {answer}");
        assert_eq!(answer["score"].as_f64().unwrap() >= 0.5, is);
    }
}

#[tokio::test]
async fn labels_are_chosen_by_name() {
    let labels = json!(["pricing", "security", "next_steps"]);
    let request = json!({"text": "Do you encrypt data and support SSO?", "labels": labels});
    let answer = answer(Task::Classify, request).await;
    assert_eq!(answer["label"], "security");
    assert_eq!(answer["scores"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn searches_rank_windows_best_first() {
    let windows = json!([
        "We discussed hiring.",
        "The price of the renewal went up.",
        "Goodbye."
    ]);
    let request = json!({"query": "What about renewal prices?", "windows": windows, "k": 2});
    let ranked = answer(Task::Search, request).await["ranked"].clone();
    assert_eq!(ranked[0], 1);
    assert_eq!(ranked.as_array().unwrap().len(), 2);
    let nothing = answer(Task::Search, json!({"query": "x", "windows": []})).await;
    assert_eq!(nothing["ranked"], json!([]));
}

#[tokio::test]
async fn what_the_backend_cannot_do_is_said_on_every_line() {
    let answer = answer(Task::Complete, json!({"id": 3, "prompt": "Hello"})).await;
    assert_eq!(answer["id"], 3);
    assert_eq!(answer["error"]["code"], "unsupported");
}

#[test]
fn task_names_can_be_read_back() {
    for task in Task::ALL {
        assert_eq!(Task::parse(task.as_str()), Some(task));
    }
    assert_eq!(Task::parse("dance"), None);
}

#[tokio::test]
async fn marks_of_transcribers_neither_cut_nor_hide_a_sentence() {
    let said = "[laughter] Legal will review the {disfmarker} renewal this week. {pause} We signed the order form on Monday.";
    let request = json!({"turns": [{"speaker": "Dana", "text": said}], "max_words": 60});
    let answer = answer(Task::Summarize, request).await;
    assert_eq!(
        answer["summary"],
        "Dana: Legal will review the renewal this week. We signed the order form on Monday."
    );
    for sentence in answer["sentences"].as_array().unwrap() {
        assert!(
            said.contains(sentence["text"].as_str().unwrap()),
            "{answer}"
        );
    }
}
