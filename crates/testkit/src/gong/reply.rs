//! A reply before it goes on the wire, with the position of each record in it.

use std::ops::Range;

use serde_json::{Value, json};

/// The words Gong answers with when a filter matches nothing. A key that may
/// not see any call gets the very same.
pub(super) const NO_CALLS: &str = "No calls found corresponding to the provided filters";

/// One record of a page, so that a fault can damage it alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RecordSpan {
    pub(super) id: String,
    pub(super) bytes: Range<usize>,
}

/// Status, headers and body.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) retry_after: Option<u64>,
    pub(super) content_type: &'static str,
    pub(super) request_id: String,
    pub(super) body: Vec<u8>,
    pub(super) records: Vec<RecordSpan>,
}

impl Reply {
    pub(super) fn json(request_id: &str, body: Vec<u8>) -> Self {
        Self {
            status: 200,
            retry_after: None,
            content_type: "application/json;charset=UTF-8",
            request_id: request_id.to_owned(),
            body,
            records: Vec::new(),
        }
    }

    /// `{"requestId": …, "errors": [message]}`, the body of every error.
    pub(super) fn error(request_id: &str, status: u16, message: &str) -> Self {
        let body = json!({"requestId": request_id, "errors": [message]})
            .to_string()
            .into_bytes();
        Self {
            status,
            ..Self::json(request_id, body)
        }
    }

    /// A page of something that stands before Gong.
    pub(super) fn html(request_id: &str, status: u16, page: &str) -> Self {
        Self {
            status,
            content_type: "text/html",
            ..Self::json(request_id, page.as_bytes().to_vec())
        }
    }

    pub(super) fn too_many_requests(request_id: &str, retry_after: u64) -> Self {
        let reply = Self::error(request_id, 429, "API rate limit exceeded");
        Self {
            retry_after: Some(retry_after),
            ..reply
        }
    }
}

/// Writes a page: the envelope, the records, and the cursor when more follow.
#[derive(Debug)]
pub(super) struct PageWriter {
    body: Vec<u8>,
    spans: Vec<RecordSpan>,
}

impl PageWriter {
    /// Opens `{"requestId", "records": {…}, "<key>": [`.
    pub(super) fn open(request_id: &str, key: &str, totals: PageTotals<'_>) -> Self {
        let mut records = json!({
            "totalRecords": totals.total,
            "currentPageSize": totals.size,
            "currentPageNumber": totals.page,
        });
        if let Some(cursor) = totals.cursor {
            records["cursor"] = cursor.into();
        }
        let head = format!("{{\"requestId\":\"{request_id}\",\"records\":{records},\"{key}\":[");
        Self {
            body: head.into_bytes(),
            spans: Vec::with_capacity(totals.size),
        }
    }

    /// Appends one record, written by `write`.
    pub(super) fn record(&mut self, id: String, write: impl FnOnce(&mut Vec<u8>)) {
        if !self.spans.is_empty() {
            self.body.push(b',');
        }
        let start = self.body.len();
        write(&mut self.body);
        self.spans.push(RecordSpan {
            id,
            bytes: start..self.body.len(),
        });
    }

    /// Space for `bytes` more, so that a page of megabytes is allocated once.
    pub(super) fn reserve(&mut self, bytes: usize) {
        self.body.reserve(bytes);
    }

    pub(super) fn close(self, request_id: &str) -> Reply {
        self.close_with(request_id, &json!({}))
    }

    /// Closes the records, and writes these members of the envelope after them.
    pub(super) fn close_with(mut self, request_id: &str, rest: &Value) -> Reply {
        self.body.push(b']');
        for (name, value) in rest.as_object().into_iter().flatten() {
            self.body
                .extend_from_slice(format!(",\"{name}\":{value}").as_bytes());
        }
        self.body.push(b'}');
        Reply {
            records: self.spans,
            ..Reply::json(request_id, self.body)
        }
    }
}

/// The `records` object of a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct PageTotals<'a> {
    pub(super) total: usize,
    pub(super) size: usize,
    pub(super) page: usize,
    pub(super) cursor: Option<&'a str>,
}
