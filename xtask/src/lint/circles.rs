//! No circle of files: what two files need of each other belongs into a third below both.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::bail;

use super::paths::{Place, inline_paths, used_paths};
use super::source::{Source, sources};
use crate::workspace::Workspace;

/// A module by the names of its path; the crate itself has none.
type Module = Vec<String>;

/// What is no crate of the layers: the facade, packages of programs, and this one.
const OTHERS: [&str; 4] = [
    "src",
    "examples/exporting/src",
    "examples/serving/src",
    "xtask/src",
];

/// Refuses circles in every package.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let mut found = 0;
    let mut files = 0;
    let crates = super::crates(&workspace.root)?.into_iter();
    let crates = crates.map(|name| format!("crates/{name}/src"));
    for folder in crates.chain(OTHERS.map(str::to_owned)) {
        let sources = sources(&workspace.root, &folder)?;
        files += sources.len();
        for circle in circles(&sources, &folder) {
            eprintln!("{folder}: {} need each other", circle.join(", "));
            found += 1;
        }
    }
    if found > 0 {
        bail!("{found} circles of files");
    }
    eprintln!("{files} files need only files below them");
    Ok(())
}

/// The modules of each circle.
fn circles(sources: &[Source], folder: &str) -> Vec<Vec<String>> {
    let modules: BTreeMap<Module, &Source> = sources
        .iter()
        .map(|source| (module(&source.path, folder), source))
        .collect();
    let reexports = reexports(&modules);
    let arrows: BTreeMap<&Module, BTreeSet<&Module>> = modules
        .iter()
        .map(|(from, source)| {
            let used = used_paths(&source.tokens).into_iter();
            // What is handed on is not used here.
            let used = used.filter(|used| !used.is_public).map(|used| used.path);
            let targets = used
                .chain(inline_paths(&source.tokens))
                .filter_map(|path| absolute(from, &path, &modules))
                .filter_map(|path| resolve(path, &modules, &reexports))
                .filter(|to| *to != from);
            (from, targets.collect())
        })
        .collect();
    let reached: BTreeMap<&Module, BTreeSet<&Module>> = arrows
        .keys()
        .map(|from| (*from, reachable(from, &arrows)))
        .collect();
    let mut circles = BTreeSet::new();
    for (from, to) in &reached {
        let circle: Vec<String> = to
            .iter()
            .filter(|other| reached[*other].contains(from))
            .map(|module| module.join("::"))
            .collect();
        if circle.len() > 1 {
            circles.insert(circle);
        }
    }
    circles.into_iter().collect()
}

fn module(path: &str, folder: &str) -> Module {
    let path = path.strip_prefix(folder).unwrap_or(path);
    let path = path.trim_start_matches('/').trim_end_matches(".rs");
    let mut names: Module = path.split('/').map(str::to_owned).collect();
    if matches!(
        names.last().map(String::as_str),
        Some("mod" | "lib" | "main")
    ) {
        names.pop();
    }
    names
}

/// What modules hand on under their own names.
fn reexports(modules: &BTreeMap<Module, &Source>) -> BTreeMap<Module, Module> {
    let mut all = BTreeMap::new();
    for (module, source) in modules {
        for used in used_paths(&source.tokens) {
            let target = absolute(module, &used.path, modules).filter(|_| used.is_public);
            if let Some(target) = target {
                let mut name = module.clone();
                name.push(used.name);
                all.insert(name, target);
            }
        }
    }
    all
}

/// A path from the crate's root; nothing for paths into other crates.
fn absolute(from: &Module, path: &Place, modules: &BTreeMap<Module, &Source>) -> Option<Module> {
    let (first, rest) = path.split_first()?;
    let mut base: Module = match first.as_str() {
        "crate" => Vec::new(),
        "self" => from.clone(),
        "super" => {
            let ups = path.iter().take_while(|name| *name == "super").count();
            let mut base = from.clone();
            base.truncate(from.len().checked_sub(ups)?);
            base.extend(path[ups..].iter().cloned());
            return Some(base);
        }
        _ => {
            let child: Module = from.iter().chain([first]).cloned().collect();
            if !modules.contains_key(&child) {
                return None;
            }
            child
        }
    };
    base.extend(rest.iter().cloned());
    Some(base)
}

/// The module that an item stands in, through re-exports.
fn resolve<'a>(
    mut path: Module,
    modules: &'a BTreeMap<Module, &Source>,
    reexports: &BTreeMap<Module, Module>,
) -> Option<&'a Module> {
    // Re-exports of re-exports end somewhere, or the compiler would complain.
    for _ in 0..8 {
        let length = (0..=path.len())
            .rev()
            .find(|length| modules.contains_key(&path[..*length]))?;
        let name = path.get(..=length);
        match name.and_then(|name| reexports.get(name)) {
            Some(target) => path = target.iter().chain(&path[length + 1..]).cloned().collect(),
            None => {
                return modules
                    .get_key_value(&path[..length])
                    .map(|(module, _)| module);
            }
        }
    }
    None
}

fn reachable<'a>(
    from: &'a Module,
    arrows: &BTreeMap<&'a Module, BTreeSet<&'a Module>>,
) -> BTreeSet<&'a Module> {
    let mut reached = BTreeSet::from([from]);
    let mut open = vec![from];
    while let Some(module) = open.pop() {
        for next in arrows.get(module).into_iter().flatten() {
            if reached.insert(next) {
                open.push(next);
            }
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<Vec<String>> {
        let sources: Vec<Source> = files
            .iter()
            .map(|(path, text)| Source::new(format!("src/{path}"), text))
            .collect();
        circles(&sources, "src")
    }

    #[test]
    fn files_that_need_each_other_are_a_circle() {
        let tree = [
            ("lib.rs", "mod a; mod b; mod c; pub use a::A;"),
            ("a.rs", "use crate::b::B; use crate::c; pub struct A(B);"),
            ("b.rs", "fn b(a: &super::A) {} pub struct B;"),
            ("c.rs", "pub fn c() {}"),
        ];
        assert_eq!(found(&tree), [["a", "b"]]);
        let longer = [
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use crate::b::{self, B as Other};"),
            ("b.rs", "use super::{c::C, std};"),
            ("c.rs", "fn c() { crate::a::f() }"),
        ];
        assert_eq!(found(&longer), [["a", "b", "c"]]);
    }

    #[test]
    fn a_parent_may_need_its_children_and_hand_their_items_on() {
        let tree = [
            ("lib.rs", "mod a; pub use a::{A, B};"),
            (
                "a/mod.rs",
                "mod b; mod c; pub use b::B; use c::C; pub struct A(C);",
            ),
            (
                "a/b.rs",
                "use super::c::C; pub(in super::super) struct B(C);",
            ),
            (
                "a/c.rs",
                "use std::fmt; // use super::A;\n#[cfg(test)]\nmod tests { use super::super::A; }",
            ),
        ];
        assert_eq!(found(&tree), Vec::<Vec<String>>::new());
    }

    #[test]
    fn a_child_that_needs_its_parent_is_a_circle_when_that_needs_the_child() {
        let tree = [
            ("lib.rs", "mod a;"),
            ("a/mod.rs", "mod b; use b::B; pub struct A(B);"),
            ("a/b.rs", "use super::A;"),
        ];
        assert_eq!(found(&tree), [["a", "a::b"]]);
    }
}
