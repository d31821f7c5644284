//! Tests of the whole: files in, settings or faults out.
