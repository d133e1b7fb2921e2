//! HubSpot's record ids.

/// Whether something of HubSpot's can have this id: a whole number from 1 that fits 63 bits,
/// written as HubSpot writes it. Anything else, such as another CRM's id, has a whole batch
/// refused over REST and is not a NUMBER in the share.
pub(crate) fn is_object_id(id: &str) -> bool {
    let is_canonical = id.bytes().all(|byte| byte.is_ascii_digit()) && !id.starts_with('0');
    is_canonical && id.parse::<i64>().is_ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn ids_are_numbers_of_63_bits() {
        for id in ["1", "9007199254740993", "9223372036854775807"] {
            assert!(super::is_object_id(id), "{id}");
        }
        for id in [
            "",
            "0",
            "007",
            "-5",
            "+5",
            " 5",
            "1e3",
            "9223372036854775808",
            "9999999999999999999",
            "006Dn00000A1bCdIAJ",
            "\u{661}",
        ] {
            assert!(!super::is_object_id(id), "{id}");
        }
    }
}
