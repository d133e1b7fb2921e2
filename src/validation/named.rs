//! Whether what settings name beside systems can be used: patterns, and files of the reader.

use snowflake_store::SyncMode;

use super::checked::{Check, Checked};
use crate::{Error, Settings};

pub(super) fn settings(settings: &Settings) -> Checked {
    const CHECK: Check = Check::Settings;
    match usable(settings) {
        Ok(()) => Checked::passed(CHECK, "its files and patterns can be used"),
        Err(error) => Checked::failed(CHECK, &error),
    }
}

fn usable(settings: &Settings) -> Result<(), Error> {
    let sync = settings.sync_settings(SyncMode::Incremental).validate();
    sync.map_err(|error| settings.located(error))?;
    settings.http()?;
    #[cfg(feature = "snowflake")]
    settings.gong_share_source(&crate::StoreOptions::new("check"))?;
    #[cfg(feature = "local")]
    {
        settings.scorecards()?;
        settings.coaching()?;
    }
    Ok(())
}
