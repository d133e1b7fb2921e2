//! What goes out as files.

use snowflake_store::{CallStore, ExportLayout, ExportTable, ExportValue};

use super::documents::{CallDocument, deletion, page, spoken};
use super::insights::insights_with_chunk;
use super::{at, done, land, load_well};

/// Every table has rows of its columns, of calls that are served alone; what changes a call
/// changes its version.
pub async fn exports_hold_what_is_served(store: &dyn CallStore) {
    load_well(store, spoken("1")).await;
    load_well(store, spoken("2")).await;
    let may = CallDocument::new("3").at("2026-05-04T10:00:00Z");
    load_well(store, page([may.document()], [])).await;
    land(store, deletion(&["2"])).await;
    let listed = async || {
        let calls = done(store.export_calls().await).into_iter();
        calls
            .map(|call| (call.id.into_string(), call.month, call.version))
            .collect::<Vec<_>>()
    };
    let before = listed().await;
    let months: Vec<_> = before
        .iter()
        .map(|(id, month, _)| (id.as_str(), month.as_str()))
        .collect();
    assert_eq!(months, [("1", "2026-03"), ("3", "2026-05")]);
    assert_eq!(listed().await, before);
    let ids = ["1".into(), "2".into(), "3".into(), "unknown".into()];
    for table in ExportTable::ALL {
        let rows = done(store.export_rows(*table, &ids).await);
        let columns = table.columns().len();
        assert!(
            rows.iter().all(|row| row.len() == columns),
            "{}",
            table.name()
        );
        let of_calls = table.layout() != ExportLayout::Whole;
        let is_served = |value: &ExportValue| {
            [
                ExportValue::Text("1".to_owned()),
                ExportValue::Text("3".to_owned()),
            ]
            .contains(value)
        };
        assert!(
            !of_calls || rows.iter().all(|row| is_served(&row[0])),
            "{}",
            table.name()
        );
        assert_eq!(
            of_calls,
            table.columns()[0].0 == "CALL_ID",
            "{}",
            table.name()
        );
    }
    let sentences = done(store.export_rows(ExportTable::Sentences, &ids).await);
    assert_eq!(sentences.len(), 2);
    let calls = done(store.export_rows(ExportTable::Calls, &ids).await);
    assert_eq!(
        calls[0][2],
        ExportValue::Instant(at("2026-03-02T10:00:00Z"))
    );
    assert_eq!(calls[0][4], ExportValue::Integer(3_600));
    assert_eq!(
        done(store.export_rows(ExportTable::Calls, &[]).await),
        Vec::<Vec<ExportValue>>::new()
    );

    done(
        store
            .save_insights(&[insights_with_chunk("1", "words", &[1.0, 0.0])])
            .await,
    );
    let after = listed().await;
    assert_ne!(after[0].2, before[0].2);
    assert_eq!(after[1], before[1]);
}
