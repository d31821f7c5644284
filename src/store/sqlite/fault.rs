//! SQLite's faults, sorted by what the caller does next. In: an error code. Out: wait, or call a person, in plain words.

use crate::store::StoreError;
use rusqlite::ErrorCode;

impl From<rusqlite::Error> for StoreError {
    fn from(fault: rusqlite::Error) -> Self {
        match fault.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(format!(
                "the database is damaged ({fault}): `wirewatch recover` puts it aside and saves what can be read of it, \
                 `wirewatch restore FILE` goes back to a backup"
            )),
            Some(ErrorCode::DiskFull) => Self::Unavailable("the disk is full".into()),
            Some(ErrorCode::ReadOnly) => Self::Unavailable(format!("it cannot be written ({fault})")),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Self::Unavailable("another program has been writing to it for too long".into())
            }
            Some(
                ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::PermissionDenied
                | ErrorCode::OutOfMemory
                | ErrorCode::FileLockingProtocolFailed
                | ErrorCode::OperationAborted
                | ErrorCode::OperationInterrupted,
            ) => Self::Unavailable(fault.to_string()),
            // Left are faults of this program, or tables that are not as it made them: waiting mends neither.
            _ => Self::Unusable(format!("the database is not as this wirewatch made it: {fault}")),
        }
    }
}
