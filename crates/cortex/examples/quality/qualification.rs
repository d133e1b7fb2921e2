//! How often what a reading knows of the deal is what a person knows after the same call:
//! MEDDICC's eight elements of labelled dialogues, each read with numbers that were learned
//! without it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use calls::reading::{CallToRead, KnownState, Reading};
use cortex::{LanguageBackendExt, LocalLanguage, ReadingModel};
use serde_json::Value;

use crate::Result;
use crate::figure::{Aim, Figure};

/// Elements counted by what the person and the reading say.
#[derive(Default)]
struct Measured {
    /// By element: the same state, and all.
    elements: BTreeMap<&'static str, (usize, usize)>,
    /// Elements that both show, that only the reading shows, that only the person does.
    both: usize,
    only_read: usize,
    only_labelled: usize,
    /// By state: how often a person says so.
    labelled: BTreeMap<String, usize>,
}

/// Figures of the dialogues in `dialogues`, with the models in `folds`.
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
            measured.add(
                &dialogue["gold"]["meddicc"],
                &language.reading_of(call).await?,
            );
        }
    }
    Ok(measured.figures())
}

impl Measured {
    fn add(&mut self, labels: &Value, reading: &Reading) {
        for (element, known) in reading.qualification.elements() {
            let Some(label) = labels[element.as_str()].as_str() else {
                continue;
            };
            *self.labelled.entry(label.to_owned()).or_default() += 1;
            let of_element = self.elements.entry(element.as_str()).or_default();
            of_element.0 += usize::from(known.state.as_str() == label);
            of_element.1 += 1;
            let is_read = known.state != KnownState::Unknown;
            let is_labelled = label != KnownState::Unknown.as_str();
            self.both += usize::from(is_read && is_labelled);
            self.only_read += usize::from(is_read && !is_labelled);
            self.only_labelled += usize::from(!is_read && is_labelled);
        }
    }

    #[allow(clippy::cast_precision_loss)] // Hundreds.
    fn figures(&self) -> Vec<Figure> {
        let figure = |name, share: (usize, usize), items| Figure {
            name,
            value: 100.0 * share.0 as f64 / share.1.max(1) as f64,
            digits: 0,
            unit: "%",
            aim: Aim::Comparison,
            items,
            part: None,
        };
        let right = self.elements.values().map(|(right, _)| right).sum();
        let all = self.elements.values().map(|(_, all)| all).sum();
        let each = self
            .elements
            .iter()
            .map(|(element, (right, of))| format!("{element} {} %", 100 * right / (*of).max(1)));
        let each: Vec<String> = each.collect();
        let commonest = self.labelled.values().copied().max().unwrap_or_default();
        vec![
            figure(
                "qualification: elements in the labelled state",
                (right, all),
                each.join(", "),
            ),
            figure(
                "qualification: the same, always the commonest state",
                (commonest, all),
                format!("{all} elements"),
            ),
            figure(
                "qualification: elements that are shown and labelled so, precision",
                (self.both, self.both + self.only_read),
                format!("{} shown", self.both + self.only_read),
            ),
            figure(
                "qualification: elements that are shown and labelled so, recall",
                (self.both, self.both + self.only_labelled),
                format!("{} labelled", self.both + self.only_labelled),
            ),
        ]
    }
}
