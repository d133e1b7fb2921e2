//! What is traced of a request.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::server;

use std::io::Write;
use std::sync::{Arc, Mutex};

use gong_client::{CallFilter, ContentSelector, GongApi};
use server::{ACCESS_KEY_SECRET, Reply, Server};
use tracing_subscriber::fmt::format::FmtSpan;

/// What was traced.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// What was traced since this was asked last.
    pub(crate) fn take(&self) -> String {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap());
        String::from_utf8(bytes).unwrap()
    }
}

/// Everything that is traced while a client asks a server for calls.
async fn traced(replies: impl Into<Vec<Reply>>) -> String {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let server = Server::replying(replies).await;
    let selector = ContentSelector::default();
    let filter = CallFilter::default();
    let _ = server
        .client()
        .extensive_calls(&filter, &selector, None)
        .await;
    log.take()
}

#[tokio::test]
async fn every_attempt_has_a_span_with_endpoint_status_and_trace_id() {
    let text = traced([
        Reply::refused(503, "busy").with_header("x-traceid", "first1"),
        Reply::ok(r#"{"calls":[]}"#).with_header("x-traceid", "second2"),
    ])
    .await;
    for expected in [
        r#"request{client="gong" endpoint="/v2/calls/extensive" attempt=1 status=503 trace_id="first1"}"#,
        r#"request{client="gong" endpoint="/v2/calls/extensive" attempt=2 status=200 trace_id="second2"}"#,
    ] {
        let closed = |line: &&str| line.contains(expected) && line.contains("close");
        assert_eq!(text.lines().filter(closed).count(), 1, "{text}");
    }
}

#[tokio::test]
async fn a_trace_id_that_is_none_is_left_out() {
    for header in [ACCESS_KEY_SECRET, &"x".repeat(10_000)] {
        let reply = Reply::ok(r#"{"calls":[]}"#).with_header("x-traceid", header);
        let text = traced([reply]).await;
        assert!(text.contains("status=200}"), "{text}");
        assert!(!text.contains(header), "{text}");
    }
}
