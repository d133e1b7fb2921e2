//! Tone: the same numbers as Python's `vaderSentiment` 3.3.2, faster.

use std::time::Instant;

use cortex::{LanguageBackend, LocalLanguage};

use crate::Result;
use crate::data::DataSets;
use crate::figure::{Aim, Figure};
use crate::statistics::median;

/// Passes over all sentences, of which the median counts.
const PASSES: usize = 5;

pub(crate) async fn equality(data: &DataSets) -> Result<Vec<Figure>> {
    let rows = data.rated_sentences()?;
    let texts: Vec<String> = rows.iter().map(|row| row.text.clone()).collect();
    let readings = LocalLanguage::new().sentiment(&texts).await?;
    let mut equal = 0_u32;
    for (row, reading) in rows.iter().zip(readings) {
        let raw = reading?.raw;
        let scores = ["compound", "pos", "neu", "neg"].map(|name| raw[name].as_f64());
        equal += u32::from(scores == row.scores.map(Some));
    }
    Ok(vec![Figure {
        name: "sentiment: rows with all four scores equal to vaderSentiment 3.3.2",
        value: f64::from(equal) / rows.len() as f64 * 100.0,
        digits: 2,
        unit: "%",
        aim: Aim::AtLeast(100.0),
        items: format!("{} sentences", rows.len()),
        part: None,
    }])
}

pub(crate) async fn speed(data: &DataSets) -> Result<Vec<Figure>> {
    let rows = data.rated_sentences()?;
    let texts: Vec<String> = rows.into_iter().map(|row| row.text).collect();
    let language = LocalLanguage::new();
    let mut passes = Vec::with_capacity(PASSES);
    for _ in 0..PASSES {
        let started = Instant::now();
        let readings = language.sentiment(&texts).await?;
        passes.push(readings.len() as f64 / started.elapsed().as_secs_f64());
    }
    Ok(vec![Figure {
        name: "sentiment: speed on one core",
        value: median(passes),
        digits: 0,
        unit: "sentences/s",
        aim: Aim::Comparison,
        items: format!("{} sentences, median of {PASSES} passes", texts.len()),
        part: None,
    }])
}
