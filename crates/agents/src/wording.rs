//! Words by which one matter is told from another, whatever their form.

use std::collections::HashSet;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};

/// Words of people rather than of matters, of days and numbers: dates are compared as dates.
const LIGHT: &str = "\
able about actually after afternoon again ahead all also always am and any anyone anything \
april are around ask asked asking august away back because been before being better big bit \
both bring but call came can cause come could course day december did does doing done down \
eight eleven else end enough even every everybody everyone february feel fifth fifty find first \
five for forty found four fourth friday from get give going gone gonna good got great guess had \
half happen has have hear heard her here him his hope hour hours how hundred into january july \
june just keep kind know last let like little look lot make march may maybe mean meeting might \
mine minute minutes monday month more morning most much must myself need never next nice nine \
nobody none not nothing november now october off often okay once one only other our out over \
own part people perhaps place please probably put quarter quite rather really right said same \
saturday say second see seem send sent september seven she should since six some somebody \
someone something soon sorry sort start still stuff sunday sure take talk tell ten than thank \
thanks that the their them then there these they thing things think third thirty this those \
though thought thousand three through thursday time today tomorrow tonight too tried try \
tuesday twelve twenty twice two under until upon used using very wait want was way wednesday \
week weeks well went were what when where which while who whole why will with within without \
would yeah year yes yesterday yet you your yours";

/// Stems of the words that carry a matter.
pub(crate) fn stems(words: &[String]) -> HashSet<String> {
    static LIGHT_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| LIGHT.split(' ').collect());
    let stemmer = Stemmer::create(Algorithm::English);
    let heavy = words.iter().filter(|word| {
        let has_letters = word.chars().filter(|c| c.is_alphabetic()).count() > 2;
        has_letters && !LIGHT_WORDS.contains(word.as_str())
    });
    heavy.map(|word| stemmer.stem(word).into_owned()).collect()
}

/// The words of a sentence in lower case, short forms written out.
pub(crate) fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace('’', "'");
    let mut words = Vec::new();
    for word in text.split(|c: char| !(c.is_alphanumeric() || c == '\'')) {
        let word = word.trim_matches('\'');
        if word.is_empty() {
            continue;
        }
        let (head, tail) = match word {
            "can't" => ("can", "not"),
            "won't" => ("will", "not"),
            _ => match word.split_once('\'') {
                Some((head, "t")) => (head.strip_suffix('n').unwrap_or(head), "not"),
                Some((head, "ve")) => (head, "have"),
                Some((head, "ll")) => (head, "will"),
                Some((head, "m")) => (head, "am"),
                Some((head, "re")) => (head, "are"),
                Some((head, "d")) => (head, "would"),
                Some((head, "s")) => (head, "is"),
                _ => (word, ""),
            },
        };
        words.push(head.to_owned());
        if !tail.is_empty() {
            words.push(tail.to_owned());
        }
    }
    words
}
