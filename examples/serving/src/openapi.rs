//! The OpenAPI document, made from the table of tasks.
//!
//! JSON Schema is what OpenAPI 3.1 speaks, so a task's schema stands in it as the tools of the
//! Model Context Protocol show it. Only paths and the envelope are written here.

use gong_snowflake::agents::task::{Task, TaskSpec};
use serde_json::{Map, Value, json};

use crate::envelope::Refusal;

/// The document.
pub(crate) fn document() -> Value {
    let named = |spec: &TaskSpec| (schema_name(spec.name), task_schema(spec));
    let mut schemas: Map<String, Value> = Task::specs().map(named).collect();
    let mapping: Map<String, Value> = Task::specs()
        .map(|spec| {
            (
                spec.name.to_owned(),
                reference(&schema_name(spec.name)).into(),
            )
        })
        .collect();
    let one_of: Vec<Value> = mapping
        .values()
        .map(|reference| json!({"$ref": reference}))
        .collect();
    let task = json!({
        "oneOf": one_of,
        "discriminator": {"propertyName": "task_type", "mapping": mapping},
    });
    schemas.insert("Task".to_owned(), task);
    schemas.insert("Answer".to_owned(), envelope_schema());
    schemas.insert("Failure".to_owned(), failure_schema());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "gong-snowflake",
            "summary": "Tasks about recorded sales calls, each answer with its evidence",
            "version": env!("CARGO_PKG_VERSION"),
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths(),
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    })
}

fn paths() -> Value {
    let answer = json!({"schema": {"$ref": reference("Answer")}});
    let mut replies = json!({
        "200": {"description": "The task is done.", "content": {"application/json": answer}},
    });
    for (status, description) in [
        ("400", "The task is wrong; error.field says where."),
        ("401", "The token is missing or wrong."),
        (
            "403",
            "Without a token: the request names another host than this machine.",
        ),
        (
            "404",
            "The task asks for a call, rep, deal or account that is not there.",
        ),
        ("409", "The call has no transcript yet."),
        ("413", "The task is longer than a megabyte."),
        ("415", "The body is not said to be JSON."),
        ("500", "A bug."),
        (
            "501",
            "The fallback answers for the store, and cannot do such a task.",
        ),
        ("502", "The store or the language backend failed."),
        ("503", "The service is stopping."),
        ("504", "The task took longer than the service allows."),
    ] {
        replies[status] = failure(description);
    }
    let text = json!({"schema": {"type": "string"}});
    let object = json!({"schema": {"type": "object"}});
    let open: [Value; 0] = [];
    json!({
        "/tasks": {"post": {
            "operationId": "runTask",
            "summary": "Runs a task and answers when it is done.",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": reference("Task")}}}},
            "responses": replies,
        }},
        "/health": {"get": {
            "operationId": "health",
            "summary": "Whether the process answers.",
            "security": open,
            "responses": {"200": {"description": "It does.", "content": {"application/json": object}}},
        }},
        "/ready": {"get": {
            "operationId": "ready",
            "summary": "Whether the store answers.",
            "security": open,
            "responses": {
                "200": {"description": "It does.", "content": {"application/json": object}},
                "503": failure(Refusal::NOT_READY.message),
            },
        }},
        "/metrics": {"get": {
            "operationId": "metrics",
            "summary": "Counters for Prometheus.",
            "responses": {"200": {"description": "The text format.", "content": {"text/plain": text}}},
        }},
        "/openapi.json": {"get": {
            "operationId": "openapi",
            "summary": "This document.",
            "responses": {"200": {"description": "OpenAPI 3.1.", "content": {"application/json": object}}},
        }},
    })
}

/// A task's fields and its name.
fn task_schema(spec: &TaskSpec) -> Value {
    let mut schema = spec.input_schema();
    schema["description"] = spec.about.into();
    schema["properties"]["task_type"] = json!({"const": spec.name});
    if let Value::Array(required) = &mut schema["required"] {
        required.insert(0, "task_type".into());
    }
    schema
}

/// What a task that is done gives. It also describes the tools' structured output.
pub(crate) fn envelope_schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "success": {"const": true},
            "task_type": {"type": "string"},
            "request_id": {"type": "string", "description": "Also in the header X-Request-Id."},
            "version": {"type": "string"},
            "data_source": {"type": "string", "description": "The store that answered."},
            "confidence": {"type": ["object", "null"], "description": "How far to trust it, and what that is made of."},
            "ai_enhanced": {"type": "boolean", "description": "Whether a generative model read what the answer speaks of."},
            "degraded": {"type": "array", "items": {"type": "string"}, "description": "Why it is less than what was asked for; empty when it is not."},
            "result": {"type": "object", "description": "What the task gives; see docs/tasks.md."},
            "meta": {"type": "object"},
        },
        "required": ["success", "task_type", "data_source", "ai_enhanced", "degraded", "result", "meta"],
    })
}

fn failure_schema() -> Value {
    let text = json!({"type": "string"});
    json!({
        "type": "object",
        "properties": {
            "success": {"const": false},
            "task_type": {"type": ["string", "null"], "description": "Null when the request names no task."},
            "request_id": text,
            "version": text,
            "data_source": {"type": ["string", "null"]},
            "ai_enhanced": {"type": "boolean"},
            "confidence": {"type": "null"},
            "degraded": {"type": "array", "items": text},
            "meta": {"type": "object"},
            "error": {
                "type": "object",
                "properties": {
                    "code": text,
                    "message": text,
                    "field": {"type": "string", "description": "The field at fault, where one is."},
                    "suggestions": {"type": "array", "items": text, "description": "What was probably meant, the likeliest first."},
                },
                "required": ["code", "message"],
            },
        },
        "required": ["success", "task_type", "request_id", "version", "data_source", "ai_enhanced", "confidence", "degraded", "error", "meta"],
    })
}

fn failure(description: &str) -> Value {
    let content = json!({"application/json": {"schema": {"$ref": reference("Failure")}}});
    json!({"description": description, "content": content})
}

/// `analyze_call` is `AnalyzeCall`.
fn schema_name(task: &str) -> String {
    let mut name = String::new();
    for word in task.split('_') {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}

fn reference(schema: &str) -> String {
    format!("#/components/schemas/{schema}")
}
