//! Each definition on an example computed by hand.

use calls::analytics::{self, ConversationMetrics, Floor, Measurement, RepVoices, Side};
use calls::{Affiliation, Transcript};

use crate::analytics::fixture::{Said, call, call_without_parties, party, transcript};

const WORDS: &str = "one two three four five";

fn measure(said: &[Said<'_>]) -> ConversationMetrics {
    analytics::measure(&call(), &transcript(said))
}

/// `(voice, start, end, sentences)` of each turn.
fn turns(said: &[Said<'_>]) -> Vec<(String, i64, i64, Vec<u32>)> {
    analytics::turns(&transcript(said))
        .into_iter()
        .map(|turn| {
            let voice = turn
                .speaker_id
                .map_or_else(String::new, |id| id.into_string());
            (voice, turn.start_ms, turn.end_ms, turn.sentences)
        })
        .collect()
}

fn turn(voice: &str, start: i64, end: i64, sentences: &[u32]) -> (String, i64, i64, Vec<u32>) {
    (voice.to_owned(), start, end, sentences.to_vec())
}

#[test]
fn a_whole_conversation() {
    // Rep: 0-10, 20-30 and 36-37 s = 21 s. Buyer: 9-9.5 s, 12-18 s, 30.5-35 s = 11 s.
    // Everybody: 0-10, 12-18, 20-30, 30.5-35, 36-37 = 31.5 s. Span 0-37 s, call 100 s.
    let metrics = measure(&[
        ("rep", 0, 10_000, "Um, how do you forecast today?"),
        ("buyer", 9_000, 9_500, "Well"),
        ("buyer", 12_000, 18_000, "In sheets, why do you ask?"),
        ("rep", 20_000, 30_000, "Because, you know, sheets drift."),
        ("buyer", 30_500, 35_000, "True. So what would change?"),
        ("rep", 36_000, 37_000, "Everything, basically."),
    ]);
    assert_eq!(metrics.talk_ratio, Some(21.0 / 31.5));
    assert_eq!(metrics.talk_share_of_call, Some(0.21));
    assert_eq!(metrics.longest_monologue_seconds, Some(10.0));
    // The buyer's first two sentences are one run: 9 s to 18 s.
    assert_eq!(metrics.longest_customer_story_seconds, Some(9.0));
    assert_eq!(metrics.interactivity, Some(4.0 / (37.0 / 60.0)));
    // Hand-overs to the rep: 18 -> 20 s and 35 -> 36 s.
    assert_eq!(metrics.patience_seconds, Some(1.5));
    assert_eq!(
        (metrics.questions_by_rep, metrics.questions_by_customer),
        (1, 2)
    );
    assert_eq!(metrics.question_rate, Some(36.0));
    // `um`, `you know` and `basically` in 6 + 5 + 2 words.
    assert_eq!(metrics.filler_rate, Some(300.0 / 13.0));

    let [rep, buyer] = &metrics.speakers[..] else {
        panic!("{:?}", metrics.speakers)
    };
    assert_eq!(
        (rep.name.as_deref(), rep.affiliation),
        (Some("REP"), Affiliation::Internal)
    );
    assert_eq!((rep.seconds, rep.words), (21.0, 13));
    assert_eq!((buyer.seconds, buyer.words), (11.0, 12));
    assert_eq!((rep.share, buyer.share), (21.0 / 32.0, 11.0 / 32.0));
}

#[test]
fn a_short_remark_does_not_break_a_turn_and_a_longer_one_does() {
    let with_remark = |end| {
        turns(&[
            ("rep", 0, 5_000, WORDS),
            ("buyer", 5_000, end, "Not this quarter."),
            ("rep", 7_000, 9_000, WORDS),
        ])
    };
    assert_eq!(with_remark(5_999), [turn("rep", 0, 9_000, &[0, 2])]);
    assert_eq!(
        with_remark(6_000),
        [
            turn("rep", 0, 5_000, &[0]),
            turn("buyer", 5_000, 6_000, &[1]),
            turn("rep", 7_000, 9_000, &[2]),
        ]
    );
}

#[test]
fn acknowledgements_of_any_length_do_not_break_a_turn() {
    let with_remark = |text| {
        turns(&[
            ("rep", 0, 5_000, WORDS),
            ("buyer", 5_000, 6_500, "Yeah, yeah."),
            ("buyer", 6_500, 8_000, text),
            ("rep", 8_000, 9_000, WORDS),
        ])
        .len()
    };
    assert_eq!(with_remark("Mm-hmm... makes sense, okay!"), 1);
    assert_eq!(with_remark("Makes no sense."), 3);
}

#[test]
fn whoever_holds_the_floor_now_is_listened_to() {
    let said = [
        ("rep", 0, 5_000, WORDS),
        ("buyer", 5_000, 9_000, WORDS),
        ("rep", 9_000, 9_400, "Twice?"),
        ("buyer", 9_500, 12_000, WORDS),
    ];
    assert_eq!(
        turns(&said),
        [
            turn("rep", 0, 5_000, &[0]),
            turn("buyer", 5_000, 12_000, &[1, 3])
        ]
    );
}

#[test]
fn several_listeners_are_judged_one_by_one() {
    let said = [
        ("rep", 0, 5_000, WORDS),
        ("buyer", 5_000, 5_600, "Nope."),
        ("dial-in", 5_500, 6_100, "Never."),
        ("rep", 6_200, 9_000, WORDS),
    ];
    assert_eq!(turns(&said), [turn("rep", 0, 9_000, &[0, 3])]);
    let floor = Floor::of(&transcript(&said));
    let listeners: Vec<_> = floor
        .backchannels
        .iter()
        .map(|run| run.sentences.clone())
        .collect();
    assert_eq!(listeners, [[1], [2]]);
}

#[test]
fn the_first_run_takes_the_floor_however_short() {
    assert_eq!(
        turns(&[
            ("rep", 0, 300, "Hi."),
            ("buyer", 400, 700, "Hi."),
            ("buyer", 700, 4_000, WORDS)
        ]),
        [
            turn("rep", 0, 300, &[0]),
            turn("buyer", 400, 4_000, &[1, 2])
        ]
    );
}

#[test]
fn a_transcript_without_times_still_has_turns() {
    assert_eq!(
        turns(&[
            ("rep", 0, 0, WORDS),
            ("buyer", 0, 0, "Okay."),
            ("rep", 0, 0, WORDS),
            ("buyer", 0, 0, WORDS)
        ]),
        [turn("rep", 0, 0, &[0, 2]), turn("buyer", 0, 0, &[3])]
    );
}

#[test]
fn a_turn_ends_with_the_latest_of_its_sentences() {
    let said = [
        ("rep", 0, 9_000, WORDS),
        ("rep", 1_000, 2_000, WORDS),
        ("buyer", 8_000, 12_000, WORDS),
    ];
    assert_eq!(
        turns(&said),
        [
            turn("rep", 0, 9_000, &[0, 1]),
            turn("buyer", 8_000, 12_000, &[2])
        ]
    );
}

#[test]
fn answering_too_early_is_a_pause_of_zero() {
    let patience = |answer| {
        measure(&[("buyer", 0, 10_000, WORDS), ("rep", answer, 20_000, WORDS)]).patience_seconds
    };
    assert_eq!(patience(8_000), Some(0.0));
    assert_eq!(patience(10_800), Some(0.8));
}

#[test]
fn patience_needs_a_customer_right_before_the_rep() {
    let said = [
        ("buyer", 0, 10_000, WORDS),
        ("colleague", 11_000, 15_000, WORDS),
        ("rep", 16_000, 20_000, WORDS),
        ("buyer", 21_000, 25_000, WORDS),
    ];
    assert_eq!(measure(&said).patience_seconds, None);
}

#[test]
fn unknown_callers_are_customers_and_unattributed_speech_is_nobodys() {
    let said = [
        ("rep", 0, 2_000, WORDS),
        ("dial-in", 2_000, 6_000, "Who pays?"),
        ("not listed", 6_000, 13_000, "Who signs?"),
        ("", 13_000, 33_000, "Who knows?"),
        ("colleague", 33_000, 73_000, "Who else?"),
    ];
    let (call, transcript) = (call(), transcript(&said));
    let conversation = Measurement::new(&call, &transcript);
    let side = |voice: &str| conversation.side_of(Some(&voice.into()));
    assert_eq!((side("rep"), side("dial-in")), (Side::Rep, Side::Customer));
    assert_eq!(
        (side("not listed"), side("colleague")),
        (Side::Customer, Side::Neither)
    );
    assert_eq!(
        (side("buyer"), conversation.side_of(None)),
        (Side::Neither, Side::Neither)
    );
    let metrics = measure(&said);
    assert_eq!(metrics.longest_customer_story_seconds, Some(7.0));
    assert_eq!(
        (metrics.questions_by_rep, metrics.questions_by_customer),
        (0, 2)
    );
    assert_eq!(metrics.talk_ratio, Some(2.0 / 73.0));
    let unattributed = metrics
        .speakers
        .iter()
        .find(|voice| voice.speaker_id.is_none())
        .unwrap();
    assert_eq!(
        (unattributed.seconds, unattributed.affiliation),
        (20.0, Affiliation::Unknown)
    );
}

#[test]
fn the_company_stands_for_a_host_who_does_not_speak() {
    let said = [
        ("colleague", 0, 3_000, "Shall we?"),
        ("second", 3_000, 8_000, WORDS),
        ("buyer", 8_000, 18_000, WORDS),
    ];
    let mut call = call();
    call.parties
        .push(party("second", Affiliation::Internal, Some("third")));
    let transcript = transcript(&said);
    let conversation = Measurement::new(&call, &transcript);
    assert_eq!(conversation.rep(), Some(RepVoices::Company));
    assert_eq!(conversation.talk_ratio(), Some(8.0 / 18.0));
    // One colleague's turn, not the two together.
    assert_eq!(conversation.longest_monologue_seconds(), Some(5.0));
    assert_eq!(conversation.questions_by_rep(), 1);
}

#[test]
fn a_host_on_two_lines_is_one_rep() {
    let mut call = call();
    call.parties
        .push(party("rep's phone", Affiliation::Unknown, Some("host")));
    let transcript = transcript(&[
        ("rep", 0, 4_000, WORDS),
        ("rep's phone", 3_000, 6_000, WORDS),
        ("buyer", 6_000, 12_000, WORDS),
    ]);
    let conversation = Measurement::new(&call, &transcript);
    assert_eq!(conversation.rep(), Some(RepVoices::Host));
    assert_eq!(conversation.talk_ratio(), Some(0.5));
}

#[test]
fn without_anybody_of_the_company_there_is_no_rep() {
    let said = transcript(&[("a", 0, 60_000, "Why?"), ("b", 60_000, 120_000, WORDS)]);
    let metrics = analytics::measure(&call_without_parties(), &said);
    assert_eq!(
        metrics,
        ConversationMetrics {
            interactivity: Some(0.5),
            speakers: metrics.speakers.clone(),
            ..ConversationMetrics::default()
        }
    );
    assert_eq!(metrics.speakers.len(), 2);
}

#[test]
fn an_empty_transcript_measures_nothing() {
    assert_eq!(measure(&[]), ConversationMetrics::default());
    assert_eq!(Floor::of(&transcript(&[])), Floor::default());
}

#[test]
fn empty_and_backward_sentences_are_words_without_time() {
    let metrics = measure(&[
        ("rep", 0, 6_000, WORDS),
        ("rep", 5_000, 1_000, "backward"),
        ("buyer", 6_000, 6_000, "nothing at all"),
    ]);
    assert_eq!(metrics.talk_ratio, Some(1.0));
    let words: Vec<u64> = metrics.speakers.iter().map(|voice| voice.words).collect();
    assert_eq!(words, [6, 3]);
    assert_eq!(metrics.speakers[1].share, 0.0);

    let backward = measure(&[("rep", 5_000, 1_000, WORDS)]);
    assert_eq!(backward.longest_monologue_seconds, Some(0.0));
    assert_eq!((backward.talk_ratio, backward.interactivity), (None, None));
    assert_eq!(backward.filler_rate, Some(0.0));
}

#[test]
fn a_call_of_unknown_length_is_as_long_as_its_transcript() {
    let mut call = call();
    call.duration_seconds = 0;
    let said = transcript(&[
        ("rep", 10_000, 20_000, "Ready?"),
        ("buyer", 20_000, 50_000, WORDS),
    ]);
    let metrics = analytics::measure(&call, &said);
    assert_eq!(metrics.talk_share_of_call, Some(0.25));
    assert_eq!(metrics.question_rate, Some(90.0));
    call.duration_seconds = 5;
    assert_eq!(
        analytics::measure(&call, &said).talk_share_of_call,
        Some(1.0)
    );
}

#[test]
fn absurd_times_neither_overflow_nor_leave_the_range() {
    let said = transcript(&[
        ("rep", i64::MIN, i64::MAX, WORDS),
        ("buyer", i64::MAX, i64::MIN, WORDS),
        ("rep", i64::MAX - 5_000, i64::MAX, WORDS),
        ("buyer", -1, i64::MAX, WORDS),
    ]);
    let metrics = analytics::measure(&call(), &said);
    assert_eq!(metrics.talk_ratio, Some(1.0));
    assert_eq!(metrics.patience_seconds, Some(0.0));
    assert!(
        metrics
            .speakers
            .iter()
            .all(|voice| (0.0..=1.0).contains(&voice.share))
    );
}

#[test]
fn many_voices_and_sentences_are_all_counted() {
    let voices: Vec<String> = (0..200_000).map(|voice| format!("voice {voice}")).collect();
    let said: Vec<Said<'_>> = (0..)
        .zip(&voices)
        .map(|(i, voice)| (voice.as_str(), i * 10, i * 10 + 2_000, WORDS))
        .collect();
    let mut call = call_without_parties();
    call.parties = voices
        .iter()
        .map(|voice| party(voice, Affiliation::Internal, None))
        .collect();
    let said: Transcript = transcript(&said);
    let metrics = analytics::measure(&call, &said);
    assert_eq!(metrics.speakers.len(), 200_000);
    assert_eq!(metrics.talk_ratio, Some(1.0));
    assert_eq!(analytics::turns(&said).len(), 200_000);
}
