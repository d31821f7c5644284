//! Named places where a test makes the process die: `WIREWATCH_FAILPOINT=name:n` kills it, as `kill -9` would, when the n-th
//! time comes by. In: a name. Out: nothing, or the end. Without the cargo feature `failpoints` it is nothing at all.

/// Passes the place `name`.
#[cfg(not(feature = "failpoints"))]
#[inline]
pub fn pass(_name: &'static str) {}

/// Passes the place `name`, or dies there.
#[cfg(feature = "failpoints")]
pub fn pass(name: &'static str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};
    static PLACE: OnceLock<Option<(String, u64)>> = OnceLock::new();
    static COUNT: AtomicU64 = AtomicU64::new(0);
    #[expect(clippy::disallowed_methods, reason = "a switch for tests, not configuration")]
    let place = PLACE.get_or_init(|| {
        let typed = std::env::var("WIREWATCH_FAILPOINT").ok()?;
        let (name, nth) = typed.split_once(':').unwrap_or((&typed, "1"));
        Some((name.to_string(), nth.parse().ok()?))
    });
    if let Some((wanted, nth)) = place
        && wanted == name
        && COUNT.fetch_add(1, Ordering::SeqCst) + 1 == *nth
    {
        // abort() writes nothing back and runs no destructor: for the files it is a kill -9.
        std::process::abort();
    }
}
