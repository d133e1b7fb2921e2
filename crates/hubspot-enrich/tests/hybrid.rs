//! When a hybrid asks which of its sources, and what it says when they fail.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use calls::{
    Association, Company, CompanyId, Contact, ContactId, CrmObjectKind, Deal, DealId, Owner,
    OwnerId, Stage,
};
use hubspot_enrich::{
    Batch, CrmCapabilities, CrmSource, Error, Hybrid, InMemoryCrm, OnMissing, Result,
    StageCatalogue,
};
use resilience::{ErrorKind, Route};

/// A CRM of companies that fails or dawdles on demand and notes what it was asked.
#[derive(Debug, Default)]
struct Moody {
    companies: InMemoryCrm,
    fails_with: Option<ErrorKind>,
    never_answers: bool,
    declares: CrmCapabilities,
    asked: Mutex<Vec<Vec<String>>>,
}

impl Moody {
    fn with(ids: &[&str]) -> Arc<Self> {
        Arc::new(Self {
            companies: in_memory(ids),
            ..Self::default()
        })
    }

    fn failing(kind: ErrorKind) -> Arc<Self> {
        Arc::new(Self {
            fails_with: Some(kind),
            ..Self::default()
        })
    }

    fn asked(&self) -> Vec<Vec<String>> {
        self.asked.lock().unwrap().clone()
    }

    async fn mood(&self, asked: Vec<String>) -> Result<()> {
        self.asked.lock().unwrap().push(asked);
        if self.never_answers {
            std::future::pending::<()>().await;
        }
        self.fails_with
            .map_or(Ok(()), |kind| Err(Error::new(kind, "out of order")))
    }
}

#[async_trait]
impl CrmSource for Moody {
    fn name(&self) -> &str {
        "moody"
    }

    fn capabilities(&self) -> CrmCapabilities {
        self.declares
    }

    async fn deals(&self, _: &[DealId]) -> Result<Batch<Deal, DealId>> {
        unreachable!("only companies are asked for")
    }

    async fn contacts(&self, _: &[ContactId]) -> Result<Batch<Contact, ContactId>> {
        unreachable!("only companies are asked for")
    }

    async fn contacts_by_email(&self, _: &[String]) -> Result<Batch<Contact, String>> {
        unreachable!("only companies are asked for")
    }

    async fn companies(&self, ids: &[CompanyId]) -> Result<Batch<Company, CompanyId>> {
        self.mood(ids.iter().map(ToString::to_string).collect())
            .await?;
        self.companies.companies(ids).await
    }

    async fn companies_by_domain(&self, domains: &[String]) -> Result<Batch<Company, String>> {
        self.mood(domains.to_vec()).await?;
        self.companies.companies_by_domain(domains).await
    }

    async fn owners(&self, _: &[OwnerId]) -> Result<Batch<Owner, OwnerId>> {
        unreachable!("only companies are asked for")
    }

    async fn associations(
        &self,
        _: &CrmObjectKind,
        _: &[String],
        _: &CrmObjectKind,
    ) -> Result<Batch<Association, String>> {
        unreachable!("only companies are asked for")
    }

    async fn stages(&self) -> Result<StageCatalogue> {
        self.mood(vec!["stages".to_owned()]).await?;
        self.companies.stages().await
    }
}

fn company(id: &str) -> Company {
    Company {
        id: CompanyId::new(id),
        name: None,
        domain: Some(format!("{id}.example")),
        industry: None,
    }
}

fn in_memory(ids: &[&str]) -> InMemoryCrm {
    InMemoryCrm::new()
        .with_companies(ids.iter().map(|id| company(id)))
        .with_stages([Stage {
            pipeline_id: "default".into(),
            id: "qualified".into(),
            label: "Qualified".into(),
            probability: None,
            display_order: 0,
        }])
}

fn ids(ids: &[&str]) -> Vec<CompanyId> {
    ids.iter().map(|id| CompanyId::new(*id)).collect()
}

fn found(batch: &Batch<Company, CompanyId>) -> Vec<&str> {
    batch
        .found
        .iter()
        .map(|company| company.id.as_str())
        .collect()
}

#[tokio::test]
async fn a_primary_that_answers_is_believed() {
    let (primary, fallback) = (Moody::with(&["1"]), Moody::with(&["1", "2"]));
    let crm = Hybrid::new(primary, Arc::clone(&fallback));
    let batch = crm.companies(&ids(&["1", "2"])).await.unwrap();
    assert_eq!(
        (found(&batch), batch.missing.clone()),
        (vec!["1"], ids(&["2"]))
    );
    assert!(fallback.asked().is_empty());
    assert_eq!(crm.name(), "moody, else moody");
}

#[tokio::test]
async fn only_what_the_primary_misses_is_asked_of_the_fallback() {
    let (primary, fallback) = (Moody::with(&["1", "3"]), Moody::with(&["2", "3"]));
    let crm = Hybrid::new(primary, Arc::clone(&fallback)).with_on_missing(OnMissing::AskFallback);
    let batch = crm.companies(&ids(&["4", "3", "2", "1"])).await.unwrap();
    assert_eq!(
        (found(&batch), batch.missing.clone()),
        (vec!["3", "2", "1"], ids(&["4"]))
    );
    assert_eq!(fallback.asked(), [["4", "2"]]);

    crm.companies(&ids(&["3"])).await.unwrap();
    assert_eq!(fallback.asked().len(), 1, "nothing was missing");
}

#[tokio::test]
async fn the_fallback_answers_for_a_primary_that_fails() {
    for kind in [
        ErrorKind::Transient,
        ErrorKind::QuotaExhausted,
        ErrorKind::Unsupported,
    ] {
        let (primary, fallback) = (Moody::failing(kind), Moody::with(&["1"]));
        let crm = Hybrid::new(Arc::clone(&primary), Arc::clone(&fallback))
            .with_on_missing(OnMissing::AskFallback);
        let batch = crm.companies(&ids(&["1", "2"])).await.unwrap();
        assert_eq!(
            (found(&batch), batch.missing.clone()),
            (vec!["1"], ids(&["2"]))
        );
        assert_eq!((primary.asked().len(), fallback.asked().len()), (1, 1));
        assert_eq!(crm.stages().await.unwrap().stages.len(), 1);
        let by_domain = crm
            .companies_by_domain(&["1.example".to_owned()])
            .await
            .unwrap();
        assert_eq!(by_domain.found, [company("1")]);
    }
}

#[tokio::test]
async fn a_wrong_key_is_not_papered_over() {
    let (primary, fallback) = (Moody::failing(ErrorKind::Auth), Moody::with(&["1"]));
    let crm = Hybrid::new(primary, Arc::clone(&fallback));
    let error = crm.companies(&ids(&["1"])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert_eq!(crm.stages().await.unwrap_err().kind(), ErrorKind::Auth);
    assert!(fallback.asked().is_empty());
}

#[tokio::test]
async fn when_both_fail_the_request_fails() {
    let crm = Hybrid::new(
        Moody::failing(ErrorKind::Transient),
        Moody::failing(ErrorKind::Auth),
    );
    assert_eq!(
        crm.companies(&ids(&["1"])).await.unwrap_err().kind(),
        ErrorKind::Auth
    );
}

#[tokio::test]
async fn nothing_is_missing_that_the_fallback_could_not_look_for() {
    let crm = Hybrid::new(Moody::with(&["1"]), Moody::failing(ErrorKind::Transient))
        .with_on_missing(OnMissing::AskFallback);
    assert_eq!(
        crm.companies(&ids(&["1"])).await.unwrap().found,
        [company("1")]
    );
    let error = crm.companies(&ids(&["1", "2"])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
}

#[tokio::test(start_paused = true)]
async fn a_primary_that_never_answers_is_left_behind() {
    let primary = Arc::new(Moody {
        never_answers: true,
        ..Moody::default()
    });
    let crm = Hybrid::new(primary, in_memory(&["1"]))
        .with_route(Route::default().with_primary_timeout(Duration::from_secs(5)));
    assert_eq!(
        crm.companies(&ids(&["1"])).await.unwrap().found,
        [company("1")]
    );
}

#[tokio::test]
async fn keys_keep_to_their_side() {
    let names: Vec<String> = (0..200).map(|n| n.to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (primary, fallback) = (Moody::with(&names), Moody::with(&names));
    let crm = Hybrid::new(Arc::clone(&primary), Arc::clone(&fallback))
        .with_route(Route::default().with_primary_share(0.5));
    let batch = crm.companies(&ids(&names)).await.unwrap();
    assert_eq!(found(&batch), names);
    let (ours, theirs) = (primary.asked(), fallback.asked());
    assert_eq!(ours[0].len() + theirs[0].len(), names.len());
    assert!((60..140).contains(&ours[0].len()), "{}", ours[0].len());

    let mut reversed = names.clone();
    reversed.reverse();
    crm.companies(&ids(&reversed)).await.unwrap();
    let sorted = |mut ids: Vec<String>| {
        ids.sort();
        ids
    };
    assert_eq!(sorted(primary.asked()[1].clone()), sorted(ours[0].clone()));
}

#[tokio::test]
async fn an_empty_request_asks_nobody() {
    let (primary, fallback) = (
        Moody::failing(ErrorKind::Auth),
        Moody::failing(ErrorKind::Auth),
    );
    let crm = Hybrid::new(Arc::clone(&primary), Arc::clone(&fallback));
    assert!(crm.companies(&[]).await.unwrap().found.is_empty());
    assert!(primary.asked().is_empty() && fallback.asked().is_empty());
}

#[tokio::test]
async fn an_empty_catalogue_of_stages_counts_as_missing() {
    let crm = Hybrid::new(InMemoryCrm::new(), in_memory(&[]));
    assert!(crm.stages().await.unwrap().stages.is_empty());
    let crm = crm.with_on_missing(OnMissing::AskFallback);
    assert_eq!(crm.stages().await.unwrap().stages.len(), 1);
}

#[tokio::test]
async fn a_key_is_sent_once_however_often_it_is_asked_for() {
    let primary = Moody::with(&["1"]);
    let crm = Hybrid::new(Arc::clone(&primary), InMemoryCrm::new());
    let batch = crm.companies(&ids(&["1", "2", "1", "2"])).await.unwrap();
    assert_eq!(
        (found(&batch), batch.missing.clone()),
        (vec!["1"], ids(&["2"]))
    );
    assert_eq!(primary.asked(), [["1", "2"]]);
}

#[tokio::test]
async fn a_record_that_both_have_is_found_once_as_the_primary_has_it() {
    let moved = Company {
        domain: Some("old.example".to_owned()),
        ..company("1")
    };
    let export = InMemoryCrm::new().with_companies([moved]);
    let crm = Hybrid::new(in_memory(&["1"]), export).with_on_missing(OnMissing::AskFallback);
    let asked = ["old.example", "1.example"].map(str::to_owned);
    let batch = crm.companies_by_domain(&asked).await.unwrap();
    assert_eq!(batch.found, [company("1")]);
    assert!(batch.missing.is_empty());
}

#[tokio::test]
async fn a_copy_is_not_believed_in_what_it_misses() {
    let mut is_copy = CrmCapabilities::default();
    is_copy.reads_a_copy = true;
    let copy = |ids: &[&str]| {
        Arc::new(Moody {
            companies: in_memory(ids),
            declares: is_copy,
            ..Moody::default()
        })
    };
    let asked = ids(&["1", "2"]);
    let crm = Hybrid::new(copy(&["1"]), Moody::with(&["1", "2"]));
    assert_eq!(found(&crm.companies(&asked).await.unwrap()), ["1", "2"]);
    assert!(!crm.capabilities().reads_a_copy);
    // Another copy knows no better, and a copy knows no better than the CRM.
    let crm = Hybrid::new(copy(&["1"]), copy(&["1", "2"]));
    assert_eq!(crm.companies(&asked).await.unwrap().missing, ids(&["2"]));
    assert!(crm.capabilities().reads_a_copy);
    let crm = Hybrid::new(Moody::with(&["1"]), copy(&["1", "2"]));
    assert_eq!(crm.companies(&asked).await.unwrap().missing, ids(&["2"]));
    let crm = Hybrid::new(copy(&["1"]), Moody::with(&["1", "2"]));
    let crm = crm.with_on_missing(OnMissing::Accept);
    assert_eq!(crm.companies(&asked).await.unwrap().missing, ids(&["2"]));
}

#[test]
fn what_either_finds_is_declared_where_the_fallback_is_asked_for_the_rest() {
    let declaring = |resolves: bool, archived: bool| {
        let mut declares = CrmCapabilities::default();
        declares.resolves_merged = resolves;
        declares.finds_archived = archived;
        Moody {
            declares,
            ..Moody::default()
        }
    };
    let both = |on_missing, share| {
        let crm = Hybrid::new(declaring(true, false), declaring(false, true))
            .with_route(Route::default().with_primary_share(share))
            .with_on_missing(on_missing);
        let declared = crm.capabilities();
        (declared.resolves_merged, declared.finds_archived)
    };
    assert_eq!(both(OnMissing::Accept, 1.0), (false, false));
    assert_eq!(both(OnMissing::AskFallback, 1.0), (true, true));
    // The primary is not asked for what is the fallback's.
    assert_eq!(both(OnMissing::AskFallback, 0.5), (false, true));
}
