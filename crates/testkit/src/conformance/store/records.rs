//! Records of Gong beside calls.

use snowflake_store::{
    CallStore, ErasureRequest, ErasureSubject, GongRecord, RecordPage, RecordQuery, RecordStream,
    RecordsLanded,
};

use super::documents::{deletion, spoken};
use super::{at, done, land, load_well, rows};

fn record(key: &str, day: Option<&str>, json: &str) -> GongRecord {
    GongRecord {
        key: key.to_owned(),
        day: day.map(|day| day.parse().unwrap_or_else(|error| panic!("{day}: {error}"))),
        json: json.to_owned(),
    }
}

fn page(stream: RecordStream, records: Vec<GongRecord>, gone: &[&str]) -> RecordPage {
    RecordPage {
        stream,
        run_id: "run".to_owned(),
        records,
        gone: gone.iter().map(|key| (*key).to_owned()).collect(),
    }
}

fn counts(inserted: u64, updated: u64, deleted: u64) -> RecordsLanded {
    RecordsLanded {
        inserted,
        updated,
        deleted,
    }
}

async fn keys(store: &dyn CallStore, query: RecordQuery) -> Vec<String> {
    let records = done(store.records(&query).await);
    records.into_iter().map(|record| record.key).collect()
}

/// New, changed and gone records are told apart; what is there already is not written.
pub async fn records_are_landed_by_what_they_hold(store: &dyn CallStore) {
    let users = RecordStream::Users;
    let land =
        async |records, gone: &[&str]| done(store.land_records(&page(users, records, gone)).await);
    let ana = r#"{"id": "1", "emailAddress": "ana@seller.test", "active": true}"#;
    let first = vec![record("1", None, ana), record("2", None, r#"{"id":"2"}"#)];
    assert_eq!(land(first.clone(), &[]).await, counts(2, 0, 0));
    assert_eq!(land(first.clone(), &[]).await, counts(0, 0, 0));
    // The order of members says nothing.
    let respelt = r#"{"active":true,"id":"1","emailAddress":"ana@seller.test"}"#;
    assert_eq!(
        land(vec![record("1", None, respelt)], &[]).await,
        counts(0, 0, 0)
    );
    let left = record("1", None, r#"{"id":"1","active":false}"#);
    assert_eq!(
        land(vec![left.clone()], &["2", "unknown"]).await,
        counts(0, 1, 1)
    );
    let read = done(store.records(&RecordQuery::all(users)).await);
    assert_eq!(read.len(), 1);
    let json: serde_json::Value = serde_json::from_str(&read[0].json).expect("JSON");
    assert_eq!(json["active"], false);

    // A record on the page that says it is gone stays, and one that is back is listed again.
    assert_eq!(land(vec![left], &["1"]).await, counts(0, 0, 0));
    assert_eq!(land(first[1..].to_vec(), &[]).await, counts(1, 0, 0));
    assert_eq!(keys(store, RecordQuery::all(users)).await, ["1", "2"]);
    // Another kind has keys of its own.
    let others = RecordQuery::all(RecordStream::Trackers);
    assert_eq!(keys(store, others).await, Vec::<String>::new());
}

/// From a day, inclusive, to a day, exclusive; what has no day is on none.
pub async fn records_are_found_by_day(store: &dyn CallStore) {
    let stream = RecordStream::AnsweredScorecards;
    let records = vec![
        record("a", Some("2026-03-01"), "{}"),
        record("b", Some("2026-03-02"), "{}"),
        record("c", Some("2026-03-03"), "{}"),
        record("d", None, "{}"),
    ];
    done(store.land_records(&page(stream, records, &[])).await);
    let day = |text: &str| {
        Some(
            text.parse()
                .unwrap_or_else(|error| panic!("{text}: {error}")),
        )
    };
    let between = |from, to| RecordQuery { stream, from, to };
    let some = between(day("2026-03-02"), day("2026-03-03"));
    assert_eq!(keys(store, some).await, ["b"]);
    assert_eq!(
        keys(store, between(day("2026-03-02"), None)).await,
        ["b", "c"]
    );
    assert_eq!(keys(store, between(None, None)).await, ["a", "b", "c", "d"]);
    let read = done(store.records(&some).await);
    assert_eq!(read[0].day, day("2026-03-02"));
}

/// Deleted records go when deleted calls do, by the same policy.
pub async fn retention_removes_deleted_records(store: &dyn CallStore) {
    let stream = RecordStream::Scorecards;
    let records = vec![record("kept", None, "{}"), record("gone", None, "{}")];
    done(store.land_records(&page(stream, records, &[])).await);
    done(
        store
            .land_records(&page(stream, Vec::new(), &["gone"]))
            .await,
    );
    load_well(store, spoken("1")).await;
    land(store, deletion(&["1"])).await;
    done(store.apply_retention(at("2099-01-01")).await);
    assert_eq!(rows(store, "GONG_RECORDS_RAW").await, 1);
    assert_eq!(rows(store, "GONG_CALLS_RAW").await, 0);
    assert_eq!(keys(store, RecordQuery::all(stream)).await, ["kept"]);
}

/// A user goes with the reviews and figures that have their id alone, though they were on no
/// call, and none of it lands again; what only names them comes back without them.
pub async fn an_erased_user_goes_with_their_records(store: &dyn CallStore) {
    let users = vec![
        record(
            "u-nina",
            None,
            r#"{"id":"u-nina","emailAddress":"Nina@Seller.test","firstName":"Nina","lastName":"Holm"}"#,
        ),
        record(
            "u-ole",
            None,
            r#"{"id":"u-ole","emailAddress":"ole@seller.test","managerId":"u-nina"}"#,
        ),
    ];
    let reviews = vec![
        record(
            "r-1",
            Some("2026-03-01"),
            r#"{"answeredScorecardId":"r-1","reviewedUserId":"u-nina"}"#,
        ),
        record(
            "r-2",
            Some("2026-03-01"),
            r#"{"answeredScorecardId":"r-2","reviewedUserId":"u-ole"}"#,
        ),
    ];
    let figures = vec![
        record(
            "u-nina",
            Some("2026-03-01"),
            r#"{"userId":"u-nina","personInteractionStats":[]}"#,
        ),
        record(
            "u-ole",
            Some("2026-03-01"),
            r#"{"userId":"u-ole","personInteractionStats":[]}"#,
        ),
    ];
    let pages = [
        page(RecordStream::Users, users, &[]),
        page(RecordStream::AnsweredScorecards, reviews, &[]),
        page(RecordStream::InteractionStats, figures, &[]),
    ];
    for page in &pages {
        done(store.land_records(page).await);
    }
    let trackers = page(
        RecordStream::Trackers,
        vec![record(
            "t-1",
            None,
            r#"{"trackerId":"t-1","trackerName":"Price","creatorUserId":"u-nina"}"#,
        )],
        &[],
    );
    done(store.land_records(&trackers).await);
    let nina = ErasureSubject::Email("nina@seller.test".to_owned());
    let receipt = done(store.erase(&ErasureRequest::new(nina)).await).receipt;
    let counted = receipt.tables.iter();
    let counted = counted.filter(|one| one.table == "GONG_RECORDS_RAW");
    assert_eq!(counted.map(|one| one.rows).sum::<u64>(), 5, "{receipt:?}");
    for (page, back) in pages.iter().zip([1, 0, 0]) {
        assert_eq!(done(store.land_records(page).await), counts(back, 0, 0));
        let kept = keys(store, RecordQuery::all(page.stream)).await;
        assert!(kept == ["u-ole"] || kept == ["r-2"], "{kept:?}");
    }
    // As Ole's own record, what the company has set up comes back without them.
    assert_eq!(done(store.land_records(&trackers).await), counts(1, 0, 0));
    let trackers = done(
        store
            .records(&RecordQuery::all(RecordStream::Trackers))
            .await,
    );
    let json: serde_json::Value = serde_json::from_str(&trackers[0].json).expect("JSON");
    assert_eq!(json["trackerName"], "Price");
    assert!(json["creatorUserId"].is_null(), "{json}");
}

/// A review is seen while its call is served, and goes with it: by retention and by an erasure,
/// after which it does not land again. One whose call is not stored stays.
pub async fn reviews_go_with_their_call(store: &dyn CallStore) {
    let stream = RecordStream::AnsweredScorecards;
    let review = |key: &str, call: &str| {
        let json = format!(r#"{{"callId":{call},"answers":[{{"answerText":"Said by mail."}}]}}"#);
        record(key, Some("2026-03-01"), &json)
    };
    let reviews = page(
        stream,
        vec![
            review("erased", "\"1\""),
            review("gone", "2"),
            review("of a call that is not stored", "\"3\""),
            record("of no call", Some("2026-03-01"), "{}"),
        ],
        &[],
    );
    done(store.land_records(&reviews).await);
    let others = ["of a call that is not stored", "of no call"];
    let seen = async || keys(store, RecordQuery::all(stream)).await;
    for id in ["1", "2"] {
        load_well(store, spoken(id)).await;
    }
    assert_eq!(seen().await, [&["erased", "gone"], &others[..]].concat());

    land(store, deletion(&["2"])).await;
    assert_eq!(seen().await, [&["erased"], &others[..]].concat());
    // What is served again has its reviews again, also those that no sync lists any more.
    load_well(store, spoken("2")).await;
    assert_eq!(seen().await, [&["erased", "gone"], &others[..]].concat());
    land(store, deletion(&["2"])).await;
    done(store.apply_retention(at("2099-01-01")).await);
    assert_eq!(rows(store, "GONG_RECORDS_RAW").await, 3);

    let call = ErasureRequest::new(ErasureSubject::Call("1".into()));
    let receipt = done(store.erase(&call).await).receipt;
    let counted = receipt.tables.iter();
    let counted = counted.filter(|one| one.table == "GONG_RECORDS_RAW");
    assert_eq!(counted.map(|one| one.rows).sum::<u64>(), 1, "{receipt:?}");
    let again = page(stream, reviews.records[..1].to_vec(), &[]);
    assert_eq!(done(store.land_records(&again).await), counts(0, 0, 0));
    assert_eq!(seen().await, others);
}

/// With a call that goes because somebody who was erased was on it, its reviews go.
pub async fn reviews_go_with_an_erased_persons_call(store: &dyn CallStore) {
    let stream = RecordStream::AnsweredScorecards;
    load_well(store, spoken("1")).await;
    let review = record("r", Some("2026-03-01"), r#"{"callId":"1","answers":[]}"#);
    done(store.land_records(&page(stream, vec![review], &[])).await);
    land(store, deletion(&["1"])).await;
    let bo = ErasureSubject::Email("bo@buyer.test".to_owned());
    done(store.erase(&ErasureRequest::new(bo)).await);
    assert_eq!(rows(store, "GONG_CALLS_RAW").await, 0);
    assert_eq!(rows(store, "GONG_RECORDS_RAW").await, 0);
}
