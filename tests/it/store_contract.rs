//! What every store must do, a function per fact. Each fact gets a place in which it opens stores; it runs once per database.

mod alerts;
mod archive;
pub mod desk;
mod digests;
mod entries;
mod files;
mod outbox;
mod sources;
mod stories;
mod sweep;

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

    /// Opens it as a command does that only looks.
    pub fn open_for_reading(&self) -> Arc<dyn Store> {
        match self {
            Self::Sqlite(dir) => Arc::new(Sqlite::open_for_reading(&dir.path().join("wirewatch.db")).unwrap()),
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
        a_first_poll_is_told_once
        a_clock_set_back_holds_up_nothing;
    entries:
        a_baseline_is_known_and_not_due
        a_baseline_of_thousands_is_known_whole
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
    stories:
        a_reading_without_matches_is_kept_as_an_article
        near_finds_a_story_by_url_and_by_text
        near_gives_the_likeliest_texts_of_a_story_and_no_more_than_its_limit
        near_names_those_that_share_most_and_no_more_than_its_limit
        a_story_changed_meanwhile_refuses_the_reading
        a_story_that_shares_nothing_refuses_nothing
        sixteen_readers_of_one_wire_make_one_alert
        an_alert_that_near_cannot_see_is_seen_after_the_refusal
        a_refused_reading_leaves_nothing
        copies_rewrite_a_message_that_waits
        copies_never_rewrite_a_message_that_went_out
        an_article_read_in_full_is_not_replaced_by_a_summary
        a_lost_lease_stores_nothing;
    digests:
        a_window_is_claimed_when_it_closes
        an_alert_is_told_by_one_digest_once
        a_copy_that_comes_while_a_digest_is_made_is_told_by_the_next
        a_digest_says_what_was_watched
        near_misses_are_counted_once_per_article
        near_misses_beyond_the_limit_are_the_rarest
        what_waits_for_a_digest_that_is_gone_goes_to_another
        a_digest_of_very_many_alerts_counts_the_rest
        a_digest_that_closes_sooner_by_new_configuration_closes_sooner;
    outbox:
        each_recipient_has_a_delivery_of_its_own
        a_message_owed_twice_is_sent_once
        a_message_waits_for_its_time
        a_channel_with_a_rate_is_sent_to_no_faster
        a_disabled_channel_holds_and_lets_go
        a_dead_channel_does_not_starve_another
        a_lost_claim_on_a_message_records_nothing
        a_message_whose_sender_died_may_arrive_twice
        a_message_given_up_that_arrived_all_the_same_has_arrived
        a_dead_message_can_be_tried_again
        what_a_record_owes_is_owed_with_it
        long_replies_are_cut_between_letters
        the_outbox_lists_the_newest_first;
    alerts:
        an_alert_has_its_whole_record
        a_digest_is_on_the_record_of_the_alerts_it_told
        alerts_are_found_by_rule_and_page_by_page
        alerts_are_counted_by_rule_and_hour;
    archive:
        articles_are_found_newest_first_and_page_by_page
        articles_are_found_by_their_keys_and_those_without_are_among_them;
    sweep:
        a_sweep_deletes_what_is_old_and_keeps_what_is_owed
        an_alert_keeps_its_article
        keys_age_by_documents_and_not_by_the_clock
        a_source_long_gone_is_forgotten;
    files:
        a_store_opened_again_finds_everything
        turns_of_many_callers_are_all_committed;
}
