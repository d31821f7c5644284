//! The poll loop: a due source is fetched and parsed, and what is new in it is stored with its health and next check.

use super::ask::{Asked, ask};
use super::evidence::Seen;
use super::line::{Line, run as run_line};
use super::{Bell, Context, Pass, Plan, notices};
use crate::extract;
use crate::failpoint;
use crate::group;
use crate::heap;
use crate::matching;
use crate::model::limits::ENTRIES_WHOLE_MAX;
use crate::model::{Article, Entry, Failing, Feed, Outlet, Source, SourceState, Step, Validators};
use crate::render::Notice;
use crate::schedule::{self, Told};
use crate::store::{BaselineRecord, DueSource, PollRecord, Polled, Result, StoreError};
use crate::text;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use std::sync::atomic::Ordering;

/// Permanent redirects to one place, in a row, until that is where the source is.
const MOVED_AFTER: u32 = 3;

pub(super) async fn run(context: &Context, pass: Pass) {
    run_line::<Polls>(context, pass).await;
}

struct Polls;

impl Line for Polls {
    type Work = DueSource;
    const NAME: &'static str = "poll";

    fn slots(context: &Context) -> usize {
        context.plan.load().concurrency
    }
    fn bell(context: &Context) -> &Bell {
        &context.bells.poll
    }
    fn claim(context: &Context, max: usize) -> BoxFuture<'_, Result<Vec<DueSource>>> {
        let mut claim = context.claim(max);
        claim.now = context.began.map_or(claim.now, |began| claim.now.min(began));
        context.store.claim_sources(claim)
    }
    fn turn(context: Context, due: DueSource) -> BoxFuture<'static, ()> {
        Box::pin(async move { turn(&context, due).await })
    }
}

async fn turn(context: &Context, due: DueSource) {
    let plan = context.plan.load_full();
    // Taken out of the configuration since it was claimed: the adoption has disabled it, and the claim runs out.
    let Some(source) = plan.sources.get(&due.id).cloned() else { return };
    failpoint::pass("poll.claimed");
    let began = context.clock.now();
    let asked = ask(context, &plan, &source, &due).await;
    failpoint::pass("poll.asked");
    let polls = match &asked.polled {
        Polled::Read { .. } => &context.meter.polls_read,
        Polled::Failed { .. } => &context.meter.polls_failed,
        Polled::Unchanged => &context.meter.polls_unchanged,
    };
    polls.add(context.clock.now().duration_since(began).unsigned_abs());
    let record = record(context, &plan, &source, &due, asked);
    let many = matches!(&record.polled, Polled::Read { entries, .. } if entries.len() > ENTRIES_WHOLE_MAX);
    match context.store.commit_poll(record).await {
        Ok(committed) => {
            failpoint::pass("poll.committed");
            context.meter.entries.fetch_add(committed.new as u64, Ordering::Relaxed);
            if committed.due > 0 {
                context.bells.read.ring();
            }
            if committed.gap {
                tracing::warn!(source = %due.id, "{}: no known entry was left: something may have been missed", due.id);
            }
            tracing::debug!(source = %due.id, new = committed.new, "{}: {} new", due.id, committed.new);
        }
        Err(StoreError::LeaseLost) => {
            tracing::info!(source = %due.id, "{}: the poll took longer than its lease", due.id);
        }
        Err(fault) => {
            tracing::error!(source = %due.id, %fault, "{}: the poll could not be stored; it is done again", due.id);
        }
    }
    if many {
        heap::trim();
    }
}

/// What would have alerted, had the daemon run before: matched on the feed's own text, its pages not fetched.
pub(super) fn baseline(
    plan: &Plan,
    source: &Source,
    feed: &Feed,
    validators: &Validators,
    now: Timestamp,
) -> BaselineRecord {
    let mut newest: Vec<&Entry> = feed.entries.iter().collect();
    newest.sort_by_key(|entry| std::cmp::Reverse(entry.published.or(entry.updated)));
    let (read, rest) = newest.split_at(newest.len().min(source.backfill as usize));
    let mut alerts = vec![];
    // A feed brings its whole past at once, and hardly any of it matches.
    for entry in rest.iter().filter(|entry| may_match(plan, source, entry, now)) {
        let mut article = extract::from_entry(entry, feed.feed.language.as_deref());
        text::language::settle(&mut article, source.language.as_deref());
        let reading = plan.index.read(&as_text(source, entry, &article, now));
        if reading.matches.is_empty() {
            continue;
        }
        let urls = group::addresses(&article, &source.id, &entry.key);
        let outlet = outlet(source, feed.feed.title.as_deref(), &article, now);
        let read = group::Read {
            article: &article,
            urls: &urls,
            matches: &reading.matches,
            outlet,
            baseline: true,
            silenced: &[],
            max_age: plan.max_age,
            first_seen: now,
            now,
        };
        let seen = Seen { source: source.id.as_str(), article: &article, fetched: now, validators };
        for (alert, _) in group::decide(&read, &[], plan).alerts {
            let matched = Step::Matched { evidence: seen.evidence(plan, &alert.rule, &alert.hits) };
            alerts.push((alert, matched));
        }
    }
    BaselineRecord { read: read.iter().map(|entry| entry.key.clone()).collect(), articles: rest.len(), alerts }
}

/// Whether an entry may match: it has one of the words that any rule or watch knows, or a rule asks for no words at all. Cheaper
/// than to make an article of it and look.
fn may_match(plan: &Plan, source: &Source, entry: &Entry, now: Timestamp) -> bool {
    if plan.asks_language {
        return true;
    }
    // On one line, more is found than in the article, where lines and blocks part names: nothing that the article has is missed.
    let known = |text: &str| plan.index.knows(&text.replace('\n', " "));
    if entry.title.as_deref().is_some_and(known)
        || [&entry.summary, &entry.content].into_iter().flatten().any(|html| known(&text::html::plain(html)))
    {
        return true;
    }
    // Without a word, only rules match that need none.
    if plan.index.rules_always_tried() == 0 {
        return false;
    }
    let names = entry.authors.iter().filter_map(|author| author.name.as_deref().or(author.email.as_deref()));
    let wordless = Article {
        url: entry.link.clone().unwrap_or_default(),
        byline: Some(names.collect::<Vec<_>>().join(", ")),
        published: entry.published,
        ..Article::default()
    };
    !plan.index.read(&as_text(source, entry, &wordless, now)).matches.is_empty()
}

/// An article as matching reads it.
pub(super) fn as_text<'a>(
    source: &'a Source,
    entry: &'a Entry,
    article: &'a Article,
    now: Timestamp,
) -> matching::Text<'a> {
    matching::Text {
        title: &article.title,
        text: &article.text,
        zones: &article.zones,
        url: &article.url,
        language: article.language.as_deref(),
        author: article.byline.as_deref().or_else(|| entry.authors.iter().find_map(|person| person.name.as_deref())),
        tags: &source.tags,
        source: source.id.as_str(),
        published: article.published,
        tier: source.tier,
        now,
    }
}

/// The outlet that a source is, with its article.
pub(super) fn outlet(source: &Source, feed_title: Option<&str>, article: &Article, seen: Timestamp) -> Outlet {
    let named = source.name.as_deref().or(feed_title).or(article.site_name.as_deref()).map(text::one_line);
    let name = named.filter(|name| !name.is_empty()).or_else(|| source.url.host_str().map(ToString::to_string));
    Outlet {
        source: source.id.as_str().to_string(),
        name: text::cut(&name.unwrap_or_else(|| source.id.to_string()), 80),
        url: article.url.clone(),
        title: article.title.clone(),
        seen,
        tier: source.tier,
    }
}

fn record(context: &Context, plan: &Plan, source: &Source, due: &DueSource, asked: Asked) -> PollRecord {
    let now = context.clock.now();
    let before =
        schedule::Before { failures: due.failures, told_failing: due.told_failing, told_stale: due.told_stale };
    let stale = due.baselined && schedule::is_stale(due.last_new, due.lull, now);
    let health = schedule::judge(before, &asked.outcome, asked.blocked, stale);
    let spread = context.spread(due.id.as_str());
    let next =
        schedule::next_check(&source.cadence, &asked.outcome, due.interval, health.failures, plan.policy, spread, now);
    let after_gap = schedule::after_gap(&source.cadence, next, now);
    let moved_to = asked.moved_to.map(String::from);
    let moved_count = match &moved_to {
        Some(to) if due.moved_to.as_ref() == Some(to) => due.moved_count + 1,
        Some(_) => 1,
        None => 0,
    };
    let moved = moved_to.clone().filter(|_| moved_count >= MOVED_AFTER);
    // A feed that was found on its page is elsewhere by its user's leave.
    let elsewhere = !due.discovered && asked.found.is_none() && (moved.is_some() || due.url != source.url.as_str());
    let state = if health.state == SourceState::Ok && elsewhere { SourceState::Moved } else { health.state };
    let remark = remark(state, source, moved.as_deref().unwrap_or(&due.url), due.last_new);
    let error = match &asked.polled {
        Polled::Failed { error } => Some(error.as_str()),
        _ => None,
    };
    if let Some(error) = error {
        tracing::warn!(source = %due.id, error, "{}: {error}", due.id);
    }
    let mut owed = vec![];
    let about = [due.id.as_str(), &now.to_string()];
    if let Some(told) = health.tell {
        let why = error.or(remark.as_deref()).unwrap_or_default();
        let notice = told_notice(told, source, state, due.since.unwrap_or(now), why, now);
        owed.extend(notices::owed(&notice, &about, plan, None, now));
    }
    let (id, from) = (source.id.as_str(), source.url.as_str());
    if let Some(url) = &moved {
        owed.extend(notices::owed(&Notice::source_moved(&named(source), id, from, url), &about, plan, None, now));
    }
    let found = asked.found.map(String::from);
    if let Some(url) = &found {
        owed.extend(notices::owed(&Notice::source_found(&named(source), id, from, url), &about, plan, None, now));
    }
    let gone = state == SourceState::Gone;
    PollRecord {
        source: due.id.clone(),
        lease: due.lease,
        now,
        polled: asked.polled,
        state,
        told_failing: health.told_failing,
        told_stale: health.told_stale,
        remark,
        // 410: it said itself that it will not come back. A changed URL in the configuration begins anew.
        next_check_at: if gone { Timestamp::MAX } else { next.at },
        interval: next.interval,
        after_gap: Some((after_gap.at, after_gap.interval)),
        learned: asked.learned,
        url: found.or(moved),
        moved_count,
        moved_to,
        owed,
    }
}

fn told_notice(
    told: Told,
    source: &Source,
    state: SourceState,
    since: Timestamp,
    error: &str,
    now: Timestamp,
) -> Notice {
    let id = source.id.as_str();
    let zone = jiff::tz::TimeZone::UTC;
    match told {
        Told::Failing | Told::Stale => {
            let failing =
                Failing { source: id.into(), state: state.as_str().into(), since: Some(since), error: error.into() };
            Notice::source_failing(&named(source), &failing, &zone, now)
        }
        Told::Recovered => Notice::source_recovered(&named(source), id, Some(since), &zone, now),
        Told::Fresh => Notice::source_fresh(&named(source), id),
    }
}

/// What the status says of a source that answers and is not as it should be.
fn remark(state: SourceState, source: &Source, url: &str, last_new: Option<Timestamp>) -> Option<String> {
    match state {
        SourceState::Stale => {
            let last = last_new?.strftime("%Y-%m-%d %H:%M UTC");
            Some(format!(
                "nothing new since {last}, far longer than is usual here: look whether the site has another address by now"
            ))
        }
        SourceState::Moved => Some(format!("it is at {url} now: change the url of [source.{}]", source.id)),
        _ => None,
    }
}

fn named(source: &Source) -> String {
    source.name.clone().unwrap_or_else(|| source.id.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::Policy;
    use crate::store::Kept;
    use std::sync::Arc;
    use std::time::Duration;

    const RULES: &str = r#"
        [source.wire]
        url = "https://wire.example/feed"
        tags = ["valley"]
        [official.wang-yi]
        names = ["Wang Yi"]
        [rule.named]
        query = "@wang-yi AND NOT football"
        [rule.wordless]
        query = "tag:valley AND author:Byron"
        [rule.address]
        query = "url:harvest"
        [channel.out]
        type = "stdout"
    "#;

    fn plan(more: &str) -> (Plan, Source) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("wirewatch.toml");
        std::fs::write(&file, format!("[service]\ndata_dir = \"/tmp\"\nchannels = [\"out\"]\n{RULES}{more}")).unwrap();
        let accepted = crate::app::accept(&file, &[]).unwrap_or_else(|faults| panic!("{faults:?}"));
        let settings = accepted.settings;
        let plan = Plan {
            sources: std::collections::HashMap::default(),
            index: Arc::new(accepted.index),
            rules: settings.rules.iter().map(|rule| (rule.id.clone(), rule.clone())).collect(),
            asks_language: Plan::asks_language(&settings.watches, &settings.lists, &settings.rules),
            channels: std::collections::HashMap::default(),
            notify: vec![],
            latin_names: std::collections::HashMap::default(),
            reach: super::super::Reach::default(),
            versions: super::super::Versions::default(),
            policy: Policy { every_max: Duration::from_hours(6) },
            max_age: Duration::from_hours(168),
            kept: Kept { articles: Duration::MAX, ledger: Duration::MAX, keys: Duration::MAX },
            concurrency: 1,
            settles: false,
        };
        (plan, settings.sources[0].clone())
    }

    /// The rules that the first poll of a feed with this one entry would have alerted.
    fn alerted(more: &str, entry: Entry) -> Vec<String> {
        let (plan, source) = plan(more);
        let feed = Feed { entries: vec![entry], ..Feed::default() };
        let baseline = baseline(&plan, &source, &feed, &Validators::default(), "2026-03-02T08:00:00Z".parse().unwrap());
        baseline.alerts.iter().map(|(alert, _)| alert.rule.to_string()).collect()
    }

    fn entry(title: &str, summary: &str) -> Entry {
        let link = Some("https://wire.example/a".to_string());
        Entry { title: Some(title.into()), summary: Some(summary.into()), link, ..Entry::default() }
    }

    #[test]
    fn what_a_first_poll_passes_over_would_not_have_matched() {
        assert_eq!(alerted("", entry("Wang Yi speaks", "")), ["named"]);
        assert_eq!(alerted("", entry("Talks", "<p>Today <b>Wang</b>\nYi&#39;s plane landed.</p>")), ["named"]);
        assert_eq!(alerted("", entry("Talks", "<p>Wang Yi and football.</p>")), [""; 0]);
        assert_eq!(alerted("", entry("Talks", "Nobody came.")), [""; 0]);
        let author = crate::model::Person { name: Some("Ada Byron".into()), ..Default::default() };
        assert_eq!(alerted("", Entry { authors: vec![author], ..entry("Talks", "Nobody came.") }), ["wordless"]);
        let link = Some("https://wire.example/harvest/1".to_string());
        assert_eq!(alerted("", Entry { link, ..entry("Talks", "Nobody came.") }), ["address"]);
    }

    #[test]
    fn a_rule_for_a_language_sees_every_entry_of_a_first_poll() {
        let rule = "[rule.language]\nquery = \"lang:ru AND tag:valley\"\n";
        let russian = "Встреча прошла за закрытыми дверями и продолжалась до поздней ночи, рассказали журналистам.";
        assert_eq!(alerted(rule, entry("Встреча", russian)), ["language"]);
        assert_eq!(alerted("", entry("Встреча", russian)), [""; 0]);
    }
}
