//! What the call does for the deal: next steps, qualification, answers to pushback.

use calls::reading::{
    CallType, Handling, KnownState, NextStep, Part, Pushback, Qualification, Reading, StepStatus,
};

use crate::analysis::score::{Judged, Outcome, Target};
use crate::conversation::Conversation;
use crate::insights::is_open;
use crate::targets::{CoachMetric, Targets};
use crate::{Figure, prose};

/// Sentences that are cited where something was expected and is missing.
const CLOSING_SENTENCES: usize = 3;

/// Sentences that are cited at most.
const CITED: usize = 4;

/// What could not be read is not missing.
fn not_read(reading: &Reading, part: Part) -> Option<Outcome> {
    (!reading.was_read(part)).then(|| Outcome::Unscored("it could not be read".to_owned()))
}

fn no_sale(reading: &Reading) -> Option<Outcome> {
    let sells = reading.call_type.is_none_or(CallType::is_sales);
    (!sells).then(|| Outcome::Unscored("nothing is sold in this call".to_owned()))
}

/// The best step counts: 50 when it is agreed or promised and 25 when it hangs on something
/// or was only offered, 20 more with an owner, 30 more with a date.
pub(crate) fn next_steps(conversation: &Conversation<'_>, reading: &Reading) -> Outcome {
    if let Some(unscored) = not_read(reading, Part::NextSteps) {
        return unscored;
    }
    let worth = |step: &NextStep| -> f64 {
        let firm = matches!(step.status, StepStatus::Agreed | StepStatus::Promised);
        let firmness: f64 = if firm { 50.0 } else { 25.0 };
        firmness
            + if step.owner.is_some() { 20.0 } else { 0.0 }
            + if step.due.is_some() { 30.0 } else { 0.0 }
    };
    let mut steps: Vec<&NextStep> = reading.next_steps.iter().collect();
    steps.sort_by(|left, right| worth(right).total_cmp(&worth(left)));
    let count = |is: fn(&NextStep) -> bool| steps.iter().filter(|step| is(step)).count();
    let owned = count(|step| step.owner.is_some());
    let dated = count(|step| step.due.is_some());
    let why = if steps.is_empty() {
        "No next step was heard.".to_owned()
    } else {
        let steps = prose::count(steps.len(), "next step");
        format!("{steps} heard: {owned} with an owner, {dated} with a date.")
    };
    let cited: Vec<usize> = steps
        .iter()
        .filter_map(|step| step.sentences.first().copied())
        .collect();
    let mut evidence = conversation.cite_read(&cited, CITED);
    if evidence.is_empty() {
        evidence = conversation.closing(CLOSING_SENTENCES);
    }
    Outcome::Scored(Judged {
        score: steps.first().map_or(0.0, |best| worth(best)),
        figures: vec![
            Figure::new("next_steps", steps.len() as f64, "count"),
            Figure::new("with_an_owner", owned as f64, "count"),
            Figure::new("with_a_date", dated as f64, "count"),
        ],
        target: Target {
            low: Some(1.0),
            high: None,
            unit: "count",
            source: "ours: one that is agreed or promised, with an owner and a date".to_owned(),
        },
        why,
        evidence,
    })
}

/// What is known of the deal by MEDDICC: an element counts one when it was said in so many
/// words, and half when it was touched.
pub(crate) fn qualification(
    conversation: &Conversation<'_>,
    reading: &Reading,
    targets: &Targets,
) -> Outcome {
    let unscored = not_read(reading, Part::Qualification).or_else(|| no_sale(reading));
    if let Some(unscored) = unscored {
        return unscored;
    }
    let of_state = |wanted: KnownState| -> Vec<String> {
        let elements = reading.qualification.elements();
        elements
            .filter(|(_, known)| known.state == wanted)
            .map(|(element, _)| element.as_str().replace('_', " "))
            .collect()
    };
    let states = [
        ("known", of_state(KnownState::Known)),
        ("touched", of_state(KnownState::Partial)),
        ("not heard", of_state(KnownState::Unknown)),
    ];
    let known = states[0].1.len() as f64 + states[1].1.len() as f64 / 2.0;
    let said: Vec<String> = states
        .iter()
        .filter(|(_, elements)| !elements.is_empty())
        .map(|(state, elements)| format!("{state}: {}", elements.join(", ")))
        .collect();
    let mut evidence = conversation.cite_read(&said_of(&reading.qualification), CITED);
    if evidence.is_empty() {
        evidence = conversation.closing(CLOSING_SENTENCES);
    }
    Outcome::Scored(Judged {
        score: targets.of(CoachMetric::Qualification).score(known),
        figures: vec![Figure::new("qualification_elements", known, "count")],
        target: Target::of(targets, CoachMetric::Qualification),
        why: prose::sentence(&said.join("; ")),
        evidence,
    })
}

/// A sentence for each element.
fn said_of(qualification: &Qualification) -> Vec<usize> {
    let firsts = qualification
        .elements()
        .filter_map(|(_, known)| known.sentences.first().copied());
    firsts.collect()
}

/// The mean of how pushback was handled, which is the score. Calls without pushback are not
/// scored on it.
pub(crate) fn objection_handling(
    conversation: &Conversation<'_>,
    reading: &Reading,
    targets: &Targets,
) -> Outcome {
    if let Some(unscored) = not_read(reading, Part::Pushback) {
        return unscored;
    }
    let mut asked: Vec<(&Pushback, f64)> = reading
        .pushback
        .iter()
        .filter_map(|one| Some((one, handling_worth(one.handling)?)))
        .collect();
    if asked.is_empty() {
        return Outcome::Unscored("nothing was heard that asked for an answer".to_owned());
    }
    let mean = asked.iter().map(|(_, worth)| worth).sum::<f64>() / asked.len() as f64;
    let open = asked
        .iter()
        .filter(|(one, _)| is_open(one.handling))
        .count();
    let unanswered = asked.iter().filter(|(_, worth)| *worth < 0.5).count();
    let why = handled(asked.len() - open, open - unanswered, unanswered);
    // The one that was handled worst shows the point.
    asked.sort_by(|left, right| left.1.total_cmp(&right.1));
    let shown: Vec<usize> = asked
        .iter()
        .flat_map(|(one, _)| [one.sentences.first(), one.handling_sentences.first()])
        .flatten()
        .copied()
        .collect();
    Outcome::Scored(Judged {
        score: 100.0 * mean,
        figures: vec![
            Figure::new("objections_handled", mean, "share"),
            Figure::new("objections", asked.len() as f64, "count"),
            Figure::new("objections_unanswered", unanswered as f64, "count"),
        ],
        target: Target::of(targets, CoachMetric::PushbackHandled),
        why,
        evidence: conversation.cite_read(&shown, CITED),
    })
}

/// 1 resolved, 0.75 addressed, 0.25 dodged, 0 ignored or made worse; `None` for what asked
/// for no answer.
pub(crate) fn handling_worth(handling: Handling) -> Option<f64> {
    match handling {
        Handling::Resolved => Some(1.0),
        Handling::Addressed => Some(0.75),
        Handling::Dodged => Some(0.25),
        Handling::Ignored | Handling::MadeWorse => Some(0.0),
        _ => None,
    }
}

/// What is open here is what is listed among the risks.
fn handled(settled: usize, open: usize, unanswered: usize) -> String {
    let states = [
        (settled, "settled"),
        (open, "answered and still open"),
        (unanswered, "without an answer that met it"),
    ];
    let states: Vec<String> = states
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, state)| format!("{count} {state}"))
        .collect();
    let all = prose::count(settled + open + unanswered, "objection");
    format!("{all} heard: {}.", states.join(", "))
}
