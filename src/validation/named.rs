//! Whether the files that settings name can be used.

use super::checked::{Check, Checked};
use crate::{Error, Settings};

pub(super) fn settings(settings: &Settings) -> Checked {
    const CHECK: Check = Check::Settings;
    match usable(settings) {
        Ok(()) => Checked::passed(CHECK, "its files can be used"),
        Err(error) => Checked::failed(CHECK, &error),
    }
}

fn usable(settings: &Settings) -> Result<(), Error> {
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
