//! What the tables themselves refuse, whoever asks; and what is never shown.

use crate::on_each_database;
use crate::place::Place;
use crate::samples::*;

on_each_database! {
    facts_cannot_be_changed_by_anybody
    the_database_refuses_states_and_amounts_that_do_not_exist
    nobody_is_named_in_debug_output
}

async fn facts_cannot_be_changed_by_anybody(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    receive(store.clone(), 1).await.unwrap();
    let of_this_database = match place {
        // REPLACE is a DELETE and an INSERT
        Place::Sqlite(_) => ["REPLACE INTO inbox SELECT * FROM inbox", "REPLACE INTO ricevute SELECT * FROM ricevute"].as_slice(),
        Place::Postgres(_) => &[
            "INSERT INTO inbox SELECT * FROM inbox ON CONFLICT (id) DO UPDATE SET raw = excluded.raw",
            "INSERT INTO ricevute OVERRIDING SYSTEM VALUE SELECT * FROM ricevute ON CONFLICT (id) DO UPDATE SET iuv = excluded.iuv",
            "TRUNCATE inbox CASCADE",
            "TRUNCATE ricevute",
            "TRUNCATE transizioni",
        ],
    };
    let of_any_database = [
        "UPDATE inbox SET raw = raw",
        "UPDATE inbox SET sha256 = lower(sha256)",
        "UPDATE inbox SET received_at = '2020-01-01T00:00:00.000000Z'",
        "UPDATE inbox SET esito = 'RICEVUTO'",
        "DELETE FROM inbox",
        "UPDATE ricevute SET importo_cents = 1",
        "UPDATE ricevute SET contenuto = '{}', stato = 'RISOLTA'",
        "UPDATE ricevute SET posizione_id = NULL",
        "DELETE FROM ricevute",
        "UPDATE transizioni SET a = 'APERTA'",
        "DELETE FROM transizioni",
    ];
    for sql in of_any_database.iter().chain(of_this_database) {
        let error = place.run(sql).await.expect_err(sql).to_string();
        let refused = ["never", "only", "cannot"].iter().any(|word| error.contains(word));
        assert!(refused, "{sql} failed for another reason: {error}");
    }
    assert_eq!(place.run("UPDATE ricevute SET stato = 'RISOLTA'").await.unwrap(), 1, "the state may change");
    assert_eq!(place.run("UPDATE inbox SET esito = 'QUARANTENA', dettaglio = 'x'").await.unwrap(), 1);
}

async fn the_database_refuses_states_and_amounts_that_do_not_exist(place: Place) {
    let store = place.open().await;
    let p1 = furnish(&store).await;
    let mut tx = store.begin().await.unwrap();
    tx.insert_tentativo(&tentativo("t1", &p1, "k")).await.unwrap();
    tx.commit().await.unwrap();
    receive(store.clone(), 1).await.unwrap();
    // columns of SQLite take any type, unless they are told
    let of_this_database = match place {
        Place::Sqlite(_) => ["UPDATE rate SET importo_cents = '12,50'", "UPDATE rate SET importo_cents = 12.5"].as_slice(),
        Place::Postgres(_) => &[],
    };
    let of_any_database = [
        "UPDATE posizioni SET stato = 'SPARITA'",
        "UPDATE tentativi SET stato = 'PAGATO'",
        "UPDATE tentativi SET esito_dichiarato = 'FORSE'",
        "UPDATE ricevute SET stato = ''",
        "UPDATE inbox SET esito = 'PERSO'",
        "UPDATE rate SET importo_cents = -1",
        "UPDATE versamenti SET importo_cents = -1",
        "UPDATE versamenti SET bollo_hash = 'x', bollo_provincia = 'RM'",
        "UPDATE versamenti SET iban = NULL",
        "UPDATE tentativi SET importo_cents = -1",
        "UPDATE posizioni SET versante_nome = 'Mario'",
        "INSERT INTO iuv_contatori VALUES ('77777777777', -1)",
    ];
    for sql in of_any_database.iter().chain(of_this_database) {
        let error = place.run(sql).await.expect_err(sql);
        let refused = error.as_database_error().is_some_and(|cause| cause.is_check_violation());
        assert!(refused, "{sql}: {error}");
    }
}

async fn nobody_is_named_in_debug_output(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    receive(store.clone(), 1).await.unwrap();
    let receipt = ricevuta("rt1", 1);
    let texts = [
        format!("{:?}", store.ricevute_of_avviso(&valdoria(), &avviso(1)).await.unwrap()),
        format!("{:?}", new_ricevuta("r", &receipt, "m")),
        format!("{:?}", message("m", b"<nome>Mario Rossi</nome>")),
        format!("{store:?} {:?}", store.begin().await.unwrap()),
    ];
    for text in texts {
        // "60, 110" is how bytes would be printed
        assert!(!["Mario", "RSSMRA", "60, 110"].iter().any(|name| text.contains(name)), "{text}");
    }
}

/// What a table is made of, as lines of text: `rate.pagata_at`, `rate.pagata not null`, `index tentativi_aperti`, …
async fn made_of(place: Place) -> Vec<String> {
    drop(place.open().await);
    let lines = match place {
        Place::Sqlite(_) => {
            "SELECT group_concat(line, char(10)) FROM (
                SELECT t.name || '.' || c.name || CASE WHEN c.\"notnull\" THEN ' not null' ELSE '' END AS line
                    FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'
                UNION ALL SELECT type || ' ' || name FROM sqlite_schema WHERE type IN ('index', 'trigger')
            ) WHERE line NOT LIKE '%sqlite_%' AND line NOT LIKE '%_sqlx_%'"
        }
        Place::Postgres(_) => {
            "SELECT string_agg(line, chr(10)) FROM (
                SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END AS line
                    FROM information_schema.columns WHERE table_schema = 'public'
                UNION ALL SELECT 'index ' || indexname FROM pg_indexes WHERE schemaname = 'public'
                    AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)
                UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal
            ) AS lines WHERE line NOT LIKE '%_sqlx_%'"
        }
    };
    let mut lines: Vec<_> = place.text(lines).await.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn the_tables_of_both_databases_are_twins() {
    let (sqlite, mut postgres) = (made_of(Place::sqlite()).await, made_of(Place::postgres().await).await);
    let of_postgres_alone: Vec<_> = postgres.extract_if(.., |line| line.ends_with("never_emptied")).collect();
    let kept: Vec<_> =
        sqlite.iter().filter(|line| line.ends_with("never_deleted")).map(|l| l.replace("deleted", "emptied")).collect();
    assert_eq!(of_postgres_alone, kept, "TRUNCATE: SQLite has none");
    assert!(sqlite.len() > 80, "{sqlite:?}");
    assert_eq!(sqlite, postgres);
}

/// The order of the texts is that of their bytes, whatever the locale of the server: instants and ids are compared as texts.
#[tokio::test]
async fn every_text_of_postgres_that_is_a_key_or_gives_an_order_is_compared_by_bytes() {
    let place = Place::postgres().await;
    let others = "SELECT coalesce(string_agg(DISTINCT t.relname || '.' || a.attname, ' '), '')
        FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
        JOIN pg_attribute a ON a.attrelid = t.oid AND (a.attnum = ANY (i.indkey) OR a.attname LIKE '%\\_at')
        JOIN pg_collation c ON c.oid = a.attcollation
        WHERE n.nspname = 'public' AND c.collname <> 'C'";
    assert_eq!(place.text(others).await, "");
}
