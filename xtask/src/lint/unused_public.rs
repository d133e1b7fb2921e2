//! Nothing is public without a use, unless its docs say for whom.
//!
//! A use is the item's name in code that is no test, anywhere in the workspace, beside its
//! definition, its `impl`s and `use`. Libraries have users elsewhere: what is for them alone
//! has a sentence that begins with "For callers" in its docs, or in those of its file, as
//! settings do. Names are compared as words, so a name that occurs often is never reported.

use std::collections::HashSet;

use anyhow::bail;

use super::source::{Source, sources};
use crate::workspace::Workspace;

/// What says for whom an item is.
const MARK: &str = "For callers";

/// Crates that are tests themselves, and what they are made of.
const FOR_TESTS: [&str; 2] = ["crates/testkit/", "/tests/"];

/// What stands before a name that is not used but defined.
const DEFINES: [&str; 10] = [
    "fn", "struct", "enum", "trait", "type", "const", "static", "mod", "impl", "for",
];

/// Refuses public items of libraries that nothing uses.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let mut all = Vec::new();
    for folder in ["crates", "src", "examples", "benches"] {
        all.extend(sources(&workspace.root, folder)?);
    }
    all.retain(|source| !FOR_TESTS.iter().any(|part| source.path.contains(part)));
    let unused = unused(&all);
    for item in &unused {
        eprintln!("{item}: public, and nothing but tests uses it");
    }
    if !unused.is_empty() {
        bail!(
            "{} public items without a use; make them private, or say \"{MARK} that …\" in their docs",
            unused.len()
        );
    }
    eprintln!("every public item has a use, or says for whom it is");
    Ok(())
}

fn unused(sources: &[Source]) -> Vec<String> {
    let used: HashSet<&str> = sources
        .iter()
        .flat_map(|source| used_names(&source.tokens))
        .collect();
    let mut unused = Vec::new();
    for source in sources
        .iter()
        .filter(|source| source.path.contains("/src/"))
    {
        let head = source
            .text
            .lines()
            .take_while(|line| line.starts_with("//!"));
        if head.into_iter().any(|line| line.contains(MARK)) {
            continue;
        }
        for (number, name) in public_items(&source.text) {
            if !used.contains(name) {
                unused.push(format!("{}:{number}: {name}", source.path));
            }
        }
    }
    unused
}

/// Names outside of `use`, but where they are defined.
fn used_names(tokens: &[String]) -> Vec<&str> {
    let mut names = Vec::new();
    let mut in_use = false;
    let mut before = "";
    for token in tokens {
        in_use = match token.as_str() {
            "use" => true,
            ";" => false,
            _ => in_use,
        };
        if !in_use && !DEFINES.contains(&before) {
            names.push(token.as_str());
        }
        before = token;
    }
    names
}

/// Lines and names of public items whose docs do not say for whom they are.
fn public_items(text: &str) -> Vec<(usize, &str)> {
    let mut items = Vec::new();
    let mut is_marked = false;
    for (at, line) in text.lines().enumerate() {
        let line = line.trim_start();
        if line.starts_with("///") {
            is_marked |= line.contains(MARK);
            continue;
        }
        let item = line.strip_prefix("pub ").filter(|_| !is_marked);
        if let Some(name) = item.and_then(defined) {
            items.push((at + 1, name));
        }
        // Attributes stand between docs and item.
        is_marked &= line.starts_with("#[");
    }
    items
}

fn defined(item: &str) -> Option<&str> {
    let mut words = item.split(|sign: char| !sign.is_alphanumeric() && sign != '_');
    let mut name = words.next()?;
    let mut is_item = false;
    while matches!(
        name,
        "async" | "const" | "unsafe" | "fn" | "struct" | "enum" | "trait" | "type" | "static"
    ) {
        is_item |= !matches!(name, "async" | "unsafe");
        name = words.next()?;
    }
    // Macros write `pub struct $name`.
    Some(name).filter(|name| is_item && !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<Source> = files
            .iter()
            .map(|(path, text)| Source::new(format!("crates/a/src/{path}"), text))
            .collect();
        unused(&sources)
    }

    #[test]
    fn what_only_its_own_tests_use_is_found() {
        let tree = [
            ("lib.rs", "pub use b::{B, c};"),
            (
                "b.rs",
                "pub struct B;\nimpl B {\n    pub const fn c() {}\n}\n#[cfg(test)]\nmod tests { fn d() { c() } }",
            ),
        ];
        assert_eq!(
            found(&tree),
            ["crates/a/src/b.rs:1: B", "crates/a/src/b.rs:3: c"]
        );
    }

    #[test]
    fn a_use_elsewhere_is_a_use() {
        let tree = [
            ("b.rs", "pub struct B;\npub fn c() -> B { B }"),
            ("d.rs", "fn d() { b::c(); }"),
        ];
        assert_eq!(found(&tree), Vec::<String>::new());
    }

    #[test]
    fn docs_that_say_for_whom_are_enough() {
        let tree = [
            (
                "b.rs",
                "/// A thing. For callers that\n/// need it.\n#[derive(Debug)]\npub struct B;\npub struct C;",
            ),
            (
                "settings.rs",
                "//! Settings. For callers that know better.\n\npub struct D;",
            ),
        ];
        assert_eq!(found(&tree), ["crates/a/src/b.rs:5: C"]);
    }
}
