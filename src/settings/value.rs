//! How the text of a setting becomes its type, and what a person is told to write.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use calls::jiff::tz::TimeZone;
use outbound::{SecretString, Url};
use snowflake_store::RecordStream;

use super::esc::EscEnvironment;
use super::location::{FallbackStore, StoreLocation};

/// Why a text is no value.
#[derive(Debug)]
pub(crate) enum Wrong {
    /// It has another form.
    Form,
    /// Words that do not repeat the text.
    Because(String),
}

/// A type that a setting can have.
pub(crate) trait Value: Sized {
    /// Whether it is never shown.
    const IS_SECRET: bool = false;

    /// What to write, after "is not".
    fn form() -> String;

    fn read(text: &str) -> Result<Self, Wrong>;

    /// What the setting is when nobody sets it; `None` where it has a default.
    fn absent() -> Option<Self> {
        None
    }
}

impl<T: Value> Value for Option<T> {
    const IS_SECRET: bool = T::IS_SECRET;

    fn form() -> String {
        T::form()
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        T::read(text).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl Value for String {
    fn form() -> String {
        "a text".to_owned()
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        Ok(text.trim().to_owned())
    }
}

impl Value for SecretString {
    const IS_SECRET: bool = true;

    fn form() -> String {
        "a secret".to_owned()
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        Ok(text.to_owned().into())
    }
}

impl Value for PathBuf {
    fn form() -> String {
        "a path".to_owned()
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        Ok(text.trim().into())
    }
}

impl Value for Url {
    fn form() -> String {
        "an address that begins with https://".to_owned()
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        outbound::parse_base_url(text, "https://example.com")
            .map_err(|why| Wrong::Because(why.to_string()))
    }
}

impl Value for f64 {
    fn form() -> String {
        "a number of 0 or more".to_owned()
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        let number: f64 = text.trim().parse().map_err(|_| Wrong::Form)?;
        let is_amount = number.is_finite() && number >= 0.0;
        is_amount.then_some(number).ok_or(Wrong::Form)
    }
}

/// Types whose `FromStr` says whether a text is one.
macro_rules! parsed {
    ($($kind:ty: $form:literal),+ $(,)?) => {$(
        impl Value for $kind {
            fn form() -> String {
                $form.to_owned()
            }

            fn read(text: &str) -> Result<Self, Wrong> {
                text.trim().parse().map_err(|_| Wrong::Form)
            }
        }
    )+};
}
parsed! {
    u32: "a whole number of 0 or more",
    u64: "a whole number of 0 or more",
    usize: "a whole number of 0 or more",
    NonZeroUsize: "a whole number of 1 or more",
    SocketAddr: "an address with a port, such as 127.0.0.1:8080",
    StoreLocation: "sqlite:PATH or snowflake",
    FallbackStore: "sqlite:PATH, snowflake, gong or none",
}

impl Value for bool {
    fn form() -> String {
        "true or false".to_owned()
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Ok(true),
            "false" | "0" | "no" => Ok(false),
            _ => Err(Wrong::Form),
        }
    }
}

/// Texts: an array in TOML and in Pulumi ESC, elsewhere separated by commas.
impl Value for Vec<String> {
    fn form() -> String {
        "a list of texts".to_owned()
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        if let Ok(texts) = serde_json::from_str(text) {
            return Ok(texts);
        }
        let parts = text.split(',').map(str::trim);
        let parts = parts.filter(|part| !part.is_empty());
        Ok(parts.map(str::to_owned).collect())
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

/// Streams by name, as texts are listed; `all`, or `none`.
impl Value for Vec<RecordStream> {
    fn form() -> String {
        let names = RecordStream::ALL.map(RecordStream::as_str);
        format!("a list of {}, or all, or none", names.join(", "))
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        let mut streams = Self::new();
        for name in Vec::<String>::read(text)? {
            match name.as_str() {
                "all" => streams.extend(RecordStream::ALL),
                "none" => {}
                name => streams.push(RecordStream::parse(name).ok_or(Wrong::Form)?),
            }
        }
        Ok(streams)
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

impl Value for TimeZone {
    fn form() -> String {
        "a time zone of the IANA database, such as Europe/Berlin".to_owned()
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        match text.trim() {
            // Without a database of time zones, too.
            "UTC" => Ok(Self::UTC),
            name => Self::get(name).map_err(|_| Wrong::Form),
        }
    }
}

impl Value for Duration {
    fn form() -> String {
        "a time such as 30s, 15m, 6h or 1d".to_owned()
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        let text = text.trim();
        let digits = text.trim_end_matches(|sign: char| sign.is_ascii_alphabetic());
        let seconds = match &text[digits.len()..] {
            "s" => 1,
            "m" => 60,
            "h" => 60 * 60,
            "d" => 24 * 60 * 60,
            "" if digits == "0" => 1,
            _ => return Err(Wrong::Form),
        };
        let number: u64 = digits.trim().parse().map_err(|_| Wrong::Form)?;
        let seconds = number.checked_mul(seconds).ok_or(Wrong::Form)?;
        Ok(Self::from_secs(seconds))
    }
}

/// Parts of a hundred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percent(u8);

impl Percent {
    /// As a share from 0 to 1.
    pub fn share(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

impl FromStr for Percent {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let percent = text.parse().map_err(|_| ())?;
        (percent <= 100).then_some(Self(percent)).ok_or(())
    }
}
parsed! {
    Percent: "a whole number from 0 to 100",
    EscEnvironment: "organisation/project/environment, perhaps with @version",
}

/// Choices of a closed list, by their names, whatever their case.
macro_rules! choices {
    ($(
        $(#[doc = $about:literal])+
        $name:ident { $( $(#[doc = $doc:literal])+ $variant:ident = $text:literal, )+ }
    )+) => {$(
        $(#[doc = $about])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[doc = $doc])+ $variant, )+
        }

        impl $name {
            /// Every choice.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name in settings and on command lines.
            pub fn as_str(self) -> &'static str {
                match self {
                    $( Self::$variant => $text, )+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = super::error::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                <Self as Value>::read(text).map_err(|_| {
                    let message = format!("must be {}", <Self as Value>::form());
                    super::error::Error::new(resilience::ErrorKind::InvalidInput, message)
                })
            }
        }

        impl Value for $name {
            fn form() -> String {
                let names: Vec<_> = Self::ALL.iter().map(|one| one.as_str()).collect();
                match names.split_last() {
                    Some((last, others)) if !others.is_empty() => {
                        format!("{} or {last}", others.join(", "))
                    }
                    _ => names.concat(),
                }
            }

            fn read(text: &str) -> Result<Self, Wrong> {
                let mut all = Self::ALL.iter().copied();
                let found = all.find(|one| one.as_str().eq_ignore_ascii_case(text.trim()));
                found.ok_or(Wrong::Form)
            }
        }
    )+};
}

choices! {
    /// A language backend by its name.
    Backend {
        /// In this process, without a model.
        Local = "local",
        /// Snowflake Cortex by SQL, with the sessions that `SNOWFLAKE_…` describes.
        CortexSql = "cortex-sql",
        /// Snowflake Cortex by REST, at `CORTEX_BASE_URL`.
        CortexRest = "cortex-rest",
        /// Any endpoint of OpenAI's shape, at `CORTEX_BASE_URL`.
        OpenAi = "openai",
    }
    /// Who reads a call when the backend fails to.
    FallbackReader {
        /// This process.
        Local = "local",
        /// Nobody: what the backend cannot read stays unread.
        None = "none",
    }
    /// What answers the statements.
    SnowflakeServer {
        /// An account.
        Snowflake = "snowflake",
        /// The stand-in, for tests.
        FakeSnow = "fakesnow",
    }
    /// Which of Cortex's names for its functions are used.
    CortexFunctions {
        /// `AI_…`.
        Ai = "ai",
        /// `SNOWFLAKE.CORTEX.…`.
        Legacy = "legacy",
    }
    /// What a token for Cortex's REST interface is.
    CortexTokenType {
        /// A programmatic access token.
        ProgrammaticAccess = "PROGRAMMATIC_ACCESS_TOKEN",
        /// A token signed with a key.
        KeyPair = "KEYPAIR_JWT",
        /// An OAuth access token.
        OAuth = "OAUTH",
    }
    /// Which schema of HubSpot's share is read.
    ShareSchemaName {
        /// As of last night.
        Daily = "V2_DAILY",
        /// As of now.
        Live = "V2_LIVE",
        /// Secure views over it.
        Views = "PUBLIC",
    }
    /// A version of HubSpot's interface.
    HubSpotVersion {
        /// Of September 2026.
        September = "2026-09",
        /// Of March 2026.
        March = "2026-03",
    }
}
