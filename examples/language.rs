//! Tries a language backend from the shell: one JSON object per line in and out.
//!
//! ```text
//! echo '{"id":1,"text":"We love it, but the price is a problem."}' |
//!     cargo run --release --example language -- sentiment
//! ```
//!
//! `--backend cortex-rest` uses Snowflake Cortex over REST and `--backend openai` any
//! OpenAI-compatible endpoint, at `CORTEX_BASE_URL`, with `CORTEX_MODEL`,
//! `CORTEX_API_KEY` and, for vectors, `CORTEX_EMBEDDING_MODEL`:
//!
//! ```text
//! export CORTEX_BASE_URL=http://localhost:11434/v1 CORTEX_MODEL=llama3.1:8b
//! echo '{"id":1,"prompt":"Say hello."}' |
//!     cargo run --release --example language -- complete --backend openai
//! ```
//!
//! `--backend cortex-sql` uses Cortex's functions over SQL, with sessions from
//! `SNOWFLAKE_ACCOUNT` and the other `SNOWFLAKE_*` variables, `CORTEX_MODEL` and
//! `CORTEX_EMBEDDING_MODEL`; `CORTEX_FUNCTIONS=legacy` chooses the older names,
//! `SNOWFLAKE.CORTEX.*`.
//!
//! The rustdoc of `cortex::jsonl` describes the input and output of each task. The
//! exit code is 0 when every line was read and answered, even if an answer is an
//! error; 2 for invalid arguments; 1 when reading or writing failed.

use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use clap::builder::PossibleValuesParser;
use gong_snowflake::cortex::LanguageBackend;
use gong_snowflake::cortex::jsonl::{Task, answer_lines};
use gong_snowflake::{Backend, Settings};

/// Lines that arrive together are answered as one batch of at most so many.
const LARGEST_BATCH: usize = 1_024;

/// How many bytes are read from standard input at a time.
const READ_BYTES: usize = 256 * 1_024;

/// Answers lines of JSON with a language backend.
#[derive(Debug, Parser)]
struct Arguments {
    /// What to do with each line.
    #[arg(value_parser = PossibleValuesParser::new(Task::ALL.map(Task::as_str)))]
    task: String,
    /// Who does it: local, cortex-sql, cortex-rest or openai. Default: local.
    #[arg(long)]
    backend: Option<Backend>,
    /// A TOML file with settings; docs/configuration.md lists them.
    #[arg(long, value_name = "FILE.toml")]
    config: Option<PathBuf>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // The parser of the arguments accepts no other names.
    let Some(task) = Task::parse(&arguments.task) else {
        return ExitCode::from(2);
    };
    let settings = Settings::builder().with_environment().with_option(
        "language.backend",
        arguments.backend,
        "--backend",
    );
    let settings = match &arguments.config {
        Some(path) => settings.with_file(path),
        None => settings,
    };
    let opened = settings
        .load()
        .await
        .and_then(|settings| settings.backend());
    let backend = match opened {
        Ok(backend) => backend,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };
    match answer_all(&*backend, task).await {
        Ok(()) => ExitCode::SUCCESS,
        // The reader of the answers has seen enough, as in `| head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Answers whatever complete lines have arrived, then reads on: a slow writer gets
/// each answer at once and a fast one gets large batches.
async fn answer_all(backend: &dyn LanguageBackend, task: Task) -> io::Result<()> {
    let mut input = BufReader::with_capacity(READ_BYTES, io::stdin().lock());
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut line = Vec::new();
    let mut lines: Vec<Vec<u8>> = Vec::new();
    loop {
        let at_end = input.read_until(b'\n', &mut line)? == 0;
        if !at_end {
            if line.ends_with(b"\n") {
                line.pop();
            }
            lines.push(std::mem::take(&mut line));
        }
        let more_at_hand = input.buffer().contains(&b'\n');
        if at_end || lines.len() == LARGEST_BATCH || !more_at_hand {
            for answer in answer_lines(backend, task, &lines).await {
                writeln!(output, "{answer}")?;
            }
            output.flush()?;
            lines.clear();
        }
        if at_end {
            return Ok(());
        }
    }
}
