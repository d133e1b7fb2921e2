//! Unit vectors from an embedding model.

use resilience::ErrorKind;

use super::chunks::pieces_within;
use super::text_model::VectorModel;
use crate::{Embedding, Error, Outcome, Result};

/// Asked for when a vector is wanted for blank texts alone: its length is what
/// counts. Models refuse empty texts.
const ANY_WORD: &str = "call";

/// A unit vector for each text.
///
/// A text that is longer than the model takes is cut; its vector is the mean of the
/// pieces' vectors by characters. A blank text has the zero vector.
///
/// # Errors
/// `Decode` when the vectors of a batch differ in length; for an item when its vector is
/// empty or holds something that is not a number.
pub(crate) async fn embed(
    model: &dyn VectorModel,
    texts: &[String],
) -> Result<Vec<Outcome<Embedding>>> {
    let limits = model.limits();
    let mut asked: Vec<String> = Vec::new();
    let mut of_item: Vec<std::ops::Range<usize>> = Vec::with_capacity(texts.len());
    for text in texts {
        let from = asked.len();
        let pieces = pieces_within(text, limits.characters, model.most_tokens());
        asked.extend(pieces.into_iter().map(str::to_owned));
        of_item.push(from..asked.len());
    }
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    if asked.is_empty() && limits.dim.is_none() {
        asked.push(ANY_WORD.to_owned());
    }
    let vectors = match asked.is_empty() {
        true => Vec::new(),
        false => model.embed_many(&asked).await?,
    };
    if vectors.len() != asked.len() {
        let message = format!("{} vectors for {} texts", vectors.len(), asked.len());
        return Err(Error::new(ErrorKind::Decode, message));
    }
    let vectors: Vec<Outcome<Vec<f32>>> = vectors.into_iter().map(of_numbers).collect();
    let dim = dim_of(&vectors, limits.dim)?;
    let mut vectors: Vec<Option<Outcome<Vec<f32>>>> = vectors.into_iter().map(Some).collect();
    Ok(of_item
        .into_iter()
        .map(|range| {
            let lengths: Vec<usize> = asked[range.clone()]
                .iter()
                .map(|piece| piece.chars().count())
                .collect();
            let vectors = vectors[range].iter_mut().filter_map(Option::take);
            let mut mean = vec![0.0_f64; dim];
            for (vector, length) in vectors.zip(lengths) {
                for (sum, part) in mean.iter_mut().zip(vector?) {
                    *sum += f64::from(part) * length as f64;
                }
            }
            Ok(Embedding {
                model: model.name().to_owned(),
                vector: of_unit_length(&mean),
            })
        })
        .collect())
}

fn of_numbers(vector: Outcome<Vec<f32>>) -> Outcome<Vec<f32>> {
    let vector = vector?;
    if vector.is_empty() || vector.iter().any(|part| !part.is_finite()) {
        let message = "a vector is empty or has a component that is not a number";
        return Err(Error::new(ErrorKind::Decode, message));
    }
    Ok(vector)
}

/// The one length of all vectors.
fn dim_of(vectors: &[Outcome<Vec<f32>>], known: Option<usize>) -> Result<usize> {
    let mut dim = known;
    for vector in vectors.iter().flatten() {
        match dim {
            Some(dim) if dim != vector.len() => {
                let message = format!("a vector has {} components instead of {dim}", vector.len());
                return Err(Error::new(ErrorKind::Decode, message));
            }
            _ => dim = Some(vector.len()),
        }
    }
    Ok(dim.unwrap_or(0))
}

#[allow(clippy::cast_possible_truncation)] // components of a unit vector fit
fn of_unit_length(vector: &[f64]) -> Vec<f32> {
    let length = vector.iter().map(|part| part * part).sum::<f64>().sqrt();
    let scale = if length > 0.0 { length.recip() } else { 0.0 };
    vector.iter().map(|part| (part * scale) as f32).collect()
}
