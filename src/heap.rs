//! What the allocator may keep. In: nothing. Out: memory that was needed once goes back to the system.
//! It says so to glibc and to no other allocator. Unsafe code, as docs/decisions/0009 says why.

/// Fewer heaps, and smaller ones: call it before there are threads.
///
/// glibc makes a heap for each thread that allocates while another does, up to eight for each core, and each keeps what its largest
/// document once took. It also takes the largest block that was ever freed for the size of a usual one, and from then on keeps as
/// much of every heap for the next.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn bound() {
    let set = |parameter, value| {
        // SAFETY: mallopt(3) takes two numbers and only changes what later calls do; one that it does not know it refuses.
        #[expect(unsafe_code, reason = "there is no other way to say it to the allocator than to call it")]
        let taken = unsafe { glibc::mallopt(parameter, value) };
        if taken == 0 {
            tracing::debug!(parameter, value, "the allocator did not take parameter {parameter}");
        }
    };
    set(glibc::M_ARENA_MAX, HEAPS_MAX);
    set(glibc::M_MMAP_THRESHOLD, BLOCK_BYTES_MAX);
    set(glibc::M_TRIM_THRESHOLD, TOP_BYTES_MAX);
}

/// Gives back to the system what lies free within the heaps: after a document that took far more than others do.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn trim() {
    // SAFETY: malloc_trim(3) takes a number and looks only at what is free; it locks the heaps itself.
    #[expect(unsafe_code, reason = "there is no other way to say it to the allocator than to call it")]
    unsafe {
        glibc::malloc_trim(0);
    }
}

/// Other allocators are left as they are.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn bound() {}

/// Other allocators are left as they are.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn trim() {}

/// Heaps: more threads than these seldom allocate at once, and each heap keeps some memory of its own.
const HEAPS_MAX: i32 = 3;
/// A larger block has pages of its own, which go back when it is freed.
const BLOCK_BYTES_MAX: i32 = 1 << 20;
/// Free memory at the end of a heap that is kept.
const TOP_BYTES_MAX: i32 = 1 << 20;

/// As malloc.h has it.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod glibc {
    pub(super) const M_TRIM_THRESHOLD: i32 = -1;
    pub(super) const M_MMAP_THRESHOLD: i32 = -3;
    pub(super) const M_ARENA_MAX: i32 = -8;

    #[expect(unsafe_code, reason = "declarations of foreign functions are unsafe")]
    unsafe extern "C" {
        pub(super) fn mallopt(parameter: i32, value: i32) -> i32;
        pub(super) fn malloc_trim(pad: usize) -> i32;
    }
}
