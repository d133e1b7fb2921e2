//! A store of synthetic calls, and the programs as users start them.
#![allow(dead_code, reason = "each test program uses its part")]

pub(crate) mod http;
pub(crate) mod mirror;

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};

use gong_snowflake::agents::task::TaskSpec;
use gong_snowflake::calls::{CallId, RawDocument, Timestamp};
use gong_snowflake::snowflake_store::{
    CallQuery, CallReader, CrmSnapshot, Insights, Landing, LandingPage, SqliteStore, TransformScope,
};
use serde_json::{Map, Value, json};
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

pub(crate) const TOKEN: &str = "a-token-of-this-test";

/// A small company's calls in one file.
pub(crate) struct World {
    folder: tempfile::TempDir,
    /// What fields of tasks may hold, by their names.
    values: Map<String, Value>,
}

impl World {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let anchor = Timestamp::now();
        let org = SyntheticOrg::generate(&SyntheticConfig {
            anchor,
            deals: 6,
            ..SyntheticConfig::default()
        });
        let store = SqliteStore::open(folder.path().join("calls.db"))
            .await
            .unwrap();
        let document =
            |id: &str, json: &Value| RawDocument::new(CallId::new(id), json.to_string()).unwrap();
        let calls = org.calls.iter();
        let page = LandingPage::new("test")
            .with_calls(
                calls
                    .clone()
                    .map(|call| document(call.id().unwrap(), &call.extensive))
                    .collect(),
            )
            .with_transcripts(
                calls
                    .filter_map(|call| Some(document(call.id()?, call.transcript.as_ref()?)))
                    .collect(),
            );
        let landed = store.land(page).await.unwrap();
        let scope = TransformScope::Calls(landed.changed);
        assert_eq!(store.transform(scope).await.unwrap().failed, []);
        let crm = CrmSnapshot {
            deals: org.deals.clone(),
            contacts: org.contacts.clone(),
            companies: org.companies.clone(),
            stages: org.stages.clone(),
            read_at: anchor,
            ..CrmSnapshot::default()
        };
        store.save_crm(&crm).await.unwrap();
        let values = values(&store).await;
        Self { folder, values }
    }

    pub(crate) fn store(&self) -> String {
        format!("sqlite:{}", self.database().display())
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("calls.db")
    }

    pub(crate) fn values(&self) -> &Map<String, Value> {
        &self.values
    }

    /// The fields that a task cannot do without, and its name.
    pub(crate) fn task(&self, spec: &TaskSpec) -> Map<String, Value> {
        let required = spec.fields().filter(|field| field.is_required);
        let mut task: Map<String, Value> = required
            .map(|field| (field.name.to_owned(), self.value(field.name)))
            .collect();
        task.insert("task_type".to_owned(), spec.name.into());
        task
    }

    /// Adds what an answer says is missing; `None` when it is another answer.
    pub(crate) fn completed(
        &self,
        mut task: Map<String, Value>,
        answer: &Value,
    ) -> Option<Map<String, Value>> {
        let error = answer.get("error")?;
        let field = error["field"].as_str()?;
        let is_missing = error["code"] == "missing_field" && !task.contains_key(field);
        task.insert(field.to_owned(), self.value(field));
        is_missing.then_some(task)
    }

    fn value(&self, field: &str) -> Value {
        let value = self.values.get(field);
        value
            .unwrap_or_else(|| panic!("no value for the field {field}"))
            .clone()
    }
}

async fn values(store: &SqliteStore) -> Map<String, Value> {
    let query = CallQuery {
        with_transcript: true,
        limit: 50,
        ..CallQuery::default()
    };
    let calls = store.find_calls(&query).await.unwrap();
    let deal = calls.iter().find_map(|call| call.deal_id.as_ref());
    let detail = store.call_detail(&calls[0].id).await.unwrap().unwrap();
    let company = detail.company.and_then(|company| company.name);
    let rep = calls[0].rep.name.as_deref().unwrap();
    let Value::Object(values) = json!({
        "call_id": calls[0].id,
        "deal_id": deal.unwrap(),
        "rep": rep,
        "account": company.unwrap(),
        "limit": 5,
        "scorecard": "meddicc",
        "query": "budget and pricing",
        "question": "What did they say about the price?",
    }) else {
        unreachable!()
    };
    values
}

/// A program under way; it is ended when this is dropped.
pub(crate) struct Served {
    pub(crate) child: Child,
    stderr: BufReader<ChildStderr>,
    /// What it says where it listens.
    pub(crate) url: String,
}

impl Served {
    /// Starts it and waits until it listens.
    pub(crate) fn start(command: &mut Command) -> Self {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = child.unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        // Warnings about settings, such as the variables of this suite, come before.
        let mut said = String::new();
        let url = loop {
            let start = said.len();
            let length = stderr.read_line(&mut said).unwrap();
            assert!(length > 0, "it does not listen: {said}");
            if let Some(url) = said[start..].trim().strip_prefix("listening on ") {
                break url.to_owned();
            }
        };
        Self { child, stderr, url }
    }

    pub(crate) fn address(&self) -> &str {
        let rest = self.url.strip_prefix("http://").unwrap();
        rest.split('/').next().unwrap()
    }

    pub(crate) fn terminate(&self) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits until it has ended: how, and what else it said on stdout and stderr.
    pub(crate) fn ended(mut self) -> (ExitStatus, String, String) {
        let (mut stdout, mut stderr) = (String::new(), String::new());
        self.stderr.read_to_string(&mut stderr).unwrap();
        let mut out = self.child.stdout.take().unwrap();
        out.read_to_string(&mut stdout).unwrap();
        (self.child.wait().unwrap(), stdout, stderr)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `serve` on a free port of this machine.
pub(crate) fn serve(world: &World, arguments: &[&str]) -> Command {
    let mut command = program("serve");
    command
        .args(["--store", &world.store(), "--listen", "127.0.0.1:0"])
        .args(arguments)
        .env("GONG_SNOWFLAKE_TOKEN", TOKEN);
    command
}

/// Has calls read by a model that takes what it is asked and never answers.
pub(crate) fn by_silent_model(mut command: Command, model: &TcpListener) -> Command {
    let address = model.local_addr().unwrap();
    command
        .args(["--backend", "openai", "--fallback", "none"])
        .env("CORTEX_BASE_URL", format!("http://{address}/v1"))
        .env("CORTEX_MODEL", "silent")
        .env("CORTEX_API_KEY", "a-key-of-this-test");
    command
}

/// An answer has the fields of every answer, whatever became of it.
pub(crate) fn is_whole(envelope: &Value) {
    let fields = envelope.as_object().unwrap().keys();
    let fields: Vec<&str> = fields.map(String::as_str).collect();
    let of_kind = match envelope["success"] == true {
        true => "result",
        false => "error",
    };
    let mut all = vec![
        "ai_enhanced",
        "confidence",
        "data_source",
        "degraded",
        "meta",
        "request_id",
        "success",
        "task_type",
        "version",
        of_kind,
    ];
    all.sort_unstable();
    assert_eq!(fields, all, "{envelope}");
    assert!(envelope["request_id"].is_string(), "{envelope}");
}

/// An example's program. Cargo builds the examples of a package with its tests.
pub(crate) fn program(name: &str) -> Command {
    let tests = std::env::current_exe().unwrap();
    let profile = tests.parent().and_then(Path::parent).unwrap();
    let program = profile.join("examples").join(name);
    assert!(program.exists(), "{} is not built", program.display());
    let mut command = Command::new(program);
    command
        .env_remove("RUST_LOG")
        .env_remove("GONG_SNOWFLAKE_TOKEN");
    command
}
