//! Secrets that something else mounts: a file per setting, as Docker and Kubernetes make them.

use std::path::Path;

use super::known::{nearest_variable, of_variable};
use super::origin::Origin;
use super::problem::Problem;
use super::values::{Layer, give};

/// Larger files are no settings.
const MOST_BYTES: u64 = 64 * 1024;

/// Other programs' secrets may lie in the same folder: of those that are not ours, only names
/// that begin like ours are wrong.
const OURS: [&str; 4] = ["GONG_", "SNOWFLAKE_", "HUBSPOT_", "CORTEX_"];

/// A name that is no setting's; `None` where it is somebody else's.
pub(super) fn unknown(name: &str, variable: &str) -> Option<Problem> {
    let wrong = Problem::new(name, "is no setting");
    match nearest_variable(variable) {
        Some(meant) => Some(wrong.advise(format!("did you mean {}?", meant.key()))),
        None => OURS
            .iter()
            .any(|prefix| variable.starts_with(prefix))
            .then(|| wrong.advise("docs/configuration.md lists all")),
    }
}

/// `gong-access-key` and `GONG_ACCESS_KEY` are one setting.
pub(super) fn variable_of(name: &str) -> String {
    name.replace(['-', '.'], "_").to_ascii_uppercase()
}

/// Reads the files of a folder. `field` is the setting that named it.
pub(super) fn read(field: &str, folder: &Path, problems: &mut Vec<Problem>) -> Layer {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            let message = format!("{} cannot be listed: {error}", folder.display());
            problems.push(Problem::new(field, message).advise("name the folder of secrets"));
            return Layer::new();
        }
    };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let mut layer = Layer::new();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // Kubernetes keeps versions in folders whose names begin with two dots.
        if name.starts_with('.') || path.is_dir() {
            continue;
        }
        let origin = Origin::SecretFile(path.clone());
        let variable = variable_of(&name);
        let Some(setting) = of_variable(&variable) else {
            problems.extend(unknown(&name, &variable).map(|problem| problem.at(&origin)));
            continue;
        };
        match text(&path) {
            Ok(text) => layer.extend(give(setting, text, origin)),
            Err(why) => problems.push(Problem::new(setting.variable, why).at(&origin)),
        }
    }
    layer
}

/// The text of a file, without the line end that editors and `echo` add.
fn text(path: &Path) -> Result<String, String> {
    let about = std::fs::metadata(path);
    if about.is_ok_and(|about| about.len() > MOST_BYTES) {
        return Err("is too large for a setting".to_owned());
    }
    let bytes = std::fs::read(path).map_err(|error| format!("cannot be read: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|_| "is not valid Unicode".to_owned())?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    Ok(text.strip_suffix('\r').unwrap_or(text).to_owned())
}
