//! Flows of Gong Engage. For callers that put prospects into them.

use crate::draft::{Paged, Pending};
use crate::group::operations;
use crate::wire::words::{FlowInstanceStatus, FlowVisibility, JobStatus};
use crate::wire::{records, requests};
use calls::{Timestamp, WorkspaceId};

operations! {
    /// Flows of Gong Engage.
    Flows<'a> "flows";

    /// The flows that a user can use: theirs, those shared with them, and the company's.
    read GET "/v2/flows" listFlows "api:flows:read"
    pub fn list(query: FlowQuery) -> Paged<'a, Flow> {
        it => it.query_of(&query).paged("flows", |flow| flow.id.as_deref())
    }

    /// The folders of flows. Gong sends them as `flowsFolders`, which its specification omits.
    read GET "/v2/flows/folders" listFlowsFolders "api:flows:read"
    pub fn folders(query: FlowFolderQuery) -> Paged<'a, FlowFolder> {
        it => it.query_of(&query).paged("flowsFolders", |folder| folder.id.as_deref())
    }

    /// Flows with their steps.
    read POST "/v2/flows/steps" getFlowSteps "api:flows:read"
    pub fn steps(flow_ids: Vec<String>) -> Pending<'a, Vec<FlowWithSteps>> {
        it => it.json(&serde_json::json!({ "flowIds": flow_ids })).list("flows")
    }

    /// The flows that prospects are in.
    read POST "/v2/flows/prospects" getProspectsAssignedFlows "api:flows:read"
    pub fn of_prospects(filter: AssignedFlowsFilter) -> Pending<'a, Vec<AssignedFlow>> {
        it => it.json(&filter).list("prospectsAssigned")
    }

    /// Puts prospects of the CRM into a flow.
    write POST "/v2/flows/prospects/assign" assignProspects "api:flows:write"
    pub fn assign(assignment: FlowAssignment) -> Pending<'a, Assignment> {
        it => it.json(&assignment).whole()
    }

    /// The same for prospects that are still to be left alone. Gong has deprecated it:
    /// [`FlowOverrides`] of [`assign`](Self::assign) says so too.
    write POST "/v2/flows/prospects/assign/cool-off-override" assignProspectsCoolOffOverrides "api:flows:write"
    pub fn assign_despite_cool_off(assignment: FlowAssignment) -> Pending<'a, Assignment> {
        it => it.json(&assignment).whole()
    }

    /// Puts prospects into a flow in the background; ask for what became of it by its id.
    write POST "/v2/flows/prospects/bulk-assignments" submitFlowProspectsBulkAssignment "api:flows:write"
    pub fn assign_many(assignment: BulkFlowAssignment) -> Pending<'a, BulkAssignment> {
        it => it.json(&assignment).whole()
    }

    /// Where an assignment in the background stands.
    read GET "/v2/flows/prospects/bulk-assignments/{id}" getFlowProspectsBulkAssignment "api:flows:read"
    pub fn bulk_assignment(id: impl Into<String>) -> Pending<'a, BulkAssignment> {
        it => it.path("id", id.into()).whole()
    }

    /// Takes a prospect out of flows.
    write POST "/v2/flows/prospects/unassign-flows-by-crm-id" unassignProspectFlows "api:flows:write"
    pub fn unassign_prospect(prospect: ProspectUnassignment) -> Pending<'a, Unassigned> {
        it => it.json(&prospect).whole()
    }

    /// Ends flow instances.
    write POST "/v2/flows/prospects/unassign-flows-by-instance-id" unassignFlows "api:flows:write"
    pub fn unassign(flows: FlowUnassignment) -> Pending<'a, Unassigned> {
        it => it.json(&flows).whole()
    }
}

requests! {
    /// Whose flows.
    pub struct FlowQuery {
        required {
            "flowOwnerEmail" flow_owner_email: String,
        }
        optional {
            "workspaceId" workspace_id: WorkspaceId,
            "folderId" folder_id: String,
            "mostRecentlyAssigned" most_recently_assigned: bool,
        }
    }

    /// Whose folders.
    pub struct FlowFolderQuery {
        required {
            "flowFolderOwnerEmail" flow_folder_owner_email: String,
        }
        optional {
            "parentId" parent_id: String,
            "workspaceId" workspace_id: WorkspaceId,
        }
    }
}

records! {
    /// A folder of flows.
    pub struct FlowFolder {
        "id" id: Option<String>,
        "name" name: Option<String>,
        "parentFolderId" parent_folder_id: Option<String>,
    }
}

records! {
    /// A flow of Gong Engage.
    pub struct Flow {
        "id" id: Option<String>,
        "name" name: Option<String>,
        "folderId" folder_id: Option<String>,
        "folderName" folder_name: Option<String>,
        "visibility" visibility: Option<FlowVisibility>,
        "creationDate" creation_date: Option<Timestamp>,
        "exclusive" exclusive: Option<bool>,
    }

    /// A flow with its steps.
    pub struct FlowWithSteps {
        "id" id: Option<String>,
        "name" name: Option<String>,
        "folderId" folder_id: Option<String>,
        "visibility" visibility: Option<FlowVisibility>,
        "creationDate" creation_date: Option<Timestamp>,
        "exclusive" exclusive: Option<bool>,
        "description" description: Option<String>,
        "steps" steps: Vec<FlowStep>,
    }

    /// A step of a flow.
    pub struct FlowStep {
        "id" id: Option<String>,
        "stepOrder" step_order: Option<i64>,
        "action" action: Option<String>,
        "subject" subject: Option<String>,
        "body" body: Option<String>,
        "isReply" is_reply: Option<bool>,
    }

    /// A flow that a prospect is in.
    pub struct AssignedFlow {
        "flowId" flow_id: Option<String>,
        "flowName" flow_name: Option<String>,
        "crmProspectId" crm_prospect_id: Option<String>,
        "flowInstanceId" flow_instance_id: Option<String>,
        "flowInstanceOwnerEmail" flow_instance_owner_email: Option<String>,
        "flowInstanceOwnerFullName" flow_instance_owner_full_name: Option<String>,
        "flowInstanceCreateDate" flow_instance_create_date: Option<Timestamp>,
        "flowInstanceStatus" flow_instance_status: Option<FlowInstanceStatus>,
        "workspaceId" workspace_id: Option<WorkspaceId>,
        "exclusive" exclusive: Option<bool>,
    }

    /// A prospect that could not be assigned.
    pub struct NotAssigned {
        "flowId" flow_id: Option<String>,
        "crmProspectId" crm_prospect_id: Option<String>,
        "errorCode" error_code: Option<String>,
        "errorMessage" error_message: Option<String>,
    }

    /// Who was assigned, and who was not.
    pub struct Assignment {
        "requestId" request_id: Option<String>,
        "prospectsAssigned" prospects_assigned: Vec<AssignedFlow>,
        "prospectsNotAssigned" prospects_not_assigned: Vec<NotAssigned>,
    }

    /// What was taken back.
    pub struct Unassigned {
        "requestId" request_id: Option<String>,
        "unassignedFlowInstanceIds" unassigned_flow_instance_ids: Vec<String>,
    }

    /// A prospect: known to the CRM, or to be made there.
    pub struct FlowProspect {
        "firstName" first_name: Option<String>,
        "lastName" last_name: Option<String>,
        "email" email: Option<String>,
        "jobTitle" job_title: Option<String>,
        "linkedInUrl" linked_in_url: Option<String>,
        "crmId" crm_id: Option<String>,
        "accountCrmId" account_crm_id: Option<String>,
        "companyName" company_name: Option<String>,
    }

    /// What became of one prospect.
    pub struct FlowAssignmentResult {
        "prospect" prospect: Option<FlowProspect>,
        "status" status: Option<String>,
        "crmId" crm_id: Option<String>,
        "flowInstanceId" flow_instance_id: Option<String>,
        "errorCode" error_code: Option<String>,
        "errorMessage" error_message: Option<String>,
    }

    /// Where an assignment of many prospects stands.
    pub struct BulkAssignment {
        "requestId" request_id: Option<String>,
        "id" id: Option<String>,
        "status" status: Option<JobStatus>,
        "totalCount" total_count: Option<i64>,
        "processedCount" processed_count: Option<i64>,
        "successCount" success_count: Option<i64>,
        "failedCount" failed_count: Option<i64>,
        "results" results: Vec<FlowAssignmentResult>,
    }
}

resilience::setters! {
    FlowProspect {
        /// The given name.
        first_name(first_name: impl Into<String>) = Some(first_name.into());
        /// The family name.
        last_name(last_name: impl Into<String>) = Some(last_name.into());
        /// The e-mail address.
        email(email: impl Into<String>) = Some(email.into());
        /// What they do.
        job_title(job_title: impl Into<String>) = Some(job_title.into());
        /// Their page at LinkedIn.
        linked_in_url(linked_in_url: impl Into<String>) = Some(linked_in_url.into());
        /// The id in the CRM of one that is known there.
        crm_id(crm_id: impl Into<String>) = Some(crm_id.into());
        /// The id in the CRM of their account.
        account_crm_id(account_crm_id: impl Into<String>) = Some(account_crm_id.into());
        /// The name of their company.
        company_name(company_name: impl Into<String>) = Some(company_name.into());
    }
}

requests! {
    /// Prospects to be put into a flow, at most 200.
    pub struct FlowAssignment {
        required {
            "crmProspectsIds" crm_prospects_ids: Vec<String>,
            "flowId" flow_id: String,
            "flowInstanceOwnerEmail" flow_instance_owner_email: String,
        }
        optional {
            "overrides" overrides: FlowOverrides,
            "flowInstanceDescription" flow_instance_description: String,
        }
    }

    /// What differs from the flow as it is.
    pub struct FlowOverrides {
        required {
        }
        optional {
            "steps" steps: Vec<StepOverride>,
            "flowInstanceVariables" flow_instance_variables: Vec<VariableOverride>,
            "coolOffOverride" cool_off_override: bool,
        }
    }

    /// What a step says instead.
    pub struct StepOverride {
        required {
            "number" number: i64,
        }
        optional {
            "subject" subject: String,
            "body" body: String,
        }
    }

    /// The value of a variable.
    pub struct VariableOverride {
        required {
            "name" name: String,
            "value" value: String,
        }
        optional {
        }
    }

    /// Which prospects' flows.
    pub struct AssignedFlowsFilter {
        required {
        }
        optional {
            "crmProspectsIds" crm_prospects_ids: Vec<String>,
            "flowInstanceIds" flow_instance_ids: Vec<String>,
        }
    }

    /// A prospect to be taken out of flows.
    pub struct ProspectUnassignment {
        required {
            "crmProspectId" crm_prospect_id: String,
        }
        optional {
            "flowId" flow_id: String,
            "unassignedByUserEmail" unassigned_by_user_email: String,
        }
    }

    /// Flow instances to be ended.
    pub struct FlowUnassignment {
        required {
            "flowInstanceIds" flow_instance_ids: Vec<String>,
        }
        optional {
            "unassignedByUserEmail" unassigned_by_user_email: String,
        }
    }

    /// Prospects to be put into a flow in the background, at most 50.
    pub struct BulkFlowAssignment {
        required {
            "flowInstanceOwnerEmail" flow_instance_owner_email: String,
            "flowId" flow_id: String,
            "prospects" prospects: Vec<FlowProspect>,
        }
        optional {
        }
    }
}
