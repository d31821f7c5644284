//! How fast pages are read: articles of 30 to 200 kB as templates make them, and a megabyte of what is made to hurt.
//! `cargo bench --bench extract`; CPU time, the pages are made here.

#![expect(clippy::print_stdout, reason = "a bench tells its figures")]

use std::fmt::Write;
use std::time::{Duration, Instant};
use wirewatch::extract::{Context, article};

/// Goal of issue 4.
const PAGES_PER_SECOND: f64 = 400.0;
/// Goal of issue 4 for any megabyte.
const HOSTILE_MAX: Duration = Duration::from_secs(1);

fn main() {
    let pages: Vec<String> = (0..40).map(|i| page(30_000 + i * 170_000 / 39)).collect();
    let bytes: usize = pages.iter().map(String::len).sum();
    let (mut read, begin) = (0_u32, cpu());
    while cpu().saturating_sub(begin) < Duration::from_secs(5) {
        for page in &pages {
            let article = article(page.as_bytes(), &Context::default());
            assert!(article.complete && article.text.contains("council"), "{}", article.method);
            read += 1;
        }
    }
    let spent = cpu().saturating_sub(begin).as_secs_f64();
    println!(
        "{:.0} pages per CPU-second (goal {PAGES_PER_SECOND}), of {} kB in the mean",
        f64::from(read) / spent,
        bytes / pages.len() / 1000
    );
    let mut slowest = ("", Duration::ZERO);
    for (name, html) in hostile(1 << 20) {
        let begin = Instant::now();
        std::hint::black_box(article(html.as_bytes(), &Context::default()));
        let took = begin.elapsed();
        println!("1 MiB of {name}: {took:?}");
        if took > slowest.1 {
            slowest = (name, took);
        }
    }
    println!("slowest: {} in {:?} (goal {HOSTILE_MAX:?})", slowest.0, slowest.1);
}

/// CPU time of this process so far, in steps of 10 ms.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Behind the name in brackets; user and system time are the 14th and 15th fields (proc(5)), in hundredths.
    let fields: Vec<u64> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .map(|field| field.parse().unwrap_or(0))
        .collect();
    Duration::from_millis(10 * (fields.get(11).unwrap_or(&0) + fields.get(12).unwrap_or(&0)))
}

/// A page of about so many bytes: a third scripts and styles, a third menus, boxes and footers, the rest an article.
fn page(bytes: usize) -> String {
    let third = bytes / 3;
    let mut html = String::with_capacity(bytes + 10_000);
    html.push_str(
        "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>Ministers share the water of two rivers | The Lantern</title>\
         <meta property=og:title content='Ministers share the water of two rivers'><meta property=og:site_name content='The Lantern'>\
         <script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"Ministers share the water of two rivers\",\
         \"datePublished\":\"2024-05-31T10:00:00+05:00\",\"author\":{\"name\":\"Ada Byron\"}}</script><style>",
    );
    fill(&mut html, third / 3, |html, i| write!(html, ".c{i}>a:hover,.c{i} p{{margin:0 {i}px;color:#1f{i}}}"));
    html.push_str("</style></head><body class='single has-sidebar'><header class=site-header><nav><ul>");
    fill(&mut html, third / 3, |html, i| {
        write!(html, "<li class='menu-item m-{i}'><a href='/section/{i}/'><span>Section {i}</span></a></li>")
    });
    html.push_str(
        "</ul></nav></header><main class=layout><article class='post type-post'><h1>Ministers share the water of two rivers</h1>\
         <div class=meta><span class=byline>By <a rel=author href=/a>Ada Byron</a></span> <time datetime=2024-05-31>31 May</time></div>\
         <div class=entry-content>",
    );
    fill(&mut html, third, |html, i| {
        write!(
            html,
            "<p class='p-{i}'>In paragraph {i} the <b>foreign ministers</b> of five states met in <a href='/osh'>Osh</a> to agree on how the water \
             of two rivers is to be shared, and named a council &mdash; &quot;small&quot; &amp; paid by all.</p>"
        )?;
        if i % 7 == 3 {
            html.push_str(
                "<figure><img src=a.jpg alt=''><figcaption>The bridge at dusk</figcaption></figure><div class=related><h4>Read also</h4>\
                 <ul><li><a href=/1>Trains are late because of the rain</a></li><li><a href=/2>A bridge opens in the old town</a></li></ul></div>",
            );
        }
        Ok(())
    });
    html.push_str("</div></article><aside class=sidebar><h3>Most read</h3>");
    fill(&mut html, third / 3, |html, i| {
        write!(
            html,
            "<div class='card card-{i}'><a href='/story/{i}'><img data-src='/i/{i}.jpg'><h4>Story {i} of the day</h4></a><p>A short word on it.</p></div>"
        )
    });
    html.push_str("</aside></main><script>");
    fill(&mut html, third * 2 / 3, |html, i| write!(html, "window.q{i}=function(a,b){{return a<b?'<p>'+a:b&&{i}}};"));
    html.push_str("</script><footer><p>© The Lantern</p></footer></body></html>");
    html
}

fn fill(html: &mut String, bytes: usize, unit: impl Fn(&mut String, usize) -> std::fmt::Result) {
    let end = html.len() + bytes;
    let mut i = 0;
    while html.len() < end {
        unit(html, i).expect("a string takes all");
        i += 1;
    }
}

fn hostile(bytes: usize) -> Vec<(&'static str, String)> {
    let line =
        "The foreign ministers of five states met in Osh to agree on how the water of two rivers is to be shared. ";
    let mut inputs: Vec<(&str, String)> = [
        "<",
        "<p",
        "</",
        "<!--",
        "&",
        "&amp;",
        "<div>",
        "<div class=related>",
        "<table>",
        "<table><tr><td>a",
        "<tr><td>a long enough cell of a table</td></tr>",
        "<ul><li>",
        "<ul><li><a href=x>Wang Yi flies to Tashkent",
        "<a href=x>a link to another story</a> ",
        "<p><a href=x>a link to another story</a></p>",
        "<p>Read more: a</p>",
        "<h1>Ministers share the water</h1>",
        "<h2>Related</h2><p>a</p>",
        "<b><i>",
        "<br>a",
        "<br><br>a",
        "<span class='related share comment nav ad date author'>a",
        "<blockquote><figure><img>a",
        "<time datetime=2024-05-31>a</time>",
        "<meta name=author content=a>",
        "<script type=application/ld+json>[[[[</script>",
        "<article itemprop=articleBody><p>b",
        "<select><option>a",
        "<svg><path>",
        "<p>31 May 2024</p>",
        "<p>according to told citing reported by </p>",
        "\u{3000}王毅。",
        "a\n",
        "Share\n",
        "- ",
        "\n\n",
        "据",
    ]
    .into_iter()
    .map(|unit| (unit, unit.repeat(bytes / unit.len())))
    .collect();
    inputs.push(("one line of plain text", line.repeat(bytes / line.len())));
    inputs.push(("one paragraph", format!("<h1>Water</h1><p>{}</p>", line.repeat(bytes / line.len()))));
    inputs.push(("one attribute", format!("<p class='{}'>a", "ad-".repeat(bytes / 3))));
    inputs.push(("attributes", format!("<p {}>a", "class=ad ".repeat(bytes / 9))));
    let names = |unit: fn(usize) -> String| (0..bytes / 12).map(unit).collect::<String>();
    inputs.push(("attributes of many names", format!("<p{}>a", names(|i| format!(" a{i}=1")))));
    inputs.push(("bodies of many attributes", names(|i| format!("<body a{i}=1>"))));
    inputs.push((
        "one title",
        format!(
            "<title>{}</title><h1>{}</h1>",
            line.repeat(bytes / 2 / line.len()),
            line.repeat(bytes / 2 / line.len())
        ),
    ));
    inputs.push((
        "one object of JSON-LD",
        format!(
            "<script type=application/ld+json>{}{{\"@type\":\"Article\"}}</script>",
            "{\"@graph\":[".repeat(bytes / 11)
        ),
    ));
    inputs
}
