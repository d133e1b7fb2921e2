//! Trackers to begin with.

use super::{KeywordTracker, LanguageKeywords, TrackedAffiliation};
use crate::local::cues::{OBJECTION_PHRASES, PRICING_PHRASES};

/// Weaker phrases of the tables are for ranking beside stronger ones.
const LEAST_WEIGHT: f64 = 0.5;

/// Objections of customers, mentions of price, and competitors by the names given.
///
/// The phrases are those by which the local backend finds objections and pricing
/// (`data/cues`), without the ones that have gaps, which Gong's schema cannot say.
/// They serialise to Gong's shape, so they can be kept in a file and edited.
pub fn default_trackers(competitors: &[String]) -> Vec<KeywordTracker> {
    let names = LanguageKeywords {
        language: "mul".into(),
        keywords: competitors.to_vec(),
        include_related_forms: false,
    };
    [
        (
            "Objections",
            TrackedAffiliation::NonCompany,
            of_table(OBJECTION_PHRASES),
        ),
        (
            "Pricing",
            TrackedAffiliation::Anyone,
            of_table(PRICING_PHRASES),
        ),
        ("Competitors", TrackedAffiliation::Anyone, vec![names]),
    ]
    .into_iter()
    .map(|(name, affiliation, language_keywords)| KeywordTracker {
        tracker_name: name.into(),
        affiliation,
        language_keywords,
        ..KeywordTracker::default()
    })
    .collect()
}

/// The phrases of a table, those that hold for one form only apart from the others.
fn of_table(table: &str) -> Vec<LanguageKeywords> {
    let (exact, related): (Vec<&str>, Vec<&str>) = table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.contains('*'))
        .map(|line| line.split_once('\t').unwrap_or((line, "1")))
        .filter(|(_, weight)| weight.trim().parse().unwrap_or(1.0) >= LEAST_WEIGHT)
        .map(|(phrase, _)| phrase)
        .filter(|phrase| !phrase.trim().is_empty())
        .partition(|phrase| phrase.contains('='));
    [(related, true), (exact, false)]
        .into_iter()
        .map(|(phrases, include_related_forms)| LanguageKeywords {
            language: "eng".into(),
            keywords: phrases
                .into_iter()
                .map(|phrase| phrase.replace('=', ""))
                .collect(),
            include_related_forms,
        })
        .collect()
}
