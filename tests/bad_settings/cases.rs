//! What is wrong, one thing a case.

use std::ffi::OsString;

/// Stands wherever a secret may have been written, and in no message.
pub(crate) const SECRET: &str = "a-secret-that-no-message-may-show";

/// A configuration that is refused.
#[derive(Debug, Default)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) file: Option<Vec<u8>>,
    pub(crate) variables: Vec<(String, OsString)>,
    pub(crate) secrets: Vec<(&'static str, Vec<u8>)>,
    pub(crate) options: Vec<(&'static str, &'static str, &'static str)>,
}

fn case(name: &'static str) -> Case {
    Case {
        name,
        ..Case::default()
    }
}

impl Case {
    fn file(mut self, text: &str) -> Self {
        self.file = Some(text.into());
        self
    }

    fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.into()));
        self
    }

    fn secret(mut self, name: &'static str, bytes: &[u8]) -> Self {
        self.secrets.push((name, bytes.to_owned()));
        self
    }

    fn option(mut self, path: &'static str, text: &'static str, name: &'static str) -> Self {
        self.options.push((path, text, name));
        self
    }
}

pub(crate) fn cases() -> Vec<Case> {
    let parts = [names(), forms(), files(), contradictions(), logins()];
    parts.into_iter().flatten().collect()
}

fn names() -> Vec<Case> {
    vec![
        case("a slip in the name of a setting").file(&format!(
            "[gong]\nbase_url = \"https://a.example\"\nacces_key = \"{SECRET}\""
        )),
        case("a slip and a value of another form").file(&format!(
            "[gong]\nacces_key = \"{SECRET}\"\n[sync]\ntime_zone = \"Mars\""
        )),
        case("a setting that there is not").file("[hubspot]\ncolour = \"blue\""),
        case("a slip in the name of a section").file("[snowflak]\naccount = \"myorg-sales\""),
        case("a section that there is not").file("[salesforce]\ntoken = \"x\""),
        case("a setting outside its section").file("base_url = \"https://a.example\""),
        case("a setting in another's section").file("[gong]\nwarehouse = \"GONG_WH\""),
        case("a variable's name in a file")
            .file(&format!("[gong]\nGONG_ACCESS_KEY = \"{SECRET}\"")),
        case("a section that is a value").file("gong = 3"),
        case("a slip in a variable's name").variable("GONG_ACESS_KEY", SECRET),
        case("a slip in a secret's file name").secret("gong_acces_key", SECRET.as_bytes()),
        case("a secret that there is not").secret("gong_colour", b"blue"),
        case("a slip of the caller").option("store.locaton", "snowflake", "the program"),
    ]
}

fn forms() -> Vec<Case> {
    vec![
        case("a number in words").file("[gong]\nrequests_per_second = \"three\""),
        case("a negative number").file("[gong]\n\n\ndaily_requests = -1"),
        case("no sessions at all").file("[snowflake]\npool_size = 0"),
        case("neither yes nor no").file("[sync]\ntranscripts = \"perhaps\""),
        case("a table for a value").file("[gong.base_url]\nhost = \"a.example\""),
        case("a table in a list").file("[sync]\nexclude_titles = [{ of = \"interviews\" }]"),
        case("Gong in the open").variable("GONG_BASE_URL", "http://a.example"),
        case("an address with a password")
            .variable("GONG_BASE_URL", &format!("https://me:{SECRET}@a.example")),
        case("an address that is none").variable("HUBSPOT_BASE_URL", "hubspot"),
        case("a secret where a number belongs").variable("SNOWFLAKE_POOL_SIZE", SECRET),
        case("a time without a unit").variable("GONG_SNOWFLAKE_SYNC_EVERY", "15"),
        case("a store of another kind").variable("GONG_SNOWFLAKE_STORE", "postgres:calls"),
        case("a fallback of another kind").variable("GONG_SNOWFLAKE_FALLBACK_STORE", "maybe"),
        case("a backend that there is not").variable("GONG_SNOWFLAKE_BACKEND", "gpt"),
        case("a port without an address").variable("GONG_SNOWFLAKE_LISTEN", "8080"),
        case("more than all").variable("GONG_SNOWFLAKE_PRIMARY_SHARE", "130"),
        case("a version that there is not").variable("HUBSPOT_API_VERSION", "v3"),
        case("half an environment of Pulumi ESC")
            .variable("GONG_SNOWFLAKE_ESC_ENVIRONMENT", "acme/production")
            .variable("PULUMI_ACCESS_TOKEN", SECRET),
        case("an option of another form").option("store.primary_share", "most", "--primary-share"),
        case("an option for several settings")
            .option("daemon.sync_every", "15", "--every")
            .option("daemon.read_every", "15", "--every"),
        case("a pattern that is none").option("sync.exclude_titles", "(", "--exclude-title"),
        case("windows smaller than a page").file("[sync]\nbatch_size = 5"),
        #[cfg(unix)]
        not_unicode(),
        case("several things at once")
            .file("[gong]\nrequests_per_second = \"three\"\ndaily_requests = \"many\"")
            .variable("SNOWFLAKE_POOL_SIZE", "0"),
    ]
}

#[cfg(unix)]
fn not_unicode() -> Case {
    use std::os::unix::ffi::OsStringExt;

    let mut case = case("a secret that is not Unicode");
    let value = OsString::from_vec(vec![b'k', 0xff, b'y']);
    case.variables
        .push(("GONG_ACCESS_KEY_SECRET".to_owned(), value));
    case
}

fn files() -> Vec<Case> {
    let mut binary = case("a file that is not Unicode");
    binary.file = Some(vec![b'[', 0xff, b']']);
    vec![
        case("a quote that is never closed").file(&format!(
            "[gong]\naccess_key = \"key\"\naccess_key_secret = \"{SECRET}"
        )),
        case("a setting twice").file("[store]\nlocation = \"snowflake\"\nlocation = \"sqlite:a\""),
        case("a file that is not there").variable("GONG_SNOWFLAKE_CONFIG", "{folder}/none.toml"),
        case("a folder in place of a file").variable("GONG_SNOWFLAKE_CONFIG", "{folder}"),
        binary,
        case("secrets that are not there").variable("GONG_SNOWFLAKE_SECRETS", "{folder}/none"),
        case("secrets that a file says are there, and are not")
            .file("[secrets]\nfolder = \"/none\""),
        case("a secret's file that is not Unicode").secret("gong_access_key", &[b'k', 0xff]),
        case("a secret's file that is no secret").secret("hubspot_token", &[b'x'; 100_000]),
    ]
}

fn contradictions() -> Vec<Case> {
    vec![
        case("two logins to Snowflake")
            .file(&format!("[snowflake]\ntoken = \"{SECRET}\""))
            .variable("SNOWFLAKE_PASSWORD", SECRET),
        case("two logins to Gong")
            .variable("GONG_ACCESS_KEY", "key")
            .variable("GONG_BEARER_TOKEN", SECRET),
        case("a passphrase without a key")
            .variable("SNOWFLAKE_PRIVATE_KEY_PASSPHRASE", SECRET)
            .variable("SNOWFLAKE_PASSWORD", SECRET),
        case("a schema without a share").variable("HUBSPOT_SHARE_SCHEMA", "V2_LIVE"),
        case("a time for no share")
            .variable("HUBSPOT_TOKEN", SECRET)
            .variable("HUBSPOT_SHARE_TIMEOUT", "30s"),
        case("a time for nobody who would answer then")
            .file("[hubspot]\nshare_database = \"HUBSPOT\"\nshare_timeout = \"30s\""),
        case("a time that is none").variable("HUBSPOT_SHARE_TIMEOUT", "soon"),
        case("a token for no search").variable("SNOWFLAKE_SEARCH_TOKEN", SECRET),
        case("the kind of no key").variable("CORTEX_TOKEN_TYPE", "OAUTH"),
        case("a store that falls back on itself")
            .file("[store]\nlocation = \"sqlite:a.db\"\nfallback = \"sqlite:a.db\""),
        case("a share for no fallback").variable("GONG_SNOWFLAKE_PRIMARY_SHARE", "25"),
        case("a share of the calls for no fallback")
            .variable("GONG_SNOWFLAKE_READER_SHARE", "25")
            .option("language.fallback", "none", "--fallback"),
        case("a host chosen and left out")
            .file("[sync]\nonly_users = [\"a@a.example\"]\nexclude_users = [\"a@a.example\"]"),
        case("an endpoint without an address")
            .variable("CORTEX_MODEL", "llama3.1:8b")
            .option("language.backend", "openai", "--backend"),
        case("Pulumi ESC without a token")
            .variable("GONG_SNOWFLAKE_ESC_ENVIRONMENT", "acme/gong/production"),
        case("values of no environment").variable("GONG_SNOWFLAKE_ESC_VALUES", "gong"),
    ]
}

fn logins() -> Vec<Case> {
    let snowflake = |name| {
        case(name)
            .variable("SNOWFLAKE_ACCOUNT", "myorg-sales")
            .variable("SNOWFLAKE_USER", "GONG_INGEST")
    };
    vec![
        case("a key without its secret")
            .variable("GONG_BASE_URL", "https://a.example")
            .variable("GONG_ACCESS_KEY", SECRET),
        case("a key copied with more than it")
            .variable("GONG_BASE_URL", "https://a.example")
            .variable("GONG_ACCESS_KEY", "key")
            .secret(
                "gong-access-key-secret",
                format!("{SECRET} {SECRET}\n").as_bytes(),
            ),
        case("a key without an address")
            .variable("GONG_ACCESS_KEY", SECRET)
            .variable("GONG_ACCESS_KEY_SECRET", SECRET),
        snowflake("no login"),
        snowflake("a private key that is not there")
            .variable("SNOWFLAKE_PRIVATE_KEY_PATH", "{folder}/none.p8"),
        snowflake("a private key that is none").secret("snowflake_private_key", SECRET.as_bytes()),
        case("an account that is an address").file(&format!(
            "[snowflake]\naccount = \"https://myorg-sales.snowflakecomputing.com/x\"\n\
                 user = \"U\"\npassword = \"{SECRET}\""
        )),
        case("a share without an account").variable("HUBSPOT_SHARE_DATABASE", "HUBSPOT"),
        case("a token with a space").variable("HUBSPOT_TOKEN", &format!("{SECRET} x")),
        case("criteria that are not there")
            .variable("GONG_SNOWFLAKE_BACKEND", "openai")
            .variable("CORTEX_BASE_URL", "http://127.0.0.1:1/v1")
            .variable("CORTEX_MODEL", "llama3.1:8b")
            .variable("CORTEX_READING_CRITERIA", "{folder}/none.md"),
        case("Cortex by SQL without an account").file("[language]\nbackend = \"cortex-sql\""),
    ]
}
