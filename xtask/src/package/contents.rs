//! What a package has to hold: what it is, under which terms, and the SQL behind links.

use std::path::Path;

use anyhow::{Context, bail};
use serde::Deserialize;

#[derive(Deserialize)]
struct Manifest {
    package: Front,
}

/// What the registry shows of a package.
#[derive(Deserialize)]
struct Front {
    #[serde(default)]
    description: String,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    categories: Vec<String>,
}

/// Refuses a package that lacks a file or does not say what it is.
pub(super) fn check(folder: &Path) -> anyhow::Result<()> {
    let named = || folder.display().to_string();
    for file in ["README.md", "LICENSE-APACHE", "LICENSE-MIT", "src/lib.rs"] {
        let size = std::fs::metadata(folder.join(file)).map(|found| found.len());
        if size.unwrap_or(0) == 0 {
            bail!("{}: has no {file}", named());
        }
    }
    let text = std::fs::read_to_string(folder.join("Cargo.toml")).with_context(named)?;
    let front = toml::from_str::<Manifest>(&text)
        .with_context(named)?
        .package;
    if front.description.is_empty() {
        bail!("{}: needs a description", named());
    }
    if front.keywords.is_empty() || front.categories.is_empty() {
        bail!("{}: needs keywords and categories", named());
    }
    // A link that was not followed is a file with a path in it.
    let sql = folder.join("sql");
    if sql.exists() && !sql.is_dir() {
        bail!("{}: the link `sql` was not followed", named());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packaged(manifest: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("src")).unwrap();
        for file in ["README.md", "LICENSE-APACHE", "LICENSE-MIT", "src/lib.rs"] {
            std::fs::write(folder.path().join(file), "text").unwrap();
        }
        std::fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
        folder
    }

    const WHOLE: &str = r#"
        [package]
        description = "d"
        keywords = ["k"]
        categories = ["c"]
    "#;

    #[test]
    fn each_missing_part_is_refused() {
        assert!(check(packaged(WHOLE).path()).is_ok());

        for part in ["description", "keywords", "categories"] {
            let without: Vec<&str> = WHOLE.lines().filter(|line| !line.contains(part)).collect();
            assert!(
                check(packaged(&without.join("\n")).path()).is_err(),
                "{part}"
            );
        }
        let folder = packaged(WHOLE);
        std::fs::remove_file(folder.path().join("LICENSE-MIT")).unwrap();
        assert!(check(folder.path()).is_err());
    }

    #[test]
    fn a_link_that_was_not_followed_is_refused() {
        let folder = packaged(WHOLE);
        std::fs::write(folder.path().join("sql"), "../../sql").unwrap();
        assert!(check(folder.path()).is_err());
    }
}
