//! Advisories, where the tools are installed and their database can be reached.
//!
//! What needs neither (licences, bans, sources) is checked by `dependencies`, everywhere.

use anyhow::bail;

use crate::process;
use crate::steps::Skipped;
use crate::workspace::Workspace;

/// What cargo-deny and cargo-audit say when they cannot fetch the database.
const UNREACHABLE: [&str; 3] = [
    "failed to fetch advisory database",
    "couldn't fetch advisory database",
    "failed to obtain advisory database",
];

/// A whole check by cargo-deny, or what it can do without its database.
pub(super) fn deny(workspace: &Workspace) -> anyhow::Result<()> {
    let checked = check(workspace, &["deny", "check"])?;
    if let Checked::Unreachable(_) = checked {
        let rest = ["deny", "check", "bans", "licenses", "sources"];
        process::run(&mut workspace.cargo(rest))?;
    }
    checked.done()
}

/// The same advisories as cargo-audit reads them, which knows `Cargo.lock` alone.
pub(super) fn audit(workspace: &Workspace) -> anyhow::Result<()> {
    check(workspace, &["audit"])?.done()
}

enum Checked {
    Done,
    NotInstalled(String),
    Unreachable(String),
}

impl Checked {
    /// # Errors
    /// [`Skipped`], saying which advisories nobody has looked for.
    fn done(self) -> anyhow::Result<()> {
        match self {
            Self::Done => Ok(()),
            Self::NotInstalled(tool) => bail!(Skipped(format!(
                "cargo-{tool} is not installed, so it checks no advisories"
            ))),
            Self::Unreachable(tool) => bail!(Skipped(format!(
                "cargo-{tool} cannot reach its advisory database, so it checks no advisories"
            ))),
        }
    }
}

fn check(workspace: &Workspace, arguments: &[&str]) -> anyhow::Result<Checked> {
    let tool = arguments.first().copied().unwrap_or_default();
    if !workspace.has_subcommand(tool) {
        return Ok(Checked::NotInstalled(tool.to_owned()));
    }
    let output = workspace.cargo(arguments.iter().copied()).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() && is_unreachable(&said) {
        return Ok(Checked::Unreachable(tool.to_owned()));
    }
    eprint!("{}{said}", String::from_utf8_lossy(&output.stdout));
    if !output.status.success() {
        bail!("cargo {} failed", arguments.join(" "));
    }
    Ok(Checked::Done)
}

fn is_unreachable(said: &str) -> bool {
    UNREACHABLE.iter().any(|sign| said.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_no_missing_database() {
        let missing = "error: couldn't fetch advisory database: git operation failed";
        assert!(is_unreachable(missing));
        assert!(is_unreachable(
            "[ERROR] failed to fetch advisory database https://example.com"
        ));
        assert!(!is_unreachable("error: 1 vulnerability found!"));
    }

    #[test]
    fn both_tools_leave_out_the_same_advisories() {
        let ignored = |text: &str| -> Vec<String> {
            let file: toml::Table = text.parse().unwrap();
            let all = file["advisories"]["ignore"].as_array().unwrap().iter();
            let id = |one: &toml::Value| one.get("id").unwrap_or(one).as_str().map(str::to_owned);
            all.map(|one| id(one).unwrap()).collect()
        };
        let deny = ignored(include_str!("../../../deny.toml"));
        assert_eq!(deny, ignored(include_str!("../../../.cargo/audit.toml")));
    }
}
