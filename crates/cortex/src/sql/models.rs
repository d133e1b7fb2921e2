//! Which models the account offers, and whether those of the settings are among them.

use resilience::ErrorKind;
use tokio::sync::OnceCell;

use super::asker::Asker;
use super::config::CortexSqlConfig;
use super::failure::of_sql;
use super::statements;
use crate::{Error, Result};

/// A model as `SHOW CORTEX BASE MODELS` lists it.
struct OfferedModel {
    /// Its name in lower case, as functions take it.
    name: String,
    /// Such as `GA`, `LEGACY` or `EOL`, in upper case; empty when not told.
    lifecycle: String,
    /// When it ends, as Snowflake writes it.
    end_of_life: Option<String>,
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

/// The two models of the settings, and which of them were checked already.
#[derive(Debug)]
pub(super) struct Models {
    asker: Asker,
    writer: Model,
    embedder: Model,
    /// Whether a model is checked before it is first paid for.
    before_use: bool,
}

#[derive(Debug)]
struct Model {
    name: String,
    role: Role,
    checked: OnceCell<()>,
}

impl Models {
    pub(super) fn of(asker: &Asker, config: &CortexSqlConfig) -> Self {
        let model = |name: &str, role| Model {
            name: name.to_ascii_lowercase(),
            role,
            checked: OnceCell::new(),
        };
        Self {
            asker: asker.clone(),
            writer: model(&config.model, Role::Writes),
            embedder: model(&config.embedding_model, Role::Embeds),
            before_use: config.checks_models,
        }
    }

    /// Checks both. Returns what does not stop them and is worth knowing.
    pub(super) async fn check(&self) -> Result<Vec<String>> {
        let offered = self.offered().await?;
        let mut warnings = Vec::new();
        for model in [&self.writer, &self.embedder] {
            warnings.extend(self.verdict(model, &offered).await?);
        }
        Ok(warnings)
    }

    /// Before AI_COMPLETE is paid for.
    pub(super) async fn check_writer(&self) -> Result<()> {
        self.check_once(&self.writer).await
    }

    /// Before AI_EMBED is paid for.
    pub(super) async fn check_embedder(&self) -> Result<()> {
        self.check_once(&self.embedder).await
    }

    async fn check_once(&self, model: &Model) -> Result<()> {
        if !self.before_use {
            return Ok(());
        }
        let check = || async {
            let warning = match self.offered().await {
                Ok(offered) => self.verdict(model, &offered).await?,
                // Who may not list models may still be allowed to use them.
                Err(error) => Some(format!("the account's models cannot be listed: {error}")),
            };
            if let Some(warning) = warning {
                tracing::warn!(model = model.role.field(), "{warning}");
            }
            Ok(())
        };
        model.checked.get_or_try_init(check).await.copied()
    }

    async fn verdict(&self, model: &Model, offered: &[OfferedModel]) -> Result<Option<String>> {
        let is_unseen = offered.iter().all(|one| one.name != model.name);
        let is_allowed = match is_unseen && !offered.is_empty() {
            true => self.is_allowed(&model.name).await,
            false => None,
        };
        model.verdict(offered, is_allowed)
    }

    /// Whether the account's older list lets every role ask a model; `None` where that is not
    /// told.
    async fn is_allowed(&self, model: &str) -> Option<bool> {
        let statement = statements::MODELS_ALLOWLIST.unpaid();
        let rows = self.asker.pool.query(&statement).await.ok()?;
        let list = rows.first()?.text("value").ok()??;
        let mut names = list.split(',').map(str::trim);
        let is_it =
            |name: &str| name.eq_ignore_ascii_case("all") || name.eq_ignore_ascii_case(model);
        (!list.trim().is_empty()).then(|| names.any(is_it))
    }

    /// The models that the account shows to the role.
    async fn offered(&self) -> Result<Vec<OfferedModel>> {
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
}

impl Model {
    /// A sentence on what is not as it should be.
    fn verdict(
        &self,
        offered: &[OfferedModel],
        is_allowed: Option<bool>,
    ) -> Result<Option<String>> {
        let Self {
            name: wanted, role, ..
        } = self;
        let model = offered.iter().find(|model| model.name == *wanted);
        let problem = match model {
            None if offered.is_empty() => {
                return Ok(Some("the account lists no models".to_owned()));
            }
            None if *role == Role::Embeds => {
                return Ok(Some(format!(
                    "{wanted} is not among the models that are listed"
                )));
            }
            None if is_allowed != Some(false) => {
                let list = match is_allowed {
                    Some(_) => "CORTEX_MODELS_ALLOWLIST lets it be asked",
                    None => "whether CORTEX_MODELS_ALLOWLIST lets it be asked is not told",
                };
                return Ok(Some(format!("the role is not shown {wanted}, and {list}")));
            }
            None => "is neither shown to the role nor on CORTEX_MODELS_ALLOWLIST",
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
