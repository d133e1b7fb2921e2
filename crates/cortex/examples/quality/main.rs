//! How good and how fast the local backend is, on data sets beside the repository.
//!
//! ```sh
//! cargo run --release -p gong-snowflake-cortex --example quality -- ../shared/data [FOLDS]
//! ```
//!
//! `FOLDS` is a folder of models that `training/reading` learned, each without the
//! dialogues that it is tried on; without it calls are not read.
//!
//! Prints one JSON object per figure. `cargo xtask quality` makes a table of them;
//! docs/quality.md says where the sets come from and how each figure is computed.

mod acts;
mod data;
mod dates;
mod figure;
mod meetings;
mod moments;
mod names;
mod qualification;
mod reading;
mod retrieval;
mod sentiment;
mod similarity;
mod speed;
mod statistics;
mod summaries;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::data::{DataSets, Part};
use crate::figure::Figure;

/// What may go wrong is the data, and its reader wants to know where.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: quality DATA");
        return ExitCode::from(2);
    };
    let folds = std::env::args_os().nth(2).map(PathBuf::from);
    match measure(
        &DataSets::in_folder(folder.clone()),
        &folder,
        folds.as_deref(),
    ) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(data: &DataSets, folder: &Path, folds: Option<&Path>) -> Result<()> {
    // One thread, so that speeds are those of one core.
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(async {
        if let Some(folds) = folds {
            let dialogues = folder.join("dialogues");
            print(reading::figures(&dialogues, folds).await?);
            print(qualification::figures(&dialogues, folds).await?);
        }
        print(meetings::figures(data).await?);
        print(dates::resolved(data)?);
        print(acts::mail(&data.mail_sentences()?).await?);
        print(speed::local_steps(data).await?);
        print(sentiment::speed(data).await?);
        print(sentiment::equality(data).await?);
        print(similarity::agreement(data).await?);
        for part in Part::BOTH {
            let meetings = data.meetings(part)?;
            print(retrieval::found(&meetings, part)?);
            print(summaries::likeness(&meetings, part).await?);
            let utterances = data.utterances(part)?;
            print(acts::questions(&utterances, part).await?);
            print(acts::commitments(&utterances, part).await?);
        }
        Ok(())
    })
}

fn print(figures: Vec<Figure>) {
    for figure in figures {
        println!("{}", figure.to_json());
    }
}
