//! The status page over a real socket: each route answers, strangers' words stay words, strangers' sites are refused, a bad
//! configuration changes nothing, and health tells of a store that is gone.

use crate::store_contract::desk::{
    alerting, at, attempt, due_entries, due_messages, outlet, poll, published, rule, waiting,
};
use arc_swap::ArcSwap;
use jiff::tz::TimeZone;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wirewatch::app::{self, App, accept};
use wirewatch::clock::Clock;
use wirewatch::model::limits::{
    FORM_BYTES_MAX, LOGINS_FREE, OVERVIEW_ROWS_MAX, PAGE_ALERTS_MAX, PAGE_ROWS_MAX, WEB_CONNECTIONS_MAX,
};
use wirewatch::model::{Access, DeliveryState, Hit, HitKind, Secret, SourceState, Zone};
use wirewatch::store::{DeliveryRecord, PollRecord, Polled, Sqlite, Store};
use wirewatch::web::{Desk, Legend, Parts, Reloaded, StatusPage};

/// What a stranger writes wherever he may.
pub(crate) const HOSTILE: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";

/// A configuration of one rule and one watch.
fn legend(access: Access) -> Legend {
    let typed = r#"
        [source.wire]
        url = "https://wire.example/feed"
        [official.wang-yi]
        names = ["Wang Yi", "王毅"]
        [rule.sco]
        title = "SCO security"
        query = "@wang-yi AND NOT football"
    "#;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wirewatch.toml");
    std::fs::write(&file, typed).unwrap();
    let accepted = accept(&file, &[]).unwrap_or_else(|faults| panic!("{faults:?}"));
    let settings = accepted.settings;
    Legend {
        zone: TimeZone::UTC,
        rules: vec![(rule("sco"), "SCO security".into())],
        sources: HashMap::new(),
        access,
        desk: Desk {
            index: Arc::new(accepted.index),
            watches: settings.watches,
            lists: settings.lists,
            rules: settings.rules,
            sources: settings.sources,
            lints: vec![],
        },
    }
}

/// A page that is served until it is dropped.
pub(crate) struct Open {
    pub(crate) address: SocketAddr,
    wishes: mpsc::Receiver<oneshot::Sender<Reloaded>>,
    stop: CancellationToken,
}

impl Open {
    pub(crate) async fn over(store: Arc<dyn Store>) -> Self {
        Self::guarded(store, Access::default()).await
    }

    async fn guarded(store: Arc<dyn Store>, access: Access) -> Self {
        let (reload, wishes) = mpsc::channel(1);
        let legend = Arc::new(ArcSwap::from_pointee(legend(access)));
        let wake = Box::new(|| {});
        let parts = Parts {
            store,
            clock: Clock::standing_at(at(3)),
            legend,
            meter: Arc::default(),
            ticket_key: [7; 32],
            left: Box::new(|_, _, _| vec![]),
            wake,
            trying: Semaphore::new(1),
            reload,
        };
        let page = StatusPage::open("127.0.0.1:0".parse().unwrap(), parts).await.unwrap();
        let (address, stop) = (page.address(), CancellationToken::new());
        TaskTracker::new().spawn(page.serve(stop.clone()));
        Self { address, wishes, stop }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        get(self.address, path).await
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

pub async fn get(address: SocketAddr, path: &str) -> Answer {
    ask(address, &format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")).await
}

pub(crate) async fn post(address: SocketAddr, path: &str, headers: &str) -> Answer {
    let head =
        format!("POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\nConnection: close\r\n{headers}\r\n");
    ask(address, &head).await
}

pub async fn ask(address: SocketAddr, request: &str) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut said = vec![];
    stream.read_to_end(&mut said).await.unwrap();
    let said = String::from_utf8(said).unwrap();
    let (head, body) = said.split_once("\r\n\r\n").expect("a whole answer");
    let code = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { code, head: head.to_ascii_lowercase(), body: body.into() }
}

fn database(folder: &TempDir) -> std::path::PathBuf {
    folder.path().join("wirewatch.db")
}

pub(crate) fn open(folder: &TempDir) -> Arc<dyn Store> {
    Arc::new(Sqlite::open_exclusive(&database(folder)).unwrap())
}

/// A store with an alert that was told, and with a stranger's words wherever a stranger has one.
pub(crate) async fn told(folder: &TempDir) -> Arc<dyn Store> {
    let store = open(folder);
    waiting(&*store, vec![published("n0", 0), published("n1", 0)]).await;
    let due = due_entries(&*store, 2).await;
    let mut reading = alerting(&due[0], 2, 0);
    let alert = &mut reading.alerts[0].alert;
    alert.title = HOSTILE.into();
    alert.url = "javascript:alert(1)".into();
    alert.byline = Some(HOSTILE.into());
    alert.wire = Some(HOSTILE.into());
    alert.language = Some("fa\" onload=\"alert(1)".into());
    alert.rule_title = HOSTILE.into();
    alert.outlets = vec![outlet("wire", "javascript:alert(1)"), outlet("other", "https://other.example/\"><script>")];
    alert.outlets[0].name = HOSTILE.into();
    alert.outlets[1].title = HOSTILE.into();
    alert.hits = vec![Hit {
        watch: Some("wang-yi".into()),
        entry: None,
        topics: vec![],
        kind: HitKind::Name,
        name: HOSTILE.into(),
        text: "<b>王毅</b>".into(),
        zone: Zone::Body,
        block: None,
        start: 4,
        end: 13,
        sentence: format!("{HOSTILE} <b>王毅</b> {HOSTILE}"),
    }];
    reading.alerts[0].owed[0].message.subject = HOSTILE.into();
    store.commit_reading(reading).await.unwrap();
    let due = due_messages(&*store, 2).await;
    let refused =
        DeliveryRecord { reply: HOSTILE.into(), ..attempt(&due[0], "a@desk.example", 2, DeliveryState::Dead) };
    store.record_deliveries(vec![refused], vec![]).await.unwrap();
    let source = crate::store_contract::desk::due_source(&*store, "wire", 2).await;
    let failed = PollRecord {
        polled: Polled::Failed { error: HOSTILE.into() },
        state: SourceState::Failing,
        ..poll(&source, 2)
    };
    store.commit_poll(failed).await.unwrap();
    store
}

#[tokio::test]
async fn every_route_answers_with_its_guards() {
    let folder = tempfile::tempdir().unwrap();
    let open = Open::over(told(&folder).await).await;
    for (path, kind, word) in [
        ("/", "text/html", "The watch is not whole."),
        ("/alerts", "text/html", "/alert/1"),
        ("/alerts?rule=sco", "text/html", "SCO security"),
        ("/alert/1", "text/html", "Whom it was told"),
        ("/sources", "text/html", "failing"),
        ("/sources?state=failing", "text/html", "wire.example"),
        ("/outbox", "text/html", "a@desk.example"),
        ("/outbox?state=sent", "text/html", "No delivery is sent."),
        ("/style.css", "text/css", "prefers-color-scheme"),
        ("/metrics", "text/plain; version=0.0.4", "wirewatch_sources{state=\"failing\"} 1\n"),
        ("/metrics", "text/plain", "wirewatch_deliveries{state=\"dead\"} 1\n"),
        ("/metrics", "text/plain", "wirewatch_rules_always_tried 0\n"),
        ("/-/healthy", "text/plain", "ok\n"),
        ("/-/ready", "text/plain", "ok\n"),
    ] {
        let answer = open.get(path).await;
        assert_eq!(answer.code, 200, "{path}: {answer:?}");
        assert!(answer.head.contains(&format!("content-type: {kind}")), "{path}: {}", answer.head);
        assert!(answer.body.contains(word), "{path} does not say {word:?}:\n{}", answer.body);
        for guard in [
            "content-security-policy: default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cache-control: no-store",
        ] {
            assert!(answer.head.contains(guard), "{path} has no {guard}");
        }
    }
    for path in ["/alert/2", "/alert/x", "/alert/99999999999999999999", "/nothing", "/alerts?rule=NO"] {
        let answer = open.get(path).await;
        assert_eq!(answer.code, 404, "{path}");
        assert!(answer.head.contains("content-security-policy") && answer.body.contains("Not found"), "{path}");
    }
    let head = format!("HEAD / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", open.address);
    let head = ask(open.address, &head).await;
    assert_eq!((head.code, head.body.as_str()), (200, ""));
}

#[tokio::test]
async fn what_strangers_write_stays_words() {
    let folder = tempfile::tempdir().unwrap();
    let open = Open::over(told(&folder).await).await;
    for path in ["/", "/alerts", "/alert/1", "/sources", "/outbox"] {
        let page = open.get(path).await.body;
        assert!(page.contains("&lt;script&gt;alert(1)"), "{path} shows the words");
        for bad in ["<script", "<img src=x", "href=\"javascript:", "onload=\"", "<b>王"] {
            assert!(!page.contains(bad), "{path} holds {bad}:\n{page}");
        }
    }
    let page = open.get("/alert/1").await.body;
    assert!(page.contains("<mark><bdi>&lt;b&gt;王毅&lt;/b&gt;</bdi></mark>"), "the hit is marked:\n{page}");
    assert!(
        page.contains("href=\"https://other.example/%22%3E%3Cscript%3E\" rel=\"noopener noreferrer nofollow\""),
        "{page}"
    );
    let reflected = open.get("/sources?state=%3Cscript%3E&from=%22%3E").await;
    assert!(reflected.code == 200 && !reflected.body.contains("<script"), "{reflected:?}");
}

#[tokio::test]
async fn a_name_that_somebody_points_here_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let open = Open::over(open(&folder)).await;
    let check = async |line: &str, hosts: &[&str], code: u16| {
        let hosts = hosts.iter().map(|host| format!("Host: {host}\r\n")).collect::<Vec<_>>().concat();
        let answer = ask(open.address, &format!("{line}\r\n{hosts}Connection: close\r\n\r\n")).await;
        assert_eq!(answer.code, code, "{line} {hosts}");
        assert!(answer.head.contains("content-security-policy"), "{line} {hosts}");
    };
    check("GET / HTTP/1.1", &["localhost:1"], 200).await;
    check("GET / HTTP/1.1", &["[::1]"], 200).await;
    for path in ["/", "/metrics", "/-/healthy", "/style.css"] {
        check(&format!("GET {path} HTTP/1.1"), &["evil.example"], 421).await;
    }
    check("GET / HTTP/1.1", &[], 400).await;
    check("GET / HTTP/1.1", &["localhost", "evil.example"], 400).await;
    check("GET http://evil.example/ HTTP/1.1", &["localhost"], 421).await;
}

#[tokio::test]
async fn another_site_cannot_ask_for_a_reload() {
    let folder = tempfile::tempdir().unwrap();
    let mut open = Open::over(open(&folder)).await;
    for headers in [
        "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: same-site\r\n",
        "Origin: http://evil.example\r\n",
        "Origin: null\r\n",
        &format!("Sec-Fetch-Site: cross-site\r\nOrigin: http://{}\r\n", open.address),
    ] {
        assert_eq!(post(open.address, "/-/reload", headers).await.code, 403, "{headers}");
    }
    assert_eq!(open.get("/-/reload").await.code, 405);
    assert!(open.wishes.try_recv().is_err(), "the daemon heard of none of them");
    let address = open.address;
    let own = format!("Origin: http://{address}\r\n");
    for headers in ["", "Sec-Fetch-Site: same-origin\r\n", "Sec-Fetch-Site: none\r\n", &own] {
        let daemon = async {
            let wish = open.wishes.recv().await.unwrap();
            wish.send(Reloaded::Accepted(vec!["rule sco changed".into()])).unwrap();
        };
        let (answer, ()) = tokio::join!(post(address, "/-/reload", headers), daemon);
        assert_eq!((answer.code, answer.body.as_str()), (200, "rule sco changed\n"), "{headers}");
    }
    let daemon = async {
        let wish = open.wishes.recv().await.unwrap();
        wish.send(Reloaded::Failed("the store is full".into())).unwrap();
    };
    let (answer, ()) = tokio::join!(post(address, "/-/reload", ""), daemon);
    assert_eq!((answer.code, answer.body.as_str()), (503, "the store is full\n"));
}

/// A configuration that watches nothing, with one rule of this title.
fn configuration(folder: &Path, title: &str) -> String {
    format!(
        "[service]\ndata_dir = {:?}\n[web]\nlisten = \"127.0.0.1:0\"\n[keyword.peace]\nnames = [\"peace\"]\n\
         [rule.peace]\ntitle = {title:?}\nquery = \"@peace\"\n",
        folder.display().to_string()
    )
}

#[tokio::test]
async fn a_reload_with_a_fault_keeps_the_old_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wirewatch.toml");
    std::fs::write(&file, configuration(folder.path(), "The old title")).unwrap();
    let accepted = accept(&file, &[]).unwrap_or_else(|faults| panic!("{faults:?}"));
    let app = App::start(accepted, Clock::system(), true).await.unwrap();
    let page = app.open_page().await;
    let address = page.address().unwrap();
    let asked = async {
        let same = post(address, "/-/reload", "").await;
        assert_eq!((same.code, same.body.as_str()), (200, "nothing changed\n"));

        std::fs::write(&file, configuration(folder.path(), "The new title").replace("query", "qeury")).unwrap();
        let refused = post(address, "/-/reload", "").await;
        assert_eq!(refused.code, 422);
        assert!(refused.body.contains("wirewatch.toml:9:") && refused.body.contains("error["), "{}", refused.body);
        let shown = post(address, "/-/reload", "Accept: text/html\r\n").await;
        assert_eq!(shown.code, 422);
        assert!(shown.body.contains("the old one runs on") && shown.body.contains("<pre"), "{}", shown.body);
        let alerts = get(address, "/alerts").await.body;
        assert!(alerts.contains("The old title") && !alerts.contains("The new title"));

        std::fs::write(&file, configuration(folder.path(), "The new title")).unwrap();
        let changed = post(address, "/-/reload", "").await;
        assert_eq!(changed.code, 200);
        assert!(changed.body.contains("peace"), "{}", changed.body);
        let alerts = get(address, "/alerts").await.body;
        assert!(!alerts.contains("The old title") && alerts.contains("The new title"));
        app.stop();
    };
    let (lived, ()) = tokio::join!(app::live(&app, &file, page), asked);
    lived.unwrap();
}

#[tokio::test]
async fn a_page_whose_address_is_taken_is_told_and_ends_nothing() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wirewatch.toml");
    let address = taken.local_addr().unwrap().to_string();
    std::fs::write(&file, configuration(folder.path(), "A title").replace("127.0.0.1:0", &address)).unwrap();
    let accepted = accept(&file, &[]).unwrap_or_else(|faults| panic!("{faults:?}"));
    let app = App::start(accepted, Clock::system(), true).await.unwrap();
    let page = app.open_page().await;
    assert_eq!(page.address(), None);
    let told = app.summary();
    assert!(told.contains(&format!("no status page: {address} cannot be listened on")), "{told}");
    app.stop();
    app::live(&app, &file, page).await.unwrap();
}

#[tokio::test]
async fn health_tells_of_a_store_that_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let open = Open::over(told(&folder).await).await;
    assert_eq!(open.get("/-/healthy").await.code, 200);
    let other = rusqlite::Connection::open(database(&folder)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let healthy = open.get("/-/healthy").await;
    assert_eq!(healthy.code, 503);
    assert!(healthy.body.contains("another program has been writing to it for too long"), "{}", healthy.body);
    assert_eq!(open.get("/").await.code, 200, "what is stored can still be read");
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(open.get("/-/healthy").await.code, 200, "it is well again");

    other
        .execute_batch("DROP VIEW outbox; ALTER TABLE sources RENAME TO gone; ALTER TABLE alerts RENAME TO gone_too")
        .unwrap();
    for path in ["/", "/alerts", "/alert/1", "/sources", "/outbox"] {
        let answer = open.get(path).await;
        assert_eq!(answer.code, 503, "{path}");
        assert!(answer.body.contains("The database does not answer"), "{path}: {}", answer.body);
    }
    assert_eq!((open.get("/-/ready").await.code, open.get("/metrics").await.code), (503, 503));
}

#[tokio::test]
async fn long_lists_come_page_by_page() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    let entries = (0..=PAGE_ALERTS_MAX).map(|n| published(&format!("n{n}"), 0)).collect();
    waiting(&*store, entries).await;
    let ids: Vec<String> = (0..=PAGE_ROWS_MAX).map(|n| format!("s{n:03}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).chain(["wire"]).collect();
    store.adopt(crate::store_contract::desk::adoption(1, &ids)).await.unwrap();
    for (n, due) in due_entries(&*store, 2).await.iter().enumerate() {
        store.commit_reading(alerting(due, 2, i64::try_from(n).unwrap())).await.unwrap();
    }
    let open = Open::over(store).await;
    let rows = |page: &str| page.matches("role=\"rowheader\"").count();
    let first = open.get("/sources").await.body;
    assert_eq!(rows(&first), PAGE_ROWS_MAX);
    assert!(first.contains("2 more sources") && first.contains("/sources?from=100"), "{first}");
    assert_eq!(rows(&open.get("/sources?from=100").await.body), 2);
    assert_eq!(rows(&open.get("/sources?from=999999").await.body), 0);
    let cards = |page: &str| page.matches("<article class=\"card\"").count();
    let first = open.get("/alerts").await.body;
    assert_eq!(cards(&first), PAGE_ALERTS_MAX);
    let older = first.split("href=\"/alerts?before=").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert_eq!(cards(&open.get(&format!("/alerts?before={older}")).await.body), 1);
    let overview = open.get("/").await.body;
    assert_eq!(rows(&overview), 2 * OVERVIEW_ROWS_MAX, "sources and what is owed");
    assert!(overview.contains("and 29 more deliveries"), "{overview}");
}

#[tokio::test]
async fn a_connection_waits_while_all_seats_are_taken() {
    let folder = tempfile::tempdir().unwrap();
    let open = Open::over(open(&folder)).await;
    let mut seated = vec![];
    for _ in 0..WEB_CONNECTIONS_MAX {
        let mut stream = TcpStream::connect(open.address).await.unwrap();
        // A whole request makes sure that it has its seat; it stays open after the answer.
        stream.write_all(b"GET /style.css HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        assert!(stream.read(&mut [0; 16]).await.unwrap() > 0);
        seated.push(stream);
    }
    let late = TaskTracker::new().spawn(get(open.address, "/-/healthy"));
    // Those who are seated are served meanwhile, over and over; the late one is not.
    let last = seated.last_mut().unwrap();
    let mut heard = vec![0; 64 << 10];
    for _ in 0..50 {
        last.write_all(b"HEAD /-/ready HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        assert!(last.read(&mut heard).await.unwrap() > 0);
    }
    assert!(!late.is_finished(), "more connections than seats are served");
    seated.pop();
    assert_eq!(late.await.unwrap().code, 200);
}

async fn login(address: SocketAddr, password: &str, headers: &str) -> Answer {
    let body = format!("password={password}&next=%2Falerts");
    let head = format!(
        "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n{body}",
        body.len()
    );
    ask(address, &head).await
}

/// A page with the password `long-enough` and a token.
async fn locked(folder: &TempDir) -> Open {
    let hash = wirewatch::text::password::hash("long-enough", &[1; 16]).unwrap();
    let (password, token) = (Some(Secret::new(&hash)), Some(Secret::new("0123456789abcdef")));
    let access = Access { hosts: vec!["watch.example".into()], password, token, proxy: None };
    Open::guarded(told(folder).await, access).await
}

#[tokio::test]
async fn behind_a_password_nothing_is_seen_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let open = locked(&folder).await;
    for path in ["/", "/alerts", "/alert/1", "/sources", "/outbox", "/metrics", "/nothing"] {
        let refused = open.get(path).await;
        assert_eq!(refused.code, 401, "{path}");
        assert!(
            refused.head.contains("www-authenticate: bearer") && !refused.body.contains("alert("),
            "{path}: {refused:?}"
        );
        let ask_page =
            format!("GET {path}?a=b HTTP/1.1\r\nHost: watch.example\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
        let led = ask(open.address, &ask_page).await;
        assert_eq!(led.code, 303, "{path}");
        assert!(led.head.contains("location: /login?next=%2f"), "{}", led.head);
    }
    for path in ["/login", "/style.css", "/-/healthy", "/-/ready"] {
        assert_eq!(open.get(path).await.code, 200, "{path}");
    }
    assert_eq!(post(open.address, "/-/reload", "").await.code, 401);

    let with =
        |header: &str| format!("GET /metrics HTTP/1.1\r\nHost: localhost\r\n{header}\r\nConnection: close\r\n\r\n");
    assert_eq!(ask(open.address, &with("Authorization: Bearer 0123456789abcdef")).await.code, 200);
    assert_eq!(ask(open.address, &with("Authorization: Bearer 0123456789abcdeX")).await.code, 401);

    let wrong = login(open.address, "long-enouph", "").await;
    assert!(wrong.code == 401 && wrong.body.contains("The password is wrong."), "{wrong:?}");
    assert!(!wrong.head.contains("set-cookie"), "{}", wrong.head);
    let stranger = login(open.address, "long-enough", "Sec-Fetch-Site: cross-site\r\n").await;
    assert_eq!(stranger.code, 403, "another site logs nobody in");
    let right = login(open.address, "long-enough", "").await;
    assert_eq!(right.code, 303);
    assert!(
        right.head.contains("location: /alerts\r\n") && right.head.contains("httponly; samesite=strict"),
        "{}",
        right.head
    );
    // The answer's head was made small; the cookie is asked for anew, as it was sent.
    let cookie = set_cookie(open.address).await;
    let seen = ask(open.address, &with(&format!("Cookie: {cookie}"))).await;
    assert_eq!(seen.code, 200);
    let forged = ask(open.address, &with(&format!("Cookie: {}x", &cookie[..cookie.len() - 2]))).await;
    assert_eq!(forged.code, 401);
    let out = ask(open.address, &format!("POST /logout HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")).await;
    assert!(out.code == 303 && out.head.contains("wirewatch_session=; path=/; max-age=0"), "{}", out.head);
}

/// The cookie of a login, as it stands in the answer.
async fn set_cookie(address: SocketAddr) -> String {
    let body = "password=long-enough";
    let request = format!(
        "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).await.unwrap();
    let cookie = said.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    cookie.split(';').next().unwrap().to_string()
}

#[tokio::test]
async fn a_guesser_of_passwords_has_to_wait() {
    let folder = tempfile::tempdir().unwrap();
    let open = locked(&folder).await;
    for _ in 0..LOGINS_FREE {
        assert_eq!(login(open.address, "wrong", "").await.code, 401);
    }
    // The page's clock stands: however often he asks, he waits.
    for password in ["wrong", "long-enough"] {
        let waits = login(open.address, password, "").await;
        assert_eq!(waits.code, 429, "{password}");
        assert!(waits.head.contains("retry-after: 1") && waits.body.contains("Too many wrong passwords"), "{waits:?}");
    }
    let flood = login(open.address, &"x".repeat(FORM_BYTES_MAX), "").await;
    assert!(flood.code == 400 && flood.body.contains("The form was not whole"), "{flood:?}");
}
