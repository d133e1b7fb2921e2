//! The paths that a source names: those of `use`, and those in between.

/// The names of a path, without what stands between them.
pub(super) type Place = Vec<String>;

/// One name that a `use` brings.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Used {
    pub(super) path: Place,
    /// What it is called here.
    pub(super) name: String,
    /// Whether it is handed on.
    pub(super) is_public: bool,
}

/// Everything that `use` brings, trees of names taken apart.
pub(super) fn used_paths(tokens: &[String]) -> Vec<Used> {
    let mut used = Vec::new();
    for at in (0..tokens.len()).filter(|at| tokens[*at] == "use") {
        let end = tokens[at..].iter().position(|token| token == ";");
        let tree = &tokens[at + 1..end.map_or(tokens.len(), |end| at + end)];
        let is_public = at > 0 && matches!(tokens[at - 1].as_str(), "pub" | ")");
        let mut branch = |path: &[String], name: &str| {
            used.push(Used {
                path: path.to_vec(),
                name: name.to_owned(),
                is_public,
            });
        };
        read_tree(tree, &mut Vec::new(), &mut branch);
    }
    used
}

/// Paths that begin with `crate` or `super`, outside of `use` and of `pub(in …)`.
pub(super) fn inline_paths(tokens: &[String]) -> Vec<Place> {
    let mut paths = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let before = at.checked_sub(1).map(|before| tokens[before].as_str());
        match (token.as_str(), before) {
            ("use", _) => at = behind(tokens, at, ";"),
            ("in", Some("(")) => at = behind(tokens, at, ")"),
            ("crate" | "super", before) if before != Some("::") => {
                let mut path = vec![token.clone()];
                while let [sign, name, ..] = &tokens[at + 1..]
                    && sign == "::"
                    && is_name(name)
                {
                    path.push(name.clone());
                    at += 2;
                }
                if path.len() > 1 {
                    paths.push(path);
                }
            }
            _ => {}
        }
        at += 1;
    }
    paths
}

/// The place of the next such token.
fn behind(tokens: &[String], at: usize, end: &str) -> usize {
    let length = tokens[at..].iter().position(|token| token == end);
    length.map_or(tokens.len(), |length| at + length)
}

fn is_name(token: &str) -> bool {
    token
        .chars()
        .all(|sign| sign.is_alphanumeric() || sign == '_')
}

/// Calls `branch` with each path of a tree such as `a::{b, c as d}` and with its name.
fn read_tree(tree: &[String], stem: &mut Place, branch: &mut impl FnMut(&[String], &str)) {
    for part in branches(tree) {
        let depth = stem.len();
        let mut rest = part;
        let mut name = None;
        while let Some((token, after)) = rest.split_first() {
            rest = after;
            match token.as_str() {
                "::" => {}
                "{" => {
                    read_tree(&after[..after.len().saturating_sub(1)], stem, branch);
                    stem.truncate(depth);
                    break;
                }
                "as" => {
                    name = after.first().cloned();
                    rest = &[];
                }
                _ => stem.push(token.clone()),
            }
        }
        // `a::{self}` brings `a`.
        if stem.len() > 1 && stem.last().is_some_and(|last| last == "self") {
            stem.pop();
        }
        if stem.len() > depth || (depth > 0 && part.first().is_some_and(|token| token == "self")) {
            let name = name.or_else(|| stem.last().cloned()).unwrap_or_default();
            branch(stem, &name);
        }
        stem.truncate(depth);
    }
}

/// The parts between the commas that stand in no braces.
fn branches(tree: &[String]) -> impl Iterator<Item = &[String]> {
    let mut depth = 0_usize;
    tree.split(move |token| {
        match token.as_str() {
            "{" => depth += 1,
            "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        token == "," && depth == 0
    })
}

#[cfg(test)]
mod tests {
    use super::super::source::Source;
    use super::*;

    fn used(text: &str) -> Vec<String> {
        let source = Source::new("a.rs", text);
        let used = used_paths(&source.tokens).into_iter();
        used.map(|used| format!("{} = {}", used.name, used.path.join("/")))
            .collect()
    }

    #[test]
    fn trees_are_taken_apart() {
        assert_eq!(
            used("use a::{self, b::{C, D as E}, f}; pub use g::H;"),
            ["a = a", "C = a/b/C", "E = a/b/D", "f = a/f", "H = g/H"]
        );
    }

    #[test]
    fn paths_in_between_are_found() {
        let text = "pub(in crate::a) fn b(c: super::C) { crate::d::e(); f::crate_g() }";
        let source = Source::new("a.rs", text);
        let paths: Vec<String> = inline_paths(&source.tokens)
            .iter()
            .map(|path| path.join("/"))
            .collect();
        assert_eq!(paths, ["super/C", "crate/d/e"]);
    }
}
