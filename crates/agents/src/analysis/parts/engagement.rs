//! What the customer does: talking, asking, and sounding positive or negative.

use crate::analysis::score::{Judged, Outcome, Target, ramp};
use crate::conversation::{Conversation, Side};
use crate::insights::tone;
use crate::{Figure, prose};

/// Longest customer turn (40 %, full from 45 s), speaker switches per minute
/// (35 %, full from 3) and customer questions per hour (25 %, full from 8).
pub(crate) fn customer_engagement(conversation: &Conversation<'_>) -> Outcome {
    let metrics = &conversation.metrics;
    let Some(story) = metrics.longest_customer_story_seconds else {
        return Outcome::Unscored("nobody outside the company spoke".to_owned());
    };
    let hours = conversation.seconds() / 3600.0;
    let customer_questions = f64::from(metrics.questions_by_customer);
    let rate = if hours > 0.0 {
        customer_questions / hours
    } else {
        0.0
    };
    let interactivity = metrics.interactivity.unwrap_or(0.0);
    let score = 0.40 * ramp(story, 0.0, 45.0)
        + 0.35 * ramp(interactivity, 0.0, 3.0)
        + 0.25 * ramp(rate, 0.0, 8.0);
    let asked = conversation.questions(Side::Customer);
    let mut evidence = conversation
        .longest_turn(Side::Customer)
        .map(|turn| conversation.sample_of(turn, 2))
        .unwrap_or_default();
    evidence.extend(
        asked
            .iter()
            .find(|index| evidence.iter().all(|shown| shown.index() != **index))
            .and_then(|index| conversation.citations().cite(*index)),
    );
    Outcome::Scored(Judged {
        score,
        figures: vec![
            Figure::new("longest_customer_story", story, "seconds"),
            Figure::new("interactivity", interactivity, "switches_per_minute"),
            Figure::new("customer_question_rate", rate, "per_hour"),
        ],
        target: Target {
            low: Some(45.0),
            high: None,
            unit: "seconds",
            source: "ours",
        },
        why: format!(
            "The customer spoke for up to {} at a stretch and asked {}; the speaker changed {interactivity:.1} times a minute.",
            prose::seconds(story),
            prose::count(metrics.questions_by_customer as usize, "question"),
        ),
        evidence,
    })
}

/// Mean tone of the customer's side (of everybody, when it has none) and how it
/// moved from the first to the last third of the call: `70 + 100·mean +
/// 60·change`. A flat neutral call gets 70. The slopes are ours, set for scores
/// of single sentences, where the mean of a friendly call is near 0.2.
pub(crate) fn tone_along(conversation: &Conversation<'_>) -> Outcome {
    let mut scored: Vec<(i64, u32, f64)> = tones_of(conversation, |side| side == Side::Customer);
    let mut whose = "The customer's";
    if scored.is_empty() {
        scored = tones_of(conversation, |_| true);
        whose = "The call's";
    }
    if scored.is_empty() {
        return Outcome::Unscored("no sentence has a tone".to_owned());
    }
    let mean = mean_of(&scored);
    let third = scored.len() / 3;
    let change = if third >= 3 {
        mean_of(scored.get(scored.len() - third..).unwrap_or_default())
            - mean_of(scored.get(..third).unwrap_or_default())
    } else {
        0.0
    };
    let course = if change > 0.1 {
        "rose towards the end"
    } else if change < -0.1 {
        "fell towards the end"
    } else {
        "stayed level"
    };
    let level = tone::word(mean);
    // The sentence that pulls the verdict most: the brightest of a friendly
    // call, the darkest otherwise, and its counterpart.
    let brightest = scored
        .iter()
        .max_by(|a, b| a.2.total_cmp(&b.2).then(b.1.cmp(&a.1)));
    let darkest = scored
        .iter()
        .min_by(|a, b| a.2.total_cmp(&b.2).then(a.1.cmp(&b.1)));
    let shown = if mean >= 0.15 {
        [brightest, darkest]
    } else {
        [darkest, brightest]
    };
    Outcome::Scored(Judged {
        score: 70.0 + 100.0 * mean + 60.0 * change,
        figures: vec![
            Figure::new("mean_tone", mean, "score"),
            Figure::new("tone_change", change, "score"),
        ],
        target: Target {
            low: Some(0.05),
            high: None,
            unit: "score",
            source: "ours",
        },
        why: format!("{whose} tone was {level} ({mean:+.2} on a scale of -1 to 1) and {course}."),
        evidence: conversation.cite(shown.into_iter().flatten().map(|(_, index, _)| *index)),
    })
}

/// `(start, index, tone)` of the scored sentences of some sides, in time order.
fn tones_of(
    conversation: &Conversation<'_>,
    wanted: impl Fn(Side) -> bool,
) -> Vec<(i64, u32, f64)> {
    let mut scored: Vec<(i64, u32, f64)> = conversation
        .sentences()
        .iter()
        .filter(|sentence| wanted(conversation.side(sentence.index)))
        .filter_map(|sentence| {
            let tone = conversation.tone(sentence.index)?;
            Some((sentence.start_ms, sentence.index, tone))
        })
        .collect();
    scored.sort_by_key(|(start, index, _)| (*start, *index));
    scored
}

fn mean_of(scored: &[(i64, u32, f64)]) -> f64 {
    if scored.is_empty() {
        return 0.0;
    }
    scored.iter().map(|(_, _, tone)| tone).sum::<f64>() / scored.len() as f64
}
