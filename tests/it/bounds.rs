//! The bounds of what is fetched and parsed, and the test that reaches each: a table for people, held to the code.

use std::fs;
use std::path::Path;

/// A limit of `model/limits.rs`, the file of its test, the test.
const BOUNDS: [(&str, &str, &str); 24] = [
    ("BODY_BYTES_MAX", "tests/it/hostile.rs", "documents_that_are_too_large"),
    ("BODIES_BYTES_MAX", "tests/it/fetch/answers.rs", "bodies_wait_for_memory_and_all_come"),
    ("FETCH_TIME_MAX", "tests/it/fetch/hostile.rs", "a_byte_now_and_then_ends_with_the_time_in_all"),
    ("BODY_IDLE_MAX", "tests/it/fetch/hostile.rs", "a_body_that_stops_ends_with_the_time_between_pieces"),
    ("REDIRECTS_MAX", "tests/it/fetch/redirects.rs", "a_circle_is_seen_and_a_long_way_ends"),
    ("LOCATION_BYTES_MAX", "tests/it/fetch/redirects.rs", "no_redirect_leads_to_a_file_or_an_inner_address"),
    ("HEADER_BYTES_MAX", "tests/it/fetch/hostile.rs", "too_many_headers_are_refused"),
    ("FETCHES_MAX", "tests/it/fetch/answers.rs", "only_so_many_requests_are_under_way_at_once"),
    ("TURN_WAIT_MAX", "tests/it/fetch/pace.rs", "who_cannot_have_a_turn_in_time_is_told_to_come_later"),
    ("DOMAIN_SPACING", "tests/it/fetch/pace.rs", "between_two_requests_to_a_domain_is_a_pause_and_others_do_not_wait"),
    ("ROBOTS_BYTES_MAX", "tests/it/fetch/robots.rs", "an_endless_robots_txt_is_read_up_to_its_bound"),
    ("ROBOTS_KEEP", "tests/it/fetch/robots.rs", "it_is_fetched_once_a_day_without_what_is_for_the_pages"),
    ("RETRY_AFTER_MAX", "src/manners/wait.rs", "retry_after_is_read_sanely"),
    ("KEEP_MAX", "src/manners/wait.rs", "max_age_wins_over_expires_and_expires_counts_from_the_servers_own_clock"),
    ("HTML_DEPTH_MAX", "src/text/html/flatten.rs", "nothing_slips_past_the_depth"),
    ("HTML_ATTRIBUTES_MAX", "src/text/html/flatten.rs", "attributes_end_at_their_limit"),
    ("PAGE_LINKS_MAX", "src/parse/page.rs", "links_have_an_end"),
    ("PAGE_TAGS_MAX", "src/parse/page.rs", "of_a_page_of_a_million_tags_the_beginning_is_read"),
    ("ENTRIES_WHOLE_MAX", "src/parse/tests.rs", "entries_have_an_end"),
    ("SITEMAPS_MAX", "tests/it/story/health.rs", "an_index_of_sitemaps_is_followed_to_the_likeliest_of_them"),
    ("LULL_MIN", "src/schedule/tests.rs", "a_source_is_stale_when_it_is_silent_for_far_longer_than_it_usually_is"),
    ("SUBSCRIPTIONS_MAX", "src/parse/opml.rs", "a_list_has_an_end"),
    ("METRIC_SOURCES_MAX", "src/web/metrics.rs", "of_very_many_sources_those_in_need_have_series"),
    ("ADAPTIVE_MIN", "src/schedule/tests.rs", "a_source_without_a_word_adapts_between_its_bounds"),
];

#[test]
fn each_bound_has_its_name_and_the_test_that_reaches_it() {
    let read = |path: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let limits = read("src/model/limits.rs");
    for (limit, file, test) in BOUNDS {
        assert!(limits.contains(&format!("pub const {limit}:")), "{limit} is no limit any more");
        let text = read(file);
        let found = text.contains(&format!("fn {test}("));
        assert!(found, "{limit}: {file} has no test {test} any more");
    }
}
