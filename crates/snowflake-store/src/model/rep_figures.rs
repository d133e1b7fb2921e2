//! Figures of reps with the calls behind them, and how they add up.

use calls::DealOutcome;
use serde::{Deserialize, Serialize};

use super::coaching::{Benchmark, CoachingCall, Performance, RepIdentity};
use crate::statistics;

/// A rep's figures over the calls of one period whose deals stand alike.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RepFigures {
    /// The rep.
    pub rep: RepIdentity,
    /// How the deals of these calls stand; `None` for calls without a deal that the CRM
    /// mirror knows.
    pub outcome: Option<DealOutcome>,
    /// The figures.
    pub figures: Performance,
    /// How many calls have each of them.
    pub measured: Measured,
}

macro_rules! measured {
    ($($name:ident),+ $(,)?) => {
        /// How many calls stand behind each figure of a [`Performance`].
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub struct Measured {
            $(
                #[doc = concat!("Calls that have [`Performance::", stringify!($name), "`].")]
                pub $name: u64,
            )+
        }

        impl RepFigures {
            /// Adds further calls: each figure becomes the mean over the calls of both. Deals
            /// are added up, so rows of two reps count a deal of both twice.
            pub fn add(&mut self, other: &Self) {
                $({
                    let (own, theirs) = (self.measured.$name, other.measured.$name);
                    let sum = self.figures.$name.unwrap_or_default() * own as f64
                        + other.figures.$name.unwrap_or_default() * theirs as f64;
                    let calls = own + theirs;
                    self.measured.$name = calls;
                    self.figures.$name = (calls > 0).then(|| sum / calls as f64);
                })+
                self.figures.calls += other.figures.calls;
                self.figures.total_seconds += other.figures.total_seconds;
                self.figures.deals_won += other.figures.deals_won;
                self.figures.deals_lost += other.figures.deals_lost;
                self.figures.deals_open += other.figures.deals_open;
                if let Some(amount) = other.figures.amount_won {
                    let own = self.figures.amount_won.unwrap_or_default();
                    self.figures.amount_won = Some(own.saturating_add(amount));
                }
                if self.outcome != other.outcome {
                    self.outcome = None;
                }
            }
        }

        impl Performance {
            /// Which figures these have, as counts of the one call they are of.
            pub(crate) fn measured_once(&self) -> Measured {
                Measured { $($name: u64::from(self.$name.is_some()),)+ }
            }
        }

        impl Benchmark {
            /// How the figures of reps are spread, over [all of a team's
            /// rows](crate::CallReader::team_figures): each rep counts once.
            pub fn of(rows: &[RepFigures]) -> Self {
                let reps = RepFigures::by_rep(rows);
                Self {
                    reps: reps.len() as u64,
                    calls: reps.iter().map(|rep| rep.figures.calls).sum(),
                    $($name: statistics::spread(
                        reps.iter().filter_map(|rep| rep.figures.$name).collect(),
                    ),)+
                }
            }
        }
    };
}
measured!(
    talk_ratio,
    longest_monologue_seconds,
    longest_customer_story_seconds,
    interactivity,
    patience_seconds,
    question_rate,
    filler_rate,
    sentiment,
    next_step_share,
);

impl RepFigures {
    /// One row per rep, whatever became of the deals, in the order of the rows.
    pub fn by_rep(rows: &[Self]) -> Vec<Self> {
        let mut reps: Vec<Self> = Vec::new();
        for row in rows {
            match reps.last_mut().filter(|last| last.is_of(&row.rep)) {
                Some(rep) => rep.add(row),
                None => reps.push(row.clone()),
            }
        }
        reps
    }
}

impl RepFigures {
    /// Whether they are of a rep: by id, else by e-mail, else by name.
    pub fn is_of(&self, rep: &RepIdentity) -> bool {
        let folded = |text: &Option<String>| text.as_ref().map(|text| text.to_lowercase());
        if self.rep.id.is_some() || rep.id.is_some() {
            return self.rep.id == rep.id;
        }
        let own = folded(&self.rep.email).or_else(|| folded(&self.rep.name));
        own.is_some() && own == folded(&rep.email).or_else(|| folded(&rep.name))
    }
}

impl From<&CoachingCall> for RepFigures {
    fn from(call: &CoachingCall) -> Self {
        Self {
            rep: call.header.rep.clone(),
            outcome: call.outcome,
            measured: call.figures.measured_once(),
            figures: call.figures.clone(),
        }
    }
}
