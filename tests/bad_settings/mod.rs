//! Bad configurations, each with the message that a person reads.
//!
//! `messages.txt` has them all: what was written where, and what is said. With `WRITE_GOLDEN` set
//! it is written anew, to be read before it is committed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod cases;

use std::ffi::OsString;
use std::fmt::Write;
use std::path::Path;

use gong_snowflake::{Error, Settings};

use cases::{Case, SECRET, cases};

const GOLDEN: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/bad_settings/messages.txt"
);

/// Loads the settings of a case, and makes of them what they are for.
async fn complaint(case: &Case, folder: &Path) -> Error {
    let mut settings = Settings::builder();
    if let Some(file) = &case.file {
        let path = folder.join("gong.toml");
        std::fs::write(&path, file).unwrap();
        settings = settings.with_file(path);
    }
    let mut variables: Vec<(String, OsString)> = case.variables.clone();
    if !case.secrets.is_empty() {
        let secrets = folder.join("secrets");
        std::fs::create_dir(&secrets).unwrap();
        for (name, bytes) in &case.secrets {
            std::fs::write(secrets.join(name), bytes).unwrap();
        }
        variables.push(("GONG_SNOWFLAKE_SECRETS".to_owned(), secrets.into()));
    }
    for (_, value) in &mut variables {
        if let Some(text) = value.to_str() {
            *value = text.replace("{folder}", folder.to_str().unwrap()).into();
        }
    }
    settings = settings.with_variables(variables);
    for (path, text, name) in &case.options {
        settings = settings.with(*path, *text, *name);
    }
    let settings = match settings.load().await {
        Ok(settings) => settings,
        Err(error) => return error,
    };
    let failures = [
        settings
            .gong
            .access_key
            .is_some()
            .then(|| settings.gong_client().err()),
        settings.snowflake.account.is_some().then(|| {
            settings
                .snowflake_pool(&gong_snowflake::StoreOptions::default())
                .err()
        }),
        Some(settings.crm().err()),
        Some(settings.language().err()),
    ];
    let mut failures = failures.into_iter().flatten().flatten();
    failures
        .next()
        .unwrap_or_else(|| panic!("{} is not refused", case.name))
}

/// What was written, as the golden file shows it.
fn written(case: &Case) -> String {
    let mut text = String::new();
    let mut show = |place: &str, lines: &str| {
        writeln!(text, "{place}:").unwrap();
        for line in lines.lines() {
            writeln!(text, "    {line}").unwrap();
        }
    };
    if let Some(file) = &case.file {
        show("gong.toml", &String::from_utf8_lossy(file));
    }
    let of_variable =
        |(name, value): &(String, OsString)| format!("{name}={}\n", value.to_string_lossy());
    let variables: String = case.variables.iter().map(of_variable).collect();
    if !variables.is_empty() {
        show("environment", &variables);
    }
    let of_file = |(name, bytes): &(&str, Vec<u8>)| match bytes.len() {
        0..200 => format!("{name}: {}\n", String::from_utf8_lossy(bytes)),
        many => format!("{name}: {many} bytes\n"),
    };
    let files: String = case.secrets.iter().map(of_file).collect();
    if !files.is_empty() {
        show("secrets", &files);
    }
    for (path, value, name) in &case.options {
        show("caller", &format!("{path} = {value} ({name})"));
    }
    text
}

#[tokio::test]
async fn each_bad_configuration_is_refused_with_the_message_that_a_person_needs() {
    let mut page = String::new();
    let cases = cases();
    assert!(cases.len() >= 40, "{}", cases.len());
    for case in &cases {
        let folder = tempfile::tempdir().unwrap();
        let error = complaint(case, folder.path()).await;
        assert!(error.field().is_some(), "{}: {error}", case.name);
        let shown = [error.to_string(), format!("{error:?}")].concat();
        assert!(!shown.contains(SECRET), "{} shows a secret", case.name);
        let says = error.to_string();
        let says = says.replace(folder.path().to_str().unwrap(), "{folder}");
        let says = says.replace('\n', "\n    ");
        write!(
            page,
            "## {}\n{}says:\n    {says}\n\n",
            case.name,
            written(case)
        )
        .unwrap();
    }
    if std::env::var_os("WRITE_GOLDEN").is_some() {
        std::fs::write(GOLDEN, &page).unwrap();
    }
    let golden = std::fs::read_to_string(GOLDEN).unwrap_or_default();
    for (new, old) in page.split("## ").zip(golden.split("## ")) {
        assert_eq!(new, old);
    }
    assert_eq!(page, golden);
}
