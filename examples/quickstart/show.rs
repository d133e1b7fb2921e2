//! What the quickstart prints.

use std::path::Path;
use std::time::Duration;

use gong_snowflake::agents::insights::BacklogReport;
use gong_snowflake::agents::{CallAnalysis, Claim, CoachingReport, FoundCall};
use gong_snowflake::calls::DealOutcome;
use gong_snowflake::ingest::{EnrichmentReport, SyncReport};

use crate::outside::{Changes, Outside};

macro_rules! say {
    ($($words:tt)+) => {
        crate::shared::say(format_args!($($words)+))
    };
}

/// Quotes are cut at this many characters, so that a line stays a line.
const QUOTE: usize = 110;

pub(crate) fn step(title: &str) {
    say!("\n== {title}");
}

pub(crate) fn outside(outside: &Outside) {
    say!("   Gong simulator at {}", outside.simulator.url());
    say!("   HubSpot simulator at {}", outside.hubspot.base_url());
    say!(
        "   {} calls, {} deals, {} contacts, {} companies",
        outside.org.calls.len(),
        outside.org.deals.len(),
        outside.org.contacts.len(),
        outside.org.companies.len()
    );
}

pub(crate) fn sync(report: &SyncReport) {
    say!(
        "   {} sync: {} calls seen; {} new, {} updated, {} deleted",
        report.mode.as_str(),
        report.calls_seen,
        report.calls_inserted,
        report.calls_updated,
        report.calls_deleted
    );
    say!(
        "   {} transcripts with {} sentences, {} missing so far, {} dead letters",
        report.transcripts_inserted + report.transcripts_updated,
        report.sentences,
        report.transcripts_missing,
        report.dead_letters
    );
    say!("   {} requests in {:.2} s", report.requests, report.seconds);
}

pub(crate) fn changes(changes: &Changes) {
    say!(
        "   call {} appears late, under its old start time",
        changes.late_call
    );
    say!("   the transcript of {} appears", changes.late_transcript);
    say!(
        "   {} is renamed, {} is deleted",
        changes.renamed,
        changes.deleted
    );
}

pub(crate) fn enrichment(report: &EnrichmentReport) {
    say!(
        "   {} deals, {} contacts, {} companies, {} owners mirrored; {} unknown to the CRM",
        report.deals,
        report.contacts,
        report.companies,
        report.owners,
        report.missing
    );
    say!(
        "   calls that Gong links with nothing: {} matched by address, {} by domain, {} not",
        report.matched_by_email,
        report.matched_by_domain,
        report.unmatched
    );
}

pub(crate) fn backlog(report: &BacklogReport, took: Duration) {
    say!(
        "   {} calls in {:.2} s",
        report.analysed,
        took.as_secs_f64()
    );
    for failure in &report.failed {
        say!("   not analysed: {}: {}", failure.call_id, failure.reason);
    }
}

pub(crate) fn analysis(analysis: &CallAnalysis) {
    let call = &analysis.call;
    say!("   {}", call.title.as_deref().unwrap_or("(no title)"));
    say!(
        "   {}, {} min, host {}",
        call.started,
        call.duration_seconds / 60,
        call.rep.name.as_deref().unwrap_or("unknown")
    );
    if let Some(deal) = &analysis.deal {
        say!(
            "   deal: {} | stage {} | amount {} {} | {}",
            deal.name.as_deref().unwrap_or("?"),
            deal.stage.as_deref().unwrap_or("?"),
            deal.amount
                .map_or_else(|| "?".to_owned(), |amount| amount.to_string()),
            deal.currency.as_deref().unwrap_or(""),
            deal.outcome
                .filter(|outcome| *outcome != DealOutcome::Unknown)
                .map_or("outcome unknown", DealOutcome::as_str)
        );
        if let Some(as_of) = deal.as_of {
            say!("   as the CRM had it at {as_of:.0}");
        }
    }
    say!(
        "   score {:.0} of 100, priority {:?}",
        analysis.score.overall,
        analysis.priority.level
    );
    for part in &analysis.score.parts {
        say!("     {:>3.0}  {:<22} {}", part.score, part.label, part.why);
    }
    for reason in &analysis.priority.reasons {
        say!("   why now: {}", reason.text);
    }
    claims("risk", &analysis.risks);
    claims("next step", &analysis.next_steps);
    for recommendation in analysis.recommendations.iter().take(3) {
        say!(
            "   do: {} (+{:.0} points)",
            recommendation.claim.text(),
            recommendation.worth_points
        );
    }
}

fn claims(kind: &str, claims: &[Claim]) {
    for claim in claims.iter().take(3) {
        say!("   {kind}: {}", claim.text());
        let unquoted = claim
            .evidence()
            .iter()
            .find(|said| !claim.text().contains(said.text()));
        if let Some(sentence) = unquoted {
            say!(
                "       {} {}: “{}”",
                clock(sentence.start_ms()),
                sentence.speaker().unwrap_or("unknown"),
                short(sentence.text())
            );
        }
    }
}

pub(crate) fn coaching(report: &CoachingReport) {
    say!(
        "   {}, {} calls, confidence {:?}",
        report.rep.name.as_deref().unwrap_or("unknown"),
        report.calls,
        report.confidence.level
    );
    for strength in report.strengths.iter().take(2) {
        say!("   good: {}", strength.claim.text());
    }
    for recommendation in report.recommendations.iter().take(3) {
        say!("   practise: {}", recommendation.claim.text());
        if let Some(sentence) = recommendation.claim.evidence().first() {
            say!(
                "       {} “{}”",
                clock(sentence.start_ms()),
                short(sentence.text())
            );
        }
        if let Some(example) = &recommendation.example {
            say!(
                "       how {} does it ({}): {}",
                example.rep.name.as_deref().unwrap_or("a colleague"),
                example.display,
                example.call.title.as_deref().unwrap_or("(no title)")
            );
        }
    }
}

pub(crate) fn similar(analysis: &CallAnalysis, similar: &[FoundCall]) {
    say!(
        "   like {}:",
        analysis.call.title.as_deref().unwrap_or("this call")
    );
    for call in similar {
        say!(
            "   {:.2}  {} ({})",
            call.score,
            call.title.as_deref().unwrap_or("(no title)"),
            call.rep.name.as_deref().unwrap_or("unknown")
        );
    }
}

pub(crate) fn places(database: &Path, report: &Path, took: Duration) {
    say!("   database {}", shown(database));
    say!("   report   {}", shown(report));
    say!("   all of it took {:.1} s", took.as_secs_f64());
}

fn shown(path: &Path) -> String {
    path.canonicalize()
        .unwrap_or_else(|_| path.to_owned())
        .display()
        .to_string()
}

fn clock(ms: i64) -> String {
    let seconds = ms / 1000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

fn short(text: &str) -> String {
    if text.chars().count() <= QUOTE {
        return text.to_owned();
    }
    text.chars().take(QUOTE).chain(['…']).collect()
}
