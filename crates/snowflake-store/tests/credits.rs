//! What statements cost: from the views of `optional/cost_views.sql`, if this role sees them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use resilience::ErrorKind;
use snowflake_sql::{Credentials, SnowflakeConfig, SnowflakePool, SqlPool, SqlText, Statement};
use snowflake_store::{SnowflakeStore, SnowflakeStoreConfig};
use testkit::snowflake::{Answer, SnowflakeDouble};

use crate::fakesnow;

/// What `optional/cost_views.sql` would show, without an account's usage.
const VIEWS: [&str; 2] = [
    "CREATE VIEW VW_GONG_WAREHOUSE_COST AS
     SELECT DATE_TRUNC('DAY', CURRENT_TIMESTAMP()) AS USAGE_DAY, 'daemon' AS STEP, 0.25 AS CREDITS
     UNION ALL SELECT DATE_TRUNC('DAY', CURRENT_TIMESTAMP()), 'daemon', 0.5
     UNION ALL SELECT DATEADD(DAY, -1, DATE_TRUNC('DAY', CURRENT_TIMESTAMP())), 'daemon', 2.0
     UNION ALL SELECT DATEADD(DAY, -2, DATE_TRUNC('DAY', CURRENT_TIMESTAMP())), 'daemon', 64.0",
    "CREATE VIEW VW_GONG_AI_COST AS
     SELECT DATE_TRUNC('DAY', CURRENT_TIMESTAMP()) AS USAGE_DAY, CAST(NULL AS VARCHAR) AS STEP, 4.0 AS CREDITS",
];

#[tokio::test]
async fn credits_are_those_of_two_days_by_step_once_there_are_views() {
    let Some((pool, _server)) = fakesnow::migrated().await else {
        return;
    };
    let store = SnowflakeStore::new(pool.clone(), fakesnow::config()).unwrap();
    assert_eq!(store.credits().await.unwrap(), None);
    for view in VIEWS {
        let statement = Statement::new("test", SqlText::fixed(view));
        pool.query(&statement).await.unwrap();
    }
    let spent = store.credits().await.unwrap().unwrap();
    let mut spent: Vec<_> = spent
        .iter()
        .map(|one| (&*one.step, &*one.spent_on, &*one.day, one.credits))
        .collect();
    spent.sort_by(|left, right| left.3.total_cmp(&right.3));
    let expected = [
        ("daemon", "warehouse", "today", 0.75),
        ("daemon", "warehouse", "yesterday", 2.0),
        ("none", "models", "today", 4.0),
    ];
    assert_eq!(spent, expected);
}

#[tokio::test]
async fn what_the_role_may_not_read_is_absent_and_an_outage_is_an_error() {
    let double = SnowflakeDouble::builder().start().await.unwrap();
    let config = SnowflakeConfig::new("test", "TESTER", Credentials::password("none")).unwrap();
    let pool = SnowflakePool::new(config.with_base_url(&double.url()).unwrap());
    let store = SnowflakeStore::new(Arc::new(pool), SnowflakeStoreConfig::default()).unwrap();
    let refuse = |code, message| {
        let answer = Answer::error(code, message);
        double.state().answer("VW_GONG_WAREHOUSE_COST", answer);
    };
    refuse(
        "003001",
        "Insufficient privileges to operate on view 'VW_GONG_WAREHOUSE_COST'.",
    );
    assert_eq!(store.credits().await.unwrap(), None);
    refuse(
        "002003",
        "Object 'VW_GONG_WAREHOUSE_COST' does not exist or not authorized.",
    );
    assert_eq!(store.credits().await.unwrap(), None);
    refuse("001003", "SQL compilation error: syntax error");
    let error = store.credits().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Internal, "{error}");
}
