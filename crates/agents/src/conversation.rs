//! One call as the agents see it: the transcript with sides, turns and tone.

use std::borrow::Cow;
use std::collections::HashMap;

use calls::analytics::questions::is_question;
use calls::analytics::{self, ConversationMetrics, RepVoices};
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
        let rep = analytics::Conversation::new(call, transcript).rep();
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

    pub(crate) fn citations(&self) -> Citations<'a> {
        Citations::new(self.call, self.transcript)
    }

    pub(crate) fn cite(&self, indices: impl IntoIterator<Item = u32>) -> Vec<Evidence> {
        self.citations().cite_all(indices)
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

    /// Up to `count` sentences of a turn, spread from its first to its last:
    /// what shows a monologue without repeating it. Sentences that say something
    /// go before "Good." and "Right.", which only count where there is nothing else.
    pub(crate) fn sample_of(&self, turn: &Turn, count: usize) -> Vec<Evidence> {
        let says_something = |index: &u32| {
            self.sentence(*index)
                .is_some_and(|sentence| sentence.word_count() >= TELLING_WORDS)
        };
        let mut telling: Vec<u32> = turn.sentences.clone();
        telling.retain(says_something);
        if telling.is_empty() {
            telling = turn.sentences.clone();
        }
        let steps = count.min(telling.len());
        let indices = (0..steps).map(|step| {
            let position = if steps == 1 {
                0
            } else {
                step * (telling.len() - 1) / (steps - 1)
            };
            telling.get(position).copied()
        });
        self.cite(indices.flatten())
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
