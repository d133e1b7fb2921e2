//! Summaries: how many words they share with people's.

use cortex::{LanguageBackend, LocalLanguage, SummaryRequest, Utterance};

use crate::Result;
use crate::data::{Meeting, Part};
use crate::figure::{Aim, Figure};
use crate::statistics::{mean, rouge_1};

const MAX_WORDS: usize = 150;

pub(crate) async fn likeness(meetings: &[Meeting], part: Part) -> Result<Vec<Figure>> {
    let requests: Vec<SummaryRequest> = meetings.iter().map(request).collect();
    let summaries = LocalLanguage::new().summarize(&requests).await?;
    let mut scores = Vec::with_capacity(meetings.len());
    for (meeting, summary) in meetings.iter().zip(summaries) {
        let summary = summary?.text;
        if summary.split_whitespace().count() > MAX_WORDS {
            return Err(format!("the summary of {} is too long", meeting.id).into());
        }
        let human = meeting
            .summaries
            .first()
            .ok_or("a meeting without a summary")?;
        scores.push(rouge_1(&summary, &human.answer));
    }
    Ok(vec![Figure {
        name: "summaries: QMSum whole meetings, 150 words, ROUGE-1",
        value: mean(&scores) * 100.0,
        digits: 1,
        unit: "",
        aim: Aim::AtLeast(27.0),
        items: format!("{} meetings", scores.len()),
        part: Some(part),
    }])
}

fn request(meeting: &Meeting) -> SummaryRequest {
    SummaryRequest {
        utterances: meeting
            .turns
            .iter()
            .map(|turn| Utterance {
                speaker: Some(turn.speaker.clone()),
                ..Utterance::of(&turn.content)
            })
            .collect(),
        max_words: MAX_WORDS,
    }
}
