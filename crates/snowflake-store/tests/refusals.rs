//! What Snowflake documents to refuse, its doubles refuse by the same codes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use snowflake_sql::{Credentials, SnowflakeConfig, SnowflakePool, SqlPool, SqlText, Statement};
use testkit::snowflake::SnowflakeDouble;

use crate::fakesnow;

async fn refusal(pool: &dyn SqlPool, text: &'static str, json: Option<&str>) -> Option<String> {
    let statement = Statement::new("test", SqlText::fixed(text)).bind_all(json);
    let refused = pool.query(&statement).await.err()?;
    Some(refused.fault().unwrap().code.clone().unwrap())
}

const PARSE: &str = "SELECT PARSE_JSON(?) AS PARSED";
const PARSE_LAST: &str = "SELECT PARSE_JSON(?, 'd') AS PARSED";

/// Of an object, unless the last of them is asked for.
async fn duplicate_keys_are_refused(pool: &dyn SqlPool) {
    let twice = Some(r#"[{"id": "1", "id": "2"}]"#);
    assert_eq!(refusal(pool, PARSE, twice).await.as_deref(), Some("100069"));
    assert_eq!(refusal(pool, PARSE_LAST, twice).await, None);
    let apart = Some(r#"[{"id": "1"}, {"id": "1"}]"#);
    assert_eq!(refusal(pool, PARSE, apart).await, None);
}

#[tokio::test]
async fn the_double_refuses_duplicate_keys() {
    let double = SnowflakeDouble::builder().start().await.unwrap();
    let config = SnowflakeConfig::new("test", "TESTER", Credentials::password("none")).unwrap();
    let config = config.with_base_url(&double.url()).unwrap();
    duplicate_keys_are_refused(&SnowflakePool::new(config)).await;
}

#[tokio::test]
async fn the_stand_in_refuses_duplicate_keys_of_objects_and_of_merges() {
    let Some((pool, _server)) = fakesnow::pool() else {
        return;
    };
    let pool = &*pool;
    duplicate_keys_are_refused(pool).await;

    for text in [
        "CREATE TABLE KEPT (ID INTEGER, N INTEGER)",
        "CREATE TABLE COMING (ID INTEGER, N INTEGER)",
        "INSERT INTO KEPT VALUES (1, 1)",
        "INSERT INTO COMING VALUES (1, 2), (1, 3), (2, 1), (2, 2)",
    ] {
        assert_eq!(refusal(pool, text, None).await, None, "{text}");
    }
    for text in [
        "MERGE INTO KEPT AS T USING (SELECT ID, N FROM COMING) AS S ON T.ID = S.ID
            WHEN MATCHED THEN UPDATE SET N = S.N
            WHEN NOT MATCHED THEN INSERT (ID, N) VALUES (S.ID, S.N)",
        "MERGE INTO KEPT AS T USING (SELECT ID, N FROM COMING) AS S ON T.ID = S.ID
            WHEN MATCHED AND S.N = 3 THEN UPDATE SET N = S.N
            WHEN MATCHED THEN DELETE",
    ] {
        let code = refusal(pool, text, None).await;
        assert_eq!(code.as_deref(), Some("100090"), "{text}");
    }
    let kept = "SELECT ID, N FROM KEPT ORDER BY ID, N";
    assert_eq!(numbers(pool, kept).await, [[1, 1]], "nothing was written");

    // One row alone has a say about the kept one; of those without a match each is inserted.
    let one = "MERGE INTO KEPT AS T USING (SELECT ID, N FROM COMING) AS S ON T.ID = S.ID
        WHEN MATCHED AND S.N = 3 THEN UPDATE SET N = S.N
        WHEN NOT MATCHED THEN INSERT (ID, N) VALUES (S.ID, S.N)";
    assert_eq!(refusal(pool, one, None).await, None);
    assert_eq!(numbers(pool, kept).await, [[1, 3], [2, 1], [2, 2]]);
    let away = "MERGE INTO KEPT AS T USING (SELECT ID, N FROM COMING) AS S ON T.ID = S.ID
        WHEN MATCHED THEN DELETE";
    assert_eq!(refusal(pool, away, None).await, None);
    assert!(numbers(pool, kept).await.is_empty());
}

async fn numbers(pool: &dyn SqlPool, text: &'static str) -> Vec<Vec<i64>> {
    let number = |cell: Option<String>| cell.unwrap().parse().unwrap();
    let rows = fakesnow::rows(pool, text).await;
    rows.into_iter()
        .map(|row| row.into_iter().map(number).collect())
        .collect()
}
