//! Nothing that is printed holds a credential, a bound value or a cell, at any level.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::error::Error as _;

use snowflake_sql::{Credentials, SnowflakePool, SqlPool};
use support::captured::Captured;
use support::{LOGIN_PATH, MERGE, SELECT, TOKEN, config, double, on_statement};
use testkit::snowflake::{Answer, Column, Fault, FaultEffect};

const SAID: &str = "we pay forty thousand and not a cent more";
const CELL: &str = "their champion is Ada Quartz";

fn assert_clean(text: &str) {
    for secret in [TOKEN, SAID, CELL, "session-token-", "opens it"] {
        assert!(!text.contains(secret), "{secret} in: {text}");
    }
}

#[tokio::test]
async fn a_whole_run_at_level_trace_prints_none_of_them() {
    let captured = Captured::everything();

    let snowflake = double().await;
    let state = snowflake.state();
    let pool = SnowflakePool::new(config(&snowflake));
    state.answer(
        "FROM T",
        Answer::rows([Column::text("A")], [[Some(CELL)], [Some(CELL)]]).in_parts(1, 1),
    );
    for effect in [
        FaultEffect::Status(503),
        FaultEffect::LostReply,
        FaultEffect::ExpiredSession,
        FaultEffect::Slow { polls: 0 },
    ] {
        state.inject(on_statement("FROM T", effect.clone()));
        state.inject(on_statement("MERGE", effect));
        assert_eq!(pool.query(&SELECT).await.unwrap().len(), 2);
        pool.transaction(&[MERGE.bind(SAID)]).await.unwrap();
    }
    let repeated = format!("Numeric value '{SAID}' is not recognized");
    state.answer("MERGE", Answer::error("100038", &repeated));
    let refused = pool.transaction(&[MERGE.bind(SAID)]).await.unwrap_err();
    state.inject(on_statement("FROM T", FaultEffect::NotJson));
    let unreadable = pool.query(&SELECT).await.unwrap_err();
    state.expire_sessions();
    let words = format!("the token {TOKEN} is not valid");
    state.inject(Fault::new(FaultEffect::error("390400", &words)).on_path(LOGIN_PATH));
    let unwelcome = pool.query(&SELECT).await.unwrap_err();
    for error in [refused, unreadable, unwelcome] {
        assert_clean(&format!("{error} {error:?} {error:#?}"));
        let mut cause = error.source();
        while let Some(source) = cause {
            assert_clean(&format!("{source} {source:?}"));
            cause = source.source();
        }
    }
    assert_clean(&format!(
        "{pool:?} {:?} {:?}",
        config(&snowflake),
        MERGE.bind(SAID)
    ));

    let log = captured.text();
    assert!(log.contains("a statement ended"), "the capture works");
    assert!(log.contains("hyper"), "the HTTP library is heard too");
    // The double's own lines would say nothing about the client.
    for line in log.lines().filter(|line| !line.contains("testkit")) {
        assert_clean(line);
    }
}

#[test]
fn credentials_print_nothing() {
    let pem = "-----BEGIN KEY-----\nnot-to-be-printed";
    for credentials in [
        Credentials::key_pair(pem, Some("not-to-be-printed")),
        Credentials::programmatic_access_token("not-to-be-printed"),
        Credentials::oauth("not-to-be-printed"),
        Credentials::password("not-to-be-printed"),
    ] {
        assert!(!format!("{credentials:?}").contains("not-to-be-printed"));
    }
}
