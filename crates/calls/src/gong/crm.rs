//! `context[]`: the CRM objects that Gong linked to a call or to a person.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

use super::field::{Field, expected_objects};
use super::place::Place;
use crate::notes::Notes;
use crate::{CrmObjectKind, CrmReference, CrmTiming, DealId, is_amount};

#[derive(Deserialize)]
pub(super) struct Context {
    #[serde(default)]
    system: Field<String>,
    #[serde(default)]
    objects: Field<Vec<Field<CrmObject>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CrmObject {
    #[serde(default)]
    object_type: Field<String>,
    #[serde(default)]
    object_id: Field<DealId>,
    #[serde(default)]
    timing: Field<String>,
    #[serde(default)]
    fields: Field<Vec<Field<WireField>>>,
}

#[derive(Deserialize)]
struct WireField {
    #[serde(default)]
    name: Field<String>,
    // The specification says object; the wire has strings, numbers and nulls.
    #[serde(default)]
    value: Value,
}

expected_objects!(Context, CrmObject, WireField);

/// A named value of a CRM object.
struct CrmField {
    name: String,
    value: Value,
}

/// One reference per linked object; an object without type or id is not a link.
pub(super) fn crm_references(
    place: &Place<'_>,
    contexts: Field<Vec<Field<Context>>>,
    notes: &mut Notes,
) -> Vec<CrmReference> {
    let mut references = Vec::new();
    let contexts = place.read(contexts, notes).unwrap_or_default();
    for (index, field) in contexts.into_iter().enumerate() {
        let place = place.item(index);
        let Some(context) = place.read(field, notes) else {
            continue;
        };
        let system = place.key("system").read(context.system, notes);
        let system = system.unwrap_or_default();
        let place = place.key("objects");
        let objects = place.read(context.objects, notes).unwrap_or_default();
        for (index, field) in objects.into_iter().enumerate() {
            let place = place.item(index);
            let object = place.read(field, notes);
            let reference = object.and_then(|object| reference(&system, &place, object, notes));
            references.extend(reference);
        }
    }
    references
}

fn reference(
    system: &str,
    place: &Place<'_>,
    object: CrmObject,
    notes: &mut Notes,
) -> Option<CrmReference> {
    let kind = place.key("objectType").read(object.object_type, notes);
    let id = place.key("objectId").read(object.object_id, notes);
    let timing_text = place.key("timing").read(object.timing, notes);
    let fields = named_fields(&place.key("fields"), object.fields, notes);
    Some(CrmReference {
        system: system.to_owned(),
        kind: CrmObjectKind::parse(&kind?),
        id: id?.into_string(),
        timing: timing_text.as_deref().and_then(timing),
        name: text_field(&fields, &["Name", "dealname"]),
        stage: text_field(&fields, &["StageName", "dealstage"]),
        amount: amount_field(&fields, &["Amount"]),
    })
}

fn named_fields(
    place: &Place<'_>,
    fields: Field<Vec<Field<WireField>>>,
    notes: &mut Notes,
) -> Vec<CrmField> {
    let fields = place.read(fields, notes).unwrap_or_default();
    let fields = fields.into_iter().enumerate().filter_map(|(index, field)| {
        let place = place.item(index);
        let WireField { name, value } = place.read(field, notes)?;
        let name = place.key("name").read(name, notes)?;
        Some(CrmField { name, value })
    });
    fields.collect()
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
            .find(|field| field.name.eq_ignore_ascii_case(name))
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
