//! Whoever writes staging is alone: transforms of a client and of a task, two clients,
//! retention, deletion and erasure are interleaved, and no row is there twice or lost.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::fakesnow;

use std::collections::BTreeSet;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use snowflake_sql::{
    Result, Rows, SessionCapabilities, SnowflakePool, SqlPool, SqlSession, Statement,
};
use snowflake_store::{
    CallId, ErasureRequest, ErasureSubject, Landing, LandingPage, SnowflakeStore, StagingWriter,
    TransformScope, Upkeep,
};
use testkit::conformance::store::{CallDocument, Line, transcript_document};

type Turn = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync>;

/// Lets somebody else write in the middle of its first transaction of several statements.
/// Where both want a row, Snowflake has the other one wait for the commit; the stand-in
/// refuses, so that the other one starts over then.
struct Interrupted {
    inner: Arc<SnowflakePool>,
    /// Statements before the interruption.
    after: AtomicUsize,
    /// How many the transaction had that was interrupted.
    statements: Arc<AtomicUsize>,
    other: Turn,
}

impl fmt::Debug for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interrupted").finish_non_exhaustive()
    }
}

const DONE: usize = usize::MAX;

#[async_trait]
impl SqlPool for Interrupted {
    fn capabilities(&self) -> SessionCapabilities {
        self.inner.capabilities()
    }

    async fn session(&self) -> Result<Box<dyn SqlSession>> {
        let inner = self.inner.session().await?;
        let after = self.after.swap(DONE, Ordering::SeqCst);
        if after == DONE {
            return Ok(inner);
        }
        Ok(Box::new(InterruptedSession {
            inner,
            after,
            sent: 0,
            must_wait: false,
            statements: self.statements.clone(),
            other: self.other.clone(),
        }))
    }

    async fn query(&self, statement: &Statement) -> Result<Rows> {
        self.inner.query(statement).await
    }

    async fn transaction(&self, statements: &[Statement]) -> Result<Vec<Rows>> {
        let mut session = self.session().await?;
        session.begin().await?;
        let mut replies = Vec::new();
        for statement in statements {
            replies.push(session.run(statement).await?);
        }
        session.commit().await?;
        Ok(replies)
    }
}

/// The session of the transaction that is interrupted.
struct InterruptedSession {
    inner: Box<dyn SqlSession>,
    after: usize,
    sent: usize,
    must_wait: bool,
    statements: Arc<AtomicUsize>,
    other: Turn,
}

impl fmt::Debug for InterruptedSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InterruptedSession").finish_non_exhaustive()
    }
}

#[async_trait]
impl SqlSession for InterruptedSession {
    fn capabilities(&self) -> SessionCapabilities {
        self.inner.capabilities()
    }

    async fn run(&mut self, statement: &Statement) -> Result<Rows> {
        if self.sent == self.after && self.after > 0 {
            self.must_wait = !(self.other)().await;
        }
        self.sent += 1;
        self.inner.run(statement).await
    }

    async fn begin(&mut self) -> Result<()> {
        if self.after == 0 {
            assert!((self.other)().await, "nobody is in its way yet");
        }
        self.inner.begin().await
    }

    async fn commit(&mut self) -> Result<()> {
        self.inner.commit().await?;
        self.statements.store(self.sent, Ordering::SeqCst);
        if self.must_wait || self.after >= self.sent {
            assert!((self.other)().await, "nobody is in its way any more");
        }
        Ok(())
    }

    async fn rollback(&mut self) -> Result<()> {
        self.inner.rollback().await
    }
}

const LINES: &[Line<'static>] = &[
    ("v-rep", 0, 2_000, "We ship on Friday."),
    ("v-buyer", 2_000, 4_000, "That is late for us."),
];

const OLD: &str = "2026-03-02T10:00:00Z";

fn page(ids: &[&str]) -> LandingPage {
    let calls = ids
        .iter()
        .map(|id| CallDocument::new(id).at(OLD).document())
        .collect();
    let transcripts = ids.iter().map(|id| transcript_document(id, LINES));
    LandingPage::new("run")
        .with_calls(calls)
        .with_transcripts(transcripts.collect())
}

const ALL: TransformScope = TransformScope::Pending { limit: 100 };

#[derive(Clone, Copy, Debug, PartialEq)]
enum Who {
    Client,
    Task,
    Retention,
    Deletion,
    Erasure,
    Handover,
}

/// Of the buyer, who is to be forgotten.
const ADDRESS: &str = "bo@buyer.test";

async fn act(store: &SnowflakeStore, who: Who) -> snowflake_store::Result<()> {
    match who {
        Who::Client => store.transform(ALL).await.map(drop),
        Who::Task => store.transform_in_database().await.map(drop),
        Who::Retention => {
            let later = "2026-03-04T00:00:00Z".parse().unwrap();
            store.apply_retention(later).await.map(drop)
        }
        Who::Deletion => {
            let page = LandingPage::new("gone").with_deleted(vec![CallId::new("1")]);
            store.land(page).await.map(drop)
        }
        Who::Erasure => {
            let buyer = ErasureSubject::Email(ADDRESS.to_owned());
            store.erase(&ErasureRequest::new(buyer)).await.map(drop)
        }
        Who::Handover => store.set_staging_writer(StagingWriter::Task).await,
    }
}

async fn empty(pool: &dyn SqlPool) {
    for text in [
        "DELETE FROM GONG_CALLS_RAW",
        "DELETE FROM GONG_CALL_TRANSCRIPTS_RAW",
        "DELETE FROM STG_GONG_CALLS",
        "DELETE FROM STG_GONG_CALL_TRANSCRIPTS",
        "DELETE FROM STG_GONG_CALL_PARTICIPANTS",
        "DELETE FROM STG_GONG_CALL_TOPICS",
        "DELETE FROM STG_GONG_CALL_CRM_LINKS",
        "DELETE FROM GONG_ERASED",
    ] {
        fakesnow::rows(pool, text).await;
    }
}

/// Calls with their sentences: every one once, or it panics.
async fn staged(pool: &dyn SqlPool) -> BTreeSet<String> {
    let rows = fakesnow::rows(
        pool,
        "SELECT C.CALL_ID, COUNT(*), (SELECT COUNT(*) FROM STG_GONG_CALL_TRANSCRIPTS AS T WHERE T.CALL_ID = C.CALL_ID),
            (SELECT COUNT(*) FROM STG_GONG_CALL_PARTICIPANTS AS P WHERE P.CALL_ID = C.CALL_ID)
        FROM STG_GONG_CALLS AS C WHERE C.DELETED_AT IS NULL GROUP BY C.CALL_ID",
    )
    .await;
    let cells = |row: Vec<Option<String>>| row.into_iter().flatten().collect::<Vec<_>>();
    let calls: Vec<Vec<String>> = rows.into_iter().map(cells).collect();
    for call in &calls {
        assert_eq!(call[1..], ["1", "2", "2"], "{calls:?}");
    }
    let orphans = fakesnow::rows(
        pool,
        "SELECT CALL_ID FROM STG_GONG_CALL_TRANSCRIPTS
        WHERE CALL_ID NOT IN (SELECT CALL_ID FROM STG_GONG_CALLS WHERE DELETED_AT IS NULL)",
    )
    .await;
    assert!(
        orphans.is_empty(),
        "words of calls that are gone: {orphans:?}"
    );
    calls.into_iter().map(|call| call[0].clone()).collect()
}

/// Where the buyer's words or address still stand.
async fn left_of_the_buyer(pool: &dyn SqlPool) -> Vec<Vec<Option<String>>> {
    let text = "SELECT CALL_ID FROM STG_GONG_CALL_TRANSCRIPTS WHERE CONTAINS(TRANSCRIPT_TEXT, 'late for us')
        UNION ALL SELECT CALL_ID FROM STG_GONG_CALL_PARTICIPANTS WHERE PARTICIPANT_EMAIL = 'bo@buyer.test'
        UNION ALL SELECT CALL_ID FROM GONG_CALL_TRANSCRIPTS_RAW WHERE CONTAINS(TRANSCRIPT_DATA::VARCHAR, 'late for us')
        UNION ALL SELECT CALL_ID FROM GONG_CALLS_RAW WHERE CONTAINS(RAW_DATA::VARCHAR, 'bo@buyer.test')";
    fakesnow::rows(pool, text).await
}

/// Has `second` interrupt `first` behind every statement, and tells what has to be staged
/// in the end. An erasure is long, and waits for the lock that the first statement takes: it
/// comes before the transaction, behind that statement and behind the commit.
async fn interleave(writer: StagingWriter, first: Who, second: Who, wanted: &[&str]) {
    let Some((pool, _server)) = fakesnow::migrated().await else {
        return;
    };
    let erases = [first, second].contains(&Who::Erasure);
    let mut after = 0;
    loop {
        empty(&*pool).await;
        // A store of an earlier turn remembers who was erased in it.
        let quiet = SnowflakeStore::new(pool.clone(), fakesnow::config()).unwrap();
        quiet
            .set_staging_writer(StagingWriter::Client)
            .await
            .unwrap();
        quiet.land(page(&["1", "2"])).await.unwrap();
        assert_ne!(left_of_the_buyer(&*pool).await, [[]; 0], "to be found");
        if second == Who::Retention || first == Who::Retention {
            // One call is staged and too old, the other one is to be staged.
            act(&quiet, Who::Client).await.unwrap();
            let policy = Statement::new(
                "test",
                snowflake_sql::SqlText::fixed(
                    "UPDATE GONG_DATA_RETENTION_POLICY SET RETENTION_DAYS = 1 WHERE TABLE_NAME = 'STG_GONG_CALLS'",
                ),
            );
            pool.query(&policy).await.unwrap();
            let fresh = CallDocument::new("3").at("2026-03-03T23:00:00Z").document();
            let said = transcript_document("3", LINES);
            let page = LandingPage::new("run").with_calls(vec![fresh]);
            quiet.land(page.with_transcripts(vec![said])).await.unwrap();
        }
        quiet.set_staging_writer(writer).await.unwrap();
        let rival = quiet.clone();
        let other: Turn = Arc::new(move || {
            let rival = rival.clone();
            Box::pin(async move { act(&rival, second).await.is_ok() })
        });
        let interrupted = Arc::new(Interrupted {
            inner: pool.clone(),
            after: AtomicUsize::new(after),
            statements: Arc::default(),
            other,
        });
        let store = SnowflakeStore::new(interrupted.clone(), fakesnow::config()).unwrap();
        act(&store, first).await.unwrap();
        staged(&*pool).await;
        // A second look takes what was left over at a handover, and nothing twice.
        for who in [Who::Client, Who::Task] {
            act(&quiet, who).await.unwrap();
        }
        let staged = staged(&*pool).await;
        assert!(
            staged.iter().eq(wanted),
            "{first:?}, interrupted by {second:?} behind {after}: {staged:?}"
        );
        if erases {
            let left = left_of_the_buyer(&*pool).await;
            assert_eq!(left, [[]; 0], "{first:?}, {second:?} behind {after}");
        }
        let statements = interrupted.statements.load(Ordering::SeqCst);
        match after {
            _ if after >= statements => return,
            1 if erases => after = statements,
            _ => after += 1,
        }
    }
}

#[tokio::test]
async fn two_clients_stage_a_call_once() {
    interleave(StagingWriter::Client, Who::Client, Who::Client, &["1", "2"]).await;
}

#[tokio::test]
async fn a_task_beside_a_client_stages_nothing() {
    interleave(StagingWriter::Client, Who::Client, Who::Task, &["1", "2"]).await;
    interleave(StagingWriter::Client, Who::Task, Who::Client, &["1", "2"]).await;
}

#[tokio::test]
async fn a_client_beside_a_task_stages_nothing() {
    interleave(StagingWriter::Task, Who::Task, Who::Client, &["1", "2"]).await;
    interleave(StagingWriter::Task, Who::Task, Who::Task, &["1", "2"]).await;
}

#[tokio::test]
async fn what_a_client_left_over_at_a_handover_a_task_stages() {
    interleave(
        StagingWriter::Client,
        Who::Client,
        Who::Handover,
        &["1", "2"],
    )
    .await;
}

#[tokio::test]
async fn a_deletion_in_the_middle_of_a_transform_leaves_no_words() {
    interleave(StagingWriter::Client, Who::Client, Who::Deletion, &["2"]).await;
    interleave(StagingWriter::Task, Who::Task, Who::Deletion, &["2"]).await;
    interleave(StagingWriter::Client, Who::Deletion, Who::Client, &["2"]).await;
}

#[tokio::test]
async fn retention_in_the_middle_of_a_transform_takes_what_is_too_old_alone() {
    interleave(StagingWriter::Client, Who::Client, Who::Retention, &["3"]).await;
    interleave(StagingWriter::Client, Who::Retention, Who::Client, &["3"]).await;
    interleave(StagingWriter::Task, Who::Task, Who::Retention, &["3"]).await;
}

#[tokio::test]
async fn nothing_of_a_person_who_is_erased_meanwhile_is_staged() {
    interleave(
        StagingWriter::Client,
        Who::Client,
        Who::Erasure,
        &["1", "2"],
    )
    .await;
    interleave(
        StagingWriter::Client,
        Who::Erasure,
        Who::Client,
        &["1", "2"],
    )
    .await;
    interleave(StagingWriter::Task, Who::Task, Who::Erasure, &["1", "2"]).await;
}
