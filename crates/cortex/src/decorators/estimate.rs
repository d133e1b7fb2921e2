//! How many tokens a request takes, where nobody has counted.

use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::{Method, Result};

/// Turns bytes into tokens.
///
/// An estimate stands in where a backend does not [report](crate::usage::report) what
/// a request took. Compare it with the account's own figures
/// (`SNOWFLAKE.ACCOUNT_USAGE.CORTEX_AI_FUNCTIONS_USAGE_HISTORY`) and set what differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TokenEstimate {
    /// Bytes of UTF-8 in a token on average; 0 counts as 1. Default 4, the usual rule
    /// of thumb for English; other scripts take fewer.
    pub bytes_per_token: u32,
    /// Tokens of the prompt that a service puts around an item by itself, in every
    /// method but embedding, completion and reading. Services charge for it and do not say how
    /// long it is. Default 0.
    pub hidden_prompt_tokens: u32,
    /// Most tokens that a model writes for an item where the request does not say.
    /// Default 4096, the default of Snowflake's `AI_COMPLETE`.
    pub longest_answer_tokens: u32,
}

impl Default for TokenEstimate {
    fn default() -> Self {
        Self {
            bytes_per_token: 4,
            hidden_prompt_tokens: 0,
            longest_answer_tokens: 4_096,
        }
    }
}

/// Tokens read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tokens {
    pub(super) input: u64,
    pub(super) output: u64,
}

impl TokenEstimate {
    /// What an item is expected to have taken, now that its outcome is known.
    ///
    /// An item that failed without having run takes nothing; one that may have run
    /// takes its input.
    pub(super) fn expected<C: Call>(&self, item: &C::Item, outcome: &Result<C::Answer>) -> Tokens {
        let input = self.tokens(C::item_bytes(item)) + self.hidden_prompt::<C>();
        match outcome {
            Ok(answer) => Tokens {
                input,
                output: self.tokens(C::written_bytes(answer)),
            },
            Err(error) if may_have_run(error.kind()) => Tokens { input, output: 0 },
            Err(_) => Tokens::default(),
        }
    }

    /// What an item takes at most: no tokenizer makes more tokens than bytes.
    pub(super) fn at_most<C: Call>(&self, item: &C::Item) -> Tokens {
        let longest = u64::from(self.longest_answer_tokens);
        Tokens {
            input: C::item_bytes(item) as u64 + self.hidden_prompt::<C>(),
            output: C::most_output_tokens(item).unwrap_or(longest),
        }
    }

    fn tokens(&self, bytes: usize) -> u64 {
        (bytes as u64).div_ceil(u64::from(self.bytes_per_token.max(1)))
    }

    fn hidden_prompt<C: Call>(&self) -> u64 {
        match C::METHOD {
            Method::Embed | Method::Complete | Method::Read => 0,
            _ => u64::from(self.hidden_prompt_tokens),
        }
    }
}

/// Whether a model may have been at work before an error of this kind.
fn may_have_run(kind: resilience::ErrorKind) -> bool {
    use resilience::ErrorKind;
    !matches!(
        kind,
        ErrorKind::InvalidInput
            | ErrorKind::Config
            | ErrorKind::Auth
            | ErrorKind::Permission
            | ErrorKind::NotFound
            | ErrorKind::RateLimited
            | ErrorKind::QuotaExhausted
            | ErrorKind::Unsupported
    )
}
