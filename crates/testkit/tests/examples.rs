//! The programs that show what the test kit makes run, and print it.

use std::path::Path;
use std::process::Command;

/// What an example prints. Cargo builds the examples of a package with its tests.
fn printed(name: &str, arguments: &[&str]) -> String {
    let tests = std::env::current_exe().unwrap();
    let profile = tests.parent().and_then(Path::parent).unwrap();
    let mut program = Command::new(profile.join("examples").join(name));
    let ended = program.args(arguments).output().unwrap();
    assert!(ended.status.success(), "{name}: {ended:?}");
    String::from_utf8(ended.stdout).unwrap()
}

#[test]
fn synthetic_calls_are_printed_the_same_each_time() {
    let first = printed("synthetic_calls", &["7", "1"]);
    assert!(first.lines().count() > 10, "{first}");
    assert_eq!(first, printed("synthetic_calls", &["7", "1"]));
}

#[test]
fn landing_on_the_double_is_measured() {
    let printed = printed("snowflake_landing", &["20", "4"]);
    assert!(printed.contains("statements"), "{printed}");
}
