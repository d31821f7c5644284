//! How many bytes this thread has allocated now. The rest is the system's allocator as it is, so that what is measured is what runs:
//! counted without atomics, grown in place.
#![allow(unsafe_code, reason = "an allocator is written so; it only counts and hands on")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

pub struct Heap;

thread_local!(static USED: Cell<isize> = const { Cell::new(0) });

pub fn used() -> usize {
    USED.get().max(0).cast_unsigned()
}

fn count(bytes: isize) {
    // A thread that ends may free what it has no counter for any more.
    let _ = USED.try_with(|used| used.set(used.get() + bytes));
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
