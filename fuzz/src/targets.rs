//! The targets by their names.

use std::path::Path;

use gong_client::groups::{
    calls, crm, data_privacy, flows, library, settings, stats, tasks, users,
};
use gong_client::webhooks::WebhookVerifier;
use gong_snowflake::Settings;
use gong_snowflake::agents::scorecard::Scorecard;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Check, promises};

/// The address that the seeds were signed for.
const URL: &str = "https://hooks.example.com/gong";

pub(crate) fn named(name: &str) -> Option<Check> {
    Some(match name {
        "call" => of_text(promises::call),
        "transcript" => of_text(promises::transcript),
        "cleaning" => of_text(promises::cleaning),
        "records" => Box::new(records),
        "reply" => Box::new(gong_client::fuzzing::replies),
        "webhook_body" => Box::new(promises::webhook_body),
        "webhook_verifier" => webhook_verifier(),
        "settings" => settings_file(),
        "scorecard" => of_text(|text| {
            let _ = Scorecard::from_toml(text);
            let _ = Scorecard::from_gong(text);
        }),
        _ => return None,
    })
}

fn of_text(check: fn(&str)) -> Check {
    Box::new(move |input| {
        if let Ok(text) = std::str::from_utf8(input) {
            check(text);
        }
    })
}

/// Records of Gong are read into their types and written as they came.
fn records(input: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(input) else {
        return;
    };
    kept::<calls::CallRecord>(&value);
    kept::<calls::TranscriptRecord>(&value);
    kept::<users::UserRecord>(&value);
    kept::<users::SettingChange>(&value);
    kept::<settings::Scorecard>(&value);
    kept::<settings::KeywordTracker>(&value);
    kept::<stats::AnsweredScorecard>(&value);
    kept::<stats::UserInteraction>(&value);
    kept::<stats::DailyActivity>(&value);
    kept::<library::FolderContent>(&value);
    kept::<flows::FlowWithSteps>(&value);
    kept::<crm::ProcessingStatus>(&value);
    kept::<tasks::Task>(&value);
    kept::<data_privacy::EmailAddressReferences>(&value);
}

/// What was read and written reads back as it was.
fn kept<T: DeserializeOwned + Serialize>(value: &Value) {
    let Ok(read) = serde_json::from_value::<T>(value.clone()) else {
        return;
    };
    let Ok(written) = serde_json::to_value(&read) else {
        panic!("what was read cannot be written");
    };
    let again: T = serde_json::from_value(written.clone()).expect("what was written is read");
    let again = serde_json::to_value(&again).expect("what was read is written");
    assert_eq!(again, written);
}

/// Input: a token, a line break, a body.
fn webhook_verifier() -> Check {
    let folder = std::env::var_os("GONG_SNOWFLAKE_FUZZ_SEEDS").expect("seeds");
    let folder = Path::new(&folder);
    let key = std::fs::read_to_string(folder.join("public_key")).expect("a key");
    let verifier = WebhookVerifier::new(&key, URL).expect("a key");
    let files = std::fs::read_dir(folder.join("signed")).expect("signed webhooks");
    let signed: Vec<(String, Vec<u8>)> = files
        .map(|file| std::fs::read(file.expect("a file").path()).expect("a file"))
        .map(|input| {
            let (token, body) = parts(&input);
            (token.expect("a token").to_owned(), body.to_vec())
        })
        .collect();
    Box::new(move |input| {
        if let (Some(token), body) = parts(input) {
            promises::webhook_verifier(&verifier, &signed, token, body);
        }
    })
}

fn parts(input: &[u8]) -> (Option<&str>, &[u8]) {
    let mut parts = input.splitn(2, |byte| *byte == b'\n');
    let token = parts
        .next()
        .and_then(|token| std::str::from_utf8(token).ok());
    (token, parts.next().unwrap_or_default())
}

/// A file of settings is read, or refused with its places.
fn settings_file() -> Check {
    let folder = tempfile::tempdir().expect("a folder");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let runtime = std::sync::Mutex::new(runtime);
    Box::new(move |input| {
        // Pulumi ESC would be asked over the network.
        if input
            .windows(3)
            .any(|part| part.eq_ignore_ascii_case(b"esc"))
        {
            return;
        }
        let file = folder.path().join("settings.toml");
        std::fs::write(&file, input).expect("a file");
        let runtime = runtime.lock().expect("one thread");
        let _ = runtime.block_on(Settings::builder().with_file(file).load());
    })
}
