//! Several things written as one. In: a name, or what stands in quotes or braces. Out: its parts, if it is such. It joins nothing, and
//! takes no name apart that people write so: "Karimova, Gulnara", "MINISTRY OF TRADE AND INDUSTRY".

use super::Slip;
use crate::matching::class;

/// Signs that part names in tables and notes.
const SIGNS: [&str; 6] = [";", "|", "\n", " / ", "&&", " + "];
/// Operators of a query; no name of small letters has them in capitals.
const OPERATORS: [&str; 4] = [" OR ", " AND ", " NOT ", " ИЛИ "];

/// How the parts of a text are joined, and its parts, if it is several.
pub(super) fn parts(text: &str) -> Option<(&'static str, Vec<&str>)> {
    if let Some(sign) = SIGNS.into_iter().find(|sign| text.contains(sign)) {
        return several(text, sign);
    }
    let shouted = !text.chars().any(char::is_lowercase);
    if let Some(operator) = OPERATORS.into_iter().find(|operator| text.contains(operator)) {
        // Acronyms beside an operator have no small letters either; what is shouted as a whole has more words.
        let acronyms = || text.split(operator).all(|part| !part.trim().contains(' '));
        return if shouted && !acronyms() { None } else { several(text, operator) };
    }
    let (before, after) = text.split_once(", ")?;
    let scripts = |text: &str| {
        [class::latin, class::cyrillic, class::han].map(|of_script: fn(char) -> bool| text.chars().any(of_script))
    };
    let apart = scripts(before).into_iter().zip(scripts(after)).all(|(one, other)| !(one && other));
    if apart && after.chars().any(char::is_alphabetic) { several(text, ", ") } else { None }
}

fn several<'t>(text: &'t str, sign: &'static str) -> Option<(&'static str, Vec<&'t str>)> {
    let parts: Vec<&str> =
        text.split(sign).map(str::trim).filter(|part| part.chars().any(char::is_alphanumeric)).collect();
    (parts.len() > 1).then_some((sign.trim(), parts))
}

/// The doubt about a name that is several; `key` is where it stands.
pub(super) fn slip(key: &str, name: &str) -> Option<Slip> {
    let (sign, parts) = parts(name)?;
    let what = format!("{name:?} is looked for as one name, word for word");
    let quoted = parts.iter().map(|part| format!("{part:?}")).collect::<Vec<_>>().join(", ");
    let hint = match sign {
        "AND" | "NOT" | "&&" | "+" => {
            format!("a name is no query: conditions stand in a rule, the names here apart: {key} = [{quoted}]")
        }
        _ => format!("these are separate names: {key} = [{quoted}]"),
    };
    Some(Slip::new("W213", what, hint))
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn several_names_in_one_are_seen_and_a_name_that_is_written_so_is_left_alone() {
        for (text, expected) in [
            ("Embargo OR Boycott", &["Embargo", "Boycott"][..]),
            ("SCO OR ШОС", &["SCO", "ШОС"]),
            ("Bank; Fund;", &["Bank", "Fund"]),
            ("Gulnara Karimova|Lola K", &["Gulnara Karimova", "Lola K"]),
            ("Saida Mirziyoyeva, Саида Мирзиёева", &["Saida Mirziyoyeva", "Саида Мирзиёева"]),
            ("Tashkent / Ташкент", &["Tashkent", "Ташкент"]),
        ] {
            assert_eq!(parts(text).map(|(_, parts)| parts).as_deref(), Some(expected), "{text}");
        }
        for name in [
            "Karimova, Gulnara",
            "MINISTRY OF TRADE AND INDUSTRY",
            "Ministry of Trade and Industry",
            "Apple, Inc.",
            "Ван И",
            "AT&T",
            "Kim, 3rd",
            "OR",
            "x;",
        ] {
            assert_eq!(parts(name), None, "{name}");
        }
    }
}
