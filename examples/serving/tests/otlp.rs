//! A real collector receives the daemon's spans: `rotel`, where `cargo xtask test` has
//! installed it. One behind a company's own certificate authority does, too.

use std::io::Read;
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::support::program;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, KeyUsagePurpose};
use testkit::gong::{DEFAULT_ACCESS_KEY, DEFAULT_ACCESS_KEY_SECRET, GongSimulator};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

fn free_address() -> String {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    free.local_addr().unwrap().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_receives_the_daemons_spans() {
    let Some(rotel) = std::env::var_os("GONG_SNOWFLAKE_ROTEL") else {
        eprintln!("skipped: GONG_SNOWFLAKE_ROTEL names no collector");
        return;
    };
    let (http, grpc) = (free_address(), free_address());
    let mut collector = Command::new(rotel)
        .args(["start", "--exporter", "blackhole", "--debug-log", "traces"])
        .args(["--debug-log-verbosity", "detailed"])
        .args(["--otlp-http-endpoint", &http, "--otlp-grpc-endpoint", &grpc])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while std::net::TcpStream::connect(&http).is_err() {
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "it does not listen"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let gong = GongSimulator::builder().start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", folder.path().join("calls.db").display());
    let daemon = program("daemon")
        .args(["--once", "--store", &store])
        .env("GONG_BASE_URL", gong.url())
        .env("GONG_ACCESS_KEY", DEFAULT_ACCESS_KEY)
        .env("GONG_ACCESS_KEY_SECRET", DEFAULT_ACCESS_KEY_SECRET)
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{http}"))
        .output()
        .unwrap();
    assert!(daemon.status.success(), "{daemon:?}");
    tokio::time::sleep(Duration::from_millis(500)).await;
    collector.kill().unwrap();
    let mut received = String::new();
    let mut out = collector.stdout.take().unwrap();
    out.read_to_string(&mut received).unwrap();
    collector.wait().unwrap();
    for span in ["job", "sync", "request"] {
        assert!(received.contains(span), "{span}: {received}");
    }
    assert!(!received.contains(DEFAULT_ACCESS_KEY_SECRET));
}

/// An authority that nothing knows, and TLS under it.
fn authority() -> (String, TlsAcceptor) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    (issuer.pem(), TlsAcceptor::from(Arc::new(config)))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_under_an_authority_of_the_company_is_trusted_where_that_is_named() {
    let (pem, acceptor) = authority();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (heard, mut hearing) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut begin = vec![0; 512];
            let read = stream.read(&mut begin).await.unwrap_or(0);
            begin.truncate(read);
            let _ = heard.send(String::from_utf8_lossy(&begin).into_owned());
            let reply = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            let _ = stream.write_all(reply).await;
            let _ = stream.shutdown().await;
        }
    });
    let gong = GongSimulator::builder().start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("company.pem");
    std::fs::write(&file, pem).unwrap();
    let store = format!("sqlite:{}", folder.path().join("calls.db").display());
    let run = |trusted: bool| {
        let mut daemon = program("daemon");
        daemon
            .args(["--once", "--store", &store])
            .env("GONG_BASE_URL", gong.url())
            .env("GONG_ACCESS_KEY", DEFAULT_ACCESS_KEY)
            .env("GONG_ACCESS_KEY_SECRET", DEFAULT_ACCESS_KEY_SECRET)
            .env(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                format!("https://localhost:{port}"),
            );
        if trusted {
            daemon.env("GONG_SNOWFLAKE_ROOT_CERTIFICATES", &file);
        }
        let output = daemon.output().unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    run(false);
    assert!(hearing.try_recv().is_err(), "trusted without being named");
    run(true);
    let request = hearing.try_recv().unwrap();
    assert!(request.starts_with("POST /v1/traces"), "{request}");
}
