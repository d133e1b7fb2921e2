//! Nothing that is printed holds a credential, a bound value, a cell or an address of
//! rows, at any level, although `snowflake-api` logs whatever passes through it.

use std::error::Error as _;

use snowflake_sql::{ApiLogin, SnowflakePool, SqlPool};
use testkit::snowflake::{Answer, Column, Fault, FaultEffect};

use crate::support::captured::Captured;
use crate::{LOGIN_PATH, MERGE, SELECT, TOKEN, config, double, on_statement};

const SAID: &str = "we pay forty thousand and not a cent more";
const CELL: &str = "their champion is Ada Quartz";

fn assert_clean(text: &str) {
    for secret in [
        TOKEN,
        SAID,
        CELL,
        "session-token-",
        "part-key-of-the-double",
        "/part/",
    ] {
        assert!(!text.contains(secret), "{secret} in: {text}");
    }
}

#[tokio::test]
async fn a_whole_run_at_level_trace_prints_none_of_them() {
    let captured = Captured::everything();

    let snowflake = double().await;
    let state = snowflake.state();
    let pool = SnowflakePool::on_snowflake_api(config(&snowflake)).unwrap();
    let answer = Answer::rows([Column::text("A")], [[Some(CELL)], [Some(CELL)]]);
    state.answer("FROM T", answer.in_parts(1, 1));
    for effect in [
        FaultEffect::Status(503),
        FaultEffect::LostReply,
        FaultEffect::ExpiredSession,
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
    let login = ApiLogin::new(config(&snowflake)).unwrap();
    let session = pool.session().await.unwrap();
    assert_clean(&format!("{login:?} {pool:?} {session:?}"));

    let log = captured.text();
    assert!(log.contains("a statement ended"), "the capture works");
    assert!(log.contains("Auth response"), "snowflake-api is heard too");
    assert!(
        log.contains("Executing: statement merge"),
        "by the statement's name"
    );
    // The double's own lines would say nothing about the client.
    for line in log.lines().filter(|line| !line.contains("testkit")) {
        assert_clean(line);
    }
}
