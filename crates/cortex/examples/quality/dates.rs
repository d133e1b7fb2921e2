//! Dates in English phrases, as the reader resolves them.

use cortex::LocalLanguage;

use crate::Result;
use crate::data::DataSets;
use crate::figure::{Aim, Figure};

pub(crate) fn resolved(data: &DataSets) -> Result<Vec<Figure>> {
    let phrases = data.dated_phrases()?;
    let language = LocalLanguage::new();
    let right = phrases.iter().filter(|phrase| {
        let days = language.days_named(&phrase.text, phrase.today);
        days.contains(&phrase.date)
    });
    #[allow(clippy::cast_precision_loss)] // Hundreds.
    let share = 100.0 * right.count() as f64 / phrases.len().max(1) as f64;
    Ok(vec![Figure {
        name: "reading: dates of single phrases resolved",
        value: share,
        digits: 0,
        unit: "%",
        aim: Aim::Comparison,
        items: format!("{} phrases that mean one day", phrases.len()),
        part: None,
    }])
}
