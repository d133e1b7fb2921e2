//! What the customer does: talking, asking, and sounding positive or negative.

use crate::analysis::score::{Judged, Outcome, Target};
use crate::conversation::{Conversation, Side};
use crate::insights::tone;
use crate::targets::{CoachMetric, Targets};
use crate::{Figure, prose};

/// Longest customer turn (40 %), speaker switches per minute (35 %) and customer questions
/// per hour (25 %).
pub(crate) fn customer_engagement(conversation: &Conversation<'_>, targets: &Targets) -> Outcome {
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
    let good = |metric, value| targets.of(metric).score(value);
    let score = 0.40 * good(CoachMetric::LongestCustomerStory, story)
        + 0.35 * good(CoachMetric::Interactivity, interactivity)
        + 0.25 * good(CoachMetric::CustomerQuestionRate, rate);
    let told = conversation.longest_turn(Side::Customer);
    let told = told.map(|turn| conversation.weightiest(turn));
    let told = told.unwrap_or_default();
    let asked = conversation.questions(Side::Customer);
    let shown = told.iter().take(2).chain(&asked).chain(told.iter().skip(2));
    Outcome::Scored(Judged {
        score,
        figures: vec![
            Figure::new("longest_customer_story", story, "seconds"),
            Figure::new("interactivity", interactivity, "switches_per_minute"),
            Figure::new("customer_question_rate", rate, "per_hour"),
        ],
        target: Target::of(targets, CoachMetric::LongestCustomerStory),
        why: format!(
            "The customer spoke for up to {} at a stretch and asked {}; the speaker changed {interactivity:.1} times a minute.",
            prose::seconds(story),
            prose::count(metrics.questions_by_customer as usize, "question"),
        ),
        evidence: conversation.cite(shown.copied()),
    })
}

/// Points that a change of tone by 1 is worth. Ours.
const CHANGE_WEIGHS: f64 = 60.0;

/// Mean tone of the customer's side (of everybody, when it has none), and how it moved from
/// the first to the last third of the call.
pub(crate) fn tone_along(conversation: &Conversation<'_>, targets: &Targets) -> Outcome {
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
    // The sentences that pull the verdict most: the brightest of a friendly call, the
    // darkest otherwise, and their counterpart. Small talk shows nothing of the deal.
    let mut by_tone: Vec<(bool, f64, u32)> = scored
        .iter()
        .map(|(_, index, tone)| (!conversation.is_about_the_deal(*index), *tone, *index))
        .collect();
    let mut pulled = |bright: bool| -> Vec<u32> {
        by_tone.sort_by(|a, b| {
            let tone = if bright {
                b.1.total_cmp(&a.1)
            } else {
                a.1.total_cmp(&b.1)
            };
            a.0.cmp(&b.0).then(tone).then(a.2.cmp(&b.2))
        });
        by_tone.iter().take(3).map(|(.., index)| *index).collect()
    };
    let (first, second) = (pulled(mean >= 0.15), pulled(mean < 0.15));
    let shown = first.iter().zip(&second).flat_map(|(a, b)| [*a, *b]);
    Outcome::Scored(Judged {
        score: targets.of(CoachMetric::Sentiment).score(mean) + CHANGE_WEIGHS * change,
        figures: vec![
            Figure::new("mean_tone", mean, "score"),
            Figure::new("tone_change", change, "score"),
        ],
        target: Target::of(targets, CoachMetric::Sentiment),
        why: format!("{whose} tone was {level} ({mean:+.2} on a scale of -1 to 1) and {course}."),
        evidence: conversation.cite(shown),
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
