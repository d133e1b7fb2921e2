//! Processes of the benchmark and their output.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::Outcome;

/// Prints a child's result as one line of JSON, its peak memory included.
pub(crate) fn answer(mut result: Value) -> Outcome<()> {
    result["peak_mb"] = peak_memory_mb().into();
    println!("{result}");
    Ok(())
}

/// The most memory this process ever held, in MB; `None` where the system does not tell.
fn peak_memory_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024.0)
}

/// Runs this binary in another role and reads its answer.
pub(crate) fn run(arguments: &[&str]) -> Outcome<Value> {
    let output = Command::new(std::env::current_exe()?)
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("{arguments:?} ended with {}", output.status).into());
    }
    let text = String::from_utf8(output.stdout)?;
    let line = text.lines().last().ok_or("a child said nothing")?;
    Ok(serde_json::from_str(line)?)
}

/// The simulator's process; ends with this value.
pub(crate) struct Simulator {
    process: Child,
    url: String,
}

impl Simulator {
    pub(crate) fn start(calls: usize, sentences: usize) -> Outcome<Self> {
        let (calls, sentences) = (calls.to_string(), sentences.to_string());
        let mut process = Command::new(std::env::current_exe()?)
            .args([
                "--role",
                "simulator",
                "--calls",
                &calls,
                "--sentences",
                &sentences,
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = process.stdout.take().ok_or("no stdout")?;
        let mut url = String::new();
        BufReader::new(stdout).read_line(&mut url)?;
        Ok(Self {
            process,
            url: url.trim().to_owned(),
        })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
