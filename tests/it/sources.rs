//! Sources in and out of the configuration: one by its address, many from a file, all of them for another reader.

use crate::cli::{CONFIG, Shell, parsed};
use crate::daemon::said;
use crate::harness::{Piece, paragraph, publish};
use crate::newsroom::{Answer, Newsroom};
use std::fs;
use wirewatch::clock::Clock;

/// A folder with a configuration that may reach loopback, or not.
fn desk(private: bool) -> Shell {
    let shell = Shell::new(&[]);
    fs::create_dir_all(shell.path("etc/conf.d")).unwrap();
    let fetch = if private { "[fetch]\nallow_private = [\"127.0.0.0/8\"]\n" } else { "" };
    fs::write(shell.path("etc/wirewatch.toml"), format!("{CONFIG}{fetch}")).unwrap();
    shell
}

fn text(shell: &Shell, name: &str) -> String {
    fs::read_to_string(shell.path(name)).unwrap()
}

#[test]
fn a_source_is_added_by_the_address_of_its_page() {
    let newsroom = Newsroom::open();
    let at = Clock::system().now().to_string();
    let pieces: Vec<Piece> =
        (0..9).map(|n| Piece::new(&format!("n{n}"), &format!("Meeting {n}"), &at, &[&paragraph("a")])).collect();
    publish(&newsroom, "courier", &pieces);
    let page = "<!doctype html><title>Home</title><link rel=alternate type=application/rss+xml href=/none.xml>\
                <link rel=alternate type=application/rss+xml href=/courier/feed.xml>";
    newsroom.set("/", Answer::ok(page).header("content-type", "text/html"));
    let home = newsroom.url("/").to_string();

    let shut = desk(false);
    let refused = shut.run(&["source", "add", &home, "--config", "etc"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("allow_private"), "{}", said(&refused));
    assert_eq!(fs::read_dir(shut.path("etc/conf.d")).unwrap().count(), 0);

    let shell = desk(true);
    let tried = shell.run(&["source", "add", &home, "--dry-run", "--config", "etc"]);
    assert!(tried.status.success() && fs::read_dir(shell.path("etc/conf.d")).unwrap().count() == 0, "{}", said(&tried));
    let added = shell.run(&["source", "add", &home, "--tag", "valley", "--tier", "2", "--config", "etc"]);
    assert!(added.status.success(), "{}", said(&added));
    assert!(said(&added).contains("Meeting 4") && !said(&added).contains("Meeting 5"), "{}", said(&added));
    let listed = shell.json(&["source", "list", "--json", "--config", "etc"]);
    let source = &listed[0];
    assert_eq!(source["url"], format!("{home}courier/feed.xml"));
    assert_eq!((&source["tags"][0], &source["tier"]), (&"valley".into(), &2.into()));
    let file = format!("etc/conf.d/source-{}.toml", source["id"].as_str().unwrap());
    assert!(text(&shell, &file).contains("tier = 2"));
    assert_eq!(shell.run(&["check", "--config", "etc"]).status.code(), Some(0));

    for again in [&home, &format!("{home}courier/feed.xml")] {
        let again = shell.run(&["source", "add", again, "--config", "etc"]);
        assert!(again.status.code() == Some(1) && said(&again).contains("watched already"), "{}", said(&again));
    }
    let list = "<ul><li><a href=/a/ministers-met-on-monday>The ministers met on Monday in the valley</a>\
                <li><a href=/a/harvest-begins-early>The harvest begins early this year in the hills</a>\
                <li><a href=/a/bridge-is-open-again>The bridge over the river is open again today</a></ul>";
    newsroom.set(
        "/news",
        Answer::ok(format!("<!doctype html><title>The News</title>{list}")).header("content-type", "text/html"),
    );
    let news = newsroom.url("/news").to_string();
    let page = shell.json(&["source", "add", &news, "--id", "hills", "--json", "--config", "etc"]);
    assert_eq!((page["id"].as_str(), page["kind"].as_str()), (Some("hills"), Some("page")));
    assert_eq!(page["entries"].as_array().unwrap().len(), 3);
    newsroom.set("/bad", Answer::ok("<p>Nothing here.").header("content-type", "text/html"));
    let bad = shell.run(&["source", "add", newsroom.url("/bad").as_str(), "--config", "etc"]);
    assert!(bad.status.code() == Some(1) && said(&bad).contains("is no feed and offers none"), "{}", said(&bad));
    let wrong =
        shell.run(&["source", "add", newsroom.url("/courier/feed.xml?2").as_str(), "--every", "5", "--config", "etc"]);
    assert_eq!(wrong.status.code(), Some(1), "{}", said(&wrong));
    assert_eq!(fs::read_dir(shell.path("etc/conf.d")).unwrap().count(), 2, "what would be refused is not left there");
}

const OPML: &str = r##"<?xml version="1.0"?>
<opml version="2.0" xmlns:fr="https://freshrss.example/opml"><head><title>Mine</title></head><body>
<outline text="Asia"><outline text="Central / West">
  <outline type="rss" text="Газета" title="Газета.uz" xmlUrl="https://gazeta.example/rss?a=1&amp;b=2" htmlUrl="https://gazeta.example/" fr:css="#a &gt; p" status="7"/>
</outline><outline text="People" xmlUrl="feed://people.example/rss"/></outline>
<outline text="People" xmlUrl="feed://people.example/rss"/>
<outline text="Top &quot;quoted&quot;" xmlUrl="https://top.example/feed" custom.attr="x"/>
<outline text="Bad" xmlUrl="gopher://bad.example/"/>
<outline text="Login" xmlUrl="https://user:secret@login.example/feed"/>
<outline text="Sub" type="include" url="https://sub.example/list.opml"/>
</body></opml>"##;

#[test]
fn a_list_of_another_reader_comes_in_and_goes_out_again_as_it_was() {
    let shell = desk(false);
    fs::write(shell.path("my feeds.opml"), OPML).unwrap();
    let brought = shell.json(&["source", "import", "my feeds.opml", "--json", "--config", "etc"]);
    assert_eq!(brought["imported"], serde_json::json!(["gazetauz", "people", "top-quoted"]));
    assert_eq!(brought["skipped"].as_array().unwrap().len(), 2, "{brought}");
    assert!(
        !brought.to_string().contains("secret")
            || brought["skipped"][1]["why"].as_str().unwrap().contains("credentials")
    );
    assert_eq!(shell.run(&["check", "--config", "etc"]).status.code(), Some(0));
    let listed = shell.json(&["source", "list", "--json", "--config", "etc"]);
    assert_eq!(listed[0]["tags"], serde_json::json!(["Asia", "Central \u{2215} West"]));

    let out = shell.run(&["source", "export", "--config", "etc"]);
    let exported = String::from_utf8(out.stdout).unwrap();
    insta::assert_snapshot!(exported, @r##"
    <?xml version="1.0" encoding="UTF-8"?>
    <opml version="2.0">
      <head>
        <title>wirewatch</title>
      </head>
      <body>
        <outline text="Asia" title="Asia">
          <outline text="Central / West" title="Central / West">
            <outline type="rss" title="Газета.uz" xmlUrl="https://gazeta.example/rss?a=1&amp;b=2" fr:css="#a &gt; p" htmlUrl="https://gazeta.example/" status="7" text="Газета" xmlns:fr="https://freshrss.example/opml"/>
          </outline>
          <outline type="rss" text="People" title="People" xmlUrl="http://people.example/rss"/>
        </outline>
        <outline type="rss" text="Top &quot;quoted&quot;" title="Top &quot;quoted&quot;" xmlUrl="https://top.example/feed" custom.attr="x"/>
      </body>
    </opml>
    "##);

    let other = desk(false);
    fs::write(other.path("again.opml"), &exported).unwrap();
    let brought = other.run(&["source", "import", "again.opml", "--config", "etc"]);
    assert!(said(&brought).contains("3 sources written to"), "{}", said(&brought));
    assert_eq!(String::from_utf8_lossy(&other.run(&["source", "export", "--config", "etc"]).stdout), exported);

    let again = shell.run(&["source", "import", "my feeds.opml", "--config", "etc"]);
    assert_eq!(again.status.code(), Some(1), "what was bad is bad still: {}", said(&again));
    let known = shell.fed(&["source", "import", "-", "--config", "etc"], &exported);
    assert!(known.status.success() && said(&known).contains("watched already"), "{}", said(&known));
}

#[test]
fn rows_of_a_table_come_in_and_bad_ones_are_told() {
    let shell = desk(false);
    let csv = "id,url,name,tags,language,tier,every\n\
               ,https://a.example/feed,Ведомости,russia;press,ru,1,10m\n\
               own,https://b.example/feed,B,,en,,\n\
               own,https://c.example/feed,C,,en,12,\n\
               ,https://d.example/feed,D,,,,1s\n\
               ,nonsense,E,,,,\n";
    let brought = parsed(&shell.fed(&["source", "import", "-", "--json", "--config", "etc"], csv));
    assert_eq!(brought["imported"], serde_json::json!(["vedomosti", "own"]));
    let why: Vec<_> =
        brought["skipped"].as_array().unwrap().iter().map(|skipped| skipped["why"].as_str().unwrap()).collect();
    assert!(why[0].contains("web address") && why[1].contains("1 to 9") && why[2].contains("30s"), "{why:?}");
    let listed = shell.json(&["source", "list", "--json", "--config", "etc"]);
    assert_eq!((listed[0]["language"].as_str(), listed[0]["tags"][1].as_str()), (Some("ru"), Some("press")));
    let none = shell.fed(&["source", "import", "-", "--config", "etc"], "name\nx\n");
    assert!(none.status.code() == Some(1) && said(&none).contains("column url"), "{}", said(&none));
    let one = Shell::new(&[("one.toml", CONFIG)]);
    let file = one.fed(&["source", "import", "-", "--config", "one.toml"], csv);
    assert!(file.status.code() == Some(1) && said(&file).contains("is one file"), "{}", said(&file));
}
