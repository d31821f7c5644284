//! Mail addresses. In: what was typed (RFC 5322 mailbox). Out: a mailbox whose domain is ASCII, fit for a header and an envelope.

use lettre::message::Mailbox;
use lettre::{Address, address::AddressError};
use url::Host;

/// An address that no mail can be written to or from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// The channel's sender: the operator's to mend.
    #[error("the sender {0:?} is not a mail address: mend `from`")]
    Sender(String),
    /// The recipient.
    #[error("{0:?} is not a mail address")]
    Recipient(String),
}

/// The mailbox as typed, an international domain as its ASCII form (RFC 5890): only the part before the `@` can then need SMTPUTF8.
/// A name with a comma in it may stand without its quotes, as people type it.
pub(super) fn mailbox(typed: &str) -> Result<Mailbox, AddressError> {
    let typed = typed.trim();
    let unquoted = || {
        let (name, address) = typed.strip_suffix('>')?.rsplit_once('<')?;
        if name.contains(|c: char| c.is_control() || matches!(c, '<' | '>')) {
            return None;
        }
        Some(Mailbox::new(Some(name.trim().trim_matches('"').to_string()), address.parse().ok()?))
    };
    let Mailbox { name, email } = typed.parse().or_else(|error| unquoted().ok_or(error))?;
    let email = if email.domain().is_ascii() {
        email
    } else {
        let ascii = Host::parse(email.domain()).map_err(|_| AddressError::InvalidDomain)?;
        Address::new(email.user(), ascii.to_string())?
    };
    // A quoted local part may hold nearly anything (RFC 5321, section 4.1.2); these would break the envelope's line.
    if email.to_string().contains(|c: char| c.is_control() || matches!(c, '<' | '>')) {
        return Err(AddressError::InvalidUser);
    }
    Ok(Mailbox::new(name.map(|name| crate::text::one_line(&name)).filter(|name| !name.is_empty()), email))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_international_domain_goes_out_in_ascii() {
        let typed = mailbox("Büro <desk@bücher.example>").unwrap();
        assert_eq!(typed.email.to_string(), "desk@xn--bcher-kva.example");
        assert_eq!(typed.name.as_deref(), Some("Büro"));
    }

    #[test]
    fn a_name_is_taken_as_people_type_it() {
        for (typed, name) in [
            ("Desk, Tashkent <a@example.org>", Some("Desk, Tashkent")),
            (r#""Desk \"1\"" <a@example.org>"#, Some(r#"Desk "1""#)),
            ("<a@example.org>", None),
            (" a@example.org ", None),
            ("Desk (Asia) : <a@example.org>", Some("Desk (Asia) :")),
        ] {
            let read = mailbox(typed).unwrap();
            assert_eq!((read.name.as_deref(), read.email.to_string().as_str()), (name, "a@example.org"), "{typed}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for typed in [
            "",
            "desk",
            "desk@",
            "@example.org",
            "a b@example.org",
            "a@b@c",
            "x@example.org\r\nRCPT TO:<y@z>",
            "\"a\r\nb\"@example.org",
            "\"a>b\"@example.org",
            "a <b@example.org> <c@example.org>",
        ] {
            assert!(mailbox(typed).is_err(), "{typed:?}");
        }
    }
}
