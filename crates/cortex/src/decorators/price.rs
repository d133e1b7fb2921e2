//! What tokens cost, as the account's contract says.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::Method;

/// What a model charges, in credits (or any other unit, as long as it is one).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// The model: [`TokenUsage::model`](crate::usage::TokenUsage::model) where the
    /// backend reports usage, else the model of
    /// [`provenance_of`](crate::LanguageBackend::provenance_of) the method: the embedding
    /// model's name for vectors, `AI_SENTIMENT` for what that function reads.
    pub model: String,
    /// The method that the price is for; `None` for all without a price of their own.
    #[serde(default)]
    pub method: Option<Method>,
    /// Credits for a million tokens read.
    pub input: Decimal,
    /// Credits for a million tokens written.
    pub output: Decimal,
}

/// The prices that a caller knows.
///
/// There are no built-in ones: prices differ by contract, region and month.
///
/// ```
/// use cortex::decorators::PriceTable;
///
/// # fn main() -> Result<(), serde_json::Error> {
/// let prices: PriceTable = serde_json::from_str(
///     r#"[{"model": "large", "input": "1.5", "output": "7.5"}]"#,
/// )?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PriceTable(Vec<Price>);

impl PriceTable {
    /// A table of prices. Of two for the same model and method the first holds.
    pub fn new(prices: impl IntoIterator<Item = Price>) -> Self {
        Self(prices.into_iter().collect())
    }

    /// What tokens cost; `None` when the table does not know the model.
    pub fn credits(
        &self,
        model: &str,
        method: Method,
        input_tokens: u64,
        output_tokens: u64,
    ) -> Option<Decimal> {
        let of_model = || self.0.iter().filter(|price| price.model == model);
        let price = of_model()
            .find(|price| price.method == Some(method))
            .or_else(|| of_model().find(|price| price.method.is_none()))?;
        let million = Decimal::from(1_000_000);
        let cost = |tokens: u64, price: Decimal| {
            let credits = Decimal::from(tokens).checked_mul(price)?;
            credits.checked_div(million)
        };
        let credits = cost(input_tokens, price.input)
            .zip(cost(output_tokens, price.output))
            .and_then(|(input, output)| input.checked_add(output));
        // Beyond 28 digits no budget is large enough.
        Some(credits.unwrap_or(Decimal::MAX))
    }
}
