//! New projects outside the workspace that use the packages.
//!
//! One runs the program of each README, with the dependencies that the README names. The
//! others check what members promise beside other people's crates: two SQLite libraries
//! cannot be linked into one program, so a team with one of its own needs ours left out.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::{quoted, unpacked};
use crate::process;
use crate::steps::Steps;
use crate::workspace::{Package, Workspace};

/// A team's project, and which crates must stay out of it.
struct Project {
    name: &'static str,
    dependencies: &'static str,
    main: &'static str,
    without: &'static [&'static str],
}

const PROJECTS: [Project; 3] = [
    Project {
        name: "beside-sqlx",
        dependencies: r#"
snowflake-store = { version = "0.1", default-features = false, features = ["snowflake"] }
sqlx = { version = "0.9", default-features = false, features = ["runtime-tokio", "sqlite-unbundled"] }
"#,
        main: r#"
use snowflake_store::SnowflakeStore;
use sqlx::sqlite::SqlitePool;

fn main() {
    println!("{}", std::any::type_name::<(SnowflakeStore, SqlitePool)>());
}
"#,
        without: &["rusqlite"],
    },
    Project {
        name: "beside-diesel",
        dependencies: r#"
snowflake-store = { version = "0.1", default-features = false, features = ["snowflake"] }
diesel = { version = "2", default-features = false, features = ["sqlite"] }
"#,
        main: r#"
use diesel::sqlite::SqliteConnection;
use snowflake_store::SnowflakeStore;

fn main() {
    println!("{}", std::any::type_name::<(SnowflakeStore, SqliteConnection)>());
}
"#,
        without: &["rusqlite"],
    },
    Project {
        name: "agents-on-snowflake",
        dependencies: r#"
gong-snowflake = { version = "0.1", default-features = false, features = ["snowflake"] }
"#,
        main: r#"
use std::sync::Arc;

use gong_snowflake::agents::task::Dispatcher;
use gong_snowflake::cortex::LanguageBackend;
use gong_snowflake::snowflake_store::SnowflakeStore;

/// Agents over Snowflake, with whichever language backend the caller brings.
pub fn dispatcher(store: SnowflakeStore, language: Arc<dyn LanguageBackend>) -> Dispatcher {
    Dispatcher::new(Arc::new(store), language)
}

fn main() {
    let error = gong_snowflake::snowflake_from_env().err();
    println!("without settings: {error:?}");
}
"#,
        without: &["rusqlite", "libsqlite3-sys", "boon", "whatlang"],
    },
];

/// Makes the projects, and builds them with the workspace's own target folder: what the
/// packages depend on is compiled there already.
pub(super) fn run(workspace: &Workspace, published: &[&Package], steps: &mut Steps) {
    for member in published {
        // The facade's README is the workspace's; what it shows is a test of its own.
        if member.name == "gong-snowflake" {
            continue;
        }
        steps.run(
            format!("{} alone, its README's program", member.name),
            || {
                let readme = unpacked(workspace, member).join("README.md");
                let readme = std::fs::read_to_string(readme)?;
                let dependencies = block(&readme, "toml").context("README.md has no toml block")?;
                let main = block(&readme, "rust").context("README.md has no rust block")?;
                let dependencies = dependencies.replace("[dependencies]\n", "");
                let folder = create(workspace, published, &member.name, &dependencies, main)?;
                process::run(&mut cargo(workspace, &folder, "run"))
            },
        );
    }
    for project in &PROJECTS {
        steps.run(format!("a project outside: {}", project.name), || {
            let Project {
                name,
                dependencies,
                main,
                without,
            } = project;
            let folder = create(workspace, published, name, dependencies, main)?;
            process::run(&mut cargo(workspace, &folder, "check"))?;
            let mut tree = cargo(workspace, &folder, "tree");
            let tree = process::output(tree.args(["--edges", "normal", "--prefix", "none"]))?;
            let names: Vec<&str> = tree.lines().filter_map(|l| l.split(' ').next()).collect();
            match without.iter().find(|name| names.contains(name)) {
                Some(name) => bail!("{name} came along"),
                None => Ok(()),
            }
        });
    }
}

/// Writes a project that takes the members from their packages and everything else in the
/// versions that the workspace has.
fn create(
    workspace: &Workspace,
    published: &[&Package],
    name: &str,
    dependencies: &str,
    main: &str,
) -> anyhow::Result<PathBuf> {
    let folder = workspace.target.join("outside/projects").join(name);
    std::fs::create_dir_all(folder.join("src"))?;
    let patches: String = published
        .iter()
        .map(|member| {
            let path = quoted(&unpacked(workspace, member));
            format!("{} = {{ path = {path} }}\n", member.name)
        })
        .collect();
    // The profile is the workspace's, else nothing that it has compiled would fit.
    let manifest = format!(
        "[workspace]\n\n[package]\nname = \"outside-{name}\"\nversion = \"0.0.0\"\n\
         edition = \"2024\"\npublish = false\n\n[profile.dev]\ndebug = \"line-tables-only\"\n\n\
         [dependencies]\n{dependencies}\n[patch.crates-io]\n{patches}"
    );
    std::fs::write(folder.join("Cargo.toml"), manifest)?;
    std::fs::write(folder.join("src/main.rs"), main)?;
    std::fs::copy(workspace.root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    Ok(folder)
}

fn cargo(workspace: &Workspace, folder: &Path, subcommand: &str) -> std::process::Command {
    let mut command = workspace.cargo([subcommand]);
    command.current_dir(folder);
    command.env("CARGO_TARGET_DIR", &workspace.target);
    // No README sets these, and its program must not meet an account.
    for name in ["GONG_ACCESS_KEY", "SNOWFLAKE_ACCOUNT"] {
        command.env_remove(name);
    }
    command
}

/// The first block of a language in Markdown.
fn block<'a>(markdown: &'a str, language: &str) -> Option<&'a str> {
    let (_, rest) = markdown.split_once(&format!("```{language}\n"))?;
    Some(rest.split_once("```")?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_block_of_a_language_is_taken() {
        let markdown = "a\n```toml\n[dependencies]\n```\n```rust\nfn main() {}\n```\n";
        assert_eq!(block(markdown, "rust"), Some("fn main() {}\n"));
        assert_eq!(block(markdown, "toml"), Some("[dependencies]\n"));
        assert_eq!(block(markdown, "sh"), None);
    }
}
