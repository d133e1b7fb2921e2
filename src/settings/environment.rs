//! Settings from variables of the environment.

use std::ffi::OsString;
use std::fmt;

use super::known::{nearest_variable, of_variable};
use super::origin::Origin;
use super::problem::Problem;
use super::values::{Layer, give};

/// Variables that may be settings: whoever shows this shows names alone.
#[derive(Clone, Default)]
pub(super) struct Environment(Vec<(String, OsString)>);

/// How the names of settings begin.
const PREFIXES: [&str; 5] = ["GONG_", "SNOWFLAKE_", "HUBSPOT_", "CORTEX_", "PULUMI_"];

/// How the names of settings begin that are of this project alone.
const OURS: [&str; 2] = ["GONG_SNOWFLAKE_", "GONG_INGESTION_"];

impl FromIterator<(OsString, OsString)> for Environment {
    fn from_iter<I: IntoIterator<Item = (OsString, OsString)>>(variables: I) -> Self {
        let named = variables.into_iter().filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            let is_ours = PREFIXES.iter().any(|prefix| name.starts_with(prefix));
            is_ours.then_some((name, value))
        });
        let mut named: Vec<_> = named.collect();
        named.sort();
        Self(named)
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

impl Environment {
    /// The value of a variable that is no setting itself.
    pub(super) fn path(&self, name: &str) -> Option<std::path::PathBuf> {
        let (_, value) = self.0.iter().find(|(given, _)| given == name)?;
        (!value.is_empty()).then(|| value.into())
    }

    /// The settings among them. A name that nearly is one's is taken for a slip: other programs'
    /// variables begin alike, but do not differ by a letter. One that begins as ours alone do is
    /// told in the log and no error: Kubernetes sets such for a service of this name.
    pub(super) fn read(&self, problems: &mut Vec<Problem>) -> Layer {
        let mut layer = Layer::new();
        for (name, value) in &self.0 {
            let Some(setting) = of_variable(name) else {
                if name == super::CONFIG {
                    continue;
                }
                if let Some(meant) = nearest_variable(name) {
                    let advice = format!("did you mean {}?", meant.variable);
                    let wrong = Problem::new(name, "is no setting").at(&Origin::Environment);
                    problems.push(wrong.advise(advice));
                } else if OURS.iter().any(|prefix| name.starts_with(prefix)) {
                    tracing::warn!("{name} is no setting; docs/configuration.md lists all");
                }
                continue;
            };
            match value.to_str() {
                Some(text) => layer.extend(give(setting, text.to_owned(), Origin::Environment)),
                None => {
                    let wrong = Problem::new(setting.variable, "is not valid Unicode");
                    problems.push(wrong.at(&Origin::Environment));
                }
            }
        }
        layer
    }
}
