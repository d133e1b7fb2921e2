//! Findings in a conversation, from a generative model, as far as they were said.

use std::ops::Range;

use serde::Deserialize;
use serde_json::Value;

use super::answers::{ask, shaped};
use super::chunks::{Line, chunks};
use super::fence::json_line;
use super::grounding::QuoteIndex;
use super::prompts::{SpokenLine, prompt_on};
use super::schema::{array, integer, number, object, one_of, string};
use super::text_model::{Prompt, TextModel};
use crate::{ExtractRequest, Extraction, Finding, FindingKind, Method, Outcome, Result};

/// Lowest score of a finding; it has to be above 0.
const LOWEST: f64 = 0.01;

const TASK: &str = "Find in the transcript every passage of these kinds:\n{kinds}\nFor each, \
    give kind; line, the number of the line in which the passage begins; quote, the words of \
    the passage exactly as they stand in the line, as few as show it; and score, from 0 to 1, \
    how sure it is. Leave out what you are not sure of and what is not one of these kinds. An \
    empty list is a good answer.";

/// What each conversation holds of the kinds that were asked for.
///
/// A conversation is read in chunks of whole turns. Every claim has to quote the
/// transcript; what cannot be found there, a competitor that was not named and what is
/// of no wanted kind is dropped and counted. When a chunk cannot be read, the conversation has an error:
/// findings with a hole in them look like findings without.
pub(crate) async fn extract(
    model: &dyn TextModel,
    requests: &[ExtractRequest],
) -> Result<Vec<Outcome<Extraction>>> {
    let mut prompts = Vec::new();
    let mut asked: Vec<(usize, Range<usize>)> = Vec::new();
    let wanted: Vec<Vec<FindingKind>> = requests.iter().map(askable).collect();
    for (item, request) in requests.iter().enumerate() {
        if wanted[item].is_empty() {
            continue;
        }
        for chunk in chunks(&request.utterances, model.limits().data_tokens) {
            asked.push((item, range_of(&chunk)));
            prompts.push(prompt(request, &wanted[item], &chunk));
        }
    }
    let answers = ask(model, prompts, |_, value| {
        Ok(shaped::<Claims>(value)?.findings)
    })
    .await?;
    let mut claims: Vec<Outcome<Claimed>> = requests.iter().map(|_| Ok(Vec::new())).collect();
    for ((item, range), answer) in asked.into_iter().zip(answers) {
        match (&mut claims[item], answer) {
            (Ok(claims), Ok(more)) => {
                claims.extend(more.into_iter().map(|claim| (claim, range.clone())));
            }
            (claims @ Ok(_), Err(error)) => *claims = Err(error),
            (Err(_), _) => {}
        }
    }
    Ok(requests
        .iter()
        .zip(&wanted)
        .zip(claims)
        .map(|((request, wanted), claims)| Ok(grounded(request, wanted, claims?)))
        .collect())
}

/// What a model says that it found.
#[derive(Deserialize)]
struct Claim {
    kind: String,
    line: i64,
    quote: String,
    score: f64,
}

/// Claims about a conversation, each with the utterances that its chunk held.
type Claimed = Vec<(Claim, Range<usize>)>;

#[derive(Deserialize)]
struct Claims {
    findings: Vec<Claim>,
}

/// The wanted kinds that can be found at all, each once.
fn askable(request: &ExtractRequest) -> Vec<FindingKind> {
    let mut wanted = request.wanted.clone();
    wanted.sort();
    wanted.dedup();
    wanted
        .retain(|kind| *kind != FindingKind::CompetitorMention || !request.competitors.is_empty());
    wanted
}

fn range_of(chunk: &[Line<'_>]) -> Range<usize> {
    let first = chunk.first().map_or(0, |line| line.utterance);
    let last = chunk.last().map_or(0, |line| line.utterance);
    first..last + 1
}

fn prompt(request: &ExtractRequest, wanted: &[FindingKind], chunk: &[Line<'_>]) -> Prompt {
    let kinds: Vec<String> = wanted
        .iter()
        .map(|kind| match kind {
            FindingKind::CompetitorMention => format!(
                "- {}: {}: {}",
                name(*kind),
                meaning(*kind),
                json_line(&request.competitors)
            ),
            kind => format!("- {}: {}", name(*kind), meaning(*kind)),
        })
        .collect();
    let names: Vec<String> = wanted.iter().map(|kind| name(*kind)).collect();
    let schema = object([(
        "findings",
        array(object([
            ("kind", one_of(&names)),
            ("line", integer()),
            ("quote", string()),
            ("score", number()),
        ])),
    )]);
    let task = TASK.replace("{kinds}", &kinds.join("\n"));
    let lines = chunk.iter().map(SpokenLine::from);
    prompt_on(Method::Extract, &task, schema, "transcript", lines)
}

/// The kind as it is serialised.
fn name(kind: FindingKind) -> String {
    match serde_json::to_value(kind) {
        Ok(Value::String(name)) => name,
        _ => String::new(),
    }
}

fn kind_named(name: &str) -> Option<FindingKind> {
    serde_json::from_value(Value::String(name.to_owned())).ok()
}

fn meaning(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Keyword => {
            "a word or phrase that is typical of this call and not of others; quote only it"
        }
        FindingKind::Topic => {
            "a subject that a passage is about; quote the one to five words that name it best, \
             each subject once"
        }
        FindingKind::Question => "a question that somebody asks",
        FindingKind::Commitment => "somebody takes upon themselves to do something",
        FindingKind::CompetitorMention => "one of these competitors is mentioned",
    }
}

/// The claims that hold, each once.
fn grounded(request: &ExtractRequest, wanted: &[FindingKind], claims: Claimed) -> Extraction {
    let quotes = QuoteIndex::new(&request.utterances);
    let mut findings: Vec<Finding> = Vec::new();
    let mut dropped = 0;
    for (claim, chunk) in claims {
        let Some(finding) = finding(request, wanted, &quotes, &claim, chunk) else {
            dropped += 1;
            continue;
        };
        let same = |other: &&mut Finding| {
            other.kind == finding.kind
                && other.utterance == finding.utterance
                && (other.phrase.contains(&finding.phrase)
                    || finding.phrase.contains(&other.phrase))
        };
        match findings.iter_mut().find(same) {
            Some(other) if finding.score > other.score => *other = finding,
            Some(_) => {}
            None => findings.push(finding),
        }
    }
    findings.sort_by(|left, right| {
        left.kind
            .cmp(&right.kind)
            .then(right.score.total_cmp(&left.score))
            .then(left.utterance.cmp(&right.utterance))
    });
    if dropped > 0 {
        tracing::debug!(dropped, kept = findings.len(), "claims without evidence");
    }
    Extraction { findings, dropped }
}

fn finding(
    request: &ExtractRequest,
    wanted: &[FindingKind],
    quotes: &QuoteIndex<'_>,
    claim: &Claim,
    chunk: Range<usize>,
) -> Option<Finding> {
    let kind = kind_named(&claim.kind).filter(|kind| wanted.contains(kind))?;
    let line = usize::try_from(claim.line).ok();
    let found = quotes.find_within(&claim.quote, line, chunk)?;
    let phrase = match kind {
        // As the caller spells it, like every backend's.
        FindingKind::CompetitorMention => request
            .competitors
            .iter()
            .find(|name| mentions(quotes, found.first, name))?
            .clone(),
        _ => found.text,
    };
    Some(Finding {
        kind,
        utterance: found.first,
        phrase,
        score: match claim.score.is_nan() {
            true => LOWEST,
            false => claim.score.clamp(LOWEST, 1.0),
        },
    })
}

/// Whether a name stands in an utterance, in the possessive too.
fn mentions(quotes: &QuoteIndex<'_>, utterance: usize, name: &str) -> bool {
    quotes.says(utterance, name) || quotes.says(utterance, &format!("{name}'s"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_name_that_leads_back_to_it() {
        for kind in FindingKind::ALL {
            assert_eq!(kind_named(&name(kind)), Some(kind));
            assert!(!meaning(kind).is_empty());
        }
    }
}
