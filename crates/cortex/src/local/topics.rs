//! What a conversation is about.
//!
//! Subjects of sales calls are known by their vocabulary; what a call is about
//! besides them shows in its strongest phrases.

use std::sync::LazyLock;

use super::keywords::Keyword;
use super::spoken_sentence::Spoken;
use super::text::PhraseTable;

/// `subject: phrase, phrase`; see the file.
const SUBJECTS: &str = include_str!("../../data/cues/subjects.txt");

/// Most subjects and most phrases that are returned.
const MOST_SUBJECTS: usize = 6;
const MOST_PHRASES: usize = 4;

/// How many sentences a passage spans when the best place is looked for.
const PASSAGE: usize = 10;

/// In a conversation of so many sentences, a subject must come up twice.
const LONG_CONVERSATION: usize = 20;

struct Subjects {
    names: Vec<&'static str>,
    phrases: PhraseTable,
}

static SUBJECT_PHRASES: LazyLock<Subjects> = LazyLock::new(|| {
    let (names, phrases): (Vec<&str>, Vec<String>) = SUBJECTS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(':'))
        .map(|(subject, phrases)| (subject.trim(), phrases.replace(',', "\n")))
        .unzip();
    Subjects {
        names,
        phrases: PhraseTable::parse_groups(phrases),
    }
});

/// A subject, and the utterance where the passage begins that is most about it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Topic {
    pub(super) subject: String,
    pub(super) utterance: usize,
    /// From above 0 to 1, where 1 is the subject that comes up most.
    pub(super) score: f64,
}

/// Subjects by how often they come up, then phrases from the keywords.
pub(super) fn topics(spoken: &[Spoken<'_>], keywords: &[Keyword]) -> Vec<Topic> {
    let fewest = if spoken.len() >= LONG_CONVERSATION {
        2
    } else {
        1
    };
    let subjects = &*SUBJECT_PHRASES;
    let mut hits = vec![vec![0_usize; spoken.len()]; subjects.names.len()];
    for (at, sentence) in spoken.iter().enumerate() {
        for found in subjects.phrases.find(sentence.stemmed()) {
            hits[found.group][at] += 1;
        }
    }
    let mut counted: Vec<(usize, Topic)> = subjects
        .names
        .iter()
        .zip(hits)
        .filter_map(|(subject, hits)| {
            let total: usize = hits.iter().sum();
            (total >= fewest).then(|| {
                let topic = Topic {
                    subject: (*subject).to_owned(),
                    utterance: spoken[densest(&hits)].utterance,
                    score: 0.0,
                };
                (total, topic)
            })
        })
        .collect();
    counted.sort_by_key(|(total, _)| std::cmp::Reverse(*total));
    counted.truncate(MOST_SUBJECTS);
    let most = counted.first().map_or(1, |(total, _)| *total);
    let phrases = keywords
        .iter()
        .filter(|keyword| keyword.length > 1)
        .take(MOST_PHRASES)
        .map(|keyword| Topic {
            subject: keyword.phrase.to_lowercase(),
            utterance: keyword.utterance,
            score: keyword.score * 0.5,
        });
    #[allow(clippy::cast_precision_loss)] // counts of sentences
    counted
        .into_iter()
        .map(|(total, topic)| Topic {
            score: total as f64 / most as f64,
            ..topic
        })
        .chain(phrases)
        .collect()
}

/// The first hit of the passage with the most hits.
fn densest(hits: &[usize]) -> usize {
    let mut best = (0, 0);
    let mut within: usize = 0;
    for (end, added) in hits.iter().enumerate() {
        within += added;
        if end >= PASSAGE {
            within -= hits[end - PASSAGE];
        }
        if within > best.0 {
            best = (within, (end + 1).saturating_sub(PASSAGE));
        }
    }
    (best.1..hits.len()).find(|at| hits[*at] > 0).unwrap_or(0)
}
