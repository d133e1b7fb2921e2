//! Crates reach the folder `sql` by symbolic links. A checkout without them (git makes none on
//! Windows by default) would fail file by file; it fails here, before all that has one. No part
//! of the published crate, whose packages hold the files themselves.

use std::path::Path;

fn main() {
    let link = Path::new("../snowflake-store/sql");
    // Not the link: whoever changes a statement is not to build everything again.
    println!("cargo::rerun-if-changed=build.rs");
    if link.exists() && !link.is_dir() {
        println!(
            "cargo::error=this checkout lacks its symbolic links (crates/*/sql): \
             run `git config core.symlinks true`, then `git checkout -- .`"
        );
    }
}
