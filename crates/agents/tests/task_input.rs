//! Tasks at the border: what is refused, with which code and field, and how names are told apart.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use agents::task::{Task, TaskPeriod};
use serde_json::{Value, json};
use snowflake_store::Rep;

#[test]
fn a_wrong_task_is_refused_with_its_code_and_field() {
    let many = Value::from(vec!["1"; 501]);
    let table = [
        (json!([]), "invalid_json", None),
        (json!("analyze_call"), "invalid_json", None),
        (json!({}), "missing_field", Some("task_type")),
        (
            json!({"task_type": null}),
            "missing_field",
            Some("task_type"),
        ),
        (json!({"task_type": 7}), "wrong_type", Some("task_type")),
        (
            json!({"task_type": "dance"}),
            "unknown_task_type",
            Some("task_type"),
        ),
        (
            json!({"task_type": "analyze_call"}),
            "missing_field",
            Some("call_id"),
        ),
        (
            json!({"task_type": "analyze_call", "call_id": ""}),
            "invalid_value",
            Some("call_id"),
        ),
        (
            json!({"task_type": "analyze_call", "call_id": 1.5}),
            "wrong_type",
            Some("call_id"),
        ),
        (
            json!({"task_type": "analyze_call", "call_id": {"id": 1}}),
            "wrong_type",
            Some("call_id"),
        ),
        (
            json!({"task_type": "analyze_call", "call_id": "x".repeat(20_000)}),
            "out_of_range",
            Some("call_id"),
        ),
        (
            json!({"task_type": "analyze_call", "call_id": "1", "colour": "red"}),
            "unknown_field",
            Some("colour"),
        ),
        (
            json!({"task_type": "analyze_call", "call_id": "1", "competitors": "Brightwell"}),
            "wrong_type",
            Some("competitors"),
        ),
        (
            json!({"task_type": "analyze_call", "call_id": "1", "competitors": ["a", false]}),
            "wrong_type",
            Some("competitors[1]"),
        ),
        (
            json!({"task_type": "coach_rep"}),
            "missing_field",
            Some("rep"),
        ),
        (
            json!({"task_type": "coach_rep", "rep": "a", "rep_email": "b@c.d"}),
            "invalid_value",
            Some("rep"),
        ),
        (
            json!({"task_type": "coach_rep", "rep": "a", "days": 0}),
            "out_of_range",
            Some("days"),
        ),
        (
            json!({"task_type": "coach_rep", "rep": "a", "days": -3}),
            "out_of_range",
            Some("days"),
        ),
        (
            json!({"task_type": "coach_rep", "rep": "a", "days": 1.5}),
            "wrong_type",
            Some("days"),
        ),
        (
            json!({"task_type": "coach_rep", "rep": "a", "days": "30"}),
            "wrong_type",
            Some("days"),
        ),
        (
            json!({"task_type": "coach_rep", "rep": "a", "from": "31/01/2026"}),
            "invalid_date",
            Some("from"),
        ),
        (
            json!({"task_type": "coach_rep", "rep": "a", "from": "2026-02-30"}),
            "invalid_date",
            Some("from"),
        ),
        (
            json!({"task_type": "coach_rep", "rep": "a", "from": "2026-01-01T10:00:00"}),
            "invalid_date",
            Some("from"),
        ),
        (
            json!({"task_type": "coach_rep", "rep": "a", "to": "2026-01-01"}),
            "missing_field",
            Some("from"),
        ),
        (
            json!({"task_type": "coach_rep", "rep": "a", "from": "2026-01-02", "to": "2026-01-01"}),
            "invalid_value",
            Some("to"),
        ),
        (
            json!({"task_type": "coach_rep", "rep": "a", "from": "2026-01-02", "days": 3}),
            "invalid_value",
            Some("days"),
        ),
        (
            json!({"task_type": "find_similar_calls"}),
            "missing_field",
            Some("call_id"),
        ),
        (
            json!({"task_type": "find_similar_calls", "call_id": "1", "query": "x"}),
            "invalid_value",
            Some("query"),
        ),
        (
            json!({"task_type": "find_similar_calls", "call_id": "1", "limit": 51}),
            "out_of_range",
            Some("limit"),
        ),
        (
            json!({"task_type": "find_similar_calls", "call_id": "1", "limit": 18446744073709551615_u64}),
            "out_of_range",
            Some("limit"),
        ),
        (
            json!({"task_type": "batch_analysis", "call_ids": []}),
            "invalid_value",
            Some("call_ids"),
        ),
        (
            json!({"task_type": "batch_analysis", "call_ids": many}),
            "out_of_range",
            Some("call_ids"),
        ),
        (
            json!({"task_type": "batch_analysis", "call_ids": ["1"], "days": 3}),
            "invalid_value",
            Some("call_ids"),
        ),
        (
            json!({"task_type": "batch_analysis", "concurrency": 0}),
            "out_of_range",
            Some("concurrency"),
        ),
        (
            json!({"task_type": "team_overview", "rep": "a"}),
            "unknown_field",
            Some("rep"),
        ),
        (
            json!({"task_type": "analyze_call", "colour": "red"}),
            "unknown_field",
            Some("colour"),
        ),
        (
            json!({"task_type": "ask", "question": "Who?", "call_id": "1", "rep_name": "a"}),
            "invalid_value",
            Some("rep_name"),
        ),
        (
            json!({"task_type": "search_calls"}),
            "missing_field",
            Some("query"),
        ),
        (
            json!({"task_type": "search_calls", "query": "   "}),
            "invalid_value",
            Some("query"),
        ),
        (
            json!({"task_type": "list_calls", "order": "random"}),
            "invalid_value",
            Some("order"),
        ),
        (
            json!({"task_type": "list_calls", "with_transcript": "yes"}),
            "wrong_type",
            Some("with_transcript"),
        ),
    ];
    for (task, code, field) in table {
        let error = Task::from_json(task.to_string().as_bytes()).unwrap_err();
        assert_eq!(
            (error.code().as_str(), error.field()),
            (code, field),
            "{task}"
        );
        assert_eq!(error.code().exit_code(), 2, "{task}");
        assert!(!error.message().is_empty());
    }
}

#[test]
fn a_slip_is_answered_with_the_name_that_was_meant() {
    for (task, meant) in [
        (
            json!({"task_type": "analyse_call", "call_id": "1"}),
            "analyze_call",
        ),
        (
            json!({"task_type": "analyze_call", "callid": "1", "call_id": "1"}),
            "call_id",
        ),
        (json!({"task_type": "list_calls", "limits": 3}), "limit"),
        (
            json!({"task_type": "coach_rep", "rep_nam": "Ana Bell"}),
            "rep_name",
        ),
        (
            json!({"task_type": "analyze_call", "callid": "1"}),
            "call_id",
        ),
        (json!({"task_typ": "list_calls"}), "task_type"),
    ] {
        let error = Task::from_value(task).unwrap_err();
        let hint = format!("did you mean {meant}?");
        assert!(error.message().ends_with(&hint), "{}", error.message());
    }
    let error = Task::from_value(json!({"task_type": "dance"})).unwrap_err();
    assert!(
        error.message().contains("the tasks are"),
        "{}",
        error.message()
    );
}

#[test]
fn every_task_says_what_it_takes() {
    for spec in Task::specs() {
        assert!(spec.about.ends_with('.'), "{}", spec.name);
        let schema = spec.input_schema();
        let properties = schema["properties"].as_object().unwrap();
        assert_eq!(
            properties.len(),
            spec.fields().count() + 1,
            "{}: a field twice, or no request_id",
            spec.name
        );
        for (field, schema) in properties {
            let about = schema["description"].as_str().unwrap_or_default();
            assert!(about.ends_with('.'), "{}.{field}", spec.name);
        }
        // A field of the table that the task does not read would be taken and do nothing.
        for field in spec.fields() {
            let mut task = json!({"task_type": spec.name});
            task[field.name] = json!({"no": "field takes an object"});
            let error = Task::from_value(task).unwrap_err();
            assert_ne!(
                error.code().as_str(),
                "unknown_field",
                "{}.{}",
                spec.name,
                field.name
            );
            assert_ne!(
                error.code().as_str(),
                "internal",
                "{}.{}",
                spec.name,
                field.name
            );
        }
    }
}

#[test]
fn bytes_that_are_no_json_are_refused_with_the_place() {
    for bytes in [
        &b""[..],
        b"{",
        b"\xff\xfe{}",
        b"{\"task_type\": \"\xc3\x28\"}",
        b"nan",
    ] {
        let error = Task::from_json(bytes).unwrap_err();
        assert_eq!(error.code().as_str(), "invalid_json", "{bytes:?}");
    }
}

#[test]
fn ids_may_be_integers_and_keep_all_digits() {
    let task =
        Task::from_json(br#"{"task_type": "analyze_call", "call_id": 18446744073709551615}"#);
    let Task::AnalyzeCall { call_id, .. } = task.unwrap() else {
        panic!("another task");
    };
    assert_eq!(call_id.as_str(), "18446744073709551615");
}

#[test]
fn a_last_day_is_part_of_the_period_and_reps_are_told_apart() {
    let read = |rep: &str| {
        let task =
            json!({"task_type": "coach_rep", "rep": rep, "from": "2026-01-01", "to": "2026-01-31"});
        match Task::from_value(task).unwrap() {
            Task::CoachRep { rep, period, .. } => (rep, period),
            other => panic!("{other:?}"),
        }
    };
    let (rep, period) = read("12345");
    assert_eq!(rep, Rep::Id("12345".into()));
    let TaskPeriod::Between(period) = period else {
        panic!("{period:?}");
    };
    assert_eq!(period.from.to_string(), "2026-01-01T00:00:00Z");
    assert_eq!(period.to.to_string(), "2026-02-01T00:00:00Z");
    assert_eq!(read("a@b.example").0, Rep::Email("a@b.example".into()));
    assert_eq!(read("Ana Bell").0, Rep::Name("Ana Bell".into()));
}
