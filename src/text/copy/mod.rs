//! What copies of one text are known by: its words, a sketch of them, and the sketches of all that was read lately.
//! In: texts. Out: words with their kind, a few numbers, numbers of texts that share some. It does not judge what is a copy.

mod recent;
mod sketch;
mod words;

pub use recent::Recent;
pub use sketch::sketch;
pub use words::{Kind, WORD, Word, words};
