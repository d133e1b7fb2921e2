//! Logging in with the connector.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use resilience::ErrorKind;
use secrecy::ExposeSecret;
use snowflake_connector_rs::{
    AuthConfig, Client, ClientConfig, EndpointConfig, KeyPairConfig, QueryConfig, SessionConfig,
};

use super::failure;
use super::session::ConnectorSession;
use crate::fault::unrepeatable_login;
use crate::pool::Login;
use crate::{Credentials, Error, Result, SessionCapabilities, SnowflakeConfig, SqlSession};

/// Logs in on `snowflake-connector-rs`.
///
/// # What the connector leaves to be known
/// - It renews no token: a session lives for an hour, and the pool logs in again.
/// - It cannot close a session: one that is thrown away ends when Snowflake's idle
///   limit does. Transactions are rolled back before that.
/// - It keeps the words of a refused login and drops the code; the code of the
///   [fault](crate::SqlFault) is read back from the words.
/// - It opens a connection for every request, so a statement costs a round trip for
///   TLS on top of its own.
/// - Results come as JSON. Arrow is an error ([`Unsupported`](ErrorKind::Unsupported)).
pub struct ConnectorLogin {
    config: SnowflakeConfig,
    /// One for each statement limit in use: the limit is a parameter of the login.
    clients: Mutex<HashMap<Duration, Client>>,
}

impl fmt::Debug for ConnectorLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectorLogin")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl ConnectorLogin {
    /// Prepares logins; nothing is sent yet.
    pub fn new(config: SnowflakeConfig) -> Self {
        Self {
            config,
            clients: Mutex::default(),
        }
    }

    fn client(&self, limit: Duration, credentials: &Credentials) -> Result<Client> {
        // A token from a source is good for this login alone.
        let is_lasting = !matches!(self.config.credentials, Credentials::OAuthFrom(_));
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&limit) {
            return Ok(client.clone());
        }
        let config = &self.config;
        let mut session = SessionConfig::new()
            .with_session_parameters(config.parameters(limit).into_iter().collect());
        if let Some(name) = &config.warehouse {
            session = session.with_warehouse(name);
        }
        if let Some(name) = &config.database {
            session = session.with_database(name);
        }
        if let Some(name) = &config.schema {
            session = session.with_schema(name);
        }
        if let Some(name) = &config.role {
            session = session.with_role(name);
        }
        let settings = ClientConfig::new(&config.user, config.account.as_str(), auth(credentials)?)
            .with_session(session)
            .with_endpoint(EndpointConfig::custom_base_url(config.base_url.clone()))
            .with_query(
                QueryConfig::new().with_query_cancel_request_timeout(config.network_timeout),
            );
        let client = Client::new(settings).map_err(|error| failure::of_statement(&error))?;
        if is_lasting {
            clients.insert(limit, client.clone());
        }
        Ok(client)
    }
}

#[async_trait]
impl Login for ConnectorLogin {
    fn capabilities(&self) -> SessionCapabilities {
        ConnectorSession::CAPABILITIES
    }

    async fn login(&self, limit: Duration) -> Result<Box<dyn SqlSession>> {
        let config = &self.config;
        let credentials =
            in_time(config, "no token arrived", config.credentials.for_login()).await??;
        let client = self.client(limit, &credentials)?;
        let session = in_time(config, "Snowflake did not answer", client.create_session())
            .await?
            .map_err(|error| match error.snowflake_message() {
                Some(words) if credentials.stand_in(words) => unrepeatable_login(),
                _ => failure::of_login(&error),
            })?;
        Ok(Box::new(ConnectorSession::new(
            session,
            limit,
            &self.config,
        )))
    }
}

async fn in_time<T>(
    config: &SnowflakeConfig,
    what: &str,
    future: impl Future<Output = T>,
) -> Result<T> {
    tokio::time::timeout(config.network_timeout, future)
        .await
        .map_err(|_| Error::new(ErrorKind::Transient, format!("login: {what} in time")))
}

fn auth(credentials: &Credentials) -> Result<AuthConfig> {
    Ok(match credentials {
        Credentials::KeyPair { pem, passphrase } => AuthConfig::key_pair(match passphrase {
            None => KeyPairConfig::from_pem(pem.expose_secret()),
            Some(passphrase) => KeyPairConfig::from_encrypted_pem(
                pem.expose_secret(),
                passphrase.expose_secret().as_bytes(),
            ),
        }),
        Credentials::ProgrammaticAccessToken(secret) | Credentials::Password(secret) => {
            AuthConfig::password(secret.expose_secret())
        }
        Credentials::OAuth(token) => AuthConfig::oauth(token.expose_secret()),
        Credentials::OAuthFrom(_) => {
            return Err(Error::new(ErrorKind::Internal, "no token was asked for"));
        }
    })
}
