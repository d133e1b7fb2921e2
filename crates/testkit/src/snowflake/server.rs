//! The running double, and replies on their way to the wire.

use std::sync::Arc;

use super::builder::SnowflakeDoubleBuilder;
use super::routes;
use super::state::{Shared, SnowflakeState};
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

    pub(super) fn serve(listener: Listener, shared: Shared) -> Self {
        let shared = Arc::new(shared);
        Self {
            server: Server::start(listener, Arc::clone(&shared)),
            state: SnowflakeState { shared },
        }
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

impl Handler for Shared {
    fn handle(&self, request: Request) -> WireReply {
        routes::answer(self, &request)
    }
}
