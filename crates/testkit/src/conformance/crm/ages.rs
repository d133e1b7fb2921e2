//! Cases about the catalogue of stages, and about how old answers are.

use std::time::Duration;

use calls::{CrmObjectKind, Stage, Timestamp};
use hubspot_enrich::CrmSource;

use super::{CrmFixture, deal_ids, read};

/// All stages of all pipelines, in order.
pub async fn lists_stages_by_pipeline_and_position(source: &dyn CrmSource, fixture: &CrmFixture) {
    let mut expected: Vec<Stage> = fixture.stages.clone();
    expected
        .sort_by(|a, b| (&a.pipeline_id, a.display_order).cmp(&(&b.pipeline_id, b.display_order)));
    assert_eq!(read(source.stages().await).stages, expected);
}

/// An answer says when it was read, and how old at most it is: no older than the source
/// declares, or, of a copy of the CRM, as old as the copy.
pub async fn dates_what_it_read(source: &dyn CrmSource, fixture: &CrmFixture) {
    let started = Timestamp::now();
    let declared = source.capabilities();
    let check = |read_at: Timestamp, as_of: Timestamp, lag: Option<Duration>| {
        assert!(read_at > Timestamp::UNIX_EPOCH && read_at <= Timestamp::now());
        assert!(as_of <= read_at, "{as_of} {read_at}");
        if declared.reads_a_copy {
            assert!(as_of < started, "a copy is older than its reading");
        } else if let Some(lag) = lag {
            assert!(as_of >= started - lag, "{as_of} {lag:?}");
        }
    };
    let deals = read(source.deals(&deal_ids(&fixture.deals)).await);
    check(deals.read_at, deals.as_of, declared.max_lag);
    let emails: Vec<String> = fixture.contacts[0].email.iter().cloned().collect();
    let contacts = read(source.contacts_by_email(&emails).await);
    check(contacts.read_at, contacts.as_of, declared.max_lag);
    if declared.reads_a_copy {
        for as_of in [deals.as_of, contacts.as_of] {
            assert!(as_of <= fixture.copied_at, "{as_of}");
        }
    }
    let ids = [fixture.deals[1].id.to_string()];
    let (from, to) = (CrmObjectKind::Deal, CrmObjectKind::Contact);
    let ends = read(source.associations(&from, &ids, &to).await);
    check(ends.read_at, ends.as_of, declared.max_lag);
    let owners = read(source.owners(&[fixture.owners[0].id.clone()]).await);
    check(owners.read_at, owners.as_of, declared.catalogue_max_lag);
    let stages = read(source.stages().await);
    check(stages.read_at, stages.as_of, declared.catalogue_max_lag);
}

/// Requests at the same time do not disturb each other, nor does one that is dropped.
pub async fn answers_alike_at_once_and_after_a_dropped_request(
    source: &dyn CrmSource,
    fixture: &CrmFixture,
) {
    let ids = deal_ids(&fixture.deals);
    // Polled once, then dropped unless it was ready.
    let _ = tokio::time::timeout(Duration::ZERO, source.deals(&ids)).await;
    let (all, half, stages) = tokio::join!(
        source.deals(&ids),
        source.deals(&ids[..ids.len() / 2]),
        source.stages()
    );
    assert_eq!(deal_ids(&read(all).found), ids);
    assert_eq!(deal_ids(&read(half).found), ids[..ids.len() / 2]);
    assert_eq!(read(stages).stages.len(), fixture.stages.len());
}
