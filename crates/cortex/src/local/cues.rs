//! Kinds of findings that a table of phrases gives away.

use std::sync::LazyLock;

use calls::Affiliation;

use super::spoken_sentence::Spoken;
use super::text::PhraseTable;
use crate::FindingKind;

/// What every further phrase of the same sentence adds.
const FURTHER_PHRASE: f64 = 0.1;

/// What is left of a score when it is not known that a customer spoke.
const UNKNOWN_SPEAKER: f64 = 0.8;

/// An amount of money is as good as the word "price".
const AMOUNT: f64 = 0.8;

pub(super) const OBJECTION_PHRASES: &str = include_str!("../../data/cues/objections.txt");
pub(super) const PRICING_PHRASES: &str = include_str!("../../data/cues/pricing.txt");

static OBJECTIONS: LazyLock<PhraseTable> = LazyLock::new(|| PhraseTable::parse(OBJECTION_PHRASES));
static PRICING: LazyLock<PhraseTable> = LazyLock::new(|| PhraseTable::parse(PRICING_PHRASES));

macro_rules! table {
    ($name:ident, $file:literal) => {
        static $name: LazyLock<PhraseTable> =
            LazyLock::new(|| PhraseTable::parse(include_str!(concat!("../../data/cues/", $file))));
    };
}

table!(DECISION_PROCESS, "decision_process.txt");
table!(TIMELINE, "timeline.txt");
table!(PRAISE, "praise.txt");
table!(NEXT_STEPS, "next_steps.txt");

/// The score of a sentence for a kind, and the words that gave it away.
pub(super) fn cue(kind: FindingKind, sentence: &Spoken<'_>) -> Option<(f64, String)> {
    let (table, speaker) = match kind {
        FindingKind::Objection => (&*OBJECTIONS, customer_share(sentence.affiliation)?),
        FindingKind::Praise => (&*PRAISE, customer_share(sentence.affiliation)?),
        FindingKind::PricingMention => (&*PRICING, 1.0),
        FindingKind::DecisionProcess => (&*DECISION_PROCESS, 1.0),
        FindingKind::Timeline => (&*TIMELINE, 1.0),
        FindingKind::NextStep => (&*NEXT_STEPS, 1.0),
        _ => return None,
    };
    let found = table.find(sentence.stemmed());
    let best = found
        .iter()
        .max_by(|left, right| left.weight.total_cmp(&right.weight));
    let by_phrase = best.map(|best| (best.weight, sentence.quote(best.words.clone())));
    let by_amount = (kind == FindingKind::PricingMention)
        .then(|| amount_of_money(sentence.text))
        .flatten()
        .map(|amount| (AMOUNT, amount.to_owned()));
    let (weight, phrase) = match (by_phrase, by_amount) {
        (Some(phrase), Some(amount)) if amount.0 > phrase.0 => amount,
        (Some(phrase), _) => phrase,
        (None, amount) => amount?,
    };
    #[allow(clippy::cast_precision_loss)] // a count of phrases
    let further = FURTHER_PHRASE * found.len().saturating_sub(1) as f64;
    Some(((weight + further).min(1.0) * speaker, phrase))
}

/// Objections and praise are the customer's.
fn customer_share(affiliation: Affiliation) -> Option<f64> {
    match affiliation {
        Affiliation::External => Some(1.0),
        Affiliation::Internal => None,
        _ => Some(UNKNOWN_SPEAKER),
    }
}

/// `$5,000`, `€20k`: a currency sign before a digit, to the end of the token.
fn amount_of_money(text: &str) -> Option<&str> {
    text.split_whitespace().find_map(|token| {
        let start = token.find(['$', '\u{20ac}', '\u{a3}'])?;
        let amount = &token[start..];
        let is_number = amount
            .chars()
            .nth(1)
            .is_some_and(|symbol| symbol.is_ascii_digit());
        is_number.then(|| amount.trim_end_matches(|symbol: char| !symbol.is_alphanumeric()))
    })
}
