//! The one thread that writes. In: turns, from a bounded queue. Out: each turn's answer, once it is on the disk.
//! It runs all that wait in one transaction, each turn in a savepoint of its own; no turn is ever half done.

use super::open;
use crate::failpoint;
use crate::store::{Result, StoreError};
use rusqlite::Connection;
use std::fs::File;
use std::path::PathBuf;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Turns that may wait; whoever comes then, waits to be let in.
const QUEUE_MAX: usize = 256;
/// Turns that share a transaction.
const BATCH_MAX: usize = 128;
/// How long a transaction waits for more turns while several come at a time: it costs nearly as much for one as for all. A turn
/// that comes alone does not wait.
const GATHER: Duration = Duration::from_millis(5);

/// What a caller wants done. Given the reason why nothing can be done, it only passes it on.
type Turn = Box<dyn FnOnce(Result<&Connection>) -> Answer + Send>;
/// Tells the caller how it went, once it is known whether the transaction was committed.
type Answer = Box<dyn FnOnce(Result<()>) + Send>;

/// The way to the thread; dropped, it waits for the turns that were let in.
pub(super) struct Writer {
    turns: Option<mpsc::Sender<Turn>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread, which keeps the connection and the daemon's lock.
    pub(super) fn start(path: PathBuf, conn: Connection, lock: Option<File>) -> Result<Self> {
        let (turns, waiting) = mpsc::channel(QUEUE_MAX);
        let thread = std::thread::Builder::new()
            .name("store".into())
            .spawn(move || {
                write(&path, conn, waiting);
                // Last, so that a next daemon finds the database at rest.
                drop(lock);
            })
            .map_err(|fault| StoreError::Unavailable(format!("no thread to write it: {fault}")))?;
        Ok(Self { turns: Some(turns), thread: Some(thread) })
    }

    /// Runs `work` and answers what it gave, after it was committed.
    pub(super) async fn call<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        let stopped = || StoreError::Unavailable("its writer has stopped".into());
        let (answer, answered) = oneshot::channel();
        let turn: Turn = Box::new(move |conn| {
            let done = conn.and_then(|conn| saved(conn, work));
            Box::new(move |committed| {
                // A caller that was dropped meanwhile wants no answer.
                let _ = answer.send(committed.and(done));
            })
        });
        self.turns.as_ref().ok_or_else(stopped)?.send(turn).await.map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.turns = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn write(path: &std::path::Path, conn: Connection, mut waiting: mpsc::Receiver<Turn>) {
    let mut conn = Some(conn);
    let mut busy = false;
    while let Some(turn) = waiting.blocking_recv() {
        if busy {
            std::thread::sleep(GATHER);
        }
        let mut batch = vec![turn];
        while batch.len() < BATCH_MAX
            && let Ok(turn) = waiting.try_recv()
        {
            batch.push(turn);
        }
        busy = batch.len() > 1;
        let mut batch = batch.into_iter();
        while batch.len() > 0 {
            conn = commit(path, conn, &mut batch);
        }
    }
}

/// Runs turns in one transaction and answers them; gives the connection back if it can be trusted. After a fault in the middle,
/// the turns that did not run stay in the batch.
fn commit(
    path: &std::path::Path,
    conn: Option<Connection>,
    batch: &mut std::vec::IntoIter<Turn>,
) -> Option<Connection> {
    let opened = conn.map_or_else(|| open::again(path), Ok);
    let begun = opened.and_then(|conn| {
        conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        Ok(conn)
    });
    let conn = match begun {
        Ok(conn) => conn,
        Err(fault) => {
            tracing::warn!(%fault, turns = batch.len(), "the database did not take {} turns: {fault}", batch.len());
            batch.for_each(|turn| turn(Err(fault.clone()))(Ok(())));
            return None;
        }
    };
    let mut answers = Vec::with_capacity(batch.len());
    let mut whole = true;
    while whole && let Some(turn) = batch.next() {
        answers.push(turn(Ok(&conn)));
        // A full disk or an I/O fault undoes the whole transaction, not the statement alone.
        whole = !conn.is_autocommit();
    }
    let undone =
        || StoreError::Unavailable("the disk is full or failed, and what shared the transaction was undone".into());
    let committed = if whole { finish(&conn) } else { Err(undone()) };
    if let Err(fault) = &committed {
        tracing::warn!(%fault, turns = answers.len(), "the database undid {} turns: {fault}", answers.len());
    }
    for answer in answers {
        answer(committed.clone());
    }
    committed.is_ok().then_some(conn)
}

fn finish(conn: &Connection) -> Result<()> {
    failpoint::pass("store.before_commit");
    conn.prepare_cached("COMMIT")?.execute([])?;
    failpoint::pass("store.after_commit");
    Ok(())
}

/// Runs one turn's work; where it fails, what it did is undone and what others did stays.
fn saved<T>(conn: &Connection, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
    conn.prepare_cached("SAVEPOINT turn")?.execute([])?;
    let done = work(conn);
    if done.is_err() && !conn.is_autocommit() {
        conn.prepare_cached("ROLLBACK TO turn")?.execute([])?;
    }
    if !conn.is_autocommit() {
        conn.prepare_cached("RELEASE turn")?.execute([])?;
    }
    done
}
