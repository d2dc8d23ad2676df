//! The triggers that refuse to change or delete what must stay. Whoever drops one leaves no other trace: `verify` asks whether each is
//! as the migrations made it (I3).

use crate::db::{postgres, sqlite};
use crate::{Store, StoreError};
use sqlx::migrate::Migrator;
use std::collections::BTreeMap;

/// Name → what it does, in words that both the migrations and the database say.
type Custodi = BTreeMap<String, String>;

/// What PostgreSQL's triggers do: they say no, in the words they bring.
const FUNCTION: &str = "CREATE FUNCTION never()";
const ON_SQLITE: &str = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'";
/// Those that fire, of our own tables.
const ON_POSTGRES: &str = "SELECT t.tgname::TEXT, pg_get_triggerdef(t.oid, TRUE), p.prosrc
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND c.relnamespace = current_schema()::regnamespace";

impl Store {
    /// How many triggers there must be, and the names of those that are missing, off, or do something else.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn custodi(&self) -> Result<(usize, Vec<String>), StoreError> {
        let (wanted, found) = match self {
            Self::Sqlite(store) => {
                let found: Vec<(String, String)> = sqlx::query_as(ON_SQLITE).fetch_all(&store.reader).await?;
                (of_sqlite(&sqlite::MIGRATIONS), found.into_iter().map(|(name, sql)| (name, words(&sql))).collect())
            }
            Self::Postgres(store) => {
                let asked = sqlx::query_as(ON_POSTGRES).fetch_all(&store.reader);
                let found: Vec<(String, String, String)> = postgres::in_time(asked).await?;
                let spelt = |(name, definition, body): (String, String, String)| {
                    (name, format!("{} {}", without_condition(&words(&definition)), words(&body)))
                };
                (of_postgres(&postgres::MIGRATIONS), found.into_iter().map(spelt).collect())
            }
        };
        let found: Custodi = found;
        let missing = wanted.iter().filter(|(name, what)| found.get(*name) != Some(what)).map(|(name, _)| name.clone());
        Ok((wanted.len(), missing.collect()))
    }
}

/// SQLite keeps the text of the statement.
fn of_sqlite(migrations: &Migrator) -> Custodi {
    statements(migrations, "CREATE TRIGGER ", "END;").map(|sql| (name(&sql), format!("{sql} END"))).collect()
}

fn of_postgres(migrations: &Migrator) -> Custodi {
    let body = statements(migrations, FUNCTION, "$$;").next().unwrap_or_default();
    let body = body.split_once("$$ ").map(|(_, body)| body.to_owned()).unwrap_or_default();
    statements(migrations, "CREATE TRIGGER ", ";")
        .map(|sql| (name(&sql), format!("{} {body}", without_condition(&sql))))
        .collect()
}

/// Every text from a beginning to its end, without the end, words a space apart.
fn statements<'a>(migrations: &'a Migrator, begin: &'a str, end: &'a str) -> impl Iterator<Item = String> + 'a {
    migrations.iter().flat_map(move |migration| {
        let sql = migration.sql.as_str();
        sql.match_indices(begin).filter_map(move |(at, _)| sql[at..].split(end).next().map(words))
    })
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn name(trigger: &str) -> String {
    trigger.split(' ').nth(2).unwrap_or_default().to_owned()
}

/// PostgreSQL tells a condition in words of its own: that there is one is all that is compared.
fn without_condition(sql: &str) -> String {
    match (sql.split_once(" WHEN "), sql.split_once(" EXECUTE ")) {
        (Some((before, _)), Some((_, after))) => format!("{before} WHEN … EXECUTE {after}"),
        _ => sql.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_migrations_say_which_triggers_there_are() {
        let (sqlite, postgres) = (of_sqlite(&sqlite::MIGRATIONS), of_postgres(&postgres::MIGRATIONS));
        let spelt = "CREATE TRIGGER ledger_is_never_deleted BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'ledger: rows are only \
                     added'); END";
        assert_eq!(sqlite.get("ledger_is_never_deleted").map(String::as_str), Some(spelt));
        let spelt = "CREATE TRIGGER catene_only_grow BEFORE UPDATE ON catene FOR EACH ROW WHEN … EXECUTE FUNCTION never('catene: a \
                     chain only grows') BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END;";
        assert_eq!(postgres.get("catene_only_grow").map(String::as_str), Some(spelt));
        // SQLite has no TRUNCATE
        let twins: Vec<_> = postgres.keys().filter(|name| !name.ends_with("never_emptied")).collect();
        assert_eq!(sqlite.keys().collect::<Vec<_>>(), twins);
    }
}
