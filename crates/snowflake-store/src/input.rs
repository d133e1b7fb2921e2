//! What every store refuses.

use resilience::ErrorKind;

use crate::{CallInsights, CallReading, CrmMatch, CrmSnapshot, Error, MatchReason, Result};

/// A company as somebody names it.
pub(crate) struct Account {
    pub(crate) name: String,
    /// The name, read as a domain: without what stands around one in an address of the web.
    pub(crate) domain: String,
}

/// Reads `Acme`, `acme.example`, `https://www.acme.example/` or `bo@acme.example`.
pub(crate) fn account(text: &str) -> Account {
    let name = text.trim();
    let domain = name.split_once("://").map_or(name, |(_, rest)| rest);
    let domain = domain.split('/').next().unwrap_or(domain);
    let domain = domain.rsplit('@').next().unwrap_or(domain);
    Account {
        name: name.to_lowercase(),
        domain: domain.to_lowercase().trim_start_matches("www.").to_owned(),
    }
}

/// Words as titles are held against them: in lower case, as a JSON array, the longest first,
/// since few titles hold it.
pub(crate) fn title_words(text: &str) -> String {
    let text = text.to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric());
    let mut words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    serde_json::Value::from_iter(words).to_string()
}

/// JSON and comparisons know no infinity and no "not a number".
pub(crate) fn check_insights(insights: &CallInsights) -> Result<()> {
    let findings = [&insights.risks, &insights.next_steps];
    let findings = findings.into_iter().flatten().flatten();
    let findings = findings.map(|finding| finding.score);
    let scores = insights
        .sentiment
        .iter()
        .map(|sentiment| sentiment.score)
        .chain(insights.sentence_sentiments.iter().map(|(_, score)| *score))
        .chain(insights.chunks.iter().filter_map(|chunk| chunk.sentiment))
        .chain(findings);
    let components = insights
        .chunks
        .iter()
        .filter_map(|chunk| chunk.embedding.as_ref())
        .flat_map(|embedding| &embedding.vector);
    for (field, finite) in [
        ("score", scores.into_iter().all(f64::is_finite)),
        ("vector", components.copied().all(f32::is_finite)),
    ] {
        if !finite {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                format!(
                    "insights of call {} have a value that is not finite",
                    insights.call_id
                ),
            )
            .with_field(field));
        }
    }
    Ok(())
}

/// Readings are kept as JSON, which knows no infinity.
pub(crate) fn check_reading(kept: &CallReading) -> Result<()> {
    if kept.reading.confidences().all(f64::is_finite) {
        return Ok(());
    }
    let message = format!(
        "a reading of call {} has a value that is not finite",
        kept.call_id
    );
    Err(Error::new(ErrorKind::InvalidInput, message).with_field("confidence"))
}

/// A vector to compare with has to be finite.
pub(crate) fn check_vector(vector: &[f32]) -> Result<()> {
    if vector.iter().all(|component| component.is_finite()) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::InvalidInput,
        "has a component that is not finite",
    )
    .with_field("vector"))
}

/// Every store holds what can be an amount.
pub(crate) fn check_snapshot(snapshot: &CrmSnapshot) -> Result<()> {
    let too_large = snapshot
        .deals
        .iter()
        .find(|deal| deal.amount.is_some_and(|amount| !calls::is_amount(amount)));
    let Some(deal) = too_large else {
        return Ok(());
    };
    let message = format!("deal {} has an amount of more than 26 digits", deal.id);
    Err(Error::new(ErrorKind::InvalidInput, message).with_field("amount"))
}

/// Only Gong can say what Gong links.
pub(crate) fn check_matches(matches: &[CrmMatch]) -> Result<()> {
    if let Some(matched) = matches
        .iter()
        .find(|matched| matched.reason == MatchReason::GongContext)
    {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            format!("only Gong can link call {}", matched.call_id),
        )
        .with_field("reason"));
    }
    Ok(())
}
