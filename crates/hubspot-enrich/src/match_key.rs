//! How e-mail addresses and domains are compared.

/// An address as it is compared: without surrounding white space, in lower case.
///
/// The part before the `@` may be case-sensitive by the letter of RFC 5321; CRMs
/// store it in lower case and calendars spell it as people typed it.
pub(crate) fn email(address: &str) -> String {
    address.trim().to_lowercase()
}

/// A domain as it is compared: without surrounding white space, final dot and
/// leading `www.`, in lower case.
pub(crate) fn domain(domain: &str) -> String {
    let domain = domain.trim().to_lowercase();
    let domain = domain.strip_suffix('.').unwrap_or(&domain);
    domain.strip_prefix("www.").unwrap_or(domain).to_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn addresses_and_domains_match_however_people_write_them() {
        assert_eq!(
            super::email(" Ana.Diaz@Buyer.Example "),
            "ana.diaz@buyer.example"
        );
        assert_eq!(super::domain("WWW.Buyer.Example. "), "buyer.example");
        assert_eq!(super::domain("wwwide.example"), "wwwide.example");
    }
}
