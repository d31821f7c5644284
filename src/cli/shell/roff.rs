//! A guide as a manual page. In: the Markdown that our own guides use — headings, paragraphs, lists, tables, code. Out: man(7).

use std::fmt::Write as _;

/// The page of section 5.
pub(super) fn page(name: &str, about: &str, markdown: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let mut page = format!(
        ".TH {} 5 \"\" \"wirewatch {version}\" \"wirewatch\"\n.SH NAME\n{name} \\- {about}\n.SH DESCRIPTION\n",
        name.to_uppercase()
    );
    let (mut code, mut row) = (false, 0);
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            page += if code { ".fi\n.RE\n" } else { ".PP\n.RS 4\n.nf\n" };
            code = !code;
        } else if code {
            let _ = writeln!(page, "{}", plain(line));
        } else if let Some(title) = line.strip_prefix("# ") {
            let _ = writeln!(page, "{}", inline(title));
        } else if let Some(title) = line.strip_prefix("## ") {
            let _ = writeln!(page, ".SH {}", inline(&title.to_uppercase()));
        } else if let Some(title) = line.strip_prefix("### ") {
            let _ = writeln!(page, ".SS {}", inline(title));
        } else if line.starts_with('|') {
            row += 1;
            // The first row names the columns, the second draws a line.
            if row > 2 {
                table_row(&mut page, line);
            }
            continue;
        } else if let Some(item) = line.trim_start().strip_prefix("- ") {
            let _ = write!(page, ".IP \\(bu 2\n{}\n", inline(item));
        } else if line.trim().is_empty() {
            page += ".PP\n";
        } else {
            let _ = writeln!(page, "{}", inline(line.trim_start()));
        }
        row = 0;
    }
    page
}

/// The first cell is what it is about; the others follow, parted by semicolons.
fn table_row(page: &mut String, line: &str) {
    let line = line.trim().trim_start_matches('|').trim_end_matches('|').replace("\\|", "\u{1}");
    let mut cells = line.split('|').map(|cell| cell.trim().replace('\u{1}', "|"));
    let first = cells.next().unwrap_or_default();
    let rest: Vec<String> = cells.filter(|cell| !cell.is_empty()).collect();
    let _ = write!(page, ".TP\n{}\n{}\n", inline(&first), inline(&rest.join("; ")));
}

/// Text with `code` and **bold** in bold, and a link as its words.
fn inline(text: &str) -> String {
    let mut out = String::new();
    for (at, part) in without_links(text).split('`').enumerate() {
        if at % 2 == 1 {
            let _ = write!(out, "\\fB{}\\fR", escaped(part));
        } else {
            for (at, part) in escaped(part).split("**").enumerate() {
                let _ = if at % 2 == 1 { write!(out, "\\fB{part}\\fR") } else { write!(out, "{part}") };
            }
        }
    }
    guarded(&out)
}

fn without_links(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, link)) = rest.split_once('[') {
        out += before;
        match link.split_once("](").and_then(|(words, after)| Some((words, after.split_once(')')?.1))) {
            Some((words, after)) if !words.contains('[') => {
                out += words;
                rest = after;
            }
            _ => {
                out += "[";
                rest = link;
            }
        }
    }
    out + rest
}

fn plain(line: &str) -> String {
    guarded(&escaped(line))
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\e").replace('-', "\\-")
}

/// A dot or quotation mark at the start of a line would be a request.
fn guarded(line: &str) -> String {
    if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line.to_string() }
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn headings_tables_lists_code_and_links_become_requests() {
        let markdown = "# Title\n\nSee [rules](rules.md), [`x`](../x), `a-b` and **bold**.\n\n## A part\n\n| key | default |\n| --- | --- |\n| `every` | `15m` | \n\n- one\n\n```toml\n.x = 1 # \\n\n```\n";
        let page = page("wirewatch.toml", "configuration", markdown);
        for wanted in [
            ".TH WIREWATCH.TOML 5",
            "See rules, \\fBx\\fR, \\fBa\\-b\\fR and \\fBbold\\fR.",
            ".SH A PART\n",
            ".TP\n\\fBevery\\fR\n\\fB15m\\fR\n",
            ".IP \\(bu 2\none\n",
            ".nf\n\\&.x = 1 # \\en\n.fi",
        ] {
            assert!(page.contains(wanted), "{wanted:?} in {page}");
        }
        assert!(!page.contains("---") && !page.contains("key"), "{page}");
    }
}
