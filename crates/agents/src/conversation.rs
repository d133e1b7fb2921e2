//! One call as the agents see it: the transcript with sides, turns and tone.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use calls::analytics::questions::is_question;
use calls::analytics::{self, ConversationMetrics, RepVoices};
use calls::reading::Reading;
use calls::{Affiliation, Call, Party, Sentence, SpeakerId, Transcript, Turn};
use snowflake_store::{CallDetail, CallInsights};

use crate::{Citations, Error, ErrorCode, Evidence, Result};

/// The side a sentence comes from, by the rule of [`calls::analytics::sides`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Side {
    /// The rep whose figures the call counts for.
    Rep,
    /// Somebody else of the selling company.
    Colleague,
    /// A customer; the unknown too, where there is a rep.
    Customer,
    /// Speech that counts for nobody.
    Neither,
}

/// Shorter sentences tell a reader little about what was said.
const TELLING_WORDS: usize = 4;

/// Longer sentences are no more telling.
const WEIGHTY_WORDS: usize = 25;

/// Sentences this close to one that a reading cites are of the same subject.
const SAME_SUBJECT: usize = 1;

/// Turns of a side that show how much it speaks.
const EXCHANGES: usize = 3;

/// One call with what is derived from it once and read by every part of an analysis.
#[derive(Debug)]
pub(crate) struct Conversation<'a> {
    pub(crate) call: &'a Call,
    pub(crate) transcript: &'a Transcript,
    pub(crate) metrics: Cow<'a, ConversationMetrics>,
    /// In time order, as `analytics::turns` cuts them.
    pub(crate) turns: Vec<Turn>,
    sides: Vec<Side>,
    tones: Vec<Option<f64>>,
    about_the_deal: Vec<bool>,
}

impl<'a> Conversation<'a> {
    /// A conversation of a call with at least one sentence.
    ///
    /// # Errors
    /// [`ErrorCode::NoTranscript`].
    pub(crate) fn of(detail: &'a CallDetail) -> Result<Self> {
        let transcript = detail
            .transcript
            .as_ref()
            .filter(|transcript| !transcript.sentences.is_empty())
            .ok_or_else(|| {
                Error::new(
                    ErrorCode::NoTranscript,
                    format!("call {} has no transcript", detail.call.id),
                )
                .with_field("call_id")
            })?;
        let call = &detail.call;
        let metrics = match &detail.metrics {
            Some(metrics) => Cow::Borrowed(metrics),
            None => Cow::Owned(analytics::measure(call, transcript)),
        };
        let rep = analytics::Measurement::new(call, transcript).rep();
        let voices: HashMap<&SpeakerId, Side> = transcript
            .sentences
            .iter()
            .filter_map(|sentence| sentence.speaker_id.as_ref())
            .map(|speaker| (speaker, side_of(call, rep, speaker)))
            .collect();
        let sides = transcript
            .sentences
            .iter()
            .map(|sentence| {
                let speaker = sentence.speaker_id.as_ref();
                speaker
                    .and_then(|speaker| voices.get(speaker).copied())
                    .unwrap_or(Side::Neither)
            })
            .collect();
        Ok(Self {
            call,
            transcript,
            metrics,
            turns: analytics::turns(transcript),
            sides,
            tones: vec![None; transcript.sentences.len()],
            about_the_deal: vec![false; transcript.sentences.len()],
        })
    }

    /// Adds the tone of each sentence.
    pub(crate) fn with_tones(mut self, insights: &CallInsights) -> Self {
        for (index, score) in &insights.sentence_sentiments {
            let slot = usize::try_from(*index)
                .ok()
                .and_then(|position| self.tones.get_mut(position));
            if let Some(slot) = slot
                && score.is_finite()
            {
                *slot = Some(score.clamp(-1.0, 1.0));
            }
        }
        self
    }

    /// Marks what is about the deal: what a reading cites, and what stands beside it. The
    /// rest of a call is small talk or nobody's concern.
    pub(crate) fn with_subject(mut self, reading: &Reading) -> Self {
        for cited in reading.cited() {
            let from = cited.saturating_sub(SAME_SUBJECT);
            let near = self.about_the_deal.iter_mut().skip(from);
            near.take(cited + SAME_SUBJECT + 1 - from)
                .for_each(|mark| *mark = true);
        }
        self
    }

    pub(crate) fn is_about_the_deal(&self, index: u32) -> bool {
        usize::try_from(index)
            .ok()
            .and_then(|position| self.about_the_deal.get(position))
            .is_some_and(|mark| *mark)
    }

    pub(crate) fn citations(&self) -> Citations<'a> {
        Citations::new(self.call, self.transcript)
    }

    pub(crate) fn cite(&self, indices: impl IntoIterator<Item = u32>) -> Vec<Evidence> {
        self.citations().cite_all(indices)
    }

    /// An item's sentences, first the one that holds all of the item's words: readers of a
    /// claim that quotes it find the quote there, and see a few sentences only.
    pub(crate) fn quoted_first(&self, what: &str, sentences: &[usize]) -> Vec<usize> {
        let words = |text: &str| -> HashSet<String> {
            let letters = |part: &str| part.to_lowercase();
            let parts = text.split(|letter: char| !letter.is_alphanumeric());
            parts.filter(|part| !part.is_empty()).map(letters).collect()
        };
        let quoted = words(what);
        let holds_it = |at: &usize| {
            let sentence = self.transcript.sentences.get(*at);
            sentence.is_some_and(|sentence| quoted.is_subset(&words(&sentence.text)))
        };
        let mut sentences = sentences.to_vec();
        if let Some(position) = sentences.iter().position(holds_it) {
            sentences[..=position].rotate_right(1);
        }
        sentences
    }

    /// The first `most` of the sentences that an item of a reading names.
    pub(crate) fn cite_read(&self, sentences: &[usize], most: usize) -> Vec<Evidence> {
        let indices = sentences.iter().take(most);
        self.cite(indices.filter_map(|at| u32::try_from(*at).ok()))
    }

    pub(crate) fn sentences(&self) -> &'a [Sentence] {
        &self.transcript.sentences
    }

    pub(crate) fn sentence(&self, index: u32) -> Option<&'a Sentence> {
        self.transcript.sentences.get(usize::try_from(index).ok()?)
    }

    pub(crate) fn side(&self, index: u32) -> Side {
        usize::try_from(index)
            .ok()
            .and_then(|position| self.sides.get(position))
            .copied()
            .unwrap_or(Side::Neither)
    }

    pub(crate) fn tone(&self, index: u32) -> Option<f64> {
        *self.tones.get(usize::try_from(index).ok()?)?
    }

    pub(crate) fn turn_side(&self, turn: &Turn) -> Side {
        turn.sentences
            .first()
            .map_or(Side::Neither, |index| self.side(*index))
    }

    /// Name of a voice for prose; the side when there is no name.
    pub(crate) fn speaker_name(&self, index: u32) -> String {
        let party = self
            .sentence(index)
            .and_then(|sentence| sentence.speaker_id.as_ref())
            .and_then(|speaker| self.call.speaker(speaker));
        match party.and_then(|party| party.display_name()) {
            Some(name) => name.to_owned(),
            None => match self.side(index) {
                Side::Rep => "the rep",
                Side::Colleague => "a colleague",
                Side::Customer => "the customer",
                Side::Neither => "an unknown voice",
            }
            .to_owned(),
        }
    }

    /// Length of the call in seconds: Gong's, or the last end of a sentence
    /// where that is later (imported calls may say 0).
    pub(crate) fn seconds(&self) -> f64 {
        let spoken = self
            .sentences()
            .iter()
            .map(|sentence| sentence.end_ms)
            .max();
        let spoken = spoken.unwrap_or(0).max(0) as f64 / 1000.0;
        (self.call.duration_seconds as f64).max(spoken)
    }

    /// The longest turn of a side; the earliest of equals.
    pub(crate) fn longest_turn(&self, side: Side) -> Option<&Turn> {
        // Times come from outside and may be absurd.
        let length = |turn: &Turn| turn.end_ms.saturating_sub(turn.start_ms);
        self.turns
            .iter()
            .filter(|turn| self.turn_side(turn) == side)
            .fold(None, |longest: Option<&Turn>, turn| match longest {
                Some(held) if length(held) >= length(turn) => Some(held),
                _ => Some(turn),
            })
    }

    /// The sentences of a turn that say most, longest first: what a monologue was about.
    pub(crate) fn weightiest(&self, turn: &Turn) -> Vec<u32> {
        let words = |index: &u32| {
            let sentence = self.sentence(*index);
            sentence.map_or(0, |sentence| sentence.word_count().min(WEIGHTY_WORDS))
        };
        let mut telling = turn.sentences.clone();
        telling.sort_by_key(|index| (std::cmp::Reverse(words(index)), *index));
        let filled = telling.iter().filter(|index| words(index) >= TELLING_WORDS);
        telling.truncate(filled.count().max(1));
        telling
    }

    /// What the longest turns of a side said, and the first words of the other side to it.
    pub(crate) fn exchanges(&self, side: Side) -> Vec<u32> {
        let mut order: Vec<usize> = (0..self.turns.len()).collect();
        order.retain(|at| {
            self.turns
                .get(*at)
                .is_some_and(|turn| self.turn_side(turn) == side)
        });
        let length = |at: &usize| {
            let turn = self.turns.get(*at);
            turn.map_or(0, |turn| turn.end_ms.saturating_sub(turn.start_ms))
        };
        order.sort_by_key(|at| (std::cmp::Reverse(length(at)), *at));
        let longest = order.into_iter().take(EXCHANGES);
        longest
            .flat_map(|at| {
                let said = self.turns.get(at).map(|turn| self.weightiest(turn));
                let reply = self.turns.get(at + 1);
                let reply = reply.filter(|turn| self.turn_side(turn) != side);
                let reply = reply.and_then(|turn| turn.sentences.first().copied());
                said.unwrap_or_default().into_iter().take(1).chain(reply)
            })
            .collect()
    }

    /// The sentences of the first turn of a customer that begins after a sentence.
    pub(crate) fn customer_after(&self, index: u32) -> Vec<u32> {
        let from = self.sentence(index).map_or(0, |sentence| sentence.start_ms);
        let mut turns = self.turns.iter().skip_while(|turn| turn.start_ms <= from);
        let next = turns.find(|turn| self.turn_side(turn) == Side::Customer);
        next.map(|turn| turn.sentences.clone()).unwrap_or_default()
    }

    /// Where the rep answers a customer at once: last words and first words, the hastiest
    /// first.
    pub(crate) fn hasty_answers(&self) -> Vec<u32> {
        let mut answers: Vec<(i64, u32, u32)> = self
            .turns
            .windows(2)
            .filter_map(|pair| match pair {
                [before, after]
                    if self.turn_side(before) == Side::Customer
                        && self.turn_side(after) == Side::Rep =>
                {
                    Some((
                        after.start_ms.saturating_sub(before.end_ms),
                        *before.sentences.last()?,
                        *after.sentences.first()?,
                    ))
                }
                _ => None,
            })
            .collect();
        answers.sort_unstable();
        let hastiest = answers.into_iter().take(EXCHANGES);
        hastiest
            .flat_map(|(_, before, after)| [before, after])
            .collect()
    }

    /// The last `count` sentences in time: where a call says what comes next.
    pub(crate) fn closing(&self, count: usize) -> Vec<Evidence> {
        let mut order: Vec<&Sentence> = self.sentences().iter().collect();
        order.sort_by_key(|sentence| (sentence.start_ms, sentence.index));
        let skipped = order.len().saturating_sub(count);
        self.cite(
            order
                .into_iter()
                .skip(skipped)
                .map(|sentence| sentence.index),
        )
    }

    /// Sentences of a side that [ask](is_question), in time order.
    pub(crate) fn questions(&self, side: Side) -> Vec<u32> {
        let mut found: Vec<&Sentence> = self
            .sentences()
            .iter()
            .filter(|sentence| self.side(sentence.index) == side && is_question(&sentence.text))
            .collect();
        found.sort_by_key(|sentence| (sentence.start_ms, sentence.index));
        found.into_iter().map(|sentence| sentence.index).collect()
    }
}

fn side_of(call: &Call, rep: Option<RepVoices>, speaker: &SpeakerId) -> Side {
    let has_voice = |party: &&Party| party.speaker_id.as_ref() == Some(speaker);
    let is_host = call
        .parties
        .iter()
        .filter(has_voice)
        .any(|party| party.user_id.is_some() && party.user_id == call.primary_user_id);
    match (rep, call.affiliation_of(Some(speaker))) {
        (Some(RepVoices::Host), _) if is_host => Side::Rep,
        (Some(RepVoices::Company), Affiliation::Internal) => Side::Rep,
        (_, Affiliation::Internal) => Side::Colleague,
        (_, Affiliation::External) => Side::Customer,
        (Some(_), _) => Side::Customer,
        (None, _) => Side::Neither,
    }
}
