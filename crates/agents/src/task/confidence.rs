//! How sure an answer is, out of the claims that it shows.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// The claims under one name of a result, such as `next_steps`.
#[derive(Debug)]
struct Part {
    what: String,
    sum: f64,
    claims: u32,
    calls: BTreeSet<String>,
}

/// `{value, of: [{what, value, claims, calls}]}`: the mean confidence of all claims in a
/// result, and of those of each part with how many calls they cite. `None` where nothing is
/// claimed.
pub(super) fn confidence(result: &Value) -> Option<Value> {
    let mut parts = Vec::new();
    collect(result, "answer", &mut parts);
    let claims: u32 = parts.iter().map(|part| part.claims).sum();
    if claims == 0 {
        return None;
    }
    let total: f64 = parts.iter().map(|part| part.sum).sum();
    let of = parts.iter().map(|part| {
        json!({
            "what": part.what,
            "value": rounded(part.sum / f64::from(part.claims)),
            "claims": part.claims,
            "calls": part.calls.len(),
        })
    });
    let of: Vec<Value> = of.collect();
    Some(json!({"value": rounded(total / f64::from(claims)), "of": of}))
}

/// Claims are found by their shape, so that no task has to list its own.
fn collect(value: &Value, named: &str, parts: &mut Vec<Part>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, named, parts)),
        Value::Object(fields) => {
            if let Some((sure, evidence)) = claim(value) {
                add(parts, named, sure, evidence);
                return;
            }
            for (name, inner) in fields {
                // "recommendations[3].claim" belongs to the recommendations.
                let named = match inner {
                    Value::Array(_) => name,
                    _ => named,
                };
                collect(inner, named, parts);
            }
        }
        _ => {}
    }
}

fn claim(value: &Value) -> Option<(f64, &[Value])> {
    value.get("basis")?.as_str()?;
    let evidence = value.get("evidence")?.as_array()?;
    Some((value.get("confidence")?.as_f64()?, evidence))
}

fn add(parts: &mut Vec<Part>, what: &str, sure: f64, evidence: &[Value]) {
    let calls = evidence
        .iter()
        .filter_map(|one| one.get("call_id")?.as_str());
    let calls = calls.map(str::to_owned);
    match parts.iter_mut().find(|part| part.what == what) {
        Some(part) => {
            part.sum += sure;
            part.claims += 1;
            part.calls.extend(calls);
        }
        None => parts.push(Part {
            what: what.to_owned(),
            sum: sure,
            claims: 1,
            calls: calls.collect(),
        }),
    }
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
