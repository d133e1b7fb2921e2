//! Sessions on `snowflake-connector-rs`.

mod binds;
mod failure;
mod login;
mod rows;
mod session;

pub use login::ConnectorLogin;
