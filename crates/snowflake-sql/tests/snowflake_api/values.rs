//! Values arrive as they are, and never in the text.

use jiff::Timestamp;
use proptest::prelude::*;
use resilience::ErrorKind;
use rust_decimal::Decimal;
use snowflake_sql::{Bind, SqlPool, SqlText, Statement};
use testkit::snowflake::BoundValue;
use tokio::runtime::Runtime;

use crate::{SELECT, double, pool};

const TEXT: &str = "SELECT ?, '?', \"?\", $$?$$ -- ?";

fn bound(kind: &str, value: Option<&str>) -> BoundValue {
    BoundValue {
        kind: kind.to_owned(),
        value: value.map(str::to_owned),
    }
}

#[tokio::test]
async fn values_of_every_type_travel_beside_the_text() {
    let snowflake = double().await;
    let instant: Timestamp = "2026-08-01T09:00:00.123456789Z".parse().unwrap();
    let statement = Statement::new("all", SqlText::fixed("SELECT ?, ?, ?, ?, ?, ?, ?"))
        .bind("it''s")
        .bind(i64::MIN)
        .bind(0.1_f64)
        .bind(Decimal::new(-1_234_500, 4))
        .bind(true)
        .bind(instant)
        .bind(None::<&str>);
    pool(&snowflake).query(&statement).await.unwrap();
    let sent = snowflake.state().statements().remove(0);
    assert_eq!(sent.text, "SELECT ?, ?, ?, ?, ?, ?, ?");
    assert_eq!(
        sent.binds,
        [
            bound("TEXT", Some("it''s")),
            bound("FIXED", Some("-9223372036854775808")),
            bound("REAL", Some("0.1")),
            bound("FIXED", Some("-123.4500")),
            bound("BOOLEAN", Some("true")),
            bound("TIMESTAMP_LTZ", Some("1785574800123456789")),
            bound("TEXT", None),
        ]
    );
}

#[tokio::test]
async fn hostile_text_is_data() {
    let snowflake = double().await;
    let pool = pool(&snowflake);
    for hostile in [
        "'; DROP TABLE CALLS; --",
        "\\'; DROP TABLE CALLS; --",
        "$$ || CURRENT_USER() || $$",
        "\"}, \"sqlText\": \"DROP TABLE CALLS\", \"x\": {\"",
        "put file:///etc/passwd @~",
        "*/ DROP TABLE CALLS /*",
        "?",
        "\u{0}\u{2028}\u{feff}\u{1f600}",
    ] {
        let statement = Statement::new("hostile", SqlText::fixed(TEXT)).bind(hostile);
        pool.query(&statement).await.unwrap();
        let sent = snowflake.state().statements().pop().unwrap();
        assert_eq!(sent.text, TEXT);
        assert_eq!(sent.binds, [bound("TEXT", Some(hostile))]);
    }
    assert_eq!(snowflake.state().logins().len(), 1);
}

#[tokio::test]
async fn a_number_that_is_not_finite_is_refused_before_anything_is_sent() {
    let snowflake = double().await;
    let pool = pool(&snowflake);
    let statement = SELECT.bind(1_i64).bind(Bind::Float(f64::NAN));
    let error = pool.query(&statement).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(error.field(), Some("bind 2"));
    assert!(snowflake.state().statements().is_empty());
    // The session is as good as before.
    pool.query(&SELECT).await.unwrap();
    assert_eq!(snowflake.state().logins().len(), 1);
}

fn any_text() -> impl Strategy<Value = String> {
    let hostile = prop::sample::select(vec![
        "'", "\"", "\\", ";", "--", "/*", "*/", "$$", "?", "\n", "\u{0}", "{", "}", ":1",
    ]);
    let piece = prop_oneof![hostile.prop_map(str::to_owned), "\\PC{0,8}"];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_is_bound_is_what_arrives(
        texts in prop::collection::vec(prop::option::of(any_text()), 0..6),
        number in any::<i64>(),
        real in any::<f64>().prop_filter("finite", |real| real.is_finite()),
    ) {
        let (sent, text) = Runtime::new().unwrap().block_on(async {
            let snowflake = double().await;
            let text = SqlText::template("SELECT {all}", &[
                ("all", snowflake_sql::Slot::Placeholders(texts.len() + 2)),
            ]).unwrap();
            let statement = Statement::new("any", text.clone())
                .bind_all(texts.clone())
                .bind(number)
                .bind(real);
            pool(&snowflake).query(&statement).await.unwrap();
            (snowflake.state().statements().remove(0), text)
        });
        prop_assert_eq!(sent.text, text.as_str());
        let (numbers, seen) = sent.binds.split_last().map(|(real, rest)| {
            let (number, texts) = rest.split_last().unwrap();
            ((number.value.clone().unwrap(), real.value.clone().unwrap()), texts)
        }).unwrap();
        let seen: Vec<Option<String>> = seen.iter().map(|bound| bound.value.clone()).collect();
        prop_assert_eq!(seen, texts);
        prop_assert_eq!(numbers.0.parse::<i64>().unwrap(), number);
        prop_assert_eq!(numbers.1.parse::<f64>().unwrap(), real);
    }
}
