//! The HTTP side: accepting connections, sending replies, misbehaving on demand.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER,
};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use super::builder::GongSimulatorBuilder;
use super::fault::{FaultEffect, damage};
use super::reply::Reply;
use super::routes::{Request, answer};
use super::state::{Shared, SimulatorState};
use super::traffic::RequestSummary;

/// A running simulator. It stops, and closes its connections, when it is dropped.
#[derive(Debug)]
pub struct GongSimulator {
    address: SocketAddr,
    state: SimulatorState,
    accepting: JoinHandle<()>,
}

impl GongSimulator {
    /// Configures one.
    pub fn builder() -> GongSimulatorBuilder {
        GongSimulatorBuilder::default()
    }

    pub(super) fn serve(listener: TcpListener, address: SocketAddr, shared: Shared) -> Self {
        let shared = Arc::new(shared);
        let state = SimulatorState {
            shared: Arc::clone(&shared),
        };
        Self {
            address,
            state,
            accepting: tokio::spawn(accept(listener, shared)),
        }
    }

    /// Base address, such as `http://127.0.0.1:40123`, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The handle for live control; clones of it may outlive the server.
    pub fn state(&self) -> SimulatorState {
        self.state.clone()
    }
}

impl Drop for GongSimulator {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    // Owned by this task, so that aborting it closes every connection.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve_connection(stream, Arc::clone(&shared)));
                }
                // Out of file handles, for example: the next client may have more luck.
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve_connection(stream: TcpStream, shared: Arc<Shared>) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "cannot switch off Nagle's algorithm");
    }
    let service = service_fn(|request| exchange(request, Arc::clone(&shared)));
    let served = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
    // Cut bodies end here by design, and so do clients that give up.
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended early");
    }
}

async fn exchange(
    request: hyper::Request<Incoming>,
    shared: Arc<Shared>,
) -> Result<hyper::Response<ReplyBody>, io::Error> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let text = |name| {
        head.headers
            .get(&name)
            .and_then(|value| value.to_str().ok())
    };
    let accepts_gzip = text(ACCEPT_ENCODING).is_some_and(|accepted| accepted.contains("gzip"));
    let request = Request {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        authorization: text(AUTHORIZATION).map(str::to_owned),
        is_json: text(CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/json")),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    let (reply, effect) = decide(&shared, request);
    match effect {
        Some(FaultEffect::Hang(delay)) => tokio::time::sleep(delay).await,
        Some(FaultEffect::Disconnect) => return Err(io::Error::other("disconnect on demand")),
        _ => {}
    }
    let cut = effect == Some(FaultEffect::CutBody);
    let zip = accepts_gzip
        && shared
            .gzip_from_bytes
            .is_some_and(|least| reply.body.len() >= least);
    send(reply, cut, zip).await
}

/// The reply to a request, damaged when a fault hits it, and noted in the log.
fn decide(shared: &Shared, request: Request) -> (Reply, Option<FaultEffect>) {
    let now = Instant::now();
    let mut guard = shared.lock();
    let changing = &mut *guard;
    let sequence = changing.traffic.arrived(&request.path, now);
    let request_id: String = (0..19)
        .map(|_| {
            changing
                .request_ids
                .choice(REQUEST_ID_LETTERS)
                .map_or('0', |letter| char::from(*letter))
        })
        .collect();
    let (mut reply, may_fail) = answer(shared, changing, &request, &request_id);
    let hit = match may_fail {
        true => changing.faults.take(&request.path, &request.body, &reply),
        false => None,
    };
    if let Some((effect, call_id)) = &hit {
        damage(&mut reply, effect, call_id.as_deref());
    }
    let effect = hit.map(|(effect, _)| effect);
    changing.traffic.answered(RequestSummary {
        sequence,
        at: now.duration_since(shared.started),
        method: request.method,
        path: request.path,
        query: request.query,
        body: request.body,
        status: reply.status,
        records: reply.records.len(),
        body_bytes: reply.body.len(),
        fault: effect.as_ref().map(FaultEffect::name),
    });
    (reply, effect)
}

const REQUEST_ID_LETTERS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";

async fn send(reply: Reply, cut: bool, zip: bool) -> Result<hyper::Response<ReplyBody>, io::Error> {
    let mut response = hyper::Response::builder()
        .status(reply.status)
        .header(CONTENT_TYPE, reply.content_type)
        .header("x-traceid", &reply.request_id)
        .header("x-gong-service-version", "PublicApiServer:simulator");
    if let Some(seconds) = reply.retry_after {
        response = response.header(RETRY_AFTER, seconds);
    }
    let mut body = Bytes::from(reply.body);
    if zip {
        response = response.header(CONTENT_ENCODING, "gzip");
        body = tokio::task::spawn_blocking(move || gzip(&body))
            .await
            .map_err(io::Error::other)??;
    }
    response = response.header(CONTENT_LENGTH, body.len());
    let body = match cut {
        true => ReplyBody::cut(body.slice(..body.len() / 2)),
        false => ReplyBody::whole(body),
    };
    response.body(body).map_err(io::Error::other)
}

fn gzip(body: &[u8]) -> io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 4), Compression::fast());
    encoder.write_all(body)?;
    encoder.finish().map(Bytes::from)
}

/// A body that is sent whole, or whose connection breaks after what it holds.
#[derive(Debug)]
struct ReplyBody {
    data: Option<Bytes>,
    ending: Ending,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Proper,
    /// Lets what was written reach the socket before the connection breaks.
    FlushThenBreak,
    Break,
}

impl ReplyBody {
    fn whole(data: Bytes) -> Self {
        Self {
            data: Some(data).filter(|data| !data.is_empty()),
            ending: Ending::Proper,
        }
    }

    fn cut(data: Bytes) -> Self {
        Self {
            data: Some(data),
            ending: Ending::FlushThenBreak,
        }
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(data) = self.data.take() {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        match self.ending {
            Ending::Proper => Poll::Ready(None),
            Ending::FlushThenBreak => {
                self.ending = Ending::Break;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Ending::Break => Poll::Ready(Some(Err(io::Error::other("cut on demand")))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_none() && self.ending == Ending::Proper
    }

    fn size_hint(&self) -> SizeHint {
        // The declared length comes from the header: for a cut body it is a lie.
        SizeHint::default()
    }
}
