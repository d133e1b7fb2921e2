//! How many of the moments that are shown are what a manager picked. Labels name two to
//! five a call, so a moment without one may still be worth a word: the share is a floor.

use calls::reading::Moment;
use serde_json::Value;

use crate::figure::{Aim, Figure};

/// Kinds that the local backend finds.
const KINDS: [(&str, &str); 3] = [
    (
        "discount_unprompted",
        "reading: moments with an unprompted discount, labelled as such",
    ),
    (
        "good_summary",
        "reading: moments with a good summary, labelled as such",
    ),
    (
        "no_next_step",
        "reading: moments without a next step, labelled as such",
    ),
];

#[derive(Default, Clone, Copy)]
struct Count {
    found: usize,
    /// Of those found, on a label of the kind.
    right: usize,
    /// Of those found, on a label of any kind.
    somehow: usize,
    labels: usize,
}

#[derive(Default)]
pub(crate) struct Moments([Count; KINDS.len()]);

impl Moments {
    /// Counts what was found in a dialogue with these labels.
    pub(crate) fn add(&mut self, labels: &Value, found: &[Moment]) {
        let labels: Vec<&Value> = labels.as_array().into_iter().flatten().collect();
        for (count, (kind, _)) in self.0.iter_mut().zip(KINDS) {
            let is_of_kind = |label: &&&Value| label["kind"] == *kind;
            count.labels += labels.iter().filter(is_of_kind).count();
            for moment in found.iter().filter(|moment| moment.kind == kind) {
                let is_on = |label: &&&Value| {
                    let mut numbers = label["sentences"].as_array().into_iter().flatten();
                    numbers.any(|number| moment.sentences.iter().any(|own| number == *own))
                };
                let mut on = labels.iter().filter(is_on).peekable();
                count.somehow += usize::from(on.peek().is_some());
                count.right += usize::from(on.any(|label| is_of_kind(&label)));
                count.found += 1;
            }
        }
    }

    #[allow(clippy::cast_precision_loss)] // Hundreds.
    pub(crate) fn figures(&self) -> impl Iterator<Item = Figure> {
        let kinds = KINDS.iter().zip(self.0);
        kinds.map(|((_, name), count)| Figure {
            name,
            value: 100.0 * count.right as f64 / count.found.max(1) as f64,
            digits: 0,
            unit: "%",
            aim: Aim::Comparison,
            items: format!(
                "{} found, {} of them labelled somehow; {} labels of the kind",
                count.found, count.somehow, count.labels
            ),
            part: None,
        })
    }
}
