//! `wirewatch run`: the daemon; `--once`: one pass over everything due.

use super::configured::configured;
use super::{Failure, say};
use crate::app::{self, App};
use crate::clock::Clock;
use std::path::Path;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// One pass over everything that is due: poll, read, match, deliver, exit
    #[arg(long)]
    once: bool,
}

pub(super) fn run(arguments: &Arguments, path: &Path) -> Result<(), Failure> {
    let accepted = configured(path, true)?;
    app::start_log(&accepted.settings.log);
    let runtime = app::runtime()?;
    if !arguments.once {
        let code = runtime.block_on(app::run(path, accepted)).map_err(Failure::work)?;
        return if code == ExitCode::SUCCESS { Ok(()) } else { Err(Failure::Silent(1)) };
    }
    runtime.block_on(async {
        let app = App::start(accepted, Clock::system(), true).await.map_err(Failure::work)?;
        app.once().await;
        let status = app.store().status().await.map_err(Failure::work)?;
        let outbox = status.outbox;
        let owed = outbox.pending + outbox.retrying + outbox.held;
        let failing = status.sources.iter().filter(|source| source.error.is_some()).count();
        if say::watched() || failing > 0 {
            let read = status.articles.full + status.articles.summary_only;
            let all = status.sources.len();
            say::note(&format!(
                "{all} sources, {failing} of them failing, {read} articles read, {owed} messages still owed"
            ));
        }
        // A source that fails is in `status` and in the coverage; that none could be read is a failure of the pass.
        if failing > 0 && failing == status.sources.len() { Err(Failure::Silent(1)) } else { Ok(()) }
    })
}
