//! The daemon's database at its start: opened, and first recovered where it is damaged, which is told. A desk that is blind until
//! somebody has time for it is worse off than one whose database lacks some rows and says so.

use super::systemd;
use crate::render::Notice;
use crate::store::{Recovered, Sqlite, StoreError};
use crate::worker::{self, Context};
use jiff::Timestamp;
use std::path::Path;
use tokio_util::sync::CancellationToken;

/// A database that is ready.
pub(super) struct Opened {
    pub(super) store: Sqlite,
    pub(super) damaged: CancellationToken,
    /// What was saved, if it had to be recovered first.
    pub(super) recovered: Option<Recovered>,
}

/// Opens it as the one daemon that may.
pub(super) fn open(file: &Path, now: Timestamp) -> Result<Opened, StoreError> {
    let (store, recovered) = match Sqlite::open_exclusive(file) {
        Err(StoreError::Damaged(why)) => {
            tracing::error!("{why}; what can be read of it is brought into a new one, which may take minutes");
            systemd::recovering();
            let recovered = Sqlite::recover(file, now)?;
            (Sqlite::open_exclusive(file)?, Some(recovered))
        }
        opened => (opened?, None),
    };
    Ok(Opened { damaged: store.damaged(), store, recovered })
}

/// Tells the log and `[service] notify` what was saved.
pub(super) async fn tell(context: &Context, recovered: &Recovered) {
    let lines = recovered.told();
    tracing::error!("the database was damaged and has been recovered: {}", lines.join(" "));
    let (now, plan) = (context.clock.now(), context.plan.load_full());
    let notice = Notice::database_recovered(&lines);
    let owed = worker::owed_notices(&notice, &["recovered", &now.to_string()], &plan, None, now);
    if let Err(fault) = context.store.owe(owed).await {
        tracing::error!(%fault, "the recovery could not be told: {fault}");
    }
}
