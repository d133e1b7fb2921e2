//! A Snowflake account whose replies hold the hostile strings.

use serde_json::Value;
use testkit::conformance::store::{CallDocument, transcript_document};
use testkit::snowflake::{Answer, Column, StatementRecord};

/// Answers that lead into every branch: calls are stored, deleted or with dead letters by
/// their name, and documents are there to be transformed.
pub(crate) fn answer(statement: &StatementRecord) -> Option<Answer> {
    let ids = || -> Vec<String> {
        let value = statement.binds[0].value.as_deref().unwrap();
        serde_json::from_str(value).unwrap()
    };
    if statement.text.contains("SELECT DISTINCT 'letters'") {
        let rows = ids().into_iter().flat_map(|id| {
            let stored = id.ends_with(" gone") || id.ends_with(" revived");
            let deleted = if id.ends_with(" revived") { "1" } else { "0" };
            let call = [
                Some("calls".to_owned()),
                Some(id.clone()),
                Some("sha".to_owned()),
                Some("1".to_owned()),
                Some("0".to_owned()),
                Some(deleted.to_owned()),
            ];
            let [mut letter, mut transcript] = [call.clone(), call.clone()];
            letter[0] = Some("letters".to_owned());
            transcript[0] = Some("transcripts".to_owned());
            let is_said = id.ends_with(" silent");
            let call = stored.then_some(call).into_iter();
            call.chain(is_said.then_some(transcript)).chain([letter])
        });
        return Some(Answer::rows(
            [
                Column::text("WHAT"),
                Column::text("CALL_ID"),
                Column::text("PAYLOAD_SHA"),
                Column::new("PROCESSED", "boolean"),
                Column::new("FAILED", "boolean"),
                Column::new("DELETED", "boolean"),
            ],
            rows,
        ));
    }
    if statement.text.contains("AS DOCUMENT_CHARS") {
        return Some(Answer::rows(
            [Column::text("CALL_ID"), Column::integer("DOCUMENT_CHARS")],
            ids()
                .into_iter()
                .map(|id| [Some(id), Some("100".to_owned())]),
        ));
    }
    if statement.text.contains("AS CALL_DOCUMENT") {
        return Some(documents(ids()));
    }
    if statement.text.contains("-- Of calls that were read those") {
        let rows: Vec<Value> =
            serde_json::from_str(statement.binds[0].value.as_deref().unwrap()).unwrap();
        let ids = rows.iter().map(|row| [row["id"].as_str()]);
        return Some(Answer::rows([Column::text("CALL_ID")], ids));
    }
    None
}

fn documents(ids: Vec<String>) -> Answer {
    let columns = [
        "CALL_ID",
        "CALL_SHA",
        "CALL_DOCUMENT",
        "CALL_RUN",
        "CALL_CLEANING_NOTES",
        "TRANSCRIPT_SHA",
        "TRANSCRIPT_DOCUMENT",
        "TRANSCRIPT_RUN",
        "TRANSCRIPT_CLEANING_NOTES",
        "SENTENCES_SHA",
    ];
    let rows = ids.into_iter().map(|id| {
        // A call that says that it is another one cannot be staged.
        let document = match id.ends_with(" bad") {
            true => call("another").document(),
            false => call(&id).document(),
        };
        let said = transcript_document(&id, &[(&id, 0, 1_000, &format!("{id} said"))]);
        [
            Some(id.clone()),
            Some("sha".to_owned()),
            Some(document.text().to_owned()),
            Some(format!("{id} run")),
            None,
            Some("sha".to_owned()),
            Some(said.text().to_owned()),
            Some(format!("{id} run")),
            None,
            None,
        ]
    });
    Answer::rows(columns.map(Column::text), rows)
}

/// A call that holds its name wherever it holds text.
pub(crate) fn call(text: &str) -> CallDocument {
    CallDocument::new(text)
        .hosted_by(text, &format!("{text} host"), &format!("{text} address"))
        .with("title", format!("{text} title"))
        .with("url", format!("{text} url"))
        .with("language", format!("{text} language"))
        .with("system", format!("{text} system"))
        .linked("Opportunity", &format!("{text} deal"))
        .linked("Account", &format!("{text} company"))
        .with_part(
            "content",
            serde_json::json!({
                "topics": [{"name": format!("{text} topic"), "duration": 1}],
                "trackers": [{"name": format!("{text} tracker"), "count": 1}],
                "brief": format!("{text} brief"),
            }),
        )
}
