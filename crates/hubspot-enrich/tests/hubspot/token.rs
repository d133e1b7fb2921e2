//! OAuth tokens that end, and where the next one comes from.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ::outbound::{Error, Token, TokenKind, TokenSource};
use async_trait::async_trait;
use calls::DealId;
use hubspot_enrich::{CrmSource, HubSpotApi};
use resilience::ErrorKind;
use testkit::conformance::crm::CrmFixture;

use crate::hubspot::world::{World, config};

const NEXT: &str = "oauth-token-number-two";

fn some_deals() -> Vec<DealId> {
    let deals = CrmFixture::new().deals;
    deals.into_iter().map(|deal| deal.id).collect()
}

/// Gives one token, and counts how often it was asked.
#[derive(Debug)]
struct Next {
    token: &'static str,
    asked: AtomicUsize,
}

#[async_trait]
impl TokenSource for Next {
    async fn token(&self) -> Result<Token, Error> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Token::new(TokenKind::OAuth, self.token)
    }
}

/// Gives none.
#[derive(Debug)]
struct Revoked;

#[async_trait]
impl TokenSource for Revoked {
    async fn token(&self) -> Result<Token, Error> {
        Err(Error::new(ErrorKind::Auth, "the refresh token was revoked"))
    }
}

/// A client whose source gives a token.
fn renewing(world: &World, token: &'static str) -> (HubSpotApi, Arc<Next>) {
    let asked = AtomicUsize::new(0);
    let source = Arc::new(Next { token, asked });
    let config = config(&world.hubspot.base_url()).with_token_source(source.clone());
    (HubSpotApi::new(config).unwrap(), source)
}

#[tokio::test]
async fn a_token_that_has_ended_is_replaced_once_for_all_requests() {
    let world = World::with_fixture().await;
    let (api, source) = renewing(&world, NEXT);
    api.deals(&some_deals()).await.unwrap();
    assert_eq!(
        source.asked.load(Ordering::Relaxed),
        0,
        "the first token was good"
    );
    world.state().rotate_token(NEXT);
    let ids = some_deals();
    let (one, two, stages) = tokio::join!(api.deals(&ids), api.deals(&ids), api.stages());
    assert_eq!(one.unwrap().found.len(), ids.len());
    assert_eq!(two.unwrap().found.len(), ids.len());
    assert_eq!(stages.unwrap().stages.len(), CrmFixture::new().stages.len());
    assert_eq!(source.asked.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_new_token_that_is_refused_too_is_the_end() {
    let world = World::with_fixture().await;
    let (api, source) = renewing(&world, "oauth-token-that-is-wrong");
    world.state().rotate_token(NEXT);
    let error = api.deals(&some_deals()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert_eq!(source.asked.load(Ordering::Relaxed), 1);
    assert_eq!(world.state().traffic().requests(), 2);
    assert!(!format!("{error:?} {api:?}").contains("that-is-wrong"));
}

#[tokio::test]
async fn a_source_that_fails_says_why() {
    let world = World::with_fixture().await;
    let config = config(&world.hubspot.base_url()).with_token_source(Arc::new(Revoked));
    world.state().expire_token();
    let api = HubSpotApi::new(config).unwrap();
    let error = api.stages().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert!(
        error.message().contains("refresh token was revoked"),
        "{error}"
    );
    assert_eq!(world.state().traffic().requests(), 1);
}

#[tokio::test]
async fn an_impossible_token_and_a_missing_scope_are_not_renewed() {
    let world = World::with_fixture().await;
    let (api, source) = renewing(&world, NEXT);
    world.state().revoke_scope("crm.objects.deals.read");
    let error = api.deals(&some_deals()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert_eq!(source.asked.load(Ordering::Relaxed), 0);
}
