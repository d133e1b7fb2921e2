//! A server on loopback, plain or with TLS, that writes the bytes itself: no HTTP library
//! would send what the cases need.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::Client;

/// Parts of a body without end that are written before the server gives up on a client that
/// reads everything.
const ENOUGH: usize = 4_096;

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Everything before the body.
    pub head: String,
}

impl Asked {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// What the server does about a request.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    /// A status, headers (each with its line end) and a body.
    Whole(u16, String, Vec<u8>),
    /// A good reply, of which half comes.
    Half,
    /// A status and a body without end.
    Endless(u16),
    /// A good status, and a byte now and then.
    Drip,
    /// Nothing.
    Silence,
    /// The connection closes.
    HangUp,
    /// What the client hopes for.
    Good,
}

impl Reply {
    pub(super) fn status(status: u16, headers: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::Whole(status, headers.to_owned(), body.into())
    }
}

type Script = dyn Fn(&Asked, usize) -> Reply + Send + Sync;

/// A running server. It stops when it is dropped.
pub(super) struct Server {
    pub(super) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    accepting: JoinHandle<()>,
}

impl Server {
    /// Answers each request by what it asks and its number, from 0.
    pub(super) async fn start(
        client: &Client,
        script: impl Fn(&Asked, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::serve(client.clone(), None, Arc::new(script)).await
    }

    /// Under TLS.
    pub(super) async fn secure(client: &Client, acceptor: TlsAcceptor) -> Self {
        Self::serve(client.clone(), Some(acceptor), Arc::new(|_, _| Reply::Good)).await
    }

    async fn serve(client: Client, acceptor: Option<TlsAcceptor>, script: Arc<Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let host = listener.local_addr().expect("an address").to_string();
        let scheme = if acceptor.is_some() { "https" } else { "http" };
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (log, here) = (Arc::clone(&asked), host.clone());
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (log, script, acceptor) = (log.clone(), script.clone(), acceptor.clone());
                let (client, here) = (client.clone(), here.clone());
                tokio::spawn(async move {
                    let good = |asked: &Asked| client.good_reply(asked, &here);
                    match acceptor {
                        None => converse(stream, &log, &*script, good).await,
                        Some(acceptor) => {
                            // A client that does not trust us hangs up.
                            if let Ok(stream) = acceptor.accept(stream).await {
                                converse(stream, &log, &*script, good).await;
                            }
                        }
                    }
                });
            }
        });
        Self {
            url: format!("{scheme}://{host}"),
            asked,
            accepting,
        }
    }

    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    log: &Mutex<Vec<Asked>>,
    script: &Script,
    good: impl Fn(&Asked) -> String,
) {
    let Some(asked) = read(&mut stream).await else {
        return;
    };
    let number = {
        let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
        log.push(asked.clone());
        log.len() - 1
    };
    // A client that has heard enough hangs up.
    let _ = write(&mut stream, script(&asked, number), good(&asked).as_bytes()).await;
    let _ = stream.shutdown().await;
}

async fn write<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    reply: Reply,
    good: &[u8],
) -> std::io::Result<()> {
    let head = |status: u16, length: &str, headers: &str| {
        format!(
            "HTTP/1.1 {status} Scripted\r\nconnection: close\r\n\
             content-type: application/json\r\n{length}\r\n{headers}\r\n"
        )
    };
    let length = |body: &[u8]| format!("content-length: {}", body.len());
    match reply {
        Reply::HangUp => {}
        Reply::Silence => {
            // Until the client hangs up.
            let _ = stream.read(&mut [0; 1]).await;
        }
        Reply::Good => {
            let head = head(200, &length(good), "");
            stream.write_all(&[head.as_bytes(), good].concat()).await?;
        }
        Reply::Half => {
            let head = head(200, &length(good), "");
            let half = good.get(..good.len() / 2).unwrap_or_default();
            stream.write_all(&[head.as_bytes(), half].concat()).await?;
        }
        Reply::Whole(status, headers, body) => {
            let head = head(status, &length(&body), &headers);
            stream.write_all(&[head.as_bytes(), &body].concat()).await?;
        }
        Reply::Endless(status) => {
            let head = head(status, "transfer-encoding: chunked", "");
            stream.write_all(head.as_bytes()).await?;
            let part = format!("10000\r\n{}\r\n", " ".repeat(0x1_0000));
            for _ in 0..ENOUGH {
                stream.write_all(part.as_bytes()).await?;
            }
        }
        Reply::Drip => {
            let head = head(200, "transfer-encoding: chunked", "");
            stream.write_all(head.as_bytes()).await?;
            loop {
                stream.write_all(b"1\r\n \r\n").await?;
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }
    stream.flush().await
}

async fn read<S: AsyncRead + Unpin>(stream: &mut S) -> Option<Asked> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes.get(..head_end)?.to_vec()).ok()?;
    let mut words = head.split(' ');
    let asked = Asked {
        method: words.next()?.to_owned(),
        target: words.next()?.to_owned(),
        head,
    };
    let length = asked
        .header("content-length")
        .map_or(Some(0), |n| n.parse().ok())?;
    while bytes.len() < head_end + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    Some(asked)
}
