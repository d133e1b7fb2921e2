//! What Snowflake cost, as the daemon's meters show it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gong_snowflake::Settings;
use gong_snowflake::calls::Timestamp;
use gong_snowflake::ingest::schedule::Job;
use gong_snowflake::snowflake_store::CancellationToken;
use metrics_exporter_prometheus::PrometheusBuilder;
use testkit::snowflake::{Answer, Column, SnowflakeDouble};

fn spent(rows: &[[&str; 4]]) -> Answer {
    let columns = vec![
        Column::text("SPENT_ON"),
        Column::text("STEP"),
        Column::text("SPENT"),
        Column::new("CREDITS", "real"),
    ];
    Answer::rows(columns, rows.iter().map(|row| row.map(Some)))
}

#[tokio::test]
async fn credits_are_shown_by_step_once_the_account_tells_them() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let double = SnowflakeDouble::builder().start().await.unwrap();
    let settings = Settings::builder()
        .with("store.location", "snowflake", "test")
        .with("snowflake.account", "test", "test")
        .with("snowflake.user", "TESTER", "test")
        .with("snowflake.password", "none", "test")
        .with("snowflake.base_url", double.url(), "test");
    let settings = settings.load().await.unwrap();
    let job = settings.credits_job().unwrap().unwrap();
    let run = async || {
        let done = job.run(Timestamp::now(), CancellationToken::new()).await;
        done.unwrap().detail
    };
    let answer = |answer| double.state().answer("VW_GONG_WAREHOUSE_COST", answer);

    answer(Answer::error(
        "002003",
        "Object does not exist or not authorized.",
    ));
    assert_eq!(run().await["shown"], false);
    assert!(
        !handle.render().contains("snowflake_credits"),
        "no figure is better than 0"
    );

    answer(spent(&[
        ["warehouse", "daemon", "today", "0.75"],
        ["models", "read", "yesterday", "4"],
    ]));
    assert_eq!(run().await["credits"], 4.75);
    let shown = handle.render();
    for series in [
        "gong_snowflake_snowflake_credits{step=\"daemon\",spent_on=\"warehouse\",day=\"today\"} 0.75",
        "gong_snowflake_snowflake_credits{step=\"read\",spent_on=\"models\",day=\"yesterday\"} 4",
    ] {
        assert!(shown.contains(series), "{shown}");
    }

    // The next day: what was today's is yesterday's.
    answer(spent(&[["warehouse", "daemon", "yesterday", "1.5"]]));
    run().await;
    let shown = handle.render();
    for series in [
        "day=\"today\"} 0\n",
        "day=\"yesterday\"} 1.5\n",
        "spent_on=\"models\",day=\"yesterday\"} 0\n",
    ] {
        assert!(shown.contains(series), "{shown}");
    }
}

#[tokio::test]
async fn sqlite_has_no_account_to_ask() {
    let settings = Settings::builder().load().await.unwrap();
    assert!(settings.credits_job().unwrap().is_none());
}
