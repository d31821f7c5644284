//! In: an HTML document as text. Out: the same without what no reader sees (scripts, styles, comments, frames), and the JSON-LD that stood in it.
//! One linear pass over the tokens, so that html5ever has a third of the work. It never reads a tag where html5ever would read text.

use crate::text::html::{Tag, Token, Tokens};
use memchr::memmem;

/// What is left of a document.
#[derive(Debug, Default)]
pub(super) struct Pruned<'a> {
    /// The document without scripts, styles, comments and frames.
    pub(super) html: String,
    /// The content of its `application/ld+json` scripts, in order, as written.
    pub(super) json_ld: Vec<&'a str>,
}

/// JSON-LD scripts that are kept of one document.
const JSON_LD_MAX: usize = 32;

/// Takes out what no reader sees.
pub(super) fn prune(html: &str) -> Pruned<'_> {
    let mut out = Pruned { html: String::with_capacity(html.len() / 2), json_ld: vec![] };
    let mut tokens = Tokens::new(html);
    // Everything from here to the token at hand is kept.
    let mut kept = 0;
    loop {
        let before = tokens.position();
        let Some(token) = tokens.next() else { break };
        match token {
            Token::Comment(_) => {}
            Token::Start(tag) if is_dropped(tag.name) => {
                let script = tag.name.eq_ignore_ascii_case("script") && is_json_ld(tag);
                if let Some(Token::Text(content)) = tokens.clone().next() {
                    tokens.next();
                    if script && out.json_ld.len() < JSON_LD_MAX {
                        out.json_ld.push(content);
                    }
                }
                if let Some(Token::End(name, _)) = tokens.clone().next()
                    && name.eq_ignore_ascii_case(tag.name)
                {
                    tokens.next();
                }
            }
            _ => continue,
        }
        out.html.push_str(&html[kept..before]);
        kept = tokens.position();
    }
    out.html.push_str(&html[kept..]);
    out
}

fn is_dropped(name: &str) -> bool {
    ["script", "style", "noscript", "iframe", "textarea", "noembed", "noframes"]
        .iter()
        .any(|d| d.eq_ignore_ascii_case(name))
}

fn is_json_ld(tag: Tag) -> bool {
    memmem::find(tag.source.as_bytes(), b"ld+json").is_some()
}

#[cfg(test)]
mod tests {
    use super::prune;

    #[test]
    fn scripts_styles_and_comments_go_and_json_ld_is_kept_apart() {
        let pruned = prune(
            "<p>a</p><script>if (a</b) '</p>'</script><!-- x > <p>y</p> --><style></style>\
             <SCRIPT type='application/ld+json'>{\"a\":1}</SCRIPT ><style>p>a{}</style><p>b</p>",
        );
        assert_eq!(pruned.html, "<p>a</p><p>b</p>");
        assert_eq!(pruned.json_ld, ["{\"a\":1}"]);
    }

    #[test]
    fn a_script_in_a_value_or_a_title_is_text() {
        let html = "<title>a <script> b</title><p title='<script>'>c</p><p a=\"<!--\">d</p>1 < 2 <3";
        assert_eq!(prune(html).html, html);
    }

    #[test]
    fn what_is_never_closed_ends_the_document() {
        assert_eq!(prune("<p>a<script>b").html, "<p>a");
        assert_eq!(prune("<p>a<!-- b").html, "<p>a");
        assert_eq!(prune("a<").html, "a<");
        assert_eq!(prune("a<script").html, "a");
    }
}
