//! What a source answers. In: a due source. Out: its document, or why there is none, and what scheduling needs to know.
//! An index of sitemaps is followed to its sitemaps, and a page that is polled for the first time to the feed that it offers.

use super::poll::baseline;
use super::{Context, Plan};
use crate::extract;
use crate::fetch::{Body, FetchError, Fetched, Request, Room, Want};
use crate::model::limits::{FEEDS_TRIED_MAX, SITEMAPS_MAX};
use crate::model::{Feed, PollOutcome, Source, SourceKind, Validators};
use crate::parse;
use crate::schedule;
use crate::store::{DueSource, Learned, Polled};
use crate::text;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// What came of asking a source.
pub(super) struct Asked {
    pub(super) polled: Polled,
    pub(super) outcome: PollOutcome,
    pub(super) blocked: bool,
    /// Where it has moved for good.
    pub(super) moved_to: Option<Url>,
    /// The feed that its page offers, which was read instead.
    pub(super) found: Option<Url>,
    pub(super) learned: Learned,
}

impl Asked {
    fn failed(error: String, blocked: bool) -> Self {
        let outcome = PollOutcome::Failed { retry_after: None, for_good: false };
        Self::without(Polled::Failed { error }, outcome, blocked)
    }

    fn refused(error: &FetchError) -> Self {
        let outcome = PollOutcome::Failed { retry_after: error.retry_after(), for_good: error.for_good() };
        Self::without(Polled::Failed { error: error.to_string() }, outcome, error.blocked())
    }

    fn without(polled: Polled, outcome: PollOutcome, blocked: bool) -> Self {
        Self { polled, outcome, blocked, moved_to: None, found: None, learned: Learned::default() }
    }
}

/// Asks it, and follows where it leads.
pub(super) async fn ask(context: &Context, plan: &Arc<Plan>, source: &Arc<Source>, due: &DueSource) -> Asked {
    let Ok(url) = Url::parse(&due.url) else { return Asked::failed(format!("{} is no URL", due.url), false) };
    let validators = (due.validators != Validators::default()).then_some(&due.validators);
    let fetched = match get(context, source, &url, validators).await {
        Ok(fetched) => fetched,
        Err(error) => return Asked::refused(&error),
    };
    let Fetched { body, url, content_type, validators, keep, moved_to, room } = fetched;
    let Body::Bytes(bytes) = body else {
        return Asked { moved_to, ..Asked::without(Polled::Unchanged, PollOutcome::Unchanged { keep }, false) };
    };
    let now = context.clock.now();
    let document = Document { bytes, url, content_type, _room: room };
    let read = {
        let (plan, source, due, given) = (Arc::clone(plan), Arc::clone(source), due.clone(), validators.clone());
        context.think(document.bytes.len(), move || document.read(&plan, &source, &due, &given, now)).await
    };
    match read {
        Err(error) => Asked::failed(error, false),
        Ok(Read::Feed(feed, baseline)) => answer(*feed, baseline, validators, keep, moved_to, now),
        Ok(Read::Index(feed)) => {
            let read = sitemaps(context, plan, source, due, *feed, now).await;
            // That the index has not changed does not say that its sitemaps have not.
            read.map_or_else(
                |asked| *asked,
                |(feed, baseline)| answer(feed, baseline, Validators::default(), keep, moved_to, now),
            )
        }
        Ok(Read::Offers { feeds, page }) => {
            for url in feeds {
                if let Some(asked) = offered(context, plan, source, due, &url, now).await {
                    return asked;
                }
            }
            match *page {
                Ok((feed, baseline)) => answer(feed, baseline, validators, keep, moved_to, now),
                Err(Refused { why, blocked }) => Asked::failed(why, blocked),
            }
        }
        Ok(Read::Refused(Refused { why, blocked })) => Asked::failed(why, blocked),
    }
}

async fn get(
    context: &Context,
    source: &Source,
    url: &Url,
    validators: Option<&Validators>,
) -> Result<Fetched, FetchError> {
    let options = &source.request;
    let request = Request { url, own: &source.url, validators, options, want: Want::Feed, robots: false };
    context.net.load_full().get(request).await
}

type Baseline = Option<crate::store::BaselineRecord>;

/// A document that came.
struct Document {
    bytes: Vec<u8>,
    url: Url,
    content_type: Option<String>,
    /// The body's place in memory, free again when it is dropped.
    _room: Room,
}

/// What a document is.
enum Read {
    Feed(Box<Feed>, Baseline),
    /// An index of sitemaps.
    Index(Box<Feed>),
    /// A page that offers feeds, polled for the first time; and itself.
    Offers {
        feeds: Vec<Url>,
        page: Box<Result<(Feed, Baseline), Refused>>,
    },
    Refused(Refused),
}

/// Why a document is none for us.
struct Refused {
    why: String,
    /// It is a check for robots.
    blocked: bool,
}

impl Document {
    fn about(&self) -> parse::Context<'_> {
        parse::Context { url: Some(&self.url), content_type: self.content_type.as_deref() }
    }

    fn read(self, plan: &Plan, source: &Source, due: &DueSource, given: &Validators, now: Timestamp) -> Read {
        let kind = match (source.kind, due.format.as_deref()) {
            // What was a feed and now is a page is no list of news: it is an error page, or a check for robots.
            (SourceKind::Auto, Some(format)) if format != "page" => SourceKind::Feed,
            (kind, _) => kind,
        };
        let parsed = parse::document(&self.bytes, &self.about(), kind, &source.select);
        let feeds = self.offers(source, due, kind, &parsed);
        let refused = feeds.is_empty() && parsed.as_ref().err().is_some_and(is_other_page) && self.is_captcha();
        let own = self.url.clone();
        // The body's place is free again once it is parsed.
        drop(self);
        let read = match parsed {
            Ok(feed) if feed.version == "sitemapindex" => return Read::Index(Box::new(feed)),
            Ok(feed) => {
                let baseline = (!due.baselined).then(|| baseline(plan, source, &feed, given, now));
                Ok((feed, baseline))
            }
            Err(fault) => Err(Refused {
                why: if refused {
                    let host = own.host_str().unwrap_or("the site");
                    format!(
                        "{host} asks whether a human reads (a captcha): ask its owner for access, or look for another address"
                    )
                } else {
                    fault.to_string()
                },
                blocked: refused,
            }),
        };
        match read {
            page if !feeds.is_empty() => Read::Offers { feeds, page: Box::new(page) },
            Ok((feed, baseline)) => Read::Feed(Box::new(feed), baseline),
            Err(refused) => Read::Refused(refused),
        }
    }

    /// The feeds that are declared by a page whose user did not say what it is, when it is polled for the first time.
    fn offers(
        &self,
        source: &Source,
        due: &DueSource,
        kind: SourceKind,
        parsed: &Result<Feed, parse::ParseError>,
    ) -> Vec<Url> {
        let is_page = parsed.as_ref().map_or_else(is_other_page, |feed| feed.format == "page");
        if due.baselined || kind != SourceKind::Auto || source.select.links.is_some() || !is_page {
            return vec![];
        }
        let declared = parse::discover(&self.bytes, &self.about());
        let declared = declared.into_iter().filter(|link| link.rel.as_deref() == Some("alternate"));
        declared.filter_map(|link| Url::parse(&link.href).ok()).take(FEEDS_TRIED_MAX).collect()
    }

    fn is_captcha(&self) -> bool {
        if self.bytes.len() > CAPTCHA_BYTES_MAX {
            return false;
        }
        let about = extract::Context {
            url: Some(&self.url),
            content_type: self.content_type.as_deref(),
            select: None,
            entry: None,
        };
        extract::article(&self.bytes, &about).method == "captcha"
    }
}

/// A page that is larger is no check for robots.
const CAPTCHA_BYTES_MAX: usize = 256 << 10;

/// Whether a document is a web page, though none with a list of news.
fn is_other_page(fault: &parse::ParseError) -> bool {
    matches!(fault, parse::ParseError::NotAFeed(_) | parse::ParseError::NoLinks)
}

/// A feed that a page offers, if it is one.
async fn offered(
    context: &Context,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    due: &DueSource,
    url: &Url,
    now: Timestamp,
) -> Option<Asked> {
    let Fetched { body, url, content_type, validators, keep, room, .. } =
        get(context, source, url, None).await.inspect_err(|fault| tracing::info!(source = %due.id, %fault, "{}: a feed that its page offers cannot be read: {fault}", due.id)).ok()?;
    let Body::Bytes(bytes) = body else { return None };
    let document = Document { bytes, url: url.clone(), content_type, _room: room };
    let (plan, source, given) = (Arc::clone(plan), Arc::clone(source), validators.clone());
    let read = context.think(document.bytes.len(), move || {
        let feed = parse::feed(&document.bytes, &document.about());
        drop(document);
        feed.map(|feed| {
            let baseline = baseline(&plan, &source, &feed, &given, now);
            (feed, baseline)
        })
    });
    let (feed, baseline) = read.await.ok()?.ok()?;
    if feed.entries.is_empty() {
        return None;
    }
    let asked = answer(feed, Some(baseline), validators, keep, None, now);
    Some(Asked { learned: Learned { discovered: true, ..asked.learned }, found: Some(url), ..asked })
}

/// The entries of the likeliest sitemaps of an index; fails if none of them can be read.
async fn sitemaps(
    context: &Context,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    due: &DueSource,
    mut index: Feed,
    now: Timestamp,
) -> Result<(Feed, Baseline), Box<Asked>> {
    let mut fault = None;
    let mut read = 0;
    let listed: Vec<Url> =
        index.feed.links.iter().filter_map(|link| Url::parse(&link.href).ok()).take(SITEMAPS_MAX).collect();
    for url in &listed {
        let fetched = match get(context, source, url, None).await {
            Ok(fetched) => fetched,
            Err(error) => {
                fault.get_or_insert(Asked::refused(&error));
                continue;
            }
        };
        let Fetched { body: Body::Bytes(bytes), url, content_type, room, .. } = fetched else { continue };
        let place = url.to_string();
        let document = Document { bytes, url, content_type, _room: room };
        let parsed =
            context.think(document.bytes.len(), move || parse::sitemap(&document.bytes, &document.about())).await;
        match parsed.and_then(|parsed| parsed.map_err(|fault| fault.to_string())) {
            Ok(feed) => {
                read += 1;
                index.entries.extend(feed.entries);
            }
            Err(error) => {
                fault.get_or_insert(Asked::failed(format!("{place}: {error}"), false));
            }
        }
    }
    match fault {
        Some(fault) if read == 0 => return Err(Box::new(fault)),
        None if read == 0 => {
            return Err(Box::new(Asked::failed("this is an index of sitemaps that lists none".into(), false)));
        }
        _ => {}
    }
    let (plan, source, baselined) = (Arc::clone(plan), Arc::clone(source), due.baselined);
    let judged = context.think(0, move || {
        let baseline = (!baselined).then(|| baseline(&plan, &source, &index, &Validators::default(), now));
        (index, baseline)
    });
    judged.await.map_err(|error| Box::new(Asked::failed(error, false)))
}

/// How many of the newest entries tell a source's rhythm.
const NEWEST: usize = 20;

fn answer(
    feed: Feed,
    baseline: Baseline,
    validators: Validators,
    keep: Option<Duration>,
    moved_to: Option<Url>,
    now: Timestamp,
) -> Asked {
    let mut published: Vec<Timestamp> =
        feed.entries.iter().filter_map(|entry| entry.published.or(entry.updated)).filter(|at| *at <= now).collect();
    published.sort_unstable_by(|a, b| b.cmp(a));
    published.truncate(NEWEST);
    let keep = keep.max(feed.ttl_s.map(Duration::from_secs));
    let learned = Learned {
        format: Some(feed.version).filter(|version| !version.is_empty()).or(Some(feed.format)),
        lull: schedule::lull(&published),
        newest: published.first().copied(),
        discovered: false,
    };
    Asked {
        polled: Polled::Read {
            validators,
            title: feed.feed.title.map(|title| text::cut(&text::one_line(&title), 80)),
            language: feed.feed.language,
            entries: feed.entries,
            baseline,
        },
        outcome: PollOutcome::Read { keep, published },
        blocked: false,
        moved_to,
        found: None,
        learned,
    }
}
