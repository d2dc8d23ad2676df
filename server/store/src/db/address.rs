//! Where a database is, as an operator writes it.

use crate::StoreError;
use sqlx::postgres::PgConnectOptions;
use std::path::PathBuf;

pub(crate) enum Address {
    Sqlite(PathBuf),
    /// Boxed: it is much bigger than a path.
    Postgres(Box<PgConnectOptions>),
}

impl Address {
    /// `postgres://…`, `sqlite:PATH`, or a path alone. Nothing of the text is in the error: it may hold a password.
    pub(crate) fn parse(text: &str) -> Result<Self, StoreError> {
        let refused = |why: &'static str| Err(StoreError::Database(sqlx::Error::Configuration(why.into())));
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return match text.parse() {
                Ok(options) => Ok(Self::Postgres(Box::new(options))),
                Err(_) => refused("the address of the database does not read postgres://user:password@host:port/database"),
            };
        }
        let path = match text.strip_prefix("sqlite:") {
            Some(path) => path.strip_prefix("//").unwrap_or(path),
            // a database we do not know must not become a file of that name
            None if text.contains("://") => return refused("the address of the database is neither postgres:// nor sqlite:"),
            None => text,
        };
        if path.is_empty() {
            return refused("the address of the database is empty");
        }
        Ok(Self::Sqlite(path.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_sqlite_with_or_without_its_prefix() {
        for (text, path) in [
            ("data/sportello.db", "data/sportello.db"),
            ("sqlite:data/sportello.db", "data/sportello.db"),
            ("sqlite:/var/lib/sportello.db", "/var/lib/sportello.db"),
            ("sqlite:///var/lib/sportello.db", "/var/lib/sportello.db"),
            ("sqlite://sportello.db", "sportello.db"),
        ] {
            assert!(matches!(Address::parse(text), Ok(Address::Sqlite(found)) if found.as_os_str() == path), "{text}");
        }
    }

    #[test]
    fn postgres_is_told_by_its_scheme() {
        for text in ["postgres://sportello:segreta@db.example:5433/pagamenti", "postgresql://sportello@db.example:5433/pagamenti"]
        {
            let Ok(Address::Postgres(options)) = Address::parse(text) else { panic!("{text}") };
            assert_eq!((options.get_host(), options.get_port()), ("db.example", 5433));
            assert_eq!((options.get_username(), options.get_database()), ("sportello", Some("pagamenti")));
        }
    }

    #[test]
    fn anything_else_is_refused_without_being_shown() {
        for text in
            ["", "sqlite:", "mysql://u:segreta@h/d", "postgres://u:segreta@h:nessuna/d", "postgres://u:segreta@h/d?sslmode=forse"]
        {
            let refused = Address::parse(text).map(drop).unwrap_err();
            assert!(!refused.is_temporary());
            let shown = format!("{refused} {refused:?}");
            assert!(!shown.contains("segreta"), "{shown}");
        }
    }
}
