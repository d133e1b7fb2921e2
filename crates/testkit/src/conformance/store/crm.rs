//! The CRM mirror.

use calls::{Company, Contact, Deal, Owner, Stage};
use resilience::ErrorKind;
use serde_json::json;
use snowflake_store::{CallQuery, CallStore, CrmSnapshot, CrmWanted, Gone, GoneRecords};

use super::documents::{CallDocument, deletion, page};
use super::{at, detail, done, land, load_well};

/// A deal of which nothing is known but the id.
pub(super) fn deal(id: &str) -> Deal {
    Deal::new(id)
}

/// A call with a deal, a company and two contacts, one of them twice.
fn linked_call(id: &str) -> CallDocument {
    let contact = |id: &str| json!([{"system": "HubSpot", "objects": [{"objectType": "Contact", "objectId": id}]}]);
    CallDocument::new(id)
        .linked("Opportunity", "d-1")
        .linked("Account", "k-1")
        .with_part(
            "parties",
            json!([
                {"id": "1", "name": "Bo", "affiliation": "External", "context": contact("c-2")},
                {"id": "2", "name": "Cy", "affiliation": "External", "context": contact("c-1")},
                {"id": "3", "name": "Bo again", "affiliation": "External", "context": contact("c-2")},
            ]),
        )
}

fn snapshot() -> CrmSnapshot {
    let contact = |id: &str| Contact {
        id: id.into(),
        email: Some(format!("{id}@buyer.test")),
        name: Some(format!("Contact {id}")),
        title: None,
        company_id: Some("k-1".into()),
    };
    let mut deal = deal("d-1");
    deal.name = Some("Acme: yearly".to_owned());
    deal.amount = "12345678901234567.89".parse().ok();
    deal.currency = Some("EUR".to_owned());
    deal.pipeline_id = Some("default".into());
    deal.stage_id = Some("1234567".into());
    deal.probability = Some(0.1);
    deal.close_date = Some(at("2026-06-30T22:59:59.999Z"));
    deal.created = Some(at("2026-01-05"));
    deal.owner_id = Some("o-1".into());
    deal.contact_ids = vec!["c-2".into(), "c-1".into()];
    deal.company_ids = vec!["k-1".into()];
    CrmSnapshot {
        deals: vec![deal],
        contacts: vec![contact("c-1"), contact("c-2"), contact("c-3")],
        companies: vec![Company {
            id: "k-1".into(),
            name: Some("Acme".to_owned()),
            domain: Some("acme.test".to_owned()),
            industry: None,
        }],
        stages: vec![
            Stage {
                pipeline_id: "default".into(),
                id: "1234567".into(),
                label: "Contract sent".to_owned(),
                probability: Some(0.9),
                display_order: 3,
            },
            Stage {
                pipeline_id: "other".into(),
                id: "1234567".into(),
                label: "Another pipeline's".to_owned(),
                probability: None,
                display_order: 0,
            },
        ],
        owners: vec![Owner {
            id: "o-1".into(),
            name: Some("Ana Reyes".to_owned()),
            email: Some("ana@seller.test".to_owned()),
            archived: false,
        }],
        gone: GoneRecords::default(),
        read_at: at("2026-04-01"),
        as_of: None,
    }
}

/// A call comes with its deal, company and contacts as the mirror has them; the label
/// of a stage comes from the catalogue of its pipeline, the name of an owner from the
/// mirrored owners. A later record replaces.
pub async fn the_crm_mirror_reads_back(store: &dyn CallStore) {
    load_well(store, page([linked_call("1").document()], [])).await;
    let before = detail(store, "1").await;
    assert_eq!(
        (before.deal, before.company, before.contacts),
        (None, None, Vec::new())
    );
    let snapshot = snapshot();
    for _ in 0..2 {
        done(store.save_crm(&snapshot).await);
        let detail = detail(store, "1").await;
        let mut labelled = snapshot.deals[0].clone();
        labelled.stage_label = Some("Contract sent".to_owned());
        labelled.owner_name = Some("Ana Reyes".to_owned());
        assert_eq!(detail.deal, Some(labelled));
        assert_eq!(detail.company.as_ref(), snapshot.companies.first());
        let in_order_of_parties = [snapshot.contacts[1].clone(), snapshot.contacts[0].clone()];
        assert_eq!(detail.contacts, in_order_of_parties);
        assert_eq!(detail.crm.deal_read_at, Some(snapshot.read_at));
        assert_eq!(detail.crm.deal_as_of, Some(snapshot.read_at));
    }
    let later = CrmSnapshot {
        deals: vec![deal("d-1")],
        read_at: at("2026-04-02"),
        as_of: Some(at("2026-03-31T12:00:00.5Z")),
        ..CrmSnapshot::default()
    };
    done(store.save_crm(&later).await);
    let detail = detail(store, "1").await;
    assert_eq!(detail.deal, Some(deal("d-1")));
    assert_eq!(detail.crm.deal_read_at, Some(later.read_at));
    assert_eq!(detail.crm.deal_as_of, later.as_of, "a copy that lags");
    assert!(
        detail.company.is_some(),
        "what a snapshot does not hold stays"
    );
    done(store.save_crm(&CrmSnapshot::default()).await);
}

/// An amount that not every store holds is refused, and nothing of its snapshot stored.
pub async fn deals_whose_amount_no_store_holds_are_refused(store: &dyn CallStore) {
    let deal = |id: &str, amount: &str| {
        let mut deal = deal(id);
        deal.amount = amount.parse().ok();
        deal
    };
    let snapshot = |deals: Vec<Deal>| CrmSnapshot {
        deals,
        read_at: at("2026-04-01"),
        ..CrmSnapshot::default()
    };
    let most = "-99999999999999999999999999.99";
    for amount in [
        "100000000000000000000000000",
        "-1000000000000000000000000000",
    ] {
        let deals = vec![deal("d-1", most), deal("d-2", amount)];
        let error = store.save_crm(&snapshot(deals)).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::InvalidInput, Some("amount"))
        );
    }
    load_well(store, page([linked_call("1").document()], [])).await;
    assert_eq!(detail(store, "1").await.deal, None);
    done(store.save_crm(&snapshot(vec![deal("d-1", most)])).await);
    let stored = detail(store, "1").await.deal.unwrap();
    assert_eq!(stored.amount, most.parse().ok());
}

/// Wanted is what calls refer to, and what their records refer to, that the mirror lacks or
/// has from before an instant.
pub async fn wanted_records_are_missing_or_old(store: &dyn CallStore) {
    let nothing = CrmWanted::default();
    let (early, late) = (at("2026-01-01"), at("2026-12-31"));
    assert_eq!(done(store.crm_wanted(late, 10).await), nothing);
    load_well(store, page([linked_call("1").document()], [])).await;
    let linked = CrmWanted {
        deals: vec!["d-1".into()],
        contacts: vec!["c-1".into(), "c-2".into()],
        companies: vec!["k-1".into()],
        ..CrmWanted::default()
    };
    assert_eq!(done(store.crm_wanted(early, 10).await), linked, "missing");
    let one_each = done(store.crm_wanted(early, 1).await);
    assert_eq!(
        (
            one_each.deals.len(),
            one_each.contacts.len(),
            one_each.companies.len()
        ),
        (1, 1, 1)
    );
    done(store.save_crm(&snapshot()).await);
    assert_eq!(
        done(store.crm_wanted(at("2026-04-01"), 10).await),
        nothing,
        "fresh"
    );
    let all = CrmWanted {
        owners: vec!["o-1".into()],
        ..linked
    };
    assert_eq!(done(store.crm_wanted(late, 10).await), all, "old");
    land(store, deletion(&["1"])).await;
    assert_eq!(
        done(store.crm_wanted(late, 10).await),
        nothing,
        "nobody refers to them"
    );
}

/// What a deal refers to is wanted as soon as the deal is there, and what its contacts
/// refer to after those.
pub async fn records_of_mirrored_deals_are_wanted(store: &dyn CallStore) {
    let call = CallDocument::new("1").linked("Deal", "d-1");
    load_well(store, page([call.document()], [])).await;
    let all = snapshot();
    let mut deal = all.deals[0].clone();
    deal.company_ids = vec!["k-2".into()];
    let only_deal = CrmSnapshot {
        deals: vec![deal],
        ..CrmSnapshot::default()
    };
    let since = CrmSnapshot::default().read_at;
    done(store.save_crm(&only_deal).await);
    let wanted = done(store.crm_wanted(since, 10).await);
    assert_eq!(wanted.deals, []);
    assert_eq!(wanted.owners, ["o-1".into()]);
    assert_eq!(wanted.contacts, ["c-1".into(), "c-2".into()]);
    assert_eq!(wanted.companies, ["k-2".into()]);
    let contacts = CrmSnapshot {
        contacts: all.contacts,
        ..CrmSnapshot::default()
    };
    done(store.save_crm(&contacts).await);
    let wanted = done(store.crm_wanted(since, 10).await);
    assert_eq!(wanted.contacts, []);
    assert_eq!(wanted.companies, ["k-1".into(), "k-2".into()]);
}

/// An id that the CRM has no record under is asked for again when the answer is old, not
/// before. Its record leaves the mirror, and is there again when it is found again.
pub async fn gone_records_are_not_wanted_until_the_answer_is_old(store: &dyn CallStore) {
    load_well(store, page([linked_call("1").document()], [])).await;
    done(store.save_crm(&snapshot()).await);
    let (asked, later) = (at("2026-04-02"), at("2026-04-03"));
    let gone = CrmSnapshot {
        gone: GoneRecords {
            deals: vec![missing("d-1")],
            contacts: vec![missing("c-1")],
            companies: vec![missing("k-1")],
            owners: vec![missing("o-1")],
        },
        read_at: asked,
        ..CrmSnapshot::default()
    };
    for _ in 0..2 {
        done(store.save_crm(&gone).await);
        let detail = detail(store, "1").await;
        assert_eq!((detail.deal, detail.company), (None, None));
        assert_eq!(detail.contacts, [snapshot().contacts[1].clone()]);
    }
    let wanted = done(store.crm_wanted(asked, 10).await);
    assert_eq!(wanted.contacts, ["c-2".into()], "the mirror's is older");
    assert_eq!((wanted.deals, wanted.companies), (vec![], vec![]));
    let wanted = done(store.crm_wanted(later, 10).await);
    assert_eq!(wanted.deals, ["d-1".into()]);
    assert_eq!(wanted.contacts, ["c-1".into(), "c-2".into()]);
    assert_eq!(wanted.companies, ["k-1".into()]);
    let back = CrmSnapshot {
        read_at: later,
        ..snapshot()
    };
    done(store.save_crm(&back).await);
    assert_eq!(
        done(store.crm_wanted(later, 10).await),
        CrmWanted::default()
    );
    assert!(detail(store, "1").await.deal.is_some());
}

/// Calls of a deal that was merged are calls of the survivor, whether they were staged
/// before or after, and however often it is merged again.
pub async fn merged_records_stand_for_their_survivor(store: &dyn CallStore) {
    load_well(store, page([linked_call("1").document()], [])).await;
    let merge = |from: &str, into: &str| CrmSnapshot {
        deals: vec![deal(into)],
        gone: GoneRecords {
            deals: vec![Gone {
                id: from.into(),
                survivor: Some(into.into()),
            }],
            ..GoneRecords::default()
        },
        read_at: at("2026-04-01"),
        ..CrmSnapshot::default()
    };
    done(store.save_crm(&merge("d-1", "d-2")).await);
    load_well(store, page([linked_call("2").document()], [])).await;
    assert_eq!(detail(store, "1").await.deal, Some(deal("d-2")));
    assert_eq!(detail(store, "2").await.deal, Some(deal("d-2")));
    done(store.save_crm(&merge("d-2", "d-3")).await);
    load_well(store, page([linked_call("3").document()], [])).await;
    for id in ["1", "2", "3"] {
        let detail = detail(store, id).await;
        assert_eq!(detail.deal, Some(deal("d-3")), "{id}");
        assert_eq!(
            detail.call.crm[0].id, "d-1",
            "what Gong says stays as it is"
        );
    }
    for asked in ["d-1", "d-2", "d-3"] {
        let query = CallQuery {
            deal_id: Some(asked.into()),
            limit: 10,
            ..CallQuery::default()
        };
        let found = done(store.find_calls(&query).await);
        assert_eq!(found.len(), 3, "{asked}");
        assert!(found.iter().all(|call| call.deal_id == Some("d-3".into())));
    }
    let wanted = done(store.crm_wanted(at("2026-04-01"), 10).await);
    assert_eq!(wanted.deals, []);
}

fn missing<Id: for<'a> From<&'a str>>(id: &str) -> Gone<Id> {
    Gone {
        id: id.into(),
        survivor: None,
    }
}
