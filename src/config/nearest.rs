//! The name that was probably meant. In: what was typed and the names there are. Out: the nearest, if one is near.

/// The nearest of the names: a letter or a third of them changed, or a common beginning.
#[must_use]
pub fn nearest<'n>(typed: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    // Distances are quadratic in length; nobody mistypes a name of a hundred letters.
    if typed.len() > 100 {
        return None;
    }
    let typed = plain(typed);
    let room = (typed.chars().count() / 3).max(1);
    let mut best: Option<(usize, f64, &str)> = None;
    for name in names {
        let other = plain(name);
        let distance = strsim::damerau_levenshtein(&typed, &other);
        let alike = strsim::jaro_winkler(&typed, &other);
        let near = distance <= room || alike >= 0.85;
        let better = best.is_none_or(|(d, a, _)| distance < d || (distance == d && alike > a));
        if near && better {
            best = Some((distance, alike, name));
        }
    }
    best.map(|(_, _, name)| name)
}

fn plain(name: &str) -> String {
    name.to_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn what_was_probably_meant_is_found_and_nothing_is_made_up() {
        let keys = ["names", "exact", "not_as", "weak", "posts", "time_zone", "body_max", "links", "high"];
        for (typed, meant) in [
            ("name", "names"),
            ("exakt", "exact"),
            ("notas", "not_as"),
            ("week", "weak"),
            ("timezone", "time_zone"),
            ("body_maximum", "body_max"),
            ("hgih", "high"),
            ("LINKS", "links"),
        ] {
            assert_eq!(nearest(typed, keys), Some(meant), "{typed}");
        }
        assert_eq!(nearest("soc", ["sco", "soccer-x"]), Some("sco"));
        assert_eq!(nearest("colour", keys), None);
        assert_eq!(nearest(&"names".repeat(50), keys), None);
    }
}
