//! A period in a page: what the digest's template shows.

use serde::Serialize;

use super::dates::Dates;
use crate::coach::name_of;
use crate::{Digest, DigestDeal, prose};

#[derive(Debug, Serialize)]
pub(super) struct DigestView<'a> {
    digest: &'a Digest,
    rep: Option<&'a str>,
    from: String,
    to: String,
    talked: String,
    won: Vec<DealView<'a>>,
    lost: Vec<DealView<'a>>,
    deals: Vec<DealView<'a>>,
}

#[derive(Debug, Serialize)]
struct DealView<'a> {
    deal: &'a DigestDeal,
    amount: Option<String>,
}

impl<'a> DigestView<'a> {
    pub(super) fn of(digest: &'a Digest, dates: &Dates) -> Self {
        let deals = |deals: &'a [DigestDeal]| deals.iter().map(DealView::of).collect();
        Self {
            rep: digest.rep.as_ref().map(name_of),
            from: dates.day(digest.period.from),
            to: dates.last_day(digest.period.to),
            talked: prose::seconds(digest.calls.seconds as f64),
            won: deals(&digest.won),
            lost: deals(&digest.lost),
            deals: deals(&digest.deals),
            digest,
        }
    }
}

impl<'a> DealView<'a> {
    fn of(deal: &'a DigestDeal) -> Self {
        let currency = deal.currency.as_deref();
        Self {
            amount: deal.amount.map(|amount| prose::money(amount, currency)),
            deal,
        }
    }
}
