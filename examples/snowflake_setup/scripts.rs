//! The scripts that are printed, each with its name.

/// Scripts in the order in which they are run.
pub(super) type Scripts = &'static [(&'static str, &'static str)];

macro_rules! files {
    ($folder:literal: $($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../sql/snowflake/", $folder, "/", $name)))),+]
    };
}

pub(super) const SETUP: Scripts = files![
    "setup":
    "01_database.sql",
    "02_roles.sql",
    "03_cortex.sql",
    "04_account.sql",
];

pub(super) const HUBSPOT_SHARE: Scripts = files!["setup": "05_hubspot_share.sql"];

/// For analysts: each after the one before it.
pub(super) const ANALYSTS: Scripts = files![
    "optional":
    "analysts.sql",
    "semantic_view.sql",
    "cortex_agent.sql",
];

pub(super) const GONG_SHARE: Scripts = files!["setup": "08_gong_share.sql"];

/// The role and schema that the following scripts are for.
pub(super) const SESSION: Scripts = files!["setup": "session.sql"];

pub(super) const GRANTS: Scripts = files!["setup": "06_grants.sql"];

pub(super) const TASKS_SERVERLESS: Scripts = files!["optional": "tasks_serverless.sql"];

pub(super) const TASKS_ON_WAREHOUSE: Scripts = files!["optional": "tasks_cron.sql"];

pub(super) const OPTIONAL: Scripts = files![
    "optional":
    "task_runs.sql",
    "cost_views.sql",
    "spend_limits.sql",
];

/// Is billed for as long as it is there.
pub(super) const SEARCH: Scripts = files!["optional": "cortex_search.sql"];

/// Needs a notification integration.
pub(super) const TASK_ERRORS: Scripts = files!["optional": "task_errors.sql"];

/// Needs one that sends mail.
pub(super) const SPEND_ALERT: Scripts = files!["optional": "spend_alert.sql"];

/// In the order in which they are undone. Landing, staging and the retention
/// policies have none: dropping them is a decision, not an undo.
pub(super) const DOWN: Scripts = files![
    "down":
    "optional.sql",
    "0039_gong_setup.sql",
    "0038_reviews_procedure.sql",
    "0037_reviews.sql",
    "0036_older_steps.sql",
    "0035_answers.sql",
    "0034_one_writer.sql",
    "0032_erasure.sql",
    "0031_gong_records.sql",
    "0030_gong_findings.sql",
    "0029_readings_procedures.sql",
    "0028_readings.sql",
    "0027_leases.sql",
    "0026_odd_documents.sql",
    "0025_sync_safety.sql",
    "0022_streamed_procedure.sql",
    "0021_streamed.sql",
    "0011_transform_queue.sql",
    "0010_streams.sql",
    "0005_views.sql",
    "0003_crm_mirror.sql",
];

/// Needs Enterprise Edition.
pub(super) const GOVERNANCE: Scripts = files!["optional": "governance.sql"];

pub(super) const CROSS_REGION: Scripts = files!["setup": "07_cross_region.sql"];

pub(super) const RESTRICT_CORTEX: Scripts = files!["setup": "09_restrict_cortex.sql"];
