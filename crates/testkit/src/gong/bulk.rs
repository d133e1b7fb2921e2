//! Many calls for load tests, generated while they are served.
//!
//! A few dozen synthetic conversations are written out once; each of the many
//! calls is one of them with another id, title and time. Serving a page copies
//! bytes, so the server costs little compared with the client being measured.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::catalogue::Slice;
use super::cursor::CallKey;
use super::filter::CallFilter;
use super::selector::ContentSelector;
use crate::synthetic::clock::CompanyClock;
use crate::synthetic::{SyntheticConfig, SyntheticOrg};

/// How many different conversations there are.
const VARIANTS: usize = 32;

/// Ids count up from here: 19 digits, beyond what an `f64` can hold.
const FIRST_ID: u64 = 7_000_000_000_000_000_001;

/// Calls for load tests: `count` of them, evenly spread over `days` before
/// `anchor`, with `sentences_per_call` sentences each.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkCalls {
    /// Number of calls.
    pub count: usize,
    /// Sentences of each transcript, exactly.
    pub sentences_per_call: usize,
    /// Seed of the conversations.
    pub seed: u64,
    /// The instant that stands for now.
    pub anchor: Timestamp,
    /// Days before the anchor.
    pub days: u32,
}

impl BulkCalls {
    /// Calls over the 60 days before now, with seed 1.
    pub fn new(count: usize, sentences_per_call: usize) -> Self {
        Self {
            count,
            sentences_per_call,
            seed: 1,
            anchor: Timestamp::now(),
            days: 60,
        }
    }

    /// Id of the call at an index, in the order of time.
    pub fn call_id(index: usize) -> String {
        (FIRST_ID + index as u64).to_string()
    }
}

/// JSON text of a call, cut where the values of one call go in.
#[derive(Debug)]
pub(super) struct Template {
    fragments: Vec<(Vec<u8>, Option<Hole>)>,
}

/// What goes between two fragments.
#[derive(Debug, Clone, Copy)]
enum Hole {
    Id,
    Number,
    Scheduled,
    Started,
}

/// Text that stands for each hole in a variant's JSON.
const HOLES: [(&str, Hole); 4] = [
    ("@CALL-ID@", Hole::Id),
    ("@NUMBER@", Hole::Number),
    ("@SCHEDULED@", Hole::Scheduled),
    ("@STARTED@", Hole::Started),
];

#[derive(Debug)]
struct Variant {
    /// The extensive call with holes.
    extensive: Value,
    /// What follows the id in the transcript item.
    transcript: Vec<u8>,
    primary_user_id: String,
    workspace_id: String,
}

/// [`BulkCalls`], ready to serve.
#[derive(Debug)]
pub(super) struct BulkSource {
    count: usize,
    first: Timestamp,
    step: SignedDuration,
    clock: CompanyClock,
    variants: Vec<Variant>,
    transcript_bytes: usize,
    users: Vec<Value>,
    workspaces: Vec<Value>,
    /// Templates by what is asked for: one client asks for one thing all the time.
    templates: Mutex<HashMap<ContentSelector, Arc<Vec<Template>>>>,
}

impl BulkSource {
    pub(super) fn prepare(bulk: BulkCalls) -> Self {
        let wanted = bulk.sentences_per_call;
        // The composer aims at a length and may miss it by a few sentences.
        let sentences = wanted + 20..=wanted + 20;
        let org = SyntheticOrg::generate(&SyntheticConfig {
            seed: bulk.seed,
            anchor: bulk.anchor,
            days: 60,
            deals: VARIANTS,
            sentences,
            written_deal: false,
        });
        let variants: Vec<Variant> = org
            .calls
            .into_iter()
            .filter_map(|call| variant(call.extensive, call.transcript?, wanted))
            .take(VARIANTS)
            .collect();
        let seconds = i64::from(bulk.days) * 86_400;
        let step_ms = seconds * 1_000 / bulk.count.max(1) as i64;
        Self {
            count: if variants.is_empty() { 0 } else { bulk.count },
            // Whole seconds, as `scheduled` has no fraction on the wire.
            first: Timestamp::from_second(bulk.anchor.as_second() - seconds).unwrap_or(bulk.anchor),
            step: SignedDuration::from_millis(step_ms),
            clock: CompanyClock::new(),
            transcript_bytes: variants
                .iter()
                .map(|v| v.transcript.len())
                .max()
                .unwrap_or(0)
                + 64,
            variants,
            users: org.users,
            workspaces: org.workspaces,
            templates: Mutex::default(),
        }
    }

    pub(super) fn users(&self) -> Vec<Value> {
        self.users.clone()
    }

    pub(super) fn workspaces(&self) -> Vec<Value> {
        self.workspaces.clone()
    }

    /// Length of the longest transcript item.
    pub(super) fn transcript_bytes(&self) -> usize {
        self.transcript_bytes
    }

    pub(super) fn index_of(&self, id: &str) -> Option<usize> {
        let index = usize::try_from(id.parse::<u64>().ok()?.checked_sub(FIRST_ID)?).ok()?;
        (index < self.count && id.len() == 19).then_some(index)
    }

    pub(super) fn key(&self, index: usize) -> CallKey {
        CallKey {
            time: self.time(index),
            id: BulkCalls::call_id(index),
        }
    }

    pub(super) fn metadata(&self, index: usize) -> Value {
        let mut call = Vec::new();
        self.write_call(
            index,
            &self.templates(&ContentSelector::default()),
            &mut call,
        );
        let mut call: Value = serde_json::from_slice(&call).unwrap_or_default();
        call["metaData"].take()
    }

    pub(super) fn slice(
        &self,
        filter: &CallFilter,
        after: Option<&CallKey>,
        limit: usize,
    ) -> Slice<usize> {
        let is_after = |index: &usize| after.is_none_or(|after| self.key(*index) > *after);
        let admits = |index: &usize| {
            let variant = self.variant(*index);
            filter.admits_time(self.time(*index))
                && filter.admits_workspace(Some(&variant.workspace_id))
                && filter.admits_primary_user(Some(&variant.primary_user_id))
        };
        if filter.is_impossible() {
            return Slice {
                items: Vec::new(),
                total: 0,
            };
        }
        if let Some(ids) = &filter.call_ids {
            let mut named: Vec<usize> = ids.iter().filter_map(|id| self.index_of(id)).collect();
            named.sort_unstable();
            named.retain(admits);
            let items = named.iter().copied().filter(is_after).take(limit).collect();
            return Slice {
                items,
                total: named.len(),
            };
        }
        let start = filter.from.map_or(0, |from| self.first_at_or_after(from));
        let end = filter
            .to
            .map_or(self.count, |to| self.first_at_or_after(to));
        let next = after.map_or(start, |after| {
            let candidate = self.first_at_or_after(after.time);
            // Several calls may share a second; ids tell which of them are new.
            (candidate..end).find(is_after).unwrap_or(end)
        });
        let items = (next.max(start)..end).filter(admits).take(limit).collect();
        let takes_all = filter.workspace_id.is_none() && filter.primary_user_ids.is_none();
        let total = if takes_all {
            end - start
        } else {
            (start..end).filter(admits).count()
        };
        Slice { items, total }
    }

    pub(super) fn write_transcript(&self, index: usize, body: &mut Vec<u8>) {
        body.extend_from_slice(b"{\"callId\":\"");
        body.extend_from_slice(BulkCalls::call_id(index).as_bytes());
        body.extend_from_slice(&self.variant(index).transcript);
    }

    pub(super) fn write_call(&self, index: usize, templates: &[Template], body: &mut Vec<u8>) {
        let time = self.time(index);
        for (fragment, hole) in &templates[index % templates.len()].fragments {
            body.extend_from_slice(fragment);
            match hole {
                Some(Hole::Id) => body.extend_from_slice(BulkCalls::call_id(index).as_bytes()),
                // Writing to memory cannot fail.
                Some(Hole::Number) => write!(body, "{index}").unwrap_or_default(),
                Some(Hole::Scheduled) => {
                    body.extend_from_slice(self.clock.wire(time).as_bytes());
                }
                Some(Hole::Started) => {
                    let started = time + SignedDuration::from_millis(17_250);
                    body.extend_from_slice(self.clock.wire(started).as_bytes());
                }
                None => {}
            }
        }
    }

    /// One template a variant for what is asked for.
    pub(super) fn templates(&self, selector: &ContentSelector) -> Arc<Vec<Template>> {
        let mut known = self
            .templates
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(templates) = known.get(selector) {
            return Arc::clone(templates);
        }
        let templates = self
            .variants
            .iter()
            .map(|variant| Template::cut(&selector.select(&variant.extensive, "bulk").to_string()))
            .collect();
        let templates = Arc::new(templates);
        known.insert(selector.clone(), Arc::clone(&templates));
        templates
    }

    fn variant(&self, index: usize) -> &Variant {
        &self.variants[index % self.variants.len()]
    }

    fn time(&self, index: usize) -> Timestamp {
        let exact = self.first + self.step * i32::try_from(index).unwrap_or(i32::MAX);
        Timestamp::from_second(exact.as_second()).unwrap_or(exact)
    }

    fn first_at_or_after(&self, time: Timestamp) -> usize {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.time(middle) < time {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        low
    }
}

impl Template {
    fn cut(text: &str) -> Self {
        let mut fragments = Vec::new();
        let mut rest = text;
        loop {
            let next = HOLES
                .iter()
                .filter_map(|(mark, hole)| Some((rest.find(mark)?, mark, hole)));
            let Some((at, mark, hole)) = next.min_by_key(|(at, _, _)| *at) else {
                fragments.push((rest.as_bytes().to_vec(), None));
                return Self { fragments };
            };
            fragments.push((rest.as_bytes()[..at].to_vec(), Some(*hole)));
            rest = &rest[at + mark.len()..];
        }
    }
}

/// Puts holes into a call; `None` when it is shorter than wanted.
fn variant(mut extensive: Value, mut transcript: Value, sentences: usize) -> Option<Variant> {
    let metadata = extensive.get_mut("metaData")?;
    let text = |metadata: &Value, key: &str| metadata[key].as_str().map(str::to_owned);
    let title = text(metadata, "title")?;
    let primary_user_id = text(metadata, "primaryUserId")?;
    let workspace_id = text(metadata, "workspaceId")?;
    metadata["id"] = "@CALL-ID@".into();
    metadata["url"] = "https://us-00000.app.gong.io/call?id=@CALL-ID@".into();
    metadata["title"] = format!("{title} @NUMBER@").into();
    metadata["scheduled"] = "@SCHEDULED@".into();
    metadata["started"] = "@STARTED@".into();
    metadata["direction"] = "Conference".into();
    shorten(&mut transcript, sentences)?;
    let monologues = transcript["transcript"].to_string();
    let transcript = format!("\",\"transcript\":{monologues}}}").into_bytes();
    Some(Variant {
        extensive,
        transcript,
        primary_user_id,
        workspace_id,
    })
}

/// Drops sentences from the end until `wanted` are left.
fn shorten(transcript: &mut Value, wanted: usize) -> Option<()> {
    let monologues = transcript.get_mut("transcript")?.as_array_mut()?;
    let mut left = wanted;
    for monologue in monologues.iter_mut() {
        let sentences = monologue.get_mut("sentences")?.as_array_mut()?;
        sentences.truncate(left);
        left -= sentences.len();
    }
    monologues.retain(|monologue| {
        monologue["sentences"]
            .as_array()
            .is_some_and(|s| !s.is_empty())
    });
    (left == 0).then_some(())
}
