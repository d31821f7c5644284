//! Host names and certificates for all sources. In: how many. Out: what a TLS server shows, and a command that sees the names
//! lead to loopback and trusts the authority that signed: in a mount namespace of its own, with another /etc/hosts.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;
use std::sync::Arc;
use tempfile::TempDir;
use tokio_rustls::TlsAcceptor;

pub struct Names {
    folder: TempDir,
    shown: Arc<Shown>,
}

#[derive(Debug)]
struct Shown(HashMap<String, Arc<CertifiedKey>>);

/// A domain of its own for each source: they share no pace.
pub fn name(source: usize) -> String {
    format!("wire-{source:04}.test")
}

impl Names {
    pub fn new(sources: usize) -> Self {
        let mut params = CertificateParams::new(vec![]).unwrap();
        params.distinguished_name.push(DnType::CommonName, "the bench's authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let provider = rustls::crypto::CryptoProvider::get_default().cloned();
        let provider = provider.unwrap_or_else(|| Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
        let mut hosts = String::from("127.0.0.1 localhost\n");
        let mut shown = HashMap::new();
        for source in 0..sources {
            let name = name(source);
            let key = KeyPair::generate().unwrap();
            let params = CertificateParams::new(vec![name.clone()]).unwrap();
            let certificate = params.signed_by(&key, &authority).unwrap();
            let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
            let key = CertifiedKey::from_der(vec![certificate.der().clone()], key, &provider).unwrap();
            let _ = writeln!(hosts, "127.0.0.1 {name}");
            shown.insert(name, Arc::new(key));
        }
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("hosts"), hosts).unwrap();
        fs::write(folder.path().join("authority.pem"), authority.pem()).unwrap();
        Self { folder, shown: Arc::new(Shown(shown)) }
    }

    /// TLS 1.3 and nothing older; each connection a full handshake, since nothing is resumed.
    pub fn acceptor(&self) -> TlsAcceptor {
        let mut config = rustls::ServerConfig::builder_with_protocol_versions(&[&rustls::version::TLS13])
            .with_no_client_auth()
            .with_cert_resolver(self.shown.clone());
        config.send_tls13_tickets = 0;
        TlsAcceptor::from(Arc::new(config))
    }

    /// The command where the names lead to loopback.
    pub fn known_to(&self, command: &Command) -> Command {
        let mut within = Command::new("unshare");
        if !rustix::process::geteuid().is_root() {
            within.args(["--user", "--map-root-user"]);
        }
        within.args(["--mount", "sh", "-c", "mount --bind \"$0\" /etc/hosts && exec \"$@\""]);
        within.arg(self.folder.path().join("hosts")).arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => within.env(name, value),
                None => within.env_remove(name),
            };
        }
        within.env("SSL_CERT_FILE", self.folder.path().join("authority.pem")).env_remove("SSL_CERT_DIR");
        within
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.0.get(hello.server_name()?).cloned()
    }
}
