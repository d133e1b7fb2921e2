//! Reads every source, in its order, and says all that is wrong at once.

use std::ffi::OsString;
use std::path::PathBuf;

use outbound::SecretString;
use outbound::secrecy::ExposeSecret;

use super::environment::Environment;
use super::error::Error;
use super::known::all;
use super::origin::Origin;
use super::problem::{Problem, nearest, refuse};
use super::values::{Layer, Values, give};
use super::{CONFIG, Settings, esc, file, folder, rules};

/// Where settings come from; see the [module](crate::settings) for their order.
#[derive(Debug, Clone, Default)]
pub struct SettingsBuilder {
    environment: Environment,
    file: Option<PathBuf>,
    by_caller: Vec<ByCaller>,
}

#[derive(Debug, Clone)]
struct ByCaller {
    path: String,
    text: SecretString,
    name: String,
}

impl SettingsBuilder {
    /// Reads the variables of this process.
    #[must_use]
    pub fn with_environment(self) -> Self {
        self.with_variables(std::env::vars_os())
    }

    /// Reads these variables in place of the process's own.
    #[must_use]
    pub fn with_variables<N, V>(mut self, variables: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<OsString>,
        V: Into<OsString>,
    {
        let variables = variables.into_iter();
        self.environment = variables
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        self
    }

    /// Reads a TOML file, in place of the one that `GONG_SNOWFLAKE_CONFIG` names.
    #[must_use]
    pub fn with_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.file = Some(path.into());
        self
    }

    /// Sets one setting, such as `store.location`, above all sources; `name` is what errors call
    /// the place or, where it is an option such as `--store`, the setting.
    #[must_use]
    pub fn with(
        mut self,
        path: impl Into<String>,
        text: impl ToString,
        name: impl Into<String>,
    ) -> Self {
        self.by_caller.push(ByCaller {
            path: path.into(),
            text: text.to_string().into(),
            name: name.into(),
        });
        self
    }

    /// As [`with`](Self::with), where there is something to say.
    #[must_use]
    pub fn with_option(self, path: &str, text: Option<impl ToString>, name: &str) -> Self {
        match text {
            Some(text) => self.with(path, text, name),
            None => self,
        }
    }

    /// Reads the sources.
    ///
    /// # Errors
    /// `Config`, with all that is wrong: names that are no settings, values of another form,
    /// settings that contradict each other, files that cannot be read. Each stands on a line of
    /// its own with its place; the first one is the error's field: an option by the name that the
    /// caller gave, a setting of a file by its path, others by their variable. `Auth`,
    /// `Permission`, `NotFound` and `Transient` when Pulumi ESC refuses or does not answer.
    pub async fn load(self) -> Result<Settings, Error> {
        let mut problems = Vec::new();
        let file = self.read_file(&mut problems);
        let environment = self.environment.read(&mut problems);
        let by_caller = self.read_options(&mut problems);
        let named = Values::merged(all(), [&file, &environment, &by_caller]);
        let folder = read_folder(&named, &mut problems);
        let known = Values::merged(all(), [&file, &folder, &environment, &by_caller]);
        problems.extend(known.faults());
        problems.extend(rules::esc(&known));
        // Who has to ask elsewhere first mends what is wrong here.
        refuse(problems)?;
        let mut problems = Vec::new();
        let esc = esc::read(&known, &mut problems).await;
        let esc = esc.map_err(|error| as_written(&known, error))?;
        let values = Values::merged(all(), [&file, &esc, &folder, &environment, &by_caller]);
        problems.extend(values.faults());
        problems.extend(rules::contradictions(&values));
        refuse(problems)?;
        Settings::typed(values).map_err(Into::into)
    }

    fn read_file(&self, problems: &mut Vec<Problem>) -> Layer {
        if let Some(path) = &self.file {
            return file::read("config", path, problems);
        }
        match self.environment.path(CONFIG) {
            Some(path) => file::read(CONFIG, &path, problems),
            None => Layer::new(),
        }
    }

    fn read_options(&self, problems: &mut Vec<Problem>) -> Layer {
        let mut layer = Layer::new();
        for given in &self.by_caller {
            let origin = Origin::Caller(given.name.clone());
            let text = given.text.expose_secret().to_owned();
            match all().find(|setting| setting.path() == given.path) {
                Some(setting) => layer.extend(give(setting, text, origin)),
                None => {
                    let wrong = Problem::new(&given.path, "is no setting").at(&origin);
                    let paths: Vec<_> = all().map(|setting| setting.path()).collect();
                    let meant = nearest(&given.path, paths.iter().map(String::as_str));
                    problems.push(match meant {
                        Some(meant) => wrong.advise(format!("did you mean {meant}?")),
                        None => wrong,
                    });
                }
            }
        }
        layer
    }
}

/// An error on a variable, on what a person wrote in place of it.
fn as_written(values: &Values, error: Error) -> Error {
    match error.field().map(|variable| values.name(variable)) {
        Some(name) => error.with_field(name),
        None => error,
    }
}

const FOLDER: &str = "GONG_SNOWFLAKE_SECRETS";

fn read_folder(named: &Values, problems: &mut Vec<Problem>) -> Layer {
    match named.text(FOLDER) {
        Some(path) => folder::read(&named.name(FOLDER), path.trim().as_ref(), problems),
        None => Layer::new(),
    }
}
