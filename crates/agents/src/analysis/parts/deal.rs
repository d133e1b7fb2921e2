//! What the call does for the deal: next steps, qualification, objections.

use snowflake_store::{CallInsights, Finding};

use crate::analysis::score::{Judged, Outcome, Target};
use crate::conversation::{Conversation, Side};
use crate::insights::kind;
use crate::{Figure, prose};

/// Sentences that are cited where something was expected and is missing.
const CLOSING_SENTENCES: usize = 3;

/// 60 for a next step or a promise at all, 20 more when one comes in the last
/// quarter of the call, where it is agreed and not merely wished, and 20 more
/// when one names a time.
pub(crate) fn next_steps(conversation: &Conversation<'_>, insights: &CallInsights) -> Outcome {
    let steps = &insights.next_steps;
    let last_quarter_ms = (conversation.seconds() * 750.0) as i64;
    let indices = |finding: &Finding| finding.sentences.clone();
    let is_late = |index: u32| {
        conversation
            .sentence(index)
            .is_some_and(|sentence| sentence.start_ms >= last_quarter_ms)
    };
    let is_dated = |index: u32| {
        conversation
            .sentence(index)
            .is_some_and(|sentence| names_a_time(&sentence.text))
    };
    let late = steps
        .iter()
        .any(|step| indices(step).into_iter().any(is_late));
    let dated = steps
        .iter()
        .any(|step| indices(step).into_iter().any(is_dated));
    let score = if steps.is_empty() {
        0.0
    } else {
        60.0 + if late { 20.0 } else { 0.0 } + if dated { 20.0 } else { 0.0 }
    };
    let why = match (steps.len(), late, dated) {
        (0, ..) => "No next step was agreed: the call ends without one.".to_owned(),
        (number, true, true) => format!(
            "{} found, one of them with a time and one near the end.",
            prose::count(number, "next step")
        ),
        (number, _, false) => format!(
            "{} found, but none names a time.",
            prose::count(number, "next step")
        ),
        (number, false, _) => format!(
            "{} found, but the end of the call does not repeat any.",
            prose::count(number, "next step")
        ),
    };
    let evidence = if steps.is_empty() {
        conversation.closing(CLOSING_SENTENCES)
    } else {
        conversation.cite(steps.iter().flat_map(indices).take(3))
    };
    Outcome::Scored(Judged {
        score,
        figures: vec![Figure::new("next_steps", steps.len() as f64, "count")],
        target: Target {
            low: Some(1.0),
            high: None,
            unit: "count",
            source: "ours: at least one, with a time, near the end",
        },
        why,
        evidence,
    })
}

/// A third of the marks for each of money, time and the way a decision is made:
/// all of it when somebody of the customer's side speaks of it, half when only
/// the company's side does, which is a question without an answer or a pitch.
/// Signals less sure than 0.6 do not count.
pub(crate) fn qualification(conversation: &Conversation<'_>, insights: &CallInsights) -> Outcome {
    let (mut answered, mut raised, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    let mut shown = Vec::new();
    for (kind, words) in QUALIFICATION {
        let mut of_kind = insights
            .signals
            .iter()
            .filter(|signal| signal.kind == kind && signal.score >= SURE_SIGNAL)
            .filter_map(|signal| signal.sentences.first().copied())
            .filter(|index| conversation.sentence(*index).is_some())
            .peekable();
        let first = of_kind.peek().copied();
        let by_customer = of_kind.find(|index| conversation.side(*index) == Side::Customer);
        shown.extend(by_customer.or(first));
        match (by_customer, first) {
            (Some(_), _) => answered.push(words),
            (None, Some(_)) => raised.push(words),
            (None, None) => missing.push(words),
        }
    }
    let score = answered.len() as f64 + raised.len() as f64 / 2.0;
    let listed = [
        ("The customer spoke of", &answered),
        ("only our side spoke of", &raised),
        ("nobody spoke of", &missing),
    ];
    let said: Vec<String> = listed
        .into_iter()
        .filter(|(_, topics)| !topics.is_empty())
        .map(|(who, topics)| format!("{who} {}", topics.join(" and ")))
        .collect();
    let evidence = if shown.is_empty() {
        conversation.closing(CLOSING_SENTENCES)
    } else {
        conversation.cite(shown)
    };
    Outcome::Scored(Judged {
        score: 100.0 * score / QUALIFICATION.len() as f64,
        figures: vec![Figure::new("qualification_topics", score, "count")],
        target: Target {
            low: Some(3.0),
            high: None,
            unit: "count",
            source: "ours: price, timeline and decision process, each from the customer's mouth",
        },
        why: prose::sentence(&said.join("; ")),
        evidence,
    })
}

/// A signal less sure than this is not a topic of the call.
const SURE_SIGNAL: f64 = 0.6;

/// What a qualified deal has been asked about, and how people call it.
const QUALIFICATION: [(&str, &str); 3] = [
    (kind::PRICING_MENTION, "price"),
    (kind::TIMELINE, "timeline"),
    (kind::DECISION_PROCESS, "decision process"),
];

/// Whether a sentence names a day, a time or a date.
fn names_a_time(text: &str) -> bool {
    const WORDS: [&str; 29] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "today",
        "tonight",
        "tomorrow",
        "week",
        "weeks",
        "month",
        "quarter",
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "noon",
        "o'clock",
        "eod",
        "end-of-day",
    ];
    text.split(|letter: char| letter.is_whitespace() || matches!(letter, ',' | ';' | '(' | ')'))
        .map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric()))
        .any(|word| {
            let word = word.to_ascii_lowercase();
            let ordinal = word
                .strip_suffix("th")
                .or_else(|| word.strip_suffix("st"))
                .or_else(|| word.strip_suffix("nd"))
                .or_else(|| word.strip_suffix("rd"))
                .or_else(|| word.strip_suffix("am"))
                .or_else(|| word.strip_suffix("pm"))
                .is_some_and(|number| {
                    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
                });
            ordinal
                || word.contains(':') && word.bytes().any(|byte| byte.is_ascii_digit())
                || WORDS.contains(&word.as_str())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_day_a_date_or_a_clock_time() {
        for dated in [
            "Let's meet on Tuesday.",
            "I'll send it by the 14th.",
            "Does 3pm work?",
            "Talk next week, then.",
            "At 10:30, please.",
        ] {
            assert!(names_a_time(dated), "{dated}");
        }
        for undated in [
            "I'll send you the deck.",
            "We may do that.",
            "I am sure.",
            "The best and the rest.",
        ] {
            assert!(!names_a_time(undated), "{undated}");
        }
    }
}
