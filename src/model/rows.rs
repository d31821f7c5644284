//! The rows of a watch list: up to a million names in one string. In: rows, one after the other. Out: the same, borrowed; each text
//! also by its number, so that an index can name it in four bytes. It reads no file and judges no name.

use super::WatchKind;
use foldhash::fast::RandomState;
use hashbrown::HashTable;
use std::fmt;
use std::hash::BuildHasher;

/// The rows of a list, in its order. Beside their texts a million rows of one name take some 36 MB.
#[derive(Default)]
pub struct Rows {
    /// All texts without a gap: of each row its id, then the others.
    arena: String,
    /// By text: the byte of the arena at which it ends.
    ends: Vec<u32>,
    /// By text: what it is; `None` is the id of a row.
    keys: Vec<Option<RowKey>>,
    heads: Vec<Row>,
    /// Sets of topics; few, as most rows have the same ones.
    topics: Vec<Box<str>>,
    ids: Ids,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    /// The number of its id; its texts follow.
    first: u32,
    /// A place in `topics`, from 1; 0: none.
    topics: u32,
    kind: WatchKind,
    inflect: Option<bool>,
    variants: bool,
    family: bool,
}

/// What a text of a row is: the key of a watch that would hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowKey {
    /// As [`Watch::names`](super::Watch::names).
    Names,
    /// As [`Watch::exact`](super::Watch::exact).
    Exact,
    /// As [`Watch::weak`](super::Watch::weak).
    Weak,
    /// As [`Watch::not_as`](super::Watch::not_as).
    NotAs,
    /// As [`Watch::posts`](super::Watch::posts).
    Posts,
    /// As [`Watch::with`](super::Watch::with), beside that of the list.
    With,
}

/// What a row is beside its texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowHead<'a> {
    /// Its id within the list, as written.
    pub id: &'a str,
    /// Its kind.
    pub kind: WatchKind,
    /// As in [`Watch`](super::Watch).
    pub inflect: Option<bool>,
    /// As in [`Watch`](super::Watch).
    pub variants: bool,
    /// Whether the bare family name of each of its names is a weak name.
    pub family: bool,
    /// What the list says of it, parted by `;`: `sanction;role.pep`.
    pub topics: &'a str,
}

impl<'a> RowHead<'a> {
    /// An id and a kind and nothing else; variants on.
    #[must_use]
    pub fn new(id: &'a str, kind: WatchKind) -> Self {
        Self { id, kind, inflect: None, variants: true, family: false, topics: "" }
    }
}

/// A text of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowText<'a> {
    /// For [`Rows::text`] and [`Rows::row_of`]; numbers rise along the list.
    pub number: u32,
    /// What it is.
    pub key: RowKey,
    /// As typed.
    pub text: &'a str,
}

/// A row, borrowed from its list.
#[derive(Clone, Copy)]
pub struct RowRef<'a> {
    rows: &'a Rows,
    number: u32,
}

/// Why a row was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotTaken {
    /// There is a row with its id.
    Twice,
    /// All rows together would be more than 4 GiB.
    Full,
}

impl Rows {
    /// Adds a row with its texts, in the order in which they will be told.
    ///
    /// # Errors
    /// See [`NotTaken`]; the rows are as before then.
    pub fn push<'a>(
        &mut self,
        head: &RowHead<'_>,
        texts: impl IntoIterator<Item = (RowKey, &'a str)>,
    ) -> Result<(), NotTaken> {
        let (bytes, first) = (self.arena.len(), self.ends.len());
        let hash = self.ids.hash(head.id);
        if self.found(hash, head.id).is_some() {
            return Err(NotTaken::Twice);
        }
        let row = u32::try_from(self.heads.len()).map_err(|_| NotTaken::Full)?;
        let taken = self.append(None, head.id).and_then(|first| {
            texts.into_iter().try_for_each(|(key, text)| self.append(Some(key), text).map(drop))?;
            Ok(first)
        });
        let number = match taken {
            Ok(number) => number,
            Err(full) => {
                self.arena.truncate(bytes);
                self.ends.truncate(first);
                self.keys.truncate(first);
                return Err(full);
            }
        };
        let topics = self.topics(head.topics);
        let RowHead { kind, inflect, variants, family, .. } = *head;
        self.heads.push(Row { first: number, topics, kind, inflect, variants, family });
        let Ids { table, hashes, .. } = &mut self.ids;
        hashes.push(hash);
        table.insert_unique(spread(hash), row, |row| spread(hashes[*row as usize]));
        Ok(())
    }

    fn append(&mut self, key: Option<RowKey>, text: &str) -> Result<u32, NotTaken> {
        let number = u32::try_from(self.ends.len()).map_err(|_| NotTaken::Full)?;
        let end = u32::try_from(self.arena.len() + text.len()).map_err(|_| NotTaken::Full)?;
        self.arena.push_str(text);
        self.ends.push(end);
        self.keys.push(key);
        Ok(number)
    }

    /// The place of a set of topics, from 1.
    fn topics(&mut self, topics: &str) -> u32 {
        if topics.is_empty() {
            return 0;
        }
        let Self { topics: sets, ids, .. } = self;
        let hash = ids.state.hash_one(topics);
        let set = |at: u32| &*sets[at as usize - 1];
        if let Some(known) = ids.topics.find(hash, |at| set(*at) == topics) {
            return *known;
        }
        // No more sets than rows, and those have numbers of 32 bits.
        let at = u32::try_from(sets.len() + 1).unwrap_or(0);
        sets.push(topics.into());
        ids.topics.insert_unique(hash, at, |at| ids.state.hash_one(&*sets[*at as usize - 1]));
        at
    }

    /// Gives back what room was left for more rows.
    pub fn shrink(&mut self) {
        self.arena.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.keys.shrink_to_fit();
        self.heads.shrink_to_fit();
        self.ids.hashes.shrink_to_fit();
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.heads.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// The rows, in order.
    pub fn iter(&self) -> impl Iterator<Item = RowRef<'_>> {
        (0..).take(self.heads.len()).map(|number| RowRef { rows: self, number })
    }

    /// The row at a place, from 0.
    #[must_use]
    pub fn get(&self, number: u32) -> Option<RowRef<'_>> {
        ((number as usize) < self.heads.len()).then_some(RowRef { rows: self, number })
    }

    /// The row with this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<RowRef<'_>> {
        self.found(self.ids.hash(id), id)
    }

    fn found(&self, hash: u32, id: &str) -> Option<RowRef<'_>> {
        let row = |number: u32| RowRef { rows: self, number };
        let is = |number: &u32| self.ids.hashes[*number as usize] == hash && row(*number).id() == id;
        self.ids.table.find(spread(hash), is).map(|number| row(*number))
    }

    /// The text of a number that [`RowText`] gave.
    ///
    /// # Panics
    /// For a number that no text of these rows has.
    #[must_use]
    pub fn text(&self, number: u32) -> &str {
        text(&self.arena, &self.ends, number)
    }

    /// The row that a text belongs to, in logarithmic time.
    #[must_use]
    pub fn row_of(&self, text: u32) -> Option<RowRef<'_>> {
        let after = self.heads.partition_point(|row| row.first <= text);
        self.get(u32::try_from(after.checked_sub(1)?).ok()?)
    }

    /// Rows that are new, gone, or otherwise than before, by their ids.
    #[must_use]
    pub fn changes(old: &Self, new: &Self) -> Changes {
        let mut changes = Changes::default();
        let mut kept = vec![false; old.len()];
        // Most lists keep their order: the row after the last one is looked at before the id is looked up.
        let mut next = 0;
        for row in new.iter() {
            let before = old.get(next).filter(|before| before.id() == row.id()).or_else(|| old.find(row.id()));
            let Some(before) = before else {
                changes.added.count(row);
                continue;
            };
            kept[before.number as usize] = true;
            next = before.number + 1;
            if before != row {
                changes.changed.count(row);
            }
        }
        for (row, _) in old.iter().zip(kept).filter(|(_, kept)| !kept) {
            changes.removed.count(row);
        }
        changes
    }
}

fn text<'a>(arena: &'a str, ends: &[u32], number: u32) -> &'a str {
    let at = number as usize;
    let from = if at == 0 { 0 } else { ends[at - 1] };
    &arena[from as usize..ends[at] as usize]
}

impl<'a> RowRef<'a> {
    fn row(self) -> &'a Row {
        &self.rows.heads[self.number as usize]
    }

    /// Its place in the list, from 0.
    #[must_use]
    pub fn number(self) -> u32 {
        self.number
    }

    /// Its id within the list, as written.
    #[must_use]
    pub fn id(self) -> &'a str {
        self.rows.text(self.row().first)
    }

    /// Its kind.
    #[must_use]
    pub fn kind(self) -> WatchKind {
        self.row().kind
    }

    /// All but its texts.
    #[must_use]
    pub fn head(self) -> RowHead<'a> {
        let Row { topics, kind, inflect, variants, family, .. } = *self.row();
        let topics = (topics as usize).checked_sub(1).map_or("", |at| &*self.rows.topics[at]);
        RowHead { id: self.id(), kind, inflect, variants, family, topics }
    }

    /// What the list says of it: `sanction`, `role.pep`.
    pub fn topics(self) -> impl Iterator<Item = &'a str> {
        self.head().topics.split(';').filter(|topic| !topic.is_empty())
    }

    /// Its texts, in the order in which they were told.
    pub fn texts(self) -> impl Iterator<Item = RowText<'a>> {
        let rows = self.rows;
        let first = self.row().first + 1;
        let next = rows.heads.get(self.number as usize + 1).map_or(rows.ends.len(), |next| next.first as usize);
        (first..)
            .zip(&rows.keys[first as usize..next])
            .filter_map(move |(number, key)| Some(RowText { number, key: (*key)?, text: rows.text(number) }))
    }

    /// Its texts of one key.
    pub fn of(self, key: RowKey) -> impl Iterator<Item = &'a str> {
        self.texts().filter(move |text| text.key == key).map(|text| text.text)
    }

    /// What it is called: the first of its names, else of its other texts.
    #[must_use]
    pub fn title(self) -> &'a str {
        let named = self.of(RowKey::Names).next().or_else(|| self.texts().next().map(|text| text.text));
        named.unwrap_or_else(|| self.id())
    }
}

/// The same in content, in whatever list and place.
impl PartialEq for RowRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        let texts = |row: Self| row.texts().map(|text| (text.key, text.text));
        self.head() == other.head() && texts(*self).eq(texts(*other))
    }
}

impl fmt::Debug for RowRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<_> = self.texts().map(|text| (text.key, text.text)).collect();
        f.debug_struct("Row").field("head", &self.head()).field("texts", &texts).finish()
    }
}

impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        self.arena == other.arena
            && self.ends == other.ends
            && self.keys == other.keys
            && self.heads == other.heads
            && self.topics == other.topics
    }
}

/// Rows that are shown; a million would tell nobody anything.
const DEBUG_ROWS_MAX: usize = 10;

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = f.debug_list();
        list.entries(self.iter().take(DEBUG_ROWS_MAX));
        if self.len() > DEBUG_ROWS_MAX { list.finish_non_exhaustive() } else { list.finish() }
    }
}

/// Where rows and sets of topics are, by what they are called.
#[derive(Default)]
struct Ids {
    state: RandomState,
    table: HashTable<u32>,
    /// By row, that of its id: so that growing looks at no text.
    hashes: Vec<u32>,
    topics: HashTable<u32>,
}

impl Ids {
    #[expect(clippy::cast_possible_truncation, reason = "half of a hash is one")]
    fn hash(&self, id: &str) -> u32 {
        self.state.hash_one(id) as u32
    }
}

/// A hash of as many bits as the table wants, whose first are as good as its last (Fibonacci hashing).
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// What became of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Rows that were not there before.
    pub added: Changed,
    /// Rows that are no longer there.
    pub removed: Changed,
    /// Rows with other content.
    pub changed: Changed,
}

/// How many rows, and what the first of them are called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed {
    /// All.
    pub count: usize,
    /// In the order of the list, at most [`Changed::NAMED_MAX`].
    pub names: Vec<String>,
}

impl Changed {
    /// Names that are given.
    pub const NAMED_MAX: usize = 5;

    fn count(&mut self, row: RowRef<'_>) {
        self.count += 1;
        if self.names.len() < Self::NAMED_MAX {
            self.names.push(row.title().to_string());
        }
    }
}

impl Changes {
    /// Whether all is as it was, but perhaps for the order.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.count + self.removed.count + self.changed.count == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use RowKey::{Exact, Names, NotAs, Weak};
    use WatchKind::{Official, Organization};

    fn rows(of: &[(&str, &[(RowKey, &str)])]) -> Rows {
        let mut rows = Rows::default();
        for (id, texts) in of {
            rows.push(&RowHead::new(id, Official), texts.iter().copied()).unwrap();
        }
        rows
    }

    #[test]
    fn a_row_gives_back_what_it_was_made_of() {
        let mut rows = Rows::default();
        let ada = RowHead { topics: "sanction;role.pep", family: true, ..RowHead::new("Q1", Official) };
        let texts = [(Names, "Ada Byron"), (Names, "Ада Байрон"), (Weak, "Byron"), (NotAs, "Ada Byron Street")];
        rows.push(&ada, texts).unwrap();
        let works = RowHead { inflect: Some(false), variants: false, ..RowHead::new("Q2", Organization) };
        rows.push(&works, [(Exact, "EW")]).unwrap();
        let [first, second] = rows.iter().collect::<Vec<_>>()[..] else { panic!("{rows:?}") };
        assert_eq!((first.head(), second.head()), (ada, works));
        assert_eq!(first.topics().collect::<Vec<_>>(), ["sanction", "role.pep"]);
        assert_eq!(first.texts().map(|text| (text.key, text.text)).collect::<Vec<_>>(), texts);
        assert_eq!(first.of(Names).collect::<Vec<_>>(), ["Ada Byron", "Ада Байрон"]);
        assert_eq!((first.title(), second.title()), ("Ada Byron", "EW"));
        assert_eq!(second.topics().count(), 0);
    }

    #[test]
    fn a_text_and_its_row_are_found_by_the_number_of_the_text() {
        let rows = rows(&[("a", &[(Names, "One"), (Weak, "Two")]), ("b", &[]), ("c", &[(Names, "Three")])]);
        for row in rows.iter() {
            for text in row.texts() {
                assert_eq!(rows.text(text.number), text.text);
                assert_eq!(rows.row_of(text.number).unwrap().id(), row.id());
            }
            assert_eq!(rows.find(row.id()).unwrap().number(), row.number());
        }
        let numbers: Vec<u32> = rows.iter().flat_map(RowRef::texts).map(|text| text.number).collect();
        assert!(numbers.is_sorted() && numbers.len() == 3, "{numbers:?}");
        assert_eq!((rows.find("d"), rows.get(3), Rows::default().row_of(0)), (None, None, None));
    }

    #[test]
    fn an_id_is_taken_once_and_the_second_row_leaves_no_trace() {
        let mut twice = rows(&[("a", &[(Names, "One")])]);
        assert_eq!(twice.push(&RowHead::new("a", Official), [(Names, "Other")]), Err(NotTaken::Twice));
        assert_eq!(twice, rows(&[("a", &[(Names, "One")])]));
        twice.push(&RowHead::new("", Official), []).unwrap();
        assert_eq!(twice.find("").unwrap().number(), 1);
    }

    #[test]
    fn a_thousand_rows_are_found_by_their_ids_and_share_their_topics() {
        let mut rows = Rows::default();
        for n in 0..1000 {
            let (id, topics) = (format!("row-{n}"), if n % 2 == 0 { "sanction" } else { "crime;role.pep" });
            let name = format!("Name {n}");
            rows.push(&RowHead { topics, ..RowHead::new(&id, Official) }, [(Names, name.as_str())]).unwrap();
        }
        rows.shrink();
        assert_eq!(rows.topics.len(), 2);
        for n in 0..1000 {
            let row = rows.find(&format!("row-{n}")).unwrap();
            assert_eq!((row.title().to_string(), row.topics().count()), (format!("Name {n}"), 1 + n % 2));
        }
    }

    #[test]
    fn changes_are_told_by_id_whatever_the_order() {
        let old = rows(&[("a", &[(Names, "One")]), ("b", &[(Names, "Two")]), ("c", &[(Names, "Three")])]);
        let new = rows(&[("d", &[(Names, "Four")]), ("c", &[(Names, "Three")]), ("a", &[(Names, "One"), (Weak, "1")])]);
        let changes = Rows::changes(&old, &new);
        let told = |changed: &Changed| (changed.count, changed.names.join(","));
        assert_eq!(told(&changes.added), (1, "Four".into()));
        assert_eq!(told(&changes.removed), (1, "Two".into()));
        assert_eq!(told(&changes.changed), (1, "One".into()));
        let turned = rows(&[("c", &[(Names, "Three")]), ("b", &[(Names, "Two")]), ("a", &[(Names, "One")])]);
        assert!(Rows::changes(&old, &turned).is_empty());
        assert_ne!(old, turned);
    }

    #[test]
    fn a_name_that_became_a_weak_name_is_a_change() {
        let (old, new) = (rows(&[("a", &[(Names, "One")])]), rows(&[("a", &[(Weak, "One")])]));
        assert_eq!(Rows::changes(&old, &new).changed.count, 1);
        let split = (rows(&[("a", &[(Names, "ab"), (Names, "c")])]), rows(&[("a", &[(Names, "a"), (Names, "bc")])]));
        assert_eq!(Rows::changes(&split.0, &split.1).changed.count, 1);
    }

    #[test]
    fn only_the_first_names_of_many_changes_are_given() {
        let many: Vec<(String, String)> = (0..100).map(|n| (format!("id{n}"), format!("Name {n}"))).collect();
        let mut new = Rows::default();
        for (id, name) in &many {
            new.push(&RowHead::new(id, Official), [(Names, name.as_str())]).unwrap();
        }
        let changes = Rows::changes(&Rows::default(), &new);
        assert_eq!((changes.added.count, changes.added.names.len()), (100, Changed::NAMED_MAX));
    }
}
