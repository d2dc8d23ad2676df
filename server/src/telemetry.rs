//! Logs: sentences with handles, on stderr. No names, codici fiscali, notice numbers or addresses with tokens in them.

use std::io::IsTerminal as _;
use tracing_subscriber::EnvFilter;

/// `RUST_LOG` chooses; the default is `info`.
pub fn start(json: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,leptos=warn,sqlx=warn"));
    let colours = std::io::stderr().is_terminal();
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
    // a second start (tests) keeps the first; a person knows where a sentence comes from, a machine is told
    let _ = if json { builder.json().try_init() } else { builder.with_target(false).try_init() };
}
