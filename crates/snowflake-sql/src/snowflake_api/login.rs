//! Logging in with `snowflake-api`.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ::snowflake_api::{
    AuthArgs, AuthType, CertificateArgs, PasswordArgs, SnowflakeApi, SnowflakeApiBuilder,
};
use async_trait::async_trait;
use reqwest_middleware::ClientBuilder;
use reqwest_middleware::reqwest::{Client, redirect};
use resilience::ErrorKind;
use secrecy::ExposeSecret;

use super::exchange::Exchange;
use super::outcome::Outcome;
use super::session::{ApiSession, LONGEST};
use crate::config::config_error;
use crate::pool::Login;
use crate::{Credentials, Error, Result, SessionCapabilities, SnowflakeConfig, SqlSession};

/// Logs in on `snowflake-api` 0.14, for teams that already run on it;
/// [`ConnectorLogin`](crate::ConnectorLogin) can do more.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use snowflake_sql::{Credentials, SnowflakeConfig, SnowflakePool, SqlPool, SqlText, Statement};
/// # use testkit::snowflake::{Answer, Column, SnowflakeDouble};
/// # // In place of an account: a double of the session protocol.
/// # let snowflake = SnowflakeDouble::builder().start().await?;
/// # snowflake.state().answer("CALLS", Answer::rows([Column::integer("CALLS")], [[Some("7")]]));
/// # let url = snowflake.url();
///
/// let credentials = Credentials::programmatic_access_token("SECRET");
/// let config = SnowflakeConfig::new("myorg-sales", "GONG_READER", credentials)?
/// #   .with_base_url(&url)?
///     .with_warehouse("GONG_WH");
/// let pool = SnowflakePool::on_snowflake_api(config)?;
///
/// const COUNT: SqlText = SqlText::fixed("SELECT COUNT(*) AS CALLS FROM STG_GONG_CALLS");
/// let rows = pool.query(&Statement::new("count", COUNT)).await?;
/// assert_eq!(rows.first().unwrap().integer("calls")?, Some(7));
/// # Ok(())
/// # }
/// ```
///
/// # Limits
/// - **45 s.** After so long Snowflake wants to be asked again, and `snowflake-api`
///   cannot. So the server is told to end statements after 45 s, waiting for the
///   warehouse included, whatever the configuration says; one that takes longer is
///   [`Unsupported`](ErrorKind::Unsupported).
/// - **No cancelling.** A statement that is dropped, or runs into a limit of its own,
///   may go on for the rest of its 45 s. Its session is given up and closed, which
///   rolls its transaction back.
/// - **Credentials**: key pairs without a passphrase, tokens and passwords. Neither
///   OAuth nor encrypted keys; both are errors of kind [`Config`](ErrorKind::Config).
/// - **Names** of warehouse, database, schema, role and user are written in capitals,
///   as Snowflake itself reads names without quotes. Quoted ones with small letters are
///   refused.
/// - **All parts** of a result are fetched at once and held in memory.
/// - **Identity.** `snowflake-api` says that it is gosnowflake 1.6.22 on a Mac.
/// - **Certificates** are checked against Mozilla's roots that are built in; those of
///   the machine are not read.
///
/// # What is not left to it
/// Alone, `snowflake-api` binds no values, logs tokens, statements and rows at `debug`,
/// puts the first rows of a large result last, loses all but the first rows of one in
/// JSON, refuses column types that it does not know, drops the codes of some refusals,
/// and logs in again in silence when a token cannot be renewed. A middleware of its HTTP
/// client does all of that: it puts text and values into the request as gosnowflake
/// does, keeps tokens, rows and addresses to itself, and reads the replies. What
/// `snowflake-api` gets to see, and logs, is the statement's
/// [name](crate::Statement::name). It keeps the credentials in plain memory.
pub struct ApiLogin {
    config: SnowflakeConfig,
    client: Client,
}

impl fmt::Debug for ApiLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiLogin")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl ApiLogin {
    /// Prepares logins; nothing is sent yet.
    ///
    /// # Errors
    /// `Config`, naming the part of the configuration that `snowflake-api` cannot do.
    pub fn new(mut config: SnowflakeConfig) -> Result<Self> {
        // In capitals already, or the same in capitals to Snowflake.
        let names = [
            ("warehouse", &config.warehouse),
            ("database", &config.database),
            ("schema", &config.schema),
            ("role", &config.role),
            ("user", &Some(config.user.clone())),
        ];
        for (field, name) in names {
            let changes = |name: &&String| name.contains('"') && name.to_uppercase() != **name;
            if name.as_ref().filter(changes).is_some() {
                return Err(config_error(
                    field,
                    "is quoted and has small letters, which snowflake-api writes in capitals",
                ));
            }
        }
        auth(&config.credentials)?;
        config.queue_timeout = config.queue_timeout.min(LONGEST);
        let client = Client::builder()
            .user_agent(concat!("gong-snowflake/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .referer(false)
            .connect_timeout(config.network_timeout)
            .build()
            .map_err(|_| Error::new(ErrorKind::Config, "the HTTP client cannot be created"))?;
        Ok(Self { config, client })
    }

    fn api(&self, exchange: &Arc<Exchange>) -> Result<SnowflakeApi> {
        let config = &self.config;
        // Key pairs are signed for the account without its region; where it is, the
        // exchange knows.
        let account = config.account.as_str().split('.').next();
        let args = AuthArgs {
            account_identifier: account.unwrap_or_default().to_owned(),
            warehouse: config.warehouse.clone(),
            database: config.database.clone(),
            schema: config.schema.clone(),
            username: config.user.clone(),
            role: config.role.clone(),
            auth_type: auth(&config.credentials)?,
        };
        let exchange = Arc::clone(exchange);
        let client = ClientBuilder::new(self.client.clone()).with_arc(exchange);
        SnowflakeApiBuilder::new(args)
            .with_client(client.build())
            .build()
            .map_err(|_| Error::new(ErrorKind::Internal, "snowflake-api cannot be set up"))
    }
}

#[async_trait]
impl Login for ApiLogin {
    fn capabilities(&self) -> SessionCapabilities {
        ApiSession::CAPABILITIES
    }

    async fn login(&self, limit: Duration) -> Result<Box<dyn SqlSession>> {
        let config = &self.config;
        let limit = limit.min(LONGEST);
        let exchange = Arc::new(Exchange::new(
            config.base_url.clone(),
            config.parameters(limit).into_iter().collect(),
            config.credentials.clone(),
        ));
        let api = self.api(&exchange)?;
        // It logs in before its first statement. This one is none, and is not sent.
        let attempt = tokio::time::timeout(config.network_timeout, api.exec_raw("login")).await;
        if attempt.is_err() {
            return Err(Error::new(
                ErrorKind::Transient,
                "login: Snowflake did not answer in time",
            ));
        }
        if exchange.is_logged_in() {
            let session = ApiSession::new(api, exchange, limit, config.network_timeout);
            return Ok(Box::new(session));
        }
        Err(match exchange.take_outcome() {
            Some(Outcome::Failure(failure)) => failure.error,
            // Nothing was sent: no token could be signed.
            _ => Error::new(
                ErrorKind::Config,
                "cannot be used: it is no RSA key of 2048 bits or more in PKCS#8",
            )
            .with_field("private_key"),
        })
    }
}

fn auth(credentials: &Credentials) -> Result<AuthType> {
    match credentials {
        Credentials::KeyPair {
            passphrase: Some(_),
            ..
        } => Err(config_error(
            "private_key_passphrase",
            "is given, but snowflake-api cannot open encrypted keys",
        )),
        Credentials::KeyPair {
            pem,
            passphrase: None,
        } => Ok(AuthType::Certificate(CertificateArgs {
            private_key_pem: pem.expose_secret().to_owned(),
        })),
        Credentials::ProgrammaticAccessToken(secret) | Credentials::Password(secret) => {
            Ok(AuthType::Password(PasswordArgs {
                password: secret.expose_secret().to_owned(),
            }))
        }
        Credentials::OAuth(_) | Credentials::OAuthFrom(_) => Err(config_error(
            "oauth_token",
            "is given, but snowflake-api cannot log in with OAuth",
        )),
    }
}
