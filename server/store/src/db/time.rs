//! The time of the database, in a query. A lease that two servers see must be measured by one clock, and theirs are two.
//!
//! A text says `now()`, or `now($3)` for as many milliseconds later as the parameter says (earlier, when it is negative); here each
//! database gets it in its own words. What comes out is spelt as [`crate::columns::instant`] spells it, so the texts compare.

use crate::{Store, Tx};
use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

/// A query with `now()` in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timed(pub &'static str);

impl Timed {
    pub(crate) fn on(self, store: &Store) -> SqlStr {
        match store {
            Store::Sqlite(_) => self.sqlite(""),
            Store::Postgres(_) => self.postgres(""),
        }
    }

    pub(crate) fn within(self, tx: &Tx) -> SqlStr {
        match tx {
            Tx::Sqlite(_) => self.sqlite(""),
            Tx::Postgres(_) => self.postgres(""),
        }
    }

    /// For the one query that holds what it finds and passes over what others hold. SQLite has one writer: there is nobody else.
    pub(crate) fn skipping_locked(self, tx: &Tx) -> SqlStr {
        match tx {
            Tx::Sqlite(_) => self.sqlite(""),
            Tx::Postgres(_) => self.postgres("FOR UPDATE SKIP LOCKED"),
        }
    }

    /// Milliseconds are what SQLite's clock has; the last three digits are there for the order of the texts.
    pub(crate) fn sqlite(self, lock: &str) -> SqlStr {
        self.spelt(lock, |after| match after {
            None => "(strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000Z')".to_owned(),
            Some(ms) => format!("(strftime('%Y-%m-%dT%H:%M:%f', 'now', printf('%+.3f seconds', {ms} / 1000.0)) || '000Z')"),
        })
    }

    /// `statement_timestamp`: the same throughout a query, so an index can be asked with it, and not that of a transaction that
    /// began long ago.
    pub(crate) fn postgres(self, lock: &str) -> SqlStr {
        self.spelt(lock, |after| {
            let after = after.map(|ms| format!(" + {ms}::BIGINT * INTERVAL '1 millisecond'")).unwrap_or_default();
            format!("to_char((statement_timestamp(){after}) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
        })
    }

    fn spelt(self, lock: &str, now: impl Fn(Option<&str>) -> String) -> SqlStr {
        let mut parts = self.0.split("now(");
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (after, rest) = part.split_once(')').unwrap_or((part, ""));
            text.push_str(&now(Some(after).filter(|ms| !ms.is_empty())));
            text.push_str(rest);
        }
        AssertSqlSafe(text.replace("{lock}", lock)).into_sql_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns;
    use crate::testing::PostgresPlace;
    use jiff::{SignedDuration, Timestamp};

    /// Read with no table, so that nothing but the clock speaks.
    async fn after(store: &Store, ms: i64) -> Timestamp {
        let sql = Timed("SELECT now($1), now()").on(store);
        let (later, now): (String, String) = match store {
            Store::Sqlite(db) => sqlx::query_as(sql).bind(ms).fetch_one(&db.reader).await.unwrap(),
            Store::Postgres(db) => sqlx::query_as(sql).bind(ms).fetch_one(&db.reader).await.unwrap(),
        };
        let [later, now] = [later, now].map(|text| {
            let at: Timestamp = text.parse().unwrap();
            assert_eq!(columns::instant(at), text, "spelt as every instant");
            at
        });
        let apart = later.duration_since(now) - SignedDuration::from_millis(ms);
        assert!(apart.abs() < SignedDuration::from_millis(2), "{ms} ms are {apart:?} off");
        now
    }

    async fn counts_milliseconds_both_ways(store: Store) {
        let first = after(&store, 0).await;
        for ms in [1, 999, 1_000, 60_500, 86_400_000, -1, -999, -1_500, -86_400_250] {
            assert!(after(&store, ms).await >= first);
        }
    }

    #[tokio::test]
    async fn the_time_of_sqlite_is_spelt_as_ours_and_counts_milliseconds_both_ways() {
        counts_milliseconds_both_ways(Store::open_memory().await.unwrap()).await;
    }

    #[tokio::test]
    async fn the_time_of_postgres_is_spelt_as_ours_and_counts_milliseconds_both_ways() {
        let place = PostgresPlace::new().await;
        counts_milliseconds_both_ways(place.open().await.unwrap()).await;
    }
}
