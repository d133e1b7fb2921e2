//! What is seen of a call whatever the question.

use std::sync::LazyLock;

use calls::reading::{CallToRead, Reading, Side};
use foldhash::{HashMap, HashMapExt};

use crate::local::read::{Classes, capitals, general, is_date_word, is_figure, listed, tokens};
use crate::text::{Stemming, inverse_document_frequency};

const ANSWERS: &str = include_str!("../../data/asking_answers.txt");

const MONEY: &str = " k grand thousand hundred million dollar dollars euro euros pound pounds quid percent cents usd eur gbp $ \u{20ac} \u{a3} % ";

const REASONS: &str = " because cause cos since so ";

/// Weight of a number: every text writes it in another way.
const NUMBER_WEIGHT: f64 = 4.0;

/// The words in which people answer, by subject.
pub(super) fn answers() -> &'static Classes {
    static CLASSES: LazyLock<Classes> = LazyLock::new(|| Classes::parse(ANSWERS));
    &CLASSES
}

/// Parts of a reading that speak for a sentence.
pub(super) const PARTS: [&str; 8] = [
    "next_steps",
    "pushback",
    "competitors",
    "pricing",
    "decision",
    "timeline",
    "praise",
    "pains",
];

/// A sentence of a call.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) turn: usize,
    pub(super) party: Option<usize>,
    pub(super) is_rep: bool,
    pub(super) asks: bool,
    pub(super) has_number: bool,
    pub(super) has_money: bool,
    pub(super) has_date: bool,
    pub(super) has_name: bool,
    pub(super) gives_reason: bool,
    pub(super) tokens: Vec<String>,
    /// How often it speaks of each subject, at most twice.
    pub(super) subjects: Vec<f64>,
    /// The confidence of the items of a reading that cite it.
    pub(super) read: [f64; PARTS.len()],
}

/// A call, ready to be asked.
#[derive(Debug)]
pub(super) struct Talk {
    pub(super) said: Vec<Said>,
    /// By stem: the sentences that hold it, and how often.
    postings: HashMap<String, Vec<(usize, f64)>>,
    mean_length: f64,
}

impl Talk {
    #[allow(clippy::cast_precision_loss)] // Words of a call.
    pub(super) fn of(call: &CallToRead, reading: Option<&Reading>) -> Self {
        let mut talk = Self {
            said: Vec::new(),
            postings: HashMap::new(),
            mean_length: 1.0,
        };
        let mut stemming = Stemming::new();
        for (turn, spoken) in call.turns.iter().enumerate() {
            let party = call.parties.iter().position(|one| one.id == spoken.speaker);
            let side = party
                .and_then(|at| call.parties.get(at))
                .map(|one| one.side);
            for text in &spoken.sentences {
                let tokens = tokens(text);
                let number = talk.said.len();
                for token in &tokens {
                    let holding = talk.postings.entry(stem(&mut stemming, token)).or_default();
                    match holding.last_mut() {
                        Some((last, count)) if *last == number => *count += 1.0,
                        _ => holding.push((number, 1.0)),
                    }
                }
                talk.said.push(Said {
                    turn,
                    party,
                    is_rep: side == Some(Side::Rep),
                    asks: text.trim_end().ends_with('?'),
                    has_name: !capitals(text).is_empty(),
                    ..looked_at(tokens)
                });
            }
        }
        let words: usize = talk.said.iter().map(|one| one.tokens.len()).sum();
        talk.mean_length = (words as f64 / talk.said.len().max(1) as f64).max(1.0);
        if let Some(reading) = reading {
            talk.read(reading);
        }
        talk
    }

    fn read(&mut self, reading: &Reading) {
        let facts = [
            (3, &reading.pricing),
            (4, &reading.decision),
            (5, &reading.timeline),
            (6, &reading.praise),
        ];
        for (part, facts) in facts {
            for fact in facts {
                self.cite(part, &fact.sentences, fact.confidence.value);
            }
        }
        for step in &reading.next_steps {
            self.cite(0, &step.sentences, step.confidence.value);
        }
        for pushback in &reading.pushback {
            self.cite(1, &pushback.sentences, pushback.confidence.value);
        }
        for competitor in &reading.competitors {
            self.cite(2, &competitor.sentences, competitor.confidence.value);
        }
        for pain in &reading.pains {
            self.cite(7, &pain.sentences, pain.confidence.value);
        }
    }

    fn cite(&mut self, part: usize, sentences: &[usize], confidence: f64) {
        for number in sentences {
            if let Some(said) = self.said.get_mut(*number) {
                said.read[part] = said.read[part].max(confidence);
            }
        }
    }

    /// The sentences that hold a stem, and how often.
    pub(super) fn holding(&self, stem: &str) -> &[(usize, f64)] {
        self.postings.get(stem).map_or(&[], Vec::as_slice)
    }

    /// How rare a stem is, in this call and in general.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn rarity(&self, stem: &str) -> f64 {
        let (all, holding) = (self.said.len() as f64, self.holding(stem).len() as f64);
        (1.0 + (all - holding + 0.5) / (holding + 0.5)).ln() * weight(stem)
    }

    /// How far the length of a sentence counts against it.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn length(&self, number: usize) -> f64 {
        let words = self.said.get(number).map_or(0, |one| one.tokens.len());
        0.25 + 0.75 * words.max(1) as f64 / self.mean_length
    }
}

fn looked_at(tokens: Vec<String>) -> Said {
    let words: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let subjects = answers().counts(&words).into_iter();
    let any = |list: &str| words.iter().any(|word| listed(list, word));
    Said {
        turn: 0,
        party: None,
        is_rep: false,
        asks: false,
        has_number: words.iter().any(|word| is_figure(word)),
        has_money: any(MONEY),
        has_date: words.iter().any(|word| is_date_word(word)),
        has_name: false,
        gives_reason: any(REASONS),
        subjects: subjects.map(|count| f64::from(count.min(2.0))).collect(),
        read: [0.0; PARTS.len()],
        tokens,
    }
}

/// The stem of a token; all numbers in digits and all in words are one.
pub(super) fn stem(stemming: &mut Stemming, token: &str) -> String {
    match general(token) {
        number if number.starts_with('#') => number.to_owned(),
        word => stemming.stem(word).to_owned(),
    }
}

/// How rare a stem is in general.
pub(super) fn weight(stem: &str) -> f64 {
    if stem.starts_with('#') {
        NUMBER_WEIGHT
    } else {
        f64::from(inverse_document_frequency(stem))
    }
}
