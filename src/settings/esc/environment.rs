//! How an environment of Pulumi ESC is named.

use std::str::FromStr;

/// An environment's name: `organisation/project/environment`, perhaps with `@version`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EscEnvironment {
    organisation: String,
    pub(super) project: String,
    name: String,
    version: Option<String>,
}

impl FromStr for EscEnvironment {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let is_name = |name: &str| {
            let is_part = |sign: char| sign.is_ascii_alphanumeric() || "-_.".contains(sign);
            (1..=100).contains(&name.len()) && name.chars().all(is_part)
        };
        let (path, version) = match text.split_once('@') {
            Some((path, version)) => (path, Some(version)),
            None => (text, None),
        };
        let parts: Vec<&str> = path.split('/').collect();
        let [organisation, project, name] = parts[..] else {
            return Err(());
        };
        let names = [organisation, project, name];
        if !names.into_iter().chain(version).all(is_name) {
            return Err(());
        }
        Ok(Self {
            organisation: organisation.to_owned(),
            project: project.to_owned(),
            name: name.to_owned(),
            version: version.map(str::to_owned),
        })
    }
}

impl EscEnvironment {
    /// Where it is opened.
    pub(super) fn path(&self) -> String {
        let (organisation, project, name) = (&self.organisation, &self.project, &self.name);
        let path = format!("/api/esc/environments/{organisation}/{project}/{name}");
        match &self.version {
            Some(version) => format!("{path}/versions/{version}/open"),
            None => format!("{path}/open"),
        }
    }
}
