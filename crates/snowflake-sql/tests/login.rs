//! What a login sends, for every way to prove who one is.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use resilience::ErrorKind;
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::pkcs8::pkcs5::pbes2::Parameters;
use rsa::pkcs8::{EncodePrivateKey, EncodePublicKey, LineEnding, PrivateKeyInfo};
use rsa::rand_core::OsRng;
use rsa::sha2::{Digest, Sha256};
use rsa::signature::Verifier;
use rsa::{RsaPrivateKey, RsaPublicKey};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use snowflake_sql::{
    Credentials, QueryTag, SnowflakeConfig, SnowflakePool, SqlPool, Token, TokenFile, TokenKind,
    TokenSource,
};
use support::{LOGIN_PATH, REFUSED_LOGINS, SELECT, TOKEN, config, double, pool};
use testkit::snowflake::{Fault, FaultEffect, LoginRecord, SnowflakeDouble};

async fn login_with(snowflake: &SnowflakeDouble, credentials: Credentials) -> LoginRecord {
    let config = SnowflakeConfig::new("MyOrg-Sales", "gong_loader", credentials)
        .unwrap()
        .with_base_url(&snowflake.url())
        .unwrap();
    SnowflakePool::new(config).query(&SELECT).await.unwrap();
    snowflake.state().logins().remove(0)
}

/// The claims of a token whose signature was checked.
fn claims(token: &str, key: &RsaPublicKey) -> Value {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap();
    VerifyingKey::<Sha256>::new(key.clone())
        .verify(
            signed.as_bytes(),
            &Signature::try_from(signature.as_slice()).unwrap(),
        )
        .unwrap();
    let claims = signed.split_once('.').unwrap().1;
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
}

/// The key as `openssl pkcs8 -topk8` writes it, with fewer rounds, which take long
/// without optimisation.
fn encrypted(private: &RsaPrivateKey, passphrase: &str) -> String {
    let der = private.to_pkcs8_der().unwrap();
    let parameters = Parameters::pbkdf2_sha256_aes256cbc(100, b"salt of a test", &[7; 16]).unwrap();
    PrivateKeyInfo::try_from(der.as_bytes())
        .unwrap()
        .encrypt_with_params(parameters, passphrase)
        .unwrap()
        .to_pem("ENCRYPTED PRIVATE KEY", LineEnding::LF)
        .unwrap()
        .to_string()
}

#[tokio::test]
async fn a_key_pair_signs_a_token_for_account_and_user() {
    // Snowflake wants 2048 bits; making such a key takes long without optimisation.
    let private = RsaPrivateKey::new(&mut OsRng, 1024).unwrap();
    let public = private.to_public_key();
    let plain = private.to_pkcs8_pem(LineEnding::LF).unwrap().to_string();
    let encrypted = encrypted(&private, "opens it");
    let fingerprint = Sha256::digest(public.to_public_key_der().unwrap());
    let fingerprint = BASE64_STANDARD.encode(fingerprint);
    for (pem, passphrase) in [(&plain, None), (&encrypted, Some("opens it"))] {
        let snowflake = double().await;
        let credentials = Credentials::key_pair(pem, passphrase);
        let login = login_with(&snowflake, credentials).await;
        assert_eq!(login.authenticator, "SNOWFLAKE_JWT");
        let claims = claims(&login.proof, &public);
        assert_eq!(claims["sub"], "MYORG-SALES.GONG_LOADER");
        assert_eq!(
            claims["iss"],
            format!("MYORG-SALES.GONG_LOADER.SHA256:{fingerprint}")
        );
    }
    let snowflake = double().await;
    let wrong = Credentials::key_pair(encrypted, Some("does not"));
    let config = SnowflakeConfig::new("myorg-sales", "u", wrong)
        .unwrap()
        .with_base_url(&snowflake.url())
        .unwrap();
    let error = SnowflakePool::new(config).query(&SELECT).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert_eq!(error.field(), Some("private_key"));
    assert!(snowflake.state().logins().is_empty());
}

#[tokio::test]
async fn tokens_and_passwords_stand_where_snowflake_reads_them() {
    for (credentials, authenticator) in [
        (Credentials::programmatic_access_token("proof"), "SNOWFLAKE"),
        (Credentials::password("proof"), "SNOWFLAKE"),
        (Credentials::oauth("proof"), "OAUTH"),
    ] {
        let snowflake = double().await;
        let login = login_with(&snowflake, credentials).await;
        assert_eq!(login.authenticator, authenticator);
        assert_eq!(login.proof, "proof");
        assert_eq!(
            (login.account.as_str(), login.user.as_str()),
            ("MyOrg-Sales", "gong_loader")
        );
    }
}

#[tokio::test]
async fn tokens_for_rest_are_signed_for_account_and_user_without_a_region() {
    let private = RsaPrivateKey::new(&mut OsRng, 1024).unwrap();
    let public = private.to_public_key();
    let fingerprint = Sha256::digest(public.to_public_key_der().unwrap());
    let fingerprint = BASE64_STANDARD.encode(fingerprint);
    let plain = private.to_pkcs8_pem(LineEnding::LF).unwrap().to_string();
    let locked = encrypted(&private, "opens it");
    for (account, name, pem, passphrase) in [
        ("MyOrg-Sales_EU", "MYORG-SALES_EU", &plain, None),
        ("xy12345.eu-central-1", "XY12345", &locked, Some("opens it")),
        ("xy12345.west-europe.azure", "XY12345", &plain, None),
    ] {
        let credentials = Credentials::key_pair(pem, passphrase);
        let config = SnowflakeConfig::new(account, "gong_loader", credentials).unwrap();
        let source = config.token_source().unwrap();
        let before = jiff::Timestamp::now().as_second();
        let token = source.token().await.unwrap();
        assert_eq!(token.kind(), TokenKind::KeyPairJwt);
        let claims = claims(token.secret().expose_secret(), &public);
        assert_eq!(claims["sub"], format!("{name}.GONG_LOADER"));
        assert_eq!(
            claims["iss"],
            format!("{name}.GONG_LOADER.SHA256:{fingerprint}")
        );
        let (from, to) = (claims["iat"].as_i64(), claims["exp"].as_i64());
        let (from, to) = (from.unwrap(), to.unwrap());
        assert!((before..=before + 60).contains(&from), "{from}");
        // Snowflake takes none that is older than an hour.
        assert!((45 * 60..=59 * 60).contains(&(to - from)), "{}", to - from);
        let shown = format!("{source:?} {token:?}");
        assert!(!shown.contains(token.secret().expose_secret()), "{shown}");
    }
    let wrong = Credentials::key_pair(locked, Some("does not"));
    let config = SnowflakeConfig::new("myorg-sales", "u", wrong).unwrap();
    assert_eq!(
        config.token_source().unwrap_err().field(),
        Some("private_key")
    );
    let password = Credentials::password("proof");
    let config = SnowflakeConfig::new("myorg-sales", "u", password).unwrap();
    let error = config.token_source().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[tokio::test]
async fn a_source_is_asked_for_a_token_at_every_login() {
    let snowflake = double().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, "first-token\n").unwrap();
    let source = TokenFile::new(TokenKind::OAuth, file.path());
    let config = SnowflakeConfig::new("myorg-sales", "u", Credentials::oauth_from(source))
        .unwrap()
        .with_base_url(&snowflake.url())
        .unwrap();
    let pool = SnowflakePool::new(config);
    pool.query(&SELECT).await.unwrap();
    // The first token is good for nothing any more when the session ends.
    std::fs::write(&file, "second-token\n").unwrap();
    snowflake.state().expire_sessions();
    pool.query(&SELECT).await.unwrap();
    let logins = snowflake.state().logins();
    let proofs: Vec<&str> = logins.iter().map(|login| login.proof.as_str()).collect();
    assert_eq!(proofs, ["first-token", "second-token"]);
    assert!(logins.iter().all(|login| login.authenticator == "OAUTH"));

    std::fs::write(&file, "\n").unwrap();
    snowflake.state().expire_sessions();
    let error = pool.query(&SELECT).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::Config, Some("token_file"))
    );
}

#[tokio::test]
async fn a_token_that_came_from_a_source_is_not_quoted_either() {
    let snowflake = double().await;
    let words = format!("the token {TOKEN} is not valid");
    let fault = Fault::new(FaultEffect::error("390303", &words)).on_path(LOGIN_PATH);
    snowflake.state().inject(fault);
    let source = Token::new(TokenKind::OAuth, TOKEN).unwrap();
    let config = SnowflakeConfig::new("myorg-sales", "u", Credentials::oauth_from(source))
        .unwrap()
        .with_base_url(&snowflake.url())
        .unwrap();
    let error = SnowflakePool::new(config).query(&SELECT).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert!(!format!("{error} {error:?}").contains(TOKEN), "{error:?}");
}

#[tokio::test]
async fn the_session_is_set_up_by_the_login_alone() {
    let snowflake = double().await;
    let tag = QueryTag::new("gong-snowflake")
        .with_run("r1")
        .with_step("ingest");
    let config = config(&snowflake)
        .with_warehouse("GONG_WH")
        .with_database("SALES")
        .with_schema("GONG")
        .with_role("GONG_ROLE")
        .with_query_tag(tag)
        .with_session_parameter("USE_CACHED_RESULT", json!(false));
    SnowflakePool::new(config).query(&SELECT).await.unwrap();
    let login = snowflake.state().logins().remove(0);
    let context = |name: &str| login.context[name].as_str();
    assert_eq!(
        ["warehouse", "databaseName", "schemaName", "roleName"].map(context),
        ["GONG_WH", "SALES", "GONG", "GONG_ROLE"]
    );
    let parameters = json!({
        "TIMEZONE": "UTC",
        "AUTOCOMMIT": true,
        "TIMESTAMP_INPUT_FORMAT": "AUTO",
        "JSON_INDENT": 0,
        "STATEMENT_TIMEOUT_IN_SECONDS": 900,
        "STATEMENT_QUEUED_TIMEOUT_IN_SECONDS": 600,
        "QUERY_TAG": "{\"app\":\"gong-snowflake\",\"run\":\"r1\",\"step\":\"ingest\"}",
        "USE_CACHED_RESULT": false,
    });
    assert_eq!(json!(login.parameters), parameters);
    assert_eq!(snowflake.state().texts(), ["SELECT A FROM T"]);
}

#[tokio::test]
async fn a_refused_login_says_what_to_do() {
    for (code, words, kind, advice) in REFUSED_LOGINS {
        let snowflake = double().await;
        let fault = Fault::new(FaultEffect::error(code, words))
            .on_path(LOGIN_PATH)
            .always();
        snowflake.state().inject(fault);
        let error = pool(&snowflake).query(&SELECT).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{code}");
        assert_eq!(error.fault().unwrap().code.as_deref(), Some(code));
        assert!(error.to_string().contains(advice), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_repeats_the_credentials_is_not_quoted() {
    let snowflake = double().await;
    let words = format!("the token {TOKEN} is not valid");
    let fault = Fault::new(FaultEffect::error("390400", &words)).on_path(LOGIN_PATH);
    snowflake.state().inject(fault);
    let error = pool(&snowflake).query(&SELECT).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert!(!format!("{error} {error:?}").contains(TOKEN), "{error:?}");
    assert!(error.to_string().contains("left out"), "{error}");
}

#[tokio::test]
async fn an_account_that_is_not_there_is_a_matter_of_configuration() {
    let snowflake = double().await;
    snowflake
        .state()
        .inject(Fault::new(FaultEffect::Status(404)).on_path(LOGIN_PATH));
    let error = pool(&snowflake).query(&SELECT).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::Config, Some("account"))
    );
}

#[tokio::test]
async fn nobody_listening_is_transient() {
    let gone = double().await;
    let config = config(&gone);
    drop(gone);
    let error = SnowflakePool::new(config).query(&SELECT).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
    assert!(error.to_string().contains("cannot connect"), "{error}");
}
