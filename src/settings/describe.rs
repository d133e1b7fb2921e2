//! What is set, and from where; and the page that lists everything that can be.

use std::fmt::{self, Write};

use super::known::all;
use super::setting::Setting;
use super::table::SECTIONS;
use super::values::Given;
use super::{CONFIG, Settings};

/// A setting as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Described {
    /// Where it stands in a file, `gong.base_url`.
    pub path: String,
    /// Its environment variable.
    pub variable: &'static str,
    /// What it is; `None` when it is not set.
    pub value: Option<String>,
    /// Where that comes from: `default`, `environment`, a file with its line, an option.
    pub origin: Option<String>,
}

impl fmt::Display for Described {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value.as_deref().unwrap_or("(not set)");
        write!(f, "{:<36} {value}", self.path)?;
        match &self.origin {
            Some(origin) => write!(f, "  ({origin})"),
            None => Ok(()),
        }
    }
}

/// What stands for a secret.
const HIDDEN: &str = "(hidden)";

/// The query of an address may authenticate, and so may what stands before its host.
fn without_proof(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    let (address, query) = match rest.split_once('?') {
        Some((address, _)) => (address, format!("?{HIDDEN}")),
        None => (rest, String::new()),
    };
    match address.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://{HIDDEN}@{host}{query}"),
        None => format!("{scheme}://{address}{query}"),
    }
}

impl Settings {
    /// Every setting, with what it is and from where. Secrets are hidden.
    pub fn describe(&self) -> Vec<Described> {
        let describe = |setting: &Setting| {
            let given = self.values.given(setting.variable);
            let value = given.map(|given| match setting.is_secret {
                true => HIDDEN.to_owned(),
                false => without_proof(given.text().trim()),
            });
            Described {
                path: setting.path(),
                variable: setting.variable,
                value,
                origin: given.map(|given: &Given| given.origin.to_string()),
            }
        };
        all().map(describe).collect()
    }

    /// docs/configuration.md: every setting with its names, its form, its default and its
    /// meaning.
    pub fn reference() -> String {
        let mut page = INTRODUCTION.replace("{CONFIG}", CONFIG);
        for section in SECTIONS {
            let about = words(section.docs);
            // Writing to a string does not fail.
            let _ = write!(page, "\n## `[{}]`\n\n{about}\n\n", section.name);
            page.push_str("| setting | variable | value | default | meaning |\n");
            page.push_str("|---|---|---|---|---|\n");
            for setting in section.settings {
                let default = setting.default.map(|text| format!("`{text}`"));
                let _ = writeln!(
                    page,
                    "| `{}` | `{}` | {} | {} | {} |",
                    setting.field,
                    setting.variable,
                    (setting.form)(),
                    default.unwrap_or_default(),
                    words(setting.docs),
                );
            }
        }
        page
    }
}

fn words(docs: &[&str]) -> String {
    let lines: Vec<&str> = docs.iter().map(|line| line.trim()).collect();
    lines.join(" ")
}

const INTRODUCTION: &str = include_str!("reference.md");
