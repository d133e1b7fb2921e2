//! A list of steps that all run, even after one fails.

use std::time::{Duration, Instant};

use anyhow::bail;

/// Steps as they are run.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    done: Vec<Step>,
}

#[derive(Debug)]
struct Step {
    name: String,
    took: Duration,
    error: Option<anyhow::Error>,
}

impl Steps {
    /// Runs one step and keeps how it went.
    pub(crate) fn run(
        &mut self,
        name: impl Into<String>,
        step: impl FnOnce() -> anyhow::Result<()>,
    ) {
        let name = name.into();
        eprintln!("\n== {name}");
        let started = Instant::now();
        let error = step().err();
        if let Some(error) = &error {
            eprintln!("error: {name}: {error:#}");
        }
        self.done.push(Step {
            name,
            took: started.elapsed(),
            error,
        });
    }

    /// Prints every step with its time.
    ///
    /// # Errors
    /// Names the steps that failed.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        eprintln!();
        for step in &self.done {
            let result = if step.error.is_some() { "FAILED" } else { "ok" };
            eprintln!(
                "{:>8.1} s  {result:<6}  {}",
                step.took.as_secs_f64(),
                step.name
            );
        }
        let failed: Vec<&str> = self
            .done
            .iter()
            .filter(|step| step.error.is_some())
            .map(|step| step.name.as_str())
            .collect();
        if !failed.is_empty() {
            bail!("failed: {}", failed.join(", "));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn later_steps_run_and_the_failed_one_is_named() {
        let mut steps = Steps::default();
        let mut second_ran = false;
        steps.run("first", || Err(anyhow!("broken")));
        steps.run("second", || {
            second_ran = true;
            Ok(())
        });
        assert!(second_ran);
        assert_eq!(steps.finish().unwrap_err().to_string(), "failed: first");
    }
}
