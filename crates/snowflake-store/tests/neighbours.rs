//! Several processes on one database: some only read, some may only read, and all wait.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use rusqlite::Connection;
use snowflake_store::{
    Access, KnownCallsQuery, Landing, LandingPage, SqliteConfig, SqliteStore, Upkeep,
};
use testkit::conformance::store::CallDocument;

const DATABASE: &str = "NEIGHBOURS_DATABASE";
const NOBODY: u32 = 65_534;

fn page(id: &str) -> LandingPage {
    LandingPage::default().with_calls(vec![CallDocument::new(id).document()])
}

async fn known(store: &SqliteStore) -> snowflake_store::Result<usize> {
    let query = KnownCallsQuery {
        limit: 1_000,
        ..KnownCallsQuery::default()
    };
    store.known_calls(&query).await.map(|known| known.len())
}

/// One of the ignored tests below, in its own process.
fn part(program: &Path, name: &str, database: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .args(["--exact", name, "--ignored", "--nocapture"])
        .env(DATABASE, database)
        .env("RUST_BACKTRACE", "0");
    command
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut beside = path.as_os_str().to_owned();
    beside.push(suffix);
    beside.into()
}

#[tokio::test]
async fn files_are_for_their_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    let store = SqliteStore::open(&path).await.unwrap();
    store.land(page("1")).await.unwrap();
    for suffix in ["", "-wal", "-shm"] {
        assert_eq!(mode(&beside(&path, suffix)), 0o600, "{suffix}");
    }
    drop(store);

    // Rights that somebody gave stay as they are, for the log too.
    set_mode(&path, 0o640);
    let store = SqliteStore::open(&path).await.unwrap();
    store.land(page("2")).await.unwrap();
    for suffix in ["", "-wal", "-shm"] {
        assert_eq!(mode(&beside(&path, suffix)), 0o640, "{suffix}");
    }
}

/// A folder in which whoever runs the readers may change nothing, and a reader in it.
struct ReadOnlyFolder {
    folder: tempfile::TempDir,
    path: PathBuf,
}

impl ReadOnlyFolder {
    async fn with_two_calls() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // This program, where everybody may run it.
        let program = folder.path().join("program");
        fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
        set_mode(&program, 0o755);
        let path = folder.path().join("calls.db");
        let store = SqliteStore::open(&path).await.unwrap();
        store.land(page("1")).await.unwrap();
        store.land(page("2")).await.unwrap();
        drop(store);
        Self { folder, path }
    }

    /// What a reader finds who has rights to read alone.
    fn read(&self) -> Output {
        for suffix in ["", "-wal", "-shm"] {
            let file = beside(&self.path, suffix);
            if file.exists() {
                set_mode(&file, 0o444);
            }
        }
        set_mode(self.folder.path(), 0o555);
        let program = self.folder.path().join("program");
        let mut reader = part(
            &program,
            "neighbours::read_in_a_process_of_its_own",
            &self.path,
        );
        // Nothing is forbidden to root.
        if fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0) {
            reader.uid(NOBODY).gid(NOBODY);
        }
        let output = loop {
            match reader.output() {
                // Another test started a process while the program was being copied.
                Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => {}
                output => break output.unwrap(),
            }
        };
        set_mode(self.folder.path(), 0o755);
        output
    }

    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|name| name.starts_with("calls.db")).collect();
        names.sort();
        names
    }
}

fn finds(output: &Output, calls: usize) {
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains(&format!("found {calls} calls")),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[tokio::test]
#[ignore = "run as a process of its own, by the tests of readers"]
async fn read_in_a_process_of_its_own() {
    let Some(path) = std::env::var_os(DATABASE) else {
        return;
    };
    assert!(fs::write(beside(Path::new(&path), "-mine"), b"").is_err());
    let config = SqliteConfig::new(&path).with_access(Access::ReadOnly);
    let store = match SqliteStore::open_with(config).await {
        Ok(store) => store,
        Err(error) => {
            println!("refused: {:?}: {error}", error.kind());
            return;
        }
    };
    assert!(!store.health().await.unwrap().writable);
    for _ in 0..3 {
        println!("found {} calls", known(&store).await.unwrap());
    }
}

#[tokio::test]
async fn rights_to_read_are_enough() {
    let world = ReadOnlyFolder::with_two_calls().await;
    finds(&world.read(), 2);
    assert_eq!(world.files(), ["calls.db"], "nothing is left behind");

    // Beside a writer, whose latest calls are in the log alone.
    set_mode(&world.path, 0o644);
    let writer = SqliteStore::open(&world.path).await.unwrap();
    writer.land(page("3")).await.unwrap();
    finds(&world.read(), 3);

    // A writer that was killed leaves both; one who may write folds them in later.
    let killed = ReadOnlyFolder::with_two_calls().await;
    for suffix in ["", "-wal", "-shm"] {
        let copy = beside(&killed.path, suffix);
        let _ = fs::remove_file(&copy);
        fs::copy(beside(&world.path, suffix), &copy).unwrap();
    }
    finds(&killed.read(), 3);

    // Without its index a log would be passed over: that is no way to read.
    fs::remove_file(beside(&killed.path, "-shm")).unwrap();
    let output = killed.read();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("refused: Transient"), "{said}");
}

#[tokio::test]
async fn opening_waits_for_a_passing_lock() {
    for access in [Access::ReadWrite, Access::ReadOnly] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("calls.db");
        let other = if access == Access::ReadWrite {
            // Somebody else makes the database, and has only begun.
            Connection::open(&path).unwrap()
        } else {
            drop(SqliteStore::open(&path).await.unwrap());
            let other = Connection::open(&path).unwrap();
            other
                .pragma_update(None, "locking_mode", "exclusive")
                .unwrap();
            other
        };
        other
            .execute_batch("BEGIN EXCLUSIVE; PRAGMA user_version = 1")
            .unwrap();
        let config = SqliteConfig::new(&path).with_access(access);
        let opening = tokio::spawn(SqliteStore::open_with(config));
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(!opening.is_finished(), "{access:?}");
        other.execute_batch("COMMIT").unwrap();
        drop(other);
        let store = opening.await.unwrap().unwrap();
        assert!(store.health().await.unwrap().schema_version > 0);
    }
}

#[tokio::test]
async fn many_make_one_database_at_once() {
    const MANY: usize = 12;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    let children: Vec<_> = (0..MANY)
        .map(|number| {
            let mut child = part(
                &std::env::current_exe().unwrap(),
                "neighbours::land_in_a_process_of_its_own",
                &path,
            );
            child.env("NEIGHBOURS_CALL", number.to_string());
            child.stdout(std::process::Stdio::null()).spawn().unwrap()
        })
        .collect();
    let ends: Vec<_> = children
        .into_iter()
        .map(|mut child| child.wait().unwrap())
        .collect();
    assert!(ends.iter().all(|end| end.success()), "{ends:?}");
    let store = SqliteStore::open(&path).await.unwrap();
    assert_eq!(known(&store).await.unwrap(), MANY);
    store.verify().await.unwrap();
}

#[tokio::test]
#[ignore = "run as a process of its own, by the test of many"]
async fn land_in_a_process_of_its_own() {
    let (Some(path), Ok(call)) = (std::env::var_os(DATABASE), std::env::var("NEIGHBOURS_CALL"))
    else {
        return;
    };
    let store = SqliteStore::open(path).await.unwrap();
    store.land(page(&call)).await.unwrap();
}
