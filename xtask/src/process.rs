//! Child processes: shown before they run, and an error when they fail.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Output, Stdio};

use anyhow::{Context, bail};

/// The cargo that started this program, else the one on the path.
pub(crate) fn cargo_program() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Runs a command whose output goes where this program's goes.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    show(command);
    let status = command.status().with_context(|| cannot_start(command))?;
    if !status.success() {
        bail!("{} failed: {status}", words(command));
    }
    Ok(())
}

/// Runs cargo, and fails also when it warns of a crate; of those from a registry it never does.
///
/// `-D warnings` would change the flags of every crate, and all would be compiled anew.
pub(crate) fn run_without_warnings(command: &mut Command) -> anyhow::Result<()> {
    show(command);
    let mut child = command
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| cannot_start(command))?;
    let stderr = child.stderr.take().context("no stderr")?;
    let mut warned = Vec::new();
    for line in BufReader::new(stderr).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        eprintln!("{line}");
        if counts_warnings(&line) {
            warned.push(line.into_owned());
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{} failed: {status}", words(command));
    }
    if !warned.is_empty() {
        bail!("{} warns: {}", words(command), warned.join("; "));
    }
    Ok(())
}

/// Whether a line is the last that cargo prints of a crate with warnings.
fn counts_warnings(line: &str) -> bool {
    line.starts_with("warning: `") && line.contains("` (") && line.contains(" generated ")
}

/// Runs a command and returns what it prints to stdout.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    show(command);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| cannot_start(command))?;
    if !output.status.success() {
        bail!("{} failed: {}", words(command), output.status);
    }
    text(output.stdout)
}

/// Runs a command on `input` and returns its output, whether it succeeds or not.
pub(crate) fn feed(command: &mut Command, input: &str) -> anyhow::Result<Output> {
    show(command);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .with_context(|| cannot_start(command))?;
    let mut stdin = child.stdin.take().context("no stdin")?;
    let input = input.to_owned();
    // In a thread: a child that writes before it has read all would block both.
    let writing = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().context("cannot wait")?;
    // A child that ends without reading is judged by its exit code.
    drop(writing.join());
    Ok(output)
}

/// Runs a command, shows its stdout line by line, and hands each line to
/// `on_line`. Returns whether it succeeded.
pub(crate) fn follow(command: &mut Command, mut on_line: impl FnMut(&str)) -> anyhow::Result<bool> {
    show(command);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| cannot_start(command))?;
    let stdout = child.stdout.take().context("no stdout")?;
    for line in BufReader::new(stdout).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        on_line(&line);
    }
    Ok(child.wait()?.success())
}

/// Starts a command with stdin and stdout in our hands, and returns its first line.
pub(crate) fn start(command: &mut Command) -> anyhow::Result<(Child, String)> {
    show(command);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| cannot_start(command))?;
    let stdout = child.stdout.take().context("no stdout")?;
    let mut first_line = String::new();
    BufReader::new(stdout).read_line(&mut first_line)?;
    Ok((child, first_line))
}

/// Bytes that a program printed, as text.
pub(crate) fn text(bytes: Vec<u8>) -> anyhow::Result<String> {
    String::from_utf8(bytes).context("the output is not UTF-8")
}

fn show(command: &Command) {
    eprintln!("$ {}", words(command));
}

fn cannot_start(command: &Command) -> String {
    format!("cannot start {}", words(command))
}

/// The command as it would be typed, with the program's name only.
fn words(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let name = program.file_stem().unwrap_or(program.as_os_str());
    std::iter::once(name)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_with_warnings_is_found() {
        assert!(counts_warnings(
            "warning: `gong-snowflake` (lib) generated 2 warnings"
        ));
        assert!(!counts_warnings(
            "warning: Patch `calls` was not used in the crate graph."
        ));
    }
}
