//! Readings of another reader, where this one has read nothing: two readers see different
//! things in the same call, so whoever uses one says whose it is.

use calls::Provenance;

use crate::prose;

/// Whose readings stood in for how many calls.
#[derive(Debug, Default)]
pub(crate) struct StandingIn {
    calls: usize,
    readers: Vec<Provenance>,
}

impl StandingIn {
    /// Counts a reading that is used of a call that `reader` was to read.
    pub(crate) fn count(&mut self, used: &Provenance, reader: &Provenance) {
        if used == reader {
            return;
        }
        self.calls += 1;
        if !self.readers.contains(used) {
            self.readers.push(used.clone());
        }
    }

    /// What is to be said about it; `None` where this reader has read all.
    pub(crate) fn said(&self, reader: &Provenance) -> Option<String> {
        let named = |one: &Provenance| format!("{} {}", one.backend, one.model);
        let others: Vec<String> = self.readers.iter().map(named).collect();
        (self.calls > 0).then(|| {
            format!(
                "{}, which {} has not read, {} taken as {} read {}",
                prose::count(self.calls, "call"),
                named(reader),
                if self.calls == 1 { "is" } else { "are" },
                others.join(" and "),
                if self.calls == 1 { "it" } else { "them" },
            )
        })
    }
}
