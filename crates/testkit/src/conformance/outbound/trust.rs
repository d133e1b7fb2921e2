//! Private certificate authorities, and certificates that must not be trusted.

use resilience::ErrorKind;

use super::authority::Authority;
use super::server::Server;
use super::{Client, failure, settings, success};

const HERE: &str = "127.0.0.1";

pub(super) async fn check(client: &Client, trusted: &str) {
    success(client, trusted, settings(), "an authority in SSL_CERT_FILE").await;

    let authority = Authority::new("Acme");
    let another = Authority::new("Another");
    let knowing = |authority: &Authority| {
        let trusting = settings().with_root_certificates(authority.pem().as_bytes());
        trusting.expect("a certificate in PEM")
    };

    let server = Server::secure(client, authority.vouch_for(HERE)).await;
    success(
        client,
        &server.url,
        knowing(&authority),
        "a private authority",
    )
    .await;

    let unknown = "its issuer is unknown here";
    for (acceptor, settings, why) in [
        (authority.vouch_for(HERE), settings(), unknown),
        (authority.vouch_for(HERE), knowing(&another), unknown),
        (
            authority.vouch_for("other.example"),
            knowing(&authority),
            "not valid for name",
        ),
        (authority.vouched_for(HERE), knowing(&authority), "expired"),
    ] {
        let server = Server::secure(client, acceptor).await;
        let error = failure(client, &server.url, settings, why).await;
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        let told = error.to_string();
        let named = told.contains("the certificate of 127.0.0.1 is not trusted");
        assert!(named && told.contains(why), "{why}: {told}");
        assert_eq!(server.asked().len(), 0, "nothing is sent");
    }
}
