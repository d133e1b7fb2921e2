//! A scripted HTTP server on loopback that can also misbehave on the wire: it
//! writes the bytes itself, because no HTTP library would cut a reply short.
#![allow(dead_code, unreachable_pub)] // every test file uses its own part

use std::sync::{Arc, Mutex};
use std::time::Duration;

use gong_client::{Credentials, GongClient, GongConfig};
use resilience::RetryPolicy;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub const ACCESS_KEY: &str = "ACCESSKEY7Q2";
pub const ACCESS_KEY_SECRET: &str = "s3cr3tvalue9Z";

/// One request as it arrived.
#[derive(Debug, Clone)]
pub struct Received {
    pub method: String,
    /// Path and query.
    pub target: String,
    pub head: String,
    pub body: String,
}

impl Received {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("the request body is JSON")
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// One reply to write.
#[derive(Debug, Clone)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// Send only so many bytes of the body that the header announces.
    cut_after: Option<usize>,
    /// Close without a word, or say nothing at all.
    silence: Option<Silence>,
}

#[derive(Debug, Clone, Copy)]
enum Silence {
    HangUp,
    Stall,
}

impl Reply {
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
            cut_after: None,
            silence: None,
        }
    }

    pub fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, body)
    }

    pub fn json(body: &Value) -> Self {
        Self::ok(body.to_string())
    }

    /// Gong's error body.
    pub fn refused(status: u16, error: &str) -> Self {
        Self::new(
            status,
            serde_json::json!({"requestId": "req1", "errors": [error]}).to_string(),
        )
    }

    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn cut_after(mut self, bytes: usize) -> Self {
        self.cut_after = Some(bytes);
        self
    }

    pub fn hang_up() -> Self {
        Self {
            silence: Some(Silence::HangUp),
            ..Self::ok("")
        }
    }

    pub fn stall() -> Self {
        Self {
            silence: Some(Silence::Stall),
            ..Self::ok("")
        }
    }

    async fn write(&self, stream: &mut TcpStream) -> std::io::Result<()> {
        match self.silence {
            Some(Silence::HangUp) => return Ok(()),
            Some(Silence::Stall) => {
                // Until the client hangs up.
                let _ = stream.read(&mut [0; 1]).await;
                return Ok(());
            }
            None => {}
        }
        let mut head = format!(
            "HTTP/1.1 {} Scripted\r\ncontent-length: {}\r\nconnection: close\r\n",
            self.status,
            self.body.len()
        );
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        stream.write_all(head.as_bytes()).await?;
        let end = self.cut_after.unwrap_or(self.body.len());
        stream.write_all(&self.body[..end]).await?;
        stream.shutdown().await
    }
}

/// Answers each request by a function of the request and its number, from 0.
pub struct Server {
    pub address: String,
    received: Arc<Mutex<Vec<Received>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    pub async fn start(script: impl Fn(&Received, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let address = format!("http://{}", listener.local_addr().expect("address"));
        let received = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&received);
        let script = Arc::new(script);
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (log, script) = (Arc::clone(&log), Arc::clone(&script));
                tokio::spawn(async move {
                    let Some(request) = read(&mut stream).await else {
                        return;
                    };
                    let number = {
                        let mut log = log.lock().expect("log");
                        log.push(request.clone());
                        log.len() - 1
                    };
                    let _ = script(&request, number).write(&mut stream).await;
                });
            }
        });
        Self {
            address,
            received,
            task,
        }
    }

    /// Replies in order; the last one repeats.
    pub async fn replying(replies: impl Into<Vec<Reply>>) -> Self {
        let replies = replies.into();
        Self::start(move |_, number| replies[number.min(replies.len() - 1)].clone()).await
    }

    pub fn received(&self) -> Vec<Received> {
        self.received.lock().expect("log").clone()
    }

    pub fn config(&self) -> GongConfig {
        GongConfig::new(
            &self.address,
            Credentials::basic(ACCESS_KEY, ACCESS_KEY_SECRET),
        )
        .expect("valid")
        .with_requests_per_second(0.0)
        .expect("valid")
        .with_retry(quick())
    }

    pub fn client(&self) -> GongClient {
        GongClient::new(self.config()).expect("client")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Four attempts without noticeable waits.
pub fn quick() -> RetryPolicy {
    RetryPolicy::default()
        .with_max_attempts(4)
        .with_base(Duration::from_millis(1))
        .with_cap(Duration::from_millis(4))
}

async fn read(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).ok()?;
    let mut words = head.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut request = Received {
        method,
        target,
        head,
        body: String::new(),
    };
    if request.header("transfer-encoding") == Some("chunked") {
        while !bytes.ends_with(b"\r\n0\r\n\r\n") {
            if stream.read_buf(&mut bytes).await.ok()? == 0 {
                return None;
            }
        }
        request.body = String::from_utf8(bytes[head_end..].to_vec()).ok()?;
        return Some(request);
    }
    let length = request
        .header("content-length")
        .map_or(Some(0), |n| n.parse().ok())?;
    while bytes.len() < head_end + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    request.body = String::from_utf8(bytes[head_end..head_end + length].to_vec()).ok()?;
    Some(request)
}
