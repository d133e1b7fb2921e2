//! Turns as sentences, each with the turn it came from.

use super::request::{ChosenSentence, SpokenTurn, SummarizeRequest};
use crate::text::{sentence_ranges, with_blank_annotations};
use crate::{Summary, SummaryRequest, Utterance};

/// A backend cites utterances, so a turn of several sentences becomes several
/// utterances.
pub(super) fn request_by_sentence(request: &SummarizeRequest) -> SummaryRequest {
    SummaryRequest {
        utterances: by_sentence(&request.turns)
            .map(|(_, turn, sentence)| Utterance {
                speaker: turn.speaker.clone(),
                ..Utterance::of(sentence)
            })
            .collect(),
        max_words: request.max_words,
    }
}

/// The sentences that a summary cites.
pub(super) fn cited(request: &SummarizeRequest, summary: &Summary) -> Vec<ChosenSentence> {
    let sentences: Vec<(usize, &str)> = by_sentence(&request.turns)
        .map(|(turn, _, sentence)| (turn, sentence))
        .collect();
    summary
        .sentences
        .iter()
        .filter_map(|at| sentences.get(*at))
        .map(|(turn, sentence)| ChosenSentence {
            turn: *turn,
            text: (*sentence).to_owned(),
        })
        .collect()
}

/// A transcriber's mark such as `{laughter}` is no word that could begin or end a
/// sentence; sentences are as they stand in the turn all the same.
fn by_sentence(turns: &[SpokenTurn]) -> impl Iterator<Item = (usize, &SpokenTurn, &str)> {
    turns.iter().enumerate().flat_map(|(at, turn)| {
        let ranges = sentence_ranges(&with_blank_annotations(&turn.text));
        ranges
            .into_iter()
            .map(move |range| (at, turn, &turn.text[range]))
    })
}
