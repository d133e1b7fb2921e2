//! What people read of an error that `error_type!` defines.

use resilience::ErrorKind;

resilience::error_type! {
    /// What went wrong below.
    pub struct Below;
}

resilience::error_type! {
    /// What went wrong above.
    pub struct Above;
}

#[test]
fn every_cause_stands_on_a_line_of_its_own() {
    let socket = std::io::Error::other("connection reset");
    let below = Below::new(ErrorKind::Transient, "no reply").with_source(socket);
    let above = Above::new(below.kind(), "a page is missing")
        .with_field("cursor")
        .with_source(below);
    assert_eq!(above.to_string(), "cursor: a page is missing");
    assert_eq!(
        format!("{above:?}"),
        "cursor: a page is missing (transient)\n  caused by: no reply\n  caused by: connection reset"
    );
}

#[test]
fn what_a_layer_above_repeats_is_said_once() {
    let below = Below::new(ErrorKind::Auth, "the token is refused");
    let above = Above::new(below.kind(), format!("gong: {below}")).with_source(below);
    assert_eq!(format!("{above:?}"), "gong: the token is refused (auth)");
}
