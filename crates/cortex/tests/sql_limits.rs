//! What `CortexSql` sends keeps within each function's limits: the account refuses what
//! does not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::account;

use account::{on, texts};
use cortex::sql::{CortexSqlConfig, Functions};
use cortex::{ClassifyRequest, LanguageBackend, LanguageBackendExt};
use resilience::ErrorKind;
use snowflake_sql::Bind;
use testkit::cortex_sql::CortexSqlDouble;

/// A sentence in a language with a token for every sign, and one with long words.
fn long_texts() -> Vec<String> {
    vec![
        "\u{6211}\u{4eec}\u{559c}\u{6b22}\u{8fd9}\u{4e2a}\u{4ea7}\u{54c1} ".repeat(1_500),
        "We love it, 4711 times. ".repeat(1_500),
        "\u{41c}\u{44b} \u{43b}\u{44e}\u{431}\u{438}\u{43c} ".repeat(1_500),
    ]
}

#[tokio::test]
async fn texts_of_any_length_and_script_are_cut_to_what_a_function_reads() {
    for functions in [Functions::Ai, Functions::Legacy] {
        let (_, cortex) = on(
            CortexSqlDouble::new(),
            CortexSqlConfig::default().with_functions(functions),
        );
        let said = long_texts();
        for outcome in cortex.sentiment(&said).await.unwrap() {
            outcome.unwrap();
        }
        for outcome in cortex.embed(&said).await.unwrap() {
            outcome.unwrap();
        }
        for text in said {
            let labels = texts(&["a", "b"]);
            cortex
                .label_of(ClassifyRequest { text, labels })
                .await
                .unwrap();
        }
    }
}

#[tokio::test]
async fn each_embedding_model_reads_as_much_as_it_can() {
    let said = ["We love it, 4711 times. ".repeat(600)];
    let pieces = |model: &'static str, dim| {
        let said = said.clone();
        async move {
            let config = CortexSqlConfig::default().with_embedding_model(model, dim);
            let (account, cortex) = on(CortexSqlDouble::new(), config);
            cortex.embed(&said).await.unwrap().remove(0).unwrap();
            account.asked().len()
        }
    };
    let short = pieces("a-model-that-is-not-known", 1024).await;
    let usual = pieces("snowflake-arctic-embed-l-v2.0", 1024).await;
    let long = pieces("snowflake-arctic-embed-l-v2.0-8k", 1024).await;
    let longest = pieces("voyage-multilingual-2", 1024).await;
    assert_eq!(short, usual);
    assert!(usual > 4 * long, "{usual} and {long}");
    assert_eq!(longest, 1);
}

#[tokio::test]
async fn the_limit_of_an_embedding_model_is_a_setting() {
    let config = CortexSqlConfig::default().with_embedding_tokens(64);
    let (account, cortex) = on(CortexSqlDouble::new(), config);
    let said = "We love it. ".repeat(40);
    cortex.embedding_of(said).await.unwrap();
    assert!(account.asked().len() > 1);
    assert!(
        account
            .asked()
            .iter()
            .all(|text| text.split_whitespace().count() <= 64)
    );
}

#[tokio::test]
async fn a_dimension_that_a_model_does_not_have_is_a_wrong_setting() {
    let pool = std::sync::Arc::new(CortexSqlDouble::new());
    let config = CortexSqlConfig::default().with_embedding_model("E5-base-v2", 1024);
    let error = cortex::sql::CortexSql::new(pool, config)
        .map(|_| ())
        .unwrap_err();
    assert_eq!(error.field(), Some("embedding_dim"));
    assert_eq!(error.kind(), ErrorKind::Config);
}

#[tokio::test]
async fn a_statement_and_its_values_stay_below_a_megabyte() {
    let config = CortexSqlConfig::default().with_rows_per_statement(1_000);
    let (account, cortex) = on(CortexSqlDouble::new(), config);
    let said: Vec<String> = (0..400)
        .map(|at| format!("{at} {}", "We love it. ".repeat(300)))
        .collect();
    let requests: Vec<_> = said
        .into_iter()
        .map(|text| ClassifyRequest {
            text,
            labels: texts(&["a", "b"]),
        })
        .collect();
    for outcome in cortex.classify(&requests).await.unwrap() {
        outcome.unwrap();
    }
    assert_eq!(account.statements(), 2, "1.4 MB");
    for statement in account.log() {
        let values = statement.binds().iter().map(|bind| match bind {
            Bind::Text(text) => text.len(),
            _ => 0,
        });
        assert!(values.sum::<usize>() <= 1_000_000);
    }
}
