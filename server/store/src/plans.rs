//! No lookup reads a whole table: with a million positions that would be seconds.

use crate::db::time::Timed;
use crate::testing::PostgresPlace;
use crate::{
    Store, audit, bozze, catene, elenchi, enti, flussi, frequenze, giornale, iban_registrati, inbox, installazione, iuv, jobs,
    lettere, loghi, mie, moduli, origini, posizioni, promemoria, prove, pubblicati, recuperi, ricevute, richieste, servizi,
    sessioni, specchi, tentativi, transizioni,
};
use sqlx::{AssertSqlSafe, PgConnection, SqlStr};

const LOOKUPS: [&str; 128] = [
    enti::BY_SLUG,
    enti::BY_CODICE_FISCALE,
    servizi::OF_ENTE,
    servizi::BY_SLUG,
    iuv::NEXT,
    posizioni::BY_ID,
    posizioni::BY_AVVISO,
    posizioni::PUBBLICATO,
    posizioni::RATE,
    posizioni::VERSAMENTI,
    posizioni::ADVANCE,
    posizioni::MARK_PAGATA,
    pubblicati::PUBLISH,
    posizioni::LIST,
    tentativi::BY_ID,
    tentativi::APERTO,
    tentativi::OF_AVVISO,
    tentativi::ADVANCE,
    tentativi::OF_CARRELLO,
    tentativi::OF_IMPRONTA,
    tentativi::WITH_EMAIL,
    tentativi::COUNT_EMAIL,
    tentativi::FORGET_EMAIL,
    moduli::OF_POSIZIONE,
    inbox::RAW,
    inbox::PENDING,
    inbox::PENDING_BEFORE,
    inbox::ESITO,
    inbox::SETTLE,
    inbox::RESOLVE,
    inbox::QUARANTENA,
    inbox::QUARANTENA_BY_ID,
    ricevute::OF_AVVISO,
    ricevute::DIGEST,
    transizioni::OF_SUBJECT,
    audit::BY_ID,
    installazione::VALUE,
    catene::HOLD,
    catene::GROW,
    catene::PAGE,
    jobs::BY_ID,
    jobs::BY_CHIAVE,
    bozze::ABANDONED,
    bozze::ABANDONED_ONE,
    bozze::COUNT,
    richieste::TO_CLOSE,
    richieste::TO_DELETE,
    richieste::COUNT_OPEN,
    richieste::COUNT_CLOSED,
    richieste::DELETE_SPECCHIO,
    bozze::DELETES[0],
    bozze::DELETES[1],
    bozze::DELETES[2],
    bozze::DELETES[3],
    enti::SET_MODELLO,
    enti::SET_ASPETTO,
    loghi::OF_ENTE,
    loghi::FORGET,
    frequenze::COUNT,
    frequenze::SINCE,
    inbox::OPERAZIONE,
    ricevute::BY_RECEIPT_ID,
    jobs::UNCOUNT,
    specchi::BY_POSIZIONE,
    specchi::WANT,
    specchi::TOLD,
    specchi::NOT_DRAFTS,
    specchi::NEVER_TOLD,
    giornale::OF_ENTE,
    giornale::OF_IMPRONTA,
    giornale::OLDER,
    flussi::BY_NAMES,
    flussi::BY_ID,
    flussi::TO_FETCH,
    flussi::CURSOR,
    flussi::MOVE_CURSOR,
    flussi::FILL,
    flussi::ADVANCE,
    flussi::RIGHE,
    iban_registrati::OF_ENTE,
    iban_registrati::FORGET,
    origini::OF_ENTE,
    origini::FORBID,
    ricevute::BY_ID,
    lettere::BY_ID,
    lettere::BY_SOGGETTO,
    lettere::ADVANCE,
    lettere::LATELY,
    lettere::COUNT_BEFORE,
    promemoria::BY_ID,
    promemoria::OF_ADDRESS,
    promemoria::COUNT_OF_AVVISO,
    promemoria::DUE,
    promemoria::CONFIRM,
    promemoria::WRITTEN,
    promemoria::DELETE,
    promemoria::COUNT_OVER,
    promemoria::COUNT_UNCONFIRMED,
    sessioni::BY_ID,
    sessioni::TOUCH,
    sessioni::END,
    sessioni::COUNT_OVER,
    sessioni::OVER,
    sessioni::USED,
    sessioni::FORGET,
    mie::AVVISI,
    mie::AVVISI_INDIETRO,
    mie::ENTI,
    mie::PAGAMENTI,
    mie::SOMME,
    elenchi::posizioni::TUTTE,
    elenchi::posizioni::DI_STATO,
    elenchi::posizioni::DI_SERVIZIO,
    elenchi::posizioni::DI_DEBITORE,
    elenchi::posizioni::DI_PAROLA,
    elenchi::ricevute::TUTTE,
    elenchi::ricevute::ANOMALE,
    elenchi::ricevute::DI_AVVISO,
    elenchi::ricevute::DI_IUV,
    elenchi::ricevute::DI_RECEIPT_ID,
    elenchi::ricevute::DI_DEBITORE,
    elenchi::ricevute::BY_ID,
    elenchi::ricevute::OF_POSIZIONE,
    elenchi::quadro::INCASSI,
    elenchi::quadro::ANOMALE,
    elenchi::quadro::FLUSSI,
    elenchi::quadro::DI_STATO,
    bozze::DELETES[4],
];

/// Services and accounts are few, an emblem is one; a list has its limit; the index of what was never told holds nothing else.
const OF_WHOLE_ENTE: [&str; 11] = [
    servizi::OF_ENTE,
    loghi::OF_ENTE,
    loghi::FORGET,
    posizioni::LIST,
    specchi::NEVER_TOLD,
    flussi::TO_FETCH,
    flussi::CURSOR,
    iban_registrati::OF_ENTE,
    iban_registrati::FORGET,
    origini::OF_ENTE,
    elenchi::quadro::FLUSSI,
];

/// The pages that `verify` reads, one after the other, to the end. PostgreSQL joins such pages by hashing whole tables if it likes:
/// with all of them read anyway, that is no worse.
const PAGES: [&str; 5] = [prove::RICEVUTA, prove::RICEVUTE, prove::INBOX, prove::LEDGER, prove::TRANSIZIONI];

#[tokio::test]
async fn every_lookup_uses_an_index_on_sqlite() {
    let store = Store::open_memory().await.unwrap();
    for sql in LOOKUPS.into_iter().chain(PAGES) {
        // what was found by an index and cut off is counted one by one
        let plan = sqlite_plan(&store, sql).await.replace("SCAN trovate", "");
        assert!(!plan.contains("SCAN"), "{sql}\n{plan}");
        // all rows of one ente are nearly the whole table, where one ente is all there is
        assert!(OF_WHOLE_ENTE.contains(&sql) || !plan.contains("(ente=?)"), "{sql}\n{plan}");
    }
    for sql in jobs::lookups(|sql| sql.sqlite("")).into_iter().chain(recuperi::LOOKUPS.map(|sql| sql.sqlite(""))) {
        let plan = sqlite_plan(&store, sql.as_str()).await;
        assert!(!plan.contains("SCAN"), "{}\n{plan}", sql.as_str());
    }
    assert!(sqlite_plan(&store, enti::ALL).await.contains("SCAN"), "the word this test looks for");
    let counts = sqlite_plan(&store, inbox::COUNTS).await;
    assert!(counts.contains("COVERING INDEX inbox_esito"), "messages are counted without being read\n{counts}");
}

async fn sqlite_plan(store: &Store, sql: &str) -> String {
    let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
    let Store::Sqlite(sqlite) = store else { unreachable!("open_memory is SQLite") };
    let steps: Vec<(i64, i64, i64, String)> = sqlx::query_as(explain).fetch_all(&sqlite.reader).await.unwrap();
    steps.into_iter().map(|(.., step)| step).collect::<Vec<_>>().join("\n")
}

/// PostgreSQL reads small tables whole, rightly: the plans are asked of full ones.
#[tokio::test]
async fn every_lookup_uses_an_index_on_postgres() {
    let place = PostgresPlace::new().await;
    place.run(FULL_TABLES).await.unwrap();
    place.run("VACUUM ANALYZE").await.unwrap();
    let mut connection = place.stranger().await;
    // the plan that is kept for any value, not the one for the value asked with
    sqlx::raw_sql("SET plan_cache_mode = force_generic_plan").execute(&mut connection).await.unwrap();
    let spelt = |sql: Timed| sql.postgres("FOR UPDATE SKIP LOCKED");
    let of_jobs: Vec<_> = jobs::lookups(spelt).into_iter().chain(recuperi::LOOKUPS.map(spelt)).collect();
    for sql in LOOKUPS.into_iter().chain(of_jobs.iter().map(SqlStr::as_str)) {
        let plan = postgres_plan(&mut connection, sql).await;
        assert!(!plan.contains("Seq Scan"), "{sql}\n{plan}");
        // an index walked from end to end is a whole table too
        for node in plan.split("->").filter(|node| node.contains("Index Scan") || node.contains("Index Only Scan")) {
            assert!(node.contains("Index Cond"), "{sql}\n{plan}");
        }
    }
    assert!(postgres_plan(&mut connection, enti::ALL).await.contains("Seq Scan"), "the words this test looks for");
    let counts = postgres_plan(&mut connection, inbox::COUNTS).await;
    assert!(counts.contains("Index Only Scan using inbox_esito"), "messages are counted without being read\n{counts}");
}

async fn postgres_plan(connection: &mut PgConnection, sql: &str) -> String {
    let parameters = (1..).take_while(|n| sql.contains(&format!("${n}"))).map(|_| "NULL").collect::<Vec<_>>().join(", ");
    let arguments = if parameters.is_empty() { parameters } else { format!("({parameters})") };
    for statement in ["DEALLOCATE ALL".to_owned(), format!("PREPARE lookup AS {sql}")] {
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut *connection).await.unwrap();
    }
    let explain = AssertSqlSafe(format!("EXPLAIN (COSTS OFF) EXECUTE lookup{arguments}"));
    let lines = sqlx::raw_sql(explain).fetch_all(connection).await.unwrap();
    lines.iter().map(|line| sqlx::Row::get::<String, _>(line, 0)).collect::<Vec<_>>().join("\n")
}

/// 2,000 enti, one of which has 10,000 positions with everything that belongs to them, and twenty others a hundred each.
const FULL_TABLES: &str = "
INSERT INTO enti SELECT lpad(n::TEXT, 11, '0'), 'ente-' || n, 'Ente ' || n, 's', 'i', '02', '{}', '2026' FROM generate_series(1, 2000) n;
INSERT INTO servizi SELECT codice_fiscale, 'mensa', 'n', 'd', 'a', '{}', 't', 'i', NULL, NULL, TRUE, 0, '2026' FROM enti;
INSERT INTO iuv_contatori SELECT codice_fiscale, 0 FROM enti;
INSERT INTO posizioni SELECT 'p' || n, lpad((CASE WHEN n <= 10000 THEN 1 ELSE 2 + n % 20 END)::TEXT, 11, '0'), 'mensa', 'APERTA',
    'c', 'cf' || n % 4000, 'nome', NULL, NULL, NULL, NULL, '2026-' || n, '2026' FROM generate_series(1, 12000) n;
INSERT INTO rate SELECT ente, 'n' || id, id, 0, NULL, NULL, 100, NULL, FALSE, FALSE, NULL FROM posizioni;
INSERT INTO versamenti SELECT ente, numero_avviso, 1, ente, 'n', 100, 'iban', NULL, NULL, NULL, 't', 'c' FROM rate;
INSERT INTO tentativi SELECT 't' || posizione_id, ente, posizione_id, numero_avviso, 100,
    CASE WHEN posizione_id LIKE '%77' THEN 'INVIATO' ELSE 'CHIUSO_DA_RICEVUTA' END,
    NULL, 'k' || posizione_id, NULL, NULL, NULL, '2026', NULL, '2026' FROM rate;
INSERT INTO inbox SELECT 'm' || id, '2026', NULL, 'paSendRTV2', repeat('x', 3000)::BYTEA, repeat('0', 64),
    CASE WHEN id LIKE '%777' THEN 'RICEVUTO' ELSE 'ACCETTATO' END, NULL FROM posizioni;
INSERT INTO ricevute (id, ente_destinatario, receipt_id, ente, numero_avviso, iuv, importo_cents, pagata_il, stato, anomalie, contenuto,
    contenuto_sha256, inbox_id, posizione_id, received_at)
    SELECT 'r' || id, ente, 'rt' || id, ente, 'n' || id, 'iuv' || id, 100, NULL, CASE WHEN id LIKE '%77' THEN 'ANOMALA' ELSE 'VALIDA' END,
        '[]', '{}', repeat('0', 64), 'm' || id, id, '2026-' || id
    FROM posizioni;
INSERT INTO transizioni (soggetto, id, da, evento, a, perche, at) SELECT 'posizione', id, NULL, 'NASCE', 'APERTA', '', '2026' FROM posizioni;
INSERT INTO moduli SELECT ente, id, '{}' FROM posizioni;
INSERT INTO parole_debitori SELECT ente, 'rossi' || length(id), created_at, id FROM posizioni;
INSERT INTO catene SELECT 'ricevute:' || codice_fiscale, 0, repeat('0', 64) FROM enti;
INSERT INTO anelli SELECT 'ricevute:' || ente_destinatario, seq, id, repeat('0', 64), repeat('0', 64) FROM ricevute;
INSERT INTO ledger (ricevuta_id, indice, ente, beneficiario, importo_cents, at) SELECT id, 1, ente, ente, 100, received_at FROM ricevute;
INSERT INTO installazione SELECT 'n' || codice_fiscale, 'v' FROM enti;
INSERT INTO jobs SELECT 'j' || n, 'VERIFICA', 'k' || n, NULL, '{}', CASE WHEN n % 1000 = 0 THEN 'PRONTO' ELSE 'FATTO' END, 0, 1,
    '2026-' || n, NULL, 1, NULL, 0, NULL, FALSE, NULL, '2026-' || lpad(n::TEXT, 5, '0'), '2026' FROM generate_series(1, 12000) n;
INSERT INTO posizioni SELECT 'b' || n, lpad('1', 11, '0'), 'mensa', 'BOZZA', 'c', 'cf', 'nome', NULL, NULL, NULL, NULL,
    '2026-' || lpad(n::TEXT, 5, '0'), '2026' FROM generate_series(1, 500) n;
INSERT INTO specchi SELECT ente, id, 1, CASE WHEN id LIKE '%77' THEN 0 ELSE 1 END, CASE WHEN id LIKE '%77' THEN NULL ELSE 'VALID' END,
    NULL, '2026' FROM posizioni WHERE stato <> 'BOZZA';
INSERT INTO giornale (at, verso, controparte, operazione, ente, impronta, esito, durata_ms)
    SELECT '2026-' || n, 'ENTRATA', 'NODO', 'x', lpad((1 + n % 20)::TEXT, 11, '0'), 'i' || n, 'OK', 1 FROM generate_series(1, 12000) n;
INSERT INTO flussi SELECT 'f' || n, lpad((1 + n % 20)::TEXT, 11, '0'), 'psp', 'fdr' || n, 1,
    CASE WHEN n % 1000 = 0 THEN 'ELENCATO' ELSE 'COMPLETO' END, '2026-' || n, NULL, NULL, NULL, NULL, NULL, 1, 1, '[]', '2026', '2026'
    FROM generate_series(1, 4000) n;
INSERT INTO fdr_righe SELECT id, 1, 'iuv', 'rt' || id, 1, 100, 0, '2026' FROM flussi;
INSERT INTO fdr_cursori SELECT codice_fiscale, '2026' FROM enti;
INSERT INTO recuperi SELECT ente, 'iur' || id, 'iuv', id, CASE WHEN id LIKE '%77' THEN 'ATTESA' ELSE 'ARRIVATA' END, 10, 0, '2026', NULL,
    '2026', '2026' FROM flussi;
INSERT INTO razioni SELECT 'p' || n, 1, '2026' FROM generate_series(1, 2000) n;
INSERT INTO iban_registrati SELECT codice_fiscale, 'i' || n, TRUE, '2026', NULL, '2026' FROM enti, generate_series(1, 3) n;
INSERT INTO loghi SELECT codice_fiscale, repeat('0', 16), repeat('x', 3000)::BYTEA, '2026' FROM enti;
INSERT INTO frequenze SELECT codice_fiscale, '2026-' || n, 'mensa', 1 FROM enti, generate_series(1, 20) n;
INSERT INTO origini_embed SELECT codice_fiscale, 'https://www' || n || '.example', '2026' FROM enti, generate_series(1, 3) n;
INSERT INTO lettere SELECT 'l' || n, lpad((1 + n % 20)::TEXT, 11, '0'), 'RICEVUTA', 's' || n, 'e', 'e' || n, 'it',
    CASE WHEN n % 1000 = 0 THEN 'DA_INVIARE' ELSE 'INVIATA' END, NULL, '2026-' || lpad(n::TEXT, 5, '0'), '2026'
    FROM generate_series(1, 12000) n;
INSERT INTO promemoria SELECT 'p' || n, lpad((1 + n % 20)::TEXT, 11, '0'), 'p', 'n' || n, 'e', 'e' || n, 'it', 3,
    '2026-' || lpad(n::TEXT, 5, '0'), '2026-' || lpad(n::TEXT, 5, '0'), '2026-' || lpad(n::TEXT, 5, '0'),
    CASE WHEN n % 10 = 0 THEN NULL ELSE '2026' END, CASE WHEN n % 2 = 0 THEN '2026' ELSE NULL END FROM generate_series(1, 12000) n;
INSERT INTO sessioni SELECT encode(sha256(n::TEXT::BYTEA), 'hex'), NULL, 'cf' || n, 'nome', NULL, '2026', '2026', '2026-' || n
    FROM generate_series(1, 4000) n;
INSERT INTO accessi_usati SELECT id_sha256, scade FROM sessioni;
INSERT INTO inbox_risolti SELECT id, '', '2026' FROM inbox;
INSERT INTO audit (id, at, chi, azione, ente, soggetto, dettaglio) SELECT 'a' || id, '2026', 'c', 'a', ente, id, '{}' FROM ricevute;
";
