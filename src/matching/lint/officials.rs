//! People in office: nothing finds them by their family name alone, or nobody has asked for long whether the post is still theirs.
//! In: watches and today. Out: warnings. It knows no holder of any post.

use super::{Slip, at_name, table};
use crate::matching::names::{family, words};
use crate::matching::{Fault, Place};
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
    let full = official.names.iter().enumerate().find_map(|(index, name)| Some((index, name, family(name)?)));
    let (index, name, family) = full?;
    let words = words(name);
    // In Chinese the family comes first, and the last word is the given name.
    let first = words.first().filter(|first| words.len() == 2 && CHINESE.contains(&first.folded.as_ref()));
    let (family, hint) = if let Some(first) = first {
        let hint = format!("add weak = [{:?}]: it counts beside a title or the full name", first.raw);
        (first.raw.to_string(), hint)
    } else {
        (family, "add family = true: the family name then counts beside a title or the full name".to_string())
    };
    let what = format!("only the full name is found: '{family} arrives in Astana' will not match");
    Some(at_name(official, "names", index, name, Slip::new("W210", what, hint)))
}

fn stale(official: &Watch, today: Date) -> Option<Fault> {
    let checked = official.checked?;
    let days = today.since(checked).ok()?.get_days();
    let place = Place { table: table(official.kind), id: official.id.to_string(), key: "checked", index: None };
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
    Some(slip.at(place, 0..checked.to_string().len()))
}

/// Chinese family names of today's most frequent, as pinyin without tones spells them.
const CHINESE: [&str; 60] = [
    "wang", "li", "zhang", "liu", "chen", "yang", "zhao", "huang", "zhou", "wu", "xu", "sun", "hu", "zhu", "gao",
    "lin", "he", "guo", "ma", "luo", "liang", "song", "zheng", "xie", "han", "tang", "feng", "yu", "dong", "xiao",
    "cheng", "cao", "yuan", "deng", "fu", "shen", "zeng", "peng", "lu", "jiang", "cai", "jia", "ding", "wei", "xue",
    "ye", "pan", "du", "xia", "zhong", "tian", "ren", "fan", "fang", "shi", "yao", "tan", "liao", "qin", "xi",
];
