//! Passwords and their argon2 hashes (PHC strings). In: a password, a salt. Out: its hash, and whether a password fits one. It
//! draws no chance: the salt is given.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Argon2, Params};

/// The hash of a password: argon2id with the crate's parameters, those that OWASP recommends (19 MiB, two passes).
///
/// # Errors
/// What the function says of a password or salt of impossible length.
pub fn hash(password: &str, salt: &[u8; 16]) -> Result<String, String> {
    let hashed: Result<PasswordHash, _> = Argon2::default().hash_password_with_salt(password.as_bytes(), salt);
    hashed.map(|hash| hash.to_string()).map_err(|fault| fault.to_string())
}

/// Memory, in KiB, and passes over it that a try takes; `None` where it is no argon2 hash.
#[must_use]
pub fn cost(hash: &str) -> Option<(u32, u32)> {
    let parsed = PasswordHash::new(hash).ok().filter(|parsed| parsed.algorithm.as_str().starts_with("argon2"))?;
    parsed.hash.as_ref()?;
    parsed.salt.as_ref()?;
    let params = Params::try_from(&parsed).ok()?;
    Some((params.m_cost(), params.t_cost()))
}

/// Whether the password fits the hash. It takes the time and memory of [`cost`].
#[must_use]
pub fn fits(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let hashed = hash("correct horse", &[7; 16]).unwrap();
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hashed}");
        assert!(fits("correct horse", &hashed) && !fits("correct horsf", &hashed) && !fits("", &hashed));
        assert_eq!(cost(&hashed), Some((19_456, 2)));
        assert_ne!(hashed, hash("correct horse", &[8; 16]).unwrap());
    }

    #[test]
    fn what_is_no_hash_fits_nothing() {
        for bad in
            ["", "secret", "$argon2id$", "$argon2id$v=19$m=19456,t=2,p=1$YWJjZGVmZ2g", "$2b$12$abcdefghijklmnopqrstuv"]
        {
            assert_eq!(cost(bad), None, "{bad}");
            assert!(!fits("secret", bad) && !fits("", bad), "{bad}");
        }
    }
}
