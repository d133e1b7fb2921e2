//! Tokens signed with a key pair.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use outbound::{Token, TokenKind, TokenSource};
use rsa::RsaPrivateKey;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::EncodePublicKey;
use rsa::sha2::{Digest, Sha256};
use rsa::signature::{SignatureEncoding, Signer};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use crate::config::config_error;
use crate::{Account, Result};

/// How long a token says that it is good. Snowflake takes none that is older than an
/// hour, whatever it says; the rest is for clocks that differ.
const SECONDS: u64 = 50 * 60;

/// JSON web tokens signed with a user's key, as Snowflake's REST interfaces take them.
///
/// Each call signs a new one (RS256, a few milliseconds), good for 50 minutes: whoever
/// asks again after a refusal gets one that Snowflake has not seen.
///
/// ```
/// # use rsa::pkcs8::{EncodePrivateKey, LineEnding};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 1024)?;
/// # let pem = key.to_pkcs8_pem(LineEnding::LF)?.to_string();
/// use snowflake_sql::{Credentials, SnowflakeConfig, TokenKind, TokenSource};
///
/// let config = SnowflakeConfig::new("myorg-sales", "gong_loader", Credentials::key_pair(pem, None))?;
/// let token = config.token_source()?.token().await?;
/// assert_eq!(token.kind(), TokenKind::KeyPairJwt);
/// # Ok(())
/// # }
/// ```
pub struct KeyPairTokens {
    key: SigningKey<Sha256>,
    issuer: String,
    subject: String,
}

impl KeyPairTokens {
    /// Tokens of a user of an account. The key is PKCS#8 in PEM, encrypted when there is
    /// a passphrase.
    ///
    /// # Errors
    /// `Config` on the field `private_key` when the key cannot be opened or read.
    pub fn new(
        account: &Account,
        user: &str,
        pem: &SecretString,
        passphrase: Option<&SecretString>,
    ) -> Result<Self> {
        use rsa::pkcs8::DecodePrivateKey;
        let pem = pem.expose_secret().trim();
        let key = match passphrase {
            None => RsaPrivateKey::from_pkcs8_pem(pem),
            Some(words) => RsaPrivateKey::from_pkcs8_encrypted_pem(pem, words.expose_secret()),
        };
        // The library's words could repeat what it read.
        let key = key.map_err(|_| {
            config_error(
                "private_key",
                "is not an RSA key in PKCS#8, or the passphrase is wrong",
            )
        })?;
        let public = key
            .to_public_key()
            .to_public_key_der()
            .map_err(|_| config_error("private_key", "has a public key that cannot be encoded"))?;
        let fingerprint = BASE64_STANDARD.encode(Sha256::digest(public.as_bytes()));
        let subject = format!("{}.{}", account.in_tokens(), user.to_uppercase());
        Ok(Self {
            key: SigningKey::new(key),
            issuer: format!("{subject}.SHA256:{fingerprint}"),
            subject,
        })
    }

    fn sign(&self, now: u64) -> outbound::Result<Token> {
        let claims = json!({
            "iss": self.issuer,
            "sub": self.subject,
            "iat": now,
            "exp": now + SECONDS,
        });
        let header = json!({"alg": "RS256", "typ": "JWT"});
        let part = |json: &serde_json::Value| BASE64_URL_SAFE_NO_PAD.encode(json.to_string());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let signature = self
            .key
            .try_sign(signed.as_bytes())
            .map_err(|_| outbound::Error::config("private_key", "cannot sign: too short"))?;
        let signature = BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes());
        Token::new(TokenKind::KeyPairJwt, format!("{signed}.{signature}"))
    }
}

#[async_trait]
impl TokenSource for KeyPairTokens {
    async fn token(&self) -> outbound::Result<Token> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        self.sign(now.unwrap_or_default().as_secs())
    }
}

impl fmt::Debug for KeyPairTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyPairTokens")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}
