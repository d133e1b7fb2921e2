//! A list of steps that all run, even after one fails.

use std::time::{Duration, Instant};

use anyhow::bail;

/// Why a step could not do its work, or all of it, where that is no failure: what it needs is
/// not on this machine.
#[derive(Debug)]
pub(crate) struct Skipped(pub(crate) String);

impl std::fmt::Display for Skipped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Skipped {}

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
    skipped: Option<Skipped>,
}

impl Steps {
    /// Runs one step and keeps how it went. An error that is [`Skipped`] fails nothing, and
    /// stands in the summary.
    pub(crate) fn run(
        &mut self,
        name: impl Into<String>,
        step: impl FnOnce() -> anyhow::Result<()>,
    ) {
        let name = name.into();
        eprintln!("\n== {name}");
        let started = Instant::now();
        let (skipped, error) = match step().map_err(anyhow::Error::downcast::<Skipped>) {
            Ok(()) => (None, None),
            Err(Ok(skipped)) => (Some(skipped), None),
            Err(Err(error)) => (None, Some(error)),
        };
        if let Some(skipped) = &skipped {
            eprintln!("skipped: {skipped}");
        }
        if let Some(error) = &error {
            eprintln!("error: {name}: {error:#}");
        }
        self.done.push(Step {
            name,
            took: started.elapsed(),
            error,
            skipped,
        });
    }

    /// Prints every step with its time.
    ///
    /// # Errors
    /// Names the steps that failed.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        eprintln!();
        for step in &self.done {
            eprintln!("{}", step.summary());
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

impl Step {
    fn summary(&self) -> String {
        let (result, why) = match (&self.error, &self.skipped) {
            (Some(_), _) => ("FAILED", String::new()),
            (None, Some(why)) => ("skipped", format!(": {why}")),
            (None, None) => ("ok", String::new()),
        };
        let Self { name, took, .. } = self;
        format!("{:>8.1} s  {result:<7}  {name}{why}", took.as_secs_f64())
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

    #[test]
    fn what_could_not_be_done_fails_nothing_and_is_told() {
        let mut steps = Steps::default();
        steps.run("audit", || bail!(Skipped("no database".to_owned())));
        let told = steps.done[0].summary();
        assert!(
            told.contains("skipped") && told.ends_with("audit: no database"),
            "{told}"
        );
        assert!(steps.finish().is_ok());
    }
}
