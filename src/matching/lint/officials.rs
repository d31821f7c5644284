//! People in office: nothing finds them by their family name alone, or nobody has asked for long whether the post is still theirs.
//! In: watches and today. Out: warnings. It knows no holder of any post.

use super::{Slip, at_name};
use crate::matching::Fault;
use crate::matching::class;
use crate::matching::compile::place_of;
use crate::matching::names::person;
use crate::model::{Family, Watch, WatchKind};
use jiff::civil::Date;

/// Days after which an office may have changed hands.
const DAYS_MAX: i32 = 180;

pub(super) fn doubts(watches: &[Watch], today: Date) -> Vec<Fault> {
    let officials = || watches.iter().filter(|watch| watch.kind == WatchKind::Official);
    officials().filter_map(nameless).chain(officials().filter_map(|official| stale(official, today))).collect()
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
