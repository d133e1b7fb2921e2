//! Scorecards that the crate brings, and those of a folder.

use std::fs;
use std::path::{Path, PathBuf};

use super::card::Scorecard;
use crate::Result;
use crate::toml_file::{self, at};

const SHIPPED: [&str; 3] = [
    include_str!("../../scorecards/meddicc.toml"),
    include_str!("../../scorecards/bant.toml"),
    include_str!("../../scorecards/spiced.toml"),
];

impl Scorecard {
    /// The scorecards that the crate brings: MEDDICC, BANT and SPICED.
    ///
    /// # Errors
    /// As [`from_toml`](Self::from_toml), which they pass.
    pub fn shipped() -> Result<Vec<Self>> {
        SHIPPED.into_iter().map(Self::from_toml).collect()
    }

    /// The scorecards of the files in a folder that end in `.toml`, by the names of the
    /// files.
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorCode::InvalidValue) when the folder or a file cannot be read, a file is none
    /// of a scorecard, or two have the same name; the message begins with the file.
    pub fn in_folder(folder: &Path) -> Result<Vec<Self>> {
        let unreadable = |error: std::io::Error| at(folder, &error.to_string());
        let entries = fs::read_dir(folder).map_err(unreadable)?;
        let mut paths: Vec<PathBuf> = Vec::new();
        for entry in entries {
            let path = entry.map_err(unreadable)?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "toml")
            {
                paths.push(path);
            }
        }
        paths.sort();
        let mut cards: Vec<Self> = Vec::new();
        for path in paths {
            let card = toml_file::read(&path, Self::from_toml)?;
            if cards.iter().any(|known| known.name() == card.name()) {
                let message = format!("an earlier file is named {:?} too", card.name());
                return Err(at(&path, &message).with_field("name"));
            }
            cards.push(card);
        }
        Ok(cards)
    }
}
