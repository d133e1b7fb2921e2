//! The one table of settings: types, defaults, names in every source, and words about them.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use calls::jiff::tz::TimeZone;
use outbound::{SecretString, Url};
use snowflake_store::RecordStream;

use super::esc::EscEnvironment;
use super::location::{FallbackStore, StoreLocation};
use super::problem::Problem;
use super::setting::{Section, Setting, fault, sections};
use super::value::{
    Backend, CortexFunctions, CortexTokenType, FallbackReader, HubSpotVersion, Percent,
    ShareSchemaName, SnowflakeServer, Value,
};
use super::values::Values;

sections! {
    /// Gong's API, where calls come from.
    gong: GongSettings {
        /// The tenant's own address, shown under Company settings > Ecosystem > API.
        base_url: Option<Url> = "GONG_BASE_URL";
        /// The access key of the API.
        access_key: Option<SecretString> = "GONG_ACCESS_KEY";
        /// The access key's secret.
        access_key_secret: Option<SecretString> = "GONG_ACCESS_KEY_SECRET";
        /// An OAuth token, in place of the key.
        bearer_token: Option<SecretString> = "GONG_BEARER_TOKEN";
        /// Requests per second; 0 for no limit on this side.
        requests_per_second: f64 = "GONG_REQUESTS_PER_SECOND" or "3";
        /// Requests per day; 0 for no limit on this side.
        daily_requests: u64 = "GONG_DAILY_REQUESTS" or "10000";
        /// A file by which processes of one machine keep both limits together.
        limits_file: Option<PathBuf> = "GONG_LIMITS_FILE";
        /// The database that Gong's own share is mounted as: calls come from there first.
        share_database: Option<String> = "GONG_SHARE_DATABASE";
        /// The schema of Gong's share, where it is not `GONG_DATA_CLOUD`.
        share_schema: Option<String> = "GONG_SHARE_SCHEMA";
    }
    /// What Gong's automation rules send (`webhook`).
    webhook: WebhookSettings {
        /// The public key of the rule, as its dialog shows it.
        public_key: Option<String> = "GONG_WEBHOOK_PUBLIC_KEY";
        /// The address that the rule calls.
        url: Option<String> = "GONG_WEBHOOK_URL";
        /// Address and port to listen on; port 0 takes any that is free.
        listen: SocketAddr = "GONG_WEBHOOK_LISTEN" or "127.0.0.1:8081";
    }
    /// The Snowflake account: calls, HubSpot's share and Cortex by SQL. One login, of seven.
    snowflake: SnowflakeSettings {
        /// The account identifier, such as `myorg-sales`.
        account: Option<String> = "SNOWFLAKE_ACCOUNT";
        /// The user who logs in.
        user: Option<String> = "SNOWFLAKE_USER";
        /// Login by key pair: a file with the private key.
        private_key_path: Option<PathBuf> = "SNOWFLAKE_PRIVATE_KEY_PATH";
        /// Login by key pair: the private key's text.
        private_key: Option<SecretString> = "SNOWFLAKE_PRIVATE_KEY";
        /// What opens an encrypted private key.
        private_key_passphrase: Option<SecretString> = "SNOWFLAKE_PRIVATE_KEY_PASSPHRASE";
        /// Login by a programmatic access token.
        token: Option<SecretString> = "SNOWFLAKE_TOKEN";
        /// Login by an OAuth access token.
        oauth_token: Option<SecretString> = "SNOWFLAKE_OAUTH_TOKEN";
        /// Login by a file in which something else keeps an OAuth token; read at each login.
        oauth_token_file: Option<PathBuf> = "SNOWFLAKE_OAUTH_TOKEN_FILE";
        /// Login by an endpoint of the platform that gives OAuth tokens; asked at each login. Its
        /// address is a secret where its query authenticates.
        oauth_token_url: Option<SecretString> = "SNOWFLAKE_OAUTH_TOKEN_URL";
        /// The header that the endpoint wants, `Name: value`.
        oauth_token_header: Option<SecretString> = "SNOWFLAKE_OAUTH_TOKEN_HEADER";
        /// The field of the endpoint's JSON reply that holds the token.
        oauth_token_field: Option<String> = "SNOWFLAKE_OAUTH_TOKEN_FIELD";
        /// Login by password, for development only.
        password: Option<SecretString> = "SNOWFLAKE_PASSWORD";
        /// The warehouse of sessions; by default the user's own.
        warehouse: Option<String> = "SNOWFLAKE_WAREHOUSE";
        /// The database of sessions.
        database: Option<String> = "SNOWFLAKE_DATABASE";
        /// The schema of sessions.
        schema: Option<String> = "SNOWFLAKE_SCHEMA";
        /// The role of sessions; by default the user's own.
        role: Option<String> = "SNOWFLAKE_ROLE";
        /// A private link or a test server, in place of the account's own address.
        base_url: Option<Url> = "SNOWFLAKE_BASE_URL";
        /// Seconds that a statement may take.
        statement_timeout_seconds: NonZeroUsize = "SNOWFLAKE_STATEMENT_TIMEOUT_SECONDS" or "900";
        /// Sessions at most.
        pool_size: NonZeroUsize = "SNOWFLAKE_POOL_SIZE" or "4";
        /// What answers the statements; the stand-in is for tests.
        server: SnowflakeServer = "SNOWFLAKE_SERVER" or "snowflake";
        /// A Cortex Search service that finds chunks, `database.schema.name`.
        search_service: Option<String> = "SNOWFLAKE_SEARCH_SERVICE";
        /// A programmatic access token for the search service; by default it is asked with what
        /// sessions log in with, unless that is a password.
        search_token: Option<SecretString> = "SNOWFLAKE_SEARCH_TOKEN";
        /// Where rows are streamed to, when it is not where sessions log in: for test servers.
        streaming_url: Option<Url> = "SNOWFLAKE_STREAMING_URL";
    }
    /// HubSpot: its data share in Snowflake, its REST interface, or the share first and REST for
    /// what it lacks.
    hubspot: HubSpotSettings {
        /// A service key or an OAuth access token for REST.
        token: Option<SecretString> = "HUBSPOT_TOKEN";
        /// The address of the REST interface.
        base_url: Url = "HUBSPOT_BASE_URL" or "https://api.hubapi.com";
        /// The version of the REST interface.
        api_version: HubSpotVersion = "HUBSPOT_API_VERSION" or "2026-09";
        /// Requests per ten seconds; 0 for no limit on this side.
        requests_per_ten_seconds: u32 = "HUBSPOT_REQUESTS_PER_TEN_SECONDS" or "100";
        /// The database that the share is mounted as, or that of the secure views.
        share_database: Option<String> = "HUBSPOT_SHARE_DATABASE";
        /// Which schema of the share is read; `PUBLIC` for the secure views.
        share_schema: Option<ShareSchemaName> = "HUBSPOT_SHARE_SCHEMA";
        /// How long the share may take for one question before REST answers, where both are set.
        share_timeout: Duration = "HUBSPOT_SHARE_TIMEOUT" or "1m";
    }
    /// Models: Snowflake Cortex, or any endpoint in OpenAI's shape.
    cortex: CortexSettings {
        /// The address of the account or the endpoint, for REST.
        base_url: Option<Url> = "CORTEX_BASE_URL";
        /// The model that writes. REST needs it; Cortex by SQL has a default.
        model: Option<String> = "CORTEX_MODEL";
        /// The token or key for REST; a local endpoint may need none.
        api_key: Option<SecretString> = "CORTEX_API_KEY";
        /// What the key is; left out, Snowflake finds out by itself.
        token_type: Option<CortexTokenType> = "CORTEX_TOKEN_TYPE";
        /// The model that embeds; over REST there are no vectors without it.
        embedding_model: Option<String> = "CORTEX_EMBEDDING_MODEL";
        /// The length of its vectors; needed by SQL for models that are not known.
        embedding_dim: Option<usize> = "CORTEX_EMBEDDING_DIM";
        /// Which names of the functions SQL uses.
        functions: CortexFunctions = "CORTEX_FUNCTIONS" or "ai";
        /// A file with criteria of readings in place of those that are shipped.
        reading_criteria: Option<PathBuf> = "CORTEX_READING_CRITERIA";
        /// Tokens that the model takes when it reads a whole call.
        context_tokens: Option<usize> = "CORTEX_CONTEXT_TOKENS";
        /// The language of readings, ISO 639-1; left out, each call's own.
        reading_language: Option<String> = "CORTEX_READING_LANGUAGE";
    }
    /// Who reads calls.
    language: LanguageSettings {
        /// The backend.
        backend: Backend = "GONG_SNOWFLAKE_BACKEND" or "local";
        /// Who reads a call when the backend fails to.
        fallback: FallbackReader = "GONG_SNOWFLAKE_FALLBACK" or "local";
        /// Calls in a hundred that the backend reads; the fallback reads the others.
        reader_share: Percent = "GONG_SNOWFLAKE_READER_SHARE" or "100";
        /// Keeps names, companies, addresses and numbers from a backend that is elsewhere.
        redact: bool = "GONG_SNOWFLAKE_REDACT" or "false";
        /// How long the backend may take for one request before it counts as failed. Where
        /// callers wait (`serve`, `mcp_server`) it has at most half of a task's time, and the
        /// fallback the rest.
        reader_timeout: Duration = "GONG_SNOWFLAKE_READER_TIMEOUT" or "4m";
        /// A folder of scorecards that are known beside those shipped.
        scorecards: Option<PathBuf> = "GONG_SNOWFLAKE_SCORECARDS";
        /// A TOML file with targets, weights and thresholds of scores and coaching in place of
        /// those that are shipped; what it leaves out keeps its default.
        coaching: Option<PathBuf> = "GONG_SNOWFLAKE_COACHING";
    }
    /// Where calls are stored, and who answers when the store does not.
    store: StoreSettings {
        /// The store.
        location: StoreLocation = "GONG_SNOWFLAKE_STORE" or "sqlite:gong-snowflake.db";
        /// Who answers when the store fails in passing, takes too long or keeps failing.
        fallback: FallbackStore = "GONG_SNOWFLAKE_FALLBACK_STORE" or "none";
        /// Tasks in a hundred that go to the store; the fallback answers the others.
        primary_share: Percent = "GONG_SNOWFLAKE_PRIMARY_SHARE" or "100";
        /// Tasks in a hundred for which the fallback is asked too, so that differences are
        /// counted.
        shadow_share: Percent = "GONG_SNOWFLAKE_SHADOW_SHARE" or "0";
        /// How long the store may take for one question before the fallback answers. A
        /// warehouse that sleeps wakes up within seconds.
        primary_timeout: Duration = "GONG_SNOWFLAKE_PRIMARY_TIMEOUT" or "15s";
    }
    /// What a sync reads, and which calls it keeps.
    sync: SyncSettings {
        /// Calls between two checkpoints, at most: so many are read again after a crash.
        batch_size: NonZeroUsize = "GONG_INGESTION_BATCH_SIZE" or "2000";
        /// How many days before the last run an incremental run reads again.
        lookback_days: u32 = "GONG_INGESTION_LOOKBACK_DAYS" or "7";
        /// Where the first incremental run of a store starts, in days before now.
        first_sync_days: u32 = "GONG_INGESTION_FIRST_SYNC_DAYS" or "7";
        /// Whether transcripts are fetched.
        transcripts: bool = "GONG_INGESTION_TRANSCRIPTS" or "true";
        /// How many older calls an incremental run checks again by id; 0 for none.
        sweep_calls: usize = "GONG_INGESTION_SWEEP_CALLS" or "2000";
        /// How many requests an incremental run spends on listing older spans again; 0 for none.
        relist_requests: u32 = "GONG_INGESTION_RELIST_REQUESTS" or "30";
        /// Only calls of these workspaces, by Gong's ids.
        workspaces: Vec<String> = "GONG_INGESTION_WORKSPACES";
        /// Includes private calls.
        include_private: bool = "GONG_INGESTION_INCLUDE_PRIVATE" or "false";
        /// No calls whose title matches one of these regular expressions, ignoring case.
        exclude_titles: Vec<String> = "GONG_INGESTION_EXCLUDE_TITLES";
        /// Only calls of these hosts, by Gong user id or e-mail address.
        only_users: Vec<String> = "GONG_INGESTION_ONLY_USERS";
        /// No calls of these hosts, by Gong user id or e-mail address.
        exclude_users: Vec<String> = "GONG_INGESTION_EXCLUDE_USERS";
        /// What Gong has beside calls: `ingest` syncs it after them, and `daemon` in a job of
        /// its own. Each stream needs a scope of its own.
        streams: Vec<RecordStream> = "GONG_INGESTION_STREAMS";
        /// The company's time zone, which days of reviews are days of.
        time_zone: TimeZone = "GONG_INGESTION_TIME_ZONE" or "UTC";
    }
    /// The programs that serve tasks (`serve`, `mcp_server`).
    serve: ServeSettings {
        /// Address and port; port 0 takes any that is free.
        listen: SocketAddr = "GONG_SNOWFLAKE_LISTEN" or "127.0.0.1:8080";
        /// The token that callers show.
        token: Option<SecretString> = "GONG_SNOWFLAKE_TOKEN";
        /// Seconds that one task may take.
        task_seconds: NonZeroUsize = "GONG_SNOWFLAKE_TASK_SECONDS" or "60";
        /// Seconds that tasks under way may go on after the program is asked to stop.
        stop_seconds: u32 = "GONG_SNOWFLAKE_STOP_SECONDS" or "10";
        /// Seconds between two looks for calls that have no analysis yet; 0 never looks.
        analyse_every_seconds: u64 = "GONG_SNOWFLAKE_ANALYSE_EVERY_SECONDS" or "60";
    }
    /// What runs on intervals (`daemon`). An interval of 0 means never.
    daemon: DaemonSettings {
        /// Between two incremental syncs.
        sync_every: Duration = "GONG_SNOWFLAKE_SYNC_EVERY" or "15m";
        /// Between two syncs of `sync.streams`.
        streams_every: Duration = "GONG_SNOWFLAKE_STREAMS_EVERY" or "6h";
        /// Between two readings of Gong's own share, where `gong.share_database` names it.
        share_every: Duration = "GONG_SNOWFLAKE_SHARE_EVERY" or "6h";
        /// Between two enrichments from HubSpot.
        enrich_every: Duration = "GONG_SNOWFLAKE_ENRICH_EVERY" or "1h";
        /// Between two looks for calls that nobody has read.
        read_every: Duration = "GONG_SNOWFLAKE_READ_EVERY" or "5m";
        /// Between two runs of the retention policy.
        retain_every: Duration = "GONG_SNOWFLAKE_RETAIN_EVERY" or "1d";
        /// Between two looks at what Snowflake cost, where calls are there.
        credits_every: Duration = "GONG_SNOWFLAKE_CREDITS_EVERY" or "6h";
        /// By how many parts in a hundred an interval may be longer, at random.
        jitter: Percent = "GONG_SNOWFLAKE_JITTER" or "10";
    }
    /// How clients reach what is outside.
    network: NetworkSettings {
        /// A file with certificate authorities in PEM to trust beside the system's, such as that
        /// of a proxy which looks into TLS. Snowflake's sessions have a driver of their own: for
        /// them a file with these and the system's has to be named in `SSL_CERT_FILE`, which all
        /// clients heed. What sends spans heeds the variable alone: it begins before settings are
        /// read.
        root_certificates: Option<PathBuf> = "GONG_SNOWFLAKE_ROOT_CERTIFICATES";
    }
    /// Secrets that something else mounts as files.
    secrets: SecretsSettings {
        /// The folder: one file per setting, named as its key, such as `gong_access_key`.
        folder: Option<PathBuf> = "GONG_SNOWFLAKE_SECRETS";
    }
    /// Settings from Pulumi ESC. Under `esc run` none of this is needed.
    esc: EscSettings {
        /// The environment to open, `organisation/project/environment`, perhaps with `@version`.
        environment: Option<EscEnvironment> = "GONG_SNOWFLAKE_ESC_ENVIRONMENT";
        /// Under which of its `values` the settings are; by default the one named as the
        /// project.
        values: Option<String> = "GONG_SNOWFLAKE_ESC_VALUES";
        /// Pulumi's access token.
        access_token: Option<SecretString> = "PULUMI_ACCESS_TOKEN";
        /// Pulumi's address.
        backend_url: Url = "PULUMI_BACKEND_URL" or "https://api.pulumi.com";
    }
}
