//! Which models the account offers.

use resilience::ErrorKind;

use super::backend::CortexSql;
use super::failure::of_sql;
use super::statements;
use crate::{Error, Result};

/// A model as `SHOW CORTEX BASE MODELS` lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OfferedModel {
    /// Its name in lower case, as functions take it.
    pub name: String,
    /// Such as `ACTIVE`, `LEGACY` or `EOL`, in upper case; empty when not told.
    pub lifecycle: String,
    /// When it ends, as Snowflake writes it.
    pub end_of_life: Option<String>,
}

impl CortexSql {
    /// The models that the account offers to the role.
    ///
    /// # Errors
    /// The session's.
    pub async fn offered_models(&self) -> Result<Vec<OfferedModel>> {
        let statement = statements::MODELS.statement();
        let rows = self.asker.pool.query(&statement).await;
        let rows = rows.map_err(|error| of_sql(statements::MODELS.name(), error))?;
        let mut models = Vec::with_capacity(rows.len());
        for row in rows.iter() {
            let name = row
                .required_text("name")
                .map_err(|error| of_sql(statements::MODELS.name(), error))?;
            // Snowflake adds columns to SHOW at any time, and may drop some.
            let optional = |column| row.text(column).ok().flatten();
            models.push(OfferedModel {
                name: name.to_ascii_lowercase(),
                lifecycle: optional("lifecycle_status")
                    .unwrap_or_default()
                    .to_ascii_uppercase(),
                end_of_life: optional("eol_date").map(str::to_owned),
            });
        }
        Ok(models)
    }

    /// Checks the models of the settings against what the account offers, before
    /// anything is paid for.
    ///
    /// # Errors
    /// `Config` naming `model` or `embedding_model` when the account does not offer it
    /// or its life has ended, with up to five names that are on offer.
    pub async fn check_models(&self) -> Result<()> {
        let offered = self.offered_models().await?;
        for (field, wanted) in [
            ("model", &self.config.model),
            ("embedding_model", &self.config.embedding_model),
        ] {
            let wanted = wanted.to_ascii_lowercase();
            let model = offered.iter().find(|model| model.name == wanted);
            let problem = match model {
                None => "is not among the account's models",
                Some(model) if model.lifecycle == "EOL" => "has reached the end of its life",
                Some(_) => continue,
            };
            let live = offered
                .iter()
                .filter(|model| model.lifecycle != "EOL" && model.lifecycle != "LEGACY");
            let names: Vec<&str> = live.map(|model| &*model.name).take(5).collect();
            let message = format!("{wanted} {problem}; on offer are {}", names.join(", "));
            return Err(Error::new(ErrorKind::Config, message).with_field(field));
        }
        Ok(())
    }
}
