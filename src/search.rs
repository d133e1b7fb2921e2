//! The search service that the environment names.

use resilience::ErrorKind;
use snowflake_sql::{SnowflakeConfig, Token, TokenKind};
use snowflake_store::CortexSearch;

/// Names a Cortex Search service over chunks, `database.schema.name`.
const SNOWFLAKE_SEARCH_SERVICE: &str = "SNOWFLAKE_SEARCH_SERVICE";

/// A programmatic access token for the search service.
const SNOWFLAKE_SEARCH_TOKEN: &str = "SNOWFLAKE_SEARCH_TOKEN";

/// The search service, where one is named.
pub(crate) fn search_service(
    config: &SnowflakeConfig,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<CortexSearch>, snowflake_store::Error> {
    let Some(name) = variable(SNOWFLAKE_SEARCH_SERVICE) else {
        return Ok(None);
    };
    let name = name
        .parse()
        .map_err(|error: snowflake_store::Error| error.with_field(SNOWFLAKE_SEARCH_SERVICE))?;
    let proofs = [
        (SNOWFLAKE_SEARCH_TOKEN, TokenKind::ProgrammaticAccess),
        ("SNOWFLAKE_TOKEN", TokenKind::ProgrammaticAccess),
        ("SNOWFLAKE_OAUTH_TOKEN", TokenKind::OAuth),
    ];
    let given = proofs
        .into_iter()
        .find_map(|(proof, kind)| variable(proof).map(|token| (proof, kind, token)));
    let Some((proof, kind, token)) = given else {
        let message = "is not set, and a search service is asked over REST, with a token";
        let error = snowflake_store::Error::new(ErrorKind::Config, message);
        return Err(error.with_field(SNOWFLAKE_SEARCH_TOKEN));
    };
    let token = Token::new(kind, token.trim().to_owned()).map_err(|error| {
        snowflake_store::Error::new(error.kind(), error.message())
            .with_source(error)
            .with_field(proof)
    })?;
    CortexSearch::new(config.base_url(), name, token).map(Some)
}

#[cfg(test)]
mod tests {
    use snowflake_sql::Credentials;

    use super::*;

    /// What a service is made of these variables.
    fn search(variables: &[(&str, &str)]) -> Result<Option<CortexSearch>, snowflake_store::Error> {
        let config = SnowflakeConfig::new("myorg-sales", "u", Credentials::password("p")).unwrap();
        search_service(&config, |name| {
            let found = variables.iter().find(|(given, _)| *given == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn a_search_service_is_off_unless_it_is_named() {
        assert!(search(&[(SNOWFLAKE_SEARCH_TOKEN, "t")]).unwrap().is_none());
    }

    #[test]
    fn a_search_service_takes_the_token_that_is_there() {
        let service = (SNOWFLAKE_SEARCH_SERVICE, "gong.calls.gong_chunk_search");
        for proof in [
            SNOWFLAKE_SEARCH_TOKEN,
            "SNOWFLAKE_TOKEN",
            "SNOWFLAKE_OAUTH_TOKEN",
        ] {
            let search = search(&[service, (proof, "secret-token")])
                .unwrap()
                .unwrap();
            let shown = format!("{search:?}");
            assert!(shown.contains("GONG_CHUNK_SEARCH"), "{shown}");
            assert!(!shown.contains("secret-token"), "{shown}");
        }
        let error = search(&[service]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert_eq!(error.field(), Some(SNOWFLAKE_SEARCH_TOKEN));
        let error = search(&[service, ("SNOWFLAKE_TOKEN", "a b")]).unwrap_err();
        assert_eq!(error.field(), Some("SNOWFLAKE_TOKEN"));
    }

    #[test]
    fn a_search_service_has_a_whole_name() {
        let error = search(&[(SNOWFLAKE_SEARCH_SERVICE, "gong_chunk_search")]).unwrap_err();
        assert_eq!(error.field(), Some(SNOWFLAKE_SEARCH_SERVICE));
    }
}
