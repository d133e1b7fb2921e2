//! How much of the talking each side and each voice did.

use super::conversation::{Measurement, seconds};
use super::coverage::Coverage;
use super::metrics::SpeakerShare;
use super::sides::Side;
use super::timeline::Spoken;
use crate::Affiliation;

impl Measurement<'_> {
    /// **Talk ratio**, 0 to 1: union of the [rep](super::sides)'s speech divided
    /// by the union of everybody's speech.
    ///
    /// Backchannels are speech and count; silence does not. Ratios of the two
    /// sides can add up to more than 1, because both may speak at once. `None`
    /// without a rep or without any timed speech.
    ///
    /// Vendors divide either by speech, as here, or by the length of the call, as
    /// [`talk_share_of_call`](Self::talk_share_of_call) does.
    pub fn talk_ratio(&self) -> Option<f64> {
        self.sides.rep?;
        let all = union_ms(self.timeline.spoken.iter());
        let rep = union_ms(self.spoken_by(Side::Rep));
        (all > 0).then(|| rep as f64 / all as f64)
    }

    /// **Talk share of the call**, 0 to 1: union of the [rep](super::sides)'s
    /// speech divided by the length of the call, silence included.
    ///
    /// The length is [`Call::duration_seconds`](crate::Call::duration_seconds), or
    /// first to last word where that is 0. Capped at 1, since transcripts can run
    /// past a length that the source rounded. `None` without a rep or a length.
    pub fn talk_share_of_call(&self) -> Option<f64> {
        self.sides.rep?;
        let rep = seconds(union_ms(self.spoken_by(Side::Rep)));
        Some((rep / self.call_seconds()?).min(1.0))
    }

    /// **Speaker shares**: each voice's own speech (union of its sentences, in
    /// seconds) as a share of the sum over all voices, most first; equals by words,
    /// then by id.
    ///
    /// The shares sum to 1, so two people who speak at once both get the moment,
    /// unlike in the [talk ratio](Self::talk_ratio). Without any timed speech all
    /// shares are 0. All unattributed speech is one entry. Words are separated by
    /// white space, fillers and backchannels included.
    pub fn speakers(&self) -> Vec<SpeakerShare> {
        let mut voices = vec![(Coverage::default(), 0_u64); self.timeline.voices.len()];
        for spoken in &self.timeline.spoken {
            let (speech, words) = &mut voices[spoken.voice];
            speech.add(spoken.start_ms, spoken.end_ms);
            *words += spoken.sentence.word_count() as u64;
        }
        let sum: f64 = voices
            .iter()
            .map(|(speech, _)| speech.milliseconds() as f64)
            .sum();
        let mut shares: Vec<SpeakerShare> = voices
            .into_iter()
            .enumerate()
            .map(|(voice, (speech, words))| {
                let party = self.sides.party_of_voice[voice];
                let milliseconds = speech.milliseconds();
                SpeakerShare {
                    speaker_id: self.timeline.voices[voice].cloned(),
                    name: party.and_then(|party| party.name.clone()),
                    affiliation: party.map_or(Affiliation::Unknown, |party| party.affiliation),
                    seconds: seconds(milliseconds),
                    share: if sum > 0.0 {
                        milliseconds as f64 / sum
                    } else {
                        0.0
                    },
                    words,
                }
            })
            .collect();
        shares.sort_by(|a, b| {
            b.seconds
                .total_cmp(&a.seconds)
                .then_with(|| b.words.cmp(&a.words))
                .then_with(|| a.speaker_id.cmp(&b.speaker_id))
        });
        shares
    }
}

fn union_ms<'s, 'a: 's>(spoken: impl Iterator<Item = &'s Spoken<'a>>) -> i64 {
    let mut union = Coverage::default();
    for spoken in spoken {
        union.add(spoken.start_ms, spoken.end_ms);
    }
    union.milliseconds()
}
