//! People in office: nothing finds them by their family name alone, or nobody has asked for long whether the post is still theirs.
//! In: watches and today. Out: warnings. It knows no holder of any post.

use super::{Slip, at_name};
use crate::matching::Fault;
use crate::matching::class;
use crate::matching::compile::place_of;
use crate::matching::fold;
use crate::matching::names::{person, post::between};
use crate::matching::resolve::title_word;
use crate::model::{Family, Watch, WatchKind};
use jiff::civil::Date;

/// Days after which an office may have changed hands.
const DAYS_MAX: i32 = 180;

pub(super) fn doubts(watches: &[Watch], today: Date) -> Vec<Fault> {
    let officials = || watches.iter().filter(|watch| watch.kind == WatchKind::Official);
    let named = officials().filter_map(nameless).chain(officials().filter_map(|official| stale(official, today)));
    named.chain(officials().flat_map(bare)).chain(officials().filter_map(strange)).collect()
}

/// A post that says of nobody's country or body that it is theirs: whoever holds one like it alerts.
fn bare(official: &Watch) -> impl Iterator<Item = Fault> {
    let posts = official.posts.iter().enumerate().filter(|(_, post)| {
        // Of titles in Chinese no word is known to end.
        let mut words = post.split(|c: char| c.is_whitespace() || c == '-').filter(|word| !word.is_empty()).peekable();
        words.peek().is_some()
            && !post.contains(class::han)
            && words.all(|word| title_word(word) || between(&word.to_lowercase()))
    });
    posts.map(|(index, post)| {
        let what = format!("{post:?} does not say of which country or body: everybody who holds such a post alerts");
        let hint = format!("say whose it is, as in posts = [\"{post} of Uzbekistan\"]");
        at_name(official, "posts", index, post, Slip::new("W214", what, hint))
    })
}

/// A family name that none of the names has.
fn strange(official: &Watch) -> Option<Fault> {
    let Family::Named(family) = &official.family else { return None };
    let folded = |text: &str| fold::plain(&fold::marked(text)).into_owned();
    let (stem, script) = (folded(family), |text: &str| {
        [class::latin, class::cyrillic, class::han].map(|of: fn(char) -> bool| text.chars().any(of))
    });
    // Spellings differ at the end: Kulubaev, Kulubayev.
    let stem: String = stem.chars().take(3).collect();
    let mut alike = official.names.iter().filter(|name| script(name) == script(family)).peekable();
    alike.peek()?;
    if alike.any(|name| folded(name).contains(&stem)) {
        return None;
    }
    let what = format!("{family:?} is no part of the names of @{}", official.id);
    let slip =
        Slip::new("W215", what, "write the family name that stands in `names`, or family = true to have it derived");
    Some(slip.at(place_of(official, "family"), 0..family.len()))
}

/// Has a full name only: the second sentence of the news, which says `Lavrov`, has nothing to be found by.
fn nameless(official: &Watch) -> Option<Fault> {
    if official.family != Family::No || !official.weak.is_empty() {
        return None;
    }
    // A Chinese text repeats the full name.
    let mut spaced = official.names.iter().enumerate().filter(|(_, name)| !name.contains(class::han));
    let (index, name, family) = spaced.find_map(|(index, name)| Some((index, name, person::family(name)?)))?;
    let what = format!("only the full name is found: a later '{family} said' is not");
    let hint = "add family = true: the family name then counts beside a title, or where the full name stands anywhere in the article; \
                alone it never does";
    Some(at_name(official, "names", index, name, Slip::new("W210", what, hint)))
}

fn stale(official: &Watch, today: Date) -> Option<Fault> {
    let checked = official.checked?;
    let days = today.since(checked).ok()?.get_days();
    let slip = if days < 0 {
        Slip::new(
            "W211",
            format!("`checked` is in the future: today is {today}"),
            format!("write checked = \"{today}\""),
        )
    } else if days > DAYS_MAX {
        let what = format!("nobody has made sure for {days} days that @{} still holds the post", official.id);
        Slip::new("W211", what, format!("make sure, then write checked = \"{today}\""))
    } else {
        return None;
    };
    Some(slip.at(place_of(official, "checked"), 0..checked.to_string().len()))
}
