//! Keeps idle sessions alive by running a statement on them.

use std::sync::{Arc, Weak};
use std::time::Duration;

use super::slots::Slots;
use crate::{SqlText, Statement};

/// Needs no warehouse.
const PING: SqlText = SqlText::fixed("SELECT 1");

/// Starts the pool's watch, unless it runs or is not wanted. It ends with the pool.
pub(super) fn watch(slots: &Arc<Slots>) {
    let Some(after) = slots.settings().keep_alive else {
        return;
    };
    slots.watch(|| {
        tokio::spawn(ping(Arc::downgrade(slots), after));
    });
}

async fn ping(slots: Weak<Slots>, after: Duration) {
    loop {
        tokio::time::sleep(after / 2).await;
        let Some(slots) = slots.upgrade() else { return };
        while let Some((mut unused, permit)) = slots.take_unused(after) {
            match unused
                .session
                .run(&Statement::new("keep_alive", PING))
                .await
            {
                Ok(_) => slots.give_back(unused, permit),
                Err(error) => {
                    tracing::debug!(kind = error.kind().as_str(), "an idle session has ended");
                }
            }
        }
    }
}
