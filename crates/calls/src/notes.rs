//! Notes for people about data that was not as it should be.

/// Notes that are kept word for word; of further ones only the number is.
const MOST: usize = 50;

/// Sentences about a document, each beginning with a place. Never a value: it may be text
/// of a call.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    kept: Vec<String>,
    further: usize,
}

impl Notes {
    pub(crate) fn add(&mut self, note: impl FnOnce() -> String) {
        if self.kept.len() < MOST {
            self.kept.push(note());
        } else {
            self.further += 1;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// All of them, the last one saying how many there were beside.
    pub(crate) fn into_vec(mut self) -> Vec<String> {
        if self.further > 0 {
            self.kept.push(format!("and {} more", self.further));
        }
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_no_end_to_oddities_but_to_notes() {
        let mut notes = Notes::default();
        for number in 0..1_000 {
            notes.add(|| format!("[{number}]: odd"));
        }
        let notes = notes.into_vec();
        assert_eq!(notes.len(), MOST + 1);
        assert_eq!(notes[MOST], "and 950 more");
    }
}
