//! Figures over calls, compared with figures calculated by hand.

use calls::{DealOutcome, Provenance};
use snowflake_store::{
    Benchmark, CallInsights, CallStore, CrmSnapshot, Performance, Rep, RepFigures, Spread,
};

use super::crm::deal;
use super::documents::{CallDocument, page, transcript_document};
use super::insights::insights_with_chunk;
use super::{at, done, load_well, window, year};

/// Loads a call of which the rep speaks a share of ten seconds.
async fn load_call(store: &dyn CallStore, call: CallDocument, id: &str, rep_ms: i64) {
    let lines = [
        ("v-rep", 0, rep_ms, "We looked at the numbers together."),
        (
            "v-buyer",
            rep_ms,
            10_000,
            "The review takes two weeks with us.",
        ),
    ];
    load_well(
        store,
        page([call.document()], [transcript_document(id, &lines)]),
    )
    .await;
}

fn near(figure: Option<f64>, expected: f64) {
    let figure = figure.unwrap_or_else(|| panic!("no figure where {expected} was expected"));
    assert!(
        (figure - expected).abs() < 1e-12,
        "{figure} is not {expected}"
    );
}

/// The year's figures of a team of one rep.
async fn of_only_rep(store: &dyn CallStore) -> Performance {
    let reps = RepFigures::by_rep(&done(store.team_figures(year(), None).await));
    assert_eq!(reps.len(), 1, "{reps:?}");
    reps[0].figures.clone()
}

/// A figure is the mean over the calls that have it; a call without a transcript
/// counts as a call and for nothing else.
pub async fn figures_are_means_over_the_calls_that_have_them(store: &dyn CallStore) {
    load_call(store, CallDocument::new("1"), "1", 6_000).await;
    load_call(
        store,
        CallDocument::new("2").with("duration", 1_200),
        "2",
        8_000,
    )
    .await;
    load_well(
        store,
        page([CallDocument::new("3").with("duration", 30).document()], []),
    )
    .await;
    let mut with_next_step = insights_with_chunk("1", "words", &[1.0]);
    let mut without = CallInsights {
        next_steps: Some(Vec::new()),
        ..insights_with_chunk("2", "words", &[1.0])
    };
    for (insights, score) in [(&mut with_next_step, 0.5), (&mut without, -0.25)] {
        insights.sentiment = insights
            .sentiment
            .map(|sentiment| calls::Sentiment { score, ..sentiment });
    }
    done(store.save_insights(&[with_next_step, without]).await);

    let figures = of_only_rep(store).await;
    assert_eq!(
        (figures.calls, figures.total_seconds),
        (3, 3_600 + 1_200 + 30)
    );
    near(figures.talk_ratio, 0.7);
    near(figures.longest_monologue_seconds, 7.0);
    near(figures.longest_customer_story_seconds, 3.0);
    near(figures.sentiment, 0.125);
    near(figures.next_step_share, 0.5);
    near(figures.question_rate, 0.0);
    assert_eq!(
        (figures.deals_won, figures.deals_lost, figures.deals_open),
        (0, 0, 0)
    );
    assert_eq!(figures.amount_won, None);
}

/// Deals that several calls speak of count once, and money is added exactly.
pub async fn deals_count_once_and_amounts_add_exactly(store: &dyn CallStore) {
    for (id, deal_id) in [
        ("1", "won-1"),
        ("2", "won-1"),
        ("3", "won-2"),
        ("4", "lost"),
        ("5", "open"),
        ("6", "not mirrored"),
        ("7", "unreadable"),
    ] {
        load_call(
            store,
            CallDocument::new(id).linked("Opportunity", deal_id),
            id,
            5_000,
        )
        .await;
    }
    let with = |id: &str, outcome, amount: &str| {
        let mut deal = deal(id);
        deal.outcome = outcome;
        deal.amount = amount.parse().ok();
        deal
    };
    let snapshot = CrmSnapshot {
        deals: vec![
            with("won-1", DealOutcome::Won, "0.10"),
            with("won-2", DealOutcome::Won, "99999999999999.20"),
            with("lost", DealOutcome::Lost, "5"),
            with("open", DealOutcome::Open, "7"),
            with("unreadable", DealOutcome::Unknown, "11"),
        ],
        read_at: at("2026-04-01"),
        ..CrmSnapshot::default()
    };
    done(store.save_crm(&snapshot).await);
    let ana = Rep::Id("u-ana".into());
    let figures = of_only_rep(store).await;
    assert_eq!(
        (figures.deals_won, figures.deals_lost, figures.deals_open),
        (2, 1, 1)
    );
    assert_eq!(figures.amount_won, "99999999999999.30".parse().ok());
    let coaching = done(store.calls_for_coaching(Some(&ana), year(), 10).await);
    let outcome = |id: &str| {
        coaching
            .iter()
            .find(|call| call.header.id.as_str() == id)
            .unwrap()
            .outcome
    };
    assert_eq!(outcome("1"), Some(DealOutcome::Won));
    assert_eq!(outcome("4"), Some(DealOutcome::Lost));
    assert_eq!(outcome("6"), None, "the mirror does not know it");
    assert_eq!(outcome("7"), Some(DealOutcome::Unknown));
}

/// The team's spread is over reps: one with many calls weighs no more than another.
pub async fn a_benchmark_counts_each_rep_once(store: &dyn CallStore) {
    let of = |id: &str, rep: u32| {
        CallDocument::new(id).hosted_by(
            &format!("u-{rep}"),
            &format!("Rep {rep}"),
            &format!("rep{rep}@seller.test"),
        )
    };
    // Means by rep: 0.4 (of 0.3 and 0.5), 0.6, 0.7, 0.9.
    for (id, rep, rep_ms) in [
        ("1", 1, 3_000),
        ("2", 1, 5_000),
        ("3", 2, 6_000),
        ("4", 3, 7_000),
        ("5", 4, 9_000),
    ] {
        load_call(store, of(id, rep), id, rep_ms).await;
    }
    // A call without a host is nobody's.
    load_well(
        store,
        page(
            [CallDocument::new("6")
                .with("primaryUserId", None::<String>)
                .document()],
            [],
        ),
    )
    .await;
    let benchmark = Benchmark::of(&done(store.team_figures(year(), None).await));
    assert_eq!((benchmark.reps, benchmark.calls), (4, 5));
    let Spread {
        min,
        p25,
        median,
        p75,
        max,
        mean,
    } = benchmark.talk_ratio.unwrap();
    for (figure, expected) in [
        (min, 0.4),
        (p25, 0.55),
        (median, 0.65),
        (p75, 0.75),
        (max, 0.9),
        (mean, 0.65),
    ] {
        near(Some(figure), expected);
    }
    assert_eq!(
        (benchmark.sentiment, benchmark.next_step_share),
        (None, None)
    );
    let first_of_the_year = window("2026-01-01", "2026-01-02");
    assert_eq!(done(store.team_figures(first_of_the_year, None).await), []);
}

/// A team's figures stand by rep and by how the deals stand, each with the calls behind it;
/// tone and next steps of other backends are left out where one is named.
pub async fn team_figures_stand_by_rep_and_outcome(store: &dyn CallStore) {
    for (id, deal_id, rep_ms) in [
        ("1", "won", 3_000),
        ("2", "won", 5_000),
        ("3", "lost", 9_000),
        ("4", "not mirrored", 6_000),
    ] {
        let call = CallDocument::new(id).linked("Opportunity", deal_id);
        load_call(store, call, id, rep_ms).await;
    }
    let silent = CallDocument::new("5").linked("Opportunity", "won");
    load_well(store, page([silent.document()], [])).await;
    let bob = CallDocument::new("6").hosted_by("u-bob", "Bob", "bob@seller.test");
    load_call(store, bob, "6", 7_000).await;
    let with = |id: &str, outcome| {
        let mut deal = deal(id);
        deal.outcome = outcome;
        deal.amount = "0.10".parse().ok();
        deal
    };
    let snapshot = CrmSnapshot {
        deals: vec![
            with("won", DealOutcome::Won),
            with("lost", DealOutcome::Lost),
        ],
        read_at: at("2026-04-01"),
        ..CrmSnapshot::default()
    };
    done(store.save_crm(&snapshot).await);
    let ours = insights_with_chunk("1", "words", &[1.0]);
    let theirs = CallInsights {
        provenance: Provenance::new("another", "1"),
        ..insights_with_chunk("2", "words", &[1.0])
    };
    let provenance = ours.provenance.clone();
    done(store.save_insights(&[ours, theirs]).await);

    let rows = done(store.team_figures(year(), None).await);
    let row = |rows: &[RepFigures], user: &str, outcome| {
        let of_rep = |row: &&RepFigures| row.rep.id == Some(user.into());
        let mut found = rows.iter().filter(of_rep);
        found.find(|row| row.outcome == outcome).unwrap().clone()
    };
    assert_eq!(rows.len(), 4, "{rows:?}");
    let won = row(&rows, "u-ana", Some(DealOutcome::Won));
    assert_eq!((won.figures.calls, won.measured.talk_ratio), (3, 2));
    near(won.figures.talk_ratio, 0.4);
    assert_eq!((won.figures.deals_won, won.figures.deals_lost), (1, 0));
    assert_eq!(won.figures.amount_won, "0.10".parse().ok());
    assert_eq!(won.measured.sentiment, 2);
    let lost = row(&rows, "u-ana", Some(DealOutcome::Lost));
    near(lost.figures.talk_ratio, 0.9);
    assert_eq!(
        (lost.figures.deals_lost, lost.figures.amount_won),
        (1, None)
    );
    let unknown = row(&rows, "u-ana", None);
    assert_eq!((unknown.figures.calls, unknown.measured.sentiment), (1, 0));
    let bob = row(&rows, "u-bob", None);
    near(bob.figures.talk_ratio, 0.7);

    let by_rep = RepFigures::by_rep(&rows);
    assert_eq!(by_rep.len(), 2);
    let ana = by_rep.iter().find(|rep| rep.figures.calls == 5).unwrap();
    near(ana.figures.talk_ratio, 0.575);
    assert_eq!((ana.figures.deals_won, ana.figures.deals_lost), (1, 1));

    let of_one = done(store.team_figures(year(), Some(&provenance)).await);
    let won = row(&of_one, "u-ana", Some(DealOutcome::Won));
    assert_eq!((won.figures.calls, won.measured.sentiment), (3, 1));
    assert_eq!(won.measured.next_step_share, 1);

    let everybody = done(store.calls_for_coaching(None, year(), 10).await);
    assert_eq!(everybody.len(), 5, "those with a transcript");
    let of = |id: &str| {
        everybody
            .iter()
            .find(|call| call.header.id.as_str() == id)
            .unwrap()
    };
    assert_eq!(of("1").insights_by, Some(provenance));
    assert_eq!(of("3").insights_by, None);
    assert_eq!(
        done(store.calls_for_coaching(None, year(), 2).await).len(),
        2
    );
}
