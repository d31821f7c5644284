//! The demo, as a new user sees it: every name that the news of 21 May 2024 holds is told, the bait is not.

use std::process::{Command, Output};

fn demo(folder: &std::path::Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wirewatch")).arg("demo").arg("--folder").arg(folder).output().unwrap()
}

#[test]
fn the_demo_tells_every_name_and_none_of_the_bait() {
    let folder = tempfile::tempdir().unwrap();
    let output = demo(folder.path());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let digest = text.split("The morning's digest").nth(1).unwrap();
    let names = [
        "Shanghai Cooperation Organization",
        "Murat Nurtleu",
        "Ebrahim Raisi",
        "Hossein Amir-Abdollahian",
        "Wang Yi",
        "Alexander Lukashenko",
        "Sergei Aleinik",
        "Jeenbek Kulubaev",
        "Bakhtiyor Saidov",
        "terrorism",
        "strategic autonomy",
    ];
    for name in names {
        assert!(digest.contains(name), "the digest does not name {name}");
    }
    for bait in ["Moscow's oldest disco", "Tesco", "Ван Ибо", "diskoteka", "王毅然"] {
        assert!(!digest.contains(bait), "the digest names {bait}");
    }
    assert!(not_sent_of(digest).contains("with 'Wang' but no Wang Yi"), "another Wang is a near miss, and said");
    // The football page is named once: among what was not sent, because only its related box names a minister.
    let (told, not_sent) = (digest.split_once("Not sent\n").unwrap().0, not_sent_of(digest));
    assert!(!told.contains("Late header") && not_sent.contains("only in related boxes"));
    assert!(told.contains("also: "), "three outlets carried the wire story; one alert must say so");
    assert_eq!(told.matches("chaired by").count(), 1, "the wire story is told once");
    let mails = folder.path().join("mail/new");
    assert_eq!(std::fs::read_dir(mails).unwrap().count(), 2, "the notice of the first polls, and the digest");
}

#[test]
fn the_demo_leaves_by_a_pipe_without_colours_and_ends_with_the_mail_file() {
    let folder = tempfile::tempdir().unwrap();
    let text = String::from_utf8(demo(folder.path()).stdout).unwrap();
    assert!(!text.contains('\u{1b}'));
    assert!(text.contains("The digest as a mail file: "));
}

fn not_sent_of(digest: &str) -> &str {
    digest.split_once("Not sent\n").map_or("", |(_, not_sent)| not_sent)
}
