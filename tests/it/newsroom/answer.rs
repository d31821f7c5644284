//! What the newsroom answers: a status, headers, a body, and the manner in which it is sent.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// One answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    pub(super) manner: Manner,
}

/// Holds answers back until it is opened; clones are the same gate.
#[derive(Debug, Clone, Default)]
pub struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    /// Lets all through, from now on.
    pub fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    /// Waits until it is open.
    pub(super) fn pass(&self) {
        let mut open = self.0.0.lock().unwrap();
        while !*open {
            open = self.0.1.wait(open).unwrap();
        }
    }
}

/// How an answer is sent.
#[derive(Debug, Clone)]
pub enum Manner {
    /// As it should be, with its length, and the connection stays open.
    Whole,
    /// Chunked.
    Chunked,
    /// A byte of the body at a time, this far apart, as long as anybody reads.
    Trickle(Duration),
    /// Chunks without end, as long as anybody reads.
    Endless,
    /// Another `Content-Length` than the body has; the connection is closed after the body.
    Length(usize),
    /// As it should be, once the gate is open.
    Behind(Gate),
    /// The headers, and then nothing, as long as anybody waits.
    Stall,
    /// Nothing at all, as long as anybody waits.
    Silence,
    /// Hangs up without a word.
    HangUp,
    /// These bytes instead of an HTTP answer.
    Raw(Vec<u8>),
}

impl Answer {
    /// 200 with this body.
    pub fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, headers: vec![], body: body.into(), manner: Manner::Whole }
    }

    /// This status, without a body.
    pub fn status(status: u16) -> Self {
        Self { status, ..Self::ok("") }
    }

    /// A redirect.
    pub fn redirect(status: u16, to: impl AsRef<str>) -> Self {
        Self::status(status).header("location", to)
    }

    pub fn header(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.headers.push((name.to_string(), value.as_ref().to_string()));
        self
    }

    /// The status of an answer that has a body.
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// With an ETag; a request that brings it back gets a 304.
    pub fn etag(self, etag: &str) -> Self {
        self.header("etag", etag)
    }

    /// With a Last-Modified; a request that brings it back, byte for byte, gets a 304.
    pub fn last_modified(self, date: &str) -> Self {
        self.header("last-modified", date)
    }

    /// Compressed, and labelled so.
    pub fn gzip(mut self) -> Self {
        self.body = gzip(&self.body);
        self.header("content-encoding", "gzip")
    }

    pub fn manner(mut self, manner: Manner) -> Self {
        self.manner = manner;
        self
    }

    pub(super) fn find(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(vec![], Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
