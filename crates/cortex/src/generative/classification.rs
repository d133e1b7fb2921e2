//! The label that fits a text, from a generative model.

use serde::Deserialize;

use super::answers::{Problem, ask, shaped};
use super::chunks::pieces;
use super::fence::json_line;
use super::prompts::{NumberedText, prompt_on};
use super::schema::{array, number, object, one_of};
use super::text_model::{Prompt, TextModel};
use super::tokens::estimated_tokens;
use crate::{Classification, ClassifyRequest, Method, Outcome, Result};

const TASK: &str = "Say how well each of these labels fits the data. score: from 0 (not at all) \
    to 1 (exactly); exactly one score for every label. Labels: ";

/// The label that fits each text best. A text that is too long is read in pieces, and
/// its scores are the means by tokens. All labels fit a blank text alike.
pub(crate) async fn classify(
    model: &dyn TextModel,
    requests: &[ClassifyRequest],
) -> Result<Vec<Outcome<Classification>>> {
    let mut prompts = Vec::new();
    let mut asked: Vec<(usize, f64)> = Vec::new();
    let checked: Vec<Outcome<()>> = requests.iter().map(ClassifyRequest::check_labels).collect();
    for (item, request) in requests.iter().enumerate() {
        if checked[item].is_err() {
            continue;
        }
        for piece in pieces(&request.text, model.limits().data_tokens) {
            prompts.push(prompt(request, piece));
            asked.push((item, estimated_tokens(piece) as f64));
        }
    }
    let answers = ask(model, prompts, |at, value| {
        let labels = asked.get(at).map(|(item, _)| &requests[*item].labels);
        scores_of(shaped(value)?, labels.map_or(&[], Vec::as_slice))
    })
    .await?;
    let mut sums: Vec<Outcome<Vec<f64>>> = checked
        .into_iter()
        .zip(requests)
        .map(|(checked, request)| checked.map(|()| vec![0.0; request.labels.len()]))
        .collect();
    for ((item, weight), answer) in asked.into_iter().zip(answers) {
        match (&mut sums[item], answer) {
            (Ok(sums), Ok(scores)) => {
                let weighted = scores.into_iter().map(|score| score * weight);
                sums.iter_mut()
                    .zip(weighted)
                    .for_each(|(sum, score)| *sum += score);
            }
            (sums @ Ok(_), Err(error)) => *sums = Err(error),
            (Err(_), _) => {}
        }
    }
    Ok(sums
        .into_iter()
        .zip(requests)
        .map(|(sums, request)| sums.map(|sums| ranked(request, sums)))
        .collect())
}

fn ranked(request: &ClassifyRequest, sums: Vec<f64>) -> Classification {
    let nothing_said = sums.iter().all(|sum| *sum == 0.0);
    let weights = match nothing_said {
        true => vec![1.0; sums.len()],
        false => sums,
    };
    Classification::by_weights(&request.labels, &weights)
}

#[derive(Deserialize)]
struct Scores {
    scores: Vec<Score>,
}

#[derive(Deserialize)]
struct Score {
    label: String,
    score: f64,
}

fn prompt(request: &ClassifyRequest, text: &str) -> Prompt {
    let schema = object([(
        "scores",
        array(object([
            ("label", one_of(&request.labels)),
            ("score", number()),
        ])),
    )]);
    let task = format!("{TASK}{}", json_line(&request.labels));
    let lines = [NumberedText { line: 0, text }];
    prompt_on(Method::Classify, &task, schema, "text", lines)
}

/// The scores in the order of the labels. They add up to 1.
fn scores_of(scores: Scores, labels: &[String]) -> Result<Vec<f64>, Problem> {
    let mut places: Vec<Option<f64>> = vec![None; labels.len()];
    for Score { label, score } in scores.scores {
        if !(0.0..=1.0).contains(&score) {
            return Err(Problem::new("a score is not from 0 to 1"));
        }
        let Some(at) = labels.iter().position(|wanted| *wanted == label) else {
            return Err(Problem::new(
                "a label is not one of those that were asked for",
            ));
        };
        if places[at].replace(score).is_some() {
            return Err(Problem::new("a label has two scores"));
        }
    }
    let scores: Option<Vec<f64>> = places.into_iter().collect();
    let scores = scores.ok_or_else(|| Problem::new("a label has no score"))?;
    let sum: f64 = scores.iter().sum();
    if sum <= 0.0 {
        return Err(Problem::new(
            "no label has a score above 0; give the likeliest one more",
        ));
    }
    Ok(scores.into_iter().map(|score| score / sum).collect())
}
