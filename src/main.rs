//! Parse the arguments, run the verb, print the error, exit with its code.

fn main() {}
