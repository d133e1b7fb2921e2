//! What is filled into the scripts, and what an edition takes.

use std::fmt;

use clap::ValueEnum;
use gong_snowflake::resilience::ErrorKind;
use gong_snowflake::snowflake_sql::Identifier;
use gong_snowflake::snowflake_store::Error;

use super::scripts::{self, Scripts};
use super::shared;

/// The names and sizes to fill into the scripts.
#[derive(Debug, clap::Args)]
pub(super) struct Names {
    #[arg(long, default_value = "GONG")]
    database: Identifier,
    #[arg(long, default_value = "CALLS")]
    schema: Identifier,
    #[arg(long, default_value = "GONG_WH")]
    warehouse: Identifier,
    #[arg(long, value_enum, default_value_t = WarehouseSize::Xsmall)]
    warehouse_size: WarehouseSize,
    #[arg(long, default_value = "GONG_OWNER")]
    owner_role: Identifier,
    #[arg(long, default_value = "GONG_INGEST")]
    ingest_role: Identifier,
    #[arg(long, default_value = "GONG_ENRICH")]
    enrich_role: Identifier,
    #[arg(long, default_value = "GONG_AGENT")]
    agent_role: Identifier,
    /// The account's edition; a trial's is the one it was started with. Masking policies need
    /// Enterprise.
    #[arg(long, value_enum, default_value_t = Edition::Standard)]
    edition: Edition,
    /// Days for which what is erased can be read back; 0 or 1 on Standard, 90 at most.
    #[arg(long, default_value_t = 1)]
    time_travel_days: u8,
    /// Where text may travel to be read by a model: of `print cross-region`.
    #[arg(long, value_enum, default_value_t = CrossRegion::Disabled)]
    to: CrossRegion,
    /// The time zone that days and months of reports are of, such as Europe/Berlin: of `print
    /// analysts`.
    #[arg(long, default_value = "UTC", value_parser = time_zone)]
    report_time_zone: String,
    /// The database that HubSpot's share is mounted as, a name of your choice; without it,
    /// the script for the share is left out.
    #[arg(long)]
    hubspot_database: Option<Identifier>,
    /// The database that Gong's own share is mounted as, for `print gong-share`.
    #[arg(long)]
    gong_share_database: Option<Identifier>,
    /// Where the transform and retention tasks of `print optional` run.
    #[arg(long, value_enum, default_value_t = TasksOn::Serverless)]
    tasks: TasksOn,
    /// The notification integration that failing tasks tell; without it, `print optional` leaves
    /// out the script for it.
    #[arg(long)]
    task_errors_integration: Option<Identifier>,
    /// The notification integration, of type EMAIL, by which a limit on spending that is passed
    /// is told; without it, `print optional` leaves out the alert.
    #[arg(long)]
    mail_integration: Option<Identifier>,
    /// Adds the search service to `print optional`. Embedding, refreshes and serving are billed
    /// from the moment it is made until it is dropped.
    #[arg(long)]
    search_service: bool,
    /// Which schema of HubSpot's share the secure views read: V2_DAILY or V2_LIVE.
    #[arg(long, default_value = "V2_DAILY")]
    share_schema: Identifier,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(super) enum Edition {
    Standard,
    Enterprise,
    BusinessCritical,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TasksOn {
    Serverless,
    Warehouse,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum WarehouseSize {
    Xsmall,
    Small,
    Medium,
    Large,
}

/// What `CORTEX_ENABLED_CROSS_REGION` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "SCREAMING_SNAKE_CASE")]
enum CrossRegion {
    Disabled,
    AwsUs,
    AwsEu,
    AwsApj,
    AwsJp,
    AwsAu,
    AwsGlobal,
    AzureUs,
    AzureEu,
    AzureGlobal,
    GcpUs,
    GcpGlobal,
    AnyRegion,
}

impl fmt::Display for CrossRegion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        f.write_str(value.as_ref().map_or("DISABLED", |value| value.get_name()))
    }
}

impl Names {
    /// Whether the edition takes what is asked for.
    pub(super) fn check(&self) -> Result<(), Error> {
        let most = match self.edition {
            Edition::Standard => 1,
            Edition::Enterprise | Edition::BusinessCritical => 90,
        };
        if self.time_travel_days <= most {
            return Ok(());
        }
        let message = match self.edition {
            Edition::Standard => "is more than 1, which needs --edition enterprise",
            _ => "is more than 90",
        };
        Err(Error::new(ErrorKind::InvalidInput, message).with_field("time-travel-days"))
    }

    pub(super) fn has_share(&self) -> bool {
        self.hubspot_database.is_some()
    }

    /// Prints the grants on Gong's share and on the tables that are landed from.
    pub(super) fn print_gong_share(&self) -> Result<(), Error> {
        if self.gong_share_database.is_none() {
            let message = "is needed: the name that the share is mounted by";
            let error = Error::new(ErrorKind::InvalidInput, message);
            return Err(error.with_field("gong-share-database"));
        }
        self.print(scripts::GONG_SHARE);
        Ok(())
    }

    /// Prints what few need. What the account may lack is left out until it is named: a script
    /// that is run as a whole stops at the first statement that fails. What costs money without
    /// anybody starting it is left out until it is asked for.
    pub(super) fn print_optional(&self) {
        self.print(match self.tasks {
            TasksOn::Serverless => scripts::TASKS_SERVERLESS,
            TasksOn::Warehouse => scripts::TASKS_ON_WAREHOUSE,
        });
        self.print(scripts::OPTIONAL);
        let of_some = [
            (
                scripts::SEARCH,
                self.search_service,
                "--search-service, which is billed for as long as it is there",
            ),
            (
                scripts::TASK_ERRORS,
                self.task_errors_integration.is_some(),
                "--task-errors-integration NAME",
            ),
            (
                scripts::SPEND_ALERT,
                self.mail_integration.is_some(),
                "--mail-integration NAME",
            ),
            (
                scripts::GOVERNANCE,
                self.edition >= Edition::Enterprise,
                "--edition enterprise",
            ),
        ];
        for (scripts, is_wanted, option) in of_some {
            if is_wanted {
                self.print(scripts);
                continue;
            }
            for (name, _) in scripts {
                shared::say(format_args!("\n-- {name} is left out: {option}"));
            }
        }
    }

    /// Prints scripts with the names filled in, quoted.
    pub(super) fn print(&self, scripts: Scripts) {
        for (name, template) in scripts {
            shared::say(format_args!("\n-- {name}\n\n{}", self.fill(template)));
        }
    }

    fn fill(&self, template: &str) -> String {
        let names = [
            ("{database}", &self.database),
            ("{schema}", &self.schema),
            ("{warehouse}", &self.warehouse),
            ("{owner_role}", &self.owner_role),
            ("{ingest_role}", &self.ingest_role),
            ("{enrich_role}", &self.enrich_role),
            ("{agent_role}", &self.agent_role),
            ("{share_schema}", &self.share_schema),
        ];
        let optional = [
            ("{hubspot_database}", self.hubspot_database.as_ref()),
            ("{gong_share_database}", self.gong_share_database.as_ref()),
            (
                "{task_errors_integration}",
                self.task_errors_integration.as_ref(),
            ),
            ("{mail_integration}", self.mail_integration.as_ref()),
        ];
        let optional = optional
            .into_iter()
            .filter_map(|(slot, name)| Some((slot, name?)));
        let quoted = names.into_iter().chain(optional);
        let quoted = quoted.map(|(slot, name)| (slot, name.quoted()));
        let values = [
            (
                "{warehouse_size}",
                format!("{:?}", self.warehouse_size).to_uppercase(),
            ),
            // Where a name stands as a text.
            ("{warehouse_stored}", text_of(Some(&self.warehouse))),
            (
                "{mail_integration_stored}",
                text_of(self.mail_integration.as_ref()),
            ),
            ("{time_travel_days}", self.time_travel_days.to_string()),
            ("{cross_region}", self.to.to_string()),
            ("{report_time_zone}", self.report_time_zone.clone()),
        ];
        quoted
            .chain(values)
            .fold(template.trim_end().to_owned(), |text, (slot, value)| {
                text.replace(slot, &value)
            })
    }
}

/// A name as it stands between single quotes.
fn text_of(name: Option<&Identifier>) -> String {
    let name = name.map(Identifier::as_str).unwrap_or_default();
    name.replace('\'', "''")
}

/// A name of the time zone database: it is filled in between quotes.
fn time_zone(name: &str) -> Result<String, String> {
    match jiff::tz::TimeZone::get(name) {
        Ok(_) => Ok(name.to_owned()),
        Err(_) => Err("is no time zone, such as Europe/Berlin".to_owned()),
    }
}
