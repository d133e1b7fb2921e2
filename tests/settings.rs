//! Settings from every source: which one wins, what is shown of them, and what is never shown.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::time::Duration;

use gong_snowflake::gong_client::GongConfig;
use gong_snowflake::hubspot_enrich::HubSpotConfig;
use gong_snowflake::ingest::SyncSettings;
use gong_snowflake::settings::SettingsBuilder;
use gong_snowflake::snowflake_sql::SnowflakeConfig;
use gong_snowflake::snowflake_store::SyncMode;
use gong_snowflake::{Backend, FallbackStore, Settings, StoreLocation, StoreOptions};
use serde_json::json;
use testkit::esc::EscDouble;

const SECRET: &str = "a-secret-that-nobody-may-see";
const ENVIRONMENT: &str = "acme/gong-snowflake/production";

/// Settings by name of the variable, all that there are: from the page about them.
fn documented() -> Vec<(String, String, bool)> {
    let page = Settings::reference();
    let mut section = String::new();
    let mut all = Vec::new();
    for line in page.lines() {
        if let Some(name) = line.strip_prefix("## `[") {
            section = name.trim_end_matches("]`").to_owned();
        }
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if let [_, field, variable, form, ..] = cells[..]
            && field.starts_with('`')
        {
            let (field, variable) = (field.trim_matches('`'), variable.trim_matches('`'));
            all.push((
                format!("{section}.{field}"),
                variable.to_owned(),
                form == "a secret",
            ));
        }
    }
    assert!(all.len() > 70, "{}", all.len());
    all
}

async fn esc(values: serde_json::Value) -> (EscDouble, SettingsBuilder) {
    let double = EscDouble::start(ENVIRONMENT, values).await.unwrap();
    let settings = Settings::builder().with_variables([
        ("GONG_SNOWFLAKE_ESC_ENVIRONMENT", ENVIRONMENT),
        ("PULUMI_ACCESS_TOKEN", EscDouble::TOKEN),
        ("PULUMI_BACKEND_URL", &double.url()),
    ]);
    (double, settings)
}

#[tokio::test]
async fn nothing_has_to_be_set() {
    let settings = Settings::builder().load().await.unwrap();
    let file = StoreLocation::Sqlite("gong-snowflake.db".into());
    assert_eq!(settings.store.location, file);
    assert_eq!(settings.store.fallback, FallbackStore::None);
    assert_eq!(settings.language.backend, Backend::Local);
    assert_eq!(settings.daemon.sync_every, Duration::from_secs(900));
    assert!(settings.crm().unwrap().is_none());
}

#[tokio::test]
async fn defaults_are_those_of_the_crates() {
    let given = [
        ("GONG_BASE_URL", "https://a.example"),
        ("GONG_BEARER_TOKEN", "t"),
        ("SNOWFLAKE_ACCOUNT", "myorg-sales"),
        ("SNOWFLAKE_USER", "U"),
        ("SNOWFLAKE_TOKEN", "t"),
        ("HUBSPOT_TOKEN", "t"),
    ];
    let alone = |name: &str| {
        let found = given.iter().find(|(given, _)| *given == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    let settings = Settings::builder()
        .with_variables(given)
        .load()
        .await
        .unwrap();
    let shown = |config: &dyn std::fmt::Debug| format!("{config:?}");
    assert_eq!(
        shown(&GongConfig::from_variables(|name| Ok(settings.variable(name))).unwrap()),
        shown(&GongConfig::from_variables(|name| Ok(alone(name))).unwrap()),
    );
    assert_eq!(
        shown(&SnowflakeConfig::from_variables(|name| Ok(settings.variable(name))).unwrap()),
        shown(&SnowflakeConfig::from_variables(|name| Ok(alone(name))).unwrap()),
    );
    assert_eq!(
        shown(&HubSpotConfig::from_variables(|name| Ok(settings.variable(name))).unwrap()),
        shown(&HubSpotConfig::from_variables(|name| Ok(alone(name))).unwrap()),
    );
    let sync = settings.sync_settings(SyncMode::Incremental);
    assert_eq!(
        shown(&sync),
        shown(&SyncSettings::new(SyncMode::Incremental))
    );
}

#[tokio::test]
async fn later_sources_win_and_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gong.toml");
    std::fs::write(
        &file,
        "[sync]\nbatch_size = 100\nlookback_days = 1\nsweep_calls = 1\n\
                           relist_requests = 1\nfirst_sync_days = 1\n",
    )
    .unwrap();
    std::fs::write(folder.path().join("gong-ingestion-sweep-calls"), "3\n").unwrap();
    std::fs::write(folder.path().join("gong_ingestion_relist_requests"), "3").unwrap();
    std::fs::write(folder.path().join("gong_ingestion_first_sync_days"), "3").unwrap();
    // Kubernetes keeps its versions in such folders, and other programs their secrets.
    std::fs::create_dir(folder.path().join("..data")).unwrap();
    std::fs::write(folder.path().join("postgres_password"), SECRET).unwrap();
    let values = json!({"gong-snowflake": {
        "gong_ingestion_lookback_days": 2, "gong_ingestion_sweep_calls": 2,
        "gong_ingestion_relist_requests": "2", "gong_ingestion_first_sync_days": 2,
        "something_of_others": SECRET,
    }});
    let double = EscDouble::start(ENVIRONMENT, values).await.unwrap();
    let settings = Settings::builder()
        .with_variables([
            ("GONG_SNOWFLAKE_CONFIG", file.to_str().unwrap()),
            ("GONG_SNOWFLAKE_SECRETS", folder.path().to_str().unwrap()),
            ("GONG_SNOWFLAKE_ESC_ENVIRONMENT", ENVIRONMENT),
            ("PULUMI_ACCESS_TOKEN", EscDouble::TOKEN),
            ("PULUMI_BACKEND_URL", &double.url()),
            ("GONG_INGESTION_RELIST_REQUESTS", "4"),
            ("GONG_INGESTION_FIRST_SYNC_DAYS", "4"),
            ("GONG_INGESTION_BATCH_SIZE", " "),
        ])
        .with("sync.first_sync_days", 5, "--first-sync-days");
    // The folder holds the file as well, which is no secret.
    std::fs::rename(&file, folder.path().join(".gong.toml")).unwrap();
    let settings = settings.with_file(folder.path().join(".gong.toml"));
    let settings = settings.load().await.unwrap();
    let sync = &settings.sync;
    assert_eq!(sync.batch_size.get(), 100);
    assert_eq!(sync.lookback_days, 2);
    assert_eq!(sync.sweep_calls, 3);
    assert_eq!(sync.relist_requests, 4);
    assert_eq!(sync.first_sync_days, 5);

    let described = settings.describe();
    let origin = |path: &str| {
        let found = described.iter().find(|one| one.path == path).unwrap();
        found.origin.clone().unwrap()
    };
    assert!(origin("sync.batch_size").ends_with(".gong.toml, line 2, column 14"));
    assert!(origin("sync.lookback_days").contains("Pulumi ESC"));
    assert!(origin("sync.sweep_calls").ends_with("gong-ingestion-sweep-calls"));
    assert_eq!(origin("sync.relist_requests"), "environment");
    assert_eq!(origin("sync.first_sync_days"), "--first-sync-days");
    assert_eq!(origin("gong.daily_requests"), "default");
}

#[tokio::test]
async fn lists_and_times_are_read_from_texts_and_arrays() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gong.toml");
    std::fs::write(
        &file,
        "[sync]\nexclude_titles = [\"1:1, weekly\", \"x{1,2}\"]\n",
    )
    .unwrap();
    let settings = Settings::builder()
        .with_file(file)
        .with_variables([
            ("GONG_INGESTION_ONLY_USERS", "a@a.example, 77"),
            ("GONG_SNOWFLAKE_SYNC_EVERY", "2h"),
            ("GONG_SNOWFLAKE_RETAIN_EVERY", "0"),
        ])
        .load()
        .await
        .unwrap();
    assert_eq!(settings.sync.exclude_titles, ["1:1, weekly", "x{1,2}"]);
    assert_eq!(settings.sync.only_users, ["a@a.example", "77"]);
    assert_eq!(settings.daemon.sync_every, Duration::from_secs(7_200));
    assert_eq!(settings.daemon.retain_every, Duration::ZERO);
}

#[tokio::test]
async fn no_secret_is_shown_by_anything() {
    let documented = documented();
    let secrets = documented.iter().filter(|(_, _, is_secret)| *is_secret);
    // One login each, where several contradict each other.
    let left_out = [
        "gong.bearer_token",
        "snowflake.password",
        "snowflake.oauth_token",
        "snowflake.oauth_token_url",
        "snowflake.oauth_token_header",
    ];
    let left_out = |path: &str| left_out.contains(&path) || path == "snowflake.token";
    let set: Vec<(&str, String)> = secrets
        .filter(|(path, ..)| !left_out(path))
        .map(|(path, variable, _)| (variable.as_str(), format!("{SECRET}-{path}")))
        .chain([("SNOWFLAKE_SEARCH_SERVICE", "a.b.c".to_owned())])
        .collect();
    assert!(set.len() > 9, "{set:?}");
    let builder =
        Settings::builder()
            .with_variables(set.clone())
            .with("serve.token", SECRET, "the test");
    let shown_before = format!("{builder:?}");
    let settings = builder.load().await.unwrap();
    let shown = [
        shown_before,
        format!("{settings:?} {settings:#?}"),
        format!("{:?}", settings.describe()),
        settings
            .describe()
            .iter()
            .map(ToString::to_string)
            .collect(),
    ];
    for text in shown {
        assert!(!text.contains(SECRET), "{text}");
    }
    let described = settings.describe();
    for (variable, _) in set
        .iter()
        .filter(|(name, _)| *name != "SNOWFLAKE_SEARCH_SERVICE")
    {
        let one = described
            .iter()
            .find(|one| one.variable == *variable)
            .unwrap();
        assert_eq!(one.value.as_deref(), Some("(hidden)"), "{variable}");
    }
}

#[tokio::test]
async fn an_address_that_authenticates_is_shown_by_no_setting() {
    for (path, variable, _) in documented() {
        for address in [
            format!("https://me:{SECRET}@tokens.example/now"),
            format!("https://tokens.example/now?key={SECRET}"),
        ] {
            let settings = Settings::builder().with_variables([(variable.as_str(), &address)]);
            let shown = match settings.load().await {
                Ok(settings) => {
                    let described = settings.describe();
                    let one = described.iter().find(|one| one.path == path);
                    one.unwrap().to_string()
                }
                // What takes no address may repeat what it was given.
                Err(error) if path.ends_with("url") => format!("{error} {error:?}"),
                Err(_) => continue,
            };
            assert!(!shown.contains(SECRET), "{path}: {shown}");
        }
    }
}

#[tokio::test]
async fn an_endpoint_of_tokens_is_not_shown() {
    let address = format!("https://tokens.example/now?key={SECRET}");
    let settings = Settings::builder()
        .with("snowflake.oauth_token_url", address, "the test")
        .with("snowflake.oauth_token_header", SECRET, "the test")
        .load()
        .await
        .unwrap();
    for path in ["snowflake.oauth_token_url", "snowflake.oauth_token_header"] {
        let described = settings.describe();
        let shown = described.iter().find(|one| one.path == path).unwrap();
        assert_eq!(shown.value.as_deref(), Some("(hidden)"), "{path}");
    }
    let shown = format!("{settings:?}");
    assert!(!shown.contains(SECRET), "{shown}");
}

#[tokio::test]
async fn every_client_trusts_the_authorities_of_the_named_file() {
    const VARIABLE: &str = "GONG_SNOWFLAKE_ROOT_CERTIFICATES";
    let settings = |more: &[(&str, &str)]| {
        let settings = Settings::builder()
            .with("network.root_certificates", "/none.pem", "the test")
            .with("gong.base_url", "https://a.example", "the test")
            .with("gong.bearer_token", "TOKEN", "the test")
            .with("hubspot.token", "TOKEN", "the test")
            .with("cortex.base_url", "https://b.example", "the test")
            .with("cortex.model", "m", "the test")
            .with("snowflake.account", "myorg-sales", "the test")
            .with("snowflake.user", "U", "the test");
        let with = |settings: SettingsBuilder, (path, value): &(&str, &str)| {
            settings.with(*path, *value, "the test")
        };
        more.iter().fold(settings, with)
    };
    let options = StoreOptions::default();
    let load = async |more: &[(&str, &str)]| settings(more).load().await.unwrap();
    let plain = load(&[("language.backend", "openai"), ("snowflake.token", "TOKEN")]).await;
    let endpoint = load(&[("snowflake.oauth_token_url", "https://c.example")]).await;
    let search = load(&[
        ("snowflake.search_service", "a.b.c"),
        ("snowflake.token", "TOKEN"),
    ])
    .await;
    let esc = settings(&[
        ("esc.environment", "acme/gong/production"),
        ("esc.access_token", "TOKEN"),
    ]);
    for (client, refused) in [
        ("gong", plain.gong_client().err()),
        ("hubspot", plain.crm().err()),
        ("cortex", plain.backend().err()),
        ("token endpoint", endpoint.snowflake_pool(&options).err()),
        ("search", search.snowflake_store(&options).err()),
        ("pulumi-esc", esc.load().await.err()),
    ] {
        let refused = refused.unwrap_or_else(|| panic!("{client} does not read it"));
        assert_eq!(refused.field(), Some(VARIABLE), "{client}: {refused}");
        assert!(refused.to_string().contains("/none.pem"), "{refused}");
    }
}

#[tokio::test]
async fn pulumi_esc_is_opened_and_read_once() {
    let (double, settings) = esc(json!({
        "gong-snowflake": {
            "gong_base_url": "https://a.example",
            "gong_access_key": "key",
            "gong_access_key_secret": SECRET,
            "gong_ingestion_batch_size": 500,
            "gong_ingestion_transcripts": false,
            "gong_ingestion_exclude_titles": ["interview", "1:1"],
            "snowflake_warehouse": null,
        },
        "environmentVariables": {"OTHER": "x"},
    }))
    .await;
    double.fail_next(503, json!({"code": 503, "message": "Service Unavailable"}));
    let settings = settings.load().await.unwrap();
    assert_eq!(settings.sync.batch_size.get(), 500);
    assert!(!settings.sync.transcripts);
    assert_eq!(settings.sync.exclude_titles, ["interview", "1:1"]);
    assert!(settings.snowflake.warehouse.is_none());
    settings.gong_client().unwrap();
    let open = format!("/api/esc/environments/{ENVIRONMENT}/open");
    let expected = [
        format!("POST {open}"),
        format!("POST {open}"),
        format!("GET {open}/session-1"),
    ];
    assert_eq!(double.log(), expected);
    let shown = format!("{settings:?}");
    assert!(!shown.contains(SECRET) && !shown.contains(EscDouble::OVERRIDDEN));
}

#[tokio::test]
async fn a_version_and_another_key_can_be_named() {
    let (_double, settings) = esc(json!({"shared": {"gong_daily_requests": 5}})).await;
    let settings = settings
        .with("esc.environment", format!("{ENVIRONMENT}@7"), "the test")
        .with("esc.values", "shared", "the test");
    assert_eq!(settings.load().await.unwrap().gong.daily_requests, 5);
}

#[tokio::test]
async fn what_is_wrong_with_pulumi_esc_is_told_with_its_place() {
    let wrong = json!({"gong-snowflake": {
        "gong_acces_key": SECRET,
        "gong_daily_requests": "many",
        "snowflake_password": "(unknown)",
        "hubspot_token": {"nested": SECRET},
        "gong_snowflake_secrets": "/run/secrets",
    }});
    let (_double, settings) = esc(wrong).await;
    let error = settings.load().await.unwrap_err().to_string();
    for part in [
        "gong_acces_key: is no setting (Pulumi ESC, acme/gong-snowflake/production: gong_acces_key); did you mean gong_access_key?",
        "GONG_DAILY_REQUESTS: is not a whole number of 0 or more, but \"many\"",
        "SNOWFLAKE_PASSWORD: was not evaluated by Pulumi ESC",
        "HUBSPOT_TOKEN: is not a value, but an object",
        "GONG_SNOWFLAKE_SECRETS: cannot be set in Pulumi ESC",
    ] {
        assert!(error.contains(part), "{part}\n{error}");
    }
    assert!(!error.contains(SECRET) && !error.contains(EscDouble::OVERRIDDEN));

    let (_double, settings) = esc(json!({"gong": {"gong_daily_requests": 5}})).await;
    let error = settings.load().await.unwrap_err().to_string();
    assert!(
        error.contains("has no values under gong-snowflake, but gong"),
        "{error}"
    );
}

#[tokio::test]
async fn refusals_of_pulumi_esc_say_what_to_do() {
    let echo = json!({"code": 400, "message": "bad", "diagnostics": [{
        "summary": format!("no such provider {}", EscDouble::TOKEN),
        "range": {"environment": "production", "begin": {"line": 3, "column": 7, "byte": 1}},
    }]});
    let diagnosed = json!({"code": 400, "message": "Bad Request", "diagnostics": [{
        "summary": "unknown property \"fn::opn\"",
        "range": {"environment": "production", "begin": {"line": 3, "column": 7, "byte": 1}},
    }]});
    let message = |text: &str| json!({"code": 0, "message": text});
    for (status, body, field, words) in [
        (
            401,
            message("no"),
            "PULUMI_ACCESS_TOKEN",
            "is refused by Pulumi (status 401): no",
        ),
        (
            403,
            message("gated"),
            "GONG_SNOWFLAKE_ESC_ENVIRONMENT",
            "may not be opened",
        ),
        (
            404,
            message("none"),
            "GONG_SNOWFLAKE_ESC_ENVIRONMENT",
            "does not exist",
        ),
        (
            400,
            diagnosed,
            "GONG_SNOWFLAKE_ESC_ENVIRONMENT",
            "fn::opn\" (production, line 3, column 7)",
        ),
        (
            400,
            echo,
            "GONG_SNOWFLAKE_ESC_ENVIRONMENT",
            "left out, because it repeats",
        ),
        (
            200,
            json!({"id": "../../other"}),
            "PULUMI_BACKEND_URL",
            "not what an environment looks like",
        ),
    ] {
        let (double, settings) = esc(json!({})).await;
        double.fail_next(status, body);
        let error = settings.load().await.unwrap_err();
        assert_eq!(error.field(), Some(field), "{error}");
        assert!(error.to_string().contains(words), "{error}");
        assert!(
            !format!("{error:?}").contains(EscDouble::TOKEN),
            "{error:?}"
        );
    }
}

#[test]
fn the_page_about_settings_is_current() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/configuration.md");
    let there = std::fs::read_to_string(page).unwrap_or_default();
    let is_current = there.trim_end() == Settings::reference().trim_end();
    assert!(is_current, "run `cargo xtask configuration`");
}

#[tokio::test]
async fn every_documented_setting_is_taken_by_its_variable() {
    for (path, variable, _) in documented() {
        // A value that fits none but texts and lists: it is refused, or it is there.
        let settings = Settings::builder().with_variables([(variable.as_str(), "?")]);
        match settings.load().await {
            Ok(settings) => {
                let found = settings.describe();
                let found = found.iter().find(|one| one.path == path).unwrap();
                assert_eq!(found.origin.as_deref(), Some("environment"), "{path}");
            }
            Err(error) => assert!(error.to_string().contains(&variable), "{path}: {error}"),
        }
    }
}
