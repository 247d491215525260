//! The program `falin`.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Children of the program are the program itself: nothing may have started before they know that they are.
    falin_web::cli::run_if_child().unwrap_or_else(falin_web::cli::main)
}
