//! How fast alerts leave: from their commit to the mail server's 250, over one set of kept connections on loopback. In: how many, how
//! many a second. Out: alerts a second from a full outbox, and the percentiles of a steady stream. The daemon's loops run in here.

use super::How;
use super::mail::Mail;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use wirewatch::app::{App, accept};
use wirewatch::clock::Clock;
use wirewatch::deliver;
use wirewatch::model::{
    Alert, Channel, DeliveryState, Hit, HitKind, Message, MessageId, Outlet, RuleId, Severity, StoryId, Zone,
};
use wirewatch::render;
use wirewatch::store::{Owed, Store};

/// Whether the clock of the loops is to stand still.
static STOPPED: AtomicBool = AtomicBool::new(false);
const PER_S_TARGET: f64 = 2000.0;
const P95_S_TARGET: f64 = 1.0;
/// Alerts that share a commit, as those of readers at work side by side do.
const TOGETHER: usize = 32;

pub fn measure(alerts: usize, per_s: usize, seconds: Duration, _: &How) {
    let runtime = wirewatch::app::runtime().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let mail = Mail::open();
        let config = folder.path().join("wirewatch.toml");
        let data = folder.path().join("data");
        let typed = format!("[service]\ndata_dir = \"{}\"\nchannels = [\"sink\"]\n{}", data.display(), mail.channel());
        std::fs::write(&config, typed).unwrap();
        let accepted = accept(&config, &[]).unwrap();
        let channel = accepted.settings.channels[0].clone();
        let app = Arc::new(App::start(accepted, Clock::system(), false).await.unwrap());
        let (loops, bell) = (app.clone(), app.clone());
        let mut running = tokio::task::JoinSet::new();
        running.spawn(async move { loops.forever().await });
        // The doorbell's tick: what comes due is looked for once a second.
        running.spawn(async move {
            while !STOPPED.load(Ordering::Relaxed) {
                tokio::time::sleep(Duration::from_secs(1)).await;
                bell.bells().tick();
            }
        });

        let full = stock(&channel, 0..alerts);
        for together in full.chunks(TOGETHER) {
            app.store().owe(together.to_vec()).await.unwrap();
        }
        let (begun, cpu) = (Instant::now(), super::process::so_far(std::process::id()).cpu_s);
        app.bells().outbox.ring();
        until(|| mail.taken().len() >= alerts).await;
        let (took_s, cpu_s) = (begun.elapsed().as_secs_f64(), super::process::so_far(std::process::id()).cpu_s - cpu);
        let rate = alerts as f64 / took_s;
        println!(
            "{alerts} alerts in the outbox, each to one reader by SMTP, {} connections:\n  \
             {rate:.0} a second (goal {PER_S_TARGET}), {:.2} ms of CPU each, the server's included",
            mail.connections(),
            cpu_s * 1000.0 / alerts as f64
        );
        recorded(app.store().as_ref(), alerts).await;

        let many = per_s * seconds.as_secs() as usize;
        let mut committed = HashMap::new();
        let pause = Duration::from_secs(1) / per_s as u32;
        let begun = Instant::now();
        for (n, owed) in stock(&channel, alerts..alerts + many).into_iter().enumerate() {
            let due = begun + pause * n as u32;
            tokio::time::sleep_until(due.into()).await;
            let id = owed.message.id.as_str().to_string();
            app.store().owe(vec![owed]).await.unwrap();
            committed.insert(id, Clock::system().now().as_millisecond());
            app.bells().outbox.ring();
        }
        until(|| mail.taken().len() >= alerts + many).await;
        let taken = mail.taken();
        let mut took_s: Vec<f64> =
            taken.iter().filter_map(|(id, at)| Some((at - committed.get(id)?) as f64 / 1000.0)).collect();
        assert_eq!(took_s.len(), many, "each alert came once");
        took_s.sort_by(f64::total_cmp);
        let at = |share: f64| took_s[((took_s.len() - 1) as f64 * share) as usize];
        println!(
            "{per_s} alerts a second for {} s, from commit to the server's 250:\n  \
             median {:.3} s, p95 {:.3} s (goal {P95_S_TARGET}), p99 {:.3} s, most {:.3} s",
            seconds.as_secs(),
            at(0.5),
            at(0.95),
            at(0.99),
            at(1.0)
        );
        recorded(app.store().as_ref(), alerts + many).await;
        app.stop();
        STOPPED.store(true, Ordering::Relaxed);
        running.join_all().await;
    });
}

/// Waits for what the server is to have taken.
async fn until(mut so: impl FnMut() -> bool) {
    let patience = Instant::now() + Duration::from_mins(5);
    while !so() {
        assert!(Instant::now() < patience, "this takes too long");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Waits until the ledger knows of every mail that it was taken.
async fn recorded(store: &dyn Store, many: usize) {
    let patience = Instant::now() + Duration::from_mins(1);
    while store.outbox(&[DeliveryState::Sent], usize::from(u16::MAX)).await.unwrap().len() < many {
        assert!(Instant::now() < patience, "what was taken is not recorded");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn stock(channel: &Channel, numbers: std::ops::Range<usize>) -> Vec<Owed> {
    let now = Clock::system().now();
    let owed = |number: usize| {
        let message: Message =
            render::alert(&alert(number), channel, MessageId::of(&["bench", &number.to_string()]), now, None);
        Owed { message, recipients: deliver::recipients(channel), not_before: now, flood: None }
    };
    numbers.map(owed).collect()
}

fn alert(number: usize) -> Alert {
    let now = Clock::system().now();
    let title = format!("Council of Harbours meets for the {number}th time");
    let sentence = "The Council of Harbours said on Monday that Ada Byron would lead its commission on ferries.";
    let hit = |watch: &str, text: &str, start: usize| Hit {
        watch: Some(watch.into()),
        entry: None,
        topics: vec![],
        kind: HitKind::Name,
        name: text.into(),
        text: text.into(),
        zone: Zone::Body,
        block: None,
        start,
        end: start + text.len(),
        sentence: sentence.into(),
    };
    let url = format!("https://courier.example/{number}.html");
    Alert {
        rule: RuleId::new("harbours").unwrap(),
        rule_title: "Harbours".into(),
        severity: Severity::Normal,
        story: StoryId::of(&[&url]),
        title: title.clone(),
        language: Some("en".into()),
        byline: None,
        wire: None,
        published: Some(now),
        matched: now,
        summary_only: false,
        hits: vec![hit("council", "Council of Harbours", 4), hit("byron", "Ada Byron", 44)],
        watch_names: vec![],
        outlets: vec![Outlet {
            source: "courier".into(),
            name: "Courier".into(),
            url: url.clone(),
            title,
            seen: now,
            tier: None,
        }],
        first_seen: now,
        telling: wirewatch::model::Telling::default(),
        url,
    }
}
