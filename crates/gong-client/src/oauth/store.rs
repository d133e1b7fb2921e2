//! Where a grant is kept. For callers that have a vault or a database of their own.

use std::fmt::{self, Debug};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind as IoErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use resilience::ErrorKind;
use secrecy::ExposeSecret;

use super::Grant;
use crate::{Error, Result};

/// The right to renew a grant, until it is dropped.
pub struct TokenLock(#[allow(dead_code)] Box<dyn Send + Sync>);

impl TokenLock {
    /// Keeps whatever gives the right back when it is dropped.
    pub fn new(guard: impl Send + Sync + 'static) -> Self {
        Self(Box::new(guard))
    }
}

impl Debug for TokenLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenLock")
    }
}

/// Keeps one grant.
///
/// # Contract
/// - **Lock**: of all who use the store, in this process or another, one has it at a time;
///   the others wait. Whoever dies loses it.
/// - **Save** is durable when it returns: the token before it is worthless by then.
/// - **Load** gives what was saved last, by whomever; `None` where nothing was.
/// - **Cancellation**: a dropped `lock` leaves the store unlocked.
#[async_trait]
pub trait TokenStore: Debug + Send + Sync + 'static {
    /// Waits for the right to renew.
    async fn lock(&self) -> Result<TokenLock>;

    /// What is kept.
    async fn load(&self) -> Result<Option<Grant>>;

    /// Keeps another grant in place of it.
    async fn save(&self, grant: &Grant) -> Result<()>;
}

/// Keeps a grant in memory: gone with the process.
#[derive(Debug, Default)]
pub struct MemoryTokenStore {
    grant: Mutex<Option<Grant>>,
    lock: Arc<tokio::sync::Mutex<()>>,
}

#[async_trait]
impl TokenStore for MemoryTokenStore {
    async fn lock(&self) -> Result<TokenLock> {
        Ok(TokenLock::new(Arc::clone(&self.lock).lock_owned().await))
    }

    async fn load(&self) -> Result<Option<Grant>> {
        Ok(self
            .grant
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone())
    }

    async fn save(&self, grant: &Grant) -> Result<()> {
        *self.grant.lock().unwrap_or_else(PoisonError::into_inner) = Some(grant.clone());
        Ok(())
    }
}

/// Keeps a grant in a file that only its owner can read, on a local disk. Processes that name
/// the same file take turns, by the system's lock on a second file beside it.
#[derive(Debug, Clone)]
pub struct FileTokenStore {
    path: PathBuf,
}

impl FileTokenStore {
    /// A store in a file, which need not exist.
    pub fn new(path: impl AsRef<Path>) -> Self {
        Self {
            path: path.as_ref().to_owned(),
        }
    }

    fn read(&self) -> Result<Option<Grant>> {
        let text = match std::fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == IoErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unusable(&self.path, error)),
        };
        let grant = Grant::from_secret_json(&text);
        let damaged = || unusable(&self.path, std::io::Error::other("it holds no grant"));
        grant.map(Some).ok_or_else(damaged)
    }

    /// All of it or nothing: what renews the grant is in no other place.
    fn replace(&self, grant: &Grant) -> Result<()> {
        let path = beside(&self.path, ".new");
        let write = || {
            let mut file = private().create(true).truncate(true).open(&path)?;
            file.write_all(grant.to_secret_json().expose_secret().as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&path, &self.path)?;
            match self
                .path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty())
            {
                Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
                _ => Ok(()),
            }
        };
        write().map_err(|error| unusable(&self.path, error))
    }
}

#[async_trait]
impl TokenStore for FileTokenStore {
    async fn lock(&self) -> Result<TokenLock> {
        let path = beside(&self.path, ".lock");
        Ok(TokenLock::new(aside(move || take_lock(&path)).await?))
    }

    async fn load(&self) -> Result<Option<Grant>> {
        let store = self.clone();
        aside(move || store.read()).await
    }

    async fn save(&self, grant: &Grant) -> Result<()> {
        let (store, grant) = (self.clone(), grant.clone());
        aside(move || store.replace(&grant)).await
    }
}

/// A file beside another.
pub(super) fn beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(extension);
    name.into()
}

/// Waits for the system's lock on a file; it ends with the file's handle.
pub(super) fn take_lock(path: &Path) -> Result<File> {
    let file = private().create(true).truncate(false).open(path);
    let file = file.map_err(|error| unusable(path, error))?;
    file.lock().map_err(|error| unusable(path, error))?;
    Ok(file)
}

/// Files block, and so does waiting for a lock.
pub(super) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| {
        Error::new(ErrorKind::Internal, "the token store was interrupted").with_source(error)
    })?
}

pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

pub(super) fn unusable(path: &Path, error: std::io::Error) -> Error {
    Error::config("token_store", format!("{} cannot be used", path.display())).with_source(error)
}
