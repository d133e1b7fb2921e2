//! The store of agents, also where it is down when they start.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use resilience::ErrorKind;
use snowflake_store::{CallStore, Reopenable};
use tokio_util::task::AbortOnDropHandle;

use crate::{Error, FallbackStore, Settings, StoreOptions};

type Opening = Pin<Box<dyn Future<Output = Result<Arc<dyn CallStore>, Error>> + Send>>;

/// A store, and the task that opens it for writing once it answers, if it does not now.
pub(crate) type OpenStore = (Arc<dyn CallStore>, Option<AbortOnDropHandle<()>>);

/// Opens the store for writing, or for reading where this process may do no more.
///
/// Where there is a fallback, nobody waits for a store that is down longer than a task does: it
/// is opened for reading, and for writing as soon as it answers.
pub(crate) async fn open_store(
    settings: &Settings,
    options: &StoreOptions,
) -> Result<OpenStore, Error> {
    let open = {
        let (settings, options) = (settings.clone(), options.clone());
        move || -> Opening {
            let (settings, options) = (settings.clone(), options.clone());
            Box::pin(async move { settings.open_store(&options).await })
        }
    };
    let of_store = |error| settings.of_option("store", error);
    let mut opening = open();
    let patience = settings.store.primary_timeout;
    let has_fallback = settings.store.fallback != FallbackStore::None;
    let opened = match has_fallback {
        true => tokio::time::timeout(patience, &mut opening).await,
        false => Ok(opening.as_mut().await),
    };
    // Whether or not it was tried until there was no point any more.
    let is_down = |error: &Error| has_fallback && error.kind().is_retryable();
    let error = match opened {
        Ok(Ok(store)) => return Ok((store, None)),
        Ok(Err(error)) if is_down(&error) => {
            opening = open();
            Some(error)
        }
        Ok(Err(error)) if matches!(error.kind(), ErrorKind::Config | ErrorKind::Permission) => {
            let read = settings.open_store(&options.clone().reading()).await;
            return Ok((read.map_err(|_| of_store(error))?, None));
        }
        Ok(Err(error)) => return Err(of_store(error)),
        Err(_) => None,
    };
    let read = settings.open_store(&options.clone().reading()).await;
    let read = match (read, error) {
        (Ok(read), _) => read,
        (Err(_), Some(error)) => return Err(of_store(error)),
        // It may be on its way to what can be read.
        (Err(_), None) => return Ok((opening.await.map_err(of_store)?, None)),
    };
    let store = Arc::new(Reopenable::new(read));
    let late = open_late(Arc::clone(&store), opening, open, patience);
    Ok((store, Some(AbortOnDropHandle::new(tokio::spawn(late)))))
}

/// Opens a store for writing once it answers. What began goes on: two that migrate a store at
/// once would hold each other up.
async fn open_late(
    store: Arc<Reopenable>,
    mut opening: Opening,
    open: impl Fn() -> Opening,
    pause: Duration,
) {
    loop {
        match opening.await {
            Ok(writing) => {
                store.reopened(writing);
                tracing::info!("the store answers, and is open for writing");
                return;
            }
            Err(error) if error.kind().is_retryable() => {
                tracing::warn!(%error, "the store is still down, and open for reading only");
            }
            Err(error) => {
                tracing::warn!(%error, "the store stays open for reading only");
                return;
            }
        }
        tokio::time::sleep(pause).await;
        opening = open();
    }
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    use std::collections::VecDeque;
    use std::sync::Mutex;

    use snowflake_store::{Access, SqliteConfig, SqliteStore, Upkeep};

    use super::*;

    #[tokio::test]
    async fn a_store_is_written_once_it_answers_and_not_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("calls.db");
        drop(SqliteStore::open(&path).await.unwrap());
        let reading = SqliteConfig::new(&path).with_access(Access::ReadOnly);
        let reading = SqliteStore::open_with(reading).await.unwrap();
        let writing: Arc<dyn CallStore> = Arc::new(SqliteStore::open(&path).await.unwrap());
        let down = || Err(Error::new(ErrorKind::Transient, "down"));
        let later = Mutex::new(VecDeque::from([down(), Ok(writing), down()]));
        let store = Arc::new(Reopenable::new(Arc::new(reading)));
        let is_writable = async || store.health().await.unwrap().writable;

        let next = || -> Opening {
            Box::pin(std::future::ready(
                later.lock().unwrap().pop_front().unwrap(),
            ))
        };
        let late = open_late(
            Arc::clone(&store),
            Box::pin(std::future::ready(down())),
            &next,
            Duration::from_millis(1),
        );
        assert!(!is_writable().await);
        late.await;
        assert!(is_writable().await);
        assert_eq!(later.lock().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_store_that_refuses_to_be_written_is_not_asked_again() {
        let refused = Error::new(ErrorKind::Permission, "no right to write");
        let store = Arc::new(SqliteStore::in_memory().await.unwrap());
        let opening: Opening = Box::pin(std::future::ready(Err(refused)));
        let again = || -> Opening { panic!("asked again") };
        open_late(
            Arc::new(Reopenable::new(store)),
            opening,
            again,
            Duration::from_millis(1),
        )
        .await;
    }
}
