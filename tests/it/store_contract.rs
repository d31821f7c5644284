//! What every store must do, a function per fact. Each fact gets a place in which it opens stores; it runs once per database.

mod desk;
mod entries;
mod sources;

use std::sync::Arc;
use wirewatch::store::{Sqlite, Store};

/// Where a database is. Opened again, it is the same one.
pub enum Place {
    Sqlite(tempfile::TempDir),
}

impl Place {
    fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    /// Opens it as the daemon does.
    pub fn open(&self) -> Arc<dyn Store> {
        match self {
            Self::Sqlite(dir) => Arc::new(Sqlite::open_exclusive(&dir.path().join("wirewatch.db")).unwrap()),
        }
    }
}

/// Makes each fact a test over each database.
macro_rules! contract {
    ($($group:ident: $($fact:ident)*;)*) => {
        mod over_sqlite {
            $(mod $group {
                $(#[tokio::test]
                async fn $fact() {
                    crate::store_contract::$group::$fact(&crate::store_contract::Place::sqlite()).await;
                })*
            })*
        }
    };
}

contract! {
    sources:
        claims_on_sources_are_exclusive
        an_expired_claim_may_be_taken_and_its_old_token_is_refused
        a_start_makes_all_claims_void
        the_longest_overdue_source_comes_first
        a_poll_changes_how_a_source_is
        a_moved_feed_keeps_its_history
        a_source_taken_out_and_put_back_has_no_second_baseline
        a_restart_resets_no_timer
        a_shorter_interval_takes_effect_at_once_unless_the_source_fails
        a_first_poll_is_told_once;
    entries:
        a_baseline_is_known_and_not_due
        backfilled_entries_of_a_baseline_are_due
        a_known_key_is_never_new
        two_entries_with_one_key_are_one
        a_changed_title_is_read_again_three_times_and_no_more
        a_changed_title_is_not_read_again_after_two_days
        a_change_takes_the_entry_from_whoever_reads_its_old_text
        a_document_without_any_known_entry_is_a_gap
        an_empty_document_is_no_gap
        claims_on_entries_are_exclusive_and_expire
        the_newest_entries_come_first
        a_feed_with_many_entries_waits_behind_the_others
        a_page_that_failed_comes_back_at_its_time
        a_source_taken_out_holds_its_entries;
}
