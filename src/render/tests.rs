//! Invented alerts and digests, and how they are shown.

use super::*;
use crate::model::{
    ChannelId, ChannelKind, Coverage, Delivery, DeliveryState, DigestGroup, Failing, Hit, HitKind, ListId, ListLoaded,
    NearMiss, Outlet, Recipient, RuleId, StoryId, Telling, Zone, limits,
};
use jiff::tz::TimeZone;
use serde_json::json;

fn at(rfc3339: &str) -> Timestamp {
    rfc3339.parse().unwrap()
}

pub(super) fn hit(watch: &str, text: &str, start: usize, sentence: &str) -> Hit {
    Hit {
        watch: Some(watch.into()),
        entry: None,
        topics: vec![],
        kind: HitKind::Name,
        name: text.into(),
        text: text.into(),
        zone: Zone::Body,
        block: None,
        start,
        end: start + text.chars().count(),
        sentence: sentence.into(),
    }
}

fn outlet(source: &str, name: &str, title: &str, seen: &str) -> Outlet {
    Outlet {
        source: source.into(),
        name: name.into(),
        url: format!("https://{source}.example/news/2024/05/24/{}", source.len()),
        title: title.into(),
        seen: at(seen),
        tier: Some(1),
    }
}

pub(super) fn alert() -> Alert {
    let title = "Wang Yi urges solidarity in Astana";
    let first = "Foreign ministers of the Shanghai Cooperation Organization (SCO) met in Astana on Monday, and Wang Yi called on them “to stand together” against interference.";
    let second =
        "Mr Wang said that the SCO would set up a joint centre against drug trafficking by the end of the year.";
    Alert {
        rule: RuleId::new("sco-security").unwrap(),
        rule_title: "SCO security".into(),
        severity: Severity::High,
        story: StoryId::of(&["https://daryo.example/news/2024/05/24/5"]),
        title: title.into(),
        url: "https://daryo.example/en/2024/05/24/wang-yi-urges-solidarity?from=feed&lang=en".into(),
        language: Some("en".into()),
        byline: Some("Aziza Karimova".into()),
        wire: Some("Xinhua".into()),
        published: Some(at("2024-05-24T09:05:00Z")),
        matched: at("2024-05-24T09:09:12Z"),
        summary_only: false,
        hits: vec![
            Hit { zone: Zone::Title, ..hit("wang-yi", "Wang Yi", 0, title) },
            hit("sco", "Shanghai Cooperation Organization", 25, first),
            hit("wang-yi", "Wang Yi", 97, first),
            Hit { kind: HitKind::Weak, name: "Wang".into(), ..hit("wang-yi", "Wang", 163, second) },
            hit("sco", "SCO", 182, second),
            Hit { watch: None, kind: HitKind::Word, ..hit("", "drug trafficking", 219, second) },
        ],
        watch_names: vec![
            ("wang-yi".into(), "Wang Yi".into()),
            ("sco".into(), "Shanghai Cooperation Organization".into()),
        ],
        outlets: vec![
            outlet("daryo", "Daryo", title, "2024-05-24T09:08:00Z"),
            outlet("xinhua", "Xinhua", "Wang Yi calls for unity", "2024-05-24T09:02:00Z"),
            outlet("kun", "Kun.uz", "Van I birdamlikka chaqirdi", "2024-05-24T09:11:00Z"),
            outlet("gazeta", "Gazeta.uz", "Ван И призвал к единству", "2024-05-24T09:15:00Z"),
        ],
        first_seen: at("2024-05-24T09:02:00Z"),
        telling: Telling::default(),
    }
}

fn chinese() -> Alert {
    let title = "王毅出席上海合作组织成员国外长理事会会议";
    let sentence = "中国外交部长王毅在阿斯塔纳表示，上海合作组织应加强安全合作，共同打击恐怖主义、分裂主义和极端主义，王毅还会见了乌兹别克斯坦外长。";
    Alert {
        story: StoryId::of(&["zh"]),
        severity: Severity::Normal,
        title: title.into(),
        url: "https://xinhua.example/20240524/外长.html".into(),
        language: Some("zh".into()),
        byline: None,
        wire: None,
        summary_only: true,
        hits: vec![
            Hit { zone: Zone::Title, ..hit("wang-yi", "王毅", 0, title) },
            Hit { zone: Zone::Title, ..hit("sco", "上海合作组织", 4, title) },
            hit("wang-yi", "王毅", 6, sentence),
            hit("sco", "上海合作组织", 16, sentence),
            hit("wang-yi", "王毅", 49, sentence),
        ],
        outlets: vec![outlet("xinhua", "新华社", title, "2024-05-24T01:10:00Z")],
        published: Some(at("2024-05-24T01:05:00Z")),
        first_seen: at("2024-05-24T01:10:00Z"),
        telling: Telling::default(),
        ..alert()
    }
}

fn persian() -> Alert {
    let title = "دیدار وزیر خارجه با عباس عراقچی در آستانه";
    let sentence = "عباس عراقچی روز دوشنبه در حاشیه نشست سازمان همکاری شانگهای گفت که همکاری‌های امنیتی گسترش می‌یابد.";
    Alert {
        rule: RuleId::new("ministers").unwrap(),
        rule_title: "Ministers".into(),
        story: StoryId::of(&["fa"]),
        severity: Severity::Normal,
        title: title.into(),
        url: "https://irna.example/fa/1".into(),
        language: Some("fa".into()),
        hits: vec![
            Hit { zone: Zone::Title, ..hit("araghchi", "عباس عراقچی", 21, title) },
            hit("araghchi", "عباس عراقچی", 0, sentence),
        ],
        watch_names: vec![("araghchi".into(), "Abbas Araghchi".into())],
        outlets: vec![outlet("irna", "ایرنا", title, "2024-05-23T20:10:00Z")],
        published: None,
        matched: at("2024-05-23T20:11:00Z"),
        byline: None,
        wire: None,
        first_seen: at("2024-05-23T20:10:00Z"),
        telling: Telling::default(),
        ..alert()
    }
}

fn russian() -> Alert {
    let title = "В Ташкенте обсудили санкции и торговлю";
    let sentence = "По словам С. Лаврова, санкции не помешают торговле; Лаврову возразили эксперты.";
    Alert {
        rule: RuleId::new("ministers").unwrap(),
        rule_title: "Ministers".into(),
        story: StoryId::of(&["ru"]),
        severity: Severity::Normal,
        title: title.into(),
        url: "https://gazeta.example/ru/2024/05/23/sanctions/".into(),
        language: Some("ru".into()),
        hits: vec![hit("lavrov", "С. Лаврова", 10, sentence), hit("lavrov", "Лаврову", 52, sentence)],
        watch_names: vec![("lavrov".into(), "Sergei Lavrov".into())],
        outlets: vec![
            outlet("gazeta", "Gazeta.uz", title, "2024-05-23T15:00:00Z"),
            outlet("tass", "ТАСС", title, "2024-05-23T15:10:00Z"),
        ],
        published: Some(at("2024-05-23T14:40:00Z")),
        byline: Some("By Ivan Petrov".into()),
        wire: Some("ТАСС".into()),
        first_seen: at("2024-05-23T15:00:00Z"),
        telling: Telling::default(),
        ..alert()
    }
}

pub(super) fn digest() -> Digest {
    let rule = |id: &str| RuleId::new(id).unwrap();
    let miss = |id: &str, why: &str, count, example: &str| NearMiss {
        rule: rule(id),
        why: why.into(),
        count,
        example: example.into(),
    };
    Digest {
        channel: "desk".into(),
        name: "morning".into(),
        from: at("2024-05-23T12:30:00Z"),
        to: at("2024-05-24T03:00:00Z"),
        late: false,
        groups: vec![
            DigestGroup {
                rule: rule("sco-security"),
                rule_title: "SCO security".into(),
                alerts: vec![alert(), chinese()],
                together: vec![2],
                days: vec![0, 2, 1, 0, 0, 0, 5, 3, 0, 1, 0, 0, 1, 2],
            },
            DigestGroup {
                rule: rule("ministers"),
                rule_title: "Ministers".into(),
                alerts: vec![persian(), russian()],
                together: vec![1, 1],
                days: vec![0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2],
            },
        ],
        more: 0,
        coverage: Coverage {
            sources: 14,
            polled: 13,
            failing: vec![
                Failing {
                    source: "mfa".into(),
                    state: "failing".into(),
                    since: Some(at("2024-05-21T03:12:00Z")),
                    error: "the server did not answer".into(),
                },
                Failing {
                    source: "sputnik".into(),
                    state: "gap".into(),
                    since: None,
                    error: "none of its known entries was left when it came back".into(),
                },
            ],
            read_in_full: 212,
            summary_only: 4,
            unread: 1,
            copies: 3,
            too_old: 2,
            baseline: (40, 7),
            unreadable: 2,
            unwatched: vec![("ja".into(), 3), ("ko".into(), 1)],
            lists: vec![ListLoaded {
                id: ListId::new("pep").unwrap(),
                rows: 41_200,
                version: "9f86d081884c".into(),
                modified: Some(at("2024-05-15T03:00:00Z")),
            }],
        },
        near_misses: vec![
            miss("sco-security", "with 'Wang' but no Wang Yi", 6, "Wang Huning meets youth delegation"),
            miss("ministers", "excluded by 'football'", 4, "Лавров посетил матч"),
            miss("ministers", "only in related boxes", 3, ""),
        ],
    }
}

fn empty_digest() -> Digest {
    let coverage = Coverage { sources: 14, polled: 14, failing: vec![], ..digest().coverage };
    Digest { groups: vec![], coverage, ..digest() }
}

pub(super) fn channel() -> Channel {
    let zone = TimeZone::get("Asia/Tashkent").unwrap();
    Channel::plain(ChannelId::new("desk").unwrap(), ChannelKind::Stdout, zone)
}

pub(super) fn made() -> Timestamp {
    at("2024-05-24T09:10:00Z")
}

pub(super) fn alert_message(of: &Alert) -> Message {
    super::alert(of, &channel(), MessageId::of(&["test"]), made(), None)
}

pub(super) fn digest_message(of: &Digest) -> Message {
    super::digest(of, &channel(), MessageId::of(&["test"]), at("2024-05-24T03:00:04Z"))
}

pub(super) fn notice_message(of: &Notice) -> Message {
    of.message(&channel(), MessageId::of(&["test"]), made())
}

/// An alert with the text wherever a stranger can put one; where there are many of a thing, its begin.
pub(super) fn hostile_alert(text: &str) -> Alert {
    let short = &text[..text.floor_char_boundary(5000)];
    let outlet = Outlet { name: short.into(), url: short.into(), ..alert().outlets[0].clone() };
    Alert {
        title: text.into(),
        url: text.into(),
        language: Some(text.into()),
        byline: Some(text.into()),
        wire: Some(text.into()),
        hits: (0..=limits::HITS_MAX).map(|n| hit("sco", short, n, &format!("{n} {short}"))).collect(),
        watch_names: vec![("sco".into(), text.into())],
        outlets: vec![outlet; 50],
        ..alert()
    }
}

pub(super) fn hostile_digest(text: &str) -> Digest {
    let short = &text[..text.floor_char_boundary(5000)];
    let mut digest = digest();
    digest.groups[0].alerts = vec![hostile_alert(short); 9];
    digest.groups[0].alerts.push(hostile_alert(text));
    digest.groups[0].rule_title = text.into();
    digest.near_misses =
        vec![NearMiss { why: short.into(), example: short.into(), ..digest.near_misses[0].clone() }; 40];
    let failing = Failing { error: short.into(), source: short.into(), ..digest.coverage.failing[0].clone() };
    digest.coverage.failing = vec![failing; 40];
    digest
}

pub(super) const HOSTILE: &[&str] = &[
    "Hello\r\nBcc: all@example.org\r\n\r\nbody",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</style></title><svg onload=alert(1)>",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "\u{202e}txt.exe\u{2066}\u{61c}\u{200b}",
    "{{7*7}} ${7*7} <%= 7*7 %>",
    "<!channel> @everyone @here [x](https://evil.example) *_~`|",
    "\u{0}\u{7}\u{1b}[31m\u{85}\u{2028}\u{9b}",
    "&&&&&&&&&&<<<<<<<<<<\"\"\"\"\"\"",
    "https://a.example/&?x=((((\"'",
];

#[test]
fn an_alert_as_text() {
    insta::assert_snapshot!(alert_message(&alert()).text);
}

#[test]
fn an_alert_as_html() {
    insta::assert_snapshot!(alert_message(&alert()).html);
}

#[test]
fn an_alert_in_chinese_of_which_only_the_summary_was_read() {
    let message = super::alert(&chinese(), &channel(), MessageId::of(&["b"]), made(), Some(MessageId::of(&["a"])));
    assert_eq!(message.subject, "[wirewatch] SCO security: 王毅出席上海合作组织成员国外长理事会会议");
    insta::assert_snapshot!(message.text);
}

#[test]
fn an_alert_in_persian_as_html_runs_from_right_to_left() {
    let html = alert_message(&persian()).html;
    assert!(html.contains(r#"lang="fa" dir="rtl""#), "{html}");
    assert!(html.contains(r"<bdi>عباس عراقچی</bdi></b> <bdi "), "{html}");
    assert!(html.contains(r#"lang="en" dir="ltr""#) && html.contains("(Abbas Araghchi)</bdi>"), "{html}");
}

#[test]
fn the_data_of_an_alert() {
    let message = alert_message(&alert());
    assert_eq!(data::read_alert(&message.data).map(|read| data::alert(&read)), Some(message.data.clone()));
    insta::assert_snapshot!(format!("{:#}", message.data));
}

#[test]
fn a_digest_as_text() {
    let message = digest_message(&digest());
    assert_eq!(message.subject, "[wirewatch] Morning digest, 24 May: 4 stories, 2 rules");
    insta::assert_snapshot!(message.text);
}

#[test]
fn a_digest_as_html() {
    insta::assert_snapshot!(digest_message(&digest()).html);
}

#[test]
fn the_data_of_a_digest() {
    let message = digest_message(&digest());
    let read = data::read_digest(&message.data).unwrap();
    assert_eq!((read.coverage.clone(), read.near_misses.clone()), (digest().coverage, digest().near_misses));
    assert_eq!(data::digest(&read), message.data);
    assert_eq!(message.data["coverage"]["baseline"], json!({ "articles": 40, "would_have_alerted": 7 }));
    assert_eq!(message.data["groups"][0]["alerts"][0], alert_message(&alert()).data);
}

#[test]
fn a_late_digest_at_its_cap_says_both() {
    let message =
        super::digest(&Digest { late: true, more: 312, ..digest() }, &channel(), MessageId::of(&["x"]), made());
    for part in [&message.text, &message.html] {
        assert!(part.contains("and 312 more") && part.contains("Late: it was due 24 May, 08:00"), "{part}");
    }
}

#[test]
fn an_empty_digest_says_that_the_watch_was_kept() {
    let message = digest_message(&empty_digest());
    assert_eq!(message.subject, "[wirewatch] Morning digest, 24 May: nothing matched");
    insta::assert_snapshot!(message.text);
}

fn undelivered() -> Delivery {
    Delivery {
        id: MessageId::of(&["lost"]),
        channel: channel().id,
        recipient: Recipient("desk@example.org".into()),
        kind: MessageKind::Alert,
        subject: alert_message(&alert()).subject,
        state: DeliveryState::Dead,
        attempts: 2,
        next_attempt: None,
        error: Some("550 5.1.1 no such user\r\n".into()),
        maybe_twice: false,
    }
}

#[test]
fn notices_as_text() {
    let (zone, failing) = (channel().zone, digest().coverage.failing[0].clone());
    let fault = "conf.d/rules.toml:12:9: error[E203]: no watch is named @wang-yy\n12 | query = '@wang-yy AND @sco'\n   |          ^^^^^^^^\nhint: write @wang-yi";
    let notices = [
        Notice::source_failing("Foreign Ministry", &failing, &zone, made()),
        Notice::source_recovered("Foreign Ministry", "mfa", failing.since, &zone, made()),
        Notice::baseline(&["daryo", "mfa"], 40, 7, &[("SCO security".into(), 5), ("Ministers".into(), 2)]),
        Notice::source_moved("Daryo", "daryo", "https://daryo.example/rss", "https://daryo.example/feed"),
        Notice::channel_disabled("ops", "410 Gone"),
        Notice::baseline(&["kun"], 40, 0, &[]),
        Notice::flood(&[alert(), russian()], 2),
        Notice::configuration_accepted(&["rule ministers added".into(), "source mfa: every 10m, was 15m".into()]),
        Notice::configuration_refused(&[fault.into()]),
        Notice::undelivered(&[undelivered()]),
        Notice::test(&channel()),
    ];
    let shown = notices.iter().map(|notice| {
        let message = notice_message(notice);
        format!("{} | {}\n\n{}", message.kind.as_str(), message.subject, message.text)
    });
    insta::assert_snapshot!(shown.collect::<Vec<_>>().join("\n--------\n"));
}

#[test]
fn an_empty_late_digest_as_html() {
    let late = Digest { late: true, near_misses: vec![], ..empty_digest() };
    insta::assert_snapshot!(super::digest(&late, &channel(), MessageId::of(&["x"]), made()).html);
}

#[test]
fn a_notice_as_html() {
    let fault = "a.toml:1:5: error[E203]: no watch is named @wang-yy\n1 | query = '@wang-yy'\n  |          ^^^^^^^^";
    let mut notice = Notice::flood(&[alert(), chinese(), persian()], 3);
    notice.lines.push(fault.into());
    insta::assert_snapshot!(notice_message(&notice).html);
}

#[test]
fn a_refused_configuration_keeps_its_caret_under_the_fault() {
    let notice = Notice::configuration_refused(&["a.toml:1:2: error\n1 | x = <b>\n  |     ^".into()]);
    let html = notice_message(&notice).html;
    assert!(html.contains("1 | x = &lt;b&gt;\n  |     ^"), "{html}");
}

#[test]
fn nothing_hostile_survives_in_any_part() {
    let long = format!("<b>{}", "x y ".repeat(3 << 20));
    for text in HOSTILE.iter().copied().chain([long.as_str()]) {
        let notice = Notice {
            kind: MessageKind::Notice,
            title: text.into(),
            lines: vec![text.into(), format!("{text}\n{text}"), format!("{text} <{text}>")],
            data: json!({}),
        };
        for message in
            [alert_message(&hostile_alert(text)), digest_message(&hostile_digest(text)), notice_message(&notice)]
        {
            assert_harmless(&message, text);
        }
    }
}

fn assert_harmless(message: &Message, text: &str) {
    assert!(message.subject.chars().count() < 120, "{}", message.subject);
    assert!(!message.subject.contains(char::is_control));
    for part in [&message.text, &message.html] {
        assert!(part.len() < 1 << 20, "{} bytes", part.len());
        assert!(!part.contains(|c: char| c.is_control() && c != '\n'), "a control character survived {text:?}");
        assert!(!part.contains(['\u{202e}', '\u{2066}', '\u{61c}', '\u{200b}']), "a bidi control survived {text:?}");
    }
    assert!(!message.text.contains("\nBcc:"), "a header began in {}", message.text);
    let html = scraper::Html::parse_document(&message.html);
    assert_eq!(html.errors.len(), 0, "{:?}", html.errors);
    for element in html.root_element().descendants().filter_map(scraper::ElementRef::wrap) {
        let name = element.value().name();
        assert!(
            !["script", "img", "svg", "iframe", "link", "object", "form", "base"].contains(&name),
            "<{name}> in {text:?}"
        );
        for (attribute, value) in element.value().attrs() {
            assert!(!attribute.starts_with("on") && attribute != "src", "{attribute} in {text:?}");
            assert!(attribute != "href" || value.starts_with("http"), "href={value}");
        }
    }
    assert!(!message.html.contains("url(") && !message.html.contains("@import"), "something is loaded");
    assert!(message.data.to_string().len() < 16 << 20);
}

#[test]
fn a_template_in_a_title_stays_text() {
    let message = alert_message(&Alert { title: "{{7*7}} ${7*7} <%= 7*7 %>".into(), ..alert() });
    assert!(message.text.contains("\n{{7*7}} ${7*7} <%= 7*7 %>\n"), "{}", message.text);
    assert!(message.html.contains("{{7*7}} ${7*7} &lt;%= 7*7 %&gt;"), "{}", message.html);
}

#[test]
fn what_is_shown_is_bounded_and_what_is_not_is_counted() {
    let sentence = |n: usize| format!("The SCO met, {n}. {}", "z".repeat(limits::SENTENCE_CHARS_MAX));
    let long = Alert {
        title: "t".repeat(limits::TITLE_CHARS_SHOWN_MAX + 1),
        byline: Some("b".repeat(limits::NAME_CHARS_SHOWN_MAX + 1)),
        hits: (0..=limits::HITS_MAX).map(|n| hit("sco", "SCO", n * 500, &sentence(n))).collect(),
        url: format!("https://a.example/{}", "u".repeat(limits::LINK_BYTES_MAX)),
        ..alert()
    };
    let message = alert_message(&long);
    let run = |letter: char| message.html.split(|c| c != letter).map(str::len).max().unwrap();
    assert_eq!(run('t'), limits::TITLE_CHARS_SHOWN_MAX - 1);
    assert_eq!(run('b'), limits::NAME_CHARS_SHOWN_MAX - 1);
    assert!(run('z') < limits::SENTENCE_CHARS_MAX && run('u') < 200);
    let more = format!("… and {} more sentences with hits", limits::HITS_MAX - limits::SENTENCES_SHOWN_MAX);
    assert!(message.text.contains(&more) && message.html.contains(&more), "{}", message.text);
    let in_digest =
        Digest { groups: vec![DigestGroup { alerts: vec![long], ..digest().groups[0].clone() }], ..digest() };
    let more = format!("… and {} more sentences with hits", limits::HITS_MAX - limits::DIGEST_SENTENCES_SHOWN_MAX);
    assert!(digest_message(&in_digest).html.contains(&more));

    let flood =
        notice_message(&Notice::flood(&vec![alert(); limits::FLOOD_LISTED_MAX + 9], limits::FLOOD_LISTED_MAX + 9));
    assert!(flood.text.contains("\nand 9 more\n"), "{}", flood.text);
    let lines: Vec<String> =
        (0..limits::NOTICE_LINES_MAX + 7).map(|_| "x".repeat(limits::NOTICE_LINE_CHARS_MAX + 9)).collect();
    let notice = notice("n", &lines, MessageKind::Notice, json!({}), &channel(), MessageId::of(&["n"]), made());
    assert!(notice.text.contains("\nand 7 more lines\n"));
    assert!(notice.html.len() < (limits::NOTICE_LINES_MAX + 10) * (limits::NOTICE_LINE_CHARS_MAX + 100));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn any_title_stays_harmless(text in ".{0,300}") {
        assert_harmless(&alert_message(&hostile_alert(&text)), &text);
    }
}
