//! Posts and whose they are: "Minister of Foreign Affairs of China" is also "China's Minister of Foreign Affairs".
//! In: a post as typed. Out: its title in its word orders and its owner; and which words may stand between the two in a text.
//! Never a translation, and never a deputy.

/// A post of somebody: what it is called, and whose it is.
#[derive(Debug, PartialEq, Eq)]
pub struct Owned {
    /// The title in its word orders.
    pub titles: Vec<String>,
    /// The country or body.
    pub owner: String,
}

/// The title and the owner of a typed post; `None` when it names no owner, or is not in English.
pub fn owned(post: &str) -> Option<Owned> {
    let post = post.trim();
    if !post.is_ascii() && !post.contains('’') {
        return None;
    }
    let possessive = ["'s ", "’s ", "' ", "’ "].iter().find_map(|mark| post.split_once(mark));
    let (title, owner) = match possessive {
        Some((owner, title)) => (title, owner),
        None => post.rsplit_once(" of ").filter(|(_, owner)| {
            owner.starts_with(|c: char| c.is_uppercase() || owner.starts_with("the ") && c == 't')
        })?,
    };
    let owner = owner.strip_prefix("the ").unwrap_or(owner).trim();
    if title.trim().is_empty() || owner.is_empty() {
        return None;
    }
    let mut titles = vec![title.trim().to_string()];
    if let Some((head, subject)) = title.split_once(" of ") {
        titles.push(format!("{subject} {head}"));
        // Foreign Affairs Minister and Foreign Minister are one.
        if let Some(first) = subject.strip_suffix(" Affairs").or_else(|| subject.strip_suffix(" affairs")) {
            titles.push(format!("{first} {head}"));
        }
    }
    Some(Owned { titles, owner: owner.to_string() })
}

/// Whether a folded word may stand between a title and its owner: "Minister of Foreign Affairs and Trade of the Republic of X",
/// "X's Deputy Prime Minister and Minister of Foreign Affairs".
pub fn between(word: &str) -> bool {
    const JOINTS: &[&str] = &[
        "of",
        "the",
        "and",
        "for",
        "republic",
        "islamic",
        "people's",
        "peoples",
        "federal",
        "kingdom",
        "state",
        "union",
        "democratic",
        "socialist",
        "deputy",
        "first",
        "vice",
        "acting",
        "prime",
        "premier",
        "chancellor",
        "councilor",
        "councillor",
        "minister",
        "president",
        "chairman",
        "secretary",
        "head",
        "chief",
        "general",
        "state",
        "foreign",
        "affairs",
        "internal",
        "external",
        "trade",
        "economy",
        "economic",
        "finance",
        "defence",
        "defense",
        "interior",
        "justice",
        "culture",
        "tourism",
        "investment",
        "investments",
        "cooperation",
        "energy",
        "education",
        "health",
        "agriculture",
        "industry",
        "transport",
        "security",
        "council",
        "cabinet",
        "development",
        "commerce",
        "european",
        "integration",
        "diaspora",
        "relations",
        "international",
    ];
    JOINTS.contains(&word)
}

/// Whether a folded word before a title makes it another's: a deputy, an adviser, a former holder.
pub fn makes_other(word: &str) -> bool {
    matches!(
        word,
        "deputy"
            | "vice"
            | "вице"
            | "معاون"
            | "former"
            | "ex"
            | "assistant"
            | "shadow"
            | "副"
            | "前"
            | "原"
            | "sobiq"
            | "собиқ"
            | "бұрынғы"
            | "ancien"
            | "ancienne"
            | "exministro"
            | "eski"
    ) || ["заместит", "замест", "помощник", "советник", "бывш", "экс", "зам", "o'rinbosar", "ўринбосар"]
        .iter()
        .any(|stem| word.starts_with(stem))
}

/// Whether a folded word behind a title makes it another's: Turkic languages put the deputy there.
pub fn makes_other_before(word: &str) -> bool {
    ["o'rinbosar", "ўринбосар", "орынбасар", "орунбасар", "муовин", "yardımcı", "yardimci", "müavin", "orınbasar"]
        .iter()
        .any(|stem| word.starts_with(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_is_parted_into_title_and_owner() {
        let post = owned("Minister of Foreign Affairs of China").unwrap();
        assert_eq!(post.owner, "China");
        assert_eq!(post.titles, ["Minister of Foreign Affairs", "Foreign Affairs Minister", "Foreign Minister"]);
        assert_eq!(
            owned("China's Foreign Minister").unwrap(),
            Owned { titles: vec!["Foreign Minister".to_string()], owner: "China".to_string() }
        );
        assert_eq!(owned("President of the Republic").unwrap().owner, "Republic");
        for post in ["глава МИД Китая", "外交部长", "press secretary", " of ", "'s "] {
            assert_eq!(owned(post), None, "{post}");
        }
    }
}
