//! Whether a word stands whole where Chinese text has no spaces. In: text and a match in it. Out: whether a word boundary falls
//! inside the match, or a longer personal name begins with it. Never a full segmentation: some letters to either side decide.

use super::class;
use super::fold;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Letters looked at to either side.
const REACH: usize = 6;
/// The longest word of the dictionary, in letters.
const WORD_MAX: usize = 5;

/// Common words, so that what crosses them can be told; folded.
static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("data/chinese_words.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
});

/// Letters that stand alone: particles, pronouns, auxiliaries. They cost no more than a word.
const ALONE: &str = "的了在是和与及或不也都就还将把被向从对为于以而但其之有个这那他她它们我你您会能可要应让使给到由因所则又再才只已曾说称问时前后中内外上下年月日号";

/// The commonest family names: behind 小 or 老 one is a form of address.
const FAMILY: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤";

/// Letters that given names are often made of.
const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂文华建国志海峰林东宇浩欣怡婷雪梅兰玉英红琳鹏飞龙波斌辉健俊凯晨旭阳光荣福贵春生祥瑞宁康乐佳嘉雅慧颖萍莉莹洁倩琪瑶瑾璐楠桐梓轩泽涵睿博雨晴思诗梦毅仁义礼智信德才良善美珍珠宝玲珊蓉薇莲菊竹松柏森江河川湖山石岩峻岭锋铭钧鑫铁钢锐群立新成功胜利民族庆奎魁豪翔云霄腾跃进步升昌盛兴旺达通顺安泰恒永长久远力刚";

/// Whether the bytes `start..end` of `text` are cut by a word boundary there. `person`: the match is a personal name, which a
/// further letter may prolong.
pub fn cuts(text: &str, start: usize, end: usize, person: bool) -> bool {
    let inside: Vec<char> = text[start..end].chars().filter(|c| class::han(*c)).map(fold::simplified).collect();
    let mut before: Vec<char> =
        text[..start].chars().rev().take_while(|c| class::han(*c)).take(REACH).map(fold::simplified).collect();
    before.reverse();
    let after: Vec<char> =
        text[end..].chars().take_while(|c| class::han(*c)).take(REACH).map(fold::simplified).collect();
    if inside.is_empty() || inside.len() != text[start..end].chars().count() {
        return false;
    }
    if person && longer_name(&inside, &after) {
        return true;
    }
    // Nothing that crosses an edge reaches further in than the longest word: of a long match the middle tells nothing.
    let inside =
        if inside.len() > 2 * REACH { [&inside[..REACH], &inside[inside.len() - REACH..]].concat() } else { inside };
    let window: Vec<char> = [&before[..], &inside[..], &after[..]].concat();
    let (from, to) = (before.len(), before.len() + inside.len());
    crossed(&window, from, to)
}

/// Whether a personal name of two letters goes on: 王立 in 王立伟, but not in 王立说 or 王立强调.
fn longer_name(name: &[char], after: &[char]) -> bool {
    let Some(next) = after.first().filter(|_| name.len() == 2) else { return false };
    let begins_word =
        (2..=3).any(|len| after.len() >= len && WORDS.contains(&*after[..len].iter().collect::<String>()));
    GIVEN.contains(*next) && !begins_word
}

/// Whether the cheapest way to part the window into words has a boundary inside `from..to`, and is cheaper than the cheapest way
/// that has none.
fn crossed(window: &[char], from: usize, to: usize) -> bool {
    // Cost to the end of each letter, with the match whole and with it cut.
    let n = window.len();
    let mut word = String::new();
    let mut whole = vec![u32::MAX; n + 1];
    let mut free = vec![u32::MAX; n + 1];
    (whole[0], free[0]) = (0, 0);
    for end in 1..=n {
        for start in end.saturating_sub(WORD_MAX.max(to - from))..end {
            let is_match = (start, end) == (from, to);
            let mut known = || {
                word.clear();
                word.extend(&window[start..end]);
                let address =
                    end - start == 2 && matches!(window[start], '小' | '老') && FAMILY.contains(window[start + 1]);
                address || end - start <= WORD_MAX && WORDS.contains(&*word)
            };
            let cost = match end - start {
                1 if ALONE.contains(window[start]) => 12,
                1 => 16,
                _ if is_match || known() => 10,
                _ => continue,
            };
            // Whole: no boundary strictly inside the match.
            let inner = |at: usize| at > from && at < to;
            if whole[start] != u32::MAX && !inner(start) && !inner(end) {
                whole[end] = whole[end].min(whole[start] + cost);
            }
            if free[start] != u32::MAX {
                free[end] = free[end].min(free[start] + cost);
            }
        }
    }
    free[n] < whole[n]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, word: &str, person: bool) -> bool {
        let start = text.find(word).unwrap();
        cuts(text, start, start + word.len(), person)
    }

    #[test]
    fn a_boundary_inside_the_match_is_seen() {
        for (text, word) in [
            ("今日本报记者从市政府获悉", "日本"),
            ("发展中国家代表团昨天离开", "中国"),
            ("其中国家队教练留下", "中国"),
            ("记者问中国会不会参加", "国会"),
            ("产品和服务价格上涨", "和服"),
            ("今日本市气温", "日本"),
            ("网上海外购物", "上海"),
            ("中华人民共和国", "华人"),
            ("山西安全生产", "西安"),
            ("小李强调安全第一", "李强"),
        ] {
            assert!(cut(text, word, false), "{word} in {text}");
        }
    }

    #[test]
    fn a_whole_word_is_left_alone() {
        for (text, word) in [
            ("日本外相访问北京", "日本"),
            ("在中国举行的会议", "中国"),
            ("美国国会通过法案", "国会"),
            ("双方签署安全合作协议", "安全合作"),
            ("今天日本报纸称", "日本"),
            ("地震发生后救援队立即出发", "救援"),
            ("总理李强强调安全第一", "李强"),
        ] {
            assert!(!cut(text, word, false), "{word} in {text}");
        }
    }

    #[test]
    fn a_longer_personal_name_is_another_person() {
        assert!(cut("王立伟赢得冠军", "王立", true));
        assert!(cut("王毅力出席开幕式", "王毅", true));
        assert!(cut("王毅力。", "王毅", true));
        for text in ["王毅力图说服", "王毅力争", "王毅力挺", "王毅强调"] {
            assert!(!cut(text, "王毅", true), "{text}");
        }
        for text in ["王立刚刚离开", "王立说", "王立强调", "王立明确表示", "外长王立会见", "王立，他"]
        {
            assert!(!cut(text, "王立", true), "{text}");
        }
    }
}
