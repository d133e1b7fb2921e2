//! Tasks of users. For callers that show or settle them.

use crate::draft::Pending;
use crate::group::operations;
use crate::wire::words::{TaskKind, TaskStatus};
use crate::wire::{records, requests};
use calls::{Timestamp, UserId, WorkspaceId};

operations! {
    /// Tasks of Gong Engage. A company without it is answered with status 500.
    TaskList<'a> "tasks";

    /// The tasks of a user.
    read POST "/v2/tasks" listTasks "api:tasks:read"
    pub fn list(filter: TaskFilter) -> Pending<'a, Tasks> {
        it => it.filter(&filter).whole()
    }

    /// Changes a task.
    write PATCH "/v2/tasks/{taskId}" updateReminder "api:tasks:write"
    pub fn update(id: impl Into<String>, update: TaskUpdate) -> Pending<'a, Tasks> {
        it => it.path("taskId", id.into()).json(&update).whole()
    }
}

records! {
    /// The account that a task is about.
    pub struct TaskAccount {
        "crmId" crm_id: Option<String>,
        "name" name: Option<String>,
        "crmUrl" crm_url: Option<String>,
    }

    /// The deal that a task is about.
    pub struct TaskOpportunity {
        "crmId" crm_id: Option<String>,
        "name" name: Option<String>,
        "crmUrl" crm_url: Option<String>,
        "status" status: Option<String>,
        "stage" stage: Option<String>,
        "amount" amount: Option<String>,
        "probability" probability: Option<String>,
        "closeDate" close_date: Option<String>,
    }

    /// A person that a task is about.
    pub struct TaskContact {
        "crmId" crm_id: Option<String>,
        "type" kind: Option<String>,
        "data" data: Option<TaskContactData>,
    }

    /// What the CRM knows about a person.
    pub struct TaskContactData {
        "firstName" first_name: Option<String>,
        "lastName" last_name: Option<String>,
        "crmUrl" crm_url: Option<String>,
        "companyName" company_name: Option<String>,
        "affiliation" affiliation: Option<String>,
        "emails" emails: Vec<TaskContactEmail>,
        "title" title: Option<String>,
        "timezone" timezone: Option<String>,
        "phoneNumbers" phone_numbers: Vec<TaskContactPhone>,
        "city" city: Option<String>,
        "country" country: Option<String>,
        "state" state: Option<String>,
        "zipcode" zipcode: Option<String>,
        "optOutChannels" opt_out_channels: Vec<String>,
        "linkedinProfile" linkedin_profile: Option<String>,
    }

    /// An address of a person.
    pub struct TaskContactEmail {
        "email" email: Option<String>,
    }

    /// A telephone number of a person.
    pub struct TaskContactPhone {
        "raw" raw: Option<String>,
        "extension" extension: Option<String>,
        "countryCode" country_code: Option<i64>,
        "normalized" normalized: Option<String>,
        "label" label: Option<String>,
        "isVerified" is_verified: Option<bool>,
    }

    /// The flow that a task belongs to.
    pub struct TaskFlow {
        "id" id: Option<String>,
        "name" name: Option<String>,
        "step" step: Option<TaskFlowStep>,
    }

    /// The step of a flow that a task is.
    pub struct TaskFlowStep {
        "id" id: Option<String>,
        "name" name: Option<String>,
        "stepNumber" step_number: Option<i64>,
    }

    /// How urgent a task is.
    pub struct TaskPriority {
        "id" id: Option<String>,
        "name" name: Option<String>,
        "weight" weight: Option<i64>,
    }

    /// A task of a user.
    pub struct Task {
        "id" id: Option<String>,
        "userId" user_id: Option<UserId>,
        "created" created: Option<Timestamp>,
        "updated" updated: Option<Timestamp>,
        "status" status: Option<TaskStatus>,
        "type" kind: Option<TaskKind>,
        "actions" actions: Vec<String>,
        "account" account: Option<TaskAccount>,
        "opportunity" opportunity: Option<TaskOpportunity>,
        "dueDate" due_date: Option<Timestamp>,
        "flow" flow: Option<TaskFlow>,
        "contact" contact: Option<TaskContact>,
        "additionalContacts" additional_contacts: Vec<TaskContact>,
        "title" title: Option<String>,
        "priority" priority: Option<TaskPriority>,
    }

    /// Tasks, and the CRM that their ids are of.
    pub struct Tasks {
        "requestId" request_id: Option<String>,
        "tasks" tasks: Vec<Task>,
        "crmType" crm_type: Option<String>,
    }
}

requests! {
    /// Which tasks.
    pub struct TaskFilter {
        required {
            "userId" user_id: UserId,
            "types" types: Vec<TaskKind>,
            "taskAction" task_action: Vec<String>,
            "status" status: Vec<TaskStatus>,
        }
        optional {
            "workspaceId" workspace_id: WorkspaceId,
        }
    }

    /// What becomes of a task.
    pub struct TaskUpdate {
        required {
            "userId" user_id: UserId,
        }
        optional {
            "status" status: TaskStatus,
            "dueDate" due_date: Timestamp,
            "priority" priority: String,
        }
    }
}
