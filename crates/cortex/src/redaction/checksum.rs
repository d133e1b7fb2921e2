//! The check digits of cards and accounts.

/// Whether digits end in their Luhn check digit (ISO/IEC 7812-1), as card numbers do.
pub(super) fn is_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(*digit);
            match digit * 2 {
                _ if place % 2 == 0 => digit,
                doubled if doubled > 9 => doubled - 9,
                doubled => doubled,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether letters and digits are an IBAN by their check digits (ISO 13616: the
/// number, its first four characters moved to the end and letters read as 10 to 35,
/// leaves 1 when divided by 97).
pub(super) fn is_iban(characters: &[u8]) -> bool {
    if characters.len() < 5 {
        return false;
    }
    let (first, rest) = characters.split_at(4);
    let mut remainder = 0_u32;
    for character in rest.iter().chain(first) {
        let Some(value) = char::from(*character).to_digit(36) else {
            return false;
        };
        let shift = if value < 10 { 10 } else { 100 };
        remainder = (remainder * shift + value) % 97;
    }
    remainder == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luhn(text: &str) -> bool {
        is_luhn(&text.bytes().map(|byte| byte - b'0').collect::<Vec<_>>())
    }

    #[test]
    fn card_numbers_of_the_networks_own_test_pages_pass() {
        for number in ["4111111111111111", "5555555555554444", "378282246310005"] {
            assert!(luhn(number), "{number}");
        }
        assert!(!luhn("4111111111111112"));
        // Two digits swapped.
        assert!(!luhn("5555555555545444"));
    }

    #[test]
    fn ibans_of_the_registry_pass() {
        for iban in [
            "DE89370400440532013000",
            "GB29NWBK60161331926819",
            "NO9386011117947",
        ] {
            assert!(is_iban(iban.as_bytes()), "{iban}");
            assert!(is_iban(iban.to_lowercase().as_bytes()), "{iban}");
        }
        assert!(!is_iban(b"DE89370400440532013001"));
        assert!(!is_iban(b"DE"));
    }
}
