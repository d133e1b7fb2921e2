//! What `CortexSql` makes of rows and statements that fail: nothing that was paid for is
//! lost, and nothing is paid for in vain.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::account;

use account::{kinds, many, on, small, texts};
use cortex::sql::Functions;
use cortex::{ClassifyRequest, CompletionRequest, LanguageBackend};
use resilience::ErrorKind::{
    self, Auth, Config, Decode, InvalidInput, Permission, QuotaExhausted, RateLimited, Transient,
};
use testkit::cortex_sql::{CortexFault, CortexSqlDouble};

const GENERATIONS: [Functions; 2] = [Functions::Ai, Functions::Legacy];

fn prompts(count: usize) -> Vec<CompletionRequest> {
    let prompt = |at: usize| CompletionRequest {
        prompt: format!("Prompt {at}"),
        ..CompletionRequest::default()
    };
    (0..count).map(prompt).collect()
}

fn labelled(text: &str, labels: &[&str]) -> ClassifyRequest {
    ClassifyRequest {
        text: text.to_owned(),
        labels: texts(labels),
    }
}

#[tokio::test]
async fn a_statement_that_fails_later_loses_nothing_that_was_paid_for() {
    for kind in [RateLimited, Transient, QuotaExhausted, Auth] {
        for functions in GENERATIONS {
            let (account, cortex) = on(CortexSqlDouble::new(), small(functions));
            account.fail_next([CortexFault::Passes, CortexFault::Fails(kind, "refused")]);
            let outcomes = cortex.sentiment(&many(10)).await.unwrap();
            let mut expected = vec![None; 7];
            expected.extend([Some(kind); 3]);
            assert_eq!(kinds(&outcomes), expected, "{functions:?}");
        }
    }
}

#[tokio::test]
async fn vectors_and_completions_that_were_paid_for_are_kept_too() {
    let (account, cortex) = on(CortexSqlDouble::new(), small(Functions::Ai));
    let throttled = || {
        [
            CortexFault::Passes,
            CortexFault::Fails(RateLimited, "throttled"),
        ]
    };
    account.fail_next(throttled());
    let vectors = cortex.embed(&many(8)).await.unwrap();
    assert_eq!(kinds(&vectors)[6..], [None, Some(RateLimited)]);
    account.fail_next(throttled());
    let written = cortex.complete(&prompts(8)).await.unwrap();
    assert_eq!(kinds(&written)[6..], [None, Some(RateLimited)]);
}

#[tokio::test]
async fn what_fails_for_good_is_not_asked_on_and_what_fails_for_now_is_up_to_three_times() {
    for (kind, statements) in [(RateLimited, 2), (Permission, 2), (Transient, 4)] {
        let (account, cortex) = on(CortexSqlDouble::new(), small(Functions::Ai));
        account.fail_next([CortexFault::Passes]);
        account.fail_next(std::iter::repeat_n(CortexFault::Fails(kind, "refused"), 9));
        let outcomes = cortex.sentiment(&many(70)).await.unwrap();
        assert_eq!(account.statements(), statements, "{kind:?}");
        let kinds = kinds(&outcomes);
        assert!(kinds[..7].iter().all(Option::is_none));
        assert!(kinds[7..].iter().all(|told| *told == Some(kind)));
    }
}

#[tokio::test]
async fn a_last_statement_of_one_empty_row_condemns_nobody_else() {
    let (account, cortex) = on(CortexSqlDouble::new(), small(Functions::Ai));
    account.fail_next([CortexFault::Passes, CortexFault::AllNull]);
    let outcomes = cortex.sentiment(&many(8)).await.unwrap();
    let mut expected = vec![None; 7];
    expected.push(Some(Decode));
    assert_eq!(kinds(&outcomes), expected);
}

#[tokio::test]
async fn rows_that_are_refused_each_for_its_own_reason_stay_apart() {
    let (account, cortex) = on(
        CortexSqlDouble::new().refusing("#invalid"),
        small(Functions::Ai),
    );
    let said = texts(&["#invalid one", "#invalid two"]);
    let outcomes = cortex.sentiment(&said).await.unwrap();
    assert_eq!(kinds(&outcomes), [Some(InvalidInput); 2]);
    account.fail_next([CortexFault::RefusesRows("exceeds the context window")]);
    let outcomes = cortex.sentiment(&said).await.unwrap();
    assert_eq!(kinds(&outcomes), [Some(InvalidInput); 2]);
}

#[tokio::test]
async fn a_batch_is_a_wrong_setting_only_when_no_row_has_a_reason() {
    let (account, cortex) = on(
        CortexSqlDouble::new().refusing("#invalid"),
        small(Functions::Ai),
    );
    account.fail_next([CortexFault::AllNull]);
    let error = cortex.sentiment(&many(3)).await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (Config, Some("model")));
    // The rest of a large batch is not paid for.
    let before = account.statements();
    account.fail_next([CortexFault::AllNull]);
    let error = cortex.sentiment(&many(70)).await.unwrap_err();
    assert_eq!(error.kind(), Config);
    assert_eq!(account.statements() - before, 1);
}

#[tokio::test]
async fn what_concerns_all_rows_is_the_error_of_the_batch() {
    for (words, kind) in [
        ("throttled by remote service", RateLimited),
        ("insufficient privileges", Permission),
        ("unknown model \"m\"", Config),
    ] {
        let (account, cortex) = on(CortexSqlDouble::new(), small(Functions::Ai));
        account.fail_next([CortexFault::RefusesRows(words)]);
        let error = cortex.sentiment(&many(20)).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{words}");
        assert_eq!(account.statements(), 1, "{words}");
    }
}

#[tokio::test]
async fn accounts_that_raise_on_a_bad_row_lose_only_that_row() {
    for functions in GENERATIONS {
        let account = CortexSqlDouble::new().raising().refusing("#invalid");
        let (_, cortex) = on(account, small(functions));
        let said = texts(&["We love it", "plain", "#invalid", "A terrible problem", "x"]);
        let expected = [None, None, Some(()), None, None];
        let bad = |kinds: Vec<Option<ErrorKind>>| {
            kinds
                .iter()
                .map(|kind| kind.map(|_| ()))
                .collect::<Vec<_>>()
        };
        let tones = cortex.sentiment(&said).await.unwrap();
        assert_eq!(bad(kinds(&tones)), expected, "sentiment");
        let requests: Vec<_> = said
            .iter()
            .map(|text| labelled(text, &["a", "b"]))
            .collect();
        let labels = cortex.classify(&requests).await.unwrap();
        assert_eq!(bad(kinds(&labels)), expected, "labels");
        let prompts: Vec<_> = said
            .iter()
            .map(|text| CompletionRequest {
                prompt: text.clone(),
                ..CompletionRequest::default()
            })
            .collect();
        let written = cortex.complete(&prompts).await.unwrap();
        assert_eq!(bad(kinds(&written)), expected, "completions");
    }
}

#[tokio::test]
async fn one_set_of_labels_does_not_lose_the_others() {
    let (account, cortex) = on(CortexSqlDouble::new(), small(Functions::Ai));
    account.fail_next([CortexFault::Passes, CortexFault::Fails(Transient, "lost")]);
    let requests = [
        labelled("the price", &["price", "other"]),
        labelled("the price", &["security", "other"]),
        labelled("the price", &["price", "none"]),
    ];
    let outcomes = cortex.classify(&requests).await.unwrap();
    assert_eq!(kinds(&outcomes), [None, Some(Transient), None]);
    // What concerns everybody is not asked again for each set.
    let before = account.statements();
    account.fail_next([CortexFault::Fails(Permission, "insufficient privileges")]);
    let error = cortex.classify(&requests).await.unwrap_err();
    assert_eq!(error.kind(), Permission);
    assert_eq!(account.statements() - before, 1);
}

#[tokio::test]
async fn words_that_concern_all_rows_are_not_sought_in_halves() {
    for (told, words, kind) in [
        (InvalidInput, "unknown model", Config),
        (InvalidInput, "request was throttled", RateLimited),
        (InvalidInput, "monthly budget exceeded", QuotaExhausted),
        (Decode, "insufficient privileges", Permission),
        (ErrorKind::Internal, "syntax error", ErrorKind::Internal),
        // An unknown function, as the session sorts it.
        (ErrorKind::Unsupported, "unknown function", Config),
    ] {
        for functions in GENERATIONS {
            let (account, cortex) = on(CortexSqlDouble::new(), small(functions));
            account.fail_next([CortexFault::Fails(told, words)]);
            let error = cortex.embed(&many(7)).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{words}");
            assert_eq!(account.statements(), 1, "{words}");
        }
    }
}

#[tokio::test]
async fn rows_that_all_raise_are_given_up_after_three() {
    let config = small(Functions::Ai).with_rows_per_statement(64);
    let (account, cortex) = on(CortexSqlDouble::new().refusing("love"), config);
    let outcomes = cortex.embed(&many(64)).await.unwrap();
    // Thrice down from 64 at most, and not 127 times.
    assert!(account.statements() <= 21, "{}", account.statements());
    let kinds = kinds(&outcomes);
    let alone = kinds.iter().filter(|kind| **kind == Some(InvalidInput));
    assert_eq!(alone.count(), 3);
    let unasked = kinds.iter().filter(|kind| **kind == Some(Config));
    assert_eq!(unasked.count(), 61);
}

#[tokio::test]
async fn bad_rows_in_front_do_not_hide_the_good_ones_behind() {
    let config = small(Functions::Ai).with_rows_per_statement(64);
    let (_, cortex) = on(CortexSqlDouble::new().refusing("#invalid"), config);
    let mut said = texts(&["#invalid"; 20]);
    said.extend(many(44));
    let outcomes = cortex.embed(&said).await.unwrap();
    let (bad, good) = outcomes.split_at(20);
    assert!(good.iter().all(Result::is_ok));
    assert!(kinds(bad).iter().all(|kind| *kind == Some(InvalidInput)));
}

#[tokio::test]
async fn labels_that_are_all_null_are_a_wrong_setting() {
    let (account, cortex) = on(CortexSqlDouble::new(), small(Functions::Ai));
    let said = many(3);
    account.fail_next([CortexFault::AllNull]);
    let requests: Vec<_> = said
        .iter()
        .map(|text| labelled(text, &["a", "b"]))
        .collect();
    let error = cortex.classify(&requests).await.unwrap_err();
    assert_eq!(error.kind(), Config, "AI_CLASSIFY");
}
