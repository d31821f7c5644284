//! Connections that only read. In: a question. Out: its answer, from one moment of the database.

use super::open;
use crate::store::{Result, StoreError};
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Questions that are answered at once.
const READERS_MAX: usize = 2;

/// A few connections, opened when they are first needed.
pub(super) struct Readers {
    path: PathBuf,
    idle: Arc<Mutex<Vec<Connection>>>,
    seats: Semaphore,
}

impl Readers {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, idle: Arc::default(), seats: Semaphore::new(READERS_MAX) }
    }

    /// Opens one, to see whether there is anything to read.
    pub(super) fn check(&self) -> Result<()> {
        let conn = open::reader(&self.path)?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
        Ok(())
    }

    /// Runs `question` on the blocking threads.
    pub(super) async fn call<T, F>(&self, question: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        let stopped = || StoreError::Unavailable("its reader has stopped".into());
        let _seat = self.seats.acquire().await.map_err(|_| stopped())?;
        let (path, idle) = (self.path.clone(), Arc::clone(&self.idle));
        let answered = tokio::task::spawn_blocking(move || {
            let rested = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut conn = rested.map_or_else(|| open::reader(&path), Ok)?;
            let moment = conn.transaction()?;
            let answer = question(&moment)?;
            drop(moment);
            // Only a connection that worked is used again.
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
            Ok(answer)
        });
        answered.await.map_err(|_| stopped())?
    }
}
