//! A CRM as this workspace sees it.

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use calls::{
    Association, Company, CompanyId, Contact, ContactId, CrmObjectKind, Deal, DealId, Owner,
    OwnerId,
};

use crate::{Batch, CrmCapabilities, Result, StageCatalogue};

/// A CRM that is read in batches.
///
/// # Contract
/// - **Found and missing** are kept apart: every key asked for is either in
///   [`Batch::missing`] or answered by a record in [`Batch::found`]. That something
///   does not exist is never an error.
/// - **Archived** records (HubSpot's recycling bin) are missing, like ones that
///   never were, unless the source declares
///   [`finds_archived`](CrmCapabilities::finds_archived).
/// - **Merged** records: an id that was merged away is missing, or answered by the
///   survivor, whose own id then differs from the one asked for; the pair is in
///   [`Batch::merged`]. Which of the two the source declares in
///   [`resolves_merged`](CrmCapabilities::resolves_merged).
/// - **Unreadable values** never fail a record: it lacks them, and
///   [`Batch::unreadable`] has them as they came.
/// - **Duplicates** in the request change nothing: each record is found once and
///   each key missing once.
/// - **Order**: records asked for by id come in the order in which their ids were
///   first mentioned, survivors of merges last; records asked for by another key
///   come by ascending id, compared as text. `missing` keeps the order of first
///   mention.
/// - **Other keys**: e-mail addresses match in any case; domains in any case, with
///   or without `www.`. White space around either is ignored; an empty one is
///   missing. Spellings of one key are duplicates, and `missing` holds the first.
///   Several records may answer to one key: all of them are found, and
///   [`Batch::matches`] says which answers to which, by the place of the key and then by
///   ascending id.
/// - **Empty input** gives an empty batch without asking anybody.
/// - **Size**: any. A source cuts the request into what its backend takes.
/// - **All or nothing**: a request of which a part cannot be read is an error;
///   nothing is reported missing that was not looked for.
/// - **Freshness**: [`Batch::read_at`] is when the reading of the oldest part of the
///   answer began, which for a source that keeps answers may be a while ago.
///   [`Batch::as_of`] is how old the content is, which for a source that reads a copy of
///   the CRM is earlier. The same holds for [`StageCatalogue`].
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

    /// What it does where the contract leaves a choice.
    fn capabilities(&self) -> CrmCapabilities;

    /// Deals by id, with the contacts and companies associated with them.
    ///
    /// [`Deal::stage_label`] is filled where the source knows it without a further
    /// request; [`resolve_stage_labels`](crate::resolve_stage_labels) fills the rest.
    /// [`Deal::stage_stays`] are those in stages that the source has been asked for with
    /// [`stages`](Self::stages) before: HubSpot keeps the dates in properties that are named
    /// by the stage.
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

    /// Owners of records by id. Those who left are owners still, with
    /// [`Owner::archived`] set, where the source knows them.
    async fn owners(&self, ids: &[OwnerId]) -> Result<Batch<Owner, OwnerId>>;

    /// What records of the kind `from` are associated with among the records of the kind
    /// `to`: deals, contacts and companies, in any direction between two of them.
    ///
    /// Associations come in the order in which their [`from_id`](Association::from_id)s
    /// were first mentioned, primary ones before the others, and then by ascending
    /// [`to_id`](Association::to_id), compared as text; two records are associated once,
    /// however many labels that has. Missing are ids with which nothing of the kind is
    /// associated, whether or not there is such a record. Ids that were merged away have
    /// no associations: those are the survivor's.
    ///
    /// # Errors
    /// `Unsupported` for kinds that the source does not associate, and as all methods.
    async fn associations(
        &self,
        from: &CrmObjectKind,
        ids: &[String],
        to: &CrmObjectKind,
    ) -> Result<Batch<Association, String>>;

    /// Every stage of every deal pipeline, by pipeline and then by
    /// [`Stage::display_order`](calls::Stage::display_order).
    async fn stages(&self) -> Result<StageCatalogue>;
}

macro_rules! forward {
    ($($pointer:ident),+) => {$(
        #[async_trait]
        #[deny(clippy::missing_trait_methods)]
        impl<T: CrmSource + ?Sized> CrmSource for $pointer<T> {
            fn name(&self) -> &str {
                (**self).name()
            }

            fn capabilities(&self) -> CrmCapabilities {
                (**self).capabilities()
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

            async fn owners(&self, ids: &[OwnerId]) -> Result<Batch<Owner, OwnerId>> {
                (**self).owners(ids).await
            }

            async fn associations(
                &self,
                from: &CrmObjectKind,
                ids: &[String],
                to: &CrmObjectKind,
            ) -> Result<Batch<Association, String>> {
                (**self).associations(from, ids, to).await
            }

            async fn stages(&self) -> Result<StageCatalogue> {
                (**self).stages().await
            }
        }
    )+};
}
forward!(Arc, Box);
