//! Tone over the course of a call.

use super::model::CoursePoint;
use crate::conversation::{Conversation, Side};

/// Parts of a long call; short calls have fewer, so that a part holds about
/// [`SENTENCES_A_PART`] sentences and its mean is not one person's one remark.
const MOST_PARTS: usize = 20;
const SENTENCES_A_PART: usize = 12;

/// The tone in equal parts of the call's length.
pub(crate) fn sentiment_course(conversation: &Conversation<'_>) -> Vec<CoursePoint> {
    let sentences = conversation.sentences();
    let end_ms = sentences
        .iter()
        .map(|sentence| sentence.end_ms.max(sentence.start_ms))
        .max()
        .unwrap_or(0)
        .max(1);
    let parts = (sentences.len() / SENTENCES_A_PART).clamp(1, MOST_PARTS);
    let mut sums = vec![PartSums::default(); parts];
    for sentence in sentences {
        let start = sentence.start_ms.clamp(0, end_ms - 1) as i128;
        let part = usize::try_from(start * parts as i128 / i128::from(end_ms)).unwrap_or(0);
        let Some(sum) = sums.get_mut(part) else {
            continue;
        };
        sum.sentences += 1;
        if let Some(tone) = conversation.tone(sentence.index) {
            sum.all.add(tone);
            if conversation.side(sentence.index) == Side::Customer {
                sum.customer.add(tone);
            }
        }
    }
    let boundary = |part: usize| (i128::from(end_ms) * part as i128 / parts as i128) as i64;
    sums.into_iter()
        .enumerate()
        .map(|(part, sum)| CoursePoint {
            start_ms: boundary(part),
            end_ms: boundary(part + 1),
            score: sum.all.mean(),
            customer_score: sum.customer.mean(),
            sentences: sum.sentences,
        })
        .collect()
}

#[derive(Debug, Clone, Copy, Default)]
struct PartSums {
    sentences: usize,
    all: Mean,
    customer: Mean,
}

#[derive(Debug, Clone, Copy, Default)]
struct Mean {
    sum: f64,
    count: u32,
}

impl Mean {
    fn add(&mut self, value: f64) {
        self.sum += value;
        self.count += 1;
    }

    fn mean(self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / f64::from(self.count))
    }
}
