//! What a configured name may look like in a text: its parts, their order, their forms.
//! In: names as typed. Out: sequences of words with what may stand between them. Never a text.

pub mod glued;
pub mod kin;
pub mod latin;
pub mod marks;
pub mod person;
pub mod phrase;
pub mod post;
pub mod roman;
pub mod russian;
pub mod shown;
pub mod split;
pub mod suffix;
