//! People and debts that do not exist.

use domain::Lingua;
use domain::modulo::Testi;
use domain::posizione::EventoPosizione;
use domain::ricevuta::{Psp, SoggettoRicevuta, VersamentoRicevuta};
use domain::servizio::{Insegna, Scheda, SuRichiesta};
use domain::{
    Accredito, Atto, CodiceFiscale, CodiceFiscaleEnte, CodiceSegregazione, Ente, Iban, Importo, Imputazione, NumeroAvviso,
    Opzione, Posizione, Rata, Ricevuta, Servizio, Slug, Soggetto, StatoPosizione, StatoRicevuta, StatoTentativo, Stazione,
    Tassonomia, TipoAtto, Versamento,
};
use jiff::Timestamp;
use store::{EsitoInbox, Inserted, NewInbox, NewRicevuta, Store, StoreError, Tentativo};

pub const DIGEST: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
pub const OTHER_DIGEST: &str = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";

/// `second` seconds after the beginning of the story, with the microseconds an instant must keep.
pub fn at(second: i64) -> Timestamp {
    Timestamp::new(1_772_000_000 + second, 123_456_000).unwrap()
}

pub fn valdoria() -> CodiceFiscaleEnte {
    CodiceFiscaleEnte::parse("77777777777").unwrap()
}

pub fn montelago() -> CodiceFiscaleEnte {
    CodiceFiscaleEnte::parse("80001230459").unwrap()
}

pub fn ente(codice_fiscale: CodiceFiscaleEnte, slug: &str) -> Ente {
    Ente {
        codice_fiscale,
        nome: format!("Comune di {slug}"),
        slug: Slug::parse(slug).unwrap(),
        stazione: Stazione {
            id: "00743110157_01".into(),
            intermediario: "00743110157".into(),
            segregazione: CodiceSegregazione::parse("02").unwrap(),
        },
        modello: domain::Modello::Stazione,
        contatti: domain::ente::Contatti { email: Some("urp@comune.example".into()), ..Default::default() },
        aspetto: domain::Aspetto::default(),
    }
}

const MODULO: &str = r#"{"versione": 1, "importo": "quantita * 4,80 €", "sezioni": [{"titolo": {"it": "Mensa", "de": "Mensa"}, "campi": [
    {"nome": "voce", "tipo": "scelta", "etichetta": "Voce", "opzioni": [{"valore": "pasti", "etichetta": "Buoni pasto"}]},
    {"nome": "quantita", "tipo": "numero", "etichetta": "Quanti", "minimo": 1, "massimo": 60}]}]}"#;

pub fn servizio(slug: &str, attivo: bool) -> Servizio {
    Servizio {
        ente: valdoria(),
        slug: Slug::parse(slug).unwrap(),
        nome: "Mensa scolastica".into(),
        descrizione: "Il pasto di mezzogiorno".into(),
        argomento: "Scuola".into(),
        scheda: Scheda {
            cosa_serve: vec![Testi::it("Il codice dell’alunno").with(Lingua::De, "Der Code des Kindes")],
            insegne: [(
                Lingua::De,
                Insegna { nome: "Mensa".into(), descrizione: "Mittagessen".into(), argomento: "Schule".into() },
            )]
            .into(),
            ..Default::default()
        },
        tassonomia: tassonomia(),
        iban: iban(),
        iban_postale: Some(Iban::parse("IT60X0542811101000000123456").unwrap()),
        modulo: attivo.then(|| serde_json::from_str(MODULO).unwrap()),
        su_richiesta: attivo.then(|| SuRichiesta {
            id_servizio: "00001".into(),
            id_soggetto: "00002".into(),
            fissi: [("voce".into(), "pasti".into())].into(),
            campi: [("codiceFiscale".into(), "codice_fiscale".into()), ("pasti".into(), "quantita".into())].into(),
        }),
        attivo,
    }
}

pub fn iban() -> Iban {
    Iban::parse("IT60X0542811101000000123456").unwrap()
}

fn tassonomia() -> Tassonomia {
    Tassonomia::parse("0101101IM").unwrap()
}

pub fn avviso(base: u64) -> NumeroAvviso {
    NumeroAvviso::compose(CodiceSegregazione::parse("02").unwrap(), base).unwrap()
}

pub fn mario() -> Soggetto {
    Soggetto {
        codice_fiscale: CodiceFiscale::parse("RSSMRA85T10A562S").unwrap(),
        nome: "Mario Rossi".into(),
        email: Some("mario@example.it".into()),
    }
}

pub fn rata(base: u64, opzione: Opzione, cents: i64) -> Rata {
    Rata {
        numero: avviso(base),
        opzione,
        importo: Importo::of_cents(cents),
        scadenza: Some("2026-06-30".parse().unwrap()),
        non_oltre_scadenza: true,
        pagata: false,
        versamenti: vec![versamento(cents, Accredito::Conto { iban: iban(), postale: None })],
    }
}

pub fn versamento(cents: i64, accredito: Accredito) -> Versamento {
    Versamento {
        ente: valdoria(),
        nome_ente: "Comune di Valdoria".into(),
        importo: Importo::of_cents(cents),
        accredito,
        tassonomia: tassonomia(),
        causale: "Mensa marzo".into(),
        imputazione: Some(Imputazione { capitolo: Some("3010/2".into()), accertamento: None, anno: Some(2026) }),
    }
}

/// One payment of 25,50 €; its notice is `avviso(base)`.
pub fn posizione(id: &str, base: u64) -> Posizione {
    Posizione {
        id: id.into(),
        ente: valdoria(),
        servizio: None,
        stato: StatoPosizione::Aperta,
        causale: "Mensa marzo".into(),
        debitore: mario(),
        versante: None,
        atto: Some(Atto { tipo: TipoAtto::Accertamento, numero: "12/2026".into(), data: Some(jiff::civil::date(2026, 1, 15)) }),
        rate: vec![rata(base, Opzione::Unica, 2_550)],
    }
}

pub fn tentativo(id: &str, of: &Posizione, chiave: &str) -> Tentativo {
    Tentativo {
        id: id.into(),
        ente: of.ente.clone(),
        posizione_id: of.id.clone(),
        numero: of.rate[0].numero.clone(),
        importo: of.rate[0].importo,
        stato: StatoTentativo::Creato,
        esito_dichiarato: None,
        chiave: chiave.into(),
        sessione_sha256: Some(DIGEST.into()),
        cart_url: None,
        lingua: None,
        problema: None,
        email: None,
        carrello: None,
        impronta: None,
        created_at: at(1),
        returned_at: None,
    }
}

pub fn ricevuta(receipt_id: &str, base: u64) -> Ricevuta {
    let numero = avviso(base);
    let mario = SoggettoRicevuta { identificativo: "RSSMRA85T10A562S".into(), nome: "Mario Rossi".into(), email: None };
    Ricevuta {
        receipt_id: receipt_id.into(),
        iuv: numero.iuv().to_string(),
        numero_avviso: numero,
        ente: valdoria(),
        esito_ok: true,
        importo: Importo::of_cents(2_550),
        descrizione: "Mensa marzo".into(),
        nome_ente: "Comune di Valdoria".into(),
        ufficio: None,
        debitore: mario.clone(),
        versante: Some(mario),
        versamenti: vec![VersamentoRicevuta {
            indice: 1,
            importo: Importo::of_cents(2_550),
            ente: valdoria(),
            nome_ente: None,
            iban: Some(iban().to_string()),
            bollo: None,
            causale: "Mensa marzo".into(),
            tassonomia: "0101101IM".into(),
            metadata: vec![("chiave".into(), "valore".into())],
        }],
        psp: Psp {
            id: "ABI00000".into(),
            codice_fiscale: None,
            partita_iva: None,
            nome: "Banca di prova".into(),
            canale: "00000000000_01".into(),
            descrizione_canale: "app".into(),
        },
        metodo: Some("CP".into()),
        nota: None,
        commissione: Some(Importo::of_cents(150)),
        pagata_il: Some("2026-03-01T10:11:12".parse().unwrap()),
        data_applicazione: None,
        data_accredito: Some("2026-03-03".parse().unwrap()),
        metadata: vec![],
        stand_in: false,
    }
}

pub fn message<'a>(id: &str, raw: &'a [u8]) -> NewInbox<'a> {
    NewInbox {
        id: id.into(),
        received_at: at(0),
        peer: Some("127.0.0.1".into()),
        operazione: "paSendRTV2".into(),
        raw,
        sha256: DIGEST,
    }
}

pub fn new_ricevuta<'a>(id: &str, ricevuta: &'a Ricevuta, inbox_id: &'a str) -> NewRicevuta<'a> {
    NewRicevuta {
        id: id.into(),
        ente_destinatario: valdoria().to_string(),
        ricevuta,
        stato: StatoRicevuta::Valida,
        anomalie: &[],
        inbox_id,
        sha256: DIGEST,
        posizione_id: None,
        received_at: at(5),
    }
}

/// Two enti, and a position `p1` of the first with the notice `avviso(1)`.
pub async fn furnish(store: &Store) -> Posizione {
    let mut tx = store.begin().await.unwrap();
    tx.insert_ente(&ente(valdoria(), "valdoria"), at(0)).await.unwrap();
    tx.insert_ente(&ente(montelago(), "montelago"), at(0)).await.unwrap();
    let posizione = posizione("p1", 1);
    tx.insert_posizione(&posizione, at(0)).await.unwrap();
    tx.commit().await.unwrap();
    posizione
}

/// One delivery of the receipt `rt1` for `avviso(1)`, as the portal works on it.
pub async fn receive(store: Store, n: u32) -> Result<Inserted, StoreError> {
    let inbox_id = format!("m{n}");
    store.keep(&message(&inbox_id, b"<same/>")).await?;
    let mut tx = store.begin().await?;
    let read = tx.posizione_by_avviso(&valdoria(), &avviso(1)).await?.unwrap();
    let receipt = ricevuta("rt1", 1);
    let inserted = tx.insert_ricevuta(&new_ricevuta(&format!("r{n}"), &receipt, &inbox_id)).await?;
    let esito = match inserted {
        Inserted::New => {
            tx.advance_posizione(&read, EventoPosizione::Saldo, StatoPosizione::Pagata, "", at(6)).await?;
            tx.mark_rata_pagata(&valdoria(), &avviso(1), at(6)).await?;
            EsitoInbox::Accettato
        }
        Inserted::Same => EsitoInbox::Ripetuto,
        Inserted::Conflict => EsitoInbox::Quarantena,
    };
    tx.settle_inbox(&inbox_id, esito, None).await?;
    tx.commit().await?;
    Ok(inserted)
}
