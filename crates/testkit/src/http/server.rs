//! Accepts connections, reads complete requests, sends replies.

use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::BodyExt;
use hyper::HeaderMap;
use hyper::body::Incoming;
use hyper::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE,
};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use resilience::ErrorKind;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use super::reply_body::ReplyBody;
use crate::Error;

/// Answers requests, one at a time for each connection.
pub(crate) trait Handler: Send + Sync + 'static {
    /// The reply, and how it is to be delivered.
    fn handle(&self, request: Request) -> WireReply;
}

/// A request, read whole.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) authorization: Option<String>,
    pub(crate) is_json: bool,
    pub(crate) body: String,
    /// The body as it came, for requests that are compressed.
    pub(crate) raw: Bytes,
    pub(crate) headers: HeaderMap,
}

impl Request {
    /// A header's text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// A reply as it goes on the wire. `Content-Length` is added.
#[derive(Debug)]
pub(crate) struct WireReply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// Compress bodies of at least this many bytes for clients that accept gzip.
    pub(crate) gzip_from_bytes: Option<usize>,
    pub(crate) delivery: Delivery,
}

/// What becomes of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    Whole,
    /// Whole, this much later.
    Late(Duration),
    /// Half of the body that `Content-Length` promises, then the connection closes.
    Cut,
    /// The connection closes without an answer.
    None,
}

/// A bound port that nobody serves yet.
#[derive(Debug)]
pub(crate) struct Listener {
    listener: TcpListener,
    address: SocketAddr,
}

impl Listener {
    /// Binds a port on 127.0.0.1; 0 takes a free one.
    ///
    /// # Errors
    /// `Config`, naming the port, when it cannot be bound.
    pub(crate) async fn bind(port: u16) -> Result<Self, Error> {
        let failed = |source: io::Error| {
            Error::new(ErrorKind::Config, format!("cannot listen on port {port}"))
                .with_field("port")
                .with_source(source)
        };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address })
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }
}

/// A running server. It stops, and closes its connections, when it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Server {
    /// Serves in the current Tokio runtime.
    pub(crate) fn start<H: Handler>(listener: Listener, handler: Arc<H>) -> Self {
        Self {
            address: listener.address,
            accepting: tokio::spawn(accept(listener.listener, handler)),
        }
    }

    /// Base address, such as `http://127.0.0.1:40123`, without a slash at its end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept<H: Handler>(listener: TcpListener, handler: Arc<H>) {
    // Owned by this task, so that aborting it closes every connection.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve_connection(stream, Arc::clone(&handler)));
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

async fn serve_connection<H: Handler>(stream: TcpStream, handler: Arc<H>) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "cannot switch off Nagle's algorithm");
    }
    let service = service_fn(|request| exchange(request, Arc::clone(&handler)));
    let served = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
    // Cut bodies end here by design, and so do clients that give up.
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended early");
    }
}

async fn exchange<H: Handler>(
    request: hyper::Request<Incoming>,
    handler: Arc<H>,
) -> Result<hyper::Response<ReplyBody>, io::Error> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let text = |name| {
        head.headers
            .get(&name)
            .and_then(|value| value.to_str().ok())
    };
    let accepts_gzip = text(ACCEPT_ENCODING).is_some_and(|accepted| accepted.contains("gzip"));
    let reply = handler.handle(Request {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        authorization: text(AUTHORIZATION).map(str::to_owned),
        is_json: text(CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/json")),
        body: String::from_utf8_lossy(&body).into_owned(),
        raw: body,
        headers: head.headers,
    });
    match reply.delivery {
        Delivery::Late(delay) => tokio::time::sleep(delay).await,
        Delivery::None => return Err(io::Error::other("disconnect on demand")),
        Delivery::Whole | Delivery::Cut => {}
    }
    send(reply, accepts_gzip).await
}

async fn send(
    reply: WireReply,
    accepts_gzip: bool,
) -> Result<hyper::Response<ReplyBody>, io::Error> {
    let mut response = hyper::Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    let mut body = Bytes::from(reply.body);
    if accepts_gzip
        && reply
            .gzip_from_bytes
            .is_some_and(|least| body.len() >= least)
    {
        response = response.header(CONTENT_ENCODING, "gzip");
        body = tokio::task::spawn_blocking(move || gzip(&body))
            .await
            .map_err(io::Error::other)??;
    }
    response = response.header(CONTENT_LENGTH, body.len());
    let body = match reply.delivery {
        Delivery::Cut => ReplyBody::cut(body.slice(..body.len() / 2)),
        Delivery::Whole | Delivery::Late(_) | Delivery::None => ReplyBody::whole(body),
    };
    response.body(body).map_err(io::Error::other)
}

fn gzip(body: &[u8]) -> io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 4), Compression::fast());
    encoder.write_all(body)?;
    encoder.finish().map(Bytes::from)
}
