//! `context[]`: the CRM objects that Gong linked to a call or to a person.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

use super::list::present;
use crate::{CrmObjectKind, CrmReference, CrmTiming, is_amount};

#[derive(Deserialize)]
pub(super) struct Context {
    #[serde(default)]
    system: Option<String>,
    #[serde(default, deserialize_with = "present")]
    objects: Vec<CrmObject>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CrmObject {
    #[serde(default)]
    object_type: Option<String>,
    #[serde(default)]
    object_id: Option<crate::DealId>,
    #[serde(default)]
    timing: Option<String>,
    #[serde(default, deserialize_with = "present")]
    fields: Vec<CrmField>,
}

#[derive(Deserialize)]
struct CrmField {
    #[serde(default)]
    name: Option<String>,
    // The specification says object; the wire has strings, numbers and nulls.
    #[serde(default)]
    value: Value,
}

/// One reference per linked object; an object without type or id is no link.
pub(super) fn crm_references(contexts: Vec<Context>) -> Vec<CrmReference> {
    let mut references = Vec::new();
    for context in contexts {
        let system = context.system.unwrap_or_default();
        for object in context.objects {
            let (Some(kind), Some(id)) = (object.object_type, object.object_id) else {
                continue;
            };
            let fields = object.fields;
            references.push(CrmReference {
                system: system.clone(),
                kind: CrmObjectKind::parse(&kind),
                id: id.into_string(),
                timing: object.timing.as_deref().and_then(timing),
                name: text_field(&fields, &["Name", "dealname"]),
                stage: text_field(&fields, &["StageName", "dealstage"]),
                amount: amount_field(&fields, &["Amount"]),
            });
        }
    }
    references
}

fn timing(text: &str) -> Option<CrmTiming> {
    match text {
        "Now" => Some(CrmTiming::Now),
        "TimeOfCall" => Some(CrmTiming::TimeOfCall),
        _ => None,
    }
}

/// The first field of one of these names, in their order: Gong's own names first,
/// then HubSpot's. Letter case is not reliable.
fn field<'a>(fields: &'a [CrmField], names: &[&str]) -> Option<&'a Value> {
    names.iter().find_map(|name| {
        fields
            .iter()
            .find(|field| {
                field
                    .name
                    .as_deref()
                    .is_some_and(|n| n.eq_ignore_ascii_case(name))
            })
            .map(|field| &field.value)
    })
}

fn text_field(fields: &[CrmField], names: &[&str]) -> Option<String> {
    match field(fields, names)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn amount_field(fields: &[CrmField], names: &[&str]) -> Option<Decimal> {
    let text = match field(fields, names)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    text.parse()
        .ok()
        .or_else(|| Decimal::from_scientific(&text).ok())
        .filter(|amount| is_amount(*amount))
}
