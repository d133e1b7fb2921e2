//! Search past the records at which HubSpot stops.

use calls::{Company, CompanyId};
use hubspot_enrich::CrmSource;
use testkit::hubspot::HubSpotSimulator;

use crate::hubspot::world::World;

#[tokio::test]
async fn more_companies_than_one_search_reaches_are_all_found() {
    const COMPANIES: usize = 10_321;
    // Ids of different lengths: as text their order is another one.
    let companies: Vec<Company> = (0..COMPANIES)
        .map(|n| Company {
            id: CompanyId::new((995_000 + n).to_string()),
            name: None,
            domain: Some("everybody.example".to_owned()),
            industry: None,
        })
        .collect();
    let world = World::start(
        HubSpotSimulator::builder().companies(&companies),
        |config| config,
    )
    .await;
    let asked = ["everybody.example".to_owned()];
    let batch = world.api.companies_by_domain(&asked).await.unwrap();
    assert_eq!(batch.found.len(), COMPANIES);
    assert_eq!(batch.matches.len(), COMPANIES);
    assert!(batch.found.is_sorted_by(|a, b| a.id < b.id));
    let searches = world.api.stats().searches;
    assert_eq!(searches, 50 + 2, "pages of 200, in windows of 10,000");
}

#[tokio::test]
async fn many_domains_take_few_searches() {
    let companies: Vec<Company> = (0..120)
        .map(|n| Company {
            id: CompanyId::new(format!("70{n:04}")),
            name: None,
            domain: Some(format!("www.buyer{n}.example")),
            industry: None,
        })
        .collect();
    let world = World::start(
        HubSpotSimulator::builder().companies(&companies),
        |config| config,
    )
    .await;
    let asked: Vec<String> = (0..240).map(|n| format!("Buyer{n}.example")).collect();
    let batch = world.api.companies_by_domain(&asked).await.unwrap();
    assert_eq!((batch.found.len(), batch.missing.len()), (120, 120));
    assert_eq!(world.api.stats().searches, 5);
}

#[tokio::test]
async fn search_lags_behind_and_batches_do_not() {
    let world = World::with_fixture().await;
    world.state().freeze_search();
    let late = Company {
        id: CompanyId::new("7900000001"),
        name: None,
        domain: Some("late.example".to_owned()),
        industry: None,
    };
    world.state().put_company(&late);
    let asked = ["late.example".to_owned()];
    assert_eq!(
        world.api.companies_by_domain(&asked).await.unwrap().missing,
        asked
    );
    let ids = [late.id.clone()];
    let found = world.api.companies(&ids).await.unwrap().found;
    assert_eq!(found, std::slice::from_ref(&late));
    world.state().catch_up_search();
    assert_eq!(
        world.api.companies_by_domain(&asked).await.unwrap().found,
        [late]
    );
}
