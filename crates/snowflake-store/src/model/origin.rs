//! The origin: which tenant a store mirrors.

/// The tenant that a store mirrors, and which part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Authority of the API: host and, where it is not the default, port.
    pub host: String,
    /// The chosen workspaces, ascending and each once; empty for all.
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
