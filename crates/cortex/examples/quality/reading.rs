//! Labelled dialogues, each read with numbers that were learned without it.
//!
//! An item is right when it shares a sentence with a labelled one of its kind that no
//! other took, the largest overlaps first; wrong items on a labelled trap of their kind
//! count as trapped.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use calls::reading::{CallToRead, CallType, Reading};
use cortex::{LanguageBackendExt, LocalLanguage, ReadingModel};
use serde_json::Value;

use crate::Result;
use crate::figure::{Aim, Figure};
use crate::moments::Moments;
use crate::names::is_called;

/// A kind of item.
struct Kind {
    /// In a reading.
    name: &'static str,
    /// In the labels of traps.
    trap: &'static str,
    figure: &'static str,
    evidence: &'static str,
    calibration: &'static str,
    /// What its F1 should be.
    aim: f64,
    /// Precision and recall of a careful reader on seven other dialogues, in hundredths.
    people: (u8, u8),
}

macro_rules! kind {
    ($name:literal, $trap:literal, $shown:literal, $aim:literal, $people:expr) => {
        Kind {
            name: $name,
            trap: $trap,
            figure: concat!("reading: ", $shown, ", F1"),
            evidence: concat!("reading: ", $shown, ", labelled sentences of those cited"),
            calibration: concat!("reading: ", $shown, ", confidence off by"),
            aim: $aim,
            people: $people,
        }
    };
}

const KINDS: [Kind; 8] = [
    kind!("next_steps", "next_step", "next steps", 0.75, (93, 100)),
    kind!("pushback", "pushback", "pushback", 0.65, (84, 98)),
    kind!("competitors", "competitor", "competitors", 0.60, (100, 100)),
    kind!("pricing", "pricing", "pricing", 0.60, (93, 79)),
    kind!("decision", "decision", "decision", 0.58, (96, 83)),
    kind!("timeline", "timeline", "timeline", 0.62, (79, 100)),
    kind!("praise", "praise", "praise", 0.50, (94, 89)),
    kind!("pains", "pains", "pains", 0.52, (83, 92)),
];

/// Folds whose dialogues were not looked at when the latest rules were written.
const UNSEEN: usize = 5;

/// Of matched items, how many have the labelled value.
const ATTRIBUTES: [(&str, &str, &str, Aim); 6] = [
    (
        "competitors",
        "stance",
        "reading: stances to competitors right, of those matched",
        Aim::Comparison,
    ),
    (
        "next_steps",
        "due",
        "reading: due dates right, of those matched",
        Aim::AtLeast(85.0),
    ),
    (
        "next_steps",
        "owner",
        "reading: owners right, of those matched",
        Aim::AtLeast(88.0),
    ),
    (
        "next_steps",
        "status",
        "reading: states of steps right, of those matched",
        Aim::Comparison,
    ),
    (
        "pushback",
        "kind",
        "reading: kinds of pushback right, of those matched",
        Aim::AtLeast(65.0),
    ),
    (
        "pushback",
        "handling",
        "reading: handling right, of those matched",
        Aim::Comparison,
    ),
];

/// What a careful reader reached on dialogues that are held back, by the same rule.
const PEOPLE: f64 = 0.91;

#[derive(Default, Clone, Copy)]
struct Count {
    right: usize,
    found: usize,
    labelled: usize,
    trapped: usize,
    traps: usize,
}

impl Count {
    #[allow(clippy::cast_precision_loss)] // Hundreds.
    fn f1(self) -> f64 {
        2.0 * self.right as f64 / (self.found + self.labelled).max(1) as f64
    }

    fn and(self, other: Self) -> Self {
        Self {
            right: self.right + other.right,
            found: self.found + other.found,
            labelled: self.labelled + other.labelled,
            trapped: self.trapped + other.trapped,
            traps: self.traps + other.traps,
        }
    }

    fn items(self) -> String {
        let share = |of: usize| 100 * self.right / of.max(1);
        format!(
            "{} labelled; P {} %, R {} %",
            self.labelled,
            share(self.found),
            share(self.labelled)
        )
    }
}

/// How many of the items of one degree of confidence were right.
type Bins = BTreeMap<usize, (usize, usize)>;

#[derive(Default)]
struct Measured {
    kinds: [Count; KINDS.len()],
    /// Of all kinds, in the folds that were not looked at.
    unseen: Count,
    /// Of the sentences that right items cite, how many are labelled.
    evidence: [(usize, usize); KINDS.len()],
    /// Of competitors that were matched, how many have their name.
    named: (usize, usize),
    attributes: [(usize, usize); ATTRIBUTES.len()],
    /// Types of calls that are as labelled, of all.
    types: (usize, usize),
    won: Vec<f64>,
    lost: Vec<f64>,
    sure: [Bins; KINDS.len()],
    moments: Moments,
}

/// Figures of the dialogues in `dialogues`, with the models that `training/reading`
/// wrote into `folds`.
pub(crate) async fn figures(dialogues: &Path, folds: &Path) -> Result<Vec<Figure>> {
    let parts: Vec<Vec<String>> = serde_json::from_slice(&fs::read(folds.join("folds.json"))?)?;
    let mut measured = Measured::default();
    for (number, ids) in parts.iter().enumerate() {
        let numbers = fs::read(folds.join(format!("fold-{number}.bin")))?;
        let choices = fs::read(folds.join(format!("choices-{number}.bin")))?;
        let model = ReadingModel::from_bytes(&numbers, &choices)?;
        let language = LocalLanguage::new().with_reading_model(model);
        for id in ids {
            let path = dialogues.join(format!("{id}.json"));
            let dialogue: Value = serde_json::from_slice(&fs::read(path)?)?;
            let call: CallToRead = serde_json::from_value(dialogue.clone())?;
            let reading = language.reading_of(call).await?;
            measured.add(&dialogue, &reading, number >= UNSEEN)?;
        }
    }
    Ok(measured.figures())
}

impl Measured {
    fn add(&mut self, dialogue: &Value, reading: &Reading, is_unseen: bool) -> Result<()> {
        let read = serde_json::to_value(reading)?;
        for (
            at,
            Kind {
                name: kind, trap, ..
            },
        ) in KINDS.iter().enumerate()
        {
            let labelled = items(&dialogue["gold"][kind]);
            let found = items(&read[kind]);
            let traps: Vec<Vec<u64>> = items(&dialogue["gold"]["traps"])
                .into_iter()
                .filter(|item| item["looks_like"] == *trap)
                .map(sentences)
                .collect();
            let matched = matched(&labelled, &found);
            let mut count = Count {
                right: matched.len(),
                found: found.len(),
                labelled: labelled.len(),
                traps: traps.len(),
                trapped: 0,
            };
            for (number, item) in found.iter().enumerate() {
                let is_right = matched.iter().any(|(_, found)| *found == number);
                let on_trap = traps.iter().any(|trap| shared(trap, &sentences(item)) > 0);
                count.trapped += usize::from(!is_right && on_trap);
                let bin = self.sure[at]
                    .entry(tenth(&item["confidence"]["value"]))
                    .or_default();
                bin.0 += usize::from(is_right);
                bin.1 += 1;
            }
            self.kinds[at] = self.kinds[at].and(count);
            if is_unseen {
                self.unseen = self.unseen.and(count);
            }
            for (label, item) in &matched {
                let (label, item) = (labelled[*label], found[*item]);
                let cited = sentences(item);
                self.evidence[at].0 += shared(&sentences(label), &cited);
                self.evidence[at].1 += cited.len();
                if *kind == "competitors" {
                    self.named.0 += usize::from(is_called(label, &item["name"]));
                    self.named.1 += 1;
                }
            }
            for (number, (of, name, ..)) in ATTRIBUTES.into_iter().enumerate() {
                for (label, item) in matched.iter().filter(|_| of == *kind) {
                    let (label, item) = (&labelled[*label][name], &found[*item][name]);
                    if !label.is_null() {
                        self.attributes[number].0 += usize::from(label == item);
                        self.attributes[number].1 += 1;
                    }
                }
            }
        }
        self.moments
            .add(&dialogue["gold"]["moments"], &reading.moments);
        let kind = reading.call_type.map(CallType::as_str);
        self.types.1 += 1;
        self.types.0 += usize::from(dialogue["call_type"].as_str() == kind);
        if let Some(health) = reading.deal_health {
            match dialogue["outcome"].as_str() {
                Some("won") => self.won.push(f64::from(health)),
                Some("lost") => self.lost.push(f64::from(health)),
                _ => {}
            }
        }
        Ok(())
    }

    #[allow(clippy::cast_precision_loss)] // Hundreds.
    fn figures(&self) -> Vec<Figure> {
        let figure = |name, value, digits, unit, aim, items| Figure {
            name,
            value,
            digits,
            unit,
            aim,
            items,
            part: None,
        };
        let all = self.kinds.into_iter().fold(Count::default(), Count::and);
        let kinds = KINDS.iter().zip(self.kinds);
        let mut figures: Vec<Figure> = kinds
            .map(|(kind, of)| {
                let (precision, recall) = kind.people;
                let people = format!("; a careful reader P {precision} %, R {recall} %");
                let items = of.items() + &people;
                figure(kind.figure, of.f1(), 2, "", Aim::AtLeast(kind.aim), items)
            })
            .collect();
        figures.push(figure(
            "reading: all kinds, F1",
            all.f1(),
            2,
            "",
            Aim::AtLeast(0.65),
            all.items(),
        ));
        figures.push(figure(
            "reading: all kinds, F1, two folds that no rule was written from",
            self.unseen.f1(),
            2,
            "",
            Aim::Comparison,
            self.unseen.items(),
        ));
        let dialogues = "7 other dialogues".to_owned();
        figures.push(figure(
            "reading: all kinds, F1 of a careful reader",
            PEOPLE,
            2,
            "",
            Aim::Comparison,
            dialogues,
        ));
        let trapped = 100.0 * all.trapped as f64 / all.traps.max(1) as f64;
        let traps = format!("{} traps", all.traps);
        figures.push(figure(
            "reading: traps taken",
            trapped,
            1,
            "%",
            Aim::Below(8.05),
            traps,
        ));
        for ((_, _, name, aim), (right, of)) in ATTRIBUTES.into_iter().zip(self.attributes) {
            let share = 100.0 * right as f64 / of.max(1) as f64;
            figures.push(figure(name, share, 0, "%", aim, format!("{of} items")));
        }
        let share = |(right, of): (usize, usize)| 100.0 * right as f64 / of.max(1) as f64;
        figures.push(figure(
            "reading: names of competitors right, of those matched",
            share(self.named),
            0,
            "%",
            Aim::Comparison,
            format!("{} items", self.named.1),
        ));
        for (kind, evidence) in KINDS.iter().zip(self.evidence) {
            figures.push(figure(
                kind.evidence,
                share(evidence),
                0,
                "%",
                Aim::Comparison,
                format!("{} sentences of right items", evidence.1),
            ));
        }
        let deals = format!("{} won, {} lost", self.won.len(), self.lost.len());
        let order = area(&self.won, &self.lost);
        figures.push(figure(
            "reading: health of won over lost deals, AUC",
            order,
            2,
            "",
            Aim::AtLeast(0.75),
            deals,
        ));
        let (right, of) = self.types;
        figures.push(figure(
            "reading: types of calls right",
            100.0 * right as f64 / of as f64,
            0,
            " %",
            Aim::Comparison,
            format!("{right} of {of}"),
        ));
        figures.extend(self.moments.figures());
        for (kind, bins) in KINDS.iter().zip(&self.sure) {
            figures.push(figure(
                kind.calibration,
                off(bins),
                2,
                "",
                Aim::Comparison,
                shares(bins),
            ));
        }
        figures
    }
}

/// The mean distance of confidence from the share that is right.
#[allow(clippy::cast_precision_loss)] // Hundreds.
fn off(bins: &Bins) -> f64 {
    let found: usize = bins.values().map(|(_, of)| of).sum();
    let distances = bins.iter().map(|(tenth, (right, of))| {
        let claimed = (*tenth as f64 + 0.5) / 10.0;
        (claimed - *right as f64 / (*of).max(1) as f64).abs() * *of as f64
    });
    distances.sum::<f64>() / found.max(1) as f64
}

fn shares(bins: &Bins) -> String {
    let shares = bins.iter().map(|(tenth, (right, of))| {
        let share = 100 * right / (*of).max(1);
        format!(".{tenth}: {share} % of {of}")
    });
    shares.collect::<Vec<_>>().join(", ")
}

fn items(list: &Value) -> Vec<&Value> {
    let items = list.as_array().into_iter().flatten();
    items.filter(|item| !sentences(item).is_empty()).collect()
}

fn sentences(item: &Value) -> Vec<u64> {
    let numbers = item["sentences"].as_array().into_iter().flatten();
    numbers.filter_map(Value::as_u64).collect()
}

fn shared(left: &[u64], right: &[u64]) -> usize {
    left.iter().filter(|number| right.contains(number)).count()
}

/// Pairs of a labelled and a found item, the largest overlaps first.
fn matched(labelled: &[&Value], found: &[&Value]) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    for (label, one) in labelled.iter().enumerate() {
        for (item, other) in found.iter().enumerate() {
            pairs.push((shared(&sentences(one), &sentences(other)), label, item));
        }
    }
    pairs.sort_by_key(|(overlap, label, item)| (std::cmp::Reverse(*overlap), *label, *item));
    let mut matched: Vec<(usize, usize)> = Vec::new();
    for (overlap, label, item) in pairs {
        let is_free = matched
            .iter()
            .all(|(left, right)| *left != label && *right != item);
        if overlap > 0 && is_free {
            matched.push((label, item));
        }
    }
    matched
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // From 0 to 9.
fn tenth(confidence: &Value) -> usize {
    (confidence.as_f64().unwrap_or_default() * 10.0).clamp(0.0, 9.0) as usize
}

/// How often a won deal stands above a lost one; a tie counts half.
#[allow(clippy::cast_precision_loss)] // Hundreds.
fn area(won: &[f64], lost: &[f64]) -> f64 {
    let above = |won: &f64| -> f64 {
        let scores = lost.iter().map(|lost| match won.total_cmp(lost) {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Less => 0.0,
        });
        scores.sum()
    };
    let sum: f64 = won.iter().map(above).sum();
    sum / (won.len() * lost.len()).max(1) as f64
}
