//! Runs tasks and answers in one envelope.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use calls::{Provenance, Timestamp};
use futures_util::FutureExt;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;
use snowflake_store::serving::{self, Served};
use snowflake_store::{CallOrder, CallQuery, CallReader, CallSource, CancellationToken, Period};
use tokio::sync::RwLock;
use tracing::Instrument;

use super::batch::analyse_all;
use super::cards::Cards;
use super::gong_setup::GongSetup;
use super::input::parse;
use super::model::{AskAbout, BatchCalls, CallFilter, Likeness, Task, TaskPeriod};
use super::names;
use super::reply::{Request, Sources, reply};
use super::result::TaskResult;
use super::stats::{TaskCounters, TaskStats};
use super::subject::subject;
use super::teams;
use crate::coach::Team;
use crate::insights::InsightBuilder;
use crate::scorecard::{Scorecard, ScorecardAgent};
use crate::targets::CoachingSettings;
use crate::{
    AskAgent, AskScope, CallAnalysisAgent, CallSearch, DealAgent, DigestAgent, Error, ErrorCode,
    FollowUpAgent, PeriodChoice, Result, SalesCoachAgent,
};

/// How long a task may take when nobody says otherwise: a batch of 500 calls, each read by a
/// model, is within it.
const TIME_LIMIT: Duration = Duration::from_secs(15 * 60);

/// Runs tasks on a store and a language backend.
///
/// A task ends, whatever its store and backend do: after a time limit, and when the dispatcher
/// is shut down. Over a [`Hybrid`](snowflake_store::Hybrid) one store answers all of a task,
/// of a batch all of each call, and the answer says which. Clones share all of that.
#[derive(Debug, Clone)]
pub struct Dispatcher {
    time_limit: Duration,
    stop: CancellationToken,
    /// Read by each task that runs.
    running: Arc<RwLock<()>>,
    counters: Arc<TaskCounters>,
    store: Arc<dyn CallReader>,
    reader: Provenance,
    data_source: &'static str,
    analysis: CallAnalysisAgent,
    coach: SalesCoachAgent,
    search: CallSearch,
    ask: AskAgent,
    cards: Cards,
    /// What the company keeps in Gong, of all clones.
    gong: Arc<Mutex<Arc<GongSetup>>>,
    follow_up: FollowUpAgent,
    digest: DigestAgent,
    deals: DealAgent,
}

impl Dispatcher {
    /// A dispatcher over a store and a language backend.
    pub fn new(store: Arc<dyn CallSource>, language: impl Into<InsightBuilder>) -> Self {
        let reader: Arc<dyn CallReader> = Arc::<dyn CallSource>::clone(&store);
        let language = language.into();
        Self {
            time_limit: TIME_LIMIT,
            stop: CancellationToken::new(),
            running: Arc::default(),
            counters: Arc::default(),
            reader: language.reader(),
            data_source: "store",
            analysis: CallAnalysisAgent::new(Arc::clone(&store), language.clone()),
            deals: DealAgent::new(Arc::clone(&store), language.clone()),
            digest: DigestAgent::new(Arc::clone(&store), language.clone()),
            follow_up: FollowUpAgent::new(Arc::clone(&store), language.clone()),
            cards: Cards::new(ScorecardAgent::new(store, language.clone())),
            gong: Arc::default(),
            coach: SalesCoachAgent::new(Arc::clone(&reader)).comparing(&language),
            search: CallSearch::new(Arc::clone(&reader), language.clone()),
            ask: AskAgent::new(Arc::clone(&reader), language),
            store: reader,
        }
    }

    /// Says in each reply where the calls come from, such as `sqlite`; `store` otherwise.
    #[must_use]
    pub fn with_data_source(mut self, name: &'static str) -> Self {
        self.data_source = name;
        self
    }

    /// Ends tasks after this time with [`TimedOut`](ErrorCode::TimedOut); 15 minutes
    /// otherwise. A task that a second store answers anew may take twice as long.
    #[must_use]
    pub fn with_time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// How tasks have ended so far.
    pub fn stats(&self) -> TaskStats {
        self.counters.snapshot()
    }

    /// Ends the tasks that run, of clones too, with [`Cancelled`](ErrorCode::Cancelled), and
    /// waits until they have ended. Later tasks end at once.
    pub async fn shutdown(&self) {
        self.stop.cancel();
        drop(self.running.write().await);
    }

    /// As [`shutdown`](Self::shutdown), without waiting: for what is being dropped.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Knows these scorecards in place of those that the crate brings.
    #[must_use]
    pub fn with_scorecards(mut self, scorecards: Vec<Scorecard>) -> Self {
        self.cards.know(scorecards);
        self
    }

    /// Knows the scorecards that the company keeps in Gong beside its own, which keep their
    /// names, and follows its keyword trackers on calls on which Gong ran none. This takes the
    /// place of what was known of Gong before, from the next task on, also in clones. What cannot
    /// be used is logged once.
    pub fn know_gong_setup(&self, setup: GongSetup) {
        let mut known = self.gong.lock().unwrap_or_else(PoisonError::into_inner);
        let left_out = setup.left_out().iter();
        for one in left_out.filter(|one| !known.left_out().contains(one)) {
            tracing::warn!(
                kind = one.kind,
                name = one.name,
                why = one.why,
                "left out of Gong's"
            );
        }
        *known = Arc::new(setup);
    }

    fn gong_setup(&self) -> Arc<GongSetup> {
        let known = self.gong.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&known)
    }

    fn analysis(&self) -> CallAnalysisAgent {
        let trackers = Arc::clone(&self.gong_setup().trackers);
        self.analysis.clone().with_trackers(trackers)
    }

    fn cards(&self) -> Cards {
        let mut cards = self.cards.clone();
        cards.know_too(&self.gong_setup().scorecards);
        cards
    }

    /// Scores and coaches by these targets, weights and thresholds.
    ///
    /// # Errors
    /// [`InvalidValue`](ErrorCode::InvalidValue) with the field at fault, such as
    /// `targets.talk_ratio.low`.
    pub fn with_settings(mut self, settings: CoachingSettings) -> Result<Self> {
        let settings = Arc::new(settings);
        self.analysis = self.analysis.with_settings(Arc::clone(&settings))?;
        self.deals = self.deals.with_settings(Arc::clone(&settings))?;
        self.coach = self.coach.with_settings(settings)?;
        Ok(self)
    }

    /// Runs a task given as bytes and answers with the reply and the exit code of
    /// a command: 0, 2 for a task that is wrong or asks for what does not exist
    /// (an unknown call among it), 1 when the store, the backend or this crate
    /// failed. Never an error and never a panic: whatever the bytes are, there is a reply.
    ///
    /// Needs a runtime with its timer on.
    pub async fn run_json(&self, task: &[u8]) -> (Value, u8) {
        self.run_json_at(task, Timestamp::now()).await
    }

    /// As [`run_json`](Self::run_json), with the clock in the caller's hand.
    pub async fn run_json_at(&self, task: &[u8], now: Timestamp) -> (Value, u8) {
        let started = Instant::now();
        let (request, task) = Request::read(parse(task));
        let span = tracing::info_span!(
            "task",
            task_type = request.task_type,
            request_id = request.id
        );
        async {
            let (outcome, served) = match task {
                Ok(task) => self.served(&task, now).await,
                Err(error) => (Err(error), Served::default()),
            };
            let took = started.elapsed();
            self.counters
                .count(request.task_type, took, &outcome, &served);
            let sources = Sources {
                data_source: self.data_source,
                reader: &self.reader,
                served,
            };
            let outcome = outcome.map_err(|error| request.as_sent(error));
            reply(&request, outcome, &sources)
        }
        .instrument(span)
        .await
    }

    /// Runs a task. `now` is what "the last 30 days" count back from.
    ///
    /// # Errors
    /// Those of the agents; a batch reports errors of single calls in its items.
    pub async fn run(&self, task: Task, now: Timestamp) -> Result<TaskResult> {
        let (started, name) = (Instant::now(), task.spec().map(|spec| spec.name));
        let (outcome, served) = self.served(&task, now).await;
        self.counters
            .count(name, started.elapsed(), &outcome, &served);
        outcome
    }

    /// Runs a task so that one store answers all of it, or of a batch all of each call.
    async fn served(&self, task: &Task, now: Timestamp) -> (Result<TaskResult>, Served) {
        let _running = self.running.read().await;
        let subject = subject(task, now);
        let whole = serving::by_one(&subject, || self.bounded(task.clone(), now));
        let (mut outcome, mut served) = whole.await;
        if let Ok(TaskResult::Batch(report)) = &mut outcome {
            served.add(std::mem::take(&mut report.served));
        }
        (outcome, served)
    }

    /// Runs a task to its end, or to that of its time.
    async fn bounded(&self, task: Task, now: Timestamp) -> Result<TaskResult> {
        // On the heap: the future of every task lies side by side in it.
        let work = AssertUnwindSafe(Box::pin(self.named(task, now))).catch_unwind();
        let in_time = tokio::time::timeout(self.time_limit, work);
        match self.stop.run_until_cancelled(in_time).await {
            Some(Ok(Ok(outcome))) => outcome,
            Some(Ok(Err(_))) => {
                let message = "the task ended with a bug of this program";
                Err(Error::new(ErrorCode::Internal, message))
            }
            Some(Err(_)) => {
                let message = format!("the task took longer than {:?}", self.time_limit);
                Err(Error::new(ErrorCode::TimedOut, message))
            }
            None => Err(Error::new(ErrorCode::Cancelled, "stopped by request")),
        }
    }

    /// Runs a task, and says what was meant by a name that is not found.
    async fn named(&self, task: Task, now: Timestamp) -> Result<TaskResult> {
        let given = names::given(&task);
        match self.execute(task, now).await {
            Ok(result) if result.found_nothing() => {
                names::check(&*self.store, &given).await?;
                Ok(result)
            }
            Ok(result) => Ok(result),
            Err(error) => Err(names::suggested(&*self.store, &given, error).await),
        }
    }

    async fn execute(&self, task: Task, now: Timestamp) -> Result<TaskResult> {
        Ok(match task {
            Task::AnalyzeCall {
                call_id,
                competitors,
            } => {
                let analysis = self.analysis().analyse_with(&call_id, &competitors).await?;
                TaskResult::Analysis(Box::new(analysis))
            }
            Task::CoachRep { rep, team, period } => {
                let coach = self.coach_of(team).await?;
                let report = coach.coach(&rep, choice(period, now)?).await?;
                TaskResult::Coaching(Box::new(report))
            }
            Task::FindSimilarCalls { to, filter, limit } => {
                let search = self.search.among(self.query(filter, now).await?);
                TaskResult::Found {
                    calls: match to {
                        Likeness::CallId(call_id) => search.similar_to(&call_id, limit).await?,
                        Likeness::Query(text) => search.similar_to_text(&text, limit).await?,
                    },
                }
            }
            Task::BatchAnalysis { calls, concurrency } => {
                let call_ids = self.batch_ids(calls, now).await?;
                TaskResult::Batch(analyse_all(&self.analysis(), call_ids, concurrency).await)
            }
            Task::TeamOverview { team, period } => {
                let coach = self.coach_of(team).await?;
                TaskResult::Team(Box::new(coach.team(choice(period, now)?).await?))
            }
            Task::CoachingSummary { rep, team, period } => {
                let coach = self.coach_of(team).await?;
                let summary = coach.summary(rep.as_ref(), choice(period, now)?);
                TaskResult::Summary(Box::new(summary.await?))
            }
            Task::TeamBenchmark { rep, team, period } => {
                let coach = self.coach_of(team).await?;
                let benchmark = coach.benchmark(rep.as_ref(), choice(period, now)?);
                TaskResult::Benchmark(Box::new(benchmark.await?))
            }
            Task::FindPatterns {
                rep,
                team,
                period,
                limit,
            } => {
                let coach = self.coach_of(team).await?;
                let period = choice(period, now)?;
                let patterns = coach.patterns(rep.as_ref(), period, limit);
                TaskResult::Patterns(Box::new(patterns.await?))
            }
            Task::SentimentTrends {
                of,
                period,
                bucket_days,
            } => {
                let period = choice(period, now)?;
                let trends = self.coach.sentiment_trends(&of, period, bucket_days);
                TaskResult::Sentiment(Box::new(trends.await?))
            }
            Task::SearchCalls {
                query: words,
                filter,
                limit,
            } => {
                let search = self.search.among(self.query(filter, now).await?);
                TaskResult::Found {
                    calls: search.search(&words, limit).await?,
                }
            }
            Task::DealOverview { deal, today } => {
                let id = names::deal(&*self.store, deal).await?;
                let overview = self.deals.overview(&id, day(today, now)).await?;
                TaskResult::Deal(Box::new(overview))
            }
            Task::AccountTimeline { account, today } => {
                let timeline = self.deals.timeline(&account, day(today, now)).await?;
                TaskResult::Account(Box::new(timeline))
            }
            Task::Ask { question, about } => {
                let scope = match about {
                    AskAbout::Call(id) => AskScope::Call(id),
                    AskAbout::Deal(id) => AskScope::Deal(id),
                    AskAbout::Account(account) => AskScope::Account(account),
                    AskAbout::Period { period, rep } => AskScope::Period {
                        period: span(period, now)?,
                        rep,
                    },
                };
                TaskResult::Asked(Box::new(self.ask.ask(&question, &scope).await?))
            }
            Task::ScoreCall { call_id, scorecard } => {
                let (cards, analysis) = (self.cards(), self.analysis());
                let scored = cards.score(&analysis, call_id, scorecard.as_deref());
                TaskResult::Scored(Box::new(scored.await?))
            }
            Task::Scorecard { scorecard, about } => {
                let answered = self.cards().answer(&scorecard, &about).await?;
                TaskResult::Scorecard(Box::new(answered))
            }
            Task::FollowUp { call_id } => {
                let follow_up = self.follow_up.follow_up(&call_id).await?;
                TaskResult::FollowUp(Box::new(follow_up))
            }
            Task::Digest {
                rep,
                team,
                period,
                today,
            } => {
                let team = self.team(team).await?;
                let rep = rep.or_else(|| team.as_ref().map(Team::reps));
                let today = today.unwrap_or_else(|| TimeZone::UTC.to_datetime(now).date());
                let digest = self.digest.digest(span(period, now)?, rep.as_ref(), today);
                let mut digest = digest.await?;
                digest.notes.extend(team.map(|team| team.note()));
                TaskResult::Digest(Box::new(digest))
            }
            Task::ListCalls {
                filter,
                with_transcript,
                without_insights,
                order,
                limit,
            } => {
                let query = CallQuery {
                    without_insights,
                    with_transcript,
                    order,
                    limit,
                    ..self.query(filter, now).await?
                };
                TaskResult::Listed {
                    calls: self.store.find_calls(&query).await?,
                }
            }
        })
    }

    async fn team(&self, manager: Option<String>) -> Result<Option<Team>> {
        match manager {
            Some(manager) => Ok(Some(teams::of(&*self.store, &manager).await?)),
            None => Ok(None),
        }
    }

    async fn coach_of(&self, manager: Option<String>) -> Result<SalesCoachAgent> {
        let team = self.team(manager).await?;
        Ok(team.map_or_else(|| self.coach.clone(), |team| self.coach.of_team(team)))
    }

    /// The calls that fit a filter.
    async fn query(&self, filter: CallFilter, now: Timestamp) -> Result<CallQuery> {
        let period = filter.period.map(|period| span(period, now)).transpose()?;
        let team = self.team(filter.team).await?;
        Ok(CallQuery {
            rep: filter.rep.or_else(|| team.as_ref().map(Team::reps)),
            period,
            account: filter.account,
            participant: filter.participant,
            deal_id: filter.deal_id,
            deal_stage: filter.deal_stage,
            outcome: filter.outcome,
            call_type: filter.call_type,
            words: filter.words,
            ..CallQuery::default()
        })
    }

    async fn batch_ids(&self, calls: BatchCalls, now: Timestamp) -> Result<Vec<calls::CallId>> {
        let (period, limit) = match calls {
            BatchCalls::Ids(ids) => return Ok(ids),
            BatchCalls::Period { period, limit } => (period, limit),
        };
        let query = CallQuery {
            period: period.map(|period| span(period, now)).transpose()?,
            with_transcript: true,
            order: CallOrder::NewestFirst,
            limit,
            ..CallQuery::default()
        };
        let listed = self.store.find_calls(&query).await?;
        Ok(listed.into_iter().map(|header| header.id).collect())
    }
}

fn day(today: Option<Date>, now: Timestamp) -> Date {
    today.unwrap_or_else(|| TimeZone::UTC.to_datetime(now).date())
}

fn choice(period: TaskPeriod, now: Timestamp) -> Result<PeriodChoice> {
    Ok(match period {
        TaskPeriod::Days(days) => PeriodChoice::Last { days, now },
        TaskPeriod::Between(_) | TaskPeriod::Since(_) => PeriodChoice::Between(span(period, now)?),
    })
}

fn span(period: TaskPeriod, now: Timestamp) -> Result<Period> {
    match period {
        TaskPeriod::Between(period) => Ok(period),
        TaskPeriod::Days(days) => Ok(crate::coach::ending_at(now, days)),
        TaskPeriod::Since(from) if from < now => Ok(Period { from, to: now }),
        TaskPeriod::Since(_) => {
            Err(Error::new(ErrorCode::InvalidValue, "is in the future").with_field("from"))
        }
    }
}
