//! What a rule cannot match without. In: rules as trees. Out: each under the cheapest set of leaves of which one must be found.

use super::super::index::{Anchors, Ruled, TermKind, What};
use super::super::node::{Leaf, Node, NodeKind};
use super::super::vocabulary::number;

/// Puts a rule under what it cannot match without.
pub(super) fn anchor(anchors: &mut Anchors, at: u32, rule: &Ruled, terms: &[TermKind]) {
    let Some(needed) = needs(&rule.node, &|_| true) else {
        anchors.always.push(at);
        return;
    };
    for leaf in needed {
        match leaf {
            Leaf::Watch(watch) => anchors.watches[watch].push(at),
            Leaf::List(list) => anchors.lists[list].push(at),
            Leaf::Row(row) => anchors.rows.entry(number(row)).or_default().push(at),
            Leaf::Term(term) => match &terms[term] {
                TermKind::Words => anchors.terms[term].push(at),
                TermKind::Spread { words, .. } => match words.first().map(|word| word.what()) {
                    Some(What::Term(first)) => anchors.terms[first].push(at),
                    _ => anchors.always.push(at),
                },
            },
        }
    }
}

/// Of the terms that are looked for only when a rule asks, some of which one must be found for the node to hold; none where it may
/// hold without.
pub(super) fn needed(node: &Node, late: &dyn Fn(usize) -> bool) -> Vec<usize> {
    let term = |leaf: &Leaf| if let Leaf::Term(term) = leaf { Some(*term).filter(|term| late(*term)) } else { None };
    needs(node, &|leaf| term(leaf).is_some()).iter().flatten().filter_map(term).collect()
}

/// The terms in a node.
pub(super) fn terms(node: &Node, visit: &mut impl FnMut(usize)) {
    match &node.kind {
        NodeKind::And(parts) | NodeKind::Or(parts) => {
            for part in parts {
                terms(part, visit);
            }
        }
        NodeKind::Not(inner) | NodeKind::AtLeast(_, inner) => terms(inner, visit),
        NodeKind::Near(left, _, right) => {
            terms(left, visit);
            terms(right, visit);
        }
        NodeKind::Leaf(Leaf::Term(term), _) => visit(*term),
        NodeKind::Leaf(..) | NodeKind::Meta(_) => {}
    }
}

/// A set of leaves `of` a kind of which one must be found for the node to hold; `None` when there is none. Of several, the cheapest.
fn needs(node: &Node, of: &dyn Fn(&Leaf) -> bool) -> Option<Vec<Leaf>> {
    let needs = |node| needs(node, of);
    let cheapest = |sets: Vec<Vec<Leaf>>| sets.into_iter().min_by_key(|set| set.iter().map(cost).sum::<usize>());
    match &node.kind {
        NodeKind::And(parts) => cheapest(parts.iter().filter_map(needs).collect()),
        NodeKind::Or(parts) => {
            let sets: Option<Vec<Vec<Leaf>>> = parts.iter().map(needs).collect();
            sets.map(|sets| sets.concat())
        }
        NodeKind::Near(left, _, right) => cheapest([needs(left), needs(right)].into_iter().flatten().collect()),
        NodeKind::AtLeast(_, inner) => needs(inner),
        NodeKind::Leaf(leaf, _) => of(leaf).then(|| vec![*leaf]),
        NodeKind::Not(_) | NodeKind::Meta(_) => None,
    }
}

/// How often a leaf is found, by and large: a watch seldom, a word of a query more often, a list most.
fn cost(leaf: &Leaf) -> usize {
    match leaf {
        Leaf::Row(_) => 1,
        Leaf::Watch(_) => 2,
        Leaf::Term(_) => 4,
        Leaf::List(_) => 64,
    }
}
