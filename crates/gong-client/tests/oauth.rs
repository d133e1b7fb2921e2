//! A grant is made, renewed once whoever asks, and never used twice.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::server;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use gong_client::oauth::{
    FileTokenStore, Grant, MemoryTokenStore, OAuthApp, OAuthTokens, TokenLock, TokenStore,
};
use gong_client::{ErrorKind, GongClient};
use outbound::HttpSettings;
use secrecy::ExposeSecret;
use serde_json::json;
use server::{Received, Reply, Server, quick};
use testkit::conformance::outbound::{AnyFailure, Asked, OutboundClient, run};
use tokio::sync::Notify;

const SECRET: &str = "app-s3cret-value";

/// Gong's two sides: tokens that are good once, and an API that knows the latest only.
pub(crate) async fn gong() -> Server {
    let renewals = Arc::new(AtomicUsize::new(0));
    let used = Mutex::new(BTreeSet::new());
    Server::start(move |request, _| {
        let number = renewals.load(Ordering::SeqCst);
        if request.target.starts_with("/v2/") {
            let good = format!("Bearer access-{number}");
            return match request.header("authorization") == Some(&good) {
                true => Reply::json(&json!({ "workspaces": [] })),
                false => Reply::refused(401, "access token has been revoked"),
            };
        }
        let field = |name: &str| field(request, name);
        let fresh = match field("grant_type").as_deref() {
            Some("authorization_code") => field("code").as_deref() == Some("good-code"),
            Some("refresh_token") => field("refresh_token") == Some(format!("refresh-{number}")),
            _ => false,
        };
        let token = format!("{:?}{:?}", field("code"), field("refresh_token"));
        if !fresh || !used.lock().unwrap().insert(token) {
            return Reply::new(400, json!({ "error": "invalid_grant" }).to_string());
        }
        if field("code").is_none() {
            renewals.fetch_add(1, Ordering::SeqCst);
        }
        let number = renewals.load(Ordering::SeqCst);
        Reply::json(&json!({
            "access_token": format!("access-{number}"),
            "refresh_token": format!("refresh-{number}"),
            "token_type": "bearer",
            "expires_in": "86400",
            "scope": "api:workspaces:read",
            "api_base_url_for_customer": format!("http://{}", request.header("host").unwrap()),
        }))
    })
    .await
}

fn field(request: &Received, name: &str) -> Option<String> {
    let mut fields = url::form_urlencoded::parse(request.body.as_bytes());
    fields
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

fn app(server: &Server) -> OAuthApp {
    OAuthApp::at(
        &server.address,
        "app-1",
        SECRET,
        "https://example.com/back?x=1",
    )
    .unwrap()
}

async fn client<S: TokenStore>(tokens: &Arc<OAuthTokens<S>>) -> GongClient {
    let config = tokens.config().await.unwrap();
    let config = config
        .with_requests_per_second(0.0)
        .unwrap()
        .with_retry(quick());
    GongClient::new(config).unwrap()
}

async fn granted<S: TokenStore>(server: &Server, store: S) -> Arc<OAuthTokens<S>> {
    let tokens = Arc::new(OAuthTokens::new(app(server), store));
    tokens.authorize("good-code").await.unwrap();
    tokens
}

#[tokio::test]
async fn the_administrator_is_sent_to_gong() {
    let app = OAuthApp::new("app-1", SECRET, "https://example.com/back?x=1").unwrap();
    let url = app.authorization_url(&["api:calls:read:basic", "api:users:read"], "st&te");
    assert!(
        url.as_str().starts_with(
            "https://app.gong.io/oauth2/authorize?client_id=app-1&response_type=code&"
        )
    );
    let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    for (name, value) in [
        ("scope", "api:calls:read:basic api:users:read"),
        ("redirect_uri", "https://example.com/back?x=1"),
        ("state", "st&te"),
    ] {
        assert!(
            query.contains(&(name.to_owned(), value.to_owned())),
            "{query:?}"
        );
    }
    assert!(!url.as_str().contains(SECRET) && !format!("{app:?}").contains(SECRET));
}

#[tokio::test]
async fn a_code_becomes_a_grant_with_the_companys_address() {
    let server = gong().await;
    let grant = app(&server).exchange("good-code").await.unwrap();
    assert_eq!(grant.access_token.expose_secret(), "access-0");
    assert_eq!(grant.api_base_url, server.address);
    assert!(grant.expires_at.unwrap() > gong_client::Timestamp::now());
    assert!(!format!("{grant:?}").contains("access-0"));
    let request = &server.received()[0];
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        ("POST", "/oauth2/generate-customer-token")
    );
    // Client and secret are in the header alone, where no log of addresses sees them.
    assert!(
        request
            .header("authorization")
            .unwrap()
            .starts_with("Basic ")
    );
    assert!(!request.body.contains(SECRET));
    assert_eq!(
        field(request, "redirect_uri").unwrap(),
        "https://example.com/back?x=1"
    );

    let error = app(&server).exchange("good-code").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert!(error.to_string().contains("invalid_grant"), "{error}");
    assert!(!error.to_string().contains("good-code"));
}

pub(crate) fn renewals(server: &Server) -> usize {
    let received = server.received();
    let kinds = received
        .iter()
        .filter_map(|request| field(request, "grant_type"));
    kinds.filter(|kind| kind == "refresh_token").count()
}

/// A grant whose access token Gong has forgotten.
pub(crate) async fn forgotten(server: &Server, store: &impl TokenStore) {
    let grant = Grant::new("forgotten", "refresh-0", &server.address);
    store.save(&grant).await.unwrap();
}

async fn all_ask(clients: &[GongClient]) {
    let asked = clients
        .iter()
        .map(async |gong| gong.settings().workspaces().await);
    for outcome in futures_util::future::join_all(asked).await {
        outcome.unwrap();
    }
}

#[tokio::test]
async fn clients_of_one_grant_renew_once() {
    let server = gong().await;
    let tokens = granted(&server, MemoryTokenStore::default()).await;
    all_ask(&[client(&tokens).await, client(&tokens).await]).await;
    assert_eq!(renewals(&server), 0, "a good token is not renewed");

    let store = MemoryTokenStore::default();
    forgotten(&server, &store).await;
    let tokens = Arc::new(OAuthTokens::new(app(&server), store));
    let clients = [
        client(&tokens).await,
        client(&tokens).await,
        client(&tokens).await,
    ];
    all_ask(&clients).await;
    all_ask(&clients).await;
    assert_eq!(renewals(&server), 1);
}

/// Clients as of processes of their own: nothing is shared but the file.
async fn processes_renew_once(store: impl TokenStore + Clone) {
    let server = gong().await;
    forgotten(&server, &store).await;
    let mut clients = Vec::new();
    for _ in 0..6 {
        let tokens = Arc::new(OAuthTokens::new(app(&server), store.clone()));
        clients.push(client(&tokens).await);
    }
    all_ask(&clients).await;
    assert_eq!(renewals(&server), 1);
    let stored = store.load().await.unwrap().unwrap();
    assert_eq!(stored.refresh_token.expose_secret(), "refresh-1");
}

#[tokio::test]
async fn processes_that_share_a_file_renew_once() {
    let folder = tempfile::tempdir().unwrap();
    processes_renew_once(FileTokenStore::new(folder.path().join("tokens.json"))).await;
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn processes_that_share_a_database_renew_once() {
    use gong_client::oauth::SqliteTokenStore;

    let folder = tempfile::tempdir().unwrap();
    processes_renew_once(SqliteTokenStore::new(
        folder.path().join("grants.db"),
        "acme",
    ))
    .await;
}

#[tokio::test]
async fn an_expired_token_is_renewed_before_it_is_sent() {
    let server = gong().await;
    let store = MemoryTokenStore::default();
    let mut grant = Grant::new("access-0", "refresh-0", &server.address);
    grant.expires_at = Some(gong_client::Timestamp::now());
    store.save(&grant).await.unwrap();
    let tokens = Arc::new(OAuthTokens::new(app(&server), store));
    client(&tokens).await.settings().workspaces().await.unwrap();
    let received = server.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[1].header("authorization"), Some("Bearer access-1"));
}

#[tokio::test]
async fn a_used_up_grant_asks_for_an_administrator() {
    let server = gong().await;
    let store = MemoryTokenStore::default();
    store
        .save(&Grant::new("forgotten", "used-up", &server.address))
        .await
        .unwrap();
    let tokens = Arc::new(OAuthTokens::new(app(&server), store));
    let error = client(&tokens)
        .await
        .settings()
        .workspaces()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert!(error.to_string().contains("administrator"), "{error}");
    let none = Arc::new(OAuthTokens::new(app(&server), MemoryTokenStore::default()));
    assert!(
        none.config()
            .await
            .unwrap_err()
            .to_string()
            .contains("administrator")
    );
}

#[tokio::test]
async fn a_lost_reply_is_not_asked_for_again() {
    let server = Server::replying([Reply::hang_up()]).await;
    let store = MemoryTokenStore::default();
    let mut grant = Grant::new("a", "refresh-0", &server.address);
    grant.expires_at = Some(gong_client::Timestamp::now());
    store.save(&grant).await.unwrap();
    let tokens = Arc::new(OAuthTokens::new(app(&server), store));
    let error = tokens.config().await.unwrap_err();
    assert!(!error.is_retryable(), "{error:?}");
    assert_eq!(server.received().len(), 1);
}

/// Keeps nothing until it is let, and says when it was asked to.
#[derive(Debug, Default, Clone)]
struct SlowStore {
    kept: Arc<MemoryTokenStore>,
    asked: Arc<Notify>,
    may_save: Arc<Notify>,
}

#[async_trait]
impl TokenStore for SlowStore {
    async fn lock(&self) -> gong_client::Result<TokenLock> {
        self.kept.lock().await
    }

    async fn load(&self) -> gong_client::Result<Option<Grant>> {
        self.kept.load().await
    }

    async fn save(&self, grant: &Grant) -> gong_client::Result<()> {
        self.asked.notify_one();
        self.may_save.notified().await;
        self.kept.save(grant).await
    }
}

#[tokio::test]
async fn a_dropped_request_does_not_lose_the_grant() {
    let server = gong().await;
    let store = SlowStore::default();
    let tokens = Arc::new(OAuthTokens::new(app(&server), store.clone()));
    let stored = async || {
        store.may_save.notify_one();
        let _saved = store.lock().await.unwrap();
        let grant = store.load().await.unwrap().unwrap();
        grant.refresh_token.expose_secret().to_owned()
    };

    // The code is good once, and so is each token.
    tokio::select! {
        _ = tokens.authorize("good-code") => panic!("nothing is saved yet"),
        () = store.asked.notified() => {}
    }
    assert_eq!(stored().await, "refresh-0");

    forgotten(&server, &*store.kept).await;
    let gong = client(&tokens).await;
    tokio::select! {
        _ = gong.settings().workspaces() => panic!("nothing is saved yet"),
        () = store.asked.notified() => {}
    }
    assert_eq!(stored().await, "refresh-1");
    gong.settings().workspaces().await.unwrap();
    assert_eq!(renewals(&server), 1);
}

#[tokio::test]
async fn the_file_is_its_owners_alone_and_damage_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.json");
    let store = FileTokenStore::new(&path);
    assert!(store.load().await.unwrap().is_none());
    store
        .save(&Grant::new("a", "r", "https://b"))
        .await
        .unwrap();
    assert_eq!(
        store.load().await.unwrap().unwrap().api_base_url,
        "https://b"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    std::fs::write(&path, "{").unwrap();
    let error = store.load().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::Config, Some("token_store"))
    );
}

#[tokio::test]
async fn a_dropped_wait_leaves_the_store_unlocked() {
    let folder = tempfile::tempdir().unwrap();
    let file = FileTokenStore::new(folder.path().join("tokens.json"));
    for store in [
        Box::new(file) as Box<dyn TokenStore>,
        Box::new(MemoryTokenStore::default()),
    ] {
        let held = store.lock().await.unwrap();
        {
            let mut waiting = std::pin::pin!(store.lock());
            assert!(futures_util::poll!(&mut waiting).is_pending());
        }
        drop(held);
        store.lock().await.unwrap();
    }
}

/// Several companies share a file, and every opening of it is the same store.
#[cfg(feature = "sqlite")]
#[tokio::test]
async fn sqlite_keeps_grants_by_name() {
    use gong_client::oauth::SqliteTokenStore;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("grants.db");
    let store = |name: &str| SqliteTokenStore::new(&path, name);
    assert!(store("acme").load().await.unwrap().is_none());
    for (name, token) in [("acme", "a1"), ("globex", "g1"), ("acme", "a2")] {
        let grant = Grant::new(token, "refresh", format!("https://{name}.example"));
        store(name).save(&grant).await.unwrap();
    }
    let kept = store("acme").load().await.unwrap().unwrap();
    assert_eq!(kept.access_token.expose_secret(), "a2");
    assert_eq!(kept.api_base_url, "https://acme.example");
    assert!(!format!("{:?}", store("acme")).contains("a2"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let held = store("acme").lock().await.unwrap();
    let other = store("acme");
    {
        let mut waiting = std::pin::pin!(other.lock());
        assert!(futures_util::poll!(&mut waiting).is_pending());
    }
    // Renewing saves while it holds the lock.
    let renewed = Grant::new("a3", "refresh", "https://acme.example");
    store("acme").save(&renewed).await.unwrap();
    drop(held);
    other.lock().await.unwrap();
    std::fs::write(&path, "no database, and longer than its header would be").unwrap();
    let error = other.load().await.unwrap_err();
    assert_eq!(error.field(), Some("token_store"));
}

struct Exchange;

#[async_trait]
impl OutboundClient for Exchange {
    fn name(&self) -> &'static str {
        "gong-oauth"
    }

    fn secrets(&self) -> Vec<String> {
        vec![SECRET.to_owned()]
    }

    fn private_words(&self) -> Vec<String> {
        vec!["a-code-for-one-time".to_owned()]
    }

    /// A code is used up by a request whose reply is lost.
    fn retries(&self) -> bool {
        false
    }

    fn refusal(&self, _: u16) -> ErrorKind {
        ErrorKind::Auth
    }

    fn good_reply(&self, _: &Asked, _: &str) -> String {
        json!({"access_token": "access", "refresh_token": "refresh", "expires_in": 3600})
            .to_string()
    }

    async fn ask(&self, base_url: &str, settings: HttpSettings) -> Result<(), AnyFailure> {
        let asked = async {
            let app = OAuthApp::at(base_url, "client", SECRET, "https://example.com/back")?;
            app.with_http(&settings)?
                .exchange("a-code-for-one-time")
                .await
        };
        let asked = asked.await.map(drop);
        asked.map_err(|error| Box::new(error) as AnyFailure)
    }
}

#[tokio::test]
async fn it_is_a_client_like_the_others() {
    run(Exchange, "oauth::it_is_a_client_like_the_others").await;
}

#[tokio::test]
async fn a_refusal_that_repeats_a_secret_is_not_repeated() {
    let code = "a-code-for-one-time";
    for said in [SECRET, &SECRET.to_uppercase(), code, &code.to_uppercase()] {
        let body = json!({ "error": said }).to_string();
        let server = Server::replying([Reply::new(400, body)]).await;
        let error = app(&server).exchange(code).await.unwrap_err();
        let shown = format!("{error} {error:?}").to_lowercase();
        assert!(!shown.contains(&said.to_lowercase()), "{shown}");
    }
}
