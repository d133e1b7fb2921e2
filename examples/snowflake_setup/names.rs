//! What is filled into the scripts, and what an edition takes.

use std::fmt;

use clap::ValueEnum;
use gong_snowflake::resilience::ErrorKind;
use gong_snowflake::snowflake_sql::Identifier;
use gong_snowflake::snowflake_store::Error;

use super::scripts::Scripts;
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
    AzureUs,
    AzureEu,
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

    /// Whether masking and row access policies can be made.
    pub(super) fn has_policies(&self) -> bool {
        self.edition >= Edition::Enterprise
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
        self.print(super::scripts::GONG_SHARE);
        Ok(())
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
        let mounted = [
            ("{hubspot_database}", self.hubspot_database.as_ref()),
            ("{gong_share_database}", self.gong_share_database.as_ref()),
        ];
        let mounted = mounted
            .into_iter()
            .filter_map(|(slot, name)| Some((slot, name?)));
        let quoted = names.into_iter().chain(mounted);
        let quoted = quoted.map(|(slot, name)| (slot, name.quoted()));
        let values = [
            (
                "{warehouse_size}",
                format!("{:?}", self.warehouse_size).to_uppercase(),
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

/// A name of the time zone database: it is filled in between quotes.
fn time_zone(name: &str) -> Result<String, String> {
    match jiff::tz::TimeZone::get(name) {
        Ok(_) => Ok(name.to_owned()),
        Err(_) => Err("is no time zone, such as Europe/Berlin".to_owned()),
    }
}
