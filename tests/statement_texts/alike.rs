//! What several statements say, they say alike. SQL has no way to share a part of a statement
//! that takes values, and each file is one that a reader and a linter can take by itself; so a
//! change of a part has to reach every statement that has it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::{ROOT, files};

/// A part of statements: the words that it begins and ends with, and how many files have it.
struct Shared {
    folder: &'static str,
    from: &'static str,
    to: &'static str,
    files: usize,
}

const SHARED: [Shared; 4] = [
    // Nothing else landed since.
    Shared {
        folder: "sql/snowflake/statements",
        from: "INNER JOIN GONG_LANDED_CALLS AS L ON L.CALL_ID = S.CALL_ID AND L.CALL_SHA",
        to: "S.TRANSCRIPT_SHA",
        files: 10,
    },
    // What a staged call loses with its words.
    Shared {
        folder: "sql",
        from: "SENTENCE_COUNT = NULL,",
        to: "INSIGHTS_AT = NULL",
        files: 5,
    },
    // Filters of lists of calls.
    Shared {
        folder: "sql/sqlite/statements",
        from: "COALESCE(?7, ?8) IS NULL",
        to: "CALL_TYPE = ?9)",
        files: 4,
    },
    Shared {
        folder: "sql/sqlite/statements",
        from: "(NOT ?3 OR",
        to: "NOT R.IS_RETRYABLE",
        files: 4,
    },
];

#[test]
fn what_statements_share_is_alike_in_all_of_them() {
    for shared in &SHARED {
        let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for path in files(&Path::new(ROOT).join(shared.folder), "sql") {
            let text = fs::read_to_string(&path).unwrap();
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let Some(start) = words.find(shared.from) else {
                continue;
            };
            let part = &words[start..];
            let end = part
                .find(shared.to)
                .unwrap_or_else(|| panic!("{}: nothing ends with {:?}", path.display(), shared.to));
            let of_part = texts.entry(part[..end].to_owned()).or_default();
            of_part.insert(path.display().to_string());
        }
        assert_eq!(texts.len(), 1, "{:?} has versions: {texts:#?}", shared.from);
        let files = texts.values().next().unwrap();
        assert_eq!(files.len(), shared.files, "{:?}: {files:?}", shared.from);
    }
}
