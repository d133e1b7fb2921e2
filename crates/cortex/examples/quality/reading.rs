//! Labelled dialogues, each read with numbers that were learned without it.
//!
//! An item is right when it shares a sentence with a labelled one of its kind that no
//! other took, the largest overlaps first; wrong items on a labelled trap of their kind
//! count as trapped.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use calls::reading::{CallToRead, Reading};
use cortex::{LanguageBackendExt, LocalLanguage, ReadingModel};
use serde_json::Value;

use crate::Result;
use crate::figure::{Aim, Figure};

/// Kind, the name that traps have for it, what its F1 should be.
const KINDS: [(&str, &str, &str, f64); 8] = [
    ("next_steps", "next_step", "reading: next steps, F1", 0.75),
    ("pushback", "pushback", "reading: pushback, F1", 0.65),
    (
        "competitors",
        "competitor",
        "reading: competitors, F1",
        0.60,
    ),
    ("pricing", "pricing", "reading: pricing, F1", 0.60),
    ("decision", "decision", "reading: decision, F1", 0.58),
    ("timeline", "timeline", "reading: timeline, F1", 0.62),
    ("praise", "praise", "reading: praise, F1", 0.50),
    ("pains", "pains", "reading: pains, F1", 0.52),
];

/// Of matched items, how many have the labelled value.
const ATTRIBUTES: [(&str, &str, &str, Aim); 5] = [
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
    attributes: [(usize, usize); ATTRIBUTES.len()],
    won: Vec<f64>,
    lost: Vec<f64>,
    sure: Bins,
    dialogues: usize,
}

/// Figures of the dialogues in `dialogues`, with the models that `training/reading`
/// wrote into `folds`.
pub(crate) async fn figures(dialogues: &Path, folds: &Path) -> Result<Vec<Figure>> {
    let parts: Vec<Vec<String>> = serde_json::from_slice(&fs::read(folds.join("folds.json"))?)?;
    let mut measured = Measured::default();
    for (number, ids) in parts.iter().enumerate() {
        let numbers = fs::read(folds.join(format!("fold-{number}.bin")))?;
        let choices = fs::read(folds.join(format!("choices-{number}.json")))?;
        let model = ReadingModel::from_bytes(&numbers, &choices)?;
        let language = LocalLanguage::new().with_reading_model(model);
        for id in ids {
            let path = dialogues.join(format!("{id}.json"));
            let dialogue: Value = serde_json::from_slice(&fs::read(path)?)?;
            let call: CallToRead = serde_json::from_value(dialogue.clone())?;
            let reading = language.reading_of(call).await?;
            measured.add(&dialogue, &reading)?;
        }
    }
    Ok(measured.figures())
}

impl Measured {
    fn add(&mut self, dialogue: &Value, reading: &Reading) -> Result<()> {
        self.dialogues += 1;
        let read = serde_json::to_value(reading)?;
        for (at, (kind, trap, ..)) in KINDS.into_iter().enumerate() {
            let labelled = items(&dialogue["gold"][kind]);
            let found = items(&read[kind]);
            let traps: Vec<Vec<u64>> = items(&dialogue["gold"]["traps"])
                .into_iter()
                .filter(|item| item["looks_like"] == trap)
                .map(sentences)
                .collect();
            let matched = matched(&labelled, &found);
            let count = &mut self.kinds[at];
            count.right += matched.len();
            count.found += found.len();
            count.labelled += labelled.len();
            count.traps += traps.len();
            for (number, item) in found.iter().enumerate() {
                let is_right = matched.iter().any(|(_, found)| *found == number);
                let on_trap = traps.iter().any(|trap| shared(trap, &sentences(item)) > 0);
                count.trapped += usize::from(!is_right && on_trap);
                let bin = self
                    .sure
                    .entry(tenth(&item["confidence"]["value"]))
                    .or_default();
                bin.0 += usize::from(is_right);
                bin.1 += 1;
            }
            for (number, (of, name, ..)) in ATTRIBUTES.into_iter().enumerate() {
                for (label, item) in matched.iter().filter(|_| of == kind) {
                    let (label, item) = (&labelled[*label][name], &found[*item][name]);
                    if !label.is_null() {
                        self.attributes[number].0 += usize::from(label == item);
                        self.attributes[number].1 += 1;
                    }
                }
            }
        }
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
        let all = self.kinds.iter().fold(Count::default(), |sum, of| Count {
            right: sum.right + of.right,
            found: sum.found + of.found,
            labelled: sum.labelled + of.labelled,
            trapped: sum.trapped + of.trapped,
            traps: sum.traps + of.traps,
        });
        let kinds = KINDS.into_iter().zip(self.kinds);
        let mut figures: Vec<Figure> = kinds
            .map(|((_, _, name, aim), of)| {
                figure(name, of.f1(), 2, "", Aim::AtLeast(aim), of.items())
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
        let off: f64 = self
            .sure
            .iter()
            .map(|(tenth, (right, of))| {
                let claimed = (*tenth as f64 + 0.5) / 10.0;
                (claimed - *right as f64 / (*of).max(1) as f64).abs() * *of as f64
            })
            .sum();
        let off = off / all.found.max(1) as f64;
        let bins: Vec<String> = self
            .sure
            .iter()
            .map(|(tenth, (right, of))| {
                format!(".{tenth}: {} % of {of}", 100 * right / (*of).max(1))
            })
            .collect();
        figures.push(figure(
            "reading: mean distance of confidence from the share that is right",
            off,
            2,
            "",
            Aim::Comparison,
            bins.join(", "),
        ));
        figures
    }
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
