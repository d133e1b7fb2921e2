//! Vectors of texts: the counts of their letters.

use serde_json::{Value, json};

use super::shape::Shape;

/// Components of every vector.
const DIM: usize = 26;

/// Most texts of one request at Snowflake.
const MOST_TEXTS: usize = 1_280;

/// Most characters of one text at Snowflake.
const MOST_CHARACTERS: usize = 4_096;

/// The reply, or what is wrong with the request.
pub(super) fn answer(shape: Shape, body: &Value) -> Result<Value, String> {
    let field = match shape {
        Shape::Snowflake => "text",
        Shape::OpenAi => "input",
    };
    let texts: Vec<&str> = body[field]
        .as_array()
        .and_then(|texts| texts.iter().map(Value::as_str).collect())
        .ok_or_else(|| format!("{field} must be a list of strings"))?;
    if texts.is_empty() || texts.iter().any(|text| text.is_empty()) {
        return Err(format!("{field} must not be empty"));
    }
    let too_long = |text: &&str| text.chars().count() > MOST_CHARACTERS;
    if shape == Shape::Snowflake && (texts.len() > MOST_TEXTS || texts.iter().any(too_long)) {
        return Err("at most 1280 strings of at most 4096 characters".to_owned());
    }
    if texts.iter().any(|text| text.contains('\0')) {
        return Err("a string holds a character that is not allowed".to_owned());
    }
    // Backwards: the place is told by the index, and not by the order.
    let data: Vec<Value> = texts
        .iter()
        .enumerate()
        .rev()
        .map(|(index, text)| {
            let vector = letters(text);
            let embedding = match shape {
                Shape::Snowflake => json!([vector]),
                Shape::OpenAi => json!(vector),
            };
            json!({"object": "embedding", "index": index, "embedding": embedding})
        })
        .collect();
    let tokens: usize = texts
        .iter()
        .map(|text| text.split_whitespace().count())
        .sum();
    let usage = match shape {
        Shape::Snowflake => json!({"total_tokens": tokens}),
        Shape::OpenAi => json!({"prompt_tokens": tokens, "total_tokens": tokens}),
    };
    Ok(json!({"object": "list", "data": data, "model": body["model"], "usage": usage}))
}

fn letters(text: &str) -> Vec<f64> {
    let mut counts = vec![0.0; DIM];
    for letter in text.bytes().filter(u8::is_ascii_alphabetic) {
        counts[usize::from(letter.to_ascii_lowercase() - b'a')] += 1.0;
    }
    counts
}
