//! Which models `CortexSql` uses, whether they are there, and under whose name answers
//! go.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::account;

use account::{many, on, small, texts};
use cortex::sql::{CortexSql, CortexSqlConfig, Functions};
use cortex::{
    CompletionRequest, Hybrid, LanguageBackend, LanguageBackendExt, LocalLanguage, Method,
};
use resilience::ErrorKind;
use testkit::cortex_sql::{CortexFault, CortexSqlDouble};

fn with(config: CortexSqlConfig) -> (std::sync::Arc<CortexSqlDouble>, CortexSql) {
    on(CortexSqlDouble::new(), config)
}

fn prompt() -> CompletionRequest {
    CompletionRequest {
        prompt: "Say hello.".to_owned(),
        ..CompletionRequest::default()
    }
}

#[tokio::test]
async fn models_are_checked_against_what_the_account_offers() {
    let check = |config: CortexSqlConfig| async move { with(config).1.check_models().await };
    assert!(check(CortexSqlConfig::default()).await.unwrap().is_empty());
    let gone = CortexSqlConfig::default().with_model("claude-4-sonnet");
    let error = check(gone).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::Config, Some("model"))
    );
    assert!(error.to_string().contains("llama3.3-70b"), "{error}");
    let unknown = CortexSqlConfig::default().with_model("claude-99");
    for list in ["None", "llama3.1-8b,claude-9"] {
        let account = CortexSqlDouble::new().allowing(list);
        let error = on(account, unknown.clone()).1.check_models().await;
        assert_eq!(error.unwrap_err().field(), Some("model"), "{list}");
    }
    let ended = CortexSqlConfig::default().with_embedding_model("e5-base-v2", 768);
    assert_eq!(
        check(ended).await.unwrap_err().field(),
        Some("embedding_model")
    );
}

#[tokio::test]
async fn what_is_only_doubtful_is_a_warning() {
    let legacy = CortexSqlConfig::default().with_model("mistral-large2");
    let warnings = with(legacy).1.check_models().await.unwrap();
    assert_eq!(warnings.len(), 1);
    assert!(
        warnings[0].contains("legacy") && warnings[0].contains("2026-10-14"),
        "{warnings:?}"
    );
    let unlisted = CortexSqlConfig::default().with_embedding_model("voyage-multilingual-2", 1024);
    let (account, cortex) = with(unlisted);
    let warnings = cortex.check_models().await.unwrap();
    assert!(
        warnings[0].contains("voyage-multilingual-2"),
        "{warnings:?}"
    );
    cortex.embed(&many(2)).await.unwrap();
    assert_eq!(account.statements(), 1);
    // Who is not shown a model may still be let to ask it, by the account's older list.
    for (list, told) in [
        ("All", "lets it be asked"),
        ("mistral-large2, llama3.1-8b", "lets it be asked"),
        ("", "is not told"),
    ] {
        let partly = CortexSqlDouble::new().offering([
            ("CLAUDE-HAIKU-4-5", "GA"),
            ("SNOWFLAKE-ARCTIC-EMBED-L-V2.0", "GA"),
        ]);
        let (_, cortex) = on(partly.allowing(list), CortexSqlConfig::default());
        let warnings = cortex.check_models().await.unwrap();
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        let warning = &warnings[0];
        assert!(
            warning.starts_with("the role is not shown llama3.1-8b") && warning.ends_with(told),
            "{warning}"
        );
        cortex.complete(&[prompt()]).await.unwrap();
    }
    // Whose role may not see any.
    let (_, cortex) = on(
        CortexSqlDouble::new().offering([]),
        CortexSqlConfig::default(),
    );
    assert_eq!(cortex.check_models().await.unwrap().len(), 2);
    cortex.complete(&[prompt()]).await.unwrap();
}

#[tokio::test]
async fn a_model_that_is_gone_is_found_before_anything_is_paid_for() {
    let (account, cortex) = with(CortexSqlConfig::default().with_model("claude-4-sonnet"));
    let error = cortex.complete(&[prompt()]).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::Config, Some("model"))
    );
    assert_eq!(account.statements(), 0);
    // Functions with models of their own do not need it.
    cortex.sentiment_of("We love it").await.unwrap();
    cortex.embedding_of("We love it").await.unwrap();
}

#[tokio::test]
async fn models_are_asked_for_once_and_only_when_something_is_to_be_paid() {
    let (account, cortex) = with(CortexSqlConfig::default());
    cortex.complete(&[]).await.unwrap();
    cortex.embed(&[]).await.unwrap();
    assert!(account.log().is_empty());
    for _ in 0..3 {
        cortex.complete(&[prompt()]).await.unwrap();
    }
    let listed = |account: &CortexSqlDouble| {
        account
            .log()
            .iter()
            .filter(|statement| statement.name() == "models")
            .count()
    };
    assert_eq!(listed(&account), 1);
    let (account, cortex) = with(CortexSqlConfig::default().with_model_check(false));
    cortex.complete(&[prompt()]).await.unwrap();
    assert_eq!(listed(&account), 0);
}

#[test]
fn every_method_says_by_what_it_is_answered() {
    let (_, current) = with(CortexSqlConfig::default());
    let (_, older) = with(small(Functions::Legacy));
    for (method, by, before) in [
        (Method::Sentiment, "AI_SENTIMENT", "SENTIMENT"),
        (Method::Classify, "AI_CLASSIFY", "CLASSIFY_TEXT"),
        (Method::Complete, "llama3.1-8b", "llama3.1-8b"),
        (
            Method::Embed,
            "snowflake-arctic-embed-l-v2.0",
            "snowflake-arctic-embed-l-v2.0",
        ),
    ] {
        assert_eq!(current.provenance_of(method).model, by);
        assert_eq!(older.provenance_of(method).model, before);
        assert_ne!(current.provenance_of(method), older.provenance_of(method));
    }
    assert_ne!(current.provenance(), older.provenance());
    let hybrid = Hybrid::new(current, LocalLanguage::new());
    assert!(
        hybrid
            .provenance_of(Method::Sentiment)
            .model
            .contains("AI_SENTIMENT")
    );
}

#[tokio::test]
async fn behind_a_hybrid_every_reading_names_the_side_that_gave_it() {
    let (account, cortex) = with(CortexSqlConfig::default());
    let hybrid = Hybrid::new(cortex, LocalLanguage::new());
    let said = texts(&["We love it", "A terrible problem"]);
    let by = |readings: Vec<cortex::Outcome<cortex::TextSentiment>>| -> Vec<String> {
        readings
            .into_iter()
            .map(|reading| reading.unwrap().by.backend)
            .collect()
    };
    assert_eq!(
        by(hybrid.sentiment(&said).await.unwrap()),
        ["cortex-sql", "cortex-sql"]
    );
    account.fail_next([CortexFault::Fails(ErrorKind::Transient, "lost")]);
    assert_eq!(
        by(hybrid.sentiment(&said).await.unwrap()),
        ["local", "local"]
    );
}

#[test]
fn functions_and_models_come_from_the_environment() {
    let read = |pairs: &'static [(&'static str, &'static str)]| {
        CortexSqlConfig::from_variables(move |name| {
            let pair = pairs.iter().find(|(variable, _)| *variable == name);
            Ok(pair.map(|(_, value)| (*value).to_owned()))
        })
    };
    assert_eq!(
        read(&[("CORTEX_FUNCTIONS", "")]).unwrap(),
        CortexSqlConfig::default()
    );
    let config = read(&[
        ("CORTEX_FUNCTIONS", "LEGACY"),
        ("CORTEX_MODEL", "llama3.3-70b"),
        ("CORTEX_EMBEDDING_MODEL", "e5-base-v2"),
    ]);
    let expected = CortexSqlConfig::default()
        .with_functions(Functions::Legacy)
        .with_model("llama3.3-70b")
        .with_embedding_model("e5-base-v2", 768);
    assert_eq!(config.unwrap(), expected);
    let new = read(&[
        ("CORTEX_EMBEDDING_MODEL", "next-year"),
        ("CORTEX_EMBEDDING_DIM", "512"),
    ]);
    assert_eq!(
        new.unwrap(),
        CortexSqlConfig::default().with_embedding_model("next-year", 512)
    );
    for (pairs, field) in [
        (&[("CORTEX_FUNCTIONS", "older")][..], "CORTEX_FUNCTIONS"),
        (
            &[("CORTEX_EMBEDDING_MODEL", "next-year")][..],
            "CORTEX_EMBEDDING_DIM",
        ),
        (
            &[("CORTEX_EMBEDDING_DIM", "many")][..],
            "CORTEX_EMBEDDING_DIM",
        ),
    ] {
        let error = read(pairs).unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Config, Some(field))
        );
    }
}
