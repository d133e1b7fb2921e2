//! The report: complete, escaped, and in need of nothing else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::num::NonZeroUsize;
use std::sync::Arc;

use agents::insights::analyse_backlog;
use agents::report::Report;
use agents::{CallAnalysisAgent, CallSearch, PeriodChoice, SalesCoachAgent};
use calls::CallId;
use snowflake_store::{CallReader, Rep};
use support::PhraseLanguage;

#[tokio::test]
async fn a_full_report_shows_all_parts_and_loads_nothing() {
    let store = support::store_of(&support::small_org()).await;
    let language = Arc::new(PhraseLanguage::default());
    analyse_backlog(
        Arc::clone(&store) as _,
        Arc::clone(&language),
        NonZeroUsize::MIN,
        |_| {},
    )
    .await
    .unwrap();
    let call_id = support::call_ids(&store).await.remove(0);
    let analyst = CallAnalysisAgent::new(Arc::clone(&store) as _, Arc::clone(&language));
    let analysis = analyst.analyse(&call_id).await.unwrap();
    let choice = PeriodChoice::Last {
        days: 90,
        now: support::anchor(),
    };
    let coach = SalesCoachAgent::new(Arc::clone(&store) as _);
    let rep = Rep::Id(analysis.call.rep.id.clone().unwrap());
    let coaching = coach.coach(&rep, choice).await.unwrap();
    let team = coach.team(choice).await.unwrap();
    let similar = CallSearch::new(Arc::clone(&store) as _, language)
        .similar_to(&call_id, 5)
        .await
        .unwrap();
    let report = Report::new("Sales calls", support::anchor())
        .with_total("Calls", "42")
        .with_analysis(&analysis)
        .with_similar_calls(&similar)
        .with_coaching(&coaching)
        .with_team(&team);
    let html = report.to_html().unwrap();
    assert_eq!(html, report.to_html().unwrap());
    for part in [
        "Call analysis",
        "Similar calls",
        "Coaching:",
        "The team",
        "Tone along the call",
    ] {
        assert!(html.contains(part), "{part} is missing");
    }
    for loads in ["<script", "<link", "<img", "src=", "@import", "url("] {
        assert!(!html.contains(loads), "the report loads something: {loads}");
    }
    assert!(!html.contains("undefined") && !html.contains("{{") && !html.contains("NaN"));
    assert!(html.contains(team.reps[0].rep.name.as_deref().unwrap()));
}

#[tokio::test]
async fn text_from_calls_never_becomes_markup() {
    let call = [
        (
            "rep",
            0,
            4_000,
            "<script>alert('x')</script> what is your budget & \"scope\"?",
        ),
        (
            "buyer",
            4_500,
            30_000,
            "This is too expensive</q></li><script>alert(2)</script>.",
        ),
        (
            "rep",
            31_000,
            40_000,
            "I'll send a follow-up on Tuesday {{ 7 * 7 }}.",
        ),
    ];
    let title = "Demo <script>alert(0)</script>";
    let store = support::store_of_one_call(title, &call).await;
    let language = Arc::new(PhraseLanguage::default());
    let analyst = CallAnalysisAgent::new(Arc::clone(&store) as _, language);
    let analysis = analyst.analyse(&CallId::new("77")).await.unwrap();
    let html = Report::new("<b>R</b>", support::anchor())
        .with_total("<i>", "</dd>")
        .with_analysis(&analysis)
        .to_html()
        .unwrap();
    assert!(!html.contains("<script"));
    assert!(
        html.contains("Demo &lt;script&gt;alert(0)"),
        "the title is gone"
    );
    assert!(!html.contains("<b>Rep</b>") && !html.contains("<b>R</b>"));
    assert!(!html.contains("javascript:"), "a script URL became a link");
    assert!(
        html.contains("{{ 7 * 7 }}"),
        "call text was read as a template"
    );
    let detail = store
        .call_detail(&CallId::new("77"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(detail.call.title.as_deref(), Some(title));
}
