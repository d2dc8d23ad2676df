//! A million positions of one ente. The first is written by the store, as every position is; the others are copies of its rows that
//! the database makes by itself, with other numbers: one by one through the store they would take longer than everything measured.

use crate::database::Database;
use anyhow::Context as _;
use domain::ente::Contatti;
use domain::servizio::Scheda;
use domain::{
    Accredito, CodiceFiscale, CodiceFiscaleEnte, CodiceSegregazione, Ente, Iban, Importo, Modello, NumeroAvviso, Opzione,
    Posizione, Rata, Servizio, Slug, Soggetto, StatoPosizione, Stazione, Tassonomia, Versamento,
};
use store::Store;

pub const ENTE: &str = "80001230459";
pub const INTERMEDIARIO: &str = "99999000013";
pub const STAZIONE: &str = "99999000013_01";
pub const NOME: &str = "Comune di Valdoria";
pub const SERVIZIO: &str = "Tassa sui rifiuti";
/// A service that is paid without a notice, and what one can buy there.
pub const MENSA: &str = "mensa-scolastica";
pub const VOCE: &str = "Buoni pasto";
pub const CAUSALE: &str = "TARI, saldo";
pub const CENTS: i64 = 31_200;
pub const IBAN: &str = "IT89F9999901000000000012345";
pub const TASSONOMIA: &str = "0101101IM";

/// Position 0, from which the others are copied.
const FIRST: u64 = 0;
/// Rows of each table that one transaction writes.
const AT_ONCE: u64 = 50_000;
/// Neighbours in time are no neighbours in the index, as with the numbers that `portal` draws: number `i` is `i` times this prime
/// to 10, which hits each of the 10^12 once.
const STRIDE: u64 = 61_803_398_877;
const RANGE: u64 = 1_000_000_000_000;
/// `302` before the thirteen digits of a number that begins with 1.
const PREFIX: u64 = 3_021_000_000_000_000;

/// The notice number of a position: `3`, segregation code `02`, 13 digits, and two that check them: citizens type it.
///
/// # Errors
/// None for the numbers of a bench.
pub fn numero(i: u64) -> anyhow::Result<NumeroAvviso> {
    let first = u128::from(PREFIX) + u128::from(i) * u128::from(STRIDE) % u128::from(RANGE);
    NumeroAvviso::parse_typed(&format!("{first}{:02}", first % 93)).map_err(|reason| anyhow::anyhow!("{reason:?}"))
}

/// Before the digits of a notice, to make an identifier of 32.
const ZEROS: &str = "00000000000000";
/// The same number in SQL, for row `n.i`.
const NUMERO: &str = "CAST(n.i * 61803398877 % 1000000000000 + 3021000000000000 AS TEXT)
    || substr(CAST((n.i * 61803398877 % 1000000000000 + 3021000000000000) % 93 + 100 AS TEXT), 2)";

/// The ente, a service, the first position.
///
/// # Errors
/// Those of the store.
pub async fn begin(store: &Store) -> anyhow::Result<()> {
    let clock = portal::Clock::system()?;
    let (now, today) = (clock.now(), clock.today());
    let ente = Ente {
        codice_fiscale: CodiceFiscaleEnte::parse(ENTE)?,
        nome: NOME.to_owned(),
        slug: Slug::parse("valdoria")?,
        stazione: Stazione {
            id: STAZIONE.to_owned(),
            intermediario: INTERMEDIARIO.to_owned(),
            segregazione: CodiceSegregazione::parse("02")?,
        },
        modello: Modello::Stazione,
        contatti: Contatti { email: Some("urp@comune.example".to_owned()), ..Contatti::default() },
        aspetto: domain::Aspetto::default(),
    };
    let servizio = Servizio {
        ente: ente.codice_fiscale.clone(),
        slug: Slug::parse("tari")?,
        nome: SERVIZIO.to_owned(),
        descrizione: "La tassa per la raccolta e lo smaltimento dei rifiuti.".to_owned(),
        argomento: "Tributi".to_owned(),
        scheda: Scheda { cosa_serve: vec![domain::modulo::Testi::it("L'avviso")], ..Scheda::default() },
        tassonomia: Tassonomia::parse(TASSONOMIA)?,
        iban: Iban::parse(IBAN)?,
        iban_postale: None,
        modulo: None,
        su_richiesta: None,
        attivo: true,
    };
    let modulo = serde_json::json!({
        "versione": 1, "importo": "pasti * 4,80 €", "causale": format!("'{VOCE}'"),
        "sezioni": [{"titolo": VOCE, "campi": [{"nome": "pasti", "tipo": "numero", "etichetta": "Pasti", "minimo": 1, "massimo": 60}]}],
    });
    let mensa = Servizio {
        slug: Slug::parse(MENSA)?,
        nome: "Mensa scolastica".to_owned(),
        modulo: Some(serde_json::from_value(modulo)?),
        ..servizio.clone()
    };
    let importo = Importo::of_cents(CENTS);
    let rata = Rata {
        numero: numero(FIRST)?,
        opzione: Opzione::Unica,
        importo,
        scadenza: Some(today.saturating_add(jiff::Span::new().days(90))),
        non_oltre_scadenza: false,
        pagata: false,
        versamenti: vec![Versamento {
            ente: ente.codice_fiscale.clone(),
            nome_ente: ente.nome.clone(),
            importo,
            accredito: Accredito::Conto { iban: Iban::parse(IBAN)?, postale: None },
            tassonomia: Tassonomia::parse(TASSONOMIA)?,
            causale: CAUSALE.to_owned(),
            imputazione: None,
        }],
    };
    let posizione = Posizione {
        id: id(FIRST)?,
        ente: ente.codice_fiscale.clone(),
        servizio: Some("tari".to_owned()),
        stato: StatoPosizione::Aperta,
        causale: CAUSALE.to_owned(),
        debitore: Soggetto {
            codice_fiscale: CodiceFiscale::parse("RSSMRA80A41F205B")?,
            nome: "Maria Rossi".to_owned(),
            email: Some("maria.rossi@posta.example".to_owned()),
        },
        versante: None,
        atto: None,
        rate: vec![rata],
    };
    let mut tx = store.begin().await?;
    tx.insert_ente(&ente, now).await?;
    tx.insert_servizio(&servizio, 1, now).await?;
    tx.insert_servizio(&mensa, 2, now).await?;
    tx.insert_posizione(&posizione, now).await?;
    tx.commit().await?;
    Ok(())
}

/// An identifier as the portal makes them is 32 hexadecimal digits: addresses are sealed with it.
fn id(k: u64) -> anyhow::Result<String> {
    Ok(format!("{ZEROS}{}", numero(k)?))
}

/// The others.
///
/// # Errors
/// Those of the database.
pub async fn copy(database: &Database, total: u64) -> anyhow::Result<()> {
    let (first, first_id) = (numero(FIRST)?, id(FIRST)?);
    let tables = [
        (
            "posizioni",
            "id, ente, servizio, stato, causale, debitore_cf, debitore_nome, debitore_email, created_at, updated_at",
            "id",
        ),
        (
            "rate",
            "ente, numero_avviso, posizione_id, ordine, importo_cents, scadenza, non_oltre_scadenza, pagata",
            "numero_avviso posizione_id",
        ),
        (
            "versamenti",
            "ente, numero_avviso, indice, beneficiario, nome_ente, importo_cents, iban, tassonomia, causale",
            "numero_avviso",
        ),
        (
            "avvisi_pubblicati",
            "ente, numero_avviso, indice, posizione_id, rata_cents, scadenza, importo_cents, beneficiario, iban, tassonomia, at",
            "numero_avviso posizione_id",
        ),
        ("transizioni", "soggetto, id, da, evento, a, perche, at", "id"),
        ("parole_debitori", "ente, parola, created_at, posizione_id", "posizione_id"),
    ];
    let mut from = FIRST + 1;
    while from < total {
        let to = total.min(from + AT_ONCE);
        let mut sql = "BEGIN;".to_owned();
        for (table, columns, numbered) in tables {
            let key = numbered.split(' ').next().unwrap_or_default();
            let is_id = |column: &str| matches!(column, "id" | "posizione_id");
            let own = |column: &str| match numbered.split(' ').any(|name| name == column) {
                true if is_id(column) => format!("'{ZEROS}' || {NUMERO}"),
                true => NUMERO.to_owned(),
                false => format!("x.{column}"),
            };
            let first = if is_id(key) { first_id.clone() } else { first.to_string() };
            let selected = columns.split(", ").map(own).collect::<Vec<_>>().join(", ");
            // one text for both databases; sorted, so that an index is written from one end to the other
            sql.push_str(&format!(
                "WITH RECURSIVE n(i) AS (SELECT CAST({from} AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {to})
                 INSERT INTO {table} ({columns}) SELECT {selected} FROM n CROSS JOIN {table} x WHERE x.{key} = '{first}'
                 ORDER BY {NUMERO};"
            ));
        }
        sql.push_str("COMMIT;");
        database.run(&sql).await.with_context(|| format!("filling, from {from}"))?;
        from = to;
    }
    Ok(())
}
