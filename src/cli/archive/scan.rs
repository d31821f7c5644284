//! The archive gone over on all cores, the newest article first. In: a store and what is done with an article. Out: what came of
//! each, in order. While one page of articles is worked on, the next is read.

use crate::cli::Failure;
use crate::model::Wanted;
use crate::model::limits::ARCHIVE_PAGE;
use crate::store::{ArchiveQuery, Archived, Sqlite, Store};
use jiff::Timestamp;
use std::ops::ControlFlow;
use std::sync::mpsc;
use std::thread;

/// Goes over the articles that were read since then and may hold what is `wanted` (all, where that is `None`). `work` is called by many threads at once; `take` gets what it made of each,
/// the newest article's first, with how many articles were looked at so far, and ends the scan early by [`ControlFlow::Break`].
///
/// # Errors
/// [`Failure::Work`] where the database cannot be read.
pub(in crate::cli) fn scan<T: Send>(
    store: &Sqlite,
    since: Timestamp,
    wanted: Option<&Wanted>,
    work: impl Fn(Archived) -> T + Sync,
    mut take: impl FnMut(T, usize) -> ControlFlow<()>,
) -> Result<(), Failure> {
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let (send, pages) = mpsc::sync_channel::<Result<Vec<Archived>, Failure>>(1);
    thread::scope(|scope| {
        scope.spawn(move || read(store, since, wanted, &send));
        let mut seen = 0;
        for page in &pages {
            let mut shares = shares(page?, cores);
            let first = shares.pop().unwrap_or_default();
            let work = &work;
            let done: Vec<Vec<T>> = thread::scope(|scope| {
                let others: Vec<_> = shares
                    .into_iter()
                    .map(|share| scope.spawn(move || share.into_iter().map(work).collect::<Vec<T>>()))
                    .collect();
                let last: Vec<T> = first.into_iter().map(work).collect();
                let others = others
                    .into_iter()
                    .map(|share| share.join().unwrap_or_else(|fault| std::panic::resume_unwind(fault)));
                others.chain(std::iter::once(last)).collect()
            });
            for made in done.into_iter().flatten() {
                seen += 1;
                if take(made, seen).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    })
}

/// Reads page by page, until there is no more or nobody wants one.
fn read(
    store: &Sqlite,
    since: Timestamp,
    wanted: Option<&Wanted>,
    pages: &mpsc::SyncSender<Result<Vec<Archived>, Failure>>,
) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(fault) => {
            let _ = pages.send(Err(fault.into()));
            return;
        }
    };
    let mut before = None;
    loop {
        let page =
            runtime.block_on(store.archive(ArchiveQuery { before, since, wanted: wanted.cloned(), max: ARCHIVE_PAGE }));
        let page = page.map_err(Failure::work);
        let last = page.as_ref().map_or(None, |page| page.last().map(|article| article.id));
        if (page.is_ok() && last.is_none()) || pages.send(page).is_err() || last.is_none() {
            return;
        }
        before = last;
    }
}

/// The page in as many parts as there are cores, in order.
fn shares(mut page: Vec<Archived>, cores: usize) -> Vec<Vec<Archived>> {
    let share = page.len().div_ceil(cores).max(1);
    let mut shares = vec![];
    while page.len() > share {
        let rest = page.split_off(share);
        shares.push(std::mem::replace(&mut page, rest));
    }
    shares.push(page);
    shares
}
