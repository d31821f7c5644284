//! The read loop: the article behind an entry is fetched, extracted and matched; what it tells is decided against the stories
//! near it and committed in one transaction with its messages.

use super::evidence::Seen;
use super::line::{Line, run as run_line};
use super::poll::{as_text, outlet};
use super::{Bell, Context, Pass, Plan, route, silences};
use crate::extract;
use crate::failpoint;
use crate::fetch::{Body, FetchError, Request, Room, Want};
use crate::group;
use crate::matching;
use crate::model::limits::{PAGE_RETRIES, STORY_RETRIES_MAX, STORY_WINDOW};
use crate::model::{Alert, Article, Entry, Likeness, Outlet, Source, Step, Suppressed, Validators};
use crate::schedule::later;
use crate::store::{
    CopyRecord, DueEntry, EntryNext, Near, ReadingCommitted, ReadingRecord, Result, StoreError, StoredAlert,
    StoryProbe, StoryRecord,
};
use crate::text;
use futures_util::future::BoxFuture;
use std::sync::Arc;
use url::Url;

/// Readings under way at once, beside the polls. Few of them are at work: the others wait for their page, whose memory is bounded
/// for all together, or for the transaction that they share.
const READERS: usize = 64;

pub(super) async fn run(context: &Context, pass: Pass) {
    run_line::<Readings>(context, pass).await;
}

struct Readings;

impl Line for Readings {
    type Work = DueEntry;
    const NAME: &'static str = "read";

    fn slots(context: &Context) -> usize {
        context.plan.load().concurrency.min(READERS)
    }
    fn bell(context: &Context) -> &Bell {
        &context.bells.read
    }
    fn claim(context: &Context, max: usize) -> BoxFuture<'_, Result<Vec<DueEntry>>> {
        context.store.claim_entries(context.claim(max))
    }
    fn turn(context: Context, due: DueEntry) -> BoxFuture<'static, ()> {
        Box::pin(async move { turn(&context, due).await })
    }
}

/// A page, or why there is none.
enum Page {
    Bytes {
        bytes: Vec<u8>,
        url: Url,
        content_type: Option<String>,
        validators: Box<Validators>,
        /// The body's place in memory, free again when it is dropped.
        room: Room,
    },
    /// Not wanted, or nowhere to be had.
    None,
    /// It may come later.
    Later,
}

async fn turn(context: &Context, due: DueEntry) {
    let plan = context.plan.load_full();
    let Some(source) = plan.sources.get(&due.source).cloned() else { return };
    failpoint::pass("read.claimed");
    let page = page(context, &source, &due).await;
    failpoint::pass("read.fetched");
    let next = match &page {
        Page::Bytes { .. } => EntryNext::Done,
        Page::None => EntryNext::GaveUp,
        Page::Later => match PAGE_RETRIES.get(due.attempts as usize) {
            Some(wait) => EntryNext::RetryAt(later(context.clock.now(), *wait)),
            None => EntryNext::GaveUp,
        },
    };
    let now = context.clock.now();
    let due = Arc::new(due);
    let read = {
        let (plan, source, due) = (Arc::clone(&plan), Arc::clone(&source), Arc::clone(&due));
        let bytes = if let Page::Bytes { bytes, .. } = &page { bytes.len() } else { 0 };
        context.think(bytes, move || understand(&plan, &source, &due, page, now)).await
    };
    let read = match read {
        Ok(read) => read,
        // A page that breaks a stage is left; the feed's own text is matched.
        Err(_) => {
            let (plan, source, again) = (Arc::clone(&plan), Arc::clone(&source), Arc::clone(&due));
            match context.think(0, move || understand(&plan, &source, &again, Page::None, now)).await {
                Ok(read) => read,
                // Neither its page nor the feed's own words can be read: it is stored as that, once, and not tried for ever.
                Err(_) => Understood {
                    article: Article {
                        url: due.entry.link.clone().unwrap_or_default(),
                        title: text::cut(due.entry.title.as_deref().unwrap_or_default(), 200),
                        method: "unreadable".into(),
                        ..Article::default()
                    },
                    reading: matching::Reading::default(),
                    sketch: vec![],
                    fetched: now,
                    validators: Validators::default(),
                },
            }
        }
    };
    commit(context, &plan, &source, &due, read, next).await;
}

async fn page(context: &Context, source: &Source, due: &DueEntry) -> Page {
    let link = due.entry.link.as_deref().filter(|_| source.read_pages).and_then(|link| Url::parse(link).ok());
    let Some(url) = link else { return Page::None };
    let request = Request {
        url: &url,
        own: &source.url,
        validators: None,
        options: &source.request,
        want: Want::Page,
        robots: source.robots,
    };
    match context.net.load_full().get(request).await {
        Ok(fetched) => match fetched.body {
            Body::Bytes(bytes) => Page::Bytes {
                bytes,
                url: fetched.url,
                content_type: fetched.content_type,
                validators: Box::new(fetched.validators),
                room: fetched.room,
            },
            Body::NotModified => Page::Later,
        },
        Err(error) => {
            tracing::info!(source = %due.source, url = %url, %error, "{}: a page cannot be read: {error}", due.source);
            if never(&error) { Page::None } else { Page::Later }
        }
    }
}

/// Whether asking again is of no use.
fn never(error: &FetchError) -> bool {
    error.for_good() || error.blocked()
}

/// An article and what was found in it.
struct Understood {
    article: Article,
    reading: matching::Reading,
    /// Of an article that matched.
    sketch: Vec<u32>,
    /// When its text came, and what the server gave with it.
    fetched: jiff::Timestamp,
    validators: Validators,
}

fn understand(plan: &Plan, source: &Source, due: &DueEntry, page: Page, now: jiff::Timestamp) -> Understood {
    let entry = &due.entry;
    let language = entry.language.as_deref().or(due.source_language.as_deref());
    // The feed's own text was fetched when the entry was first seen.
    let (mut article, fetched, validators) = match page {
        Page::Bytes { bytes, url, content_type, validators, room } => {
            let article = from_page(source, entry, &bytes, &url, content_type.as_deref(), language);
            drop((bytes, room));
            (article, now, *validators)
        }
        Page::None | Page::Later => (extract::from_entry(entry, language), due.first_seen, Validators::default()),
    };
    text::language::settle(&mut article, source.language.as_deref());
    let reading = plan.index.read(&as_text(source, entry, &article, now));
    let sketch = if reading.matches.is_empty() { vec![] } else { text::copy::sketch(&article.text) };
    Understood { article, reading, sketch, fetched, validators }
}

/// The article of a page; where the page gave less than the feed's own text, that, under the page's name.
fn from_page(
    source: &Source,
    entry: &Entry,
    bytes: &[u8],
    url: &Url,
    content_type: Option<&str>,
    language: Option<&str>,
) -> Article {
    let about = extract::Context { url: Some(url), content_type, select: Some(&source.select), entry: Some(entry) };
    let mut article = extract::article(bytes, &about);
    if !article.complete {
        let own = extract::from_entry(entry, language);
        if own.text.chars().count() > article.text.chars().count() {
            article.set_zones(own.zones);
            article.method = own.method;
        }
        if !own.title.is_empty() {
            article.title = own.title;
        }
    }
    if article.title.is_empty() {
        article.title = entry.title.clone().unwrap_or_default();
    }
    article.published = article.published.or(entry.published);
    article.modified = article.modified.or(entry.updated);
    article.language = article.language.or_else(|| language.map(ToString::to_string));
    article
}

async fn commit(context: &Context, plan: &Plan, source: &Source, due: &DueEntry, read: Understood, next: EntryNext) {
    for _ in 0..STORY_RETRIES_MAX {
        let record = match record(context, plan, source, due, &read, next).await {
            Ok(record) => record,
            Err(fault) => {
                tracing::error!(source = %due.source, %fault, "{}: the stories cannot be asked", due.source);
                return;
            }
        };
        let alerts = record.alerts.iter().filter(|alert| alert.suppressed.is_none()).count();
        failpoint::pass("read.decided");
        match context.store.commit_reading(record).await {
            Ok(ReadingCommitted::Done) => {
                failpoint::pass("read.committed");
                context.bells.keys.ring();
                if alerts > 0 {
                    context.bells.outbox.ring();
                    tracing::info!(source = %due.source, alerts, url = %read.article.url, "{}: {alerts} alerts: {}", due.source, read.article.title);
                }
                return;
            }
            // Another reader told the same story in the same moment: look again, and join it.
            Ok(ReadingCommitted::StoryMoved) => {}
            Err(StoreError::LeaseLost) => return,
            Err(fault) => {
                tracing::error!(source = %due.source, %fault, "{}: a reading could not be stored; it is done again", due.source);
                return;
            }
        }
    }
    tracing::warn!(source = %due.source, "{}: the stories kept moving; the article is read again when its lease has run out", due.source);
}

async fn record(
    context: &Context,
    plan: &Plan,
    source: &Source,
    due: &DueEntry,
    read: &Understood,
    next: EntryNext,
) -> Result<ReadingRecord> {
    let now = context.clock.now();
    let mut record = ReadingRecord {
        entry: due.id,
        lease: due.lease,
        now,
        source: due.source.clone(),
        article: read.article.clone(),
        matches: read.reading.matches.clone(),
        near_misses: read.reading.near_misses.clone(),
        story: None,
        alerts: vec![],
        copies: vec![],
        too_old: false,
        next,
    };
    if record.matches.is_empty() {
        return Ok(record);
    }
    let urls = group::addresses(&read.article, &source.id, &due.entry.key);
    let since = now.checked_sub(STORY_WINDOW).unwrap_or(jiff::Timestamp::MIN);
    let near = context.store.near(StoryProbe { urls: urls.clone(), sketch: read.sketch.clone(), since }).await?;
    let seen = Seen {
        source: source.id.as_str(),
        article: &read.article,
        fetched: read.fetched,
        validators: &read.validators,
    };
    let silences = silences::of(context, &as_text(source, &due.entry, &read.article, now), &record.matches).await?;
    let silenced: Vec<_> = silences.iter().map(|silence| silence.as_ref().map(silences::suppressed)).collect();
    for (matched, silence) in read.reading.matches.iter().zip(&silences) {
        record.near_misses.extend(silence.iter().map(|silence| (matched.rule.clone(), silences::words(silence))));
    }
    let asked = group::Read {
        article: &read.article,
        urls: &urls,
        matches: &read.reading.matches,
        outlet: outlet(source, due.source_title.as_deref(), &read.article, now),
        baseline: false,
        silenced: &silenced,
        max_age: source.max_age.unwrap_or(plan.max_age),
        first_seen: due.first_seen,
        now,
    };
    let decision = group::decide(&asked, &nearby(&near), plan);
    record.too_old = decision.alerts.iter().any(|(_, why)| matches!(why, Some(Suppressed::TooOld { .. })));
    for copy in decision.copies {
        let copied = Copied { plan, near: &near, seen, outlet: &asked.outlet, likeness: decision.likeness, now };
        record.copies.push(copied.record(copy));
    }
    let known = near.stories.iter().find(|story| story.id == decision.story);
    let mut told: Vec<&Alert> = known.map_or(vec![], |story| {
        story.alerts.iter().filter(|stored| is_told(stored)).map(|stored| &stored.alert).collect()
    });
    for (alert, why) in &decision.alerts {
        let matched = Step::Matched { evidence: seen.evidence(plan, &alert.rule, &alert.hits) };
        record.alerts.push(route::alert(plan, alert.clone(), matched, why.clone(), &told, now));
        if why.is_none() {
            told.push(alert);
        }
    }
    record.story = Some(StoryRecord { id: decision.story, seq: near.seq, urls, sketch: read.sketch.clone() });
    Ok(record)
}

fn nearby(near: &Near) -> Vec<group::Nearby<'_>> {
    near.stories
        .iter()
        .map(|story| group::Nearby {
            id: &story.id,
            first_seen: story.first_seen,
            same_url: story.same_url,
            texts: story.texts.iter().map(String::as_str).collect(),
            alerts: story.alerts.iter().map(known).collect(),
        })
        .collect()
}

fn known(stored: &StoredAlert) -> group::Known<'_> {
    let told = is_told(stored);
    group::Known { id: stored.id, alert: &stored.alert, told, open: told && !stored.begun }
}

/// What an article that is one of a known story changes, and what it is judged by.
struct Copied<'a> {
    plan: &'a Plan,
    near: &'a Near,
    seen: Seen<'a>,
    outlet: &'a Outlet,
    likeness: Option<Likeness>,
    now: jiff::Timestamp,
}

impl Copied<'_> {
    fn record(&self, copy: group::Copy) -> CopyRecord {
        let Self { plan, near, seen, .. } = *self;
        let group::Copy { id, alert, change } = copy;
        let story = near.stories.iter().find(|story| story.alerts.iter().any(|stored| stored.id == id));
        let of_story = || story.into_iter().flat_map(|story| &story.alerts);
        let stored = of_story().find(|stored| stored.id == id);
        let told = stored.is_some_and(is_told);
        let earlier: Vec<&Alert> =
            of_story().filter(|other| is_told(other) && other.id < id).map(|other| &other.alert).collect();
        let evidence = || seen.evidence(plan, &alert.rule, &alert.hits);
        let mut record = CopyRecord {
            alert_id: id,
            steps: vec![],
            rewritten: vec![],
            digests: vec![],
            owed: vec![],
            alert: alert.clone(),
        };
        match change {
            group::Change::Substance { gained, correction } => {
                record.steps.push(Step::Changed { gained, correction, evidence: evidence() });
                let ways = route::update(plan, &alert, &earlier, self.now);
                (record.owed, record.digests) = (ways.owed, ways.digests);
                record.steps.extend(ways.steps);
                return record;
            }
            group::Change::Completed => record.steps.push(Step::Completed { evidence: evidence() }),
            group::Change::Outlet { leads } => {
                let likeness = self.likeness.unwrap_or(Likeness { same_url: true, shared: 0, of: 0 });
                record.steps.push(Step::Merged { outlet: self.outlet.clone(), likeness, leads });
            }
        }
        let waiting = stored.map_or(&[][..], |stored| &stored.waiting);
        record.rewritten = route::rewritten(plan, &alert, waiting, &earlier);
        if told && matches!(change, group::Change::Outlet { .. }) {
            record.digests = route::copy_digests(plan, &alert, &record.rewritten);
        }
        record
    }
}

fn is_told(stored: &StoredAlert) -> bool {
    stored.suppressed.is_none()
}
