//! Two processes of one company renew its grant once, and stay under its limits together.

use crate::oauth::{forgotten, gong, renewals};
use crate::server::quick;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use gong_client::oauth::{FileTokenStore, OAuthApp, OAuthTokens, TokenStore};
use gong_client::{GongClient, SharedLimiter};
use secrecy::ExposeSecret;
use tokio::process::Command;

/// Where a process of its own finds the server, and the files that it shares.
const SERVER: &str = "GONG_CLIENT_TEST_SERVER";
const FOLDER: &str = "GONG_CLIENT_TEST_FOLDER";
/// Requests of each.
const REQUESTS: usize = 10;

fn limiter(folder: &Path) -> SharedLimiter {
    let limiter = SharedLimiter::new(50.0, Some(100));
    let file = folder.join("limits.json");
    limiter.across_processes(file).unwrap()
}

fn grant(folder: &Path) -> FileTokenStore {
    FileTokenStore::new(folder.join("grant.json"))
}

/// What each process does. Started by the test below.
#[tokio::test]
#[ignore = "runs as a process of another test"]
async fn a_process() {
    let server = std::env::var(SERVER).unwrap();
    let folder = PathBuf::from(std::env::var_os(FOLDER).unwrap());
    let app = OAuthApp::at(&server, "app-1", "secret", "https://example.com/back").unwrap();
    let tokens = Arc::new(OAuthTokens::new(app, grant(&folder)));
    let config = tokens.config().await.unwrap().with_retry(quick());
    let config = config.with_shared_limiter(Arc::new(limiter(&folder)));
    let gong = GongClient::new(config).unwrap();
    for _ in 0..REQUESTS {
        gong.settings().workspaces().await.unwrap();
    }
}

#[tokio::test]
async fn two_processes_share_a_grant_and_a_limiter() {
    let server = gong().await;
    let folder = tempfile::tempdir().unwrap();
    let store = grant(folder.path());
    forgotten(&server, &store).await;
    let process = || {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "processes::a_process", "--ignored"]);
        command.env(SERVER, &server.address);
        command.env(FOLDER, folder.path());
        command
    };
    let (mut one, mut other) = (process(), process());
    let begun = Instant::now();
    for ended in futures_util::future::join_all([one.output(), other.output()]).await {
        let ended = ended.unwrap();
        let said = String::from_utf8_lossy(&ended.stdout);
        assert!(
            ended.status.success() && said.contains("1 passed"),
            "{said}"
        );
    }
    assert_eq!(renewals(&server), 1);
    let kept = store.load().await.unwrap().unwrap();
    assert_eq!(kept.refresh_token.expose_secret(), "refresh-1");
    // One more request of each may have been refused before the grant was renewed.
    let used = limiter(folder.path()).quota().await.used_today.unwrap();
    let least = 2 * REQUESTS as u64;
    assert!((least..=least + 2).contains(&used), "{used}");
    let least = Duration::from_millis(20) * u32::try_from(used - 1).unwrap();
    assert!(begun.elapsed() >= least - Duration::from_millis(1));
}
