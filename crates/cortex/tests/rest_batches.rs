//! What becomes of a batch when some of it, or all, is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::endpoint;

use cortex::rest::CortexRest;
use cortex::{Error, LanguageBackend};
use endpoint::{asked, both, config, snowflake};
use resilience::ErrorKind;
use testkit::language_server::Failure;

#[tokio::test]
async fn an_error_that_concerns_all_is_the_outer_one_and_stops_the_batch() {
    let server = snowflake().await;
    let backend = CortexRest::new(config(&server).with_concurrency(1)).unwrap();
    let requests = vec![asked("Say yes."); 20];
    server.fail_next(vec![Failure::snowflake(402, "budget exceeded"); 20]);
    let error = backend.complete(&requests).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::QuotaExhausted);
    assert_eq!(server.requests().len(), 1, "nothing more is spent");
}

#[tokio::test]
async fn a_service_that_is_down_is_not_asked_for_every_item() {
    let server = snowflake().await;
    let backend = CortexRest::new(config(&server).with_concurrency(1)).unwrap();
    let requests = vec![asked("Say yes."); 20];
    server.fail_next(vec![Failure::snowflake(503, "inference timed out"); 60]);
    let error = backend.complete(&requests).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
    assert_eq!(server.requests().len(), 9, "three items of three attempts");
}

#[tokio::test]
async fn one_bad_prompt_leaves_the_others_standing() {
    let server = snowflake().await;
    let backend = CortexRest::new(config(&server).with_concurrency(1)).unwrap();
    server.fail_next([Failure::snowflake(400, "invalid prompt")]);
    let requests = [asked("Bad."), asked("Good."), asked(" ")];
    let outcomes = backend.complete(&requests).await.unwrap();
    let kinds: Vec<Option<ErrorKind>> = outcomes
        .iter()
        .map(|outcome| outcome.as_ref().err().map(Error::kind))
        .collect();
    let invalid = Some(ErrorKind::InvalidInput);
    assert_eq!(kinds, [invalid, None, invalid]);
}

#[tokio::test]
async fn one_bad_text_of_an_embedding_batch_is_found_by_halving() {
    for (server, backend) in both().await {
        let mut batch: Vec<String> = (0..50).map(|n| format!("text number {n}")).collect();
        batch[31] = "a \0 that the endpoint refuses".to_owned();
        let outcomes = backend.embed(&batch).await.unwrap();
        for (at, outcome) in outcomes.iter().enumerate() {
            match outcome {
                Ok(embedding) => assert_eq!(embedding.dim(), 26),
                Err(error) => {
                    assert_eq!((at, error.kind()), (31, ErrorKind::InvalidInput));
                }
            }
        }
        assert!(outcomes[31].is_err());
        assert!(server.requests().len() < 16, "{}", server.requests().len());
    }
}

#[tokio::test]
async fn a_batch_that_is_refused_whatever_it_holds_is_not_halved_to_the_end() {
    for (server, backend) in both().await {
        server.refuse_text("model");
        let batch: Vec<String> = (0..64).map(|n| format!("text number {n}")).collect();
        let outcomes = backend.embed(&batch).await.unwrap();
        assert_eq!(outcomes.len(), 64);
        for outcome in outcomes {
            assert_eq!(outcome.unwrap_err().kind(), ErrorKind::InvalidInput);
        }
        assert!(server.requests().len() < 16, "{}", server.requests().len());
    }
}

#[tokio::test]
async fn many_bad_texts_at_the_front_leave_the_others_standing() {
    for (server, backend) in both().await {
        server.refuse_text("unwelcome");
        let text = |n| match n {
            0..8 => format!("unwelcome text {n}"),
            n => format!("text number {n}"),
        };
        let batch: Vec<String> = (0..64).map(text).collect();
        let outcomes = backend.embed(&batch).await.unwrap();
        let refused: Vec<usize> = (0..64).filter(|at| outcomes[*at].is_err()).collect();
        assert_eq!(refused, (0..8).collect::<Vec<_>>());
    }
}
