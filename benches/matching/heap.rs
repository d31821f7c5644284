//! How many bytes are allocated now, to some kilobytes for each thread. The rest is the system's allocator as it is, so that what is
//! measured is what runs: grown in place, and counted for all threads only now and then.
#![allow(unsafe_code, reason = "an allocator is written so; it only counts and hands on")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicIsize, Ordering};

pub struct Heap;

static ALL: AtomicIsize = AtomicIsize::new(0);
thread_local!(static USED: Cell<isize> = const { Cell::new(0) });
/// What a thread keeps to itself.
const OWN: isize = 4 << 10;

pub fn used() -> usize {
    (ALL.load(Ordering::Relaxed) + USED.get()).max(0).cast_unsigned()
}

fn count(bytes: isize) {
    // A thread that ends may free what it has no counter for any more.
    let _ = USED.try_with(|used| {
        let mut own = used.get() + bytes;
        if own.abs() > OWN {
            ALL.fetch_add(std::mem::take(&mut own), Ordering::Relaxed);
        }
        used.set(own);
    });
}

// SAFETY: everything is the system allocator's; only sizes are added up beside it.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: as promised by the caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: as promised by the caller.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as isize - layout.size() as isize);
        // SAFETY: as promised by the caller.
        unsafe { System.realloc(at, layout, size) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: as promised by the caller.
        unsafe { System.dealloc(at, layout) }
    }
}
