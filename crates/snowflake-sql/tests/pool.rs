//! Who gets which session, and when one is logged in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use resilience::ErrorKind;
use snowflake_sql::{
    Error, Login, PoolSettings, Result, Rows, SessionCapabilities, SnowflakePool, SqlPool,
    SqlSession, Statement,
};
use support::{SELECT, config, double, pool_of};

#[tokio::test]
async fn nothing_is_sent_before_it_is_needed_and_sessions_are_used_again() {
    let snowflake = double().await;
    let pool = pool_of(&snowflake, 3);
    assert_eq!(snowflake.state().requests(), 0);
    for _ in 0..5 {
        pool.query(&SELECT).await.unwrap();
    }
    assert_eq!(snowflake.state().logins().len(), 1);
}

#[tokio::test]
async fn there_are_never_more_sessions_than_the_pool_is_large() {
    let snowflake = double().await;
    let pool = pool_of(&snowflake, 3);
    let tasks = (0..40).map(|_| {
        let pool = pool.clone();
        tokio::spawn(async move { pool.query(&SELECT).await })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap().unwrap();
    }
    let state = snowflake.state();
    assert!(state.logins().len() <= 3);
    assert_eq!(state.statements().len(), 40);
}

/// Sessions without a server: they count, and may take their time.
#[derive(Debug, Default)]
struct Counting {
    logins: AtomicUsize,
    runs: AtomicUsize,
}

#[derive(Debug)]
struct CountingSession(Arc<Counting>);

#[derive(Debug)]
struct CountingLogin(Arc<Counting>);

const CAPABILITIES: SessionCapabilities = SessionCapabilities {
    binds: true,
    transactions: true,
    longest_statement: None,
    ordered_rows: true,
    vector_columns: true,
    cancels: false,
    query_ids: false,
};

#[async_trait]
impl Login for CountingLogin {
    fn capabilities(&self) -> SessionCapabilities {
        CAPABILITIES
    }

    async fn login(&self, _limit: Duration) -> Result<Box<dyn SqlSession>> {
        self.0.logins.fetch_add(1, Ordering::SeqCst);
        Ok(Box::new(CountingSession(Arc::clone(&self.0))))
    }
}

#[async_trait]
impl SqlSession for CountingSession {
    fn capabilities(&self) -> SessionCapabilities {
        CAPABILITIES
    }

    async fn run(&mut self, statement: &Statement) -> Result<Rows> {
        self.0.runs.fetch_add(1, Ordering::SeqCst);
        if let Some(time) = statement.timeout() {
            tokio::time::sleep(time).await;
        }
        Ok(Rows::default())
    }

    async fn begin(&mut self) -> Result<()> {
        Err(Error::new(ErrorKind::Unsupported, "no transactions here"))
    }

    async fn commit(&mut self) -> Result<()> {
        Ok(())
    }

    async fn rollback(&mut self) -> Result<()> {
        Ok(())
    }
}

async fn settings(change: impl FnOnce(&mut PoolSettings)) -> PoolSettings {
    let snowflake = double().await;
    let mut settings = PoolSettings::of(&config(&snowflake));
    settings.size = NonZeroUsize::MIN;
    change(&mut settings);
    settings
}

#[tokio::test(start_paused = true)]
async fn callers_get_their_turn_in_the_order_of_asking() {
    let counting = Arc::new(Counting::default());
    let login = Arc::new(CountingLogin(Arc::clone(&counting)));
    let pool = SnowflakePool::over(login, settings(|_| {}).await);
    let order = Arc::new(std::sync::Mutex::new(Vec::new()));
    let first = pool.session().await.unwrap();
    let mut tasks = Vec::new();
    for number in 0..8 {
        let (pool, order) = (pool.clone(), Arc::clone(&order));
        tasks.push(tokio::spawn(async move {
            let _session = pool.session().await.unwrap();
            order.lock().unwrap().push(number);
            tokio::time::sleep(Duration::from_secs(1)).await;
        }));
        // Asked in this order.
        tokio::task::yield_now().await;
    }
    drop(first);
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(*order.lock().unwrap(), [0, 1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(counting.logins.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn a_session_is_replaced_at_the_end_of_its_life() {
    let counting = Arc::new(Counting::default());
    let login = Arc::new(CountingLogin(Arc::clone(&counting)));
    let lifetime = Duration::from_secs(3_000);
    let pool = SnowflakePool::over(login, settings(|to| to.session_lifetime = lifetime).await);
    for (wait, logins) in [(0, 1), (2_900, 1), (200, 2)] {
        tokio::time::advance(Duration::from_secs(wait)).await;
        pool.query(&SELECT).await.unwrap();
        assert_eq!(
            counting.logins.load(Ordering::SeqCst),
            logins,
            "after {wait} s"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn idle_sessions_are_asked_something_when_that_is_wanted() {
    for (keep_alive, runs) in [(None, 1), (Some(Duration::from_secs(100)), 10)] {
        let counting = Arc::new(Counting::default());
        let login = Arc::new(CountingLogin(Arc::clone(&counting)));
        let pool = SnowflakePool::over(login, settings(|to| to.keep_alive = keep_alive).await);
        pool.query(&SELECT).await.unwrap();
        tokio::time::sleep(Duration::from_secs(960)).await;
        assert_eq!(counting.runs.load(Ordering::SeqCst), runs, "{keep_alive:?}");
        drop(pool);
    }
}

#[tokio::test(start_paused = true)]
async fn the_overall_limit_counts_waiting_for_a_session() {
    let counting = Arc::new(Counting::default());
    let login = Arc::new(CountingLogin(counting));
    let limit = Duration::from_secs(60);
    let pool = SnowflakePool::over(login, settings(|to| to.overall_limit = limit).await);
    let _held = pool.session().await.unwrap();
    let error = pool.query(&SELECT).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
    assert!(error.to_string().contains("60 s"), "{error}");
}
