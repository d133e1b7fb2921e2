//! Results in Arrow, which Snowflake sends for SELECT.

use std::sync::Arc;

use arrow_array::types::Float32Type;
use arrow_array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, FixedSizeListArray,
    Float64Array, Int8Array, Int16Array, Int32Array, Int64Array, RecordBatch, StringArray,
    StructArray, UInt64Array,
};
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{DataType, Field, Fields, Schema};
use resilience::ErrorKind;
use snowflake_sql::{Rows, SqlPool};
use testkit::snowflake::{Answer, Column, Fault, FaultEffect, SnowflakeDouble};

use crate::{SELECT, double, on_statement, pool};

/// An IPC stream, as it stands in replies and parts.
fn stream(arrays: &[ArrayRef]) -> Vec<u8> {
    let field = |(place, array): (usize, &ArrayRef)| {
        Field::new(place.to_string(), array.data_type().clone(), true)
    };
    let schema = Schema::new(arrays.iter().enumerate().map(field).collect::<Vec<_>>());
    let schema = Arc::new(schema);
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays.to_vec()).unwrap();
    let mut writer = StreamWriter::try_new(Vec::new(), &schema).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

fn numbers(range: std::ops::Range<i16>) -> Vec<u8> {
    stream(&[Arc::new(Int16Array::from_iter_values(range))])
}

fn of_scale(name: &str, kind: &'static str, scale: u8) -> Column {
    Column::new(name, kind).with_scale(scale)
}

/// A struct as Snowflake sends instants in; `None` for the second row.
fn parts_of_instant(parts: &[(&str, i64)]) -> ArrayRef {
    let column = |(name, value): &(&str, i64)| -> (Field, ArrayRef) {
        let small = i32::try_from(*value).unwrap_or_default();
        match *name {
            "epoch" => (
                Field::new(*name, DataType::Int64, true),
                Arc::new(Int64Array::from(vec![Some(*value), None])),
            ),
            _ => (
                Field::new(*name, DataType::Int32, true),
                Arc::new(Int32Array::from(vec![Some(small), None])),
            ),
        }
    };
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = parts.iter().map(column).unzip();
    let nulls = Some(vec![true, false].into());
    Arc::new(StructArray::new(Fields::from(fields), arrays, nulls))
}

/// Column, array with a value and a NULL, and the same value as JSON spells it.
fn of_every_type() -> Vec<(Column, ArrayRef, &'static str)> {
    let decimal = Decimal128Array::from(vec![Some(-12_345_678_901_234_567_890_i128), None]);
    let decimal = decimal.with_precision_and_scale(38, 2).unwrap();
    let vector = FixedSizeListArray::from_iter_primitive::<Float32Type, _, _>(
        [Some([1.5, -0.25].map(Some)), None],
        2,
    );
    let text: &str = "\"quoted\" \u{1f600}\n";
    vec![
        (
            Column::text("T"),
            Arc::new(StringArray::from(vec![Some(text), None])),
            text,
        ),
        (
            Column::integer("I8"),
            Arc::new(Int8Array::from(vec![Some(-7), None])),
            "-7",
        ),
        (
            of_scale("I16", "fixed", 3),
            Arc::new(Int16Array::from(vec![Some(-7), None])),
            "-0.007",
        ),
        (
            of_scale("I64", "fixed", 2),
            Arc::new(Int64Array::from(vec![Some(12_340), None])),
            "123.40",
        ),
        (
            of_scale("DEC", "fixed", 2),
            Arc::new(decimal),
            "-123456789012345678.90",
        ),
        (
            Column::new("R", "real"),
            Arc::new(Float64Array::from(vec![Some(0.1), None])),
            "0.1",
        ),
        (
            Column::new("B", "boolean"),
            Arc::new(BooleanArray::from(vec![Some(true), None])),
            "1",
        ),
        (
            Column::new("D", "date"),
            Arc::new(Date32Array::from(vec![Some(-1), None])),
            "-1",
        ),
        (
            of_scale("TIME", "time", 3),
            Arc::new(Int32Array::from(vec![Some(3_661_500), None])),
            "3661.500",
        ),
        (
            of_scale("NTZ", "timestamp_ntz", 3),
            Arc::new(Int64Array::from(vec![Some(-1_500), None])),
            "-1.500",
        ),
        (
            of_scale("LTZ", "timestamp_ltz", 9),
            parts_of_instant(&[("epoch", -2), ("fraction", 500_000_000)]),
            "-1.5",
        ),
        (
            of_scale("TZ2", "timestamp_tz", 3),
            parts_of_instant(&[("epoch", 1_785_574_800_250), ("timezone", 1560)]),
            "1785574800.250 1560",
        ),
        (
            of_scale("TZ3", "timestamp_tz", 9),
            parts_of_instant(&[
                ("epoch", 1_785_574_800),
                ("fraction", 1),
                ("timezone", 1380),
            ]),
            "1785574800.000000001 1380",
        ),
        (
            Column::new("V", "variant"),
            Arc::new(StringArray::from(vec![Some("{\"a\": [undefined]}"), None])),
            "{\"a\": [undefined]}",
        ),
        (
            Column::new("BIN", "binary"),
            Arc::new(BinaryArray::from_opt_vec(vec![Some(&[0, 171]), None])),
            "00AB",
        ),
        (Column::new("E", "vector"), Arc::new(vector), "[1.5,-0.25]"),
    ]
}

async fn read(answer: Answer) -> snowflake_sql::Result<Rows> {
    let snowflake = double().await;
    snowflake.state().answer("FROM T", answer);
    pool(&snowflake).query(&SELECT).await
}

#[tokio::test]
async fn cells_read_the_same_in_arrow_and_in_json() {
    let all = of_every_type();
    let columns: Vec<Column> = all.iter().map(|(column, ..)| column.clone()).collect();
    let arrays: Vec<ArrayRef> = all.iter().map(|(_, array, _)| Arc::clone(array)).collect();
    let values: Vec<Option<&str>> = all.iter().map(|(.., value)| Some(*value)).collect();
    let nulls = vec![None; values.len()];
    let json = Answer::rows(columns.clone(), [values, nulls]);
    let arrow = Answer::arrow(columns, stream(&arrays), []);
    let (arrow, json) = (read(arrow).await.unwrap(), read(json).await.unwrap());
    assert_eq!(arrow.len(), 2);
    for (arrow, json) in arrow.iter().zip(json.iter()) {
        for (column, ..) in &all {
            let name = column.name();
            assert_eq!(
                arrow.text(name).unwrap(),
                json.text(name).unwrap(),
                "{name}"
            );
        }
    }
    let row = arrow.first().unwrap();
    assert_eq!(row.text("LTZ").unwrap(), Some("1969-12-31T23:59:58.5Z"));
    assert_eq!(row.text("DEC").unwrap(), Some("-123456789012345678.90"));
    assert_eq!(row.json::<Vec<f32>>("E").unwrap(), Some(vec![1.5, -0.25]));
}

#[tokio::test]
async fn parts_come_behind_the_first_rows_and_in_order() {
    let columns = [Column::integer("N")];
    for (inline, parts) in [
        (
            numbers(0..2),
            vec![(2, numbers(2..4)), (1, numbers(4..5)), (5, numbers(5..10))],
        ),
        (Vec::new(), vec![(5, numbers(0..5)), (5, numbers(5..10))]),
        (numbers(0..10), Vec::new()),
    ] {
        let rows = read(Answer::arrow(columns.clone(), inline, parts))
            .await
            .unwrap();
        let seen = rows.iter().map(|row| row.integer("N").unwrap().unwrap());
        assert!(seen.eq(0..10));
    }
    assert!(
        read(Answer::arrow(columns, Vec::new(), []))
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn rows_that_are_missing_are_an_error_and_no_shorter_result() {
    let columns = [Column::integer("N")];
    let whole = numbers(2..4);
    let half = whole[..whole.len() / 2].to_vec();
    for (count, part) in [(3, whole), (2, half), (2, b"not Arrow".to_vec())] {
        let answer = Answer::arrow(columns.clone(), numbers(0..2), [(count, part)]);
        let error = read(answer).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    }
}

#[tokio::test]
async fn a_type_that_is_not_known_names_its_column() {
    let unsigned: ArrayRef = Arc::new(UInt64Array::from(vec![1]));
    let answer = Answer::arrow([Column::integer("ODD")], stream(&[unsigned]), []);
    let error = read(answer).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::Decode, Some("ODD"))
    );
}

#[tokio::test]
async fn a_part_whose_address_has_expired_is_asked_for_again_with_the_statement() {
    let snowflake: SnowflakeDouble = double().await;
    let state = snowflake.state();
    let parts = [(2, numbers(2..4))];
    state.answer(
        "FROM T",
        Answer::arrow([Column::integer("N")], numbers(0..2), parts),
    );
    state.inject(Fault::new(FaultEffect::Status(403)).on_path("/part"));
    // A fault elsewhere shows that parts have their own.
    state.inject(on_statement("nothing", FaultEffect::Status(503)));
    let rows = pool(&snowflake).query(&SELECT).await.unwrap();
    assert_eq!(rows.len(), 4);
    assert_eq!(state.statements().len(), 2);
    assert_eq!(state.logins().len(), 1);
}
