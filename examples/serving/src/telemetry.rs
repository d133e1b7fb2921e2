//! Logs to stderr and, with the feature `otlp`, spans to a collector.

use std::io::IsTerminal;

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

/// Logs, and spans on their way, until it is dropped.
#[derive(Debug)]
#[must_use = "spans that wait are sent when it is dropped"]
pub struct Telemetry {
    #[cfg(feature = "otlp")]
    spans: Option<opentelemetry_sdk::trace::SdkTracerProvider>,
}

/// Logs to stderr; warnings unless `RUST_LOG` says otherwise. A log that cannot be written is
/// no reason to fail. With the feature `otlp` and `OTEL_EXPORTER_OTLP_ENDPOINT`, spans go there
/// too, those of `info` unless `RUST_LOG` says otherwise.
pub fn start_logging() -> Telemetry {
    let filter =
        |otherwise| EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(otherwise));
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .log_internal_errors(false)
        .with_filter(filter("warn"));
    let registry = tracing_subscriber::registry().with(lines);
    #[cfg(feature = "otlp")]
    {
        let spans = otlp::provider();
        let layer = spans.as_ref().map(|spans| {
            use opentelemetry::trace::TracerProvider;
            let tracer = spans.tracer("gong-snowflake");
            tracing_opentelemetry::layer()
                .with_tracer(tracer)
                .with_filter(filter("info"))
        });
        registry.with(layer).init();
        Telemetry { spans }
    }
    #[cfg(not(feature = "otlp"))]
    {
        registry.init();
        Telemetry {}
    }
}

#[cfg(feature = "otlp")]
impl Drop for Telemetry {
    fn drop(&mut self) {
        // Nobody is there to be told of a collector that does not answer.
        let _ = self.spans.take().map(|spans| spans.shutdown());
    }
}

#[cfg(feature = "otlp")]
mod otlp {
    use std::path::PathBuf;
    use std::time::Duration;

    use gong_snowflake::outbound::reqwest::Certificate;
    // The exporter turns this client on.
    use gong_snowflake::outbound::reqwest::blocking::Client;
    use opentelemetry_otlp::{SpanExporter, WithHttpConfig};
    use opentelemetry_sdk::Resource;
    use opentelemetry_sdk::trace::SdkTracerProvider;

    /// Sends to the collector that the environment names, in batches on a thread of its own.
    pub(super) fn provider() -> Option<SdkTracerProvider> {
        std::env::var_os("OTEL_EXPORTER_OTLP_ENDPOINT")?;
        // Its HTTP client panics without one, and is made before those of the workspace.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let exporter = SpanExporter::builder().with_http();
        let exporter = match std::env::var_os("GONG_SNOWFLAKE_ROOT_CERTIFICATES") {
            Some(file) => exporter.with_http_client(trusting(file.into())?),
            None => exporter,
        };
        let exporter = exporter.build().ok()?;
        let resource = Resource::builder().with_service_name("gong-snowflake");
        Some(
            SdkTracerProvider::builder()
                .with_resource(resource.build())
                .with_batch_exporter(exporter)
                .build(),
        )
    }

    /// As the exporter makes its client, for authorities beside the system's. A file that cannot
    /// be used is no matter of spans: settings refuse it.
    fn trusting(file: PathBuf) -> Option<Client> {
        // It has a runtime of its own, which is not to be made within another.
        let made = std::thread::spawn(move || {
            let pem = std::fs::read(file).ok()?;
            let authorities = Certificate::from_pem_bundle(&pem).ok()?;
            let client = Client::builder().tls_certs_merge(authorities);
            client.timeout(Duration::from_secs(10)).build().ok()
        });
        made.join().ok()?
    }
}
