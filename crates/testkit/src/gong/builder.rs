//! Configuration of a simulator.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::bulk::{BulkCalls, BulkSource};
use super::catalogue::{Catalogue, StoredCall};
use super::clock::Clock;
use super::credentials::Credentials;
use super::cursor::CursorKind;
use super::fault::{FaultPlan, RandomFaults};
use super::limits::{GongLimits, LimitMeter};
use super::sight::Sight;
use super::state::{Changing, Shared};
use super::user_record::user_record;
use super::{DEFAULT_ACCESS_KEY, DEFAULT_ACCESS_KEY_SECRET, DEFAULT_BEARER_TOKEN, GongSimulator};
use crate::http::{Listener, TrafficMeter};
use crate::synthetic::SyntheticOrg;
use crate::{Error, SimulatedCall};

/// What a simulator serves and how. Start it with [`start`](Self::start).
#[derive(Debug)]
pub struct GongSimulatorBuilder {
    port: u16,
    key: String,
    secret: SecretString,
    bearer: SecretString,
    page_size: usize,
    cursor_kind: CursorKind,
    cursor_lifetime: Option<Duration>,
    gzip_from_bytes: Option<usize>,
    limits: GongLimits,
    random_faults: Option<RandomFaults>,
    revoked_scopes: Vec<String>,
    users: Vec<Value>,
    workspaces: Vec<Value>,
    calls: Vec<SimulatedCall>,
    bulk: Option<BulkCalls>,
}

impl GongSimulator {
    /// Configures one.
    pub fn builder() -> GongSimulatorBuilder {
        GongSimulatorBuilder::default()
    }
}

impl Default for GongSimulatorBuilder {
    fn default() -> Self {
        Self {
            port: 0,
            key: DEFAULT_ACCESS_KEY.to_owned(),
            secret: SecretString::from(DEFAULT_ACCESS_KEY_SECRET),
            bearer: SecretString::from(DEFAULT_BEARER_TOKEN),
            page_size: 100,
            cursor_kind: CursorKind::default(),
            cursor_lifetime: None,
            gzip_from_bytes: Some(16 * 1024),
            limits: GongLimits::default(),
            random_faults: None,
            revoked_scopes: Vec::new(),
            users: Vec::new(),
            workspaces: Vec::new(),
            calls: Vec::new(),
            bulk: None,
        }
    }
}

impl GongSimulatorBuilder {
    /// Port on 127.0.0.1; 0, the default, takes a free one.
    #[must_use]
    pub fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// The accepted access key and its secret.
    #[must_use]
    pub fn access_key(self, key: &str, secret: &str) -> Self {
        Self {
            key: key.to_owned(),
            secret: SecretString::from(secret),
            ..self
        }
    }

    /// The accepted OAuth access token.
    #[must_use]
    pub fn bearer_token(self, token: &str) -> Self {
        Self {
            bearer: SecretString::from(token),
            ..self
        }
    }

    /// Records a page; Gong's is 100. At least 1.
    #[must_use]
    pub fn page_size(self, page_size: usize) -> Self {
        Self {
            page_size: page_size.max(1),
            ..self
        }
    }

    /// What cursors mean; by default places, so that nothing shifts.
    #[must_use]
    pub fn cursor_kind(self, cursor_kind: CursorKind) -> Self {
        Self {
            cursor_kind,
            ..self
        }
    }

    /// How long a cursor is good for; `None`, the default, means until
    /// [`expire_cursors`](super::SimulatorState::expire_cursors). Gong documents none.
    #[must_use]
    pub fn cursor_lifetime(self, lifetime: Option<Duration>) -> Self {
        Self {
            cursor_lifetime: lifetime,
            ..self
        }
    }

    /// Compress replies of at least this many bytes for clients that accept gzip;
    /// `None` switches it off. Default 16 KiB.
    #[must_use]
    pub fn gzip_from_bytes(self, least: Option<usize>) -> Self {
        Self {
            gzip_from_bytes: least,
            ..self
        }
    }

    /// Limits on requests; none by default.
    #[must_use]
    pub fn limits(self, limits: GongLimits) -> Self {
        Self { limits, ..self }
    }

    /// Lets a share of all requests fail.
    #[must_use]
    pub fn random_faults(self, faults: RandomFaults) -> Self {
        Self {
            random_faults: Some(faults),
            ..self
        }
    }

    /// Takes a scope from the key, such as `api:calls:read:transcript`.
    #[must_use]
    pub fn without_scope(mut self, scope: &str) -> Self {
        self.revoked_scopes.push(scope.to_owned());
        self
    }

    /// Adds calls. Users and workspaces that they name and that are not given
    /// otherwise are made up from them.
    #[must_use]
    pub fn calls(mut self, calls: impl IntoIterator<Item = SimulatedCall>) -> Self {
        self.calls.extend(calls);
        self
    }

    /// Adds users, in the shape of `GET /v2/users`.
    #[must_use]
    pub fn users(mut self, users: impl IntoIterator<Item = Value>) -> Self {
        self.users.extend(users);
        self
    }

    /// Adds workspaces, in the shape of `GET /v2/workspaces`.
    #[must_use]
    pub fn workspaces(mut self, workspaces: impl IntoIterator<Item = Value>) -> Self {
        self.workspaces.extend(workspaces);
        self
    }

    /// Adds the calls, users and workspaces of a synthetic company.
    #[must_use]
    pub fn org(self, org: &SyntheticOrg) -> Self {
        self.calls(org.calls.iter().cloned())
            .users(org.users.iter().cloned())
            .workspaces(org.workspaces.iter().cloned())
    }

    /// Adds calls for load tests, made page by page.
    #[must_use]
    pub fn bulk(self, bulk: BulkCalls) -> Self {
        Self {
            bulk: Some(bulk),
            ..self
        }
    }

    /// Listens and serves in the current Tokio runtime until the result is dropped.
    ///
    /// # Errors
    /// `InvalidInput` for a call without an id or a readable time; `Config` when
    /// the port cannot be bound.
    pub async fn start(self) -> Result<GongSimulator, Error> {
        let mut users = self.users;
        let mut workspaces = self.workspaces;
        let mut catalogue = Catalogue::default();
        for (index, call) in self.calls.into_iter().enumerate() {
            add_missing_users(&mut users, &call);
            add_missing_workspace(&mut workspaces, &call);
            let stored = StoredCall::new(call).map_err(|e| e.context(format!("call {index}")))?;
            catalogue.put(stored);
        }
        let bulk = self.bulk.map(BulkSource::prepare);
        if let Some(bulk) = &bulk {
            users.extend(bulk.users());
            workspaces.extend(bulk.workspaces());
        }
        let listener = Listener::bind(self.port).await?;
        let now = Instant::now();
        let mut faults = FaultPlan::default();
        faults.set_random(self.random_faults);
        let changing = Changing {
            catalogue,
            records: BTreeMap::new(),
            time_zone: ("UTC".to_owned(), TimeZone::UTC),
            sight: Sight::All,
            cursor_kind: self.cursor_kind,
            endless: BTreeMap::new(),
            clock: Clock::default(),
            revoked_scopes: self.revoked_scopes.into_iter().collect(),
            credentials: Credentials::new(
                &self.key,
                self.secret.expose_secret(),
                self.bearer.expose_secret(),
            ),
            cursor_epoch: 0,
            limits: LimitMeter::new(self.limits, now),
            faults,
            traffic: TrafficMeter::default(),
            request_ids: fastrand::Rng::with_seed(u64::from(listener.port())),
        };
        let shared = Shared {
            started: now,
            page_size: self.page_size,
            cursor_lifetime: self.cursor_lifetime,
            gzip_from_bytes: self.gzip_from_bytes,
            users,
            workspaces,
            bulk,
            changing: Mutex::new(changing),
        };
        Ok(GongSimulator::serve(listener, shared))
    }
}

/// Every internal party with a user id is a user of the company.
fn add_missing_users(users: &mut Vec<Value>, call: &SimulatedCall) {
    for party in call.extensive["parties"].as_array().into_iter().flatten() {
        let Some(id) = party["userId"].as_str() else {
            continue;
        };
        if users.iter().any(|user| user["id"] == id) {
            continue;
        }
        let name = party["name"].as_str().unwrap_or_default();
        let (first, last) = name.split_once(' ').unwrap_or((name, ""));
        users.push(user_record(
            id,
            party["emailAddress"].clone(),
            first,
            last,
            party["title"].clone(),
        ));
    }
}

fn add_missing_workspace(workspaces: &mut Vec<Value>, call: &SimulatedCall) {
    let id = &call.extensive["metaData"]["workspaceId"];
    if id.is_string() && !workspaces.iter().any(|workspace| workspace["id"] == *id) {
        workspaces.push(json!({"id": id, "name": "Sales", "description": null}));
    }
}
