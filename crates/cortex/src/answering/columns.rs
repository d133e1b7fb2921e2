//! What is seen of each sentence in the light of a question, by name.

use std::borrow::Cow;
use std::collections::HashSet;

use foldhash::{HashMap, HashMapExt};

use super::question::{Asks, Question, questions};
use super::talk::{PARTS, Said, Talk, weight};

/// How quickly a word's repetition stops to count.
const K1: f64 = 1.2;

/// Rarities reach some fifty: a tenth of them is of the size of the other columns.
const SCALE: f64 = 0.1;

/// How many sentences back somebody may have asked what a sentence answers.
const ASKED_BEFORE: usize = 4;

/// A column: its name and a value for every sentence.
pub(super) type Column = (Cow<'static, str>, Vec<f64>);

/// The columns of a question, and what is read off them elsewhere.
pub(super) struct Columns {
    pub(super) columns: Vec<Column>,
    /// By sentence: the share of the question's rarity that is said there or close by.
    pub(super) covered: Vec<f64>,
    /// By sentence: how many words of the question's subjects it answers with.
    pub(super) subjects: Vec<f64>,
}

impl Columns {
    pub(super) fn of(talk: &Talk, question: &Question) -> Self {
        let words = words(talk, question);
        let covered = covered(talk, question);
        let subjects = subjects(talk, question);
        let mut columns = Self {
            columns: Vec::new(),
            covered,
            subjects,
        };
        columns.add_words(talk, &words, question);
        columns.add_shape(talk, question);
        columns.add_people(talk, question);
        columns.add_read(talk, question);
        columns.add_subjects(talk, question);
        columns
    }

    fn add(&mut self, name: impl Into<Cow<'static, str>>, values: Vec<f64>) {
        self.columns.push((name.into(), values));
    }

    fn add_words(&mut self, talk: &Talk, words: &[f64], question: &Question) {
        let asked = asked_before(talk, words);
        let turn = of_turn(talk, words);
        self.add("words_share", relative(words));
        self.add("words_before", smoothed(words, 3, Reach::Back));
        self.add("words_after", smoothed(words, 2, Reach::Forward));
        self.add(
            "words_around",
            scaled(&smoothed(words, 10, Reach::Both), 1.0 / 3.0),
        );
        self.add("words_asked", asked);
        self.add("words_turn", turn);
        self.add("words_like", alike(talk, question));
        self.add("covered", self.covered.clone());
        self.add("covered_share", relative(&self.covered));
        let both = self.subjects.iter().zip(&self.covered);
        self.add(
            "subjects_covered",
            both.map(|(one, two)| one * two).collect(),
        );
        self.add("subjects", self.subjects.clone());
        self.add(
            "subjects_around",
            scaled(&smoothed(&self.subjects, 3, Reach::Both), 0.5),
        );
        self.add("words", words.to_vec());
        self.add(format!("words_{}", question.asks.as_str()), words.to_vec());
    }

    #[allow(clippy::cast_precision_loss)] // Sentences of a call.
    fn add_shape(&mut self, talk: &Talk, question: &Question) {
        let number = flags(talk, |one| one.has_number);
        match question.asks {
            Asks::HowMuch => {
                self.add("money_how_much", flags(talk, |one| one.has_money));
                self.add("number_near", smoothed(&number, 2, Reach::Both));
            }
            Asks::HowMany => self.add("number_near", smoothed(&number, 2, Reach::Both)),
            Asks::When => self.add("date_when", flags(talk, |one| one.has_date)),
            Asks::Why => self.add("reason_why", flags(talk, |one| one.gives_reason)),
            Asks::Who => self.add("name_who", flags(talk, |one| one.has_name)),
            _ => {}
        }
        self.add("number", number.clone());
        self.add(format!("number_{}", question.asks.as_str()), number);
        self.add("name", flags(talk, |one| one.has_name));
        self.add("asks", flags(talk, |one| one.asks));
        self.add("short", flags(talk, |one| one.tokens.len() < 4));
        let lengths = talk.said.iter().map(|one| one.tokens.len().max(1) as f64);
        self.add("length", lengths.map(f64::ln).collect());
        let all = talk.said.len() as f64;
        let place: Vec<f64> = (0..talk.said.len()).map(|at| at as f64 / all).collect();
        if question.asks == Asks::When {
            self.add("late_when", place.clone());
        }
        self.add("late", place);
    }

    fn add_people(&mut self, talk: &Talk, question: &Question) {
        let party = |one: &Said| one.party.and_then(|at| question.people.get(at)).copied();
        self.add(
            "named",
            flags(talk, |one| party(one).is_some_and(|by| by.0)),
        );
        self.add("role", flags(talk, |one| party(one).is_some_and(|by| by.1)));
        let rep = flags(talk, |one| one.is_rep);
        if question.is_of_us {
            self.add("rep_us", rep.clone());
        }
        if question.is_of_them {
            self.add("rep_them", rep.clone());
        }
        self.add(format!("rep_{}", question.asks.as_str()), rep.clone());
        self.add("rep", rep);
    }

    fn add_read(&mut self, talk: &Talk, question: &Question) {
        let most = |one: &Said| one.read.iter().copied().fold(0.0, f64::max);
        self.add("read", talk.said.iter().map(most).collect());
        for (part, name) in PARTS.into_iter().enumerate() {
            let read: Vec<f64> = talk.said.iter().map(|one| one.read[part]).collect();
            if read.iter().all(|value| *value == 0.0) {
                continue;
            }
            for subject in asked_subjects(question) {
                let subject = questions().name(subject);
                self.add(format!("{name}_{subject}"), read.clone());
            }
            self.add(format!("{name}_{}", question.asks.as_str()), read);
        }
    }

    fn add_subjects(&mut self, talk: &Talk, question: &Question) {
        for subject in asked_subjects(question) {
            let name = format!("subject_{}", questions().name(subject));
            self.add(name, of_subject(talk, subject));
        }
    }
}

/// The subjects that the question speaks of.
fn asked_subjects(question: &Question) -> impl Iterator<Item = usize> {
    let subjects = question.subjects.iter().enumerate();
    subjects
        .filter(|(_, count)| **count > 0.0)
        .map(|(at, _)| at)
}

fn of_subject(talk: &Talk, subject: usize) -> Vec<f64> {
    let of = |one: &Said| one.subjects.get(subject).copied().unwrap_or(0.0);
    talk.said.iter().map(of).collect()
}

fn subjects(talk: &Talk, question: &Question) -> Vec<f64> {
    let of = |one: &Said| {
        let both = one.subjects.iter().zip(&question.subjects);
        both.map(|(said, asked)| f64::min(said * asked, 2.0)).sum()
    };
    talk.said.iter().map(of).collect()
}

/// BM25 of each sentence.
fn words(talk: &Talk, question: &Question) -> Vec<f64> {
    let mut scores = vec![0.0; talk.said.len()];
    for stem in &question.stems {
        let rarity = talk.rarity(stem) * SCALE;
        for (number, count) in talk.holding(stem) {
            let length = talk.length(*number);
            scores[*number] += rarity * count * (K1 + 1.0) / (count + K1 * length);
        }
    }
    scores
}

/// The share of the question's rarity that is said at each sentence or up to three away.
#[allow(clippy::cast_precision_loss)]
fn covered(talk: &Talk, question: &Question) -> Vec<f64> {
    let all: f64 = question.stems.iter().map(|stem| talk.rarity(stem)).sum();
    let mut covered = vec![0.0; talk.said.len()];
    for stem in &question.stems {
        let mut near = vec![0.0_f64; talk.said.len()];
        for (number, _) in talk.holding(stem) {
            for by in -3..=3_isize {
                let Some(slot) = number
                    .checked_add_signed(by)
                    .and_then(|at| near.get_mut(at))
                else {
                    continue;
                };
                // What follows a word answers it more often than what comes before.
                let lost = if by < 0 { 0.25 } else { 0.2 };
                *slot = slot.max(1.0 - lost * by.unsigned_abs() as f64);
            }
        }
        let share = talk.rarity(stem) / all.max(f64::MIN_POSITIVE);
        for (sum, near) in covered.iter_mut().zip(near) {
            *sum += share * near;
        }
    }
    covered
}

/// Words of the question that the call does not hold, by how much words of a sentence
/// look like them: names are misheard.
fn alike(talk: &Talk, question: &Question) -> Vec<f64> {
    let mut scores = vec![0.0; talk.said.len()];
    for (word, stem) in question.words.iter().zip(stems_of(question)) {
        if word.len() < 5 || word.starts_with(|first: char| first.is_ascii_digit()) {
            continue;
        }
        let wanted = runs(word);
        let mut known: HashMap<&str, f64> = HashMap::new();
        for (score, one) in scores.iter_mut().zip(&talk.said) {
            let mut best = 0.0_f64;
            for token in one.tokens.iter().filter(|token| token.len() > 3) {
                let likeness = *known
                    .entry(token)
                    .or_insert_with(|| likeness(word, &wanted, token));
                best = best.max(likeness);
            }
            *score += SCALE * best * best * weight(&stem);
        }
    }
    scores
}

fn stems_of(question: &Question) -> impl Iterator<Item = String> {
    let mut stemming = crate::text::Stemming::new();
    question
        .words
        .iter()
        .map(move |word| super::talk::stem(&mut stemming, word))
}

/// Runs of three letters, the ends of the word counted in.
fn runs(word: &str) -> HashSet<[char; 3]> {
    let letters: Vec<char> = ['<'].into_iter().chain(word.chars()).chain(['>']).collect();
    letters
        .windows(3)
        .filter_map(|run| <[char; 3]>::try_from(run).ok())
        .collect()
}

/// The share of runs of letters in common; of the same word nothing, which counts as said.
#[allow(clippy::cast_precision_loss)]
fn likeness(word: &str, wanted: &HashSet<[char; 3]>, token: &str) -> f64 {
    if word.chars().next() != token.chars().next() || word == token {
        return 0.0;
    }
    let runs = runs(token);
    let shared = wanted.intersection(&runs).count() as f64;
    shared / (wanted.len() + runs.len()) as f64 * 2.0
}

/// For what follows a question of another voice: what the question says.
fn asked_before(talk: &Talk, words: &[f64]) -> Vec<f64> {
    let of = |at: usize| {
        let turn = talk.said[at].turn;
        let mut before = (at.saturating_sub(ASKED_BEFORE)..at).rev();
        let asked = before.find(|place| talk.said[*place].asks && talk.said[*place].turn != turn);
        asked.map_or(0.0, |place| {
            words[place] + 0.5 * place.checked_sub(1).map_or(0.0, |place| words[place])
        })
    };
    (0..talk.said.len()).map(of).collect()
}

/// The best of each turn.
fn of_turn(talk: &Talk, words: &[f64]) -> Vec<f64> {
    let mut values = Vec::with_capacity(words.len());
    for turn in talk.said.chunk_by(|one, next| one.turn == next.turn) {
        let from = values.len();
        let best = words[from..from + turn.len()].iter().copied();
        let best = best.fold(0.0, f64::max);
        values.resize(from + turn.len(), best);
    }
    values
}

#[derive(Clone, Copy, PartialEq)]
enum Reach {
    Back,
    Forward,
    Both,
}

/// What the neighbours have, falling with their distance; what a sentence has itself is
/// left out.
#[allow(clippy::cast_precision_loss)]
fn smoothed(values: &[f64], width: usize, reach: Reach) -> Vec<f64> {
    let mut sums = vec![0.0; values.len()];
    for by in 1..=width.min(values.len().saturating_sub(1)) {
        let share = (-1.5 * by as f64 / width as f64).exp();
        for at in by..values.len() {
            if reach != Reach::Forward {
                sums[at] += share * values[at - by];
            }
            if reach != Reach::Back {
                sums[at - by] += share * values[at];
            }
        }
    }
    sums
}

fn relative(values: &[f64]) -> Vec<f64> {
    let most = values.iter().copied().fold(0.0, f64::max);
    scaled(values, if most > 0.0 { 1.0 / most } else { 0.0 })
}

fn scaled(values: &[f64], by: f64) -> Vec<f64> {
    values.iter().map(|value| value * by).collect()
}

fn flags(talk: &Talk, is: impl Fn(&Said) -> bool) -> Vec<f64> {
    let said = talk.said.iter();
    said.map(|one| f64::from(u8::from(is(one)))).collect()
}
