//! Receipts to print: an everyday one, the fullest, the barest.

#![allow(clippy::unwrap_used, reason = "a fixture, used by tests and examples only")]

use documents::RicevutaDoc;
use domain::ente::Contatti;
use domain::ricevuta::{Psp, SoggettoRicevuta, VersamentoRicevuta};
use domain::{Atto, CodiceFiscaleEnte, CodiceSegregazione, Ente, Importo, NumeroAvviso, Ricevuta, Slug, Stazione, TipoAtto};
use jiff::civil::{DateTime, date};
use std::sync::LazyLock;

pub fn ente() -> Ente {
    Ente {
        codice_fiscale: CodiceFiscaleEnte::parse("80001230459").unwrap(),
        nome: "Comune di Valdoria".to_owned(),
        slug: Slug::parse("valdoria").unwrap(),
        stazione: Stazione {
            id: "80001230459_01".to_owned(),
            intermediario: "80001230459".to_owned(),
            segregazione: CodiceSegregazione::parse("02").unwrap(),
        },
        modello: domain::Modello::Stazione,
        contatti: Contatti::default(),
        aspetto: domain::Aspetto::default(),
    }
}

pub fn everyday() -> Ricevuta {
    Ricevuta {
        receipt_id: "c110729d258c4ab1b765fe902aae41d6".to_owned(),
        numero_avviso: NumeroAvviso::parse("302000000000000184").unwrap(),
        ente: CodiceFiscaleEnte::parse("80001230459").unwrap(),
        esito_ok: true,
        iuv: "02000000000000184".to_owned(),
        importo: Importo::of_cents(123_450),
        descrizione: "Mensa scolastica, refezione di marzo 2026".to_owned(),
        nome_ente: "Comune di Valdoria".to_owned(),
        ufficio: None,
        debitore: soggetto("RSSMRA85T10A562S", "Niccolò D’Angelo Šimić"),
        versante: Some(soggetto("VRDLCU80A01H501X", "Lucia Verdi")),
        versamenti: vec![versamento(1, 123_450)],
        psp: Psp {
            id: "BPPIITRRXXX".to_owned(),
            codice_fiscale: None,
            partita_iva: None,
            nome: "Banca Popolare di Prova S.p.A.".to_owned(),
            canale: "97103880585_02".to_owned(),
            descrizione_canale: "app".to_owned(),
        },
        metodo: Some("CP".to_owned()),
        nota: None,
        commissione: Some(Importo::of_cents(150)),
        pagata_il: Some(date(2026, 3, 12).at(10, 31, 7, 0)),
        data_applicazione: Some(date(2026, 3, 12)),
        data_accredito: Some(date(2026, 3, 13)),
        metadata: Vec::new(),
        stand_in: false,
    }
}

/// Every text as long as the XSD lets it be, five transfers, the largest amount.
pub fn fullest() -> Ricevuta {
    let causale = "Contributo di costruzione e oneri di urbanizzazione primaria e secondaria, pratica edilizia 2026/000123, \
                   via dell’Università 12, saldo finale 2026";
    let mut ricevuta = everyday();
    ricevuta.receipt_id = "0123456789abcdefghijklmnopqrstuvwxy".to_owned();
    ricevuta.importo = Importo::MAX;
    ricevuta.commissione = Some(Importo::MAX);
    ricevuta.descrizione = causale.to_owned();
    ricevuta.debitore.nome =
        "Società Cooperativa Sociale di Solidarietà “La Città dei Giovani” a r.l.".chars().take(70).collect();
    ricevuta.versante = Some(soggetto("01234567890", &ricevuta.debitore.nome));
    ricevuta.psp.nome = "Istituto di pagamento ".repeat(7).chars().take(140).collect();
    ricevuta.versamenti = (1..=5).map(|i| versamento(i, 99_999_999_999)).collect();
    for versamento in &mut ricevuta.versamenti {
        versamento.nome_ente =
            Some("Unione dei Comuni della Valle del Grande Fiume e delle Colline ".repeat(3).chars().take(140).collect());
        versamento.causale = causale.to_owned();
    }
    ricevuta.versamenti[4].iban = None;
    ricevuta.versamenti[4].bollo = Some("PG1iPg==".to_owned());
    ricevuta
}

/// What a V1 receipt may leave out.
pub fn barest() -> Ricevuta {
    let mut ricevuta = everyday();
    ricevuta.versante = None;
    ricevuta.commissione = None;
    ricevuta.pagata_il = None;
    ricevuta.versamenti[0].nome_ente = None;
    ricevuta.debitore = soggetto("ANONIMO", "ANONIMO");
    ricevuta
}

pub fn soggetto(identificativo: &str, nome: &str) -> SoggettoRicevuta {
    SoggettoRicevuta { identificativo: identificativo.to_owned(), nome: nome.to_owned(), email: None }
}

pub fn versamento(indice: u8, cents: i64) -> VersamentoRicevuta {
    VersamentoRicevuta {
        indice,
        importo: Importo::of_cents(cents),
        ente: CodiceFiscaleEnte::parse("80001230459").unwrap(),
        nome_ente: Some("Comune di Valdoria".to_owned()),
        iban: Some("IT60X0542811101000000123456".to_owned()),
        bollo: None,
        causale: "Mensa scolastica, refezione di marzo 2026".to_owned(),
        tassonomia: "0101101IM".to_owned(),
        metadata: Vec::new(),
    }
}

pub fn ricevuta_il() -> DateTime {
    date(2026, 3, 12).at(10, 32, 0, 0)
}

pub fn atto() -> &'static Atto {
    static ATTO: LazyLock<Atto> =
        LazyLock::new(|| Atto { tipo: TipoAtto::Pratica, numero: "SUE/2026/000123".to_owned(), data: Some(date(2026, 1, 15)) });
    &ATTO
}

pub fn doc<'a>(ricevuta: &'a Ricevuta, ente: &'a Ente) -> RicevutaDoc<'a> {
    RicevutaDoc {
        ricevuta,
        ente,
        servizio: Some("Mensa scolastica"),
        ricevuta_il: ricevuta_il(),
        logo: None,
        atto: Some(atto()),
        indirizzo: Some("https://pagamenti.comune.valdoria.it/ricevute/7f3k-92mq-x4tz"),
        di_prova: false,
    }
}
