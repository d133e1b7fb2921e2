//! A folder of exported tables, brought up to date.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use gong_snowflake::calls::CallId;
use gong_snowflake::snowflake_store::{CallStore, ExportCall, ExportLayout, ExportTable};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::Error;
use crate::manifest::Manifest;
use crate::rows::Writer;

/// Calls whose rows are read together.
const AT_ONCE: usize = 200;

/// What an export did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Exported {
    /// Calls that are exported by now.
    pub calls: u64,
    /// Months that were written.
    pub months_written: u64,
    /// Months that were as they are.
    pub months_unchanged: u64,
    /// Months of which no call is left.
    pub months_removed: u64,
    /// Rows written, by table.
    pub rows: BTreeMap<&'static str, u64>,
}

/// Brings a folder up to date with a store.
///
/// # Errors
/// The store's, those of the folder, and `Manifest` when another program's is there.
pub async fn export(store: &dyn CallStore, folder: &Path) -> Result<Exported, Error> {
    make(folder)?;
    let mut manifest = Manifest::read(folder)?;
    let mut months: BTreeMap<String, Vec<ExportCall>> = BTreeMap::new();
    let mut exported = Exported::default();
    for call in store.export_calls().await? {
        exported.calls += 1;
        months.entry(call.month.clone()).or_default().push(call);
    }
    let gone: Vec<String> = manifest
        .months
        .keys()
        .filter(|month| !months.contains_key(*month))
        .cloned()
        .collect();
    for month in gone {
        remove(folder, &month)?;
        manifest.months.remove(&month);
        manifest.write(folder)?;
        exported.months_removed += 1;
    }
    let mut export = Export {
        store,
        folder,
        exported,
    };
    for (month, calls) in &months {
        let digest = digest(calls);
        if manifest.months.get(month) == Some(&digest) {
            export.exported.months_unchanged += 1;
            continue;
        }
        // What is half written is of no month that the manifest knows.
        manifest.months.insert(month.clone(), String::new());
        manifest.write(folder)?;
        for table in of(ExportLayout::ByMonth) {
            export.month(table, month, calls).await?;
        }
        manifest.months.insert(month.clone(), digest);
        manifest.write(folder)?;
        export.exported.months_written += 1;
    }
    let all: Vec<CallId> = months.into_values().flatten().map(|call| call.id).collect();
    for table in of(ExportLayout::OfCalls).chain(of(ExportLayout::Whole)) {
        export.file(table, &all, &mut manifest).await?;
    }
    manifest.write(folder)?;
    Ok(export.exported)
}

fn of(layout: ExportLayout) -> impl Iterator<Item = ExportTable> {
    let tables = ExportTable::ALL.iter().copied();
    tables.filter(move |table| table.layout() == layout)
}

struct Export<'a> {
    store: &'a dyn CallStore,
    folder: &'a Path,
    exported: Exported,
}

impl Export<'_> {
    async fn month(
        &mut self,
        table: ExportTable,
        month: &str,
        calls: &[ExportCall],
    ) -> Result<(), Error> {
        let ids: Vec<CallId> = calls.iter().map(|call| call.id.clone()).collect();
        let folder = self
            .folder
            .join(table.name())
            .join(format!("month={month}"));
        self.table(table, &folder, &ids, None).await.map(drop)
    }

    async fn file(
        &mut self,
        table: ExportTable,
        ids: &[CallId],
        manifest: &mut Manifest,
    ) -> Result<(), Error> {
        let folder = self.folder.join(table.name());
        let there = manifest.files.get(table.name());
        let digest = self.table(table, &folder, ids, there).await?;
        manifest.files.insert(table.name().to_owned(), digest);
        Ok(())
    }

    async fn table(
        &mut self,
        table: ExportTable,
        folder: &Path,
        ids: &[CallId],
        there: Option<&String>,
    ) -> Result<String, Error> {
        fs::create_dir_all(folder).map_err(Error::file(folder))?;
        let mut writer = Writer::create(table, &folder.join("data.parquet"))?;
        if table.layout() == ExportLayout::Whole {
            writer.write(&self.store.export_rows(table, &[]).await?)?;
        } else {
            for ids in ids.chunks(AT_ONCE) {
                writer.write(&self.store.export_rows(table, ids).await?)?;
            }
        }
        let (digest, rows) = writer.finish(there)?;
        if there != Some(&digest) {
            *self.exported.rows.entry(table.name()).or_default() += rows;
        }
        Ok(digest)
    }
}

/// Of the calls of a month and their versions.
fn digest(calls: &[ExportCall]) -> String {
    let mut hasher = Sha256::new();
    let calls: BTreeSet<(&str, &str)> = calls
        .iter()
        .map(|call| (call.id.as_str(), call.version.as_str()))
        .collect();
    for (id, version) in calls {
        hasher.update(format!("{id}\n{version}\n"));
    }
    hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Makes a folder for its owner alone: the files hold names, addresses and what was said.
fn make(folder: &Path) -> Result<(), Error> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder).map_err(Error::file(folder))
}

fn remove(folder: &Path, month: &str) -> Result<(), Error> {
    for table in of(ExportLayout::ByMonth) {
        let path: PathBuf = folder.join(table.name()).join(format!("month={month}"));
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::file(&path)(error));
            }
            _ => {}
        }
    }
    Ok(())
}
