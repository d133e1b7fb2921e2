//! Questions and commitments, as annotators of meetings marked them.

use cortex::{ExtractRequest, Finding, FindingKind, LanguageBackend, LocalLanguage, Utterance};

use crate::Result;
use crate::data::{ActedUtterance, MailSentence, Part};
use crate::figure::{Aim, Figure};
use crate::statistics::{average_precision, f1};

/// What promises are commonly looked for with.
const PHRASE_LIST: [&str; 5] = ["i'll", "i will", "i'm going to", "i am going to", "let me"];

pub(crate) async fn questions(utterances: &[ActedUtterance], part: Part) -> Result<Vec<Figure>> {
    let marked: Vec<String> = utterances.iter().map(|one| one.text.clone()).collect();
    let bare: Vec<String> = utterances.iter().map(|one| bare(&one.text)).collect();
    let marked = scores(&marked, FindingKind::Question).await?;
    let bare = scores(&bare, FindingKind::Question).await?;
    let figure = |name, scores: &[f64], is_true: fn(&ActedUtterance) -> bool, aim| Figure {
        name,
        value: f1(scores
            .iter()
            .map(|score| *score >= Finding::LIKELY)
            .zip(utterances.iter().map(is_true))),
        digits: 3,
        unit: "",
        aim,
        items: format!("{} utterances", utterances.len()),
        part: Some(part),
    };
    Ok(vec![
        figure(
            "questions: MRDA, punctuated, F1",
            &marked,
            asks,
            Aim::AtLeast(0.96),
        ),
        figure(
            "questions: MRDA, unpunctuated, F1",
            &bare,
            asks,
            Aim::AtLeast(0.60),
        ),
        figure(
            "questions: punctuated, by the first act only, F1",
            &marked,
            begins_by_asking,
            Aim::Comparison,
        ),
        figure(
            "questions: unpunctuated, by the first act only, F1",
            &bare,
            begins_by_asking,
            Aim::AtLeast(0.60),
        ),
    ])
}

pub(crate) async fn commitments(utterances: &[ActedUtterance], part: Part) -> Result<Vec<Figure>> {
    let texts: Vec<String> = utterances.iter().map(|one| one.text.clone()).collect();
    let scores = scores(&texts, FindingKind::Commitment).await?;
    let truth: Vec<bool> = utterances
        .iter()
        .map(|one| one.tag.contains("^cc"))
        .collect();
    let listed: Vec<f64> = texts
        .iter()
        .map(|text| f64::from(u8::from(is_listed(text))))
        .collect();
    let commitments = truth.iter().filter(|is_true| **is_true).count();
    let precision = |scores: &[f64]| {
        average_precision(scores.iter().copied().zip(truth.iter().copied()).collect())
    };
    let baseline = precision(&listed);
    let figure = |name, value, aim| Figure {
        name,
        value,
        digits: 3,
        unit: "",
        aim,
        items: format!("{commitments} of {} utterances", utterances.len()),
        part: Some(part),
    };
    Ok(vec![
        figure(
            "commitments: MRDA, average precision",
            precision(&scores),
            // "Well above a phrase list" in a number.
            Aim::AtLeast(1.5 * baseline),
        ),
        figure(
            "commitments: a phrase list, average precision",
            baseline,
            Aim::Comparison,
        ),
    ])
}

/// Sentences of business mail that ask for something or promise it, by the higher of the
/// two scores.
pub(crate) async fn mail(sentences: &[MailSentence]) -> Result<Vec<Figure>> {
    let texts: Vec<String> = sentences.iter().map(|one| one.text.clone()).collect();
    let asks = scores(&texts, FindingKind::Question).await?;
    let promises = scores(&texts, FindingKind::Commitment).await?;
    let best = asks
        .iter()
        .zip(&promises)
        .map(|(ask, promise)| ask.max(*promise));
    let truth = sentences.iter().map(|one| one.is_intent);
    let intents = sentences.iter().filter(|one| one.is_intent).count();
    Ok(vec![Figure {
        name: "mail: sentences that ask or promise, average precision",
        value: average_precision(best.zip(truth).collect()),
        digits: 3,
        unit: "",
        aim: Aim::Comparison,
        items: format!("{intents} of {} sentences", sentences.len()),
        part: None,
    }])
}

/// The score of each text by itself, as the `language` example gives it.
async fn scores(texts: &[String], kind: FindingKind) -> Result<Vec<f64>> {
    let requests: Vec<ExtractRequest> = texts
        .iter()
        .map(|text| ExtractRequest {
            utterances: vec![Utterance::of(text)],
            wanted: vec![kind],
            competitors: Vec::new(),
        })
        .collect();
    let extractions = LocalLanguage::new().extract(&requests).await?;
    let mut scores = Vec::with_capacity(texts.len());
    for extraction in extractions {
        let findings = extraction?.findings;
        let best = findings
            .iter()
            .map(|finding| finding.score)
            .fold(0.0, f64::max);
        scores.push(best);
    }
    Ok(scores)
}

/// An utterance may hold two acts ("it's fixed, right?" is `s|qy^d^g`); what follows a
/// colon is quoted.
fn asks(utterance: &ActedUtterance) -> bool {
    let mut acts = utterance.tag.split('|');
    acts.any(|act| act.starts_with('q'))
}

/// The stricter reading, by which "it's fixed, right?" does not ask.
fn begins_by_asking(utterance: &ActedUtterance) -> bool {
    utterance.tag.starts_with('q')
}

/// Words only, as a recognizer without punctuation would give them.
fn bare(text: &str) -> String {
    let keep = |symbol: char| {
        if symbol.is_alphanumeric() || symbol == '\'' {
            symbol
        } else {
            ' '
        }
    };
    let kept: String = text.chars().map(keep).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_listed(text: &str) -> bool {
    let spaced = format!(" {} ", bare(text).to_lowercase());
    PHRASE_LIST
        .iter()
        .any(|phrase| spaced.contains(&format!(" {phrase} ")))
}
