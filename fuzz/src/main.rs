//! What reads input from outside, under libFuzzer: `GONG_SNOWFLAKE_FUZZ_TARGET` names what.
//!
//! `cargo xtask fuzz` builds and runs it, with seeds that the test `fuzz` of `gong-client`
//! writes; on the stable toolchain, by flags of the compiler that `xtask/src/fuzz.rs` explains.
#![no_main]

#[path = "../../crates/gong-client/tests/fuzz/promises.rs"]
mod promises;
mod targets;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

type Check = Box<dyn Fn(&[u8]) + Send + Sync>;

static CHECK: LazyLock<Check> = LazyLock::new(|| {
    let name = std::env::var("GONG_SNOWFLAKE_FUZZ_TARGET").unwrap_or_default();
    targets::named(&name).unwrap_or_else(|| panic!("no target is called {name:?}"))
});

fuzz_target!(|input: &[u8]| CHECK(input));
