//! Of what the files of a folder were made.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::Error;

const FILE: &str = "manifest.json";

/// Raised when files are laid out another way: they are all written again then.
const FORMAT: u32 = 1;

/// Digests: of a month that of its calls and their versions, of a file that of its rows.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    format: u32,
    pub(crate) months: BTreeMap<String, String>,
    pub(crate) files: BTreeMap<String, String>,
}

impl Manifest {
    /// That of a folder; an empty one where there is none.
    pub(crate) fn read(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(FILE);
        let empty = Self {
            format: FORMAT,
            ..Self::default()
        };
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(empty),
            Err(error) => return Err(Error::file(&path)(error)),
        };
        let manifest: Self = serde_json::from_str(&text).map_err(|error| Error::Manifest {
            path: path.clone(),
            reason: error.to_string(),
        })?;
        match manifest.format {
            FORMAT => Ok(manifest),
            newer if newer > FORMAT => Err(Error::Manifest {
                path,
                reason: format!("its format is {newer}, and this program knows {FORMAT}"),
            }),
            _ => Ok(Self {
                // What is there is known, so that what is gone is removed.
                months: manifest
                    .months
                    .into_keys()
                    .map(|month| (month, String::new()))
                    .collect(),
                ..empty
            }),
        }
    }

    pub(crate) fn write(&self, folder: &Path) -> Result<(), Error> {
        let path = folder.join(FILE);
        let draft = folder.join(".manifest.json.new");
        let text = serde_json::to_string_pretty(self).map_err(|error| Error::Manifest {
            path: path.clone(),
            reason: error.to_string(),
        })?;
        fs::write(&draft, text).map_err(Error::file(&draft))?;
        fs::rename(&draft, &path).map_err(Error::file(&path))
    }
}
