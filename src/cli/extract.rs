//! `wirewatch extract`: the article of a page, as the rules would read it.

use super::input;
use super::{Failure, article, say};
use crate::extract;
use crate::fetch::Want;
use crate::model::limits::ARTICLE_TEXT_BYTES_MAX;
use crate::model::{Article, Selectors};
use std::io::Write;
use url::Url;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Files, a URL, or - for standard input; several give a JSON line each, in order
    #[arg(required = true)]
    inputs: Vec<String>,
    /// The address that the page is to be taken for
    #[arg(long, value_name = "BASE")]
    url: Option<Url>,
    /// CSS selector of the article's text
    #[arg(long, value_name = "SELECTOR", value_parser = crate::config::selector)]
    body: Option<String>,
    /// CSS selector of what is taken out first
    #[arg(long, value_name = "SELECTOR", value_parser = crate::config::selector)]
    remove: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let select = Selectors { links: None, body: arguments.body.clone(), remove: arguments.remove.clone() };
    let several = arguments.inputs.len() > 1;
    let mut unread = 0;
    let mut out = say::out();
    for from in &arguments.inputs {
        let input = match input::read(from, arguments.url.as_ref(), None, Want::Page) {
            Ok(input) => input,
            Err(Failure::Work(what)) if several => {
                say::error(&what);
                unread += 1;
                continue;
            }
            Err(failure) => return Err(failure),
        };
        let about = extract::Context {
            url: input.url.as_ref(),
            content_type: input.content_type.as_deref(),
            select: Some(&select),
            entry: None,
        };
        let mut article = extract::article(&input.bytes, &about);
        crate::text::language::settle(&mut article, None);
        let unreadable = article::unreadable(&input.bytes, &article);
        if let Some(why) = unreadable {
            say::error(&format!("{from} {why}"));
            unread += 1;
        } else if let Some(body) = arguments.body.as_ref().filter(|_| article.method != "selector") {
            say::warning(&format!("nothing in {from} is `{body}`: the text was found without it"));
        }
        if several {
            serde_json::to_writer(&mut out, &article).map_err(Failure::work)?;
            writeln!(out)?;
        } else if arguments.json {
            say::json(&article)?;
        } else if unreadable.is_none() {
            show(&mut out, &article)?;
        }
    }
    out.flush()?;
    if unread > 0 { Err(Failure::Silent(1)) } else { Ok(()) }
}

fn show(out: &mut impl Write, article: &Article) -> Result<(), Failure> {
    let (bold, dim, plain) = (say::BOLD, say::DIM, say::PLAIN);
    writeln!(out, "{bold}{}{plain}", crate::text::one_line(&article.title))?;
    let date = article.published.map(|at| at.strftime("%Y-%m-%d %H:%M UTC").to_string());
    let about: Vec<&str> =
        [article.site_name.as_deref(), article.byline.as_deref(), date.as_deref(), article.language.as_deref()]
            .into_iter()
            .flatten()
            .collect();
    writeln!(out, "{dim}{}{plain}", about.join(" · "))?;
    let columns = say::columns();
    for block in &article.zones {
        let zone = format!("{:?}", block.zone).to_lowercase();
        let (on, off) = if block.zone.counts() { ("", String::new()) } else { ("\u{1b}[2m", plain.to_string()) };
        let text =
            columns.map_or_else(|| block.text.clone(), |columns| crate::render::wrap(&block.text, columns - INDENT));
        let mut lines = text.lines();
        writeln!(out, "\n{dim}{zone:>10}{plain}  {on}{}{off}", lines.next().unwrap_or_default())?;
        for line in lines {
            writeln!(out, "{:INDENT$}{on}{line}{off}", "")?;
        }
    }
    writeln!(out)?;
    out.flush()?;
    say::note(&format!("found by {}, {}", article.method, whole(article)));
    Ok(())
}

/// Columns before the text of a block.
const INDENT: usize = 12;

/// Whether it is the whole article, and what it lacks, in words.
fn whole(article: &Article) -> String {
    if article.complete {
        return "complete".into();
    }
    let why = match &*article.method {
        "paywall" => "the rest stands behind a paywall".into(),
        "consent" => "the page asks for consent in place of the article".into(),
        "captcha" => "the page asks for a proof that you are no program".into(),
        "not-found" => "the page says that the article is not there".into(),
        _ if article.text.len() > ARTICLE_TEXT_BYTES_MAX / 2 => {
            format!("only the first {} KiB of its text are read", ARTICLE_TEXT_BYTES_MAX >> 10)
        }
        _ => "the page has little text of its own, or none".into(),
    };
    format!("not complete: {why}; an alert on it would be marked “summary only”")
}
