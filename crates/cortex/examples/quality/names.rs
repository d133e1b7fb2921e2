//! Whether a competitor has the name that a person gave it.

use std::collections::BTreeSet;

use serde_json::Value;

/// Letters of a name that is another one cut short.
const SHORTEST: usize = 4;

/// Whether a found name is the labelled one in one of the forms in which it was said, or a
/// part of it ("Marlow" of the Marlow Direct portal).
pub(crate) fn is_called(label: &Value, found: &Value) -> bool {
    let said = label["said"].as_array().into_iter().flatten();
    let mut forms = said.chain([&label["name"]]).filter_map(Value::as_str);
    let found = found.as_str().unwrap_or_default();
    forms.any(|form| is_same(form, found) || is_part(found, form))
}

fn letters(name: &str) -> String {
    let letters = name.chars().flat_map(char::to_lowercase);
    letters.filter(|symbol| symbol.is_alphanumeric()).collect()
}

fn is_same(form: &str, found: &str) -> bool {
    let (one, other) = (letters(form), letters(found));
    let is_cut = |short: &str, long: &str| {
        short.chars().count() >= SHORTEST && (long.starts_with(short) || long.ends_with(short))
    };
    one == other || is_cut(&one, &other) || is_cut(&other, &one)
}

fn is_part(found: &str, form: &str) -> bool {
    let words = |name: &str| -> BTreeSet<String> {
        let words = name.split_whitespace();
        words
            .map(|word| letters(word.trim_end_matches("'s")))
            .collect()
    };
    let found = words(found);
    found.is_subset(&words(form)) && found.iter().any(|word| word.len() >= SHORTEST)
}
