//! What the finder of answers sees in labelled dialogues, and how often it is right.
//!
//! ```sh
//! cargo run --release -p gong-snowflake-cortex --example asking -- seen DIALOGUES READINGS [NUMBERS]
//! cargo run --release -p gong-snowflake-cortex --example asking -- score DIALOGUES READINGS NUMBERS
//! ```
//!
//! `READINGS` is a folder of models of the local reader, each learned without the
//! dialogues that it is tried on (`training/reading/train.py --folds`), `NUMBERS` one of
//! `fold-N.tsv` for the same parts, as `training/asking/train.py` writes them. `seen`
//! prints a line of JSON a question, `score` the two shares.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use calls::reading::CallToRead;
use cortex::answering::AnswerFinder;
use cortex::{LanguageBackendExt, LocalLanguage, ReadingModel};
use serde_json::{Value, json};

/// What may go wrong is the data, and its reader wants to know where.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Sentences that may be cited.
const CITED: usize = 5;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [what, dialogues, readings, numbers @ ..] = arguments.as_slice() else {
        eprintln!("usage: asking seen|score DIALOGUES READINGS [NUMBERS]");
        return ExitCode::from(2);
    };
    let prints_all = what.as_os_str() == "seen";
    let numbers = numbers.first().map(PathBuf::as_path);
    match run(dialogues, readings, numbers, prints_all).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

#[derive(Default)]
struct Shares {
    answerable: usize,
    cited: usize,
    unanswerable: usize,
    answered: usize,
}

async fn run(
    dialogues: &Path,
    readings: &Path,
    numbers: Option<&Path>,
    prints_all: bool,
) -> Result<()> {
    let parts: Vec<Vec<String>> = serde_json::from_slice(&fs::read(readings.join("folds.json"))?)?;
    let mut shares = Shares::default();
    for (part, ids) in parts.iter().enumerate() {
        let model = ReadingModel::from_bytes(
            &fs::read(readings.join(format!("fold-{part}.bin")))?,
            &fs::read(readings.join(format!("choices-{part}.bin")))?,
        )?;
        let language = LocalLanguage::new().with_reading_model(model);
        let finder = match numbers {
            Some(folder) => {
                let table = fs::read_to_string(folder.join(format!("fold-{part}.tsv")))?;
                AnswerFinder::from_table(&table)?
            }
            None => AnswerFinder::default(),
        };
        for id in ids {
            let dialogue = fs::read(dialogues.join(format!("{id}.json")))?;
            let dialogue: Value = serde_json::from_slice(&dialogue)?;
            let call: CallToRead = serde_json::from_value(dialogue.clone())?;
            let reading = language.reading_of(call.clone()).await?;
            let asked = finder.ask(&call, Some(&reading));
            let questions = dialogue["gold"]["questions"].as_array();
            for question in questions.into_iter().flatten() {
                let text = question["q"].as_str().unwrap_or_default();
                let is_answerable = !question["answer"].is_null();
                if prints_all {
                    let seen = asked.seen(text);
                    let line = json!({
                        "id": id, "part": part, "question": text, "answerable": is_answerable,
                        "sentences": question["sentences"], "of": seen.sentences,
                        "told": seen.question,
                    });
                    println!("{line}");
                    continue;
                }
                let found = asked.find(text, CITED);
                let answers = found.told >= 0.5;
                if is_answerable {
                    let right = |at: &(usize, f64)| {
                        let labelled = question["sentences"].as_array();
                        labelled.into_iter().flatten().any(|number| *number == at.0)
                    };
                    shares.answerable += 1;
                    shares.cited += usize::from(answers && found.sentences.iter().any(right));
                } else {
                    shares.unanswerable += 1;
                    shares.answered += usize::from(answers);
                }
            }
        }
    }
    if !prints_all {
        println!("{}", shares.to_json());
    }
    Ok(())
}

impl Shares {
    fn to_json(&self) -> Value {
        json!({
            "answerable": self.answerable, "cited": self.cited,
            "unanswerable": self.unanswerable, "answered": self.answered,
        })
    }
}
