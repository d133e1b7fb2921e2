//! Which stacks stay out of which crate.
//!
//! What a team adds should bring what it uses and no more: an SQLite library that
//! collides with another, an HTTP client for what reads no network, C code that compiles
//! for minutes. A feature turned on in the wrong manifest is not seen in any test.

use anyhow::bail;

use crate::process;
use crate::workspace::Workspace;

/// The only member that names the HTTP library.
const HTTP: (&str, &str) = ("gong-snowflake-outbound", "reqwest");

/// What serves tasks. It stays out of the facade's examples too: they share their dependencies,
/// and the quickstart would compile them.
const SERVING: [&str; 2] = ["axum", "rmcp"];

/// Package, features beyond none, and what must not come along.
const RULES: [(&str, &str, &[&str]); 13] = [
    (
        "gong-snowflake-calls",
        "",
        &["reqwest", "tokio", "libsqlite3-sys"],
    ),
    (
        "gong-snowflake-resilience",
        "",
        &["reqwest", "serde", "libsqlite3-sys"],
    ),
    ("gong-snowflake-outbound", "", &["reqwest", "rustls"]),
    (
        "gong-snowflake-outbound",
        "http",
        &["aws-lc-sys", "openssl-sys"],
    ),
    (
        "gong-client",
        "",
        &["aws-lc-sys", "libsqlite3-sys", "snowflake-sql"],
    ),
    ("hubspot-enrich", "", &["reqwest", "snowflake-sql"]),
    ("hubspot-enrich", "rest", &["snowflake-sql", "aws-lc-sys"]),
    (
        "gong-snowflake-cortex",
        "local",
        &[
            "reqwest",
            "boon",
            "moka",
            "snowflake-sql",
            "gong-snowflake-outbound",
        ],
    ),
    ("gong-snowflake-cortex", "sql", &["reqwest", "whatlang"]),
    (
        "snowflake-store",
        "sqlite",
        &["reqwest", "moka", "snowflake-sql"],
    ),
    (
        "snowflake-store",
        "snowflake",
        &["libsqlite3-sys", "snowflake-streaming"],
    ),
    (
        "gong-snowflake-ingest",
        "",
        &["libsqlite3-sys", "snowflake-sql", "aws-lc-sys"],
    ),
    (
        "gong-snowflake-agents",
        "",
        &["libsqlite3-sys", "reqwest", "snowflake-sql"],
    ),
];

/// Asks cargo for the tree behind each rule.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let mut problems = Vec::new();
    for (package, features, without) in RULES {
        let mut tree = workspace.cargo(["tree", "--package", package, "--no-default-features"]);
        tree.args(["--features", features, "--edges", "normal"]);
        let tree = process::output(tree.args(["--prefix", "none"]))?;
        problems.extend(
            brought_along(&tree, without)
                .map(|name| format!("{package} with features \"{features}\" brings {name}")),
        );
    }
    let mut facade = workspace.cargo(["tree", "--package", "gong-snowflake"]);
    facade.args(["--edges", "normal,dev", "--prefix", "none"]);
    let facade = process::output(&mut facade)?;
    problems.extend(
        brought_along(&facade, &SERVING).map(|name| format!("the facade's examples bring {name}")),
    );
    for member in workspace.members() {
        let names_it =
            |named: &crate::workspace::Dependency| named.name == HTTP.1 && named.kind.is_none();
        if member.name != HTTP.0 && member.dependencies.iter().any(names_it) {
            problems.push(format!("{} names {}; {} does", member.name, HTTP.1, HTTP.0));
        }
    }
    for problem in &problems {
        eprintln!("{problem}");
    }
    if !problems.is_empty() {
        bail!("{} stacks are where they should not be", problems.len());
    }
    Ok(())
}

/// What of `without` is in a tree that cargo printed.
fn brought_along<'a>(tree: &str, without: &'a [&str]) -> impl Iterator<Item = &'a str> {
    let names: Vec<String> = tree
        .lines()
        .filter_map(|line| line.split(' ').next().map(str::to_owned))
        .collect();
    let brought = without.iter().copied();
    brought.filter(move |name| names.iter().any(|found| found == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_names_are_found_at_any_depth() {
        let tree = "gong-client v0.1.0 (/here)\nreqwest v0.13.5\nserde_json v1.0.1 (*)\n";
        let found: Vec<&str> = brought_along(tree, &["serde", "reqwest"]).collect();
        assert_eq!(found, ["reqwest"]);
    }
}
