//! Mails before a parser that forgives nothing: Python's `email` with policy=strict. `scripts/test` sees to it that there is a python3.

use super::*;
use std::io::Write as _;
use std::process::{Command, Stdio};
use wirewatch::render::{self, sample};

/// What Python says of each mail: recipient and subject.
fn read_strictly(mails: &[Vec<u8>]) -> Vec<(String, String)> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/deliver/strict.py");
    let mut python = Command::new("python3")
        .args(["-X", "utf8", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python3 is needed: apt-get install python3");
    let mut input = python.stdin.take().unwrap();
    let framed: Vec<u8> =
        mails.iter().flat_map(|mail| [format!("{}\n", mail.len()).into_bytes(), mail.clone()].concat()).collect();
    let writing = std::thread::spawn(move || input.write_all(&framed));
    let read = python.wait_with_output().unwrap();
    let _ = writing.join().unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let lines = String::from_utf8(read.stdout).unwrap();
    let mut lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines.pop().unwrap(), mails.len().to_string());
    lines.iter().map(|line| line.split_once('\t').unwrap()).map(|(to, subject)| (to.into(), subject.into())).collect()
}

fn desk() -> Channel {
    let zone = jiff::tz::TimeZone::get("Asia/Tashkent").unwrap();
    Channel::plain(ChannelId::new("desk").unwrap(), ChannelKind::Stdout, zone)
}

fn written(message: &Message, to: &str) -> Vec<u8> {
    wirewatch::deliver::mail(message, "Wire watch <wirewatch@example.org>", to, None, "wire.example").unwrap()
}

#[test]
fn every_kind_of_mail_passes_in_every_script() {
    let now = "2026-11-02T08:00:00Z".parse().unwrap();
    let mut messages = sample::messages(&desk(), now);
    let titles = [
        "Министры ШОС обсудили в Бишкеке совместный центр по борьбе с наркотиками, а также торговлю и железную дорогу",
        "王毅出席上海合作组织成员国外长理事会会议并发表讲话强调安全合作与共同打击恐怖主义分裂主义极端主义",
        "دیدار وزیر خارجه با عباس عراقچی در آستانه",
        "Oʻzbekiston tashqi ishlar vaziri — “yangi bosqich”, 50 % 🙂",
        "=?utf-8?q?not_an_encoded_word?= Hello\r\nBcc: all@example.org",
        "a.very.long.word.without.any.space.in.it.that.no.header.can.be.folded.at.whatever.one.tries.to.do.with.it",
        "",
    ];
    for title in titles {
        let alert = Alert { title: title.into(), rule_title: title.into(), ..sample::full_alert(now).unwrap() };
        let thread = Some(MessageId::of(&["first"]));
        messages.push(render::alert(&alert, &desk(), MessageId::of(&[title]), now, thread));
    }
    let mails: Vec<_> = messages.iter().map(|message| written(message, "Анна <anna@bücher.example>")).collect();
    let read = read_strictly(&mails);
    for ((to, subject), message) in read.iter().zip(&messages) {
        assert_eq!(to, "anna@xn--bcher-kva.example");
        assert_eq!(*subject, message.subject.replace("=?", "= ?"), "what was written is what is read");
    }
}

#[tokio::test]
async fn a_digest_to_a_thousand_readers_is_a_thousand_good_mails() {
    let smtp = Smtp::start().await;
    let readers: Vec<String> = (0..1000).map(|n| format!("Reader {n} <reader{n}@example.org>")).collect();
    let channel = channel(email(&smtp, Tls::None, &readers));
    let now = "2026-11-02T08:00:00Z".parse().unwrap();
    let digest = render::digest(&sample::full_digest("desk", now).unwrap(), &desk(), MessageId::of(&["many"]), now);
    let verdicts = deliverer().send(&channel, &digest, &recipients(&channel), &body()).await;
    assert_eq!(kinds(&verdicts), vec!["sent"; 1000]);
    let mails: Vec<_> = smtp.mails().into_iter().map(|mail| mail.bytes).collect();
    let read = read_strictly(&mails);
    let expected: Vec<_> = (0..1000).map(|n| (format!("reader{n}@example.org"), digest.subject.clone())).collect();
    assert_eq!(read, expected);
    assert_eq!(smtp.connections(), 1);
}
