//! Which calls the key may see.
//!
//! Gong does not reveal it: a call that a key may not see looks deleted, and a key
//! that may see none gets exactly the reply of an empty tenant.

use std::collections::BTreeSet;

use super::catalogue::CallVisibility;
use super::filter::CallFilter;
use super::state::SimulatorState;
use crate::SimulatedCall;

/// The sight of the key.
#[derive(Debug, Default)]
pub(super) enum Sight {
    #[default]
    All,
    Only(BTreeSet<String>),
}

impl Sight {
    pub(super) fn sees(&self, call_id: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(ids) => ids.contains(call_id),
        }
    }

    /// A filter for what both the request and the key admit.
    pub(super) fn narrow(&self, filter: &CallFilter) -> CallFilter {
        let mut filter = filter.clone();
        if let Self::Only(seen) = self {
            filter.call_ids = Some(match filter.call_ids {
                Some(asked) => asked.intersection(seen).cloned().collect(),
                None => seen.clone(),
            });
        }
        filter
    }
}

impl SimulatorState {
    /// Narrows the key's sight to these calls, as an administrator does who changes
    /// the permission profile behind it. All others look deleted.
    pub fn show_only<I: Into<String>>(&self, call_ids: impl IntoIterator<Item = I>) {
        self.shared.lock().sight = Sight::Only(call_ids.into_iter().map(Into::into).collect());
    }

    /// Lets the key see every call again.
    pub fn show_all(&self) {
        self.shared.lock().sight = Sight::All;
    }

    /// Hides every call, as from a key without call visibility: filtered requests
    /// get the very 404 of an empty tenant. `false` shows all.
    pub fn hide_all_calls(&self, hide: bool) {
        match hide {
            true => self.show_only::<String>([]),
            false => self.show_all(),
        }
    }

    /// What a client with this key is served now, in Gong's order and without the
    /// bulk calls: those being analysed or out of sight are not there, and neither
    /// are transcripts that are kept back.
    pub fn served(&self) -> Vec<SimulatedCall> {
        let changing = self.shared.lock();
        let is_served = |id: &String| {
            let call = changing.catalogue.get(id)?;
            let is_visible = call.visibility == CallVisibility::Visible;
            (is_visible && changing.sight.sees(id)).then(|| call.as_served())
        };
        changing
            .catalogue
            .ids()
            .iter()
            .filter_map(is_served)
            .collect()
    }
}
