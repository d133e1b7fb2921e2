//! The files themselves: short sources, no secrets, no paths of one machine.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

use crate::process;
use crate::workspace::Workspace;

/// Lines that a Rust file may have. One that needs more holds two ideas.
const MOST_LINES: usize = 500;

/// Text that gives a secret or a machine away: a beginning, and how many
/// characters of a token must follow for it to be one.
///
/// The beginnings are written in two parts so that this file does not hold them.
const TELLTALES: [Telltale; 9] = [
    Telltale::new(concat!("-----BEGIN ", "PRIVATE KEY"), 0, "a private key"),
    Telltale::new(
        concat!("-----BEGIN ", "RSA PRIVATE KEY"),
        0,
        "a private key",
    ),
    Telltale::new(
        concat!("-----BEGIN ", "ENCRYPTED PRIVATE KEY"),
        0,
        "a private key",
    ),
    Telltale::new(concat!("AK", "IA"), 16, "an AWS key"),
    Telltale::new(concat!("gh", "p_"), 30, "a GitHub token"),
    Telltale::new(concat!("pat-", "na1-"), 30, "a HubSpot token"),
    Telltale::new(concat!("/", "home/"), 1, "a path of one machine"),
    Telltale::new(concat!("/", "root/"), 1, "a path of one machine"),
    Telltale::new(concat!("/", "Users/"), 1, "a path of one machine"),
];

#[derive(Debug)]
struct Telltale {
    beginning: &'static str,
    token_length: usize,
    what: &'static str,
}

/// Checks every file that is or could be committed.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let mut problems = Vec::new();
    let files = files(&workspace.root)?;
    for name in &files {
        let path = workspace.root.join(name);
        // A file that is deleted and not yet committed, a link to a folder.
        if !path.is_file() {
            continue;
        }
        let bytes = std::fs::read(&path).with_context(|| name.clone())?;
        // What is not text has neither lines nor tokens.
        if let Ok(text) = std::str::from_utf8(&bytes) {
            problems.extend(problems_of(name, text));
        }
    }
    for problem in &problems {
        eprintln!("{problem}");
    }
    if !problems.is_empty() {
        bail!("{} problems in files", problems.len());
    }
    eprintln!("{} files are in order", files.len());
    Ok(())
}

/// What git tracks, and what it would if asked to add everything.
pub(super) fn files(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut command = Command::new("git");
    command.current_dir(root).args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]);
    let listed = process::output(&mut command)?;
    Ok(listed.split_terminator('\0').map(str::to_owned).collect())
}

fn problems_of(name: &str, text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let length = text.lines().count();
    if name.ends_with(".rs") && length > MOST_LINES {
        problems.push(format!("{name}: {length} lines, more than {MOST_LINES}"));
    }
    for (index, line) in text.lines().enumerate() {
        for telltale in TELLTALES.iter().filter(|telltale| telltale.is_in(line)) {
            problems.push(format!("{name}:{}: {}", index + 1, telltale.what));
        }
    }
    problems
}

impl Telltale {
    const fn new(beginning: &'static str, token_length: usize, what: &'static str) -> Self {
        Self {
            beginning,
            token_length,
            what,
        }
    }

    fn is_in(&self, line: &str) -> bool {
        line.match_indices(self.beginning).any(|(at, _)| {
            // `examples/home/` and `https://host/home/` are not paths of a machine.
            let starts_a_word = line[..at]
                .chars()
                .next_back()
                .is_none_or(|before| !is_token(before) && before != '.');
            let rest = &line[at + self.beginning.len()..];
            let token = rest.chars().take_while(|next| is_token(*next)).count();
            starts_a_word && token >= self.token_length
        })
    }
}

fn is_token(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_source_is_refused_and_a_long_text_is_not() {
        let text = "line\n".repeat(MOST_LINES + 1);
        assert_eq!(
            problems_of("src/lib.rs", &text),
            ["src/lib.rs: 501 lines, more than 500"]
        );
        assert!(problems_of("CHANGELOG.md", &text).is_empty());
        assert!(problems_of("src/lib.rs", &text["line\n".len()..]).is_empty());
    }

    #[test]
    fn secrets_and_machine_paths_are_found_with_their_line() {
        let key = format!("{}{}", concat!("AK", "IA"), "A".repeat(16));
        let path = format!("see {}me/project", concat!("/", "home/"));
        let text = format!("fine\nkey = \"{key}\"\n{path}\n");
        assert_eq!(
            problems_of("notes.md", &text),
            [
                "notes.md:2: an AWS key",
                "notes.md:3: a path of one machine"
            ]
        );
    }

    #[test]
    fn what_only_looks_alike_is_left_alone() {
        let web = format!("https://example.com{}page", concat!("/", "home/"));
        let short = format!("{}short", concat!("AK", "IA"));
        assert!(problems_of("notes.md", &format!("{web}\n{short}\n")).is_empty());
    }
}
