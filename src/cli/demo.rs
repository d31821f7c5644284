//! `wirewatch demo`: the whole of it on a small newsroom of its own.

use super::{Failure, say};
use crate::app;
use crate::demo::{Demo, Newsroom, Shown};
use crate::render;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::tz::TimeZone;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The folder for its files; a new one in the system's folder for temporary files if not given
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Stay up after the pass and serve the status page, until Ctrl-C
    #[arg(long)]
    serve: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let folder = match &arguments.folder {
        Some(folder) => folder.clone(),
        None => std::env::temp_dir().join(format!("wirewatch-demo-{}", std::process::id())),
    };
    std::fs::create_dir_all(&folder)?;
    let progress = progress();
    app::runtime()?.block_on(async {
        let demo = Demo::open(&folder).await.map_err(Failure::work)?;
        let told = format!(
            "four outlets publish {} articles on 127.0.0.1:{}; polling",
            Newsroom::articles(),
            demo.newsroom().port()
        );
        progress.set_message(told);
        let shown = demo.show().await.map_err(Failure::work);
        progress.finish_and_clear();
        show(&shown?, &folder)?;
        if arguments.serve { serve(&demo).await } else { Ok(()) }
    })
}

async fn serve(demo: &Demo) -> Result<(), Failure> {
    let page = demo.open_page().await;
    let address =
        page.address().ok_or_else(|| Failure::work("no port of 127.0.0.1 could be had for the status page"))?;
    let mut out = say::out();
    writeln!(out, "\n{}The status page:{} http://{address}/", say::BOLD, say::PLAIN)?;
    out.flush()?;
    drop(out);
    say::note("The daemon runs on; Ctrl-C stops it.");
    demo.live(page).await.map_err(Failure::work)
}

fn progress() -> ProgressBar {
    if !say::watched() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner().with_message("opening a newsroom");
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

fn show(shown: &Shown, folder: &std::path::Path) -> Result<(), Failure> {
    let zone = TimeZone::get("Asia/Tashkent").unwrap_or(TimeZone::UTC);
    let (bold, dim, plain) = (say::BOLD, say::DIM, say::PLAIN);
    let mut out = say::out();
    writeln!(out, "{bold}What was found, as it came{plain}\n")?;
    for alert in &shown.alerts {
        writeln!(out, "{}", render::terminal(alert, true, &zone))?;
    }
    match &shown.digest {
        Some(digest) => {
            writeln!(out, "{bold}The morning's digest{plain} {dim}(text part of the mail){plain}\n")?;
            writeln!(out, "{bold}{}{plain}\n", digest.subject)?;
            writeln!(out, "{}", digest.text)?;
        }
        None => return Err(Failure::work("the demo came to no digest; please report this")),
    }
    if let Some((digest, others)) = shown.mails.split_last() {
        writeln!(out, "{bold}The digest as a mail file:{plain} {}", digest.display())?;
        for mail in others {
            writeln!(out, "{dim}and the notice of the first polls:{plain} {}", mail.display())?;
        }
    }
    writeln!(out, "{dim}Its configuration and state are in {}; nothing else was written.{plain}", folder.display())?;
    out.flush()?;
    Ok(())
}
