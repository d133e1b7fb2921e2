//! The best label by AI_CLASSIFY, or by CLASSIFY_TEXT.

use std::collections::HashMap;

use resilience::ErrorKind;
use serde_json::Value;
use snowflake_sql::Bind;

use super::asker::Batch;
use super::backend::CortexSql;
use super::input::Input;
use super::rows::{Reply, object_of, settled};
use super::statements;
use crate::generative::{estimated_tokens, pieces};
use crate::{Classification, ClassifyRequest, Error, Outcome, Result};

/// A piece of one item's text.
struct Asked<'a> {
    item: usize,
    weight: f64,
    labels: &'a [String],
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
        let (mut asked, mut replies) = (Vec::new(), Vec::new());
        let mut batch = self.asker.batch();
        for (labels, items) in groups {
            let (of_group, replies_of_group) =
                self.ask_alike(requests, labels, &items, &mut batch).await;
            asked.extend(of_group);
            replies.extend(replies_of_group);
        }
        let text = statements::classify(self.config.functions);
        for (asked, value) in asked.into_iter().zip(settled(text.name(), replies)?) {
            let label = value.and_then(|value| chosen(value, asked.labels));
            match (&mut outcomes[asked.item], label) {
                (Ok(weights), Ok(label)) => weights[label] += asked.weight,
                (outcome @ Ok(_), Err(error)) => *outcome = Err(error),
                (Err(_), _) => {}
            }
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

    async fn ask_alike<'a>(
        &self,
        requests: &[ClassifyRequest],
        labels: &'a [String],
        items: &[usize],
        batch: &mut Batch<'_>,
    ) -> (Vec<Asked<'a>>, Vec<Reply>) {
        let mut inputs = Vec::new();
        let mut asked = Vec::new();
        for &item in items {
            for piece in pieces(&requests[item].text, self.config.data_tokens) {
                inputs.push(Input::text(piece));
                asked.push(Asked {
                    item,
                    weight: estimated_tokens(piece).max(1) as f64,
                    labels,
                });
            }
        }
        let text = statements::classify(self.config.functions);
        let binds = [Bind::Text(Value::from(labels).to_string())];
        let replies = batch.ask(&text, &binds, &inputs).await;
        (asked, replies)
    }
}

/// The place of the label that was chosen: `{"labels": ["…"]}`, or `{"label": "…"}` of
/// the older function.
fn chosen(value: Value, labels: &[String]) -> Outcome<usize> {
    let value = object_of(value);
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
