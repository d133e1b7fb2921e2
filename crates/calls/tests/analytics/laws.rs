//! Laws that hold for any transcript.

use calls::analytics::{ConversationMetrics, Floor, Measurement, measure, turns};
use calls::{Sentence, Transcript};
use proptest::prelude::*;

use crate::analytics::fixture::{call, transcript};

const VOICES: [&str; 6] = ["rep", "colleague", "buyer", "dial-in", "not listed", ""];
const TEXTS: [&str; 7] = [
    "Um, you know, what is it?",
    "Yeah, okay.",
    "We kind of need a plan.",
    "",
    "--",
    "Why? Why?",
    "I mean, literally everything drifts",
];

fn sentences() -> impl Strategy<Value = Transcript> {
    let sentence = (
        0..VOICES.len(),
        0_i64..200_000,
        -500_i64..8_000,
        0..TEXTS.len(),
    );
    prop::collection::vec(sentence, 0..60).prop_map(|said| {
        let said: Vec<_> = said
            .into_iter()
            .map(|(voice, start, length, text)| (VOICES[voice], start, start + length, TEXTS[text]))
            .collect();
        transcript(&said)
    })
}

/// Milliseconds spoken by those that `of` picks, counted one by one.
fn brute_force_union(transcript: &Transcript, of: impl Fn(&Sentence) -> bool) -> usize {
    let mut spoken = vec![false; 220_000];
    for sentence in transcript.sentences.iter().filter(|s| of(s)) {
        for ms in sentence.start_ms..sentence.end_ms {
            spoken[usize::try_from(ms).unwrap()] = true;
        }
    }
    spoken.into_iter().filter(|&ms| ms).count()
}

fn shifted(transcript: &Transcript, by: i64) -> Transcript {
    let mut shifted = transcript.clone();
    for sentence in &mut shifted.sentences {
        sentence.start_ms += by;
        sentence.end_ms += by;
    }
    shifted
}

fn every_ratio(metrics: &ConversationMetrics) -> impl Iterator<Item = f64> {
    let shares: Vec<f64> = metrics.speakers.iter().map(|voice| voice.share).collect();
    [metrics.talk_ratio, metrics.talk_share_of_call]
        .into_iter()
        .flatten()
        .chain(shares)
}

proptest! {
    #[test]
    fn shares_sum_to_one(transcript in sentences()) {
        let metrics = measure(&call(), &transcript);
        let sum: f64 = metrics.speakers.iter().map(|voice| voice.share).sum();
        let timed = transcript.sentences.iter().any(|s| s.end_ms > s.start_ms);
        prop_assert!((sum - f64::from(u8::from(timed))).abs() < 1e-9, "{sum}");
    }

    #[test]
    fn ratios_stay_in_range_and_nothing_is_negative_or_infinite(transcript in sentences()) {
        let metrics = measure(&call(), &transcript);
        prop_assert!(every_ratio(&metrics).all(|ratio| (0.0..=1.0).contains(&ratio)), "{metrics:?}");
        let others = [
            metrics.longest_monologue_seconds,
            metrics.longest_customer_story_seconds,
            metrics.interactivity,
            metrics.patience_seconds,
            metrics.question_rate,
            metrics.filler_rate,
        ];
        prop_assert!(others.iter().flatten().all(|figure| figure.is_finite() && *figure >= 0.0), "{metrics:?}");
        prop_assert!(metrics.filler_rate.is_none_or(|rate| rate <= 100.0));
    }

    #[test]
    fn time_shift_changes_nothing(transcript in sentences(), by in -1_000_000_000_i64..1_000_000_000) {
        let moved = shifted(&transcript, by);
        prop_assert_eq!(measure(&call(), &transcript), measure(&call(), &moved));
        let kept: Vec<_> = turns(&transcript).into_iter().map(|turn| turn.sentences).collect();
        let cut: Vec<_> = turns(&moved).into_iter().map(|turn| turn.sentences).collect();
        prop_assert_eq!(kept, cut);
    }

    #[test]
    fn the_order_of_sentences_is_irrelevant(
        (transcript, shuffled) in sentences().prop_flat_map(|transcript| {
            let sentences = transcript.sentences.clone();
            (Just(transcript), Just(sentences).prop_shuffle())
        })
    ) {
        let shuffled = Transcript::new(transcript.call_id.clone(), shuffled);
        prop_assert_eq!(measure(&call(), &transcript), measure(&call(), &shuffled));
        prop_assert_eq!(Floor::of(&transcript), Floor::of(&shuffled));
    }

    #[test]
    fn overlaps_are_counted_once(transcript in sentences()) {
        let metrics = measure(&call(), &transcript);
        for voice in &metrics.speakers {
            let expected = brute_force_union(&transcript, |s| s.speaker_id == voice.speaker_id);
            prop_assert_eq!(voice.seconds, expected as f64 / 1_000.0);
        }
        let rep = brute_force_union(&transcript, |s| s.speaker_id == Some("rep".into()));
        let all = brute_force_union(&transcript, |_| true);
        let rep_spoke = transcript.sentences.iter().any(|s| s.speaker_id == Some("rep".into()));
        if rep_spoke && all > 0 {
            prop_assert_eq!(metrics.talk_ratio, Some(rep as f64 / all as f64));
        }
    }

    #[test]
    fn saying_everything_twice_at_once_changes_no_time(transcript in sentences()) {
        let mut doubled = transcript.clone();
        doubled.sentences = transcript.sentences.iter().flat_map(|s| [s.clone(), s.clone()]).collect();
        let (once, twice) = (measure(&call(), &transcript), measure(&call(), &doubled));
        prop_assert_eq!(once.talk_ratio, twice.talk_ratio);
        prop_assert_eq!(once.talk_share_of_call, twice.talk_share_of_call);
        let seconds = |m: &ConversationMetrics| {
            let mut of: Vec<_> = m.speakers.iter().map(|v| (v.speaker_id.clone(), v.seconds)).collect();
            of.sort_by(|a, b| a.0.cmp(&b.0));
            of
        };
        prop_assert_eq!(seconds(&once), seconds(&twice));
    }

    #[test]
    fn splitting_sentences_changes_no_speech_time(transcript in sentences(), at in 0.0..1.0_f64) {
        let mut halves = transcript.clone();
        halves.sentences.clear();
        for sentence in &transcript.sentences {
            let length = sentence.duration_ms();
            let middle = sentence.start_ms + (length as f64 * at) as i64;
            let (mut first, mut second) = (sentence.clone(), sentence.clone());
            first.end_ms = middle;
            second.start_ms = middle;
            second.end_ms = sentence.start_ms + length;
            second.text = String::new();
            first.index *= 2;
            second.index = first.index + 1;
            halves.sentences.extend([first, second]);
        }
        let (whole, split) = (measure(&call(), &transcript), measure(&call(), &halves));
        prop_assert_eq!(whole.talk_ratio, split.talk_ratio);
        prop_assert_eq!(whole.talk_share_of_call, split.talk_share_of_call);
        prop_assert_eq!(whole.speakers, split.speakers);
    }

    #[test]
    fn every_sentence_is_in_one_turn_or_backchannel(transcript in sentences()) {
        let floor = Floor::of(&transcript);
        let mut seen: Vec<u32> = floor.turns.iter().chain(&floor.backchannels)
            .flat_map(|turn| turn.sentences.iter().copied())
            .collect();
        seen.sort_unstable();
        let all: Vec<u32> = transcript.sentences.iter().map(|s| s.index).collect();
        prop_assert_eq!(seen, all);
        for turn in floor.turns.iter().chain(&floor.backchannels) {
            let own = |index: &u32| {
                let sentence = &transcript.sentences[*index as usize];
                sentence.speaker_id == turn.speaker_id
                    && turn.start_ms <= sentence.start_ms
                    && sentence.end_ms <= turn.end_ms
            };
            prop_assert!(turn.sentences.iter().all(own), "{turn:?}");
        }
        prop_assert_eq!(turns(&transcript), floor.turns);
    }

    #[test]
    fn neighbouring_turns_have_different_voices(transcript in sentences()) {
        let turns = turns(&transcript);
        prop_assert!(turns.windows(2).all(|pair| pair[0].speaker_id != pair[1].speaker_id));
        prop_assert_eq!(turns.is_empty(), transcript.sentences.is_empty());
    }

    #[test]
    fn a_backchannel_anywhere_in_a_monologue_changes_no_turn(at in 0_i64..59_000, length in 1_i64..1_000) {
        let mut said: Vec<_> = (0..20).map(|i| ("rep", i * 3_000, i * 3_000 + 2_900, "we go on")).collect();
        let alone = turns(&transcript(&said));
        said.push(("buyer", at.max(1), at.max(1) + length, "but why"));
        let with = transcript(&said);
        prop_assert_eq!(turns(&with), alone);
        let call = call();
        prop_assert_eq!(Measurement::new(&call, &with).interactivity(), Some(0.0));
    }
}
