//! An authority of our own. In: names and years. Out: newsrooms that can prove who they are, or cannot.

use super::{Answer, Newsroom};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use wirewatch::fetch::Roots;

/// Signs what nobody else trusts.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn new() -> Self {
        Self::named("the authority")
    }

    pub fn named(name: &str) -> Self {
        let mut params = CertificateParams::new(vec![]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// A newsroom whose certificate is for `name`, good until the end of `year`.
    pub fn newsroom(&self, name: &str, year: i32) -> Newsroom {
        let mut params = CertificateParams::new(vec![name.to_string()]).unwrap();
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(year, 12, 31);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let newsroom = Newsroom::open_tls(config);
        newsroom.set("/", Answer::ok("proven"));
        newsroom
    }

    /// Who trusts it alone.
    pub fn roots(&self) -> Roots {
        Roots::Only(vec![self.0.der().to_vec()])
    }
}
