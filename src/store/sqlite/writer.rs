//! The one thread that writes. In: turns, from a bounded queue. Out: each turn's answer, once it is on the disk.
//! It runs all that wait in one transaction; where one of them fails halfway, it runs them again, each in a savepoint of its own.

use super::{chain, open};
use crate::failpoint;
use crate::store::{Result, StoreError};
use rusqlite::Connection;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Turns that may wait; whoever comes then, waits to be let in.
const QUEUE_MAX: usize = 256;
/// Turns that share a transaction.
const BATCH_MAX: usize = 128;
/// While several turns come at a time, a transaction waits for more as long as each pause brings one, and for so many pauses at
/// most: it costs nearly as much for one turn as for all. A turn that comes alone does not wait.
const PAUSE: Duration = Duration::from_millis(2);
const PAUSES_MAX: usize = 30;

/// What a caller wants done.
trait Turn: Send {
    /// Does it; `false`: it failed, perhaps halfway. It is asked again only when what it did was undone.
    fn run(&mut self, conn: &Connection) -> bool;
    /// Tells the caller how it went, once it is known whether the transaction was committed.
    fn answer(self: Box<Self>, committed: Result<()>);
}

struct Call<T, F> {
    work: F,
    done: Result<T>,
    caller: oneshot::Sender<Result<T>>,
}

impl<T: Send, F: FnMut(&Connection) -> Result<T> + Send> Turn for Call<T, F> {
    fn run(&mut self, conn: &Connection) -> bool {
        self.done = (self.work)(conn);
        self.done.is_ok()
    }

    fn answer(self: Box<Self>, committed: Result<()>) {
        // A caller that was dropped meanwhile wants no answer.
        let _ = self.caller.send(committed.and(self.done));
    }
}

/// The way to the thread; dropped, it waits for the turns that were let in.
pub(super) struct Writer {
    turns: Option<mpsc::Sender<Box<dyn Turn>>>,
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
        F: FnMut(&Connection) -> Result<T> + Send + 'static,
    {
        let stopped = || StoreError::Unavailable("its writer has stopped".into());
        let (caller, answered) = oneshot::channel();
        let turn = Box::new(Call { work, done: Err(stopped()), caller });
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

fn write(path: &Path, conn: Connection, mut waiting: mpsc::Receiver<Box<dyn Turn>>) {
    let mut conn = Some(conn);
    let mut busy = false;
    while let Some(turn) = waiting.blocking_recv() {
        let mut batch = gather(&mut waiting, turn, busy);
        busy = batch.len() > 1;
        while !batch.is_empty() {
            conn = commit(path, conn, &mut batch);
        }
    }
}

/// The turns that share the next transaction.
fn gather(waiting: &mut mpsc::Receiver<Box<dyn Turn>>, first: Box<dyn Turn>, busy: bool) -> Vec<Box<dyn Turn>> {
    let mut batch = vec![first];
    for pause in 0..=PAUSES_MAX {
        let before = batch.len();
        while batch.len() < BATCH_MAX
            && let Ok(turn) = waiting.try_recv()
        {
            batch.push(turn);
        }
        let coming = pause == 0 || batch.len() > before;
        if !busy || !coming || batch.len() == BATCH_MAX || pause == PAUSES_MAX {
            break;
        }
        std::thread::sleep(PAUSE);
    }
    batch
}

/// Runs turns in one transaction and answers them; gives the connection back if it can be trusted. After a fault in the middle,
/// the turns that did not run stay in the batch.
fn commit(path: &Path, conn: Option<Connection>, batch: &mut Vec<Box<dyn Turn>>) -> Option<Connection> {
    let begun = conn.map_or_else(|| open::again(path), Ok).and_then(|conn| {
        execute(&conn, "BEGIN IMMEDIATE")?;
        let ran = if together(&conn, batch) {
            batch.len()
        } else {
            if !conn.is_autocommit() {
                execute(&conn, "ROLLBACK")?;
            }
            execute(&conn, "BEGIN IMMEDIATE")?;
            apart(&conn, batch)?
        };
        Ok((conn, ran))
    });
    let (conn, ran) = match begun {
        Ok(begun) => begun,
        Err(fault) => {
            tracing::warn!(%fault, turns = batch.len(), "the database did not take {} turns: {fault}", batch.len());
            batch.drain(..).for_each(|turn| turn.answer(Err(fault.clone())));
            return None;
        }
    };
    let undone =
        || StoreError::Unavailable("the disk is full or failed, and what shared the transaction was undone".into());
    // A full disk or an I/O fault undoes the whole transaction, not the statement alone.
    let committed = if conn.is_autocommit() { Err(undone()) } else { finish(&conn) };
    if let Err(fault) = &committed {
        tracing::warn!(%fault, turns = ran, "the database undid {ran} turns: {fault}");
    }
    for turn in batch.drain(..ran) {
        turn.answer(committed.clone());
    }
    committed.is_ok().then_some(conn)
}

/// Runs all turns; `false` where one that failed had changed something, or lost the transaction: all is to be undone. Those that
/// fail before that, as most do, are in nobody's way.
fn together(conn: &Connection, batch: &mut [Box<dyn Turn>]) -> bool {
    batch.iter_mut().all(|turn| {
        let before = conn.total_changes();
        turn.run(conn) || (conn.total_changes() == before && !conn.is_autocommit())
    })
}

/// Runs turns, each in a savepoint: where one fails, what it did is undone and what others did stays. Answers how many ran, which
/// are fewer where the transaction was lost.
fn apart(conn: &Connection, batch: &mut [Box<dyn Turn>]) -> Result<usize> {
    for (before, turn) in batch.iter_mut().enumerate() {
        execute(conn, "SAVEPOINT turn")?;
        let done = turn.run(conn);
        if conn.is_autocommit() {
            return Ok(before + 1);
        }
        if !done {
            execute(conn, "ROLLBACK TO turn")?;
        }
        execute(conn, "RELEASE turn")?;
    }
    Ok(batch.len())
}

fn finish(conn: &Connection) -> Result<()> {
    chain::extend(conn)?;
    failpoint::pass("store.before_commit");
    execute(conn, "COMMIT")?;
    failpoint::pass("store.after_commit");
    Ok(())
}

fn execute(conn: &Connection, sql: &str) -> Result<()> {
    conn.prepare_cached(sql)?.execute([])?;
    Ok(())
}
