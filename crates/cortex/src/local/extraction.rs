//! Finds what a conversation holds, kind by kind.

use std::collections::HashSet;
use std::ops::Range;

use calls::Affiliation;

use super::competitors::Competitors;
use super::text::{Stemming, sentences, without_annotations, words};
use super::{commitments, cues, keywords, questions, topics};
use crate::{ExtractRequest, Extraction, Finding, FindingKind};

/// Weaker findings are noise.
const WEAKEST: f64 = 0.3;

/// Most keywords of a conversation.
const MOST_KEYWORDS: usize = 20;

/// In a conversation of so many sentences, its end is where next steps are agreed.
const LONG_CONVERSATION: usize = 20;

/// One sentence, cut once for all kinds.
pub(super) struct Spoken<'a> {
    /// Index of the utterance it is part of.
    pub(super) utterance: usize,
    pub(super) affiliation: Affiliation,
    pub(super) text: &'a str,
    pub(super) words: Vec<&'a str>,
    /// One for each word.
    pub(super) stems: Vec<String>,
    /// What its place near the end adds to a next step.
    closing: f64,
}

impl Spoken<'_> {
    /// Some of its words.
    pub(super) fn quote(&self, words: Range<usize>) -> String {
        self.words.get(words).unwrap_or_default().join(" ")
    }
}

/// Everything wanted, sorted by kind, falling score and place.
pub(super) fn extract(request: &ExtractRequest) -> Extraction {
    let mut stemming = Stemming::new();
    let texts: Vec<_> = request
        .utterances
        .iter()
        .map(|utterance| without_annotations(&utterance.text))
        .collect();
    let mut spoken = Vec::new();
    for (utterance, text) in texts.iter().enumerate() {
        for sentence in sentences(text) {
            spoken.push(Spoken {
                utterance,
                affiliation: request.utterances[utterance].affiliation,
                text: sentence,
                words: words(sentence).collect(),
                stems: stemming.stems(sentence),
                closing: 0.0,
            });
        }
    }
    let count = spoken.len();
    if count >= LONG_CONVERSATION {
        for sentence in &mut spoken[count * 4 / 5..] {
            sentence.closing = 0.1;
        }
    }
    let competitors = Competitors::named(&request.competitors);
    let wanted: HashSet<FindingKind> = request.wanted.iter().copied().collect();
    let mut findings = Vec::new();
    for sentence in &spoken {
        for kind in FindingKind::ALL.iter().filter(|kind| wanted.contains(kind)) {
            find_in_sentence(*kind, sentence, &competitors, &mut findings);
        }
    }
    find_subjects(request, &spoken, &wanted, &mut stemming, &mut findings);
    findings.sort_by(|left, right| {
        left.kind
            .cmp(&right.kind)
            .then(right.score.total_cmp(&left.score))
            .then(left.utterance.cmp(&right.utterance))
    });
    Extraction { findings }
}

fn find_in_sentence(
    kind: FindingKind,
    sentence: &Spoken<'_>,
    competitors: &Competitors,
    findings: &mut Vec<Finding>,
) {
    let mut add = |score: f64, phrase: String| {
        if score >= WEAKEST {
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
            add(questions::score(sentence.text), sentence.text.to_owned());
        }
        FindingKind::Commitment => {
            if let Some(promise) = promise(sentence) {
                add(promise.score, sentence.quote(promise.words));
            }
        }
        FindingKind::NextStep => {
            if let Some((score, phrase)) = next_step(sentence) {
                add(score, phrase);
            }
        }
        FindingKind::CompetitorMention => {
            for name in competitors.mentioned_in(sentence) {
                add(1.0, name.to_owned());
            }
        }
        _ => {
            if let Some((score, phrase)) = cues::cue(kind, sentence) {
                add(score, phrase);
            }
        }
    }
}

fn promise(sentence: &Spoken<'_>) -> Option<commitments::Promise> {
    commitments::promise(&sentence.stems, sentence.text.contains('?'))
}

/// A promise to do something, or a phrase that arranges something; more so near the
/// end of a long conversation.
fn next_step(sentence: &Spoken<'_>) -> Option<(f64, String)> {
    let promised = promise(sentence)
        .filter(|promise| promise.has_action)
        .map(|promise| (promise.score * 0.8, sentence.quote(promise.words)));
    let arranged =
        cues::cue(FindingKind::NextStep, sentence).map(|(score, phrase)| (score * 0.8, phrase));
    let (score, phrase) = match (promised, arranged) {
        // Both together are surer than either.
        (Some(promised), Some(arranged)) => (promised.0.max(arranged.0) + 0.1, arranged.1),
        (promised, arranged) => promised.or(arranged)?,
    };
    Some((score + sentence.closing, phrase))
}

fn find_subjects(
    request: &ExtractRequest,
    spoken: &[Spoken<'_>],
    wanted: &HashSet<FindingKind>,
    stemming: &mut Stemming,
    findings: &mut Vec<Finding>,
) {
    let wants_keywords = wanted.contains(&FindingKind::Keyword);
    let wants_topics = wanted.contains(&FindingKind::Topic);
    if !wants_keywords && !wants_topics {
        return;
    }
    let names: HashSet<String> = request
        .utterances
        .iter()
        .filter_map(|utterance| utterance.speaker.as_deref())
        .collect::<HashSet<&str>>()
        .into_iter()
        .flat_map(|name| stemming.stems(name))
        .collect();
    let keywords = keywords::keywords(spoken, &names, MOST_KEYWORDS);
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
