//! Every bound that has a name. Bytes unless the name says otherwise; a test reaches each.

use std::time::Duration;

/// Longest id.
pub const ID_BYTES_MAX: usize = 64;

// Fetching
/// Redirects followed for one request.
pub const REDIRECTS_MAX: usize = 5;
/// Time for one request in all, redirects and body included.
pub const FETCH_TIME_MAX: Duration = Duration::from_mins(1);
/// Time to connect, TLS included.
pub const CONNECT_TIME_MAX: Duration = Duration::from_secs(10);
/// Time between two pieces of a body.
pub const BODY_IDLE_MAX: Duration = Duration::from_secs(20);
/// A body after decompression, unless configured.
pub const BODY_BYTES_MAX: usize = 8 << 20;
/// All bodies in flight together, unless configured.
pub const BODIES_BYTES_MAX: usize = 32 << 20;
/// Response headers together.
pub const HEADER_BYTES_MAX: usize = 64 << 10;
/// Bytes of robots.txt that are read (RFC 9309, section 2.5).
pub const ROBOTS_BYTES_MAX: usize = 500 << 10;
/// Longest Retry-After that is obeyed.
pub const RETRY_AFTER_MAX: Duration = Duration::from_hours(24);
/// Longest freshness that is believed.
pub const KEEP_MAX: Duration = Duration::from_hours(30 * 24);
/// Between the end of one request to a domain and the start of the next.
pub const DOMAIN_SPACING: Duration = Duration::from_secs(1);
/// How long a request waits for its turn with a busy domain, and a body for memory, before it is put off.
pub const TURN_WAIT_MAX: Duration = Duration::from_mins(2);
/// Requests under way at once.
pub const FETCHES_MAX: usize = 64;
/// How long a robots.txt is believed (RFC 9309, section 2.4).
pub const ROBOTS_KEEP: Duration = Duration::from_hours(24);
/// How long a robots.txt that could not be read is not asked for again.
pub const ROBOTS_RETRY: Duration = Duration::from_mins(5);
/// All robots.txt that are kept, together.
pub const ROBOTS_CACHE_BYTES_MAX: usize = 4 << 20;
/// A URL that a server redirects to.
pub const LOCATION_BYTES_MAX: usize = 4 << 10;
/// `ETag`, `Last-Modified` or `Content-Type`; a longer one is taken for none, as half of one would be another.
pub const HEADER_VALUE_BYTES_MAX: usize = 1 << 10;

// Parsing
/// Nesting of XML elements; deeper is refused before feed-rs sees it.
pub const XML_DEPTH_MAX: usize = 64;
/// Attributes of one XML element.
pub const XML_ATTRIBUTES_MAX: usize = 256;
/// Sources that have series of their own in `/metrics`.
pub const METRIC_SOURCES_MAX: usize = 1_000;
/// Subscriptions taken from one OPML or CSV file.
pub const SUBSCRIPTIONS_MAX: usize = 100_000;
/// Nesting of HTML elements; deeper is flattened before html5ever sees it, which is quadratic in it.
pub const HTML_DEPTH_MAX: usize = 256;
/// Attributes of one HTML element; further ones are cut before html5ever sees them, which is quadratic in them.
pub const HTML_ATTRIBUTES_MAX: usize = 256;
/// Start tags of `<html>`, `<head>` and `<body>` in one document: html5ever gathers the attributes of them all.
pub const HTML_ROOTS_MAX: usize = 16;
/// A larger document is parsed while no other of its kind is.
pub const SMALL_BYTES_MAX: usize = 1 << 20;
/// Entries of one document that keep all their links; further ones keep the link to their article.
pub const ENTRIES_WHOLE_MAX: usize = 10_000;
/// Entries taken from one document.
pub const ENTRIES_MAX: usize = 100_000;
/// Tags of a page that are read; a tree of more would take too much memory.
pub const PAGE_TAGS_MAX: usize = 100_000;
/// Links taken from one index page.
pub const PAGE_LINKS_MAX: usize = 500;
/// A title.
pub const TITLE_BYTES_MAX: usize = 4 << 10;
/// A summary or content of one entry.
pub const ENTRY_TEXT_BYTES_MAX: usize = 256 << 10;
/// The text of one article.
pub const ARTICLE_TEXT_BYTES_MAX: usize = 1 << 20;
/// Warnings kept of one document.
pub const WARNINGS_MAX: usize = 20;

// Matching
/// Brackets in brackets of a query.
pub const QUERY_DEPTH_MAX: usize = 64;
/// A query as typed.
pub const QUERY_BYTES_MAX: usize = 64 << 10;
/// A name of a list, its id, its topics.
pub const NAME_BYTES_MAX: usize = 1 << 10;
/// Names of all rows of a list together; the rows after them are left out, and that is told.
pub const LIST_NAMES_MAX: usize = 1_000_000;
/// Names of one row of a list; OpenSanctions' longest has some hundreds.
pub const ROW_NAMES_MAX: usize = 1000;
/// Forms derived of one name.
pub const NAME_FORMS_MAX: usize = 512;
/// Hits told of one rule in one article.
pub const HITS_MAX: usize = 200;
/// A sentence around a hit, in code points.
pub const SENTENCE_CHARS_MAX: usize = 400;

// Stories
/// Hashes kept of one article for finding its copies.
pub const SKETCH_HASHES_MAX: usize = 16;
/// Articles whose sketches are held in memory: 150 bytes for each. Of a newsroom that matches more within [`STORY_WINDOW`] the oldest
/// are no longer known as copies.
pub const RECENT_ARTICLES_MAX: usize = 1 << 20;
/// Words of a text that are compared with another: the beginnings, where news is.
pub const COPY_WORDS_MAX: usize = 1200;
/// How often a reader groups again when the story index moved. Each time it did, another reader was done; with a phrase that all of
/// today's articles share (an agency's last line), all readers are in each other's way, and each should get through.
pub const STORY_RETRIES_MAX: usize = 64;
/// How far back copies are looked for.
pub const STORY_WINDOW: Duration = Duration::from_hours(168);
/// Stories that the store names as near one article; those that share most come first.
pub const STORIES_NEAR_MAX: usize = 16;
/// Texts of one story that an article is compared with.
pub const STORY_TEXTS_MAX: usize = 4;
/// Alerts that one digest is made of; the others are counted.
pub const DIGEST_ALERTS_MAX: usize = 2000;
/// Lines of near misses that the store gives a digest; the most frequent come first.
pub const NEAR_MISSES_MAX: usize = 1000;

// Working
/// Rows claimed at once.
pub const CLAIM_MAX: usize = 64;
/// How long a claim on a source or an entry holds.
pub const LEASE: Duration = Duration::from_mins(5);
/// Retries of a page that failed: 1, 5 and 30 minutes after.
pub const PAGE_RETRIES: [Duration; 3] = [Duration::from_mins(1), Duration::from_mins(5), Duration::from_mins(30)];
/// Times that a known entry is read again within [`REREAD_WINDOW`].
pub const REREADS_MAX: u32 = 3;
/// See [`REREADS_MAX`].
pub const REREAD_WINDOW: Duration = Duration::from_hours(48);
/// Retries of a delivery where its channel says nothing else: data, walked in order; after the last one it has expired. More than
/// eight days in all: a server that nobody mends before Monday week loses nothing.
pub const DELIVERY_RETRIES: [Duration; 26] = [
    Duration::from_secs(15),
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(15),
    Duration::from_mins(30),
    Duration::from_hours(1),
    Duration::from_hours(2),
    Duration::from_hours(4),
    Duration::from_hours(8),
    Duration::from_hours(8),
    Duration::from_hours(8),
    Duration::from_hours(12),
    Duration::from_hours(12),
    Duration::from_hours(12),
    Duration::from_hours(12),
    Duration::from_hours(12),
    Duration::from_hours(12),
    Duration::from_hours(12),
    Duration::from_hours(12),
    Duration::from_hours(12),
    Duration::from_hours(12),
    Duration::from_hours(12),
    Duration::from_hours(12),
    Duration::from_hours(12),
    Duration::from_hours(12),
    Duration::from_hours(12),
];
/// Waits of a channel's own retry schedule.
pub const RETRIES_MAX: usize = 100;
/// A silence shorter than this makes no source stale: it outlasts a weekend.
pub const LULL_MIN: Duration = Duration::from_hours(72);
/// A longer one always does.
pub const LULL_MAX: Duration = Duration::from_hours(180 * 24);
/// The longest ordinary silence of a source whose rhythm is not known.
pub const LULL_UNKNOWN: Duration = Duration::from_hours(30 * 24);
/// Sitemaps that are read at one poll of an index.
pub const SITEMAPS_MAX: usize = 3;
/// Feeds of a page that are tried when it is first polled.
pub const FEEDS_TRIED_MAX: usize = 3;
/// Shortest interval of a source on the public web.
pub const EVERY_MIN: Duration = Duration::from_secs(30);
/// Shortest interval that a source adapts to.
pub const ADAPTIVE_MIN: Duration = Duration::from_mins(5);

// Rendering
/// A subject line, in code points.
pub const SUBJECT_CHARS_MAX: usize = 119;
/// Sentences shown of one alert.
pub const SENTENCES_SHOWN_MAX: usize = 8;
/// Days of a rule's alerts that a digest draws.
pub const CHART_DAYS: usize = 14;
/// Sentences shown of one story in a digest.
pub const DIGEST_SENTENCES_SHOWN_MAX: usize = 2;
/// A title as shown, in code points.
pub const TITLE_CHARS_SHOWN_MAX: usize = 300;
/// A name (of a rule, watch, outlet or author) as shown, in code points.
pub const NAME_CHARS_SHOWN_MAX: usize = 80;
/// Outlets or watches named of one story; the rest is counted.
pub const NAMES_SHOWN_MAX: usize = 12;
/// Sources that fail, kinds of near misses, or alerts of a summary that are named; the rest is counted.
pub const LINES_SHOWN_MAX: usize = 30;
/// The digest that tells what came beyond a channel's flood limit; no configured digest has this name.
pub const FLOOD_DIGEST: &str = "flood";
/// Alerts listed by the summary of a flood.
pub const FLOOD_LISTED_MAX: usize = 200;
/// Lines of a notice.
pub const NOTICE_LINES_MAX: usize = 300;
/// A line of a notice, in code points.
pub const NOTICE_LINE_CHARS_MAX: usize = 2000;
/// A link; a longer address is shown as text, cut.
pub const LINK_BYTES_MAX: usize = 2048;
/// A template's file.
pub const TEMPLATE_BYTES_MAX: usize = 256 << 10;
/// Steps of one rendering of a template (minijinja's fuel, which stands for 64 bytes of memory too): a digest of a hundred stories
/// takes some ten thousand.
pub const TEMPLATE_FUEL: u64 = 500_000;
/// What one rendering of a template may give.
pub const TEMPLATE_OUTPUT_BYTES_MAX: usize = 4 << 20;
/// Bytes of a peer's reply that are kept.
pub const REPLY_BYTES_MAX: usize = 1 << 10;

// Configuration
/// One file of the configuration.
pub const CONFIG_FILE_BYTES_MAX: usize = 16 << 20;
/// Files of the configuration directory that are watched for changes.
pub const CONFIG_FILES_WATCHED_MAX: usize = 2000;
/// How often they are looked at; a change takes effect when two looks in a row see the same.
pub const CONFIG_LOOK_EVERY: Duration = Duration::from_secs(1);
/// Files in `conf.d`.
pub const CONFIG_FILES_MAX: usize = 1_000;
/// Faults told of one configuration.
pub const CONFIG_FAULTS_MAX: usize = 1_000;
/// A file that holds a secret.
pub const SECRET_BYTES_MAX: usize = 64 << 10;

// Delivering
/// Connections to one SMTP relay at once.
pub const SMTP_CONNECTIONS_MAX: usize = 8;
/// How long an SMTP connection is kept without work.
pub const SMTP_IDLE_MAX: Duration = Duration::from_mins(1);
/// Time for one SMTP command and its reply, and for each piece of a mail to be taken.
pub const SMTP_COMMAND_TIME_MAX: Duration = Duration::from_mins(1);
/// Time for the reply to the final dot. RFC 5321, section 4.5.3.2.6, asks for ten minutes; a lease has no such patience.
pub const SMTP_ACCEPT_TIME_MAX: Duration = Duration::from_mins(2);
/// A piece of a mail that is written at once.
pub const SMTP_PIECE_BYTES: usize = 64 << 10;
/// One SMTP reply, all its lines together.
pub const SMTP_REPLY_BYTES_MAX: usize = 16 << 10;
/// Time for one message to all its recipients; those not reached by then are tried again.
pub const DELIVER_TIME_MAX: Duration = Duration::from_mins(4);
/// How long the reason of a refusal is waited for, once the refusal itself has come.
pub const REASON_TIME_MAX: Duration = Duration::from_secs(1);
/// Lines kept of the dialogue of `channel test`.
pub const DIALOGUE_LINES_MAX: usize = 200;

// The archive
/// The target, comment or author of a silence, in bytes.
pub const SILENCE_BYTES_MAX: usize = 4 << 10;
/// Articles that get their keys in one write: some ten milliseconds.
pub const KEYS_AT_ONCE: usize = 100;
/// Articles that get their keys in one pass of `run --once`: a few seconds; the rest in the next.
pub const KEYS_IN_A_PASS_MAX: usize = 10_000;
/// Articles that are read from the archive at once: with some ten kilobytes each, a few megabytes.
pub const ARCHIVE_PAGE: usize = 500;

// The status page
/// Rows of one table or list on a page; the rest is a page further, or counted.
pub const PAGE_ROWS_MAX: usize = 100;
/// Alerts on one page.
pub const PAGE_ALERTS_MAX: usize = 40;
/// Sources, deliveries and rules that the overview names; the rest is counted.
pub const OVERVIEW_ROWS_MAX: usize = 12;
/// How long a page, or a question after health, waits for the store.
pub const WEB_ANSWER_TIME_MAX: Duration = Duration::from_secs(10);
/// Memory that trying a password may take, KiB: argon2 takes it while it works.
pub const PASSWORD_KIB_MAX: u32 = 256 << 10;
/// And passes over it.
pub const PASSWORD_PASSES_MAX: u32 = 16;
/// The longest password that is tried.
pub const PASSWORD_BYTES_MAX: usize = 1 << 10;
/// The shortest token.
pub const TOKEN_BYTES_MIN: usize = 16;
/// How long a login holds.
pub const SESSION_TIME_MAX: Duration = Duration::from_hours(12);
/// Wrong passwords from one address before it waits.
pub const LOGINS_FREE: u32 = 5;
/// The longest that an address waits after a wrong password.
pub const LOGIN_WAIT_MAX: Duration = Duration::from_mins(15);
/// Addresses whose wrong passwords are remembered; beyond them the one that has waited longest is forgotten.
pub const LOGIN_ADDRESSES_MAX: usize = 1024;
/// What a form may send.
pub const FORM_BYTES_MAX: usize = 64 << 10;
/// Blocks of an article that its page shows.
pub const BLOCKS_SHOWN_MAX: usize = 400;
/// Code points of an article that its page shows.
pub const TEXT_CHARS_SHOWN_MAX: usize = 200_000;
/// Rules that an article's page explains; another one is asked for by its id.
pub const RULES_EXPLAINED_MAX: usize = 24;
/// Rules that a form lists to choose from.
pub const RULES_LISTED_MAX: usize = 500;
/// A query that the page tries.
pub const TRY_BYTES_MAX: usize = 4 << 10;
/// How long a query is tried; then it says where it stopped, and can go on from there.
pub const TRY_TIME_MAX: Duration = Duration::from_secs(2);
/// Articles that a try shows at once.
pub const TRY_FOUND_MAX: usize = 20;
/// Alerts of a feed.
pub const FEED_ALERTS_MAX: usize = 50;
/// Polls of each source that are remembered, for its page.
pub const POLLS_KEPT: usize = 96;
/// Polls that a strip in the list of sources shows.
pub const STRIP_POLLS_MAX: usize = 32;
/// Connections to the status page at once; further ones wait to be accepted.
pub const WEB_CONNECTIONS_MAX: usize = 64;
/// How long a connection may take to say what it wants, and be idle.
pub const WEB_HEAD_TIME_MAX: Duration = Duration::from_secs(10);
/// How long a connection lives in all, so that a reader who does not read keeps no seat.
pub const WEB_CONNECTION_TIME_MAX: Duration = Duration::from_mins(5);
/// How long answers under way may take when the daemon stops.
pub const WEB_DRAIN_TIME_MAX: Duration = Duration::from_secs(2);
