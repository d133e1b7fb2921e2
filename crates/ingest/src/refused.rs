//! A page of which the store refuses a document.
//!
//! Stores take a page whole or not at all, so one document that a store cannot hold
//! would cost the ninety-nine beside it. The page is cut in two until that document
//! stands alone; the rest of it lands.

use calls::RawDocument;
use resilience::ErrorKind;
use snowflake_store::{CallStore, Landed, LandedCounts, LandingPage, Stream};

use crate::Result;

/// A document that the store refused, and why.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) stream: Stream,
    pub(crate) document: RawDocument,
    pub(crate) reason: String,
}

/// Lands a page without the documents that the store refuses.
pub(crate) async fn land(
    store: &dyn CallStore,
    page: LandingPage,
) -> Result<(Landed, Vec<Refused>)> {
    // What a clone costs is small beside landing: documents are needed again only here.
    let error = match store.land(page.clone()).await {
        Ok(landed) => return Ok((landed, Vec::new())),
        Err(error) => error,
    };
    let has_documents = !page.calls.is_empty() || !page.transcripts.is_empty();
    if error.kind() != ErrorKind::InvalidInput || !has_documents {
        return Err(error.into());
    }
    let rest = LandingPage {
        calls: Vec::new(),
        transcripts: Vec::new(),
        ..page.clone()
    };
    let mut landed = Landed::default();
    let mut refused = Vec::new();
    let mut parts = vec![documents(page)];
    while let Some(mut part) = parts.pop() {
        match store.land(as_page(&rest.run_id, &part)).await {
            Ok(of_part) => add(&mut landed, of_part),
            Err(error) if error.kind() != ErrorKind::InvalidInput => return Err(error.into()),
            Err(error) if part.len() == 1 => {
                let reason = format!("refused by the store: {}", error.message());
                refused.extend(part.into_iter().map(|(stream, document)| Refused {
                    stream,
                    document,
                    reason: reason.clone(),
                }));
            }
            Err(_) => {
                let later = part.split_off(part.len() / 2);
                parts.extend([later, part]);
            }
        }
    }
    add(&mut landed, store.land(rest).await?);
    Ok((landed, refused))
}

fn documents(page: LandingPage) -> Vec<(Stream, RawDocument)> {
    let of = |stream| move |document| (stream, document);
    let calls = page.calls.into_iter().map(of(Stream::Calls));
    let transcripts = page.transcripts.into_iter();
    calls
        .chain(transcripts.map(of(Stream::Transcripts)))
        .collect()
}

fn as_page(run_id: &str, part: &[(Stream, RawDocument)]) -> LandingPage {
    let of = |stream| {
        let of_stream = part.iter().filter(move |(kind, _)| *kind == stream);
        of_stream.map(|(_, document)| document.clone()).collect()
    };
    LandingPage {
        run_id: run_id.to_owned(),
        calls: of(Stream::Calls),
        transcripts: of(Stream::Transcripts),
        ..LandingPage::default()
    }
}

fn add(landed: &mut Landed, part: Landed) {
    add_counts(&mut landed.calls, part.calls);
    add_counts(&mut landed.transcripts, part.transcripts);
    landed.deleted += part.deleted;
    landed.withdrawn += part.withdrawn;
    for id in part.changed {
        if !landed.changed.contains(&id) {
            landed.changed.push(id);
        }
    }
}

fn add_counts(counts: &mut LandedCounts, part: LandedCounts) {
    counts.inserted += part.inserted;
    counts.updated += part.updated;
    counts.unchanged += part.unchanged;
}
