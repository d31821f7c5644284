//! The query language. In: a query as typed. Out: its tree, or what is wrong with it. Never a look at names or articles.

pub mod ast;
pub mod fields;
mod flaws;
pub mod lex;
pub mod parse;

pub use ast::{Expr, Kind, Term};
pub use parse::{ids, primary, query};

#[cfg(test)]
mod tests;
