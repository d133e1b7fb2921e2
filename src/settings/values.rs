//! What was given for each setting, and where it stands.

use std::collections::BTreeMap;

use outbound::secrecy::ExposeSecret;
use outbound::{HttpSettings, SecretString, Variables};

use super::origin::Origin;
use super::problem::Problem;
use super::setting::Setting;
use super::value::Value;

/// A text and where it stands. Every text counts as secret: what a setting is for is known only
/// where it is shown.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    text: SecretString,
    pub(crate) origin: Origin,
}

impl Given {
    pub(crate) fn text(&self) -> &str {
        self.text.expose_secret()
    }

    /// What a person wrote: the option, the name in the file, or else the variable.
    fn name(&self, setting: &Setting) -> String {
        match &self.origin {
            Origin::File { .. } => setting.path(),
            Origin::Caller(option) if self.origin.is_option() => option.clone(),
            _ => setting.variable.to_owned(),
        }
    }
}

/// Settings of one source.
pub(crate) type Layer = Vec<(&'static Setting, Given)>;

/// A value for a setting; nothing where it is empty, which counts as absent.
pub(crate) fn give(setting: &'static Setting, text: String, origin: Origin) -> Layer {
    if text.trim().is_empty() {
        return Layer::new();
    }
    let text = text.into();
    vec![(setting, Given { text, origin })]
}

/// What was given for all settings, by variable.
#[derive(Debug, Clone, Default)]
pub(crate) struct Values(BTreeMap<&'static str, (&'static Setting, Given)>);

impl Values {
    /// The defaults of all settings, and what layers say instead; later ones win.
    pub(crate) fn merged<'a>(
        all: impl Iterator<Item = &'static Setting>,
        layers: impl IntoIterator<Item = &'a Layer>,
    ) -> Self {
        let defaults = all.flat_map(|setting| {
            let text = setting.default.unwrap_or_default().to_owned();
            give(setting, text, Origin::Default)
        });
        let given = layers.into_iter().flatten().cloned();
        let by_variable =
            |(setting, given): (&'static Setting, Given)| (setting.variable, (setting, given));
        Self(defaults.chain(given).map(by_variable).collect())
    }

    pub(crate) fn given(&self, variable: &str) -> Option<&Given> {
        self.0.get(variable).map(|(_, given)| given)
    }

    /// What the person who set a setting calls it; of one that nobody set, its variable.
    pub(crate) fn name(&self, variable: &str) -> String {
        match self.0.get(variable) {
            Some((setting, given)) => given.name(setting),
            None => variable.to_owned(),
        }
    }

    /// Whether somebody gave it, rather than the default.
    pub(crate) fn is_set(&self, variable: &str) -> bool {
        let given = self.given(variable);
        given.is_some_and(|given| given.origin != Origin::Default)
    }

    pub(crate) fn text(&self, variable: &str) -> Option<&str> {
        self.given(variable).map(Given::text)
    }

    /// How clients connect: whom they trust beside the system's authorities.
    pub(crate) fn http(&self) -> outbound::Result<HttpSettings> {
        let variables = Variables::from(|name| Ok(self.text(name).map(str::to_owned)));
        HttpSettings::default().trusting_named(&variables)
    }

    pub(crate) fn read<T: Value>(&self, variable: &'static str) -> Result<T, Problem> {
        let Some(given) = self.given(variable) else {
            return T::absent().ok_or_else(|| Problem::new(variable, "is not set"));
        };
        T::read(given.text()).map_err(|_| {
            let message = format!("is not {}", T::form());
            Problem::new(self.name(variable), message).at(&given.origin)
        })
    }

    /// Values that are not of their form.
    pub(crate) fn faults(&self) -> impl Iterator<Item = Problem> {
        self.0.values().filter_map(|(setting, given)| {
            let why = match (setting.fault)(given.text())? {
                Some(why) => why,
                None if setting.is_secret => format!("is not {}", (setting.form)()),
                None => format!(
                    "is not {}, but {}",
                    (setting.form)(),
                    outbound::found(given.text().trim())
                ),
            };
            Some(Problem::new(given.name(setting), why).at(&given.origin))
        })
    }
}
