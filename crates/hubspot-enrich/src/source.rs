//! A CRM as this workspace sees it.

use std::fmt::Debug;

use async_trait::async_trait;
use calls::{
    Association, Company, CompanyId, Contact, ContactId, CrmObjectKind, Deal, DealId, Owner,
    OwnerId,
};

use crate::{Batch, CrmCapabilities, Result, StageCatalogue};

/// A CRM that is read in batches.
///
/// # Contract
/// - **Found and missing** are kept apart: every requested key is either in
///   [`Batch::missing`] or answered by a record in [`Batch::found`]. A missing
///   record is never an error.
/// - **Archived** records (HubSpot's recycling bin) are missing, as if they had never
///   existed, unless the source declares
///   [`finds_archived`](CrmCapabilities::finds_archived).
/// - **Merged** records: an id that was merged away is missing, or answered by the
///   survivor, whose own id then differs from the requested one; the pair is in
///   [`Batch::merged`]. The source declares which of the two in
///   [`resolves_merged`](CrmCapabilities::resolves_merged).
/// - **Unreadable values** never fail a record: it lacks them, and
///   [`Batch::unreadable`] has them verbatim.
/// - **Duplicates** in the request change nothing: each record is found once and
///   each key missing once.
/// - **Order**: records requested by id come in the order in which their ids were
///   first mentioned, survivors of merges last; records requested by another key
///   come by ascending id, compared as text. `missing` keeps the order of first
///   mention.
/// - **Other keys**: e-mail addresses match in any case; domains in any case, with
///   or without `www.`. White space around either is ignored; an empty one is
///   missing. Variants of one key are duplicates, and `missing` has the first.
///   Several records may match one key: all of them are found, and
///   [`Batch::matches`] says which record matches which key, by the position of the key and
///   then by ascending id.
/// - **Empty input** gives an empty batch without a request.
/// - **Size**: any. A source splits the request into what its backend takes.
/// - **All or nothing**: a request is an error if any part of it cannot be read;
///   nothing is reported missing that was not looked up.
/// - **Freshness**: [`Batch::read_at`] is when reading the oldest part of the
///   answer began, which for a source that caches answers may be a while ago.
///   [`Batch::as_of`] is how fresh the content is, which is earlier for a source that reads
///   a copy of the CRM. The same holds for [`StageCatalogue`].
/// - **Retries** happen inside; a returned error is final for now. Kinds to
///   expect: `Auth`, `Permission`, `RateLimited`, `QuotaExhausted`, `Transient`,
///   `Decode`.
/// - **Idempotence and cancellation**: requests only read, so dropping a future
///   loses nothing.
///
/// The conformance suite in `testkit` checks whatever of this is visible from outside.
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
    /// [`Deal::stage_stays`] covers the stages that the source has returned from
    /// [`stages`](Self::stages) before: HubSpot keeps the dates in properties named after
    /// the stage.
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

    /// Owners of records by id. Former users are still owners, with
    /// [`Owner::archived`] set, if the source knows them.
    async fn owners(&self, ids: &[OwnerId]) -> Result<Batch<Owner, OwnerId>>;

    /// The records of kind `to` that records of kind `from` are associated with:
    /// deals, contacts and companies, in any direction between two of them.
    ///
    /// Associations come in the order in which their [`from_id`](Association::from_id)s
    /// were first mentioned, primary ones before the others, and then by ascending
    /// [`to_id`](Association::to_id), compared as text; two records are associated once,
    /// however many labels the association has. Ids with no associated record of the kind
    /// are missing, whether or not such a record exists. Ids that were merged away have
    /// no associations: those are the survivor's.
    ///
    /// # Errors
    /// `Unsupported` for kinds that the source does not associate; otherwise as for all methods.
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

/// Pointers do as what they point to, and what is traced in spans.
macro_rules! forward {
    ($($methods:tt)*) => {
        resilience::forward_pointers! { CrmSource { $($methods)* } }
        resilience::forward_in_spans! { "crm" for CrmSource { $($methods)* } }
    };
}

forward! {
    fn name(&self) -> &str;
    fn capabilities(&self) -> CrmCapabilities;
    async fn deals(&self, ids: &[DealId]) -> Result<Batch<Deal, DealId>>;
    async fn contacts(&self, ids: &[ContactId]) -> Result<Batch<Contact, ContactId>>;
    async fn contacts_by_email(&self, emails: &[String]) -> Result<Batch<Contact, String>>;
    async fn companies(&self, ids: &[CompanyId]) -> Result<Batch<Company, CompanyId>>;
    async fn companies_by_domain(&self, domains: &[String]) -> Result<Batch<Company, String>>;
    async fn owners(&self, ids: &[OwnerId]) -> Result<Batch<Owner, OwnerId>>;
    async fn associations(
        &self,
        from: &CrmObjectKind,
        ids: &[String],
        to: &CrmObjectKind,
    ) -> Result<Batch<Association, String>>;
    async fn stages(&self) -> Result<StageCatalogue>;
}
