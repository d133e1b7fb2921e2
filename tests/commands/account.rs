//! A separate database on a Snowflake stand-in, and its contents.

use std::process::{Command, Stdio};

use gong_snowflake::snowflake_sql::{Credentials, SnowflakeConfig, SnowflakePool};
use serde_json::Value;
use testkit::fakesnow::{FakeSnow, PYTHON_VARIABLE};

use super::{Run, World, finish, program};

/// Reads tables as JSON lines, with the client that most of Snowflake's users have.
const READ_WITH_PYTHON: &str = r#"
import json, sys, snowflake.connector
from urllib.parse import urlparse
url, database = urlparse(sys.argv[1]), sys.argv[2]
connection = snowflake.connector.connect(
    user="READER", password="none", account="test-account", host=url.hostname, port=url.port,
    protocol="http", database=database, schema="CALLS",
)
cursor = connection.cursor()
for statement in sys.argv[3:]:
    rows = cursor.execute(statement).fetchall()
    print(json.dumps([[None if cell is None else str(cell) for cell in row] for row in rows]))
"#;

/// The environment of a database of its own on the stand-in.
pub(crate) struct Account {
    pub(crate) server: FakeSnow,
    pub(crate) database: String,
    /// How it logs in: a variable and its value.
    proof: (&'static str, String),
}

impl Account {
    /// Logs in with a password, which the stand-in takes as it takes everything.
    pub(crate) fn open(name: &str) -> Option<Self> {
        Self::open_with(name, ("SNOWFLAKE_PASSWORD", "none".to_owned()))
    }

    pub(crate) fn open_with(name: &str, proof: (&'static str, String)) -> Option<Self> {
        Some(Self {
            server: FakeSnow::available().unwrap()?,
            database: format!("FLOW_{name}_{}", std::process::id()),
            proof,
        })
    }

    /// The same database, with another login.
    pub(crate) fn logging_in_with(&mut self, proof: (&'static str, String)) {
        self.proof = proof;
    }

    pub(crate) fn variables(&self) -> [(&str, &str); 7] {
        [
            ("SNOWFLAKE_ACCOUNT", "test-account"),
            ("SNOWFLAKE_USER", "TESTER"),
            (self.proof.0, self.proof.1.as_str()),
            ("SNOWFLAKE_BASE_URL", self.server.base_url().as_str()),
            ("SNOWFLAKE_DATABASE", &self.database),
            ("SNOWFLAKE_SCHEMA", "CALLS"),
            ("SNOWFLAKE_SERVER", "fakesnow"),
        ]
    }

    pub(crate) fn ingest(
        &self,
        world: &World,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Run {
        let mut all = arguments.to_vec();
        all.extend(["--store", "snowflake"]);
        let variables = [&self.variables()[..], variables].concat();
        world.ingest_with(&all, &variables)
    }

    pub(crate) fn analyze(&self, task: &str, variables: &[(&str, &str)]) -> Run {
        let mut analyze = Command::new(program("analyze"));
        analyze
            .args(["--store", "snowflake", "-"])
            .envs(self.variables())
            .envs(variables.iter().copied());
        finish(analyze, task.as_bytes())
    }

    /// Sessions in the same database, for tests that look into it.
    pub(crate) fn sessions(&self) -> SnowflakePool {
        let config =
            SnowflakeConfig::new("test-account", "TESTER", Credentials::password("none")).unwrap();
        let config = config
            .with_base_url(self.server.base_url().as_str())
            .unwrap();
        SnowflakePool::new(config.with_database(&self.database).with_schema("CALLS"))
    }

    /// What statements return, read by Python's connector.
    pub(crate) fn read_with_python(&self, statements: &[&str]) -> Option<Vec<Value>> {
        let Ok(python) = std::env::var(PYTHON_VARIABLE) else {
            eprintln!("skipped: no Python with Snowflake's connector");
            return None;
        };
        let output = Command::new(python)
            .args(["-c", READ_WITH_PYTHON])
            .args([self.server.base_url().as_str(), &self.database])
            .args(statements)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Some(
            text.lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect(),
        )
    }
}
