//! What several stages need of text: one line of it, a piece of it.
//! In: text from strangers. Out: text that is safe to show in one place. It never touches the world.

mod line;

pub use line::{cut, one_line};
