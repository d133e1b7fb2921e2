//! Writes what a store holds as Parquet files, for DuckDB, Polars and whoever reads them.
//!
//! A folder per table. Rows of calls are in a file per month (`sentences/month=2026-03/data.parquet`), all
//! others in one file (`deals/data.parquet`). `manifest.json` says of what each file was made:
//! an export writes the months again in which a call is new, changed or gone, and leaves the
//! others. A file is complete or absent: it is written beside its place and moved there.
#![warn(missing_docs)]

mod error;
mod folder;
mod manifest;
mod rows;

pub use error::Error;
pub use folder::{Exported, export};
