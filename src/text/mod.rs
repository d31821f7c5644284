//! What several stages need of text: its charset, its markup, its addresses, one line of it, a piece of it.
//! In: bytes and text from strangers. Out: text that is safe to keep, search and show. It never touches the world.

pub mod calendar;
pub mod charset;
pub mod copy;
pub mod html;
pub mod language;
mod line;
pub mod password;
pub mod sentence;
pub mod ticket;
pub mod url;

pub use line::{cut, one_line, one_line_start};
