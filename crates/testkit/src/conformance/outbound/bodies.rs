//! Replies that are endless, compressed into little, truncated, slow or missing.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use resilience::ErrorKind;

use super::server::{Asked, Reply, Server};
use super::{Client, failure, settings, success};

const LIMIT: usize = 64 * 1024;

pub(super) async fn check(client: &Client) {
    reads_no_more_than_its_limit(client).await;
    reads_the_start_of_a_refusal(client).await;
    tries_again_what_was_cut(client).await;
    gives_up_on_silence(client).await;
}

async fn reads_no_more_than_its_limit(client: &Client) {
    let announced = Reply::status(200, "", vec![b' '; 2 * LIMIT]);
    let bomb = Reply::status(200, "content-encoding: gzip\r\n", bomb());
    for reply in [announced, bomb, Reply::Endless(200)] {
        let case = match &reply {
            Reply::Whole(_, headers, _) => format!("too large a reply {headers}"),
            other => format!("{other:?}"),
        };
        let server = Server::start(client, move |_, _| reply.clone()).await;
        let settings = settings().with_max_response_bytes(LIMIT);
        let error = failure(client, &server.url, settings, &case).await;
        assert_eq!(error.kind(), ErrorKind::Decode, "{case}: {error}");
        let told = error.to_string();
        assert!(told.contains("larger than 65536 bytes"), "{case}: {told}");
        assert_eq!(
            server.asked().len(),
            1,
            "{case}: it would be as large again"
        );
    }
}

/// 64 MiB of spaces in some 64 KiB.
fn bomb() -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let spaces = vec![b' '; 1 << 20];
    for _ in 0..64 {
        encoder.write_all(&spaces).expect("memory");
    }
    encoder.finish().expect("memory")
}

async fn reads_the_start_of_a_refusal(client: &Client) {
    for status in [400, 403] {
        let server = Server::start(client, move |_, _| Reply::Endless(status)).await;
        let error = failure(client, &server.url, settings(), "an endless refusal").await;
        assert_eq!(error.kind(), client.refusal(status), "{error}");
    }
}

async fn tries_again_what_was_cut(client: &Client) {
    if !client.retries() {
        let server = Server::start(client, |_, _| Reply::Half).await;
        let error = failure(client, &server.url, settings(), "cut").await;
        assert_eq!(error.kind(), ErrorKind::Transient, "{error}");
        assert_eq!(server.asked().len(), 1, "it is not asked again");
        return;
    }
    let unavailable = Reply::status(503, "retry-after: 0\r\n", "");
    for fault in [Reply::Half, Reply::HangUp, unavailable] {
        let case = format!("{fault:?}");
        let script = move |_: &Asked, number| {
            if number == 0 {
                fault.clone()
            } else {
                Reply::Good
            }
        };
        let server = Server::start(client, script).await;
        success(client, &server.url, settings(), &case).await;
        assert!(server.asked().len() > 1, "{case}");
    }
    let server = Server::start(client, |_, _| Reply::Half).await;
    let error = failure(client, &server.url, settings(), "always cut").await;
    assert_eq!(error.kind(), ErrorKind::Transient, "{error}");
    assert_eq!(server.asked().len(), 3);
    assert!(error.is_exhausted(), "an outer layer must not begin anew");
}

async fn gives_up_on_silence(client: &Client) {
    let little = Duration::from_millis(100);
    for (reply, settings) in [
        (Reply::Silence, settings().with_read_timeout(little)),
        (Reply::Silence, settings().with_attempt_timeout(little)),
        (Reply::Drip, settings().with_attempt_timeout(little)),
    ] {
        let case = format!("{reply:?}");
        let server = Server::start(client, move |_, _| reply.clone()).await;
        let error = failure(client, &server.url, settings, &case).await;
        assert_eq!(error.kind(), ErrorKind::Transient, "{case}: {error}");
        let told = error.to_string();
        assert!(told.contains("did not answer in time"), "{case}: {told}");
    }
    // A connection is not made before TLS is.
    let server = Server::start(client, |_, _| Reply::Silence).await;
    let url = server.url.replace("http:", "https:");
    let settings = settings().with_connect_timeout(little);
    let error = failure(client, &url, settings, "no TLS").await;
    assert_eq!(error.kind(), ErrorKind::Transient, "{error}");
}
