//! The search service that settings name.

use outbound::HttpSettings;
use resilience::ErrorKind;
use snowflake_sql::{SnowflakeConfig, Token, TokenKind};
use snowflake_store::CortexSearch;

/// Names a Cortex Search service over chunks, `database.schema.name`.
const SNOWFLAKE_SEARCH_SERVICE: &str = "SNOWFLAKE_SEARCH_SERVICE";

/// A programmatic access token for the search service, in place of the sessions' own.
const SNOWFLAKE_SEARCH_TOKEN: &str = "SNOWFLAKE_SEARCH_TOKEN";

/// The search service, where one is named.
pub(crate) fn search_service(
    config: &SnowflakeConfig,
    http: &HttpSettings,
    variable: impl Fn(&'static str) -> Option<String>,
) -> Result<Option<CortexSearch>, snowflake_store::Error> {
    let Some(name) = variable(SNOWFLAKE_SEARCH_SERVICE) else {
        return Ok(None);
    };
    let name = name
        .trim()
        .parse()
        .map_err(|error: snowflake_store::Error| error.with_field(SNOWFLAKE_SEARCH_SERVICE))?;
    let Some(token) = variable(SNOWFLAKE_SEARCH_TOKEN) else {
        let source = config.token_source().map_err(of_token)?;
        let service = CortexSearch::with_token_source(config.base_url(), name, source)?;
        return service.with_http(http).map(Some);
    };
    let token = Token::new(TokenKind::ProgrammaticAccess, token.trim().to_owned());
    let token = token.map_err(|error| of_token(error.into()))?;
    let service = CortexSearch::new(config.base_url(), name, token)?;
    service.with_http(http).map(Some)
}

fn of_token(error: snowflake_sql::Error) -> snowflake_store::Error {
    // That a password is not a token is for the settings to mend.
    let kind = match error.kind() {
        ErrorKind::Unsupported => ErrorKind::Config,
        kind => kind,
    };
    snowflake_store::Error::new(kind, error.message())
        .with_source(error)
        .with_field(SNOWFLAKE_SEARCH_TOKEN)
}

#[cfg(test)]
mod tests {
    use snowflake_sql::Credentials;

    use super::*;

    const SERVICE: (&str, &str) = (SNOWFLAKE_SEARCH_SERVICE, "gong.calls.gong_chunk_search");

    /// What a service is made of, by who logs in and these variables.
    fn search_of(
        credentials: Credentials,
        variables: &[(&str, &str)],
    ) -> Result<Option<CortexSearch>, snowflake_store::Error> {
        let config = SnowflakeConfig::new("myorg-sales", "u", credentials).unwrap();
        search_service(&config, &HttpSettings::default(), |name| {
            let found = variables.iter().find(|(given, _)| *given == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    fn search(variables: &[(&str, &str)]) -> Result<Option<CortexSearch>, snowflake_store::Error> {
        search_of(Credentials::password("p"), variables)
    }

    #[test]
    fn a_search_service_is_off_unless_it_is_named() {
        assert!(search(&[(SNOWFLAKE_SEARCH_TOKEN, "t")]).unwrap().is_none());
    }

    #[test]
    fn a_search_service_takes_its_token_or_those_of_the_sessions() {
        let own = [SERVICE, (SNOWFLAKE_SEARCH_TOKEN, "secret-token")];
        for (credentials, variables) in [
            (Credentials::password("p"), &own[..]),
            (Credentials::oauth("secret-token"), &own[..1]),
            (
                Credentials::programmatic_access_token("secret-token"),
                &own[..1],
            ),
        ] {
            let search = search_of(credentials, variables).unwrap().unwrap();
            let shown = format!("{search:?}");
            assert!(shown.contains("GONG_CHUNK_SEARCH"), "{shown}");
            assert!(!shown.contains("secret-token"), "{shown}");
        }
    }

    #[test]
    fn a_password_is_no_token_and_a_token_has_no_spaces() {
        let error = search(&[SERVICE]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert_eq!(error.field(), Some(SNOWFLAKE_SEARCH_TOKEN));
        let error = search(&[SERVICE, (SNOWFLAKE_SEARCH_TOKEN, "a b")]).unwrap_err();
        assert_eq!(error.field(), Some(SNOWFLAKE_SEARCH_TOKEN));
    }

    #[test]
    fn a_search_service_has_a_whole_name() {
        let error = search(&[(SNOWFLAKE_SEARCH_SERVICE, "gong_chunk_search")]).unwrap_err();
        assert_eq!(error.field(), Some(SNOWFLAKE_SEARCH_SERVICE));
    }
}
