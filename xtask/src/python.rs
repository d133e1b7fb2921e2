//! Virtual environments under the target folder, with pinned packages.
//!
//! Only checks need Python: the Snowflake stand-in, the parser of
//! Snowflake's grammar, and reference figures. The library needs none.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::process;
use crate::workspace::Workspace;

/// The oldest Python that all pinned packages take.
const OLDEST: (u32, u32) = (3, 11);

/// Makes the environment `name` with what `requirements` (a path from the
/// workspace's root) pins, and returns its Python. One that is there with the same
/// pins is used as it is.
pub(crate) fn environment(
    workspace: &Workspace,
    name: &str,
    requirements: &str,
) -> anyhow::Result<PathBuf> {
    let folder = workspace.target.join("python").join(name);
    let python = python_of(&folder);
    let pins = workspace.root.join(requirements);
    let wanted = std::fs::read_to_string(&pins).with_context(|| pins.display().to_string())?;
    let stamp = folder.join("installed.txt");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    let base = interpreter()?;
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
    }
    process::run(Command::new(base).args(["-m", "venv"]).arg(&folder))?;
    process::run(
        Command::new(&python)
            .args(["-m", "pip", "install", "--quiet"])
            .args(["--disable-pip-version-check", "--requirement"])
            .arg(&pins),
    )?;
    // Written last: an environment that was left half made is made anew.
    std::fs::write(&stamp, wanted).with_context(|| stamp.display().to_string())?;
    Ok(python)
}

/// The first of the usual names that is new enough.
fn interpreter() -> anyhow::Result<&'static str> {
    const NAMES: [&str; 2] = ["python3", "python"];
    let new_enough = |name: &&&str| {
        let check = format!("import sys; sys.exit(sys.version_info < {OLDEST:?})");
        Command::new(name)
            .args(["-c", &check])
            .output()
            .is_ok_and(|output| output.status.success())
    };
    match NAMES.iter().find(new_enough) {
        Some(name) => Ok(name),
        None => bail!("no Python {}.{} or newer on the path", OLDEST.0, OLDEST.1),
    }
}

fn python_of(folder: &Path) -> PathBuf {
    if cfg!(windows) {
        folder.join("Scripts").join("python.exe")
    } else {
        folder.join("bin").join("python")
    }
}
