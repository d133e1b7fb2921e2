//! What the rep does: how much they talk, ask and let others finish.

use crate::analysis::score::{Judged, Outcome, Target, plateau, ramp};
use crate::conversation::{Conversation, Side};
use crate::{Figure, prose};

/// Rates of shorter calls are taken over this length.
const SHORTEST_CALL_SECONDS: f64 = 900.0;

/// Rep share of all speech. Full marks from 35 % to 50 %, none at 0 % and from
/// 80 %, so that 65 % gets half: Gong Labs (2025) reports the best calls at
/// 43:57 and falling win rates above 65 %.
pub(crate) fn talk_balance(conversation: &Conversation<'_>) -> Outcome {
    let Some(ratio) = conversation.metrics.talk_ratio else {
        return Outcome::Unscored("the rep's speech was not identified".to_owned());
    };
    let score = plateau(ratio, 0.0, 0.35, 0.50, 0.80);
    let verdict = if ratio > 0.50 {
        "the customer had too little room"
    } else if ratio < 0.35 {
        "the rep hardly steered the conversation"
    } else {
        "a balance in which customers open up"
    };
    // The longest turn of the side that spoke more shows the imbalance best.
    let side = if ratio >= 0.5 {
        Side::Rep
    } else {
        Side::Customer
    };
    let shown = conversation
        .longest_turn(side)
        .or_else(|| conversation.longest_turn(Side::Rep))
        .map(|turn| conversation.sample_of(turn, 2));
    Outcome::Scored(Judged {
        score,
        figures: vec![Figure::new("talk_ratio", ratio, "share")],
        target: Target {
            low: Some(0.35),
            high: Some(0.50),
            unit: "share",
            source: "Gong Labs 2025 (43:57 best, above 65% win rates fall); edges ours",
        },
        why: format!(
            "The rep spoke {} of the time: {verdict}.",
            prose::percent(ratio)
        ),
        evidence: shown.unwrap_or_default(),
    })
}

/// Rep questions per hour. Full marks from 18 to 45, none at 0; a rate of 90 and
/// more reads as an interrogation and gets half. A call shorter than a quarter of
/// an hour counts as a quarter: ten questions in five minutes are a good start
/// and not 120 an hour.
pub(crate) fn questions(conversation: &Conversation<'_>) -> Outcome {
    if conversation.metrics.question_rate.is_none() {
        return Outcome::Unscored("the rep's speech was not identified".to_owned());
    }
    let number = conversation.metrics.questions_by_rep;
    let hours = conversation.seconds().max(SHORTEST_CALL_SECONDS) / 3_600.0;
    let rate = f64::from(number) / hours;
    let asked = conversation.questions(Side::Rep);
    let score = plateau(rate, 0.0, 18.0, 45.0, 135.0).max(if rate > 45.0 { 50.0 } else { 0.0 });
    let verdict = if rate < 18.0 {
        "too few to learn what the customer needs"
    } else if rate > 45.0 {
        "so many that it can feel like an interrogation"
    } else {
        "enough to learn what the customer needs"
    };
    let shown = if asked.is_empty() {
        conversation
            .longest_turn(Side::Rep)
            .map(|turn| conversation.sample_of(turn, 2))
            .unwrap_or_default()
    } else {
        conversation.cite(longest_first(conversation, asked).into_iter().take(3))
    };
    Outcome::Scored(Judged {
        score,
        figures: vec![
            Figure::new("questions_an_hour", rate, "per_hour"),
            Figure::new("questions_by_rep", f64::from(number), "count"),
        ],
        target: Target {
            low: Some(18.0),
            high: Some(45.0),
            unit: "per_hour",
            source: "ours; blogs name 11 to 14 questions in a discovery of 30 minutes",
        },
        why: format!(
            "The rep asked {} in {}: {verdict}.",
            prose::count(number as usize, "question"),
            prose::seconds(conversation.seconds())
        ),
        evidence: shown,
    })
}

/// Longest rep turn (70 %) and median pause before the rep answers (30 %).
/// Turns up to 2 min 30 s get full marks, from 7 min 30 s none; pauses from
/// 0.6 s get full marks, none at all get none. Calls without any hand-over from
/// customer to rep have no pause, and the monologue counts alone.
pub(crate) fn listening(conversation: &Conversation<'_>) -> Outcome {
    let Some(monologue) = conversation.metrics.longest_monologue_seconds else {
        return Outcome::Unscored("the rep's speech was not identified".to_owned());
    };
    let from_monologue = ramp(monologue, 450.0, 150.0);
    let mut figures = vec![Figure::new("longest_monologue", monologue, "seconds")];
    let mut why = format!("The rep's longest turn ran {}", prose::seconds(monologue));
    let score = match conversation.metrics.patience_seconds {
        Some(patience) => {
            figures.push(Figure::new("patience", patience, "seconds"));
            why.push_str(&format!(
                ", and they waited {patience:.1} s (median) before answering"
            ));
            0.7 * from_monologue + 0.3 * ramp(patience, 0.0, 0.6)
        }
        None => from_monologue,
    };
    why.push('.');
    Outcome::Scored(Judged {
        score,
        figures,
        target: Target {
            low: None,
            high: Some(150.0),
            unit: "seconds",
            source: "ours",
        },
        why,
        evidence: conversation
            .longest_turn(Side::Rep)
            .map(|turn| conversation.sample_of(turn, 3))
            .unwrap_or_default(),
    })
}

/// Long questions carry more than "Right?": they are shown first, ties by time.
fn longest_first(conversation: &Conversation<'_>, mut indices: Vec<u32>) -> Vec<u32> {
    indices.sort_by_key(|index| {
        let words = conversation
            .sentence(*index)
            .map_or(0, |sentence| sentence.word_count().min(25));
        (std::cmp::Reverse(words), *index)
    });
    indices
}
