//! Every example at level `trace`, with a secret in every setting that takes one: no log, error
//! or output shows any of them.
//!
//! `snowflake_secrets.rs` does the same with sessions that are answered, and the programs that
//! serve have a test of their own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::commands;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use commands::{Run, World, finish, program};
use serde_json::json;
use testkit::esc::EscDouble;
use testkit::hubspot::HubSpotSimulator;
use testkit::language_server::{LanguageServer, Shape};

const KEY: &str = "a-gong-key-that-nobody-may-see";
const KEY_SECRET: &str = "a-gong-secret-that-nobody-may-see";
const PASSWORD: &str = "a-password-that-nobody-may-see";
const SEARCH_TOKEN: &str = "a-search-token-that-nobody-may-see";
const SERVE_TOKEN: &str = "a-serving-token-that-nobody-may-see";
const ESC_ENVIRONMENT: &str = "acme/gong-snowflake/production";

/// What is outside, and takes the secrets.
struct Outside {
    world: World,
    hubspot: HubSpotSimulator,
    model: LanguageServer,
    esc: EscDouble,
}

impl Outside {
    async fn start() -> Self {
        let world = World::start().await;
        world.gong.state().rotate_access_key(KEY, KEY_SECRET);
        // Every secret in another source, so that all of them are read.
        std::fs::create_dir(world.folder.path().join("secrets")).unwrap();
        let secrets = world.folder.path().join("secrets");
        std::fs::write(secrets.join("gong_access_key_secret"), KEY_SECRET).unwrap();
        let file = format!("[serve]\ntoken = \"{SERVE_TOKEN}\"\n");
        std::fs::write(world.folder.path().join("gong.toml"), file).unwrap();
        let values = json!({"gong-snowflake": {"hubspot_token": testkit::hubspot::DEFAULT_TOKEN}});
        Self {
            hubspot: world.hubspot().await,
            model: LanguageServer::start(Shape::OpenAi).await.unwrap(),
            esc: EscDouble::start(ESC_ENVIRONMENT, values).await.unwrap(),
            world,
        }
    }

    fn secrets(&self) -> [&'static str; 9] {
        [
            KEY,
            KEY_SECRET,
            PASSWORD,
            SEARCH_TOKEN,
            SERVE_TOKEN,
            testkit::hubspot::DEFAULT_TOKEN,
            testkit::language_server::DEFAULT_TOKEN,
            EscDouble::TOKEN,
            EscDouble::OVERRIDDEN,
        ]
    }

    /// An example with all settings set.
    fn run(&self, example: &str, arguments: &[&str], input: &str) -> Run {
        let folder = self.world.folder.path();
        let mut command = Command::new(program(example));
        command
            .args(arguments)
            .current_dir(folder)
            .env("RUST_LOG", "trace")
            .env("GONG_SNOWFLAKE_CONFIG", folder.join("gong.toml"))
            .env("GONG_SNOWFLAKE_SECRETS", folder.join("secrets"))
            .env("GONG_SNOWFLAKE_ESC_ENVIRONMENT", ESC_ENVIRONMENT)
            .env("PULUMI_ACCESS_TOKEN", EscDouble::TOKEN)
            .env("PULUMI_BACKEND_URL", self.esc.url())
            .env("GONG_BASE_URL", self.world.gong.url())
            .env("GONG_ACCESS_KEY", KEY)
            .env("GONG_REQUESTS_PER_SECOND", "0")
            .env("HUBSPOT_BASE_URL", self.hubspot.base_url())
            .env("CORTEX_BASE_URL", self.model.url())
            .env("CORTEX_MODEL", "claude-haiku-4-5")
            .env("CORTEX_API_KEY", testkit::language_server::DEFAULT_TOKEN)
            .env("SNOWFLAKE_ACCOUNT", "myorg-sales")
            .env("SNOWFLAKE_USER", "U")
            .env("SNOWFLAKE_PASSWORD", PASSWORD)
            // Whoever answers there is no Snowflake.
            .env("SNOWFLAKE_BASE_URL", self.world.gong.url())
            .env("SNOWFLAKE_SEARCH_SERVICE", "gong.calls.chunks")
            .env("SNOWFLAKE_SEARCH_TOKEN", SEARCH_TOKEN)
            .env("GONG_SNOWFLAKE_STORE", "sqlite:calls.db");
        let run = finish(command, input.as_bytes());
        assert!(run.code >= 0, "{example} was killed: {}", run.stderr);
        for secret in self.secrets() {
            let shown = run.stdout.contains(secret) || run.stderr.contains(secret);
            assert!(!shown, "{example} {arguments:?} shows {secret}");
        }
        run
    }
}

/// The examples of this package that are looked at here.
const LOOKED_AT: [&str; 12] = [
    "analyze",
    "coach_report",
    "embedding",
    "erase",
    "hybrid_rollout",
    "ingest",
    "language",
    "letters",
    "quickstart",
    "retain",
    "snowflake_setup",
    "validate_config",
];

#[test]
fn no_example_is_left_out() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let entries = std::fs::read_dir(examples).unwrap();
    let names = entries.map(|entry| entry.unwrap().path().file_stem().unwrap().to_owned());
    let names: BTreeSet<String> = names.map(|name| name.into_string().unwrap()).collect();
    // What examples share, packages of their own, and one with a test of its own for this
    // (live_check.rs).
    let others = ["exporting", "live_check", "serving", "shared"];
    let left_out: Vec<_> = names
        .iter()
        .filter(|name| !others.contains(&name.as_str()) && !LOOKED_AT.contains(&name.as_str()))
        .collect();
    assert!(left_out.is_empty(), "{left_out:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_example_on_a_store_shows_a_secret() {
    let outside = Outside::start().await;
    let run = outside.run("ingest", &["--mode", "full"], "");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("TRACE"), "the log is on");
    assert!(run.last_line()["enrichment"].is_object(), "{}", run.stdout);

    let (call, _) = outside.world.a_call_with_its_sentences();
    let task = format!(r#"{{"task_type":"analyze_call","call_id":"{call}"}}"#);
    let backend = ["--backend", "openai", "--fallback", "none"];
    let run = outside.run("analyze", &[&backend[..], &["-"]].concat(), &task);
    assert_eq!(run.code, 0, "{}", run.stdout);
    let report = [
        "--call",
        &call,
        "--out",
        "report.html",
        "--json",
        "report.json",
    ];
    assert_eq!(outside.run("coach_report", &report, "").code, 0);
    for file in ["report.html", "report.json"] {
        let page = std::fs::read_to_string(outside.world.folder.path().join(file)).unwrap();
        assert!(
            outside
                .secrets()
                .iter()
                .all(|secret| !page.contains(secret))
        );
    }
    assert_eq!(outside.run("letters", &[], "").code, 0);
    assert_eq!(outside.run("retain", &["--dry-run"], "").code, 0);
    // Gong is simulated without its part for privacy, so this one fails after it has asked.
    outside.run("erase", &["--email", "nobody@a.example", "--at-gong"], "");
    outside.run("erase", &["--call", &call, "--dry-run"], "");
    assert_eq!(outside.run("embedding", &["calls.db"], "").code, 0);
    let line = r#"{"id":1,"prompt":"Say hello."}"#;
    let run = outside.run("language", &["complete", "--backend", "openai"], line);
    assert_eq!(run.code, 0, "{}", run.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_example_that_fails_shows_a_secret() {
    let outside = Outside::start().await;
    let run = outside.run("validate_config", &["--json"], "");
    assert_eq!(run.code, 1, "{}", run.stderr);
    outside.run("validate_config", &["--backend", "openai"], "");
    let run = outside.run("validate_config", &["--show"], "");
    assert!(run.stdout.contains("(hidden)"), "{}", run.stdout);
    assert_eq!(outside.run("snowflake_setup", &["check"], "").code, 1);
    // There is no Snowflake, which a check before the load finds.
    let run = outside.run("ingest", &["--mode", "full", "--store", "snowflake"], "");
    assert_eq!(run.code, 1, "{}", run.stderr);
    outside.run("snowflake_setup", &["apply"], "");
    outside.run("snowflake_setup", &["print", "setup"], "");
    outside.run(
        "analyze",
        &["--store", "snowflake", "-"],
        r#"{"task_type":"list_calls"}"#,
    );
    outside.run(
        "language",
        &["sentiment", "--backend", "cortex-sql"],
        r#"{"id":1,"text":"a"}"#,
    );

    // Refused by everybody.
    outside
        .world
        .gong
        .state()
        .rotate_access_key("other", "other");
    let run = outside.run("ingest", &["--mode", "incremental"], "");
    assert_eq!(run.code, 1, "{}", run.stderr);
    outside
        .esc
        .fail_next(401, json!({"code": 401, "message": EscDouble::TOKEN}));
    let run = outside.run("letters", &[], "");
    assert_eq!(run.code, 2, "{}", run.stderr);
    // Wrong in a way that quotes its place.
    let file = format!("[serve]\ntoken = \"{SERVE_TOKEN}\nlisten = 3\n");
    std::fs::write(outside.world.folder.path().join("gong.toml"), file).unwrap();
    assert_eq!(outside.run("validate_config", &[], "").code, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_example_with_a_world_of_its_own_shows_a_secret() {
    let outside = Outside::start().await;
    assert_eq!(
        outside
            .run("quickstart", &["--folder", "quickstart"], "")
            .code,
        0
    );
    assert_eq!(outside.run("hybrid_rollout", &[], "").code, 0);
}
