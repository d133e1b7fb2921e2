//! Nothing that is printed holds the credentials.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::server;

use std::error::Error as _;

use gong_client::{Credentials, Cursor, GongApi, GongClient, GongConfig, Rejected};
use server::{ACCESS_KEY, ACCESS_KEY_SECRET, Reply, Server, quick};

const ENCODED: &str = "QUNDRVNTS0VZN1EyOnMzY3IzdHZhbHVlOVo=";

fn assert_clean(text: &str) {
    for secret in [ACCESS_KEY, ACCESS_KEY_SECRET, ENCODED] {
        assert!(!text.contains(secret), "{text}");
    }
}

fn assert_error_is_clean(error: &gong_client::Error) {
    assert_clean(&format!("{error} {error:?} {error:#?}"));
    let mut cause = error.source();
    while let Some(source) = cause {
        assert_clean(&format!("{source} {source:?}"));
        cause = source.source();
    }
}

#[tokio::test]
async fn config_and_client_print_no_secret() {
    let server = Server::replying([Reply::ok(r#"{"users":[]}"#)]).await;
    let client = server.client();
    GongApi::users(&client, None).await.unwrap();
    assert!(
        server.received()[0].head.contains(ENCODED),
        "the test looks for the right thing"
    );
    assert_clean(&format!(
        "{client:?} {:?} {:#?}",
        server.config(),
        client.client_stats()
    ));
    let bearer = Credentials::bearer(ACCESS_KEY_SECRET);
    assert_clean(&format!("{bearer:?}"));
}

#[tokio::test]
async fn errors_print_no_secret() {
    for reply in [
        Reply::hang_up(),
        Reply::refused(401, "Unauthorized"),
        Reply::refused(500, "oops"),
        Reply::ok("not JSON"),
        Reply::ok("{\"users\":[]}").cut_after(3),
    ] {
        let server = Server::replying([reply]).await;
        assert_error_is_clean(&GongApi::users(&server.client(), None).await.unwrap_err());
    }
}

#[tokio::test]
async fn a_server_that_repeats_the_credentials_is_not_quoted() {
    for secret in [ACCESS_KEY, ACCESS_KEY_SECRET, ENCODED] {
        let words = format!("the header was Basic {secret}");
        let server = Server::replying([Reply::refused(401, &words)]).await;
        let error = GongApi::users(&server.client(), None).await.unwrap_err();
        assert_error_is_clean(&error);
        assert!(error.to_string().contains("left out"), "{error}");
    }
}

#[tokio::test]
async fn errors_do_not_show_where_a_listing_goes_on() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let credentials = Credentials::basic(ACCESS_KEY, ACCESS_KEY_SECRET);
    let config = GongConfig::new(&address, credentials)
        .unwrap()
        .with_retry(quick());
    let client = GongClient::new(config).unwrap();
    let error = GongApi::users(&client, Some(Cursor::new("CURSORTOKEN")))
        .await
        .unwrap_err();
    assert_error_is_clean(&error);
    assert!(
        !format!("{error} {error:?}").contains("CURSORTOKEN"),
        "{error:?}"
    );
}

#[test]
fn refused_configurations_do_not_repeat_what_they_refuse() {
    let address = format!("https://{ACCESS_KEY}:{ACCESS_KEY_SECRET}@us-1.api.gong.io");
    let error = GongConfig::new(&address, Credentials::bearer("t0ken")).unwrap_err();
    assert_error_is_clean(&error);
    let secret = format!("{ACCESS_KEY_SECRET}\n");
    let error =
        GongConfig::new("https://us-1.api.gong.io", Credentials::bearer(secret)).unwrap_err();
    assert_error_is_clean(&error);
    let error = GongConfig::from_variables(|_| Ok(Some(ACCESS_KEY_SECRET.to_owned()))).unwrap_err();
    assert_error_is_clean(&error);
}

#[test]
fn a_rejected_record_prints_no_content() {
    let rejected = Rejected::new(3, None, "metaData.id is missing or null", "words of a call");
    assert!(!format!("{rejected:?}").contains("words of a call"));
}
