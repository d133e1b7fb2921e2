//! The label that fits by AI_CLASSIFY, or by CLASSIFY_TEXT.

use std::collections::HashMap;

use resilience::ErrorKind;
use serde_json::Value;
use snowflake_sql::Bind;

use super::backend::CortexSql;
use super::config::Functions;
use super::rows::OnRaise;
use super::statements;
use crate::generative::{estimated_tokens, pieces};
use crate::{Classification, ClassifyRequest, Error, Outcome, Result};

/// A piece of one item's text, by its place among the pieces that are asked.
struct Asked {
    item: usize,
    weight: f64,
}

impl CortexSql {
    /// The functions name one label and give no scores: the label has 1 and the others
    /// 0, or shares by tokens where a long text was read in pieces. All labels fit a
    /// blank text alike. A single label is answered without asking.
    ///
    /// Items with the same labels share statements: labels are billed with every row.
    pub(super) async fn classifications(
        &self,
        requests: &[ClassifyRequest],
    ) -> Result<Vec<Outcome<Classification>>> {
        let mut outcomes: Vec<Outcome<Vec<f64>>> = requests
            .iter()
            .map(|request| {
                request.check_labels()?;
                Ok(vec![0.0; request.labels.len()])
            })
            .collect();
        let mut groups: Vec<(&[String], Vec<usize>)> = Vec::new();
        let mut place_of: HashMap<&[String], usize> = HashMap::new();
        for (item, request) in requests.iter().enumerate() {
            if outcomes[item].is_err() || request.labels.len() < 2 {
                continue;
            }
            let labels = request.labels.as_slice();
            let place = *place_of.entry(labels).or_insert_with(|| {
                groups.push((labels, Vec::new()));
                groups.len() - 1
            });
            groups[place].1.push(item);
        }
        for (labels, items) in groups {
            self.classify_alike(requests, labels, &items, &mut outcomes)
                .await?;
        }
        Ok(outcomes
            .into_iter()
            .zip(requests)
            .map(|(weights, request)| {
                let mut weights = weights?;
                if weights.iter().all(|weight| *weight == 0.0) {
                    weights.fill(1.0);
                }
                Ok(Classification::by_weights(&request.labels, &weights))
            })
            .collect())
    }

    async fn classify_alike(
        &self,
        requests: &[ClassifyRequest],
        labels: &[String],
        items: &[usize],
        outcomes: &mut [Outcome<Vec<f64>>],
    ) -> Result<()> {
        let mut inputs = Vec::new();
        let mut asked = Vec::new();
        for &item in items {
            for piece in pieces(&requests[item].text, self.config.data_tokens) {
                inputs.push(piece.to_owned());
                asked.push(Asked {
                    item,
                    weight: estimated_tokens(piece).max(1) as f64,
                });
            }
        }
        if inputs.is_empty() {
            return Ok(());
        }
        let on_raise = match self.config.functions {
            Functions::Ai => OnRaise::Fail,
            Functions::Legacy => OnRaise::Halve,
        };
        let text = statements::classify(self.config.functions);
        let binds = [Bind::Text(Value::from(labels).to_string())];
        let values = self.asker.ask(&text, &binds, &inputs, on_raise).await?;
        for (Asked { item, weight }, value) in asked.into_iter().zip(values) {
            let label = value.and_then(|value| chosen(&value, labels));
            match (&mut outcomes[item], label) {
                (Ok(weights), Ok(label)) => weights[label] += weight,
                (outcome @ Ok(_), Err(error)) => *outcome = Err(error),
                (Err(_), _) => {}
            }
        }
        Ok(())
    }
}

/// The place of the label that was chosen: `{"labels": ["…"]}`, or `{"label": "…"}` of
/// the older function.
fn chosen(value: &Value, labels: &[String]) -> Outcome<usize> {
    let label = value
        .get("labels")
        .and_then(|labels| labels.get(0))
        .or_else(|| value.get("label"))
        .and_then(Value::as_str);
    label
        .and_then(|label| labels.iter().position(|wanted| wanted == label))
        .ok_or_else(|| {
            Error::new(
                ErrorKind::Decode,
                "the reply names none of the labels that were asked for",
            )
        })
}
