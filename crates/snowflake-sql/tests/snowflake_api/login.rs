//! What a login sends, and what it refuses.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use resilience::ErrorKind;
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::pkcs8::{EncodePrivateKey, LineEnding};
use rsa::sha2::Sha256;
use rsa::signature::Verifier;
use rsa::{BigUint, RsaPrivateKey};
use serde_json::{Value, json};
use snowflake_sql::{
    ApiLogin, Credentials, Login, QueryTag, SnowflakeConfig, SnowflakePool, SqlPool,
};
use testkit::snowflake::{Fault, FaultEffect};

use crate::{LOGIN_PATH, REFUSED_LOGINS, SELECT, TOKEN, config, config_with, double, pool};

// Primes of 1024 bits, for a key that opens nothing: `snowflake-jwt` wants 2048 bits, and
// making such a key takes long without optimisation.
const P: [&str; 4] = [
    "c6c7b57f10fd2a6561fa7832db962cad62208c2bd0b0bfc3cc44459071f97cac",
    "1d4b0ceac4904efbce8f810911e8bf670666db22f9eb12784312c6d0ebced74e",
    "c3c8e69a26eb3b92745f5e870e5aed3756d4ddf24b4ccb5c9b53ae0e76d3283b",
    "03ce3b9a78b38d1e2f3c15d4301384ff278a7ee31081245701e301f9b22c6eb7",
];
const Q: [&str; 4] = [
    "f420fe4253ec207040fe47588659ad8e32f0df767ae082e7437d4d8e2ada5b32",
    "b0c6fb10957ec0d94d71dd58311639218b6a02d2dc70a3667db1297f733c6309",
    "d83cac7954f693bb5106e5c59cee8a114b83d362ce4ee13013b4a5751ee36507",
    "b534aa9117a687a75734f60aa350cad9353ac6fdbdd5f3610aefded8951eccdb",
];

fn key() -> RsaPrivateKey {
    let number = |digits: [&str; 4]| BigUint::parse_bytes(digits.concat().as_bytes(), 16).unwrap();
    RsaPrivateKey::from_p_q(number(P), number(Q), BigUint::from(65_537_u32)).unwrap()
}

#[tokio::test]
async fn the_session_is_set_up_by_the_login_alone() {
    let snowflake = double().await;
    let config = config(&snowflake)
        .with_warehouse("gong_wh")
        .with_database("\"SALES\"")
        .with_schema("GONG")
        .with_role("GONG_ROLE")
        .with_query_tag(QueryTag::new("it's").with_step("ingest"))
        .with_session_parameter("USE_CACHED_RESULT", json!(false));
    let pool = SnowflakePool::on_snowflake_api(config).unwrap();
    pool.query(&SELECT).await.unwrap();
    let login = snowflake.state().logins().remove(0);
    let context = |name: &str| login.context[name].as_str();
    assert_eq!(
        ["warehouse", "databaseName", "schemaName", "roleName"].map(context),
        ["GONG_WH", "\"SALES\"", "GONG", "GONG_ROLE"]
    );
    assert_eq!(login.account, "MYORG-SALES");
    assert_eq!(
        (login.user.as_str(), login.proof.as_str()),
        ("GONG_LOADER", TOKEN)
    );
    let parameters = json!({
        "CLIENT_VALIDATE_DEFAULT_PARAMETERS": true,
        "AUTOCOMMIT": true,
        "JSON_INDENT": 0,
        "TIMESTAMP_INPUT_FORMAT": "AUTO",
        "TIMEZONE": "UTC",
        "STATEMENT_TIMEOUT_IN_SECONDS": 45,
        "STATEMENT_QUEUED_TIMEOUT_IN_SECONDS": 45,
        "QUERY_TAG": "{\"app\":\"it's\",\"step\":\"ingest\"}",
        "USE_CACHED_RESULT": false,
    });
    assert_eq!(json!(login.parameters), parameters);
    assert_eq!(snowflake.state().texts(), ["SELECT A FROM T"]);
}

#[tokio::test]
async fn a_key_pair_signs_a_token_for_account_and_user() {
    let private = key();
    let pem = private.to_pkcs8_pem(LineEnding::LF).unwrap().to_string();
    let snowflake = double().await;
    let credentials = Credentials::key_pair(pem, None);
    let config = SnowflakeConfig::new("xy12345.eu-central-1", "gong_loader", credentials)
        .unwrap()
        .with_base_url(&snowflake.url())
        .unwrap();
    let pool = SnowflakePool::on_snowflake_api(config).unwrap();
    pool.query(&SELECT).await.unwrap();
    let login = snowflake.state().logins().remove(0);
    assert_eq!(login.authenticator, "SNOWFLAKE_JWT");
    let (signed, signature) = login.proof.rsplit_once('.').unwrap();
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap();
    VerifyingKey::<Sha256>::new(private.to_public_key())
        .verify(
            signed.as_bytes(),
            &Signature::try_from(&signature[..]).unwrap(),
        )
        .unwrap();
    let claims = BASE64_URL_SAFE_NO_PAD
        .decode(signed.split_once('.').unwrap().1)
        .unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    // The region is none of the account's name there.
    assert_eq!(claims["sub"], "XY12345.GONG_LOADER");
}

#[tokio::test]
async fn what_it_cannot_do_is_a_matter_of_configuration() {
    let snowflake = double().await;
    let token = || Credentials::programmatic_access_token(TOKEN);
    let config = |credentials| config_with(&snowflake, credentials);
    let header = concat!("-----BEGIN ", "ENCRYPTED PRIVATE KEY-----");
    for (config, field) in [
        (config(Credentials::oauth(TOKEN)), "oauth_token"),
        (
            config(Credentials::key_pair(header, Some("opens it"))),
            "private_key_passphrase",
        ),
        (config(token()).with_warehouse("\"small\""), "warehouse"),
        (config(token()).with_role("\"Loader\""), "role"),
    ] {
        let error = SnowflakePool::on_snowflake_api(config).unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Config, Some(field))
        );
        assert!(error.to_string().contains("snowflake-api"), "{error}");
    }
    let header = concat!("-----BEGIN ", "PRIVATE KEY-----\nAAAA");
    let config = config(Credentials::key_pair(header, None));
    let pool = SnowflakePool::on_snowflake_api(config).unwrap();
    let error = pool.query(&SELECT).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::Config, Some("private_key"))
    );
    assert!(snowflake.state().logins().is_empty());
}

#[tokio::test]
async fn a_refused_login_says_what_to_do() {
    for (code, words, kind, advice) in REFUSED_LOGINS {
        let snowflake = double().await;
        let fault = Fault::new(FaultEffect::error(code, words)).on_path(LOGIN_PATH);
        snowflake.state().inject(fault.always());
        let error = pool(&snowflake).query(&SELECT).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{code}");
        assert_eq!(error.fault().unwrap().code.as_deref(), Some(code));
        assert!(error.to_string().contains(advice), "{error}");
        assert_eq!(snowflake.state().logins().len(), 1, "it is not repeated");
    }
}

#[tokio::test]
async fn a_login_that_fails_for_now_is_repeated() {
    let snowflake = double().await;
    for effect in [FaultEffect::Status(503), FaultEffect::Disconnect] {
        snowflake
            .state()
            .inject(Fault::new(effect).on_path(LOGIN_PATH));
    }
    pool(&snowflake).query(&SELECT).await.unwrap();
    assert_eq!(snowflake.state().logins().len(), 1);
    let nowhere = double().await;
    nowhere
        .state()
        .inject(Fault::new(FaultEffect::Status(404)).on_path(LOGIN_PATH));
    let error = pool(&nowhere).query(&SELECT).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::Config, Some("account"))
    );
}

#[tokio::test]
async fn its_limits_are_declared() {
    let snowflake = double().await;
    let login = ApiLogin::new(config(&snowflake)).unwrap();
    let declared = login.capabilities();
    assert_eq!(declared.longest_statement.unwrap().as_secs(), 45);
    assert!(!declared.cancels);
    let session = pool(&snowflake).session().await.unwrap();
    assert_eq!(session.capabilities(), declared);
}
