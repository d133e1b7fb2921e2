//! Redirects, requested waits, and the user agent.

use std::time::Duration;

use resilience::ErrorKind;

use super::server::{Asked, Reply, Server};
use super::{Client, failure, settings, success};

pub(super) async fn check(client: &Client) {
    follows_no_redirect(client).await;
    survives_any_wait(client).await;
    says_who_it_is(client).await;
}

async fn follows_no_redirect(client: &Client) {
    for status in [301, 302, 307, 308] {
        let elsewhere = Server::start(client, |_, _| Reply::Good).await;
        let location = format!("location: {}/taken\r\n", elsewhere.url);
        let script = move |_: &Asked, _| Reply::status(status, &location, "");
        let server = Server::start(client, script).await;
        let error = failure(client, &server.url, settings(), "a redirect").await;
        assert_eq!(error.kind(), ErrorKind::Config, "{status}: {error}");
        assert_eq!(
            server.asked().len(),
            1,
            "{status}: a redirect is not retried"
        );
        assert_eq!(
            elsewhere.asked().len(),
            0,
            "{status}: a redirect is not followed"
        );
    }
}

async fn survives_any_wait(client: &Client) {
    let soon =
        |error: ErrorKind| matches!(error, ErrorKind::RateLimited | ErrorKind::QuotaExhausted);
    for value in [
        "",
        "0",
        "soon",
        "-5",
        "NaN",
        "inf",
        "1e400",
        "99999999999999999999",
        "9 9",
        "\u{e9}",
        "Mon, 99 Foo 2026 25:61:61 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
    ] {
        let header = format!("retry-after: {value}\r\n");
        let server = Server::start(client, move |_, _| Reply::status(429, &header, "{}")).await;
        let error = failure(client, &server.url, settings(), "429").await;
        assert!(soon(error.kind()), "{value}: {error}");
        assert!(
            !(client.retries() && error.is_retryable()),
            "{value}: {error}"
        );
    }
    // The reply's own clock counts: ours may be wrong.
    let date = "date: Mon, 23 Nov 2026 10:00:00 GMT\r\n";
    for value in ["7200", "Mon, 23 Nov 2026 12:00:00 GMT"] {
        let header = format!("{date}retry-after: {value}\r\n");
        let server = Server::start(client, move |_, _| Reply::status(429, &header, "{}")).await;
        let error = failure(client, &server.url, settings(), "429 for hours").await;
        assert!(soon(error.kind()), "{value}: {error}");
        assert_eq!(
            error.retry_after(),
            Some(Duration::from_secs(7_200)),
            "{value}"
        );
        assert_eq!(server.asked().len(), 1, "{value}: hours are not waited for");
    }
}

async fn says_who_it_is(client: &Client) {
    let named = settings().with_user_agent("acme-sync/7");
    for (settings, beginning) in [(settings(), "gong-snowflake/"), (named, "acme-sync/7")] {
        let server = Server::start(client, |_, _| Reply::Good).await;
        success(client, &server.url, settings, "a good reply").await;
        for asked in server.asked() {
            let agent = asked.header("user-agent").unwrap_or_default();
            assert!(agent.starts_with(beginning), "{}: {agent}", asked.target);
        }
    }
}
