//! What every [`CrmSource`] does, whatever the implementation.
//!
//! [`crm_source_suite!`](crate::crm_source_suite) turns the cases into tests. Where the
//! contract leaves a choice (archived and merged records, secondary addresses, former
//! owners) a case expects what the source
//! [declares](hubspot_enrich::CrmCapabilities). No case covers errors, which
//! cannot be provoked from outside.

// The suite is test code, although it is a library.
#![allow(clippy::expect_used)]

use calls::{Deal, DealId};
use hubspot_enrich::{CrmSource, Result};

mod ages;
mod by_id;
mod by_key;
mod fixture;
mod relations;
pub use ages::{
    answers_alike_at_once_and_after_a_dropped_request, dates_what_it_read,
    lists_stages_by_pipeline_and_position,
};
pub use by_id::{
    answers_an_empty_request_with_an_empty_batch, answers_duplicates_once,
    finds_records_by_id_in_the_order_asked, keeps_missing_ids_apart, takes_requests_of_any_size,
    treats_archived_records_as_declared,
};
pub use by_key::{
    finds_every_company_of_a_domain, finds_nothing_for_blank_keys, matches_addresses_in_any_case,
    matches_domains_in_any_case_and_with_www, matches_secondary_addresses_as_declared,
    says_which_key_found_which_record,
};
pub use fixture::CrmFixture;
pub use relations::{
    answers_merged_ids_as_declared, associates_in_every_direction, finds_owners_by_id,
    finds_primary_associations_first, keeps_ids_without_associations_apart,
    refuses_kinds_that_nobody_associates,
};

/// Makes the cases of this module tests of one implementation.
///
/// Takes a name for the module of tests and an async function from a [`CrmFixture`]
/// to a source that holds it. The calling crate needs `tokio` with its macros.
///
/// With `or skip` behind it, the function returns an `Option`, and `None` skips: what it
/// needs is not there. With `at once or skip` one test runs all cases on one source, for
/// those that take long to make.
///
/// ```
/// use hubspot_enrich::InMemoryCrm;
/// use testkit::conformance::crm::CrmFixture;
///
/// async fn in_memory(fixture: CrmFixture) -> InMemoryCrm {
///     let crm = InMemoryCrm::new()
///         .with_deals(fixture.deals)
///         .with_contacts(fixture.contacts)
///         .with_companies(fixture.companies)
///         .with_stages(fixture.stages)
///         .with_owners(fixture.owners)
///         .with_owners([fixture.archived_owner]);
///     let (deal, contact, company) = fixture.merged;
///     crm.merge_deal(&deal.asked, &deal.survivor);
///     crm.merge_contact(&contact.asked, &contact.survivor);
///     crm.merge_company(&company.asked, &company.survivor);
///     let (contact, email) = fixture.secondary_email;
///     crm.put_secondary_email(&contact, &email);
///     crm
/// }
/// testkit::crm_source_suite!(in_memory_crm, in_memory);
/// ```
#[macro_export]
macro_rules! crm_source_suite {
    ($module:ident, $make:ident) => {
        $crate::crm_source_suite!(@all each $module, $make, Some);
    };
    ($module:ident, $make:ident, or skip) => {
        $crate::crm_source_suite!(@all each $module, $make, ::std::convert::identity);
    };
    ($module:ident, $make:ident, at once or skip) => {
        $crate::crm_source_suite!(@all at_once $module, $make, ::std::convert::identity);
    };
    (@all $how:ident $module:ident, $make:ident, $option:path) => {
        $crate::crm_source_suite!(@$how $module, $make, $option,
            has_a_name
            finds_records_by_id_in_the_order_asked
            keeps_missing_ids_apart
            treats_archived_records_as_declared
            answers_merged_ids_as_declared
            answers_duplicates_once
            answers_an_empty_request_with_an_empty_batch
            takes_requests_of_any_size
            matches_addresses_in_any_case
            matches_domains_in_any_case_and_with_www
            finds_every_company_of_a_domain
            says_which_key_found_which_record
            matches_secondary_addresses_as_declared
            finds_nothing_for_blank_keys
            finds_owners_by_id
            associates_in_every_direction
            finds_primary_associations_first
            keeps_ids_without_associations_apart
            refuses_kinds_that_nobody_associates
            lists_stages_by_pipeline_and_position
            dates_what_it_read
            answers_alike_at_once_and_after_a_dropped_request
        );
    };
    (@each $module:ident, $make:ident, $option:path, $($case:ident)+) => {
        mod $module {
            $(
                #[tokio::test]
                async fn $case() {
                    let fixture = $crate::conformance::crm::CrmFixture::new();
                    let made = super::$make(fixture.clone()).await;
                    let Some(source) = $option(made) else { return };
                    $crate::conformance::crm::$case(&source, &fixture).await;
                }
            )+
        }
    };
    (@at_once $module:ident, $make:ident, $option:path, $($case:ident)+) => {
        mod $module {
            #[tokio::test]
            async fn keeps_the_contract() {
                let fixture = $crate::conformance::crm::CrmFixture::new();
                let made = super::$make(fixture.clone()).await;
                let Some(source) = $option(made) else { return };
                $(
                    $crate::conformance::crm::$case(&source, &fixture).await;
                )+
            }
        }
    };
}

fn read<T>(answer: Result<T>) -> T {
    answer.expect("a source that holds the fixture answers")
}

/// What the contract promises about a deal; labels, probabilities and owners' names
/// are filled by sources that know them.
fn promised(deal: &Deal) -> Deal {
    let mut deal = deal.clone();
    deal.stage_label = None;
    deal.probability = None;
    deal.owner_name = None;
    deal
}

fn deal_ids(deals: &[Deal]) -> Vec<DealId> {
    deals.iter().map(|deal| deal.id.clone()).collect()
}

/// The name is not empty and does not change.
pub async fn has_a_name(source: &dyn CrmSource, _: &CrmFixture) {
    assert!(!source.name().trim().is_empty());
    assert_eq!(source.name(), source.name());
}
