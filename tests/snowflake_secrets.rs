//! The whole flow at level `trace`, with every login: no key, token, password or sentence
//! of a transcript is printed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::commands;

use std::collections::BTreeSet;

use commands::account::Account;
use commands::{Run, World};
use rsa::RsaPrivateKey;
use rsa::pkcs8::{EncodePrivateKey, LineEnding};
use rsa::rand_core::OsRng;

const PASSWORD: &str = "a-password-that-nobody-may-see";
const TOKEN: &str = "a-programmatic-token-that-nobody-may-see";
const OAUTH_TOKEN: &str = "an-oauth-token-that-nobody-may-see";

/// What no output may hold.
struct Forbidden {
    secrets: Vec<String>,
    sentences: BTreeSet<String>,
}

impl Forbidden {
    /// Sentences that a log line could not hold by chance: three words at least.
    fn of(world: &World, secrets: Vec<String>) -> Self {
        let said = |sentence: &String| sentence.split(' ').count() >= 3 && sentence.len() > 12;
        Self {
            secrets,
            sentences: world.sentences().into_iter().filter(said).collect(),
        }
    }

    fn in_none_of(&self, run: &Run) {
        run.holds_no_secret();
        for secret in &self.secrets {
            assert!(!run.stderr.contains(secret.as_str()), "a secret is logged");
            assert!(!run.stdout.contains(secret.as_str()), "a secret is printed");
        }
        for sentence in &self.sentences {
            assert!(!run.stderr.contains(sentence.as_str()), "{sentence}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_log_level_shows_a_secret_or_a_sentence() {
    // As short as keys can be: making a longer one takes long without optimisation.
    let key = RsaPrivateKey::new(&mut OsRng, 1024).unwrap();
    let pem = key.to_pkcs8_pem(LineEnding::LF).unwrap().to_string();
    let Some(mut account) = Account::open_with("SECRETS", ("SNOWFLAKE_PRIVATE_KEY", pem.clone()))
    else {
        return;
    };
    let world = World::start().await;
    let hubspot = world.hubspot().await;
    let mut secrets: Vec<String> = pem
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .map(str::to_owned)
        .collect();
    secrets.extend([PASSWORD, TOKEN, OAUTH_TOKEN].map(str::to_owned));
    // A signed token begins with one of these; tokens of sessions, as the stand-in makes
    // them, stand in the header.
    secrets.extend(["eyJ0eXAi", "eyJhbGci", "Snowflake Token="].map(str::to_owned));
    let forbidden = Forbidden::of(&world, secrets);
    assert!(forbidden.sentences.len() > 100);

    let hubspot_url = hubspot.base_url();
    let variables = [
        ("RUST_LOG", "trace"),
        ("HUBSPOT_BASE_URL", hubspot_url.as_str()),
        ("HUBSPOT_TOKEN", testkit::hubspot::DEFAULT_TOKEN),
    ];
    let (call, _) = world.a_call_with_its_sentences();
    let task = format!(r#"{{"task_type":"analyze_call","call_id":"{call}"}}"#);
    let file = world.folder.path().join("token");
    std::fs::write(&file, OAUTH_TOKEN).unwrap();
    let file = file.display().to_string();
    let logins = [
        None,
        Some(("SNOWFLAKE_TOKEN", TOKEN.to_owned())),
        Some(("SNOWFLAKE_PASSWORD", PASSWORD.to_owned())),
        Some(("SNOWFLAKE_OAUTH_TOKEN_FILE", file)),
    ];
    for (mode, login) in ["full", "incremental", "incremental", "incremental"]
        .into_iter()
        .zip(logins)
    {
        if let Some(login) = login {
            account.logging_in_with(login);
        }
        let run = account.ingest(&world, &["--mode", mode], &variables);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(run.stderr.contains("TRACE"), "the log is on");
        forbidden.in_none_of(&run);
        let analysis = account.analyze(&task, &variables[..1]);
        assert_eq!(analysis.code, 0, "{}", analysis.stderr);
        forbidden.in_none_of(&analysis);
    }
}
