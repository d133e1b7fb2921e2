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
    use opentelemetry_otlp::SpanExporter;
    use opentelemetry_sdk::Resource;
    use opentelemetry_sdk::trace::SdkTracerProvider;

    /// Sends to the collector that the environment names, in batches on a thread of its own.
    pub(super) fn provider() -> Option<SdkTracerProvider> {
        std::env::var_os("OTEL_EXPORTER_OTLP_ENDPOINT")?;
        // Its HTTP client panics without one, and is made before those of the workspace.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let exporter = SpanExporter::builder().with_http().build().ok()?;
        let resource = Resource::builder().with_service_name("gong-snowflake");
        Some(
            SdkTracerProvider::builder()
                .with_resource(resource.build())
                .with_batch_exporter(exporter)
                .build(),
        )
    }
}
