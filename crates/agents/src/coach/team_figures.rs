//! The figures of a team, read once and taken apart by rep and by outcome.

use calls::DealOutcome;
use snowflake_store::{Benchmark, CallReader, Period, RepFigures};

use super::compared::Compared;
use super::peers::{is_named, name_of};
use crate::Result;

/// The figures of a team.
#[derive(Debug)]
pub(crate) struct TeamFigures {
    /// One row per rep, most calls first.
    pub(crate) reps: Vec<RepFigures>,
    /// How they are spread.
    pub(crate) benchmark: Benchmark,
    /// Over all calls of won deals.
    pub(crate) won: RepFigures,
    /// Over all calls of lost deals.
    pub(crate) lost: RepFigures,
    /// The rows of each rep's calls of won deals.
    pub(crate) winners: Vec<RepFigures>,
}

impl TeamFigures {
    pub(crate) async fn read(
        store: &dyn CallReader,
        period: Period,
        compared: &Compared,
    ) -> Result<Self> {
        let mut rows = store
            .team_figures(period, compared.insights.as_ref())
            .await?;
        if let Some(reps) = compared.reps() {
            rows.retain(|row| is_named(&row.rep, &reps));
        }
        let of = |outcome| rows.iter().filter(move |row| row.outcome == Some(outcome));
        let together = |outcome| {
            let mut all = RepFigures::default();
            of(outcome).for_each(|row| all.add(row));
            all
        };
        let mut reps = RepFigures::by_rep(&rows);
        by_calls(&mut reps);
        let mut winners: Vec<RepFigures> = of(DealOutcome::Won).cloned().collect();
        by_calls(&mut winners);
        Ok(Self {
            benchmark: Benchmark::of(&rows),
            won: together(DealOutcome::Won),
            lost: together(DealOutcome::Lost),
            reps,
            winners,
        })
    }
}

fn by_calls(rows: &mut [RepFigures]) {
    rows.sort_by(|a, b| {
        b.figures
            .calls
            .cmp(&a.figures.calls)
            .then_with(|| name_of(&a.rep).cmp(name_of(&b.rep)))
    });
}
