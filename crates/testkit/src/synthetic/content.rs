//! What Gong would report about a conversation: topics, trackers, brief, statistics.

use std::collections::BTreeMap;

use fastrand::Rng;
use serde_json::{Value, json};

use super::call_kind::CallKind;
use super::plan::{CallPlan, DealPlan};
use super::script::{Role, SCRIPTS};
use super::timing::{Monologue, TimedSentence};

/// Speakers' ids by role.
pub(super) type Voices = BTreeMap<Role, String>;

/// `content` of the extensive call. Keys, and sometimes all of it, are absent,
/// as Gong leaves out what it has not computed.
pub(super) fn content(
    deal: &DealPlan,
    call: &CallPlan,
    monologues: &[Monologue],
    voices: &Voices,
    rng: &mut Rng,
) -> Option<Value> {
    if rng.f64() < 0.03 {
        return None;
    }
    let sections = topic_spans(monologues);
    let mut content = json!({
        "topics": topics(&sections),
        "structure": topics(&sections),
        "trackers": trackers(deal, monologues, voices),
        "outline": outline(&sections, monologues),
    });
    if rng.f64() < 0.85 {
        content["brief"] = brief(deal, call).into();
        content["keyPoints"] = key_points(deal, call);
        content["highlights"] = highlights(call, monologues);
    }
    if rng.f64() < 0.4 {
        content["callOutcome"] = match call.next_step_agreed {
            true => {
                json!({"id": "MEETING_BOOKED", "category": "Answered", "name": "Meeting booked"})
            }
            false => json!({"id": "FOLLOW_UP", "category": "Answered", "name": "Follow up"}),
        };
    }
    Some(content)
}

/// Topic with start and end in milliseconds.
type Span = (&'static str, i64, i64);

fn topic_spans(monologues: &[Monologue]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for monologue in monologues {
        let (Some(topic), Some(first), Some(last)) = (
            monologue.topic,
            monologue.sentences.first(),
            monologue.sentences.last(),
        ) else {
            continue;
        };
        match spans.last_mut() {
            Some(span) if span.0 == topic => span.2 = last.end,
            _ => spans.push((topic, first.start, last.end)),
        }
    }
    spans
}

fn topics(spans: &[Span]) -> Value {
    let mut seconds: BTreeMap<&str, i64> = BTreeMap::new();
    for (topic, start, end) in spans {
        *seconds.entry(topic).or_default() += (end - start) / 1_000;
    }
    seconds
        .into_iter()
        .map(|(name, duration)| json!({"name": name, "duration": duration}))
        .collect()
}

/// Id, name and phrases of the company's keyword trackers.
const TRACKERS: [(&str, &str, &[&str]); 3] = [
    (
        "5682545255455601",
        "Pricing",
        &["price", "discount", "budget", "expensive"],
    ),
    (
        "5682545255455602",
        "Next Steps",
        &["calendar", "invitation", "send you"],
    ),
    (
        "5682545255455603",
        "Objections",
        &["worried", "not sure", "no time", "too expensive"],
    ),
];

fn trackers(deal: &DealPlan, monologues: &[Monologue], voices: &Voices) -> Value {
    let competitor = deal.slots.get("competitor").map_or("", String::as_str);
    let of_competitors = ("5682545255455600", "Competitors", &[competitor][..]);
    let all = std::iter::once(of_competitors).chain(TRACKERS);
    let tracker = |(id, name, phrases): (&str, &str, &[&str])| {
        let phrases: Vec<Value> = phrases
            .iter()
            .filter_map(|phrase| {
                let occurrences: Vec<Value> = said(monologues)
                    .filter(|(_, sentence)| {
                        sentence.text.to_lowercase().contains(&phrase.to_lowercase())
                    })
                    .map(|(role, sentence)| {
                        json!({"startTime": seconds(sentence.start), "speakerId": voices.get(&role)})
                    })
                    .collect();
                let count = occurrences.len();
                let found = json!({"phrase": phrase, "count": count, "occurrences": occurrences});
                (count > 0).then_some(found)
            })
            .collect();
        let occurrences: Vec<&Value> = phrases
            .iter()
            .filter_map(|phrase| phrase["occurrences"].as_array())
            .flatten()
            .collect();
        json!({
            "id": id,
            "name": name,
            "type": "KEYWORD",
            "count": occurrences.len(),
            "occurrences": occurrences,
            "phrases": phrases,
        })
    };
    all.map(tracker)
        .filter(|tracker| tracker["count"] != 0)
        .collect()
}

fn said(monologues: &[Monologue]) -> impl Iterator<Item = (Role, &TimedSentence)> {
    monologues
        .iter()
        .flat_map(|m| m.sentences.iter().map(move |sentence| (m.role, sentence)))
}

/// Outline times are float seconds on the wire, with the noise of an `f32`.
fn seconds(milliseconds: i64) -> f64 {
    f64::from(milliseconds as f32 / 1_000.0)
}

fn outline(spans: &[Span], monologues: &[Monologue]) -> Value {
    let section = |(topic, start, end): &Span| {
        let items: Vec<Value> = said(monologues)
            .filter(|(role, sentence)| {
                role.is_seller() && (*start..*end).contains(&sentence.start) && sentence.text.len() > 60
            })
            .take(3)
            .map(|(_, sentence)| json!({"text": sentence.text, "startTime": seconds(sentence.start)}))
            .collect();
        json!({
            "section": topic,
            "startTime": seconds(*start),
            "duration": seconds(end - start),
            "items": items,
        })
    };
    spans.iter().map(section).collect()
}

fn pain_name(deal: &DealPlan, which: usize) -> &'static str {
    let name = SCRIPTS.pains[deal.pains[which]]
        .get("name")
        .and_then(|names| names.first());
    name.copied().unwrap_or_default()
}

fn brief(deal: &DealPlan, call: &CallPlan) -> String {
    let slot = |name: &str| deal.slots.get(name).map_or("", String::as_str);
    let (rep, buyer, company) = (slot("rep"), slot("buyer"), slot("company"));
    let (pain, pain2) = (pain_name(deal, 0), pain_name(deal, 1));
    let about = match call.kind {
        CallKind::Discovery => format!(
            "{buyer} described how {company} handles {pain} and {pain2} today, and what it costs."
        ),
        CallKind::Demo => format!(
            "{rep} showed {company} the product on {pain} and {pain2}, and answered technical questions."
        ),
        CallKind::Pricing => format!(
            "{rep} presented the proposal of {} a year for {} users.",
            slot("list"),
            slot("seats")
        ),
        CallKind::Objection => format!(
            "{buyer} raised concerns from the team at {company} about price, time and adoption."
        ),
        CallKind::Negotiation => format!(
            "{rep} and {buyer} went through price, payment terms and liability; {company} asked for {}.",
            slot("offer")
        ),
        CallKind::Kickoff => {
            format!("The teams planned the implementation for {pain} at {company}.")
        }
        CallKind::Review => format!(
            "{buyer} looked back at the year with {rep}: usage, support and results in {pain}."
        ),
        CallKind::Renewal => {
            format!("{rep} and {buyer} discussed the renewal, the number of licences and {pain2}.")
        }
    };
    let tone = match call.mood {
        mood if mood > 0.35 => format!(" {buyer} was positive throughout."),
        mood if mood < -0.35 => format!(" {buyer} was sceptical."),
        _ => String::new(),
    };
    let next = match call.next_step_agreed {
        true => " A next call was put in the calendar.",
        false => " No date for a next call was agreed.",
    };
    format!("{about}{tone}{next}")
}

fn key_points(deal: &DealPlan, call: &CallPlan) -> Value {
    let slot = |name: &str| deal.slots.get(name).map_or("", String::as_str);
    let mut points = vec![
        format!("{} is the first priority", pain_name(deal, 0)),
        format!(
            "{} signs, {} has to agree",
            slot("signer"),
            slot("second_area")
        ),
    ];
    if deal.has_competitor && call.kind != CallKind::Kickoff {
        points.push(format!("{} is also in the running", slot("competitor")));
    }
    points
        .into_iter()
        .map(|text| json!({"text": text}))
        .collect()
}

/// Sentences of the sellers under "Next Steps", where a date was agreed.
fn highlights(call: &CallPlan, monologues: &[Monologue]) -> Value {
    let items: Vec<Value> = monologues
        .iter()
        .filter(|m| call.next_step_agreed && m.topic == Some("Next Steps") && m.role.is_seller())
        .flat_map(|m| &m.sentences)
        .filter(|sentence| !sentence.text.ends_with('?') && sentence.text.len() > 40)
        .map(|sentence| json!({"text": sentence.text, "startTimes": [seconds(sentence.start)]}))
        .collect();
    match items.is_empty() {
        true => json!([]),
        false => json!([{"title": "Next steps", "items": items}]),
    }
}

/// `interaction` of the extensive call. The formulas are the simulator's; Gong's
/// own are not public.
pub(super) fn interaction(
    monologues: &[Monologue],
    party_ids: &Voices,
    user_ids: &Voices,
) -> Value {
    let mut talk: BTreeMap<Role, i64> = BTreeMap::new();
    let (mut company_questions, mut other_questions) = (0, 0);
    for (role, sentence) in said(monologues) {
        *talk.entry(role).or_default() += sentence.end - sentence.start;
        let questions = if role.is_seller() {
            &mut company_questions
        } else {
            &mut other_questions
        };
        *questions += usize::from(sentence.text.ends_with('?'));
    }
    let total: i64 = talk.values().sum();
    let company: i64 = talk
        .iter()
        .filter(|(role, _)| role.is_seller())
        .map(|(_, ms)| ms)
        .sum();
    let turns: Vec<&Monologue> = monologues.iter().filter(|m| !m.is_backchannel).collect();
    let longest = |of_company: bool| {
        let lengths = turns.iter().filter(|m| m.role.is_seller() == of_company);
        lengths
            .map(|m| end_of(m) - start_of(m))
            .max()
            .unwrap_or_default() as f64
            / 1_000.0
    };
    let switches = turns
        .windows(2)
        .filter(|pair| pair[0].role != pair[1].role)
        .count();
    let minutes = turns
        .last()
        .map_or(1.0, |last| end_of(last) as f64 / 60_000.0)
        .max(0.1);
    let mut pauses: Vec<i64> = turns
        .windows(2)
        .filter(|pair| !pair[0].role.is_seller() && pair[1].role.is_seller())
        .map(|pair| (start_of(pair[1]) - end_of(pair[0])).max(0))
        .collect();
    pauses.sort_unstable();
    let patience = pauses
        .get(pauses.len() / 2)
        .map_or(0.0, |ms| *ms as f64 / 1_000.0);
    let speakers: Vec<Value> = talk
        .iter()
        .map(|(role, ms)| {
            let mut speaker = json!({"id": party_ids.get(role), "talkTime": *ms as f64 / 1_000.0});
            if let Some(user_id) = user_ids.get(role) {
                speaker["userId"] = user_id.as_str().into();
            }
            speaker
        })
        .collect();
    json!({
        "speakers": speakers,
        "interactionStats": [
            {"name": "Talk Ratio", "value": company as f64 / total.max(1) as f64},
            {"name": "Longest Monologue", "value": longest(true)},
            {"name": "Longest Customer Story", "value": longest(false)},
            {"name": "Interactivity", "value": switches as f64 / minutes},
            {"name": "Patience", "value": patience},
        ],
        "questions": {"companyCount": company_questions, "nonCompanyCount": other_questions},
    })
}

fn start_of(monologue: &Monologue) -> i64 {
    monologue
        .sentences
        .first()
        .map_or(0, |sentence| sentence.start)
}

fn end_of(monologue: &Monologue) -> i64 {
    monologue
        .sentences
        .iter()
        .map(|sentence| sentence.end)
        .max()
        .unwrap_or_default()
}
