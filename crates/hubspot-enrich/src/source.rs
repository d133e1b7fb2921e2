//! What this workspace asks of a CRM.

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use calls::{Company, CompanyId, Contact, ContactId, Deal, DealId, Stage};

use crate::{Batch, Result};

/// A CRM that is read in batches.
///
/// # Contract
/// - **Found and missing** are kept apart: every key asked for is either in
///   [`Batch::missing`] or answered by a record in [`Batch::found`]. That something
///   does not exist is never an error.
/// - **Archived** records (HubSpot's recycling bin) are missing, like ones that
///   never were.
/// - **Merged** records: an id that was merged away is missing or answered by the
///   survivor, whose own id then differs from the one asked for; which of the two
///   is up to the source.
/// - **Duplicates** in the request change nothing: each record is found once and
///   each key missing once.
/// - **Order**: records asked for by id come in the order in which their ids were
///   first mentioned, survivors of merges last; records asked for by another key
///   come by ascending id, compared as text. `missing` keeps the order of first
///   mention.
/// - **Other keys**: e-mail addresses match in any case; domains in any case, with
///   or without `www.`. White space around either is ignored; an empty one is
///   missing. Spellings of one key are duplicates, and `missing` holds the first.
///   Several records may answer to one key: all of them are found.
/// - **Empty input** gives an empty batch without asking anybody.
/// - **Size**: any. A source cuts the request into what its backend takes.
/// - **All or nothing**: a request of which a part cannot be read is an error;
///   nothing is reported missing that was not looked for.
/// - **Freshness**: [`Batch::read_at`] is when the reading began.
/// - **Retries** happen inside; an error that comes out is final for now. Kinds to
///   expect: `Auth`, `Permission`, `RateLimited`, `QuotaExhausted`, `Transient`,
///   `Decode`.
/// - **Idempotence and cancellation**: requests only read, so dropping a future
///   loses nothing.
///
/// The conformance suite in `testkit` checks what of this can be checked from outside.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait CrmSource: Debug + Send + Sync + 'static {
    /// A short stable name of the source, such as `in-memory`, for logs and reports.
    fn name(&self) -> &str;

    /// Deals by id.
    ///
    /// [`Deal::stage_label`] is filled where the source knows it without a further
    /// request; [`resolve_stage_labels`](crate::resolve_stage_labels) fills the rest.
    async fn deals(&self, ids: &[DealId]) -> Result<Batch<Deal, DealId>>;

    /// Contacts by id.
    async fn contacts(&self, ids: &[ContactId]) -> Result<Batch<Contact, ContactId>>;

    /// Contacts by e-mail address, which may be a secondary one that
    /// [`Contact::email`] does not show.
    async fn contacts_by_email(&self, emails: &[String]) -> Result<Batch<Contact, String>>;

    /// Companies by id.
    async fn companies(&self, ids: &[CompanyId]) -> Result<Batch<Company, CompanyId>>;

    /// Companies by web domain.
    async fn companies_by_domain(&self, domains: &[String]) -> Result<Batch<Company, String>>;

    /// Every stage of every deal pipeline, by pipeline and then by
    /// [`Stage::display_order`].
    async fn stages(&self) -> Result<Vec<Stage>>;
}

macro_rules! forward {
    ($($pointer:ident),+) => {$(
        #[async_trait]
        #[deny(clippy::missing_trait_methods)]
        impl<T: CrmSource + ?Sized> CrmSource for $pointer<T> {
            fn name(&self) -> &str {
                (**self).name()
            }

            async fn deals(&self, ids: &[DealId]) -> Result<Batch<Deal, DealId>> {
                (**self).deals(ids).await
            }

            async fn contacts(&self, ids: &[ContactId]) -> Result<Batch<Contact, ContactId>> {
                (**self).contacts(ids).await
            }

            async fn contacts_by_email(&self, emails: &[String]) -> Result<Batch<Contact, String>> {
                (**self).contacts_by_email(emails).await
            }

            async fn companies(&self, ids: &[CompanyId]) -> Result<Batch<Company, CompanyId>> {
                (**self).companies(ids).await
            }

            async fn companies_by_domain(
                &self,
                domains: &[String],
            ) -> Result<Batch<Company, String>> {
                (**self).companies_by_domain(domains).await
            }

            async fn stages(&self) -> Result<Vec<Stage>> {
                (**self).stages().await
            }
        }
    )+};
}
forward!(Arc, Box);
