//! Tests and doctests under `cargo test`.

use std::process::Command;

use crate::process;

use super::{Outcome, Skip, skip_reason};

/// Runs a `cargo test` and reads what the test harnesses print.
pub(super) fn run(mut command: Command) -> anyhow::Result<Outcome> {
    // Otherwise a test that passes keeps to itself that it was skipped.
    command.args(["--", "--show-output"]);
    let mut reader = Reader::default();
    let succeeded = process::follow(&mut command, |line| reader.read(line))?;
    reader.outcome.checked(succeeded)
}

#[derive(Debug, Default)]
struct Reader {
    outcome: Outcome,
    /// The test whose output is being read.
    test: String,
}

impl Reader {
    fn read(&mut self, line: &str) {
        if let Some(result) = line.strip_prefix("test result: ") {
            self.outcome.passed += count(result, "passed");
            self.outcome.failed += count(result, "failed");
            self.test.clear();
        } else if let Some(heading) = line
            .strip_prefix("---- ")
            .and_then(|rest| rest.strip_suffix(" stdout ----"))
        {
            heading.clone_into(&mut self.test);
        } else if let Some(reason) = skip_reason(line) {
            self.outcome.skips.push(Skip {
                test: self.test.clone(),
                reason: reason.to_owned(),
            });
        }
    }
}

/// The number before a word in `ok. 4 passed; 0 failed; 1 ignored; …`.
fn count(result: &str, word: &str) -> u64 {
    let words: Vec<&str> = result.split([' ', ';']).collect();
    words
        .windows(2)
        .find_map(|pair| (pair[1] == word).then(|| pair[0].parse().ok())?)
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_several_harnesses_are_summed_and_skips_are_found() {
        let printed = "
running 2 tests
test reads_everything ... ok
test reads_recorded_replies ... ok

successes:

---- reads_recorded_replies stdout ----
skipped: the recorded replies are absent

successes:
    reads_everything
    reads_recorded_replies

test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s

running 2 tests
test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
";
        let mut reader = Reader::default();
        for line in printed.lines() {
            reader.read(line);
        }
        assert_eq!(
            reader.outcome,
            Outcome {
                passed: 3,
                failed: 1,
                skips: vec![Skip {
                    test: "reads_recorded_replies".to_owned(),
                    reason: "the recorded replies are absent".to_owned(),
                }],
            }
        );
    }
}
