//! New projects outside the workspace that use the packages.
//!
//! One runs the program of each README, with the dependencies that the README names. The
//! others check what members promise beside other people's crates: two SQLite libraries
//! cannot be linked into one program, so a team with one of its own needs ours left out.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

use super::{quoted, unpacked};
use crate::process;
use crate::steps::Steps;
use crate::workspace::{Package, Workspace};

/// The package that re-exports the others.
const FACADE: &str = "gong-snowflake";

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
sqlx = { version = "0.9", default-features = false, features = ["runtime-tokio", "sqlite"] }
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
    let error = gong_snowflake::snowflake_sql::SnowflakeConfig::from_env().err();
    println!("without settings: {error:?}");
}
"#,
        without: &["rusqlite", "libsqlite3-sys"],
    },
];

/// Makes the projects, and builds them with the workspace's own target folder: what the
/// packages depend on is compiled there already.
pub(super) fn run(workspace: &Workspace, published: &[&Package], steps: &mut Steps) {
    steps.run("READMEs' programs", || readmes(workspace, published));
    steps.run("the facade's examples, from its package", || {
        facade_examples(workspace, published)
    });
    for project in &PROJECTS {
        steps.run(format!("a project outside: {}", project.name), || {
            let folder = workspace.target.join("outside").join(project.name);
            write_package(&folder, project.name, project.dependencies, project.main)?;
            let manifest = folder.join("Cargo.toml");
            let package = std::fs::read_to_string(&manifest)?;
            std::fs::write(
                manifest,
                package + &shared(workspace, published, "[workspace]"),
            )?;
            lock(workspace, &folder)?;
            process::run_without_warnings(&mut cargo(workspace, &folder, &["check"]))?;
            let tree = ["tree", "--edges", "normal", "--prefix", "none"];
            let tree = process::output(&mut cargo(workspace, &folder, &tree))?;
            let names: Vec<&str> = tree.lines().filter_map(|l| l.split(' ').next()).collect();
            match project.without.iter().find(|name| names.contains(name)) {
                Some(name) => bail!("{name} came along"),
                None => Ok(()),
            }
        });
    }
}

/// The program of each README: checked alone, with the features that its dependencies get
/// there, and then built in one go with the others and run, unless it says `no_run`.
fn readmes(workspace: &Workspace, published: &[&Package]) -> anyhow::Result<()> {
    let folder = workspace.target.join("outside/readmes");
    let mut projects = Vec::new();
    // The facade's README is the workspace's, and shows no program of its own.
    for member in published
        .iter()
        .filter(|member| member.name != "gong-snowflake")
    {
        let readme = unpacked(workspace, member).join("README.md");
        let readme = std::fs::read_to_string(readme)?;
        let without = |language| format!("{}: README.md has no {language} block", member.name);
        let dependencies = block(&readme, "toml").with_context(|| without("toml"))?;
        let dependencies = dependencies.replace("[dependencies]\n", "");
        let runs = block(&readme, "rust");
        let main = runs.or_else(|| block(&readme, "rust,no_run"));
        let main = main.with_context(|| without("rust"))?;
        write_package(
            &folder.join(&member.name),
            &member.name,
            &dependencies,
            main,
        )?;
        projects.push((format!("outside-{}", member.name), runs.is_some()));
    }
    let members: Vec<&str> = published
        .iter()
        .map(|member| member.name.as_str())
        .filter(|name| *name != FACADE)
        .collect();
    let head = format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}");
    std::fs::write(
        folder.join("Cargo.toml"),
        shared(workspace, published, &head),
    )?;
    lock(workspace, &folder)?;
    for (project, _) in &projects {
        process::run_without_warnings(&mut cargo(
            workspace,
            &folder,
            &["check", "--package", project],
        ))?;
    }
    process::run(&mut cargo(workspace, &folder, &["build", "--workspace"]))?;
    for (project, _) in projects.iter().filter(|(_, runs)| *runs) {
        let mut program = Command::new(workspace.target.join("debug").join(project));
        // What a README does with an account is not for a test.
        program
            .env_remove("GONG_ACCESS_KEY")
            .env_remove("SNOWFLAKE_ACCOUNT");
        process::run(program.current_dir(&folder))?;
    }
    Ok(())
}

/// The examples as whoever unpacks the facade has them.
fn facade_examples(workspace: &Workspace, published: &[&Package]) -> anyhow::Result<()> {
    let (facade, others): (Vec<&Package>, Vec<&Package>) =
        published.iter().partition(|member| member.name == FACADE);
    let facade = facade.first().context("no facade")?;
    let folder = unpacked(workspace, facade);
    let manifest = folder.join("Cargo.toml");
    let package = std::fs::read_to_string(&manifest)?;
    let patches = patches(workspace, &others);
    std::fs::write(&manifest, format!("{package}\n[workspace]\n\n{patches}"))?;
    lock(workspace, &folder)?;
    process::run_without_warnings(&mut cargo(workspace, &folder, &["check", "--examples"]))
}

fn write_package(folder: &Path, name: &str, dependencies: &str, main: &str) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder.join("src"))?;
    let manifest = format!(
        "[package]\nname = \"outside-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         publish = false\n\n[dependencies]\n{dependencies}\n"
    );
    std::fs::write(folder.join("Cargo.toml"), manifest)?;
    std::fs::write(folder.join("src/main.rs"), main)?;
    Ok(())
}

/// What stands in the manifest of a workspace outside. The profile is the workspace's, else
/// nothing that it has compiled would fit.
fn shared(workspace: &Workspace, published: &[&Package], head: &str) -> String {
    let patches = patches(workspace, published);
    format!("{head}\n\n[profile.dev]\ndebug = \"line-tables-only\"\n\n{patches}")
}

/// Takes the members from their packages in place of the registry.
fn patches(workspace: &Workspace, published: &[&Package]) -> String {
    let mut patches = "[patch.crates-io]\n".to_owned();
    for member in published {
        let path = quoted(&unpacked(workspace, member));
        patches += &format!("{} = {{ path = {path} }}\n", member.name);
    }
    patches
}

/// Everything else comes in the versions that the workspace has.
fn lock(workspace: &Workspace, folder: &Path) -> anyhow::Result<()> {
    std::fs::copy(workspace.root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    Ok(())
}

fn cargo(workspace: &Workspace, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = workspace.cargo(arguments.iter().copied());
    command.current_dir(folder);
    command.env("CARGO_TARGET_DIR", &workspace.target);
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
