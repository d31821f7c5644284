//! Under which addresses an article is the same article. In: the article and where it came from. Out: addresses, the best first.
//! It asks nobody whether they answer.

use crate::model::{Article, SourceId};
use crate::text;
use url::Url;

/// The canonical addresses of an article: what the page calls its own, where that is the same site and no front page, and
/// where it was read. A page cannot claim another site's story, or all of its own, by a careless or hostile tag.
///
/// An entry without a link has an address of our own making: all of them at no address would be one story.
#[must_use]
pub fn addresses(article: &Article, source: &SourceId, entry_key: &str) -> Vec<String> {
    let Ok(read) = Url::parse(&article.url) else { return vec![format!("entry:{}/{entry_key}", source.key())] };
    let own = text::url::canonical(&read);
    let same_site = |url: &Url| {
        let site = |url: &Url| url.host_str().map(|host| text::url::registrable(host).to_string());
        site(url) == site(&read)
    };
    let claimed =
        article.canonical_url.as_deref().and_then(|url| Url::parse(url).ok()).map(|url| text::url::canonical(&url));
    let claimed = claimed.filter(|url| same_site(url) && (url.path() != "/" || url.query().is_some()));
    let mut urls: Vec<String> = claimed.into_iter().chain([own]).map(String::from).collect();
    urls.dedup();
    urls
}
