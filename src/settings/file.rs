//! Settings from a TOML file. What is wrong in it is told with its line.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::origin::Origin;
use super::problem::{Problem, nearest};
use super::setting::Section;
use super::table::SECTIONS;
use super::values::{Layer, give};

/// Larger files are none of ours.
const MOST_BYTES: u64 = 1 << 20;

/// Where something stands in a file.
struct Place<'a> {
    path: Arc<std::path::PathBuf>,
    text: &'a str,
}

impl Place<'_> {
    fn origin(&self, span: Option<Range<usize>>) -> Origin {
        let before = span.and_then(|span| self.text.get(..span.start));
        let before = before.unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Origin::File {
            path: Arc::clone(&self.path),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

/// Reads a file. `field` is the setting that named it.
pub(super) fn read(field: &str, path: &Path, problems: &mut Vec<Problem>) -> Layer {
    let unreadable = |why: String| {
        let problem = Problem::new(field, format!("{}: {why}", path.display()));
        problem.advise("name a TOML file of settings")
    };
    let is_small = std::fs::metadata(path).map(|about| about.len() <= MOST_BYTES);
    let text = match is_small {
        Ok(true) => std::fs::read_to_string(path),
        Ok(false) => {
            problems.push(unreadable("is too large for a file of settings".to_owned()));
            return Layer::new();
        }
        Err(error) => Err(error),
    };
    match text {
        Ok(text) => parse(path, &text, problems),
        Err(error) => {
            problems.push(unreadable(format!("cannot be read: {error}")));
            Layer::new()
        }
    }
}

fn parse(path: &Path, text: &str, problems: &mut Vec<Problem>) -> Layer {
    let path = Arc::new(path.to_owned());
    let place = Place { path, text };
    let document = match DeTable::parse(text) {
        Ok(document) => document,
        Err(error) => {
            // Its own display quotes the line, which may hold a secret.
            let origin = place.origin(error.span());
            let lines: Vec<&str> = error.message().lines().map(str::trim).collect();
            problems.push(Problem::new(file_name(&place), lines.join(", ")).at(&origin));
            return Layer::new();
        }
    };
    let mut layer = Layer::new();
    let mut found = Vec::new();
    for (name, value) in document.get_ref() {
        let origin = place.origin(Some(name.span()));
        let section = SECTIONS.iter().find(|one| one.name == name.get_ref());
        match (section, value.get_ref()) {
            (Some(section), DeValue::Table(table)) => {
                read_section(section, table, &place, &mut layer, &mut found);
            }
            (Some(section), _) => {
                let message = format!("is a section; write [{}] above its settings", section.name);
                found.push((origin, Problem::new(section.name, message)));
            }
            (None, _) => found.push((origin, unknown_section(name.get_ref()))),
        }
    }
    found.sort_by_key(|(origin, _)| line(origin));
    let located = found
        .into_iter()
        .map(|(origin, problem)| problem.at(&origin));
    problems.extend(located);
    layer
}

fn line(origin: &Origin) -> usize {
    match origin {
        Origin::File { line, .. } => *line,
        _ => 0,
    }
}

fn file_name(place: &Place<'_>) -> String {
    let name = place.path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn read_section(
    section: &'static Section,
    table: &DeTable<'_>,
    place: &Place<'_>,
    layer: &mut Layer,
    found: &mut Vec<(Origin, Problem)>,
) {
    for (name, value) in table {
        let setting = section
            .settings
            .iter()
            .find(|one| one.field == name.get_ref());
        let Some(setting) = setting else {
            let origin = place.origin(Some(name.span()));
            found.push((origin, unknown_setting(section, name.get_ref())));
            continue;
        };
        let origin = place.origin(Some(value.span()));
        match text_of(value.get_ref()) {
            Some(text) => layer.extend(give(setting, text, origin)),
            None => {
                let message = format!("is not {}, but a table", (setting.form)());
                found.push((origin, Problem::new(setting.path(), message)));
            }
        }
    }
}

fn unknown_section(name: &str) -> Problem {
    let wrong = Problem::new(name, "is no section of settings");
    let of_field = SECTIONS
        .iter()
        .flat_map(|section| section.settings)
        .find(|setting| setting.field == name || setting.variable.eq_ignore_ascii_case(name));
    match nearest(name, SECTIONS.iter().map(|section| section.name)) {
        Some(meant) => wrong.advise(format!("did you mean [{meant}]?")),
        None => match of_field {
            Some(setting) => {
                let (section, field) = (setting.section, setting.field);
                wrong.advise(format!("did you mean {field} under [{section}]?"))
            }
            None => {
                let names: Vec<_> = SECTIONS.iter().map(|section| section.name).collect();
                wrong.advise(format!("there are {}", names.join(", ")))
            }
        },
    }
}

fn unknown_setting(section: &Section, name: &str) -> Problem {
    let wrong = Problem::new(format!("{}.{name}", section.name), "is no setting");
    let of_another = || {
        let mut all = SECTIONS.iter().flat_map(|section| section.settings);
        all.find(|setting| setting.field == name || setting.variable.eq_ignore_ascii_case(name))
    };
    match nearest(name, section.settings.iter().map(|one| one.field)) {
        Some(meant) => wrong.advise(format!("did you mean {meant}?")),
        None => match of_another() {
            Some(setting) => wrong.advise(format!("did you mean {}?", setting.path())),
            None => {
                let names: Vec<_> = section.settings.iter().map(|one| one.field).collect();
                wrong.advise(format!("[{}] has {}", section.name, names.join(", ")))
            }
        },
    }
}

/// A value as the other sources write it; `None` for a table.
fn text_of(value: &DeValue<'_>) -> Option<String> {
    Some(match value {
        DeValue::String(text) => text.clone().into_owned(),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(instant) => instant.to_string(),
        DeValue::Array(values) => {
            let texts: Option<Vec<String>> = values
                .iter()
                .map(|value| text_of(value.get_ref()))
                .collect();
            serde_json::json!(texts?).to_string()
        }
        DeValue::Table(_) => return None,
    })
}
