//! The query language. In: a query as typed. Out: its tree, or what is wrong with it. Never a look at names or articles.

pub mod ast;
pub mod fields;
pub mod lex;
pub mod parse;

pub use ast::{Expr, Kind, Term};
pub use parse::{primary, query};
