//! The summary: how it stands, what stands in the way, what is next.

use calls::reading::{Claim, Owner, Reading, Side};

use super::context::Context;
use super::steps::of_side;

/// Next steps that a summary names.
const STEPS: usize = 3;

pub(super) fn summarize(context: &Context<'_>, reading: &mut Reading) {
    let likely = reading.likely();
    let mut claims = Vec::new();
    let customers = of_side(&context.call.parties, Side::Customer).map(|party| party.name.as_str());
    let customers: Vec<&str> = customers.filter(|name| !name.is_empty()).collect();
    let with = if customers.is_empty() {
        String::new()
    } else {
        format!(" with {}", customers.join(", "))
    };
    if let Some(kind) = reading.call_type {
        claims.push(Claim::new(format!("{}{with}.", kind.label()), Vec::new()));
    }
    if let Some(health) = reading.deal_health {
        let stands = match health {
            0..=34 => "The deal looks weak",
            35..=64 => "The deal is open",
            _ => "The deal looks strong",
        };
        let worst = likely.pushback.iter().max_by(|left, right| {
            let weight = |severity: u8, sure: f64| f64::from(severity) * sure;
            let left = weight(left.severity, left.confidence.value);
            left.total_cmp(&weight(right.severity, right.confidence.value))
        });
        claims.push(match worst {
            Some(worst) => Claim::new(
                format!(
                    "{stands}; main obstacle ({}): \u{201c}{}\u{201d}",
                    worst.kind.label(),
                    worst.what
                ),
                worst.sentences.clone(),
            ),
            None => Claim::new(format!("{stands}; no obstacle was found."), Vec::new()),
        });
    }
    if let Some(pain) = likely
        .pains
        .iter()
        .max_by(|left, right| left.confidence.value.total_cmp(&right.confidence.value))
    {
        claims.push(Claim::new(
            format!("Pain: \u{201c}{}\u{201d}", pain.what),
            pain.sentences.clone(),
        ));
    }
    let mut steps: Vec<_> = likely.next_steps.iter().collect();
    steps.sort_by(|left, right| right.confidence.value.total_cmp(&left.confidence.value));
    steps.truncate(STEPS);
    steps.sort_by_key(|step| step.sentences.first().copied());
    for step in &steps {
        let who = match &step.owner {
            Some(Owner::Party(id)) => context
                .call
                .party(id)
                .map_or("somebody", |party| party.name.as_str()),
            Some(_) => "both sides",
            None => "nobody named",
        };
        let due = step.due.map_or_else(String::new, |due| {
            format!(", by {}", due.strftime("%a %-d %b %Y"))
        });
        claims.push(Claim::new(
            format!("Next, {who}{due}: \u{201c}{}\u{201d}", step.what),
            step.sentences.clone(),
        ));
    }
    if steps.is_empty() {
        claims.push(Claim::new("No next step was heard.", Vec::new()));
    }
    let texts: Vec<&str> = claims.iter().map(|claim| claim.what.as_str()).collect();
    reading.summary = texts.join(" ");
    reading.summary_claims = claims;
}
