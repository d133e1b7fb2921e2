//! The page decoders survive any input, and lose nothing of it.

use proptest::prelude::*;
use resilience::ErrorKind;
use serde_json::{Value, json};

use calls::CallId;

use super::{call, calls, extensive_calls, one, records, transcripts, users, workspaces};
use crate::Cursor;
use crate::groups::calls::CallRecord;

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    let key = prop::sample::select(vec![
        "records",
        "cursor",
        "totalRecords",
        "calls",
        "callTranscripts",
        "users",
        "workspaces",
        "call",
        "callId",
        "metaData",
        "id",
        "other",
    ]);
    leaf.prop_recursive(5, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..6)
                .prop_map(|pairs| pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()),
        ]
    })
}

fn read_by_all(body: &[u8]) {
    let _ = transcripts(body, "callTranscripts");
    let _ = extensive_calls(body, "calls");
    let _ = calls(body, "calls");
    let _ = call(body, "");
    let _ = users(body, "users");
    let _ = workspaces(body, "workspaces");
    let _ = records::<CallRecord>(body, "calls");
    let _ = one::<CallRecord>(body, "call");
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(body in prop::collection::vec(any::<u8>(), 0..400)) {
        read_by_all(&body);
    }

    #[test]
    fn any_json_is_read_or_refused(value in any_json()) {
        read_by_all(value.to_string().as_bytes());
    }

    /// Whatever its records are, a page accounts for each of them.
    #[test]
    fn every_record_is_delivered_or_rejected(records in prop::collection::vec(any_json(), 0..8)) {
        let body = json!({"records": {"cursor": "next"}, "callTranscripts": records}).to_string();
        let page = transcripts(body.as_bytes(), "callTranscripts").unwrap();
        prop_assert_eq!(page.items.len() + page.rejected.len(), records.len());
        prop_assert_eq!(page.next, Some(Cursor::new("next")));
        for rejected in page.rejected {
            let sent: &Value = &records[rejected.position];
            prop_assert_eq!(rejected.payload, sent.to_string());
        }
    }

    /// Bad bytes anywhere in a text cost at most the records that they are in.
    #[test]
    fn bad_bytes_cost_their_record_only(
        texts in prop::collection::vec(prop::collection::vec(
            any::<u8>().prop_filter("ends or escapes the text", |b| *b >= 0x20 && *b != b'"' && *b != b'\\'), 0..40), 1..6),
    ) {
        let mut body = br#"{"callTranscripts":["#.to_vec();
        for (position, text) in texts.iter().enumerate() {
            let separator = if position == 0 { "" } else { "," };
            body.extend(format!(r#"{separator}{{"callId":{position},"text":""#).bytes());
            body.extend(text);
            body.extend(br#""}"#);
        }
        body.extend(br#"],"records":{"cursor":"next"}}"#);
        let page = transcripts(&body, "callTranscripts").unwrap();
        let good: Vec<usize> = texts.iter().enumerate()
            .filter(|(_, text)| std::str::from_utf8(text).is_ok()).map(|(n, _)| n).collect();
        let delivered: Vec<usize> =
            page.items.iter().map(|raw| raw.call_id.as_str().parse().unwrap()).collect();
        prop_assert_eq!(&delivered, &good);
        prop_assert_eq!(page.rejected.len(), texts.len() - good.len());
        for rejected in page.rejected {
            prop_assert_eq!(rejected.call_id, Some(CallId::new(rejected.position.to_string())));
            // The text begins after {"callId":N,"text":" of 20 bytes.
            let valid = std::str::from_utf8(&texts[rejected.position]).unwrap_err().valid_up_to();
            prop_assert_eq!(rejected.reason, format!("invalid UTF-8 at byte {} of the record", 20 + valid));
        }
        prop_assert_eq!(page.next, Some(Cursor::new("next")));
    }

    /// A reply that is cut anywhere is worth another try.
    #[test]
    fn a_cut_reply_is_transient(records in prop::collection::vec(any_json(), 1..4), at in 0.0..1.0_f64) {
        let body = json!({"callTranscripts": records, "records": {}}).to_string();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let end = (body.len() as f64 * at) as usize;
        let error = transcripts(&body.as_bytes()[..end], "callTranscripts").unwrap_err();
        prop_assert_eq!(error.kind(), ErrorKind::Transient);
    }
}
