//! What the parts of a call's score tell apart, and how close passages come to queries that
//! have nothing to do with them.
//!
//! ```sh
//! cargo run --release -p gong-snowflake-agents --example separation -- parts DIALOGUES READINGS
//! cargo run --release -p gong-snowflake-agents --example separation -- floor CALLS UNRELATED
//! ```
//!
//! `DIALOGUES` is a folder of labelled dialogues, `READINGS` one of models of the local reader,
//! each learned without the dialogues that it is tried on (`cortex/training/reading/train.py
//! --folds`). `CALLS` is a file of recorded calls (`calls.ndjson.gz`), `UNRELATED` one of texts
//! about something else (`banking77-train.csv`). `parts` prints a line of JSON a part (AUC of won over lost deals, and of
//! reps of labelled skill 4 and 5 over 1 and 2), `floor` a table.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[path = "../../tests/support/dialogue.rs"]
mod dialogue;
mod floor;
mod parts;

use std::path::PathBuf;

#[tokio::main]
async fn main() {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [what, first, second] = arguments.as_slice() else {
        eprintln!("usage: separation parts DIALOGUES READINGS | floor CALLS UNRELATED");
        std::process::exit(2);
    };
    match what.to_str() {
        Some("parts") => parts::print(first, second).await,
        _ => floor::print(first, second).await,
    }
}
