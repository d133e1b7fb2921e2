//! What `CortexSql` sends keeps within each function's limits: the account refuses what
//! does not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod account;

use account::{on, small, texts};
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
async fn questions_about_a_long_text_are_asked_of_its_pieces() {
    let (account, cortex) = on(CortexSqlDouble::new(), CortexSqlConfig::default());
    // More than the account's function reads.
    let said: String = (0..24_000)
        .map(|at| format!("We love it, {at} times. "))
        .collect();
    let questions = [("what", "What is said?")];
    let answers = cortex.answers(&[said], &questions).await.unwrap();
    let answers = answers.into_iter().next().unwrap().unwrap();
    let pieces = answers.values["what"].as_array().unwrap().len();
    assert_eq!((pieces, answers.dropped), (account.asked().len(), 0));
    assert!(pieces > 1);
}

#[tokio::test]
async fn all_texts_together_may_be_larger_than_a_statement() {
    let (account, cortex) = on(CortexSqlDouble::new(), CortexSqlConfig::default());
    let said: Vec<String> = (0..3).map(|_| "We love it. ".repeat(60_000)).collect();
    // The double repeats what it is given, so that its summaries never fit one statement.
    let error = cortex.summarize_together(&said).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::InvalidInput, Some("texts"))
    );
    for statement in account.log() {
        let Some(Bind::Text(json)) = statement.binds().last() else {
            panic!("no texts")
        };
        assert!(json.len() <= 1_000_000, "{}", json.len());
    }
    let one = "We love it. ".repeat(60_000);
    let summary = cortex
        .summarize_together(std::slice::from_ref(&one))
        .await
        .unwrap()
        .unwrap();
    assert!(summary.split_whitespace().eq(one.split_whitespace()));
    assert!(account.asked().len() > 3, "one text in several rows");
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

#[tokio::test]
async fn redaction_leaves_line_ends_and_white_space_where_they_were() {
    let (account, cortex) = on(CortexSqlDouble::new(), small(Functions::Ai));
    let line = "Ada Park:\twe talked about it, at length.\r\n\r\n";
    let said = format!("  {}\n", line.repeat(300));
    let redacted = cortex
        .redact(&[said.clone(), "\n ".to_owned()])
        .await
        .unwrap();
    assert!(account.asked().len() > 1, "it was cut");
    assert_eq!(
        redacted[0].as_ref().unwrap(),
        &said.replace("Ada Park", "[NAME]")
    );
    assert_eq!(redacted[1].as_ref().unwrap(), "\n ");
}
