//! In: HTML whose script tags are one out of step: an end that nothing began, and then a script that begins within a script.
//! Out: the same, with the words before the inner one as text, as nothing that an entry says is lost. It never touches scripts that pair.

use super::{Token, Tokens, escape};
use memchr::{memchr_iter, memmem};
use std::borrow::Cow;

/// Puts script tags back in step.
pub fn in_step(html: &str) -> Cow<'_, str> {
    // Such a piece has four tags of this name at least, and nearly all have none.
    if memmem::find_iter(html.as_bytes(), b"cript").take(4).count() < 4 {
        return Cow::Borrowed(html);
    }
    let mut tokens = Tokens::new(html);
    let (mut out, mut kept) = (String::new(), 0);
    let mut stray = false;
    while let Some(token) = tokens.next() {
        match token {
            Token::End(name, _) => stray |= is_script(name),
            Token::Start(tag) if is_script(tag.name) => {
                let begin = tokens.position() - tag.source.len();
                let content = match tokens.clone().next() {
                    Some(Token::Text(content)) => content,
                    _ => "",
                };
                if let Some(inner) = inner_start(content).filter(|_| std::mem::take(&mut stray)) {
                    out.push_str(&html[kept..begin]);
                    out.push_str(&escape(&content[..inner]));
                    kept = tokens.position() + inner;
                }
                // Behind the content and its own end, which is no stray one.
                if !content.is_empty() {
                    tokens.next();
                }
                if let Some(Token::End(..)) = tokens.clone().next() {
                    tokens.next();
                }
            }
            _ => {}
        }
    }
    if kept == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(&html[kept..]);
    Cow::Owned(out)
}

fn is_script(name: &str) -> bool {
    name.eq_ignore_ascii_case("script")
}

/// Where a script begins within the content of one.
fn inner_start(content: &str) -> Option<usize> {
    let bytes = content.as_bytes();
    memchr_iter(b'<', bytes).find(|at| {
        let name = bytes.get(at + 1..at + 7).is_some_and(|name| name.eq_ignore_ascii_case(b"script"));
        name && bytes.get(at + 7).is_some_and(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'))
    })
}

#[cfg(test)]
mod tests {
    use super::in_step;

    #[test]
    fn words_between_scripts_that_are_out_of_step_are_text() {
        assert_eq!(
            in_step("a</script><script>b < <i>c <script>d</script>e"),
            "a</script>b &lt; &lt;i&gt;c <script>d</script>e"
        );
    }

    #[test]
    fn scripts_that_pair_are_left_alone() {
        for html in [
            "a<script>b</script>c<script>d</script>e",
            "a<script>write('<script>b')</script>c<script></script>",
            "a</script>b<script>c</script><script>d</script>",
            "<p title='</script>'>a<script><script>b</script>",
            "</script><script",
        ] {
            assert_eq!(in_step(html), html);
        }
    }
}
