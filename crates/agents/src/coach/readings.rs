//! The readings of one reader: two see different things in the same call, so only those of
//! one are compared.

use std::collections::HashMap;

use calls::{CallId, Provenance};
use snowflake_store::{CallHeader, CallReader, CallReading, CoachingCall};

use super::moment_advice::ReadCall;
use crate::Result;
use crate::prose;

/// Newest calls whose readings are looked at.
const MOST_READ: usize = 100;

/// Readings of calls by one reader.
#[derive(Debug)]
pub(crate) struct Readings {
    /// Who read; `None` when nobody did and nobody was named.
    pub(crate) reader: Option<Provenance>,
    by_call: HashMap<CallId, CallReading>,
    asked: usize,
}

impl Readings {
    /// Those of a reader, or of the one who read most of these calls.
    pub(crate) async fn of(
        store: &dyn CallReader,
        calls: &[CoachingCall],
        reader: Option<&Provenance>,
    ) -> Result<Self> {
        let ids = calls.iter().map(|call| call.header.id.clone());
        Self::of_ids(store, ids.take(MOST_READ).collect(), reader).await
    }

    pub(crate) async fn of_ids(
        store: &dyn CallReader,
        ids: Vec<CallId>,
        reader: Option<&Provenance>,
    ) -> Result<Self> {
        let readings = store.readings(&ids, reader).await?;
        let reader = reader.cloned().or_else(|| most_frequent(&readings));
        let of_reader = readings
            .into_iter()
            .filter(|one| Some(&one.provenance) == reader.as_ref());
        Ok(Self {
            by_call: of_reader.map(|one| (one.call_id.clone(), one)).collect(),
            reader,
            asked: ids.len(),
        })
    }

    /// The calls that were read, in the order given.
    pub(crate) fn calls<'a>(
        &'a self,
        headers: impl IntoIterator<Item = &'a CallHeader>,
    ) -> Vec<ReadCall<'a>> {
        let with_reading = headers.into_iter().filter_map(|header| {
            let reading = &self.by_call.get(&header.id)?.reading;
            Some(ReadCall { header, reading })
        });
        with_reading.collect()
    }

    /// What is to be said about the calls that were not read.
    pub(crate) fn note(&self, calls: usize) -> Option<String> {
        let (read, all) = (self.by_call.len(), prose::count(calls, "call"));
        let limit = match calls > self.asked {
            true => format!(" The {} newest are looked at.", self.asked),
            false => String::new(),
        };
        let Some(reader) = &self.reader else {
            return Some(format!(
                "None of the {all} has been read: there are no moments."
            ));
        };
        (read < calls).then(|| {
            format!(
                "Moments come from {read} of {all}, those that {} {} has read.{limit}",
                reader.backend, reader.model
            )
        })
    }
}

fn most_frequent(readings: &[CallReading]) -> Option<Provenance> {
    let mut counts: HashMap<&Provenance, usize> = HashMap::new();
    for reading in readings {
        *counts.entry(&reading.provenance).or_default() += 1;
    }
    let most = counts.into_iter().max_by(|a, b| {
        let name = |one: &Provenance| (one.backend.clone(), one.model.clone());
        a.1.cmp(&b.1).then_with(|| name(b.0).cmp(&name(a.0)))
    });
    most.map(|(reader, _)| reader.clone())
}
