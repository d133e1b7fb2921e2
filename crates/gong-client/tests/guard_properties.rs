//! Whatever a server serves, a stream delivers each record once and in order, and
//! stops soon after the server has stopped getting anywhere.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use calls::{Call, CallId, RawDocument};
use futures_util::StreamExt;
use gong_client::{
    CallFilter, ContentSelector, Cursor, Error, GongApi, GongApiExt, Listing, Page, PageGuard,
    Rejected, Result, TranscriptFilter, User, Workspace,
};
use proptest::prelude::*;
use resilience::ErrorKind;
use serde_json::json;
use serde_json::value::{RawValue, to_raw_value};

/// Where a scripted page leads.
#[derive(Debug, Clone, Copy)]
enum Next {
    End,
    /// To a page, by the cursor that always leads there.
    Known(usize),
    /// To a page, by a cursor never seen before.
    New(usize),
}

#[derive(Debug, Clone)]
struct ScriptedPage {
    records: Vec<u8>,
    rejected: Vec<u8>,
    total: Option<u64>,
    next: Next,
}

/// A listing of transcripts, and how many requests it has answered.
#[derive(Debug)]
struct Scripted {
    pages: Vec<ScriptedPage>,
    requests: AtomicUsize,
}

impl Scripted {
    fn new(pages: Vec<ScriptedPage>) -> Self {
        Self {
            pages,
            requests: AtomicUsize::new(0),
        }
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }

    /// The pages that requests meet one after the other, `most` of them at most.
    fn walk(&self, most: usize) -> impl Iterator<Item = &ScriptedPage> {
        let next = |page: &&ScriptedPage| match page.next {
            Next::End => None,
            Next::Known(to) | Next::New(to) => self.pages.get(to),
        };
        std::iter::successors(self.pages.first(), next).take(most)
    }
}

fn nothing<T>() -> Result<T> {
    Err(Error::new(ErrorKind::Unsupported, "not scripted"))
}

#[async_trait]
impl GongApi for Scripted {
    fn authority(&self) -> String {
        "scripted".to_owned()
    }

    async fn users(&self, _: Option<Cursor>) -> Result<Page<User>> {
        nothing()
    }

    async fn workspaces(&self) -> Result<Vec<Workspace>> {
        nothing()
    }

    async fn calls(&self, _: &CallFilter, _: Option<Cursor>) -> Result<Page<Call>> {
        nothing()
    }

    async fn call(&self, _: &CallId) -> Result<Call> {
        nothing()
    }

    async fn records(&self, _: &Listing, _: Option<Cursor>) -> Result<Page<Box<RawValue>>> {
        nothing()
    }

    async fn extensive_calls(
        &self,
        _: &CallFilter,
        _: &ContentSelector,
        _: Option<Cursor>,
    ) -> Result<Page<RawDocument>> {
        nothing()
    }

    async fn transcripts(
        &self,
        _: &TranscriptFilter,
        cursor: Option<Cursor>,
    ) -> Result<Page<RawDocument>> {
        let request = self.requests.fetch_add(1, Ordering::Relaxed);
        let at = cursor.map_or(0, |cursor| {
            let page = cursor.as_str().split('#').next().unwrap();
            page.parse().unwrap()
        });
        let scripted = &self.pages[at];
        let items = scripted.records.iter().map(|id| RawDocument {
            call_id: CallId::new(id.to_string()),
            json: to_raw_value(&json!({"callId": id.to_string()})).unwrap(),
        });
        let mut page = Page::new(items.collect());
        page.rejected = scripted
            .rejected
            .iter()
            .map(|id| Rejected::new(0, None, "no id", format!("{{\"n\":{id}}}")))
            .collect();
        page.total_records = scripted.total;
        page.next = match scripted.next {
            Next::End => None,
            Next::Known(to) => Some(Cursor::new(to.to_string())),
            Next::New(to) => Some(Cursor::new(format!("{to}#{request}"))),
        };
        Ok(page)
    }
}

/// Ids and payloads as they came, how it ended, and the requests at the last of them.
struct Followed {
    records: Vec<String>,
    end: Option<Error>,
    requests_at_last: usize,
}

fn follow(api: &Scripted) -> Followed {
    let mut followed = Followed {
        records: Vec::new(),
        end: None,
        requests_at_last: 0,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut pages = api.transcript_pages(TranscriptFilter::default());
        while let Some(page) = pages.next().await {
            let page = match page {
                Ok(page) => page,
                Err(error) => {
                    followed.end = Some(error);
                    continue;
                }
            };
            let before = followed.records.len();
            let ids = page.items.iter().map(|item| item.call_id.to_string());
            followed.records.extend(ids);
            let payloads = page.rejected.into_iter().map(|record| record.payload);
            followed.records.extend(payloads);
            if followed.records.len() > before {
                followed.requests_at_last = api.requests();
            }
        }
    });
    followed
}

/// Each record of some pages, where it first comes.
fn in_order<'a>(pages: impl Iterator<Item = &'a ScriptedPage>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut records = Vec::new();
    for page in pages {
        let ids = page.records.iter().map(u8::to_string);
        let rejected = page.rejected.iter().map(|id| format!("{{\"n\":{id}}}"));
        for record in ids.chain(rejected) {
            if seen.insert(record.clone()) {
                records.push(record);
            }
        }
    }
    records
}

/// Any pages that lead anywhere.
fn any_listing() -> impl Strategy<Value = Vec<ScriptedPage>> {
    (1..9_usize).prop_flat_map(|count| {
        let next = prop_oneof![
            1 => Just(Next::End),
            4 => (0..count).prop_map(Next::Known),
            4 => (0..count).prop_map(Next::New),
        ];
        let page = (
            prop::collection::vec(any::<u8>(), 0..5),
            prop::collection::vec(any::<u8>(), 0..2),
            prop::option::of(0..40_u64),
            next,
        );
        let page = page.prop_map(|(records, rejected, total, next)| ScriptedPage {
            records,
            rejected,
            total,
            next,
        });
        prop::collection::vec(page, count)
    })
}

proptest! {
    #[test]
    fn any_listing_ends_soon_after_its_last_new_record(pages in any_listing()) {
        let api = Scripted::new(pages);
        let followed = follow(&api);
        let read = in_order(api.walk(api.requests()));
        // Once each and in order, whatever was served how often.
        prop_assert_eq!(&followed.records, &read);
        prop_assert!(api.requests() - followed.requests_at_last <= 2);
        match followed.end {
            None => prop_assert_eq!(&followed.records, &in_order(api.walk(1_000))),
            Some(error) => {
                prop_assert_eq!(error.kind(), ErrorKind::Decode);
                prop_assert!(error.to_string().starts_with("/v2/calls/transcript: "));
            }
        }
    }

    /// Honest pages, short and empty ones between them, are read to their end.
    #[test]
    fn an_honest_listing_is_never_cut_off(
        sizes in prop::collection::vec(0..6_u8, 1..40),
        known_total in any::<bool>(),
    ) {
        let mut id = 0_u8;
        let mut pages: Vec<ScriptedPage> = Vec::new();
        for size in sizes {
            // No two empty pages in a row.
            let size = match pages.last() {
                Some(last) if last.records.is_empty() => size.max(1),
                _ => size,
            };
            let records = (id..id + size).collect();
            id += size;
            pages.push(ScriptedPage { records, rejected: vec![], total: None, next: Next::End });
        }
        // A server that knows its total serves as many a page, the last one aside.
        if known_total {
            let all: Vec<u8> = pages.iter().flat_map(|page| page.records.clone()).collect();
            let total = all.len() as u64;
            pages = all.chunks(5).map(|records| ScriptedPage {
                records: records.to_vec(), rejected: vec![], total: Some(total), next: Next::End,
            }).collect();
        }
        let last = pages.len().saturating_sub(1);
        for (at, page) in pages.iter_mut().enumerate().take(last) {
            page.next = if at % 2 == 0 { Next::Known(at + 1) } else { Next::New(at + 1) };
        }
        prop_assume!(!pages.is_empty());
        let api = Scripted::new(pages);
        let followed = follow(&api);
        prop_assert!(followed.end.is_none(), "{:?}", followed.end);
        prop_assert_eq!(followed.records, in_order(api.walk(1_000)));
        prop_assert_eq!(api.requests(), api.pages.len());
    }

    /// With cursors that are page numbers, a deletion between two pages may cost a
    /// record that was there all the time. The guard then says that the total shrank.
    #[test]
    fn a_record_that_slipped_through_is_never_lost_silently(
        count in 1..40_u32,
        page_size in 1..8_usize,
        deletions in prop::collection::vec((0..40_u32, 0..8_usize), 0..6),
    ) {
        let mut served: Vec<u32> = (0..count).collect();
        let mut guard = PageGuard::new("/v2/calls/extensive");
        let mut seen = BTreeSet::new();
        for number in 0.. {
            let start = (number * page_size).min(served.len());
            let end = (start + page_size).min(served.len());
            let mut page = Page::new(served[start..end].to_vec());
            page.total_records = Some(served.len() as u64);
            page.next = (end < served.len()).then(|| Cursor::new(number.to_string()));
            let before = seen.len();
            seen.extend(page.items.iter().copied());
            prop_assert!(guard.accept(&page, seen.len() - before).is_ok());
            if page.next.is_none() {
                break;
            }
            for (gone, _) in deletions.iter().filter(|(_, after)| *after == number) {
                served.retain(|id| id != gone);
            }
        }
        let lost = served.iter().any(|id| !seen.contains(id));
        prop_assert!(!lost || guard.shrank());
    }
}
