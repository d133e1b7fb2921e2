//! What the rep does: how much they talk, ask and let others finish.

use crate::analysis::score::{Judged, Outcome, Target};
use crate::conversation::{Conversation, Side};
use crate::targets::{CoachMetric, CoachingSettings, Targets, Verdict};
use crate::{Figure, prose};

/// Rates of shorter calls are taken over this length.
const SHORTEST_CALL_SECONDS: f64 = 900.0;

/// Rep share of all speech.
pub(crate) fn talk_balance(
    conversation: &Conversation<'_>,
    settings: &CoachingSettings,
) -> Outcome {
    let Some(ratio) = conversation.metrics.talk_ratio else {
        return Outcome::Unscored("the rep's speech was not identified".to_owned());
    };
    let metric = CoachMetric::TalkRatio;
    let target = settings.targets.of(metric);
    let verdict = match target.verdict(ratio, settings.weak_below) {
        Verdict::Met => "a balance in which customers open up".to_owned(),
        Verdict::Nearly => format!("close to the {} aimed at", metric.range(target)),
        Verdict::High => "the customer had too little room".to_owned(),
        Verdict::Low => "the rep hardly steered the conversation".to_owned(),
    };
    // The longest turns of the side that spoke more show the imbalance best, and what the
    // other side had left to say to it.
    let side = if ratio >= 0.5 {
        Side::Rep
    } else {
        Side::Customer
    };
    let mut shown = conversation.exchanges(side);
    if shown.is_empty() {
        shown = conversation.exchanges(Side::Rep);
    }
    Outcome::Scored(Judged {
        score: target.score(ratio),
        figures: vec![Figure::new("talk_ratio", ratio, "share")],
        target: Target::of(&settings.targets, metric),
        why: format!(
            "The rep spoke {} of the time: {verdict}.",
            prose::percent(ratio)
        ),
        evidence: conversation.cite(shown),
    })
}

/// Rep questions per hour. A call shorter than a quarter of an hour counts as a quarter:
/// ten questions in five minutes are a good start and not 120 an hour.
pub(crate) fn questions(conversation: &Conversation<'_>, settings: &CoachingSettings) -> Outcome {
    if conversation.metrics.question_rate.is_none() {
        return Outcome::Unscored("the rep's speech was not identified".to_owned());
    }
    let number = conversation.metrics.questions_by_rep;
    let hours = conversation.seconds().max(SHORTEST_CALL_SECONDS) / 3_600.0;
    let rate = f64::from(number) / hours;
    let metric = CoachMetric::QuestionRate;
    let target = settings.targets.of(metric);
    let verdict = match target.verdict(rate, settings.weak_below) {
        Verdict::Met => "enough to learn what the customer needs".to_owned(),
        Verdict::Nearly => format!("close to the {} per hour aimed at", metric.range(target)),
        Verdict::Low => "too few to learn what the customer needs".to_owned(),
        Verdict::High => "so many that it can feel like an interrogation".to_owned(),
    };
    let asked = conversation.questions(Side::Rep);
    let mut shown = longest_first(conversation, asked);
    if target.verdict(rate, settings.weak_below) == Verdict::Low || shown.is_empty() {
        // What was told and not asked about shows it.
        shown.truncate(1);
        let told = conversation.longest_turn(Side::Rep);
        shown.extend(
            told.map(|turn| conversation.weightiest(turn))
                .into_iter()
                .flatten(),
        );
    }
    Outcome::Scored(Judged {
        score: target.score(rate),
        figures: vec![
            Figure::new("questions_an_hour", rate, "per_hour"),
            Figure::new("questions_by_rep", f64::from(number), "count"),
        ],
        target: Target::of(&settings.targets, metric),
        why: format!(
            "The rep asked {} in {}: {verdict}.",
            prose::count(number as usize, "question"),
            prose::seconds(conversation.seconds())
        ),
        evidence: conversation.cite(shown),
    })
}

/// Longest rep turn (70 %) and median pause before the rep answers (30 %). Calls without
/// any hand-over from customer to rep have no pause, and the monologue counts alone. The
/// first figure is the one that misses its target by more.
pub(crate) fn listening(conversation: &Conversation<'_>, targets: &Targets) -> Outcome {
    let Some(monologue) = conversation.metrics.longest_monologue_seconds else {
        return Outcome::Unscored("the rep's speech was not identified".to_owned());
    };
    let of_monologue = targets.of(CoachMetric::LongestMonologue).score(monologue);
    let mut metric = CoachMetric::LongestMonologue;
    let mut figures = vec![Figure::new(metric.as_str(), monologue, metric.unit())];
    let mut why = format!("The rep's longest turn ran {}", prose::seconds(monologue));
    let mut score = of_monologue;
    let mut shown: Vec<u32> = conversation
        .longest_turn(Side::Rep)
        .map(|turn| conversation.weightiest(turn))
        .unwrap_or_default();
    if let Some(patience) = conversation.metrics.patience_seconds {
        let of_patience = targets.of(CoachMetric::Patience).score(patience);
        score = 0.7 * of_monologue + 0.3 * of_patience;
        why.push_str(&format!(
            ", and they waited {patience:.1} s (median) before answering"
        ));
        figures.push(Figure::new("patience", patience, "seconds"));
        if of_patience < of_monologue {
            metric = CoachMetric::Patience;
            figures.reverse();
            shown = conversation.hasty_answers();
        }
    }
    why.push('.');
    Outcome::Scored(Judged {
        score,
        figures,
        target: Target::of(targets, metric),
        why,
        evidence: conversation.cite(shown),
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
