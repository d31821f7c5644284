//! What a failed request died of. In: reqwest's error. Out: ours.
//! It goes by the types in the chain of causes, not by their words, which belong to others.

use super::error::{FetchError, Refusal, Unreachable, Unreadable, foreign};
use super::resolve::{NotFound, Private};
use rustls::CertificateError;
use std::error::Error;
use std::io::{self, ErrorKind};
use std::time::Duration;

/// Why no answer came.
pub(super) fn before_answer(error: &reqwest::Error, host: String, connect_time_max: Duration) -> FetchError {
    let unreachable = |host, why| FetchError::Unreachable { host, why };
    let unreadable = |host, why| FetchError::Unreadable { host, why };
    if error.is_timeout() && error.is_connect() {
        return unreachable(host, Unreachable::NoConnection(connect_time_max));
    }
    let mut root: &dyn Error = error;
    for cause in causes(error) {
        root = cause;
        if let Some(Private { address, kind }) = cause.downcast_ref() {
            let why = Refusal::Address { address: *address, kind, by_name: true };
            return FetchError::Refused { place: host, why };
        }
        if let Some(fault) = cause.downcast_ref::<NotFound>() {
            return unreachable(
                host,
                if fault.for_now() { Unreachable::NoNameServer } else { Unreachable::NoSuchName },
            );
        }
        if let Some(fault) = cause.downcast_ref::<rustls::Error>() {
            return unreachable(host, tls(fault));
        }
        if let Some(fault) = cause.downcast_ref::<hyper::Error>() {
            if fault.is_parse_too_large() {
                return unreadable(host, Unreadable::HeadersTooLarge);
            }
            if fault.is_parse() {
                return unreadable(host, Unreadable::NotHttp(foreign(&fault.to_string())));
            }
            if fault.is_incomplete_message() || fault.is_canceled() || fault.is_closed() {
                return unreachable(host, Unreachable::HungUp);
            }
        }
        if let Some(why) = cause.downcast_ref::<io::Error>().and_then(|fault| plain(fault, connect_time_max)) {
            return unreachable(host, why);
        }
    }
    unreachable(host, Unreachable::Other(foreign(&root.to_string())))
}

/// Why the body broke off: the connection under it, or the compression around it.
pub(super) fn in_body(error: &reqwest::Error, host: String) -> FetchError {
    let broken = causes(error).any(<dyn Error>::is::<hyper::Error>);
    let why = if broken { Unreadable::CutShort } else { Unreadable::Damaged };
    FetchError::Unreadable { host, why }
}

/// The error and its causes, outermost first.
pub(super) fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| {
        let error: &'a (dyn Error + 'static) = *error;
        // io::Error::source() passes over the very error that it wraps.
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner as _),
            None => error.source(),
        }
    })
}

fn plain(fault: &io::Error, connect_time_max: Duration) -> Option<Unreachable> {
    match fault.kind() {
        ErrorKind::ConnectionRefused => Some(Unreachable::ConnectionRefused),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
            Some(Unreachable::NoRoute)
        }
        ErrorKind::TimedOut => Some(Unreachable::NoConnection(connect_time_max)),
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof => Some(Unreachable::HungUp),
        _ => None,
    }
}

fn tls(fault: &rustls::Error) -> Unreachable {
    let rustls::Error::InvalidCertificate(fault) = fault else {
        return Unreachable::Other(format!("TLS failed: {}", foreign(&fault.to_string())));
    };
    Unreachable::Certificate(match fault {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "has expired".into(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "is not valid yet".into(),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "is for another name".into()
        }
        CertificateError::UnknownIssuer => "was issued by nobody whom this machine trusts".into(),
        CertificateError::Revoked => "was revoked".into(),
        fault => format!("is not acceptable: {}", foreign(&fault.to_string())),
    })
}
