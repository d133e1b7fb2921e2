//! What is tried, one step after the other; a step that fails stops none.

use std::error::Error as StdError;
use std::future::Future;
use std::time::Instant;

use gong_snowflake::calls::reading::Reading;
use gong_snowflake::calls::{CallId, Provenance, RawDocument, Timestamp};
use gong_snowflake::cortex::sql::CortexSql;
use gong_snowflake::cortex::{self, LanguageBackend, LanguageBackendExt};
use gong_snowflake::snowflake_sql::{self, SqlPool, SqlText, Statement};
use gong_snowflake::snowflake_store::{
    self, CallInsights, CallReader, CallReading, Chunk, ChunkEmbedding, Insights, Landing,
    LandingPage, SnowflakeStore, StagingWriter, TransformScope, Upkeep,
};
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

use super::Shown;

type Tried = Result<(), Box<dyn StdError>>;

const TRANSFORM: SqlText =
    SqlText::fixed(include_str!("../../sql/snowflake/check/call_transform.sql"));
const RETENTION: SqlText =
    SqlText::fixed(include_str!("../../sql/snowflake/check/call_retention.sql"));

/// Steps on a store, with calls that are nobody's.
pub(crate) struct Steps<'a> {
    store: &'a SnowflakeStore,
    pool: &'a dyn SqlPool,
    calls: Vec<RawDocument>,
    transcripts: Vec<RawDocument>,
    shown: Vec<Shown>,
}

impl<'a> Steps<'a> {
    pub(crate) fn new(store: &'a SnowflakeStore, pool: &'a dyn SqlPool) -> Self {
        let org = SyntheticOrg::generate(&SyntheticConfig {
            deals: 1,
            ..SyntheticConfig::default()
        });
        let document = |id: Option<&str>, value: &serde_json::Value| {
            RawDocument::new(id?.into(), value.to_string()).ok()
        };
        let calls = || org.calls.iter().filter(|call| call.transcript.is_some());
        Self {
            store,
            pool,
            calls: calls()
                .filter_map(|call| document(call.id(), &call.extensive))
                .collect(),
            transcripts: calls()
                .filter_map(|call| document(call.id(), call.transcript.as_ref()?))
                .collect(),
            shown: Vec::new(),
        }
    }

    pub(crate) async fn run(mut self) -> Vec<Shown> {
        let store = self.store;
        let count = self.calls.len() as u64;
        self.step("migrations apply", async {
            store.migrate().await?;
            Ok(())
        })
        .await;
        self.step("the role may write", async {
            Ok(drop(store.health().await?))
        })
        .await;
        let landed = store.land(self.page()).await;
        self.step("documents land", async move {
            holds(landed?.calls.unchanged < count, "nothing was new")
        })
        .await;
        let again = store.land(self.page()).await;
        self.step("landing again changes nothing", async move {
            holds(again?.calls.unchanged == count, "calls were written twice")
        })
        .await;
        self.step("the client stages", async {
            let pending = TransformScope::Pending { limit: 1_000 };
            let report = store.transform(pending).await?;
            holds(report.failed.is_empty(), "calls failed")
        })
        .await;
        let Some(id) = self.calls.first().map(|call| call.call_id.clone()) else {
            return self.shown;
        };
        self.step("a call reads back whole", async {
            let detail = store.call_detail(&id).await?;
            let said = detail.and_then(|detail| detail.transcript);
            holds(
                said.is_some_and(|said| !said.sentences.is_empty()),
                "no sentence",
            )
        })
        .await;
        self.step("vectors are compared (VECTOR, cosine)", vectors(store, &id))
            .await;
        self.step("words are found", async {
            let hits = store.search_chunks("zebra crossing", 3).await?;
            holds(
                hits.first().is_some_and(|hit| hit.call_id == id),
                "not found",
            )
        })
        .await;
        self.step("a reading is kept", reading(store, &id)).await;
        self.step("a task stages (procedure, streams)", async {
            store.set_staging_writer(StagingWriter::Task).await?;
            self.pool
                .query(&Statement::new("call_transform", TRANSFORM))
                .await?;
            Ok(store.set_staging_writer(StagingWriter::Client).await?)
        })
        .await;
        self.step("retention runs (procedure)", async {
            Ok(drop(
                self.pool
                    .query(&Statement::new("call_retention", RETENTION))
                    .await?,
            ))
        })
        .await;
        let ids: Vec<CallId> = self.calls.iter().map(|call| call.call_id.clone()).collect();
        self.step("deleted calls leave no words", async {
            store
                .land(LandingPage::new("live-check").with_deleted(ids))
                .await?;
            holds(
                store.call_detail(&id).await?.is_none(),
                "a call is still there",
            )
        })
        .await;
        self.shown
    }

    fn page(&self) -> LandingPage {
        LandingPage::new("live-check")
            .with_calls(self.calls.clone())
            .with_transcripts(self.transcripts.clone())
    }

    async fn step(&mut self, step: &'static str, tried: impl Future<Output = Tried>) {
        self.shown.push(shown(step, tried).await);
    }
}

async fn vectors(store: &SnowflakeStore, id: &CallId) -> Tried {
    let vector = ChunkEmbedding {
        model: "live-check".to_owned(),
        vector: vec![0.6, 0.8],
    };
    let chunk = Chunk {
        first_sentence: 0,
        last_sentence: 0,
        text: "zebra crossing".to_owned(),
        sentiment: None,
        embedding: Some(vector.clone()),
    };
    let insights = CallInsights {
        call_id: id.clone(),
        transcript_sha: None,
        sentiment: None,
        summary: None,
        key_topics: Vec::new(),
        risks: None,
        next_steps: None,
        sentence_sentiments: Vec::new(),
        chunks: vec![chunk],
        provenance: Provenance::new("live-check", "none"),
    };
    store.save_insights(&[insights]).await?;
    let hits = store.similar_chunks(&vector, None, 1).await?;
    let is_near = |score: f64| (score - 1.0).abs() < 1e-3;
    holds(
        hits.first().is_some_and(|hit| is_near(hit.score)),
        "not the nearest",
    )
}

async fn reading(store: &SnowflakeStore, id: &CallId) -> Tried {
    let sha = store
        .call_detail(id)
        .await?
        .and_then(|detail| detail.transcript_sha);
    let reading = CallReading {
        call_id: id.clone(),
        transcript_sha: sha.unwrap_or_default(),
        provenance: Provenance::new("live-check", "none"),
        read_at: Timestamp::now(),
        requests: 0,
        reading: Reading::default(),
    };
    store.save_readings(&[reading]).await?;
    let kept = store.readings(std::slice::from_ref(id), None).await?;
    holds(!kept.is_empty(), "not kept")
}

/// What models answer, asked for once each.
pub(crate) async fn models(cortex: &CortexSql) -> Vec<Shown> {
    let said = "That is a great fit for us.";
    vec![
        shown("models are offered", async {
            Ok(drop(cortex.check_models().await?))
        })
        .await,
        shown("AI_SENTIMENT answers", async {
            Ok(drop(cortex.sentiment_of(said).await?))
        })
        .await,
        shown("AI_EMBED answers", async {
            let vectors = cortex.embed(&[said.to_owned()]).await?;
            holds(vectors.iter().all(Result::is_ok), "no vector")
        })
        .await,
        shown("AI_COMPLETE answers by a schema", async {
            let schema = serde_json::json!({
                "type": "object", "properties": {"word": {"type": "string"}},
                "required": ["word"], "additionalProperties": false,
            });
            let request =
                cortex::CompletionRequest::on_data("Name one word.", schema, "text", [said]);
            let answers = cortex.complete(&[request]).await?;
            holds(answers.iter().all(Result::is_ok), "no answer")
        })
        .await,
    ]
}

async fn shown(step: &'static str, tried: impl Future<Output = Tried>) -> Shown {
    let began = Instant::now();
    let tried = tried.await;
    Shown {
        step,
        otherwise: tried.err().map(|error| told(&*error)),
        took: began.elapsed(),
    }
}

/// Kind and code: messages may repeat names.
fn told(error: &(dyn StdError + 'static)) -> String {
    let kind = error
        .downcast_ref::<snowflake_store::Error>()
        .map(snowflake_store::Error::kind)
        .or_else(|| {
            error
                .downcast_ref::<snowflake_sql::Error>()
                .map(snowflake_sql::Error::kind)
        })
        .or_else(|| {
            error
                .downcast_ref::<cortex::Error>()
                .map(cortex::Error::kind)
        });
    let Some(kind) = kind else {
        return error.to_string();
    };
    let mut below = Some(error);
    let mut code = None;
    while let Some(one) = below {
        let fault = one.downcast_ref::<snowflake_sql::Error>();
        code = fault.and_then(|error| error.fault()?.code.clone()).or(code);
        below = one.source();
    }
    match code {
        Some(code) => format!("{}, code {code}", kind.as_str()),
        None => kind.as_str().to_owned(),
    }
}

/// The words are ours: they name nothing of the account.
fn holds(is_so: bool, otherwise: &'static str) -> Tried {
    if is_so { Ok(()) } else { Err(otherwise.into()) }
}
