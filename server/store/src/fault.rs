//! What a database says when it refuses: which codes mean "not now", and the part that may be shown.

use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::postgres::PgDatabaseError;
use std::borrow::Cow;
use std::error::Error;
use std::fmt;

/// SQLite's primary result codes for "not now" (<https://www.sqlite.org/rescode.html>): BUSY, LOCKED, IOERR (a write that the
/// disk or its quota refused, beside FULL), FULL.
const SQLITE_NOT_NOW: [u32; 4] = [5, 6, 10, 13];

pub(crate) fn sqlite_not_now(code: u32) -> bool {
    // extended codes carry the primary one in the low byte: 517 is BUSY_SNAPSHOT
    SQLITE_NOT_NOW.contains(&(code & 0xff))
}

/// CORRUPT, NOTADB: the file, or a page of it, is not what SQLite wrote.
pub(crate) fn sqlite_damaged(code: u32) -> bool {
    [11, 26].contains(&(code & 0xff))
}

/// PostgreSQL's codes for "not now" (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
pub(crate) fn postgres_not_now(code: &str) -> bool {
    match code {
        // serialization_failure, deadlock_detected: another transaction went first
        "40001" | "40P01" => true,
        // lock_not_available: lock_timeout; query_canceled: statement_timeout
        "55P03" | "57014" => true,
        // the server ended a transaction that was silent for too long
        "25P03" => true,
        // admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout
        "57P01" | "57P02" | "57P03" | "57P05" => true,
        // io_error, as SQLite's
        "58030" => true,
        // classes: connection_exception; insufficient_resources (disk full, out of memory, too many connections)
        _ => code.starts_with("08") || code.starts_with("53"),
    }
}

/// An error of PostgreSQL that can be logged. Its DETAIL quotes rows ("Failing row contains …"): it is left behind.
#[derive(Debug)]
pub(crate) struct Fault {
    code: String,
    message: String,
    table: Option<String>,
    constraint: Option<String>,
}

impl Fault {
    pub(crate) fn without_values(error: &PgDatabaseError) -> Self {
        // class 22, data_exception: the message itself can quote the value
        let message = if error.code().starts_with("22") { "a value does not fit" } else { error.message() };
        Self {
            code: error.code().to_owned(),
            message: message.to_owned(),
            table: error.table().map(str::to_owned),
            constraint: error.constraint().map(str::to_owned),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (SQLSTATE {})", self.message, self.code)
    }
}

impl Error for Fault {}

impl DatabaseError for Fault {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(&self.code))
    }

    fn table(&self) -> Option<&str> {
        self.table.as_deref()
    }

    fn constraint(&self) -> Option<&str> {
        self.constraint.as_deref()
    }

    /// Class 23, integrity_constraint_violation.
    fn kind(&self) -> ErrorKind {
        match self.code.as_str() {
            "23505" => ErrorKind::UniqueViolation,
            "23503" => ErrorKind::ForeignKeyViolation,
            "23502" => ErrorKind::NotNullViolation,
            "23514" => ErrorKind::CheckViolation,
            "23P01" => ErrorKind::ExclusionViolation,
            _ => ErrorKind::Other,
        }
    }

    fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
        self
    }
}
