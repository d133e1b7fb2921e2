//! Meetings that are no sales calls: what is promised on them is found, and nobody is said
//! to object to an offer.

use std::collections::BTreeSet;

use calls::reading::{CallToRead, Reading};
use cortex::{LanguageBackendExt, LocalLanguage};
use serde_json::json;

use crate::Result;
use crate::data::{ActionMeeting, DataSets};
use crate::figure::{Aim, Figure};

/// Claims on a meeting that is no sales call: so many are too many.
const TOO_MANY: usize = 2;

pub(crate) async fn figures(data: &DataSets) -> Result<Vec<Figure>> {
    let meetings = data.action_meetings()?;
    let language = LocalLanguage::new();
    let (mut right, mut found, mut labelled) = (0_usize, 0_usize, 0_usize);
    let (mut claims, mut too_many) = (0_usize, 0_usize);
    for meeting in &meetings {
        for with_sides in [false, true] {
            let reading = language.reading_of(call(meeting, with_sides)?).await?;
            let claimed = claimed(&reading);
            claims += claimed;
            too_many += usize::from(claimed >= TOO_MANY);
            if !with_sides && meeting.linked {
                let actions = meeting.actions();
                let steps = steps(&reading);
                right += steps.intersection(&actions).count();
                found += steps.len();
                labelled += actions.len();
            }
        }
    }
    let figure = |name, value, digits, unit, aim, items| Figure {
        name,
        value,
        digits,
        unit,
        aim,
        items,
        part: None,
    };
    #[allow(clippy::cast_precision_loss)] // Thousands.
    let (share, f1) = (
        100.0 * too_many as f64 / (2 * meetings.len()).max(1) as f64,
        2.0 * right as f64 / (found + labelled).max(1) as f64,
    );
    let percent = |of: usize| 100 * right / of.max(1);
    Ok(vec![
        figure(
            "reading: AMI meetings with more than one claim of pushback, praise or pains",
            share,
            1,
            "%",
            Aim::Below(0.05),
            format!(
                "{} meetings, each with sides and without; {claims} claims",
                meetings.len()
            ),
        ),
        figure(
            "reading: action acts of AMI meetings, F1",
            f1,
            2,
            "",
            Aim::Comparison,
            format!(
                "{labelled} acts; P {} %, R {} %",
                percent(found),
                percent(labelled)
            ),
        ),
    ])
}

/// The meeting as a call; with sides the first who speaks sells to the others.
fn call(meeting: &ActionMeeting, with_sides: bool) -> Result<CallToRead> {
    let mut speakers: Vec<&str> = Vec::new();
    for act in &meeting.acts {
        if !speakers.contains(&act.speaker.as_str()) {
            speakers.push(&act.speaker);
        }
    }
    let side = |at: usize| match (with_sides, at) {
        (false, _) => "unknown",
        (true, 0) => "rep",
        (true, _) => "customer",
    };
    let parties = speakers.iter().enumerate();
    let parties: Vec<_> = parties
        .map(|(at, id)| json!({"id": id, "name": id, "side": side(at)}))
        .collect();
    let turns = meeting
        .acts
        .chunk_by(|one, next| one.speaker == next.speaker);
    let turns: Vec<_> = turns
        .map(|turn| {
            let said: Vec<&str> = turn.iter().map(|act| act.text.as_str()).collect();
            json!({"speaker": turn[0].speaker, "sentences": said})
        })
        .collect();
    Ok(serde_json::from_value(json!({
        "id": meeting.id, "title": "Design meeting", "started": "2005-01-12T10:00:00Z",
        "parties": parties, "turns": turns,
    }))?)
}

fn claimed(reading: &Reading) -> usize {
    reading.pushback.len() + reading.praise.len() + reading.pains.len()
}

fn steps(reading: &Reading) -> BTreeSet<usize> {
    let steps = reading.next_steps.iter();
    steps.flat_map(|step| step.sentences.clone()).collect()
}
