//! A share of Gong Data Cloud on the stand-in, filled with made-up calls.

use std::sync::Arc;

use serde_json::{Value, json};
use snowflake_sql::{Bind, Rows, SnowflakeConfig, SnowflakePool, SqlPool, SqlText, Statement};
use snowflake_store::{
    GongShareConfig, GongShareReport, Landing, SnowflakeStore, TransformScope, Upkeep,
    split_statements,
};
use testkit::SimulatedCall;
use testkit::fakesnow::FakeSnow;

/// The share stands in a schema of the store's own database: each database of the stand-in is
/// an engine of its own.
pub(crate) struct Share {
    pub(crate) store: SnowflakeStore,
    pub(crate) pool: Arc<SnowflakePool>,
    pub(crate) config: GongShareConfig,
    _server: FakeSnow,
}

impl Share {
    pub(crate) async fn open() -> Option<Self> {
        let server = FakeSnow::available().unwrap()?;
        let database = format!("DB_{}", uuid::Uuid::new_v4().simple()).to_uppercase();
        let credentials = snowflake_sql::Credentials::password("none");
        let config = SnowflakeConfig::new("test", "TESTER", credentials)
            .unwrap()
            .with_base_url(server.base_url().as_str())
            .unwrap()
            .with_database(&database)
            .with_schema("CALLS");
        let of_gong = SnowflakePool::new(config.clone().with_schema("GONG_DATA_CLOUD"));
        let pool = Arc::new(SnowflakePool::new(config));
        let store =
            SnowflakeStore::new(pool.clone(), crate::gong_share::fakesnow::config()).unwrap();
        store.migrate().await.unwrap();
        for _ in 0..2 {
            store.prepare_gong_share().await.unwrap();
        }
        for text in split_statements(include_str!("schema.sql")) {
            run(&of_gong, text, vec![]).await;
        }
        Some(Self {
            config: GongShareConfig::new(&database).unwrap(),
            store,
            pool,
            _server: server,
        })
    }

    /// Reads the share and stages what it gave.
    pub(crate) async fn sync(&self, now: &str) -> GongShareReport {
        let now = now.parse().unwrap();
        let landed = self.store.land_from_gong_share(&self.config, "run", now);
        let report = landed.await.unwrap();
        let scope = TransformScope::Pending { limit: 10_000 };
        let staged = self.store.transform(scope).await.unwrap();
        assert!(staged.failed.is_empty(), "{:?}", staged.failed);
        report
    }

    pub(crate) async fn run(&self, text: &str, binds: &[&str]) -> Rows {
        let binds = binds.iter().copied().map(Bind::text).collect();
        run(&*self.pool, text, binds).await
    }

    /// The first column of the rows, as text.
    pub(crate) async fn cells(&self, text: &str) -> Vec<String> {
        let rows = self.run(text, &[]).await;
        let column = rows.columns()[0].clone();
        let cells = rows
            .iter()
            .map(|row| row.text(&column).unwrap().unwrap_or("-").to_owned());
        cells.collect()
    }

    /// Puts a call into the share, without its words, replacing its rows.
    pub(crate) async fn put(&self, call: &SimulatedCall, stamp: &str) {
        let meta = &call.extensive["metaData"];
        let id = call.id().unwrap();
        let key = key(id);
        for table in [
            "CALLS",
            "CALL_RECORDINGS",
            "CONVERSATION_PARTICIPANTS",
            "CONVERSATION_CONTEXTS",
            "CONVERSATION_TRACKERS",
        ] {
            let text = format!("DELETE FROM GONG_DATA_CLOUD.{table} WHERE CONVERSATION_KEY = ?");
            self.run(&text, &[&key]).await;
        }
        let of = |name: &str| text(&meta[name]);
        self.insert(
            "CALLS",
            &json!({
                "CONVERSATION_KEY": key, "CONVERSATION_ID": id, "TITLE": meta["title"],
                "OWNER_ID": meta["primaryUserId"], "PLANNED_START_DATETIME": meta["scheduled"],
                "EFFECTIVE_START_DATETIME": meta["started"], "STATUS": "COMPLETED",
                "IS_PRIVATE": meta["isPrivate"], "CALL_URL": meta["meetingUrl"],
                "DIRECTION": of("direction").to_lowercase(), "SCOPE": of("scope").to_lowercase(),
                "SOURCE_SYSTEM": meta["system"], "WORKSPACE_ID": meta["workspaceId"],
                "CALL_SPOTLIGHT_BRIEF": call.extensive["content"]["brief"],
            }),
            stamp,
        )
        .await;
        self.insert(
            "CALL_RECORDINGS",
            &json!({
                "CONVERSATION_KEY": key, "DURATION": meta["duration"], "LANGUAGE": meta["language"],
                "MEDIA_TYPE": of("media").to_lowercase(),
            }),
            stamp,
        )
        .await;
        for party in call.extensive["parties"].as_array().unwrap() {
            let affiliation = match party["affiliation"].as_str().unwrap() {
                "Internal" => "company",
                "External" => "non_company",
                _ => "unclassified",
            };
            let mut row = json!({
                "CONVERSATION_KEY": key, "NAME": party["name"], "EMAIL_ADDRESS": party["emailAddress"],
                "AFFILIATION": affiliation, "TYPE": "attendee", "USER_ID": party["userId"],
                "SPEAKER_ID": party["speakerId"], "PHONE_NUMBER": party["phoneNumber"],
            });
            self.insert("CONVERSATION_PARTICIPANTS", &row, stamp).await;
            // Whoever was invited stands there once more, without a voice.
            row["SPEAKER_ID"] = Value::Null;
            row["TYPE"] = "invitee".into();
            self.insert("CONVERSATION_PARTICIPANTS", &row, stamp).await;
        }
        let objects = call.extensive["context"][0]["objects"].as_array().unwrap();
        for object in objects {
            self.insert(
                "CONVERSATION_CONTEXTS",
                &json!({
                    "CONVERSATION_KEY": key, "OBJECT_ID": object["objectId"],
                    "OBJECT_TYPE": text(&object["objectType"]).to_lowercase(),
                }),
                stamp,
            )
            .await;
        }
    }

    /// Puts the words of a call into the share.
    pub(crate) async fn say(&self, call: &SimulatedCall, stamp: &str) {
        let key = key(call.id().unwrap());
        let text = "DELETE FROM GONG_DATA_CLOUD.CALL_TRANSCRIPTS WHERE CONVERSATION_KEY = ?";
        self.run(text, &[&key]).await;
        let words = call.transcript.as_ref().unwrap()["transcript"].to_string();
        let insert = "INSERT INTO GONG_DATA_CLOUD.CALL_TRANSCRIPTS \
                      (CONVERSATION_KEY, TRANSCRIPT, ROW_ID, IS_DELETED, ETL_MODIFIED_DATETIME) \
                      SELECT ?, PARSE_JSON(?), ?, FALSE, CAST(? AS TIMESTAMP_TZ)";
        self.run(insert, &[&key, &words, &key[..32], stamp]).await;
    }

    async fn insert(&self, table: &str, row: &Value, stamp: &str) {
        let row = row.as_object().unwrap();
        let cells: Vec<(&String, String)> = row
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(column, value)| (column, text(value)))
            .collect();
        let columns: Vec<&str> = cells.iter().map(|(column, _)| column.as_str()).collect();
        let statement = format!(
            "INSERT INTO GONG_DATA_CLOUD.{table} ({}, ROW_ID, IS_DELETED, ETL_MODIFIED_DATETIME) \
             VALUES ({}, ?, FALSE, ?)",
            columns.join(", "),
            vec!["?"; columns.len()].join(", "),
        );
        let id = uuid::Uuid::new_v4().simple().to_string();
        let mut binds: Vec<&str> = cells.iter().map(|(_, value)| value.as_str()).collect();
        binds.extend([id.as_str(), stamp]);
        self.run(&statement, &binds).await;
    }
}

/// Keys of the share are hashes of 64 characters.
pub(crate) fn key(id: &str) -> String {
    format!("{id:0>64}")
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

async fn run(pool: &dyn SqlPool, text: &str, binds: Vec<Bind>) -> Rows {
    // Tests make texts while they run; the store cannot.
    let text = SqlText::fixed(String::from(text).leak());
    let statement = Statement::new("test", text).bind_all(binds);
    pool.query(&statement)
        .await
        .unwrap_or_else(|error| panic!("{error:?}"))
}
