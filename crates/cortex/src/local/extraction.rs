//! Finds what a conversation holds, kind by kind.

use std::borrow::Cow;
use std::collections::HashSet;

use super::acts;
use super::competitors::Competitors;
use super::spoken_sentence::Spoken;
use super::text::{Stemmed, Stemming, sentences, without_annotations, words};
use super::{commitments, keywords, questions, topics};
use crate::{ExtractRequest, Extraction, Finding, FindingKind};

/// Weaker findings are noise.
const WEAKEST: f64 = 0.3;

/// Commitments are rare and hard to tell, so they are to be ranked further down: two
/// sentences in a hundred score higher than this, and most commitments are in them.
const WEAKEST_COMMITMENT: f64 = 0.05;

/// Most keywords of a conversation.
const MOST_KEYWORDS: usize = 20;

/// Everything wanted, sorted by kind, falling score and place.
pub(super) fn extract(request: &ExtractRequest) -> Extraction {
    let wanted: HashSet<FindingKind> = request.wanted.iter().copied().collect();
    let wants_promises = wanted.contains(&FindingKind::Commitment);
    let wants_acts = wants_promises || wanted.contains(&FindingKind::Question);
    let texts: Vec<_> = request
        .utterances
        .iter()
        .map(|utterance| without_annotations(&utterance.text))
        .collect();
    let mut stemming = Stemming::new();
    let names = names(request, &mut stemming);
    let cut = cut(&texts, &mut stemming);
    let spoken: Vec<Spoken<'_>> = cut
        .iter()
        .map(|sentence| {
            let stems: Vec<&str> = sentence
                .numbers
                .iter()
                .map(|number| stemming.numbered(*number))
                .collect();
            let evidence = wants_acts.then(|| acts::evidence(sentence.text)).flatten();
            let promise = evidence.filter(|_| wants_promises).and_then(|_| {
                let stemmed = Stemmed {
                    words: &sentence.words,
                    stems: &stems,
                };
                commitments::promise(stemmed, sentence.text.contains('?'), evidence)
            });
            Spoken {
                utterance: sentence.utterance,
                text: sentence.text,
                words: &sentence.words,
                numbers: &sentence.numbers,
                stems,
                evidence,
                promise,
            }
        })
        .collect();
    let competitors = Competitors::named(&request.competitors);
    let mut findings = Vec::new();
    for sentence in &spoken {
        for kind in FindingKind::ALL.iter().filter(|kind| wanted.contains(kind)) {
            find_in_sentence(*kind, sentence, &competitors, &mut findings);
        }
    }
    find_subjects(&spoken, &wanted, &names, &mut findings);
    findings.sort_by(|left, right| {
        left.kind
            .cmp(&right.kind)
            .then(right.score.total_cmp(&left.score))
            .then(left.utterance.cmp(&right.utterance))
    });
    Extraction {
        findings,
        dropped: 0,
    }
}

/// A sentence before its stems can be borrowed.
struct Cut<'a> {
    utterance: usize,
    text: &'a str,
    words: Vec<&'a str>,
    numbers: Vec<usize>,
}

fn cut<'a>(texts: &'a [Cow<'a, str>], stemming: &mut Stemming) -> Vec<Cut<'a>> {
    let mut found = Vec::new();
    for (utterance, text) in texts.iter().enumerate() {
        for text in sentences(text) {
            let words: Vec<&str> = words(text).collect();
            if words.is_empty() {
                continue;
            }
            let numbers = words.iter().map(|word| stemming.number(word)).collect();
            found.push(Cut {
                utterance,
                text,
                words,
                numbers,
            });
        }
    }
    found
}

/// Numbers of the stems in the speakers' names, which are no keywords.
fn names(request: &ExtractRequest, stemming: &mut Stemming) -> HashSet<usize> {
    let speakers: HashSet<&str> = request
        .utterances
        .iter()
        .filter_map(|utterance| utterance.speaker.as_deref())
        .collect();
    speakers
        .into_iter()
        .flat_map(words)
        .map(|word| stemming.number(word))
        .collect()
}

fn find_in_sentence(
    kind: FindingKind,
    sentence: &Spoken<'_>,
    competitors: &Competitors,
    findings: &mut Vec<Finding>,
) {
    let weakest = match kind {
        FindingKind::Commitment => WEAKEST_COMMITMENT,
        _ => WEAKEST,
    };
    let mut add = |score: f64, phrase: String| {
        if score >= weakest {
            findings.push(Finding {
                kind,
                utterance: sentence.utterance,
                phrase,
                score: score.min(1.0),
            });
        }
    };
    match kind {
        FindingKind::Question => {
            let score = questions::score(sentence.text, sentence.evidence);
            add(score, sentence.text.to_owned());
        }
        FindingKind::Commitment => {
            if let Some(promise) = &sentence.promise {
                add(promise.score, sentence.quote(promise.words.clone()));
            }
        }
        FindingKind::CompetitorMention => {
            for name in competitors.mentioned_in(sentence) {
                add(1.0, name.to_owned());
            }
        }
        // Those are found in the conversation as a whole.
        FindingKind::Keyword | FindingKind::Topic => {}
    }
}

fn find_subjects(
    spoken: &[Spoken<'_>],
    wanted: &HashSet<FindingKind>,
    names: &HashSet<usize>,
    findings: &mut Vec<Finding>,
) {
    let wants_keywords = wanted.contains(&FindingKind::Keyword);
    let wants_topics = wanted.contains(&FindingKind::Topic);
    if !wants_keywords && !wants_topics {
        return;
    }
    let keywords = keywords::keywords(spoken, names, MOST_KEYWORDS);
    if wants_topics {
        let topics = topics::topics(spoken, &keywords);
        findings.extend(topics.into_iter().map(|topic| Finding {
            kind: FindingKind::Topic,
            utterance: topic.utterance,
            phrase: topic.subject,
            score: topic.score,
        }));
    }
    if wants_keywords {
        findings.extend(keywords.into_iter().map(|keyword| Finding {
            kind: FindingKind::Keyword,
            utterance: keyword.utterance,
            phrase: keyword.phrase,
            score: keyword.score,
        }));
    }
}
