//! The program `falin`.

use std::process::ExitCode;

fn main() -> ExitCode {
    falin_web::cli::main()
}
