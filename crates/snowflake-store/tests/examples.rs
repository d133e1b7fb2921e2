//! The programs that measure the embedded store run, on little, and print what they found.

use std::path::Path;
use std::process::Command;

/// What an example prints. Cargo builds the examples of a package with its tests.
fn printed(name: &str, arguments: &[&str]) -> String {
    let tests = std::env::current_exe().unwrap();
    let profile = tests.parent().and_then(Path::parent).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut program = Command::new(profile.join("examples").join(name));
    let ended = program
        .args(arguments)
        .current_dir(&folder)
        .output()
        .unwrap();
    assert!(ended.status.success(), "{name}: {ended:?}");
    String::from_utf8(ended.stdout).unwrap()
}

#[test]
fn landing_is_measured() {
    let printed = printed("bulk_load", &["20", "10", "temporary"]);
    assert!(printed.contains("STG_GONG_CALLS"), "{printed}");
}

#[test]
fn search_among_chunks_is_measured() {
    let printed = printed("chunk_search", &["600", "64", "hashed"]);
    assert!(
        printed.contains("by meaning") && printed.contains("by words"),
        "{printed}"
    );
}
