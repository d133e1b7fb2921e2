//! The span around each request, and what no span or log may contain.

use std::collections::BTreeMap;
use std::fmt::{self, Debug};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::server::{Asked, Reply, Server};
use super::{Client, settings, success};

pub(super) async fn check(client: &Client) {
    let written = Written::default();
    let retries = client.retries();
    let script = move |_: &Asked, number| {
        if number == 0 && retries {
            Reply::HangUp
        } else {
            Reply::Good
        }
    };
    let server = Server::start(client, script).await;
    {
        let _written = tracing::subscriber::set_default(Writer(written.clone()));
        success(client, &server.url, settings(), "a good reply").await;
    }
    let state = written.lock();
    let requests: Vec<_> = state
        .spans
        .iter()
        .filter(|span| span.name == "request")
        .collect();
    assert_eq!(
        requests.len(),
        server.asked().len(),
        "a span for each request"
    );
    let attempts = requests.iter().map(|span| span.field("attempt"));
    let expected = if retries { &["1", "2"][..] } else { &["1"] };
    assert_eq!(attempts.take(2).collect::<Vec<_>>(), expected);
    for (number, span) in requests.iter().enumerate() {
        assert_eq!(span.field("client"), client.name());
        let status = if number == 0 && retries { "" } else { "200" };
        assert_eq!(span.field("status"), status);
        let endpoint = span.field("endpoint");
        assert!(
            !endpoint.is_empty() && !endpoint.contains('?'),
            "{endpoint}"
        );
        let mut known = ["attempt", "client", "endpoint", "status", "trace_id"].iter();
        assert!(
            span.fields
                .keys()
                .all(|field| known.any(|name| name == field))
        );
    }
    let all = state.text();
    for secret in client.secrets().iter().chain(&client.private_words()) {
        assert!(!all.contains(secret), "written: {secret}");
    }
}

#[derive(Debug, Default)]
struct Written {
    state: Arc<Mutex<State>>,
}

impl Clone for Written {
    fn clone(&self) -> Self {
        let state = Arc::clone(&self.state);
        Self { state }
    }
}

impl Written {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, Default)]
struct State {
    spans: Vec<Span>,
    events: Vec<String>,
}

impl State {
    fn text(&self) -> String {
        format!("{:?} {:?}", self.spans, self.events)
    }
}

#[derive(Debug)]
struct Span {
    name: &'static str,
    fields: BTreeMap<&'static str, String>,
}

impl Span {
    fn field(&self, name: &str) -> &str {
        self.fields
            .get(name)
            .map(String::as_str)
            .unwrap_or_default()
    }
}

/// Writes down all spans and events.
struct Writer(Written);

struct Fields<'a>(&'a mut BTreeMap<&'static str, String>);

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

impl Subscriber for Writer {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut fields = BTreeMap::new();
        attributes.record(&mut Fields(&mut fields));
        let name = attributes.metadata().name();
        let mut state = self.0.lock();
        state.spans.push(Span { name, fields });
        Id::from_u64(state.spans.len() as u64)
    }

    fn record(&self, id: &Id, values: &Record<'_>) {
        let at = usize::try_from(id.into_u64() - 1).unwrap_or(usize::MAX);
        if let Some(span) = self.0.lock().spans.get_mut(at) {
            values.record(&mut Fields(&mut span.fields));
        }
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = BTreeMap::new();
        event.record(&mut Fields(&mut fields));
        self.0.lock().events.push(format!("{fields:?}"));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

impl Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writer")
    }
}
