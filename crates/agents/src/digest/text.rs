//! A digest as a message for a chat.

use std::fmt::Write;

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use super::model::{Digest, DigestDeal, DueStep};
use crate::prose;

/// Items of each list in the message; the digest has all of them.
const ITEMS: usize = 3;

pub(super) fn message(digest: &Digest) -> String {
    let mut text = headline(digest);
    list(&mut text, "Won", &digest.won, closed);
    list(&mut text, "Lost", &digest.lost, closed);
    let moved = digest.deals.iter().filter(|deal| !deal.moves.is_empty());
    let moved: Vec<&DigestDeal> = moved.collect();
    list(&mut text, "Moved", &moved, |deal| {
        let to = deal.moves.last().map(|one| one.to.as_str());
        format!("{} to {}", named(deal), to.unwrap_or("another stage"))
    });
    list(&mut text, "Overdue", &digest.overdue, step);
    list(&mut text, "Due next", &digest.due_next, step);
    list(&mut text, "New risks", &digest.new_risks, |risk| {
        about(risk.deal.as_deref(), risk.claim.text())
    });
    list(
        &mut text,
        "Heard again and again",
        &digest.recurring,
        |one| {
            let deals = prose::count(one.deals, "deal");
            format!("{}: in {deals}, {} still open", one.label, one.open)
        },
    );
    list(&mut text, "Worth hearing", &digest.worth_hearing, |pick| {
        let title = pick.call.title.as_deref().unwrap_or("a call");
        format!("{title}: {}", pick.claim.text())
    });
    text
}

fn headline(digest: &Digest) -> String {
    let first = TimeZone::UTC.to_datetime(digest.period.from).date();
    // The end is not part of the period.
    let last = digest.period.to.checked_sub(SignedDuration::from_nanos(1));
    let last = TimeZone::UTC
        .to_datetime(last.unwrap_or(digest.period.to))
        .date();
    let calls = prose::count(digest.calls.held, "call");
    let hours = prose::seconds(digest.calls.seconds as f64);
    let of = digest.rep.as_ref().and_then(|rep| rep.name.as_deref());
    let of = of.map(|name| format!(" of {name}")).unwrap_or_default();
    format!(
        "{} to {}{of}: {calls}, {hours}; {} read.",
        prose::day(first),
        prose::day(last),
        digest.calls.read
    )
}

fn list<T>(text: &mut String, heading: &str, items: &[T], line: impl Fn(&T) -> String) {
    if items.is_empty() {
        return;
    }
    // Writing into a string cannot fail.
    let _ = write!(text, "\n\n{heading} ({}):", items.len());
    for item in items.iter().take(ITEMS) {
        let _ = write!(text, "\n- {}", line(item));
    }
}

fn named(deal: &DigestDeal) -> &str {
    deal.name.as_deref().unwrap_or_else(|| deal.id.as_str())
}

fn closed(deal: &DigestDeal) -> String {
    match deal.amount {
        Some(amount) => {
            let amount = prose::money(amount, deal.currency.as_deref());
            format!("{} ({amount})", named(deal))
        }
        None => named(deal).to_owned(),
    }
}

fn step(step: &DueStep) -> String {
    about(step.deal.as_deref(), step.claim.text())
}

fn about(deal: Option<&str>, text: &str) -> String {
    match deal {
        Some(deal) => format!("{deal}: {text}"),
        None => text.to_owned(),
    }
}
