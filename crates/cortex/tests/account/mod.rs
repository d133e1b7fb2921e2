//! `CortexSql` on the double of an account's functions.
#![allow(dead_code, unreachable_pub)] // every test file uses its own part

use std::sync::Arc;

use cortex::Outcome;
use cortex::sql::{CortexSql, CortexSqlConfig, Functions};
use resilience::ErrorKind;
use snowflake_sql::SqlPool;
use testkit::cortex_sql::CortexSqlDouble;

/// Small statements and small prompts.
pub fn small(functions: Functions) -> CortexSqlConfig {
    CortexSqlConfig::default()
        .with_functions(functions)
        .with_rows_per_statement(7)
        .with_data_tokens(400)
}

pub fn on(account: CortexSqlDouble, config: CortexSqlConfig) -> (Arc<CortexSqlDouble>, CortexSql) {
    let account = Arc::new(account);
    let pool: Arc<dyn SqlPool> = account.clone();
    (account, CortexSql::new(pool, config).expect("valid"))
}

pub fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// So many different texts.
pub fn many(count: usize) -> Vec<String> {
    (0..count).map(|at| format!("{at}: We love it")).collect()
}

/// `None` for an answer, else the kind of the error.
pub fn kinds<T>(outcomes: &[Outcome<T>]) -> Vec<Option<ErrorKind>> {
    let kind = |outcome: &Outcome<T>| outcome.as_ref().err().map(cortex::Error::kind);
    outcomes.iter().map(kind).collect()
}
