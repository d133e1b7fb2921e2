//! Whether the account serves the models that will be asked, from where it may ask them.

use snowflake_sql::{SqlPool, SqlText};

use super::checked::{AccountCheck, ask};

const MODELS: SqlText = SqlText::fixed(include_str!("../../../sql/snowflake/check/models.sql"));

/// How many models are named as a choice.
const SHOWN: usize = 8;

pub(super) async fn check(
    pool: &dyn SqlPool,
    wanted: &[String],
    cross_region: Option<&str>,
) -> AccountCheck {
    if wanted.is_empty() {
        return AccountCheck::unknown("models", "no model is asked");
    }
    let rows = match ask(pool, "check_models", MODELS).await {
        Ok(rows) => rows,
        Err(error) => {
            let remedy = "The role needs USE AI FUNCTIONS on the account and SNOWFLAKE.CORTEX_USER \
                          (setup/03_cortex.sql).";
            return AccountCheck::failed("models", error.to_string(), remedy);
        }
    };
    let offered: Vec<(String, bool)> = rows
        .iter()
        .filter_map(|row| {
            let name = row.text("name").ok()??.to_ascii_lowercase();
            let lifecycle = row.text("lifecycle_status").ok().flatten();
            let has_ended = lifecycle.is_some_and(|status| status.eq_ignore_ascii_case("EOL"));
            Some((name, !has_ended))
        })
        .collect();
    let missing: Vec<&str> = wanted
        .iter()
        .map(String::as_str)
        .filter(|wanted| {
            let is_it =
                |(name, lives): &(String, bool)| *lives && name.eq_ignore_ascii_case(wanted);
            !offered.iter().any(is_it)
        })
        .collect();
    if missing.is_empty() {
        return AccountCheck::passed("models", wanted.join(", "));
    }
    let choice: Vec<&str> = offered
        .iter()
        .filter(|(_, lives)| *lives)
        .map(|(name, _)| name.as_str())
        .take(SHOWN)
        .collect();
    let others = match choice.is_empty() {
        true => String::new(),
        false => format!(
            "Set CORTEX_MODEL to one that is offered ({}).",
            choice.join(", ")
        ),
    };
    let crossing = match cross_region {
        Some("ANY_REGION") => "",
        _ => {
            "Or let text leave the region: snowflake_setup print cross-region --to AWS_US \
             (AWS_EU, ANY_REGION, …), run as ACCOUNTADMIN."
        }
    };
    let remedy = [others.as_str(), crossing].join(" ");
    let cause = format!("this role is not offered {}", missing.join(", "));
    AccountCheck::failed("models", cause, remedy.trim())
}
