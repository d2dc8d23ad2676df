//! No lookup reads a whole table: with a million positions that would be seconds.

use crate::{Store, enti, inbox, iuv, moduli, posizioni, ricevute, servizi, tentativi, transizioni};

#[tokio::test]
async fn every_lookup_uses_an_index() {
    let lookups = [
        enti::BY_SLUG,
        enti::BY_CODICE_FISCALE,
        servizi::OF_ENTE,
        servizi::BY_SLUG,
        iuv::NEXT,
        posizioni::BY_ID,
        posizioni::BY_AVVISO,
        posizioni::RATE,
        posizioni::VERSAMENTI,
        posizioni::ADVANCE,
        posizioni::MARK_PAGATA,
        tentativi::BY_ID,
        tentativi::APERTO,
        tentativi::OF_AVVISO,
        tentativi::ADVANCE,
        posizioni::LIST,
        moduli::OF_POSIZIONE,
        inbox::RAW,
        inbox::PENDING,
        inbox::SETTLE,
        ricevute::OF_AVVISO,
        ricevute::DIGEST,
        transizioni::OF_SUBJECT,
    ];
    let store = Store::open_memory().await.unwrap();
    for sql in lookups {
        let plan = plan(&store, sql).await;
        assert!(!plan.contains("SCAN"), "{sql}\n{plan}");
    }
    assert!(plan(&store, enti::ALL).await.contains("SCAN"), "the word this test looks for");
    let counts = plan(&store, inbox::COUNTS).await;
    assert!(counts.contains("COVERING INDEX inbox_esito"), "messages are counted without being read\n{counts}");
}

async fn plan(store: &Store, sql: &'static str) -> String {
    let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
    let Store::Sqlite(sqlite) = store;
    let steps: Vec<(i64, i64, i64, String)> = sqlx::query_as(explain).fetch_all(&sqlite.reader).await.unwrap();
    steps.into_iter().map(|(.., step)| step).collect::<Vec<_>>().join("\n")
}
