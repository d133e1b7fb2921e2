//! Takes connections until it is asked to stop, then lets those under way finish.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::options::Failed;

/// Connections at a time; more wait in the kernel's queue.
const MOST_CONNECTIONS: usize = 1_024;

/// Time for the head of a request, so that nobody holds a connection by a letter a minute.
const HEAD_TIME: Duration = Duration::from_secs(10);

/// A socket that listens.
#[derive(Debug)]
pub struct Listening {
    listener: TcpListener,
    address: SocketAddr,
}

impl Listening {
    /// Listens on an address; port 0 takes any that is free.
    ///
    /// # Errors
    /// Exit code 1: the address is taken, or is not this machine's.
    pub async fn on(address: SocketAddr) -> Result<Self, Failed> {
        let failed = |error| Failed::new(1, format!("cannot listen on {address}: {error}"));
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` is done, and then at most `grace` longer.
    ///
    /// # Errors
    /// Exit code 1: answers that were under way had to be cut off.
    pub async fn serve(
        self,
        router: Router,
        stop: impl Future<Output = ()>,
        grace: Duration,
    ) -> Result<(), Failed> {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME);
        let connections = GracefulShutdown::new();
        let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
        let taking = async {
            loop {
                // The semaphore is never closed.
                let Ok(place) = Arc::clone(&places).acquire_owned().await else {
                    return;
                };
                let stream = match self.listener.accept().await {
                    Ok((stream, _)) => stream,
                    Err(error) => {
                        // Such as too many open files: what is open has to end first.
                        tracing::warn!(%error, "no connection could be taken");
                        tokio::time::sleep(Duration::from_millis(100)).await;
                        continue;
                    }
                };
                let service = TowerToHyperService::new(router.clone());
                let connection = http.serve_connection(TokioIo::new(stream), service);
                let connection = connections.watch(connection);
                tokio::spawn(async move {
                    if let Err(error) = connection.await {
                        tracing::debug!(%error, "a connection ended early");
                    }
                    drop(place);
                });
            }
        };
        tokio::select! {
            () = taking => {}
            () = stop => {}
        }
        drop(self.listener);
        match tokio::time::timeout(grace, connections.shutdown()).await {
            Ok(()) => Ok(()),
            Err(_) => Err(Failed::new(1, "answers that were under way were cut off")),
        }
    }
}

/// Done when the process is asked to end, by SIGINT or SIGTERM, from this call on: whoever makes
/// it before saying that it listens ends in order however early the signal comes.
pub fn stop_signal() -> impl Future<Output = ()> + Send + 'static {
    #[cfg(unix)]
    let handlers = {
        use tokio::signal::unix::{SignalKind, signal};
        [SignalKind::terminate(), SignalKind::interrupt()].map(signal)
    };
    async move {
        #[cfg(unix)]
        if let [Ok(mut terminate), Ok(mut interrupt)] = handlers {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            return;
        }
        // Without a handler the system ends the process at the signal, as it always does.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Cancels the token at the first signal that asks the process to end; a second one ends it at
/// once, with exit code 1: transactions end with the process.
pub async fn stop_on_signals(stop: CancellationToken) {
    stop_signal().await;
    stop.cancel();
    stop_signal().await;
    std::process::exit(1);
}
