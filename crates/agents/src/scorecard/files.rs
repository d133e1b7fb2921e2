//! Scorecards that the crate brings, and those of a folder.

use std::fs;
use std::path::{Path, PathBuf};

use super::card::Scorecard;
use crate::{Error, ErrorCode, Result};

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
    /// [`ErrorCode::InvalidValue`] when the folder or a file cannot be read, a file is none
    /// of a scorecard, or two have the same name; the message begins with the file.
    pub fn in_folder(folder: &Path) -> Result<Vec<Self>> {
        let unreadable = |path: &Path, error: std::io::Error| at(path, &error.to_string());
        let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, error))?;
        let mut paths: Vec<PathBuf> = Vec::new();
        for entry in entries {
            let path = entry.map_err(|error| unreadable(folder, error))?.path();
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
            let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
            let card = Self::from_toml(&text).map_err(|error| {
                let named = at(&path, error.message());
                match error.field() {
                    Some(field) => named.with_field(field),
                    None => named,
                }
            })?;
            if cards.iter().any(|known| known.name() == card.name()) {
                let message = format!("an earlier file is named {:?} too", card.name());
                return Err(at(&path, &message).with_field("name"));
            }
            cards.push(card);
        }
        Ok(cards)
    }
}

fn at(path: &Path, message: &str) -> Error {
    let message = format!("{}: {message}", path.display());
    Error::new(ErrorCode::InvalidValue, message)
}
