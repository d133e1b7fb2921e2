//! `CortexSql` on a double of the account's functions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::account;

use std::sync::Arc;

use account::{on, small, texts};
use calls::SentimentLabel;
use cortex::sql::{CortexSql, CortexSqlConfig, Functions};
use cortex::{
    ClassifyRequest, CompletionRequest, ExtractRequest, FindingKind, LanguageBackend,
    LanguageBackendExt, SummaryRequest, Utterance, usage,
};
use resilience::ErrorKind;
use snowflake_sql::SqlPool;
use testkit::conformance::language::LanguageFixture;
use testkit::cortex_sql::{CortexFault, CortexSqlDouble};

fn backend(functions: Functions) -> (Arc<CortexSqlDouble>, CortexSql) {
    on(
        CortexSqlDouble::new().refusing("#invalid"),
        small(functions),
    )
}

async fn current() -> (LanguageFixture, ()) {
    let (account, backend) = backend(Functions::Ai);
    let fixture = LanguageFixture::new(backend)
        .counting(move || account.statements())
        .failing_on("#invalid")
        .with_longest_text(60_000);
    (fixture, ())
}

async fn legacy() -> (LanguageFixture, ()) {
    let (account, backend) = backend(Functions::Legacy);
    let fixture = LanguageFixture::new(backend)
        .counting(move || account.statements())
        .failing_on("#invalid")
        .with_longest_text(60_000);
    (fixture, ())
}

testkit::language_backend_suite!(ai_functions, current);
testkit::language_backend_suite!(legacy_functions, legacy);

#[tokio::test]
async fn tones_of_both_generations_land_on_one_scale() {
    for functions in [Functions::Ai, Functions::Legacy] {
        let (_, cortex) = backend(functions);
        let glad = cortex.sentiment_of("We love it, great work").await.unwrap();
        let unhappy = cortex.sentiment_of("A terrible problem").await.unwrap();
        assert_eq!(glad.sentiment.label, SentimentLabel::Positive);
        assert_eq!(unhappy.sentiment.label, SentimentLabel::Negative);
        assert!(glad.sentiment.score > 0.5 && unhappy.sentiment.score < -0.5);
        assert!(!glad.raw.is_null());
    }
}

#[tokio::test]
async fn a_long_text_is_read_in_pieces_within_the_functions_limit() {
    let (_, cortex) = backend(Functions::Ai);
    let said = format!(
        "{} {}",
        "We love it. ".repeat(1_800),
        "A terrible problem. ".repeat(900)
    );
    let reading = cortex.sentiment_of(&said).await.unwrap();
    assert_eq!(reading.sentiment.label, SentimentLabel::Mixed);
    assert!(reading.raw.as_array().unwrap().len() > 1);
}

#[tokio::test]
async fn one_bad_row_spoils_nothing_whether_reported_or_raised() {
    for functions in [Functions::Ai, Functions::Legacy] {
        let (_, cortex) = backend(functions);
        let said = texts(&["We love it", "#invalid", "A terrible problem", "plain"]);
        let tones = cortex.sentiment(&said).await.unwrap();
        let vectors = cortex.embed(&said).await.unwrap();
        for outcomes in [
            tones
                .iter()
                .map(|outcome| outcome.is_ok())
                .collect::<Vec<_>>(),
            vectors.iter().map(|outcome| outcome.is_ok()).collect(),
        ] {
            assert_eq!(outcomes, [true, false, true, true], "{functions:?}");
        }
    }
}

#[tokio::test]
async fn a_batch_of_which_nothing_is_answered_is_a_wrong_setting() {
    let (account, cortex) = backend(Functions::Ai);
    let said = texts(&["one", "two"]);
    let requests = said.iter().map(|text| CompletionRequest {
        prompt: text.clone(),
        ..CompletionRequest::default()
    });
    let requests: Vec<_> = requests.collect();
    account.fail_next([CortexFault::AllNull]);
    let error = cortex.sentiment(&said).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::Config, Some("model"))
    );
    account.fail_next([CortexFault::AllNull]);
    let error = cortex.complete(&requests).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    account.fail_next([CortexFault::AllNull]);
    let error = cortex.embed(&said).await.unwrap_err();
    assert_eq!(error.field(), Some("embedding_model"));
    // Also a batch of one.
    account.fail_next([CortexFault::AllNull]);
    let error = cortex.sentiment_of("one").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
}

#[tokio::test]
async fn what_snowflake_says_of_rows_meets_the_right_kind() {
    let table = [
        (
            "Input exceeds the context window of 2048 tokens",
            ErrorKind::InvalidInput,
        ),
        (
            "request was throttled by remote service",
            ErrorKind::RateLimited,
        ),
        ("inference timed out, try again later", ErrorKind::Transient),
        (
            "insufficient privileges to use the function",
            ErrorKind::Permission,
        ),
        ("unknown model \"gone-1\"", ErrorKind::Config),
        (
            "the model is not available in your region",
            ErrorKind::Config,
        ),
        ("monthly budget is used up", ErrorKind::QuotaExhausted),
    ];
    for (words, kind) in table {
        let (account, cortex) = backend(Functions::Ai);
        account.fail_next([CortexFault::RefusesRows(words)]);
        let outcome = cortex.sentiment(&texts(&["said in confidence"])).await;
        let error = match outcome {
            Ok(mut outcomes) => outcomes.remove(0).unwrap_err(),
            Err(error) => error,
        };
        assert_eq!(error.kind(), kind, "{words}");
        assert!(!format!("{error:?}").contains("confidence"));
    }
}

#[tokio::test]
async fn what_fails_as_a_whole_keeps_its_kind() {
    let table = [
        (ErrorKind::Auth, ErrorKind::Auth),
        (ErrorKind::Permission, ErrorKind::Permission),
        // An unknown function: the account or the role lacks it.
        (ErrorKind::NotFound, ErrorKind::Config),
        (ErrorKind::QuotaExhausted, ErrorKind::QuotaExhausted),
        (ErrorKind::RateLimited, ErrorKind::RateLimited),
        (ErrorKind::Transient, ErrorKind::Transient),
    ];
    for (told, kind) in table {
        for functions in [Functions::Ai, Functions::Legacy] {
            let (account, cortex) = backend(functions);
            account.fail_next([CortexFault::Fails(told, "refused")]);
            let error = cortex.embed(&texts(&["a", "b"])).await.unwrap_err();
            assert_eq!(error.kind(), kind);
            assert_eq!(account.statements(), 1, "asked again for {told:?}");
        }
    }
}

#[tokio::test]
async fn rows_in_another_order_and_missing_rows_shift_nothing() {
    let (account, cortex) = backend(Functions::Ai);
    account.fail_next([CortexFault::LosesARow]);
    let said = texts(&["We love it", "A terrible problem", "We love it"]);
    let tones = cortex.sentiment(&said).await.unwrap();
    assert!(tones[0].is_err());
    let label = |at: usize| tones[at].as_ref().unwrap().sentiment.label;
    assert_eq!(label(1), SentimentLabel::Negative);
    assert_eq!(label(2), SentimentLabel::Positive);
}

#[tokio::test]
async fn claims_are_grounded_and_tokens_reported() {
    let (_, cortex) = backend(Functions::Ai);
    let utterances = vec![
        Utterance::of("Could you send us the proposal?"),
        Utterance::of("Sure, I'll email it to you by Friday."),
    ];
    let request = ExtractRequest {
        utterances: utterances.clone(),
        wanted: vec![FindingKind::Commitment, FindingKind::Question],
        competitors: Vec::new(),
    };
    let (found, reports) = usage::collect(cortex.extract(&[request])).await;
    let found = found.unwrap().remove(0).unwrap();
    assert_eq!(found.findings.len(), 2);
    assert_eq!(reports.len(), 1);
    assert!(reports[0].input > 0 && reports[0].output > 0);
    let summary = SummaryRequest {
        utterances,
        max_words: 40,
    };
    let summary = cortex
        .summarize(&[summary])
        .await
        .unwrap()
        .remove(0)
        .unwrap();
    assert!(!summary.text.is_empty());
    assert!(!summary.sentences.is_empty());
}

#[tokio::test]
async fn prompts_are_values_and_never_text_of_a_statement() {
    let (account, cortex) = backend(Functions::Ai);
    let hostile = "'); DROP TABLE STG_GONG_CALLS; --";
    let request = CompletionRequest {
        prompt: hostile.to_owned(),
        ..CompletionRequest::default()
    };
    cortex.complete(&[request]).await.unwrap();
    let classify = ClassifyRequest {
        text: hostile.to_owned(),
        labels: texts(&[hostile, "other"]),
    };
    cortex
        .classify(&[classify])
        .await
        .unwrap()
        .remove(0)
        .unwrap();
    for statement in account.log() {
        assert!(!statement.text().as_str().contains("DROP"));
        assert!(!format!("{statement:?}").contains("DROP"));
        assert!(!statement.is_repeatable(), "would be paid for twice");
    }
}

#[test]
fn settings_that_make_no_sense_are_named() {
    let make = |config: CortexSqlConfig| {
        let pool: Arc<dyn SqlPool> = Arc::new(CortexSqlDouble::new());
        CortexSql::new(pool, config).map(|_| ()).unwrap_err()
    };
    let field = |config| make(config).field().map(str::to_owned);
    let config = CortexSqlConfig::default;
    assert_eq!(field(config().with_model(" ")).as_deref(), Some("model"));
    let zero = config().with_embedding_model("m", 0);
    assert_eq!(field(zero).as_deref(), Some("embedding_dim"));
    let odd = config()
        .with_functions(Functions::Legacy)
        .with_embedding_model("m", 512);
    assert_eq!(field(odd).as_deref(), Some("embedding_dim"));
}
