//! Somebody is erased by another process, while a store that is open remembers who was erased.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Duration;

use calls::{Contact, Timestamp};
use snowflake_store::{
    CrmSnapshot, ErasureRequest, ErasureSubject, Insights, Landing, LandingPage, LeaseOwner,
    LeaseRequest, SnowflakeStore, Upkeep,
};
use testkit::conformance::store::CallDocument;

use crate::fakesnow;

fn page() -> LandingPage {
    LandingPage::new("run").with_calls(vec![CallDocument::new("1").document()])
}

#[tokio::test]
async fn a_person_does_not_come_back_through_a_store_that_was_open() {
    let Some((pool, _server)) = fakesnow::migrated().await else {
        return;
    };
    let store = || SnowflakeStore::new(pool.clone(), fakesnow::config()).unwrap();
    let [enriching, resuming, command] = [store(), store(), store()];
    for one in [&enriching, &resuming] {
        one.land(page()).await.unwrap();
    }
    let buyer = ErasureSubject::Email("bo@buyer.test".to_owned());
    command.erase(&ErasureRequest::new(buyer)).await.unwrap();

    // An enrichment holds no lease of syncs.
    let contact = Contact {
        id: "c-1".into(),
        email: Some("bo@buyer.test".to_owned()),
        name: Some("Bo Lind".to_owned()),
        title: None,
        company_id: None,
    };
    let snapshot = CrmSnapshot {
        contacts: vec![contact],
        read_at: Timestamp::now(),
        ..CrmSnapshot::default()
    };
    enriching.save_crm(&snapshot).await.unwrap();
    let contacts = fakesnow::rows(&*pool, "SELECT * FROM CRM_CONTACTS").await;
    assert_eq!(contacts, [[]; 0]);

    // A run that is resumed was started before.
    let lease = LeaseRequest {
        name: "sync".to_owned(),
        owner: LeaseOwner::this_process("the daemon"),
        duration: Duration::from_secs(60),
    };
    resuming.acquire_lease(&lease).await.unwrap();
    resuming.land(page()).await.unwrap();
    let text =
        "SELECT CALL_ID FROM GONG_CALLS_RAW WHERE CONTAINS(RAW_DATA::VARCHAR, 'bo@buyer.test')";
    assert_eq!(fakesnow::rows(&*pool, text).await, [[]; 0]);
}
