//! The running double, and replies on their way to the wire.

use std::sync::Arc;

use super::builder::SnowflakeDoubleBuilder;
use super::routes;
use super::state::{Shared, SnowflakeState};
use crate::Error;
use crate::http::{Handler, Listener, Request, Server, WireReply};

/// A running double. It stops, and closes its connections, when it is dropped.
#[derive(Debug)]
pub struct SnowflakeDouble {
    server: Server,
    state: SnowflakeState,
}

impl SnowflakeDouble {
    /// Configures one.
    pub fn builder() -> SnowflakeDoubleBuilder {
        SnowflakeDoubleBuilder::default()
    }

    /// Base address, such as `http://127.0.0.1:40123`, without a slash at its end.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The handle for live control; clones of it may outlive the server.
    pub fn state(&self) -> SnowflakeState {
        self.state.clone()
    }
}

impl SnowflakeDoubleBuilder {
    /// Starts it in the current Tokio runtime.
    ///
    /// # Errors
    /// `Config`, naming the port, when it cannot be bound.
    pub async fn start(self) -> Result<SnowflakeDouble, Error> {
        let listener = Listener::bind(self.port).await?;
        let shared = Arc::new(Shared::new(self));
        Ok(SnowflakeDouble {
            server: Server::start(listener, Arc::clone(&shared)),
            state: SnowflakeState { shared },
        })
    }
}

impl Handler for Shared {
    fn handle(&self, request: Request) -> WireReply {
        routes::answer(self, &request)
    }
}
