//! Whether the account serves the models that will be asked, from where it may ask them.

use snowflake_sql::{Row, SqlPool, SqlText};

use super::checked::{AccountCheck, CheckOutcome, ask};

const MODELS: SqlText = SqlText::fixed(include_str!("../../../sql/snowflake/check/models.sql"));

const CHECK: &str = "models";

/// How many models are named as a choice.
const SHOWN: usize = 8;

/// From where models are asked.
pub(super) struct Place<'a> {
    /// The account's region, such as `AWS_EU_CENTRAL_1`; before it, a group of regions may be
    /// named.
    pub(super) region: Option<&'a str>,
    /// `CORTEX_ENABLED_CROSS_REGION`; several with commas between them.
    pub(super) crossing: Option<&'a str>,
    /// `CORTEX_MODELS_ALLOWLIST`, which lets every role ask what is on it, whatever models it is
    /// shown; `None` where it is not told.
    pub(super) allowlist: Option<String>,
}

impl Place<'_> {
    /// What is said of a model that the role is not shown.
    fn unseen(&self, model: &str) -> AccountCheck {
        let Some(list) = &self.allowlist else {
            let cause = format!(
                "the role is not shown {model}, and whether CORTEX_MODELS_ALLOWLIST lets it be asked \
                 is not told"
            );
            return AccountCheck::unknown(CHECK, cause).with_remedy(granting(model));
        };
        let is_it =
            |name: &str| name.eq_ignore_ascii_case("all") || name.eq_ignore_ascii_case(model);
        if list.split(',').map(str::trim).any(is_it) {
            let cause = format!(
                "the role is not shown {model}, so nothing tells from where it can be asked; \
                 CORTEX_MODELS_ALLOWLIST ({list}) lets it be asked, until Snowflake removes that \
                 parameter"
            );
            return AccountCheck::unknown(CHECK, cause).with_remedy(granting(model));
        }
        let cause =
            format!("{model} is neither shown to the role nor on CORTEX_MODELS_ALLOWLIST ({list})");
        AccountCheck::failed(CHECK, cause, granting(model))
    }
}

/// A model that the role is shown.
struct Offered {
    name: String,
    lifecycle: String,
    ends: Option<String>,
    regions: Vec<String>,
    crossings: Vec<String>,
}

impl Offered {
    fn of(row: Row<'_>) -> Option<Self> {
        let text = |column| row.text(column).ok().flatten();
        let list = |column| row.json::<Vec<String>>(column).ok().flatten();
        Some(Self {
            name: text("name")?.to_ascii_lowercase(),
            lifecycle: text("lifecycle_status")
                .unwrap_or_default()
                .to_ascii_uppercase(),
            ends: text("eol_date").map(str::to_owned),
            regions: list("in_region_availability").unwrap_or_default(),
            crossings: list("cross_region_availability").unwrap_or_default(),
        })
    }

    /// Where it is asked; `None` where it is out of reach.
    fn reached<'a>(&self, place: &Place<'a>) -> Option<&'a str> {
        let region = place.region.and_then(|region| region.rsplit('.').next());
        if let Some(region) = region.filter(|region| self.regions.iter().any(|one| one == region)) {
            return Some(region);
        }
        let settings = place.crossing?.split(',').map(str::trim);
        let mut settings = settings.filter(|setting| *setting != "DISABLED");
        settings.find(|setting| {
            let cloud = setting.strip_suffix("_GLOBAL");
            self.crossings.iter().any(|one| match cloud {
                Some(cloud) => one.starts_with(cloud),
                None => one == setting,
            })
        })
    }

    fn verdict(&self, place: &Place<'_>) -> AccountCheck {
        let name = &self.name;
        if self.lifecycle == "EOL" {
            return AccountCheck::failed(CHECK, format!("{name} has reached its end of life"), "");
        }
        let Some(at) = self.reached(place) else {
            return match (place.crossing, self.regions.is_empty(), &*self.crossings) {
                (_, true, []) => AccountCheck::unknown(
                    CHECK,
                    format!("{name} is offered, and the account does not tell from where"),
                ),
                (None, _, _) => AccountCheck::unknown(
                    CHECK,
                    format!(
                        "{name} is not served in the region, and whether text may leave it is not told"
                    ),
                ),
                (Some(set), _, crossings) => AccountCheck::failed(
                    CHECK,
                    format!(
                        "{name} is not served in the region, and cannot be reached from it \
                         (CORTEX_ENABLED_CROSS_REGION = {set})"
                    ),
                    crossing(crossings, place),
                ),
            };
        };
        if self.lifecycle == "LEGACY" {
            let end = self.ends.as_deref().unwrap_or("a day not told");
            let cause = format!(
                "{name} is a legacy model, which accounts that never used it cannot start to use; \
                 its life ends on {end}"
            );
            return AccountCheck::unknown(CHECK, cause);
        }
        AccountCheck::passed(CHECK, format!("{name} ({at})"))
    }
}

/// How text gets to a model, as near as can be.
fn crossing(crossings: &[String], place: &Place<'_>) -> String {
    let near = |one: &&String| place.region.is_some_and(|region| region.contains(&***one));
    match crossings.iter().find(near).or(crossings.first()) {
        None => String::new(),
        Some(near) => format!(
            "Or let text leave the region: snowflake_setup print cross-region --to {near} ({}), run as \
             ACCOUNTADMIN.",
            crossings.join(", ")
        ),
    }
}

pub(super) async fn check(
    pool: &dyn SqlPool,
    wanted: &[String],
    place: &Place<'_>,
) -> AccountCheck {
    if wanted.is_empty() {
        return AccountCheck::unknown(CHECK, "no model is asked");
    }
    let rows = match ask(pool, "check_models", MODELS).await {
        Ok(rows) => rows,
        Err(error) => {
            let remedy = "The role needs USE AI FUNCTIONS on the account and SNOWFLAKE.CORTEX_USER \
                          (setup/03_cortex.sql).";
            return AccountCheck::failed(CHECK, error.to_string(), remedy);
        }
    };
    let offered: Vec<Offered> = rows.iter().filter_map(Offered::of).collect();
    let verdicts = wanted.iter().map(|wanted| {
        let offered = offered
            .iter()
            .find(|one| one.name.eq_ignore_ascii_case(wanted));
        match offered {
            Some(offered) => offered.verdict(place),
            None => place.unseen(&wanted.to_ascii_lowercase()),
        }
    });
    let choice = offered.iter().filter(|one| {
        let is_current = one.lifecycle != "EOL" && one.lifecycle != "LEGACY";
        is_current && one.reached(place).is_some()
    });
    let choice: Vec<&str> = choice.map(|one| one.name.as_str()).take(SHOWN).collect();
    together(verdicts.collect(), &choice)
}

fn granting(model: &str) -> String {
    let model = model.to_ascii_uppercase();
    format!(
        "As ACCOUNTADMIN: GRANT APPLICATION ROLE SNOWFLAKE.\"CORTEX-MODEL-ROLE-{model}\" TO ROLE …;"
    )
}

/// One check of all models: as bad as the worst.
fn together(verdicts: Vec<AccountCheck>, choice: &[&str]) -> AccountCheck {
    use CheckOutcome::{Failed, NotConfigured, Passed};
    let has = |outcome| verdicts.iter().any(|one| one.outcome == outcome);
    let worst = [Failed, NotConfigured]
        .into_iter()
        .find(|worst| has(*worst));
    let worst = worst.unwrap_or(Passed);
    let those = || verdicts.iter().filter(|one| one.outcome == worst);
    let causes: Vec<&str> = those().map(|one| one.cause.as_str()).collect();
    let mut check = AccountCheck::new(CHECK, worst, causes.join("; "));
    if worst == Passed {
        return check;
    }
    let mut remedies: Vec<String> = those().filter_map(|one| one.remedy.clone()).collect();
    remedies.retain(|remedy| !remedy.is_empty());
    remedies.dedup();
    if !choice.is_empty() {
        let choice = choice.join(", ");
        remedies.insert(
            0,
            format!("Set CORTEX_MODEL to one that can be asked ({choice})."),
        );
    }
    if !remedies.is_empty() {
        check = check.with_remedy(remedies.join(" "));
    }
    check
}
