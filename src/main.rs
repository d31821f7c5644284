//! Parse the arguments, run the verb, print the error, exit with its code.

use std::process::ExitCode;

fn main() -> ExitCode {
    wirewatch::cli::main()
}
