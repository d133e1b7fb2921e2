//! Links between the pages of the docs: files that exist, headings that exist.
//!
//! A page that is renamed or divided leaves links behind that nothing else notices.

use std::collections::{HashMap, HashSet};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, bail};

use super::files::files;
use crate::workspace::Workspace;

/// Checks every relative link of every Markdown page.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let root = &workspace.root;
    let mut pages = HashMap::new();
    for name in files(root)? {
        let path = root.join(&name);
        if name.ends_with(".md") && path.is_file() {
            let text = std::fs::read_to_string(&path).with_context(|| name.clone())?;
            pages.insert(PathBuf::from(name), text);
        }
    }
    let mut problems = problems_of(&pages, |path| root.join(path).exists());
    problems.sort();
    for problem in &problems {
        eprintln!("{problem}");
    }
    if !problems.is_empty() {
        bail!("{} dead links", problems.len());
    }
    eprintln!("the links of {} pages lead somewhere", pages.len());
    Ok(())
}

fn problems_of(pages: &HashMap<PathBuf, String>, exists: impl Fn(&Path) -> bool) -> Vec<String> {
    let anchors: HashMap<&PathBuf, HashSet<String>> = pages
        .iter()
        .map(|(name, text)| (name, anchors(text)))
        .collect();
    let mut problems = Vec::new();
    for (name, text) in pages {
        for (line, target) in links(text) {
            let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
            let path = if path.is_empty() {
                name.clone()
            } else {
                normalized(&name.parent().unwrap_or(Path::new("")).join(path))
            };
            let known = anchors.get(&path);
            let dead = !exists(&path)
                || (!anchor.is_empty() && known.is_some_and(|known| !known.contains(anchor)));
            if dead {
                problems.push(format!("{}:{line}: {target}", name.display()));
            }
        }
    }
    problems
}

/// Relative targets of inline links, each with its line.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut links = Vec::new();
    for (line, prose) in prose(text) {
        for (at, _) in prose.match_indices("](") {
            let rest = &prose[at + 2..];
            let target = rest.split([')', ' ']).next().unwrap_or_default();
            let is_absolute = target.contains("://") || target.starts_with("mailto:");
            if !target.is_empty() && !is_absolute {
                links.push((line, target));
            }
        }
    }
    links
}

/// The anchors that GitHub gives the headings of a page.
fn anchors(text: &str) -> HashSet<String> {
    let mut anchors = HashSet::new();
    for (_, line) in prose(text) {
        let title = line.trim_start_matches('#');
        if title.len() == line.len() || !title.starts_with(' ') {
            continue;
        }
        let anchor: String = visible(title.trim())
            .to_lowercase()
            .chars()
            .filter(|next| next.is_alphanumeric() || matches!(next, '-' | '_' | ' '))
            .map(|next| if next == ' ' { '-' } else { next })
            .collect();
        let copies = (1..).map(|copy| format!("{anchor}-{copy}"));
        let free = std::iter::once(anchor.clone())
            .chain(copies)
            .find(|candidate| !anchors.contains(candidate));
        anchors.extend(free);
    }
    anchors
}

/// A heading without the targets of its links.
fn visible(title: &str) -> String {
    let mut parts = title.split("](");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shown.push_str(part.split_once(')').map_or("", |(_, rest)| rest));
    }
    shown
}

/// Numbered lines outside fenced code.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut in_code = false;
    (1..).zip(text.lines()).filter(move |(_, line)| {
        let is_fence = line.trim_start().starts_with("```");
        in_code ^= is_fence;
        !in_code && !is_fence
    })
}

/// A path without `.` and `..`.
fn normalized(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                result.pop();
            }
            other => result.push(other),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(pages: &[(&str, &str)]) -> Vec<String> {
        let pages: HashMap<PathBuf, String> = pages
            .iter()
            .map(|(name, text)| (PathBuf::from(name), (*text).to_owned()))
            .collect();
        let mut problems = problems_of(&pages, |path| {
            pages.contains_key(path) || path == Path::new("sql/one.sql")
        });
        problems.sort();
        problems
    }

    #[test]
    fn links_to_pages_files_and_headings_are_followed() {
        let guide = "# Guide\n## What it `does`, and why\n[up](../README.md) \
                     [sql](../sql/one.sql) [here](#what-it-does-and-why) [web](https://x.y/#z)\n";
        let readme = "[guide](docs/guide.md#what-it-does-and-why)\n";
        assert!(problems(&[("docs/guide.md", guide), ("README.md", readme)]).is_empty());
    }

    #[test]
    fn a_dead_file_and_a_dead_heading_are_named_with_their_line() {
        let guide = "# Guide\n\n[gone](old.md), [moved](#setup)\n";
        assert_eq!(
            problems(&[("docs/guide.md", guide)]),
            ["docs/guide.md:3: #setup", "docs/guide.md:3: old.md"]
        );
    }

    #[test]
    fn code_has_neither_links_nor_headings() {
        let guide = "[a](#not-a-heading)\n```sh\n# not a heading\necho '[x](gone.md)'\n```\n";
        assert_eq!(
            problems(&[("guide.md", guide)]),
            ["guide.md:1: #not-a-heading"]
        );
    }

    #[test]
    fn a_heading_that_stands_twice_has_two_anchors() {
        let guide = "# [One](a.md) time\n# One time\n[b](#one-time) [c](#one-time-1)\n";
        assert_eq!(problems(&[("guide.md", guide)]), ["guide.md:1: a.md"]);
    }
}
