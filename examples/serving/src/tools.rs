//! The tasks as tools of the Model Context Protocol.

use std::borrow::Cow;
use std::sync::Arc;

use axum::middleware::{from_fn, from_fn_with_state};
use axum::{Json, Router, routing::get};
use gong_snowflake::agents::task::{Task, TaskSpec};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation,
    JsonObject, ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
    ToolAnnotations,
};
use rmcp::service::RequestContext;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::{Value, json};

use crate::bearer::{self, Bearer};
use crate::envelope::{Refusal, Reply};
use crate::tasks::Tasks;
use crate::{openapi, web};

const INSTRUCTIONS: &str = "Recorded sales calls: analyses, coaching, deals, search and questions. \
    Answers cite sentences by call and number; quote those, and say so when a call does not say something. \
    list_calls finds ids of calls. `degraded` says why an answer is less than what was asked for.";

/// Bytes that an answer may have. It is sent twice, as text and as structured content, and
/// clients refuse messages of more than a megabyte.
const MOST_ANSWER: usize = 400_000;

/// The tasks as tools.
#[derive(Debug, Clone)]
pub struct Tools {
    tasks: Arc<Tasks>,
    listed: Arc<Vec<Tool>>,
}

impl Tools {
    /// Tools over a store.
    pub fn new(tasks: Arc<Tasks>) -> Self {
        Self {
            tasks,
            listed: Arc::new(Task::specs().map(tool).collect()),
        }
    }

    async fn run(&self, name: &str, arguments: JsonObject) -> Reply {
        let mut task = arguments;
        task.insert("task_type".to_owned(), name.into());
        let task = Value::Object(task).to_string();
        self.tasks.run(task.as_bytes()).await
    }
}

impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        let program = Implementation::new("gong-snowflake", env!("CARGO_PKG_VERSION"));
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(program)
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(self.listed.to_vec()))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.listed.iter().find(|tool| tool.name == name).cloned()
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        if self.get_tool(&request.name).is_none() {
            let names: Vec<&str> = self.listed.iter().map(|tool| tool.name.as_ref()).collect();
            let message = format!("there is no such tool; there are {}", names.join(", "));
            return Err(ErrorData::invalid_params(message, None));
        }
        let running = self.run(&request.name, request.arguments.unwrap_or_default());
        match context.ct.run_until_cancelled(running).await {
            Some(reply) => Ok(answer(reply).into()),
            None => Err(ErrorData::internal_error("cancelled", None)),
        }
    }
}

/// A wrong task is told to the model, which can mend it, and not only to its client. It has no
/// structured content: clients hold that against the schema of what is done.
fn answer(reply: Reply) -> CallToolResult {
    let text = reply.envelope.to_string();
    if reply.code.is_none() && text.len() > MOST_ANSWER {
        return answer(reply.refused(Refusal::TOO_LONG));
    }
    let text = vec![ContentBlock::text(text)];
    if reply.code.is_some() {
        return CallToolResult::error(text);
    }
    let mut result = CallToolResult::success(text);
    result.structured_content = Some(reply.envelope);
    result
}

fn tool(spec: &'static TaskSpec) -> Tool {
    let object = |schema| match schema {
        Value::Object(schema) => Arc::new(schema),
        _ => Arc::default(),
    };
    // Analyses are kept in the store, so that the next answer is there at once: nothing that a
    // caller could lose or see.
    let annotations = ToolAnnotations::with_title(spec.name.replace('_', " "))
        .read_only(true)
        .idempotent(true)
        .open_world(false);
    Tool::new(
        Cow::Borrowed(spec.name),
        spec.about,
        object(spec.input_schema()),
    )
    .with_raw_output_schema(object(openapi::envelope_schema()))
    .with_annotations(annotations)
}

/// The tools over streamable HTTP at `/mcp`, for those who may ask.
///
/// Requests must name one of `hosts` as their host and, if a page of a browser sends them, one
/// of `origins` as its origin; streams end when `stop` is cancelled.
pub fn mount(
    tools: Tools,
    bearer: Bearer,
    hosts: Vec<String>,
    origins: Vec<String>,
    stop: tokio_util::sync::CancellationToken,
) -> Router {
    let mut config = StreamableHttpServerConfig::default()
        .with_allowed_origins(origins)
        .enforce_origin_validation()
        .with_max_request_body_bytes(web::MOST_BODY)
        .with_cancellation_token(stop);
    if !hosts.is_empty() {
        config = config.with_allowed_hosts(hosts);
    }
    let service = StreamableHttpService::new(
        move || Ok(tools.clone()),
        LocalSessionManager::default().into(),
        config,
    );
    Router::new()
        .nest_service("/mcp", service)
        .route_layer(from_fn_with_state(Arc::new(bearer), bearer::check))
        .route("/health", get(async || Json(json!({"status": "ok"}))))
        .fallback(async || Refusal::UNKNOWN_PATH)
        .layer(from_fn(web::finish))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_no_model_reads_is_refused_as_an_answer_to_its_task() {
        let envelope = json!({"success": true, "task_type": "list_calls", "request_id": "r-1",
            "confidence": {"value": 1}, "result": {"calls": "x".repeat(MOST_ANSWER)}});
        let answered = serde_json::to_value(answer(Reply::of(envelope))).unwrap();
        assert_eq!(answered["isError"], true);
        let text = answered["content"][0]["text"].as_str().unwrap();
        let envelope: Value = serde_json::from_str(text).unwrap();
        assert_eq!(envelope["error"]["code"], "answer_too_long");
        assert_eq!(envelope["task_type"], "list_calls");
        assert_eq!(envelope["request_id"], "r-1");
        assert_eq!(
            (envelope.get("result"), &envelope["confidence"]),
            (None, &Value::Null)
        );
    }
}
