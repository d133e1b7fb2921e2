//! Listings beside calls, their records as Gong sends them.

use serde_json::value::RawValue;

use crate::groups::stats::{ActivityFilter, AnsweredScorecardFilter};
use crate::groups::words::ReviewMethod;
use crate::{Cursor, GongClient, Listing, Page, Result, decode};

/// One page. What has no pages comes as one.
pub(crate) async fn page(
    client: &GongClient,
    listing: &Listing,
    cursor: Option<Cursor>,
) -> Result<Page<Box<RawValue>>> {
    let empty: Option<fn() -> Page<Box<RawValue>>> = Some(Page::default);
    match listing {
        Listing::Users => {
            let users = client.users().list(false);
            users.read_by(decode::raw).page(cursor).await
        }
        Listing::Workspaces => {
            let all = client.settings().workspaces();
            all.read_by(decode::raw, empty).await
        }
        Listing::Scorecards => {
            let all = client.settings().scorecards();
            all.read_by(decode::raw, empty).await
        }
        Listing::Trackers => {
            let all = client.settings().trackers(None);
            all.read_by(decode::raw, empty).await
        }
        Listing::LibraryFolders(workspace) => {
            let all = client.library().folders(workspace.clone());
            all.read_by(decode::raw, empty).await
        }
        Listing::AnsweredScorecards { from, to } => {
            let filter = AnsweredScorecardFilter::new()
                .review_from_date(*from)
                .review_to_date(*to)
                .review_method(ReviewMethod::Both);
            let answered = client.stats().answered_scorecards(filter);
            answered.read_by(decode::raw).page(cursor).await
        }
        Listing::InteractionStats { from, to } => {
            let stats = client.stats().interaction(ActivityFilter::new(*from, *to));
            stats.read_by(decode::raw).page(cursor).await
        }
        Listing::ActivityStats { from, to } => {
            let stats = client.stats().activity(ActivityFilter::new(*from, *to));
            stats.read_by(decode::raw).page(cursor).await
        }
    }
}
