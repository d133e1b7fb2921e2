//! The version of the code that decodes documents.

/// Version of the code of this module, made from its sources, so that nobody has to think of
/// raising it: another number means that a document which could not be read is worth another
/// try.
pub const DECODER_VERSION: u32 = fingerprint(&[
    include_str!("call.rs"),
    include_str!("crm.rs"),
    include_str!("decoded.rs"),
    include_str!("error.rs"),
    include_str!("field.rs"),
    include_str!("findings.rs"),
    include_str!("mod.rs"),
    include_str!("place.rs"),
    include_str!("transcript.rs"),
    include_str!("version.rs"),
]);

/// FNV-1a of texts one after the other, whatever their line ends.
const fn fingerprint(texts: &[&str]) -> u32 {
    let mut hash: u32 = 0x811c_9dc5;
    let mut text = 0;
    while text < texts.len() {
        let bytes = texts[text].as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if bytes[at] != b'\r' {
                hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
            }
            at += 1;
        }
        text += 1;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_counts() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/gong");
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        let texts: Vec<String> = files
            .iter()
            .map(|file| std::fs::read_to_string(file).unwrap())
            .collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        assert_eq!(fingerprint(&texts), DECODER_VERSION);
    }

    #[test]
    fn line_ends_do_not_count_and_all_else_does() {
        assert_eq!(fingerprint(&["a\r\nb", "c"]), fingerprint(&["a\nb", "c"]));
        assert_ne!(fingerprint(&["a"]), fingerprint(&["b"]));
        // The published value of FNV-1a for "foobar".
        assert_eq!(fingerprint(&["foo", "bar"]), 0xbf9c_f968);
    }
}
