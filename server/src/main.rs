//! `sportello`: see `sportello --help`.

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let command = server::cli::Cli::parse();
    portal::punti::arm();
    server::telemetry::start(command.json_logs);
    match server::cli::run(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // one line a person can act on; the chain says why
            eprintln!("sportello: {error:#}");
            ExitCode::FAILURE
        }
    }
}
