//! Tests that no program has would never run, and nobody would notice.
//!
//! The tests of a crate are modules of one program, `tests/all.rs`: dozens of programs would
//! each be linked with all that they test. So cargo does not look for files by itself.

use std::path::Path;

use anyhow::{Context, bail};

use crate::workspace::Workspace;

/// Checks that each file and folder in a `tests` folder with an `all.rs` belongs to a program.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let mut lost = Vec::new();
    let mut modules = 0;
    for file in super::files::files(&workspace.root)? {
        let Some(folder) = file.strip_suffix("tests/all.rs") else {
            continue;
        };
        let folder = workspace.root.join(folder);
        let read = |name: &str| {
            let path = folder.join(name);
            std::fs::read_to_string(&path).with_context(|| path.display().to_string())
        };
        let (program, manifest) = (read("tests/all.rs")?, read("Cargo.toml")?);
        let there = modules_in(&folder.join("tests"))?;
        modules += there.len();
        for name in missing(&there, &program, &manifest) {
            lost.push(format!("{}tests/{name}", folder.display()));
        }
    }
    for one in &lost {
        eprintln!("{one}: neither in tests/all.rs nor a [[test]] of its own");
    }
    if !lost.is_empty() {
        bail!("{} modules of tests are in no program", lost.len());
    }
    eprintln!("{modules} modules of tests are in programs");
    Ok(())
}

/// Files of Rust, and folders that hold some.
fn modules_in(tests: &Path) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(tests)? {
        let path = entry?.path();
        let is_folder = path.join("mod.rs").is_file() || path.join("main.rs").is_file();
        if is_folder || path.extension().is_some_and(|extension| extension == "rs") {
            let stem = path.file_stem().context("a file without a name")?;
            names.push(stem.to_string_lossy().into_owned());
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// Those that are neither modules of the program nor programs of the manifest.
fn missing<'a>(names: &'a [String], program: &str, manifest: &str) -> Vec<&'a str> {
    let is_in = |name: &&str| {
        let module = format!("mod {name};");
        program.lines().any(|line| line == module)
            || manifest.contains(&format!("path = \"tests/{name}.rs\""))
            || manifest.contains(&format!("path = \"tests/{name}/main.rs\""))
    };
    let names = names.iter().map(String::as_str);
    names.filter(|name| !is_in(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_program_has_is_missing() {
        let names = ["all", "login", "lost", "own"].map(str::to_owned);
        let manifest = "path = \"tests/all.rs\"\npath = \"tests/own/main.rs\"\n";
        assert_eq!(
            missing(&names, "// mod lost;\nmod login;\n", manifest),
            ["lost"]
        );
    }
}
