//! Which models the account offers, and whether those of the settings are among them.

use resilience::ErrorKind;
use tokio::sync::OnceCell;

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

/// What was checked already.
#[derive(Debug, Default)]
pub(super) struct Checks {
    writer: OnceCell<()>,
    embedder: OnceCell<()>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Writes,
    Embeds,
}

impl Role {
    fn field(self) -> &'static str {
        match self {
            Self::Writes => "model",
            Self::Embeds => "embedding_model",
        }
    }
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

    /// Checks the models of the settings against what the account offers. Returns what
    /// does not stop them and is worth knowing, a sentence each: a model that is
    /// `LEGACY`, which accounts that never used it cannot start to use; an embedding
    /// model that is not listed, because whether Snowflake lists those is not known.
    ///
    /// It also happens by itself, once for each of the two models, before the first
    /// statement that is paid for; see
    /// [`with_model_check`](super::CortexSqlConfig::with_model_check).
    ///
    /// # Errors
    /// `Config` naming `model` or `embedding_model` when its life has ended, and naming
    /// `model` when the account does not offer it, with up to five names that are on
    /// offer. The session's.
    pub async fn check_models(&self) -> Result<Vec<String>> {
        let offered = self.offered_models().await?;
        let verdicts = [Role::Writes, Role::Embeds].map(|role| self.verdict(role, &offered));
        let mut warnings = Vec::new();
        for verdict in verdicts {
            warnings.extend(verdict?);
        }
        Ok(warnings)
    }

    /// Before AI_COMPLETE is paid for.
    pub(super) async fn check_writer(&self) -> Result<()> {
        self.check_once(Role::Writes, &self.checks.writer).await
    }

    /// Before AI_EMBED is paid for.
    pub(super) async fn check_embedder(&self) -> Result<()> {
        self.check_once(Role::Embeds, &self.checks.embedder).await
    }

    async fn check_once(&self, role: Role, checked: &OnceCell<()>) -> Result<()> {
        if !self.config.checks_models {
            return Ok(());
        }
        let check = || async {
            let warning = match self.offered_models().await {
                Ok(offered) => self.verdict(role, &offered)?,
                // Who may not list models may still be allowed to use them.
                Err(error) => Some(format!("the account's models cannot be listed: {error}")),
            };
            if let Some(warning) = warning {
                tracing::warn!(model = role.field(), "{warning}");
            }
            Ok(())
        };
        checked.get_or_try_init(check).await.copied()
    }

    /// A sentence on what is not as it should be.
    fn verdict(&self, role: Role, offered: &[OfferedModel]) -> Result<Option<String>> {
        let wanted = match role {
            Role::Writes => &self.config.model,
            Role::Embeds => &self.config.embedding_model,
        };
        let wanted = wanted.to_ascii_lowercase();
        let model = offered.iter().find(|model| model.name == wanted);
        let problem = match model {
            None if offered.is_empty() => {
                return Ok(Some("the account lists no models".to_owned()));
            }
            None if role == Role::Embeds => {
                return Ok(Some(format!(
                    "{wanted} is not among the models that are listed"
                )));
            }
            None => "is not among the account's models",
            Some(model) if model.lifecycle == "EOL" => "has reached the end of its life",
            Some(model) if model.lifecycle == "LEGACY" => {
                let end = model.end_of_life.as_deref().unwrap_or("a day not told");
                return Ok(Some(format!(
                    "{wanted} is a legacy model, which accounts that never used it cannot start \
                     to use; its life ends on {end}"
                )));
            }
            Some(_) => return Ok(None),
        };
        let live = offered
            .iter()
            .filter(|model| model.lifecycle != "EOL" && model.lifecycle != "LEGACY");
        let names: Vec<&str> = live.map(|model| &*model.name).take(5).collect();
        let message = format!("{wanted} {problem}; on offer are {}", names.join(", "));
        Err(Error::new(ErrorKind::Config, message).with_field(role.field()))
    }
}
