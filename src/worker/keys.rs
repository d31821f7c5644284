//! The keys loop: articles that were read get the keys by which searches find them. In: a ring after each reading. Out: keys, a few
//! articles at a time, so that nobody waits for it; until then searches look at these articles one by one.

use super::{Context, Pass, STORE_REST};
use crate::matching::{self, Text};
use crate::model::limits::{KEYS_AT_ONCE, KEYS_IN_A_PASS_MAX};
use crate::store::{Archived, ArticleKeys, StoreError};
use std::time::Duration;

/// After a ring more articles are waited for: keys of many cost a fraction of those of each alone.
const REST: Duration = Duration::from_secs(5);

pub(super) async fn run(context: &Context, pass: Pass) {
    let mut kept = 0;
    loop {
        let rest = match some(context).await {
            Ok(many) if many > 0 => {
                kept += many;
                if context.stop.is_cancelled() || pass == Pass::Once && kept >= KEYS_IN_A_PASS_MAX {
                    return;
                }
                continue;
            }
            Ok(_) => REST,
            Err(fault) => {
                tracing::warn!(%fault, "articles got no keys for searches: {fault}; it is tried again");
                STORE_REST
            }
        };
        if pass == Pass::Once {
            return;
        }
        tokio::select! {
            () = async { context.bells.keys.rung().await; tokio::time::sleep(rest).await } => {}
            () = context.stop.cancelled() => return,
        }
    }
}

/// Keeps the keys of some articles; answers of how many.
async fn some(context: &Context) -> Result<usize, StoreError> {
    let articles = context.store.unkeyed(KEYS_AT_ONCE).await?;
    let many = articles.len();
    if many > 0 {
        let made = context.think(0, move || articles.iter().map(keys).collect()).await;
        context.store.commit_keys(made.map_err(StoreError::Unavailable)?).await?;
    }
    Ok(many)
}

fn keys(archived: &Archived) -> ArticleKeys {
    let Archived { id, read_at, article, .. } = archived;
    let text = Text { title: &article.title, text: &article.text, zones: &article.zones, ..Text::empty() };
    ArticleKeys { id: *id, read_at: *read_at, keys: matching::keys(&text) }
}
