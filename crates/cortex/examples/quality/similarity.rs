//! Vectors: whether texts that people find alike lie close together.

use cortex::{LanguageBackend, LocalLanguage};

use crate::Result;
use crate::data::DataSets;
use crate::figure::{Aim, Figure};
use crate::statistics::spearman;

pub(crate) async fn agreement(data: &DataSets) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for (set, name) in [
        ("dev", "vectors: STS-B dev, Spearman"),
        ("train", "vectors: STS-B train, Spearman"),
    ] {
        let pairs = data.pairs(set)?;
        let texts: Vec<String> = pairs
            .iter()
            .flat_map(|pair| pair.sentences.clone())
            .collect();
        let mut vectors = LocalLanguage::new().embed(&texts).await?.into_iter();
        let mut cosines = Vec::with_capacity(pairs.len());
        while let (Some(first), Some(second)) = (vectors.next(), vectors.next()) {
            cosines.push(first?.cosine(&second?)?);
        }
        let people: Vec<f64> = pairs.iter().map(|pair| pair.similarity).collect();
        figures.push(Figure {
            name,
            value: spearman(&cosines, &people),
            digits: 3,
            unit: "",
            aim: Aim::AtLeast(0.73),
            items: format!("{} pairs", pairs.len()),
            part: None,
        });
    }
    Ok(figures)
}
