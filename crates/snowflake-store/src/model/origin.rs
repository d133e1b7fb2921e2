//! The origin: which tenant a store mirrors.

/// The tenant, and the part of it, that a store mirrors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Authority of the API: host and, where it is not the default, port.
    pub host: String,
    /// The workspaces that were chosen, ascending and each once; empty for all.
    pub workspaces: Vec<String>,
}

impl Origin {
    /// As it is stored: workspaces in order, each once.
    pub(crate) fn in_order(&self) -> Self {
        let mut workspaces = self.workspaces.clone();
        workspaces.sort_unstable();
        workspaces.dedup();
        Self {
            host: self.host.clone(),
            workspaces,
        }
    }
}
