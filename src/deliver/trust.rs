//! Whom TLS trusts. In: the system's certificates and an operator's own. Out: what SMTP and webhooks need of them.
//! Nothing is read before the first connection that needs it: a machine without certificates can still send in the clear.

use std::sync::{Arc, Mutex, PoisonError};
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

/// What is wrong with an operator's own certificates.
pub(super) const NO_PEM: &str = "the operator's own certificates cannot be read: a PEM file is wanted";

/// The roots; clones share what was read.
#[derive(Clone)]
pub(super) struct Trust {
    extra: Option<Arc<Vec<u8>>>,
    strict: Arc<Mutex<Option<Arc<ClientConfig>>>>,
}

impl Trust {
    pub(super) fn new(extra: Option<Vec<u8>>) -> Self {
        Self { extra: extra.map(Arc::new), strict: Arc::default() }
    }

    /// The operator's own certificates, PEM.
    pub(super) fn extra(&self) -> Option<&[u8]> {
        self.extra.as_deref().map(Vec::as_slice)
    }

    /// TLS that holds the server to its name. Failure is not remembered: certificates may be installed meanwhile.
    pub(super) fn strict(&self) -> Result<Arc<ClientConfig>, String> {
        let mut known = self.strict.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(config) = &*known {
            return Ok(config.clone());
        }
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if let Some(pem) = self.extra() {
            let own: Vec<_> = CertificateDer::pem_slice_iter(pem).filter_map(Result::ok).collect();
            if roots.add_parsable_certificates(own).0 == 0 {
                return Err(NO_PEM.to_string());
            }
        }
        if roots.is_empty() {
            return Err("no certificates to check the server by: install ca-certificates".to_string());
        }
        let config = Arc::new(builder()?.with_root_certificates(roots).with_no_client_auth());
        *known = Some(config.clone());
        Ok(config)
    }
}

/// TLS with whoever answers: for opportunistic TLS, where the other choice is to send in the clear (RFC 7435). Debian's mail servers
/// come with a certificate that nobody signed.
pub(super) fn anyone() -> Result<Arc<ClientConfig>, String> {
    let anyone = Arc::new(Anyone(aws_lc_rs::default_provider()));
    Ok(Arc::new(builder()?.dangerous().with_custom_certificate_verifier(anyone).with_no_client_auth()))
}

type Builder = tokio_rustls::rustls::ConfigBuilder<ClientConfig, tokio_rustls::rustls::WantsVerifier>;

fn builder() -> Result<Builder, String> {
    ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())
}

#[derive(Debug)]
struct Anyone(CryptoProvider);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
