//! What the examples that write a page share: where calls are heard, and whose clock it is.

use std::collections::BTreeSet;

use gong_snowflake::agents::report::CallLinks;
use gong_snowflake::calls::CallId;
use gong_snowflake::calls::jiff::tz::TimeZone;
use gong_snowflake::snowflake_store::CallReader;
use serde_json::Value;

/// Where the calls that results speak of are heard. A call without its page has no link.
pub(crate) async fn links(
    store: &dyn CallReader,
    results: impl IntoIterator<Item = &Value>,
) -> CallLinks {
    let mut ids = BTreeSet::new();
    results
        .into_iter()
        .for_each(|result| calls_of(result, &mut ids));
    let mut links = CallLinks::default();
    for id in ids {
        let id = CallId::new(id);
        if let Ok(Some(detail)) = store.call_detail(&id).await
            && let Some(url) = &detail.call.url
        {
            links.insert(&id, url);
        }
    }
    links
}

/// Ids of calls anywhere in a result: of evidence, and of what links to calls.
fn calls_of<'a>(value: &'a Value, ids: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(fields) => {
            let of_link = fields.get("id").filter(|_| fields.contains_key("started"));
            let named = fields.get("call_id").or(of_link);
            ids.extend(named.and_then(Value::as_str));
            fields.values().for_each(|inner| calls_of(inner, ids));
        }
        Value::Array(items) => items.iter().for_each(|inner| calls_of(inner, ids)),
        _ => {}
    }
}

/// A time zone as arguments name it.
pub(crate) fn time_zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name).map_err(|_| "is no time zone of the IANA database".to_owned())
}
