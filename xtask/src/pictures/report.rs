//! The top of the quickstart's report, as a browser shows it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};

use crate::process;
use crate::workspace::Workspace;

/// Programs that photograph a page, in the order in which they are looked for.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Width and height in CSS pixels: a laptop and a phone.
const SIZES: [(&str, u32, u32); 2] = [("report.png", 1200, 1000), ("report-phone.png", 420, 1000)];

/// Runs the quickstart and photographs what it made; says so where no browser is installed.
pub(super) fn photograph(workspace: &Workspace, folder: &Path) -> anyhow::Result<()> {
    let Some(browser) = BROWSERS.iter().find(|name| is_installed(name)) else {
        eprintln!("skipped: no {} is installed", BROWSERS.join(", "));
        return Ok(());
    };
    let arguments = ["run", "--quiet", "--release", "--example", "quickstart"];
    process::run(&mut workspace.cargo(arguments))?;
    let report = workspace.root.join("target/quickstart/report.html");
    let report = std::fs::canonicalize(&report).with_context(|| report.display().to_string())?;
    let profile = workspace.target.join("browser-profile");
    for (name, width, height) in SIZES {
        let picture = folder.join(name);
        process::run(
            Command::new(browser)
                .args(["--headless", "--no-sandbox", "--disable-gpu"])
                .args(["--disable-background-networking", "--no-first-run"])
                .arg(format!("--user-data-dir={}", profile.display()))
                .arg(format!("--window-size={width},{height}"))
                .arg("--hide-scrollbars")
                .arg(format!("--screenshot={}", picture.display()))
                .arg(format!("file://{}", report.display())),
        )?;
        ensure!(picture.is_file(), "{browser} made no {name}");
    }
    Ok(())
}

fn is_installed(program: &str) -> bool {
    let mut command = Command::new(program);
    command
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
}
