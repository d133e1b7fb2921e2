//! The pages that `coach_report` and `quickstart` write, as a reader's browser shows them.
//!
//! Without Chromium the pages are made and read, and what a browser would say is skipped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::commands;

use std::path::{Path, PathBuf};
use std::process::Command;

use commands::{Run, World, finish, program, silent_snowflake};
use gong_snowflake::snowflake_store::{CallQuery, CallReader, SqliteStore};
use serde_json::Value;

const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Width in CSS pixels of a laptop and of a phone.
const WIDTHS: [u32; 2] = [1200, 420];

/// A page that was written, with its JSON.
struct Page {
    file: PathBuf,
    html: String,
    json: Value,
}

fn coach_report(world: &World, about: &[&str], name: &str) -> Page {
    let file = world.folder.path().join(format!("{name}.html"));
    let data = world.folder.path().join(format!("{name}.json"));
    let run = report(world, about, &file, &data);
    assert_eq!(run.code, 0, "{about:?}: {}", run.stderr);
    Page {
        html: std::fs::read_to_string(&file).unwrap(),
        json: serde_json::from_slice(&std::fs::read(data).unwrap()).unwrap(),
        file,
    }
}

fn report(world: &World, about: &[&str], file: &Path, data: &Path) -> Run {
    let mut command = Command::new(program("coach_report"));
    command
        .args(["--store", &format!("sqlite:{}", world.database().display())])
        .args(["--time-zone", "Europe/Berlin"])
        .args(about)
        .arg("--out")
        .arg(file)
        .arg("--json")
        .arg(data)
        .env_remove("RUST_LOG");
    finish(command, b"")
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_whole_link_to_gong_and_fit_every_screen() {
    let world = World::start().await;
    assert_eq!(world.ingest(&["--mode", "full"]).code, 0);
    let store = SqliteStore::open(&world.database()).await.unwrap();
    let query = CallQuery {
        with_transcript: true,
        limit: 50,
        ..CallQuery::default()
    };
    let calls = store.find_calls(&query).await.unwrap();
    let call = calls.iter().find(|call| call.deal_id.is_some()).unwrap();
    let deal = call.deal_id.as_ref().unwrap();
    let rep = call.rep.name.clone().unwrap();
    let day = call.started.to_string()[..10].to_owned();
    let pages = [
        coach_report(&world, &["--call", call.id.as_str()], "call"),
        coach_report(&world, &["--rep", &rep, "--days", "3660"], "rep"),
        coach_report(&world, &["--deal", deal.as_str()], "deal"),
        coach_report(&world, &["--week", &day], "week"),
    ];
    let tasks = ["analyze_call", "coach_rep", "deal_overview", "digest"];
    for (page, task) in pages.iter().zip(tasks) {
        let name = page.file.display();
        assert!(page.json.get(task).is_some(), "{name}: {}", page.json);
        is_whole(page);
    }
    fit(&pages, world.folder.path());
}

/// The page comes from the fallback, in the time that the store is given.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_whole_while_the_store_never_answers() {
    let world = World::start().await;
    assert_eq!(world.ingest(&["--mode", "full"]).code, 0);
    let (call, _) = world.a_call_with_its_sentences();
    let (snowflake, _) = silent_snowflake();
    let file = world.folder.path().join("page.html");
    let fallback = format!("sqlite:{}", world.database().display());
    let mut command = Command::new(program("coach_report"));
    command
        .args(["--store", "snowflake", "--call", &call])
        .args(["--time-zone", "Europe/Berlin", "--out"])
        .arg(&file)
        .env("GONG_SNOWFLAKE_FALLBACK_STORE", fallback)
        .env("GONG_SNOWFLAKE_PRIMARY_TIMEOUT", "1s")
        .env("SNOWFLAKE_BASE_URL", snowflake)
        .env("SNOWFLAKE_ACCOUNT", "myorg-sales")
        .env("SNOWFLAKE_USER", "READER")
        .env("SNOWFLAKE_PASSWORD", "none");
    let run = finish(command, b"");
    assert_eq!(run.code, 0, "{}", run.stderr);
    is_whole(&Page {
        html: std::fs::read_to_string(&file).unwrap(),
        json: Value::Null,
        file,
    });
}

#[test]
fn the_page_of_quickstart_is_no_less_than_those() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(program("quickstart"));
    command
        .args(["--time-zone", "Europe/Berlin", "--folder"])
        .arg(folder.path())
        .env_remove("RUST_LOG");
    let run = finish(command, b"");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let file = folder.path().join("report.html");
    let page = Page {
        html: std::fs::read_to_string(&file).unwrap(),
        json: Value::Null,
        file,
    };
    is_whole(&page);
    fit(&[page], folder.path());
}

/// Every quote that is shown leads to its moment, times are a reader's, and nothing is loaded.
fn is_whole(page: &Page) {
    let name = page.file.display();
    let quotes = page.html.matches("<q>").count();
    let moments = page.html.matches("class=\"stamp\" href=\"https:").count();
    assert!(quotes > 0, "{name} has no quote");
    assert_eq!(quotes, moments, "{name} has quotes without a link");
    assert!(page.html.contains("highlights="), "{name}");
    assert!(page.html.contains(" CE"), "{name} is in another time zone");
    for loads in ["<script", "<link", "<img", "src=", "@import", "url("] {
        assert!(
            !page.html.contains(loads),
            "{name} loads something: {loads}"
        );
    }
}

fn fit(pages: &[Page], folder: &Path) {
    let Some(browser) = BROWSERS.iter().find(|name| is_installed(name)) else {
        println!("skipped: no {} is installed", BROWSERS.join(", "));
        return;
    };
    for page in pages {
        for width in WIDTHS {
            fits(browser, page, width, folder);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_told_and_nothing_is_written() {
    let world = World::start().await;
    assert_eq!(world.ingest(&["--mode", "full"]).code, 0);
    let file = world.folder.path().join("page.html");
    let data = world.folder.path().join("page.json");
    let cases: [(&[&str], &str, &str); 5] = [
        (&["--call", "1"], "call_not_found", "call"),
        (&["--rep", "Nobody At All"], "rep_not_found", "rep"),
        (&["--deal", "1"], "deal_not_found", "deal"),
        (&["--week", "yesterday"], "invalid_input", "week"),
        (&[], "invalid_input", "call"),
    ];
    for (about, kind, field) in cases {
        let run = report(&world, about, &file, &data);
        assert_eq!(run.code, 2, "{about:?}: {}", run.stderr);
        let error = &run.last_line()["error"];
        assert_eq!(
            (&error["kind"], &error["field"]),
            (&kind.into(), &field.into()),
            "{about:?}"
        );
        assert!(!file.exists() && !data.exists());
    }
    let both = report(&world, &["--call", "1", "--rep", "x"], &file, &data);
    assert_eq!(both.last_line()["error"]["kind"], "invalid_input");
    assert_eq!(
        both.stderr.matches("cannot be used with").count(),
        1,
        "{}",
        both.stderr
    );
    assert!(!file.exists() && !data.exists());
}

/// A page is shown without a complaint, and nothing of it is wider than the screen. It stands
/// in a frame of that width, since windows have a least one, and the page around it measures.
fn fits(browser: &str, page: &Page, width: u32, folder: &Path) {
    let framed = page.html.replace('&', "&amp;").replace('"', "&quot;");
    let around = format!(
        r#"<!DOCTYPE html><iframe style="width:{width}px;height:900px;border:0" srcdoc="{framed}"></iframe>
<script>onload = () => {{
    const page = document.querySelector("iframe").contentDocument.documentElement;
    document.body.replaceChildren(`shown ${{innerWidth > {width}}} ${{page.scrollWidth <= page.clientWidth}}`);
}}</script>"#
    );
    let file = folder.join("framed.html");
    std::fs::write(&file, around).unwrap();
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
        ])
        .args(["--disable-background-networking", "--enable-logging=stderr"])
        .arg(format!(
            "--user-data-dir={}",
            folder.join("browser").display()
        ))
        .args(["--window-size=1400,1000", "--dump-dom"])
        .arg(format!("file://{}", file.display()))
        .output()
        .unwrap();
    let name = page.file.display();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {said}");
    assert!(!said.contains("CONSOLE"), "{name}: {said}");
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(
        shown.contains("shown true true"),
        "{name} at {width}: {shown}"
    );
}

fn is_installed(program: &str) -> bool {
    let mut command = Command::new(program);
    let output = command.arg("--version").output();
    output.is_ok_and(|output| output.status.success())
}
