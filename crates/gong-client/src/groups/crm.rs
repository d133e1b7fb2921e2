//! A CRM that Gong does not know. For callers that bring its data.
//!
//! Register an integration, say which fields its objects have, upload the objects as a line
//! of JSON each, and ask until Gong has taken them.

use super::{Accepted, IntegrationReply};
use crate::draft::Pending;
use crate::group::operations;
use crate::wire::records;
use crate::wire::words::{CrmEntityType, CrmFieldType, JobStatus};
use crate::{Body, Error, Result};
use calls::Timestamp;
use resilience::ErrorKind;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

operations! {
    /// Integrations of other CRMs.
    Crm<'a> "crm";

    /// The integrations that there are; at most one.
    read GET "/v2/crm/integrations" listGenericCrmIntegration "api:crm:integrations:read"
    pub fn integrations() -> Pending<'a, Vec<CrmIntegration>> {
        it => it.list("integrations")
    }

    /// Registers an integration.
    write PUT "/v2/crm/integrations" registerGenericCrmIntegration "api:crm:integration:register"
    pub fn register(name: impl Into<String>, owner_email: impl Into<String>) -> Pending<'a, IntegrationReply> {
        it => it
            .json(&serde_json::json!({ "name": name.into(), "ownerEmail": owner_email.into() }))
            .whole()
    }

    /// Deletes an integration with all of its objects, in the background.
    write DELETE "/v2/crm/integrations" deleteGenericCrmIntegration "api:crm:integration:delete"
    pub fn delete(integration: impl Into<String>, client_request_id: impl Into<String>) -> Pending<'a, Processing> {
        it => it
            .query("integrationId", integration.into())
            .query("clientRequestId", client_request_id.into())
            .whole()
    }

    /// Uploads objects: a line of JSON each, at most 200 MB; [`lines`] writes them. They are
    /// processed in the background under `client_request_id`; see
    /// [`when_processed`](Self::when_processed).
    write POST "/v2/crm/entities" uploadCrmData "api:crm:upload"
    pub fn upload(
        integration: impl Into<String>,
        kind: CrmEntityType,
        client_request_id: impl Into<String>,
        objects: impl Into<Body>,
    ) -> Pending<'a, Processing> {
        it => it
            .query("integrationId", integration.into())
            .query("objectType", kind.as_str())
            .query("clientRequestId", client_request_id.into())
            .file("dataFile", "entities.ldjson".to_owned(), objects.into())
            .whole()
    }

    /// Where an upload or a deletion stands.
    read GET "/v2/crm/request-status" getRequestStatus "api:crm:upload"
    pub fn status(integration: impl Into<String>, client_request_id: impl Into<String>) -> Pending<'a, ProcessingStatus> {
        it => it
            .query("integrationId", integration.into())
            .query("clientRequestId", client_request_id.into())
            .whole()
    }

    /// Objects as Gong has them, by their ids in the CRM, at most 100; null for what it does
    /// not have. Meant for development.
    read GET "/v2/crm/entities" getCrmObjects "api:crm:get-objects"
    pub fn objects(integration: impl Into<String>, kind: CrmEntityType, ids: Vec<String>) -> Pending<'a, CrmObjects> {
        it => it
            .query("integrationId", integration.into())
            .query("objectType", kind.as_str())
            .json(&ids)
            .whole()
    }

    /// The fields of a kind of object.
    read GET "/v2/crm/entity-schema" listCrmSchemaFields "api:crm:schema"
    pub fn schema(integration: impl Into<String>, kind: CrmEntityType) -> Pending<'a, CrmSchema> {
        it => it
            .query("integrationId", integration.into())
            .query("objectType", kind.as_str())
            .whole()
    }

    /// Says which fields a kind of object has: all of them, for Gong drops what is missing.
    write POST "/v2/crm/entity-schema" uploadCrmSchemaField "api:crm:schema"
    pub fn set_schema(integration: impl Into<String>, kind: CrmEntityType, fields: Vec<CrmSchemaField>) -> Pending<'a, Accepted> {
        it => it
            .query("integrationId", integration.into())
            .query("objectType", kind.as_str())
            .json(&fields)
            .whole()
    }
}

impl Crm<'_> {
    /// Asks every `pause` until a request is done or has failed, at most `times` times.
    ///
    /// # Errors
    /// [`Transient`](ErrorKind::Transient) when it still is not, and those of
    /// [`status`](Self::status).
    pub async fn when_processed(
        self,
        integration: &str,
        client_request_id: &str,
        pause: Duration,
        times: u32,
    ) -> Result<ProcessingStatus> {
        for _ in 0..times {
            let status = self.status(integration, client_request_id).await?;
            if matches!(
                status.status,
                Some(JobStatus::Done | JobStatus::Completed | JobStatus::Failed)
            ) {
                return Ok(status);
            }
            tokio::time::sleep(pause).await;
        }
        let message = format!("request {client_request_id} is still being processed");
        Err(Error::new(ErrorKind::Transient, message).exhausted())
    }
}

/// Objects as Gong's upload takes them: a line of JSON each.
///
/// # Errors
/// [`InvalidInput`](ErrorKind::InvalidInput) for an object that cannot be written as JSON.
pub fn lines(objects: impl IntoIterator<Item = impl Serialize>) -> Result<Vec<u8>> {
    let mut lines = Vec::new();
    for (at, object) in objects.into_iter().enumerate() {
        serde_json::to_writer(&mut lines, &object).map_err(|error| {
            Error::new(ErrorKind::InvalidInput, "cannot be written as JSON")
                .with_field(format!("objects[{at}]"))
                .with_source(error)
        })?;
        lines.push(b'\n');
    }
    Ok(lines)
}

records! {
    /// Objects by their ids in the CRM.
    pub struct CrmObjects {
        "requestId" request_id: Option<String>,
        /// Fields of each object, which are the CRM's own; an object that Gong does not have has
        /// none.
        "crmObjectsMap" objects: BTreeMap<String, BTreeMap<String, Value>>,
    }

    /// Fields by kinds of objects.
    pub struct CrmSchema {
        "requestId" request_id: Option<String>,
        "objectTypeToSelectedFields" fields: BTreeMap<String, Vec<CrmSchemaField>>,
    }
}

records! {
    /// A field of the objects of a CRM.
    pub struct CrmSchemaField {
        "uniqueName" unique_name: Option<String>,
        "label" label: Option<String>,
        "type" kind: Option<CrmFieldType>,
        "lastModified" last_modified: Option<Timestamp>,
        "isDeleted" is_deleted: Option<bool>,
        "referenceTo" reference_to: Option<String>,
        "orderedValueList" ordered_value_list: Vec<String>,
    }

    /// Gong took the request and works on it; ask by `client_request_id`.
    pub struct Processing {
        "requestId" request_id: Option<String>,
        "clientRequestId" client_request_id: Option<String>,
    }

    /// Where a request stands.
    pub struct ProcessingStatus {
        "requestId" request_id: Option<String>,
        "status" status: Option<JobStatus>,
        "errors" errors: Vec<LineError>,
        "totalErrorCount" total_error_count: Option<i64>,
        "totalSuccessCount" total_success_count: Option<i64>,
    }

    /// What is wrong with a line of an upload.
    pub struct LineError {
        "line" line: Option<i64>,
        "description" description: Option<String>,
    }

    /// An integration of a CRM that Gong does not know.
    pub struct CrmIntegration {
        "integrationId" integration_id: Option<String>,
        "ownerEmail" owner_email: Option<String>,
        "name" name: Option<String>,
    }
}

impl CrmSchemaField {
    /// A field with what Gong requires.
    pub fn new(
        unique_name: impl Into<String>,
        label: impl Into<String>,
        kind: CrmFieldType,
    ) -> Self {
        Self {
            unique_name: Some(unique_name.into()),
            label: Some(label.into()),
            kind: Some(kind),
            ..Self::default()
        }
    }
}

resilience::setters! {
    CrmSchemaField {
        /// When it changed last, in whole seconds.
        last_modified(last_modified: Timestamp) = Some(last_modified);
        /// Deletes it, and its values from all objects.
        is_deleted(is_deleted: bool) = Some(is_deleted);
        /// The kind of object that a reference leads to: one of `CrmEntityType`, or `USER`.
        reference_to(reference_to: impl Into<String>) = Some(reference_to.into());
        /// What a picklist offers.
        ordered_value_list(ordered_value_list: Vec<String>);
    }
}
