//! Which part of an e-mail address names a company.

/// Providers of mail for everybody: their domains name no employer, and a CRM that has the
/// provider as a company would get the calls of all its users. The list holds the
/// providers that business contacts use most, by country; one that is not in it does harm
/// only where the CRM has a company with its domain.
const PUBLIC_MAIL: [&str; 46] = [
    "126.com",
    "163.com",
    "aol.com",
    "att.net",
    "bluewin.ch",
    "btinternet.com",
    "comcast.net",
    "fastmail.com",
    "free.fr",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.fr",
    "icloud.com",
    "laposte.net",
    "libero.it",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "naver.com",
    "orange.fr",
    "outlook.com",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "t-online.de",
    "verizon.net",
    "web.de",
    "yahoo.co.in",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.fr",
    "yandex.ru",
    "ymail.com",
    "zoho.com",
];

/// The domain of the company that an address belongs to; `None` for public mail. The
/// address is in lower case.
pub(super) fn company_domain(email: &str) -> Option<&str> {
    let (_, domain) = email.rsplit_once('@')?;
    (domain.contains('.') && PUBLIC_MAIL.binary_search(&domain).is_err()).then_some(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_mail_names_no_company() {
        assert!(PUBLIC_MAIL.is_sorted(), "it is searched by halves");
        for (email, domain) in [
            ("bo@buyer.test", Some("buyer.test")),
            ("\"a@b\"@buyer.test", Some("buyer.test")),
            ("bo@gmail.com", None),
            ("bo@mail.gmail.com", Some("mail.gmail.com")),
            ("bo@localhost", None),
            ("bo", None),
        ] {
            assert_eq!(company_domain(email), domain, "{email}");
        }
    }
}
