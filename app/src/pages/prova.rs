//! An ente, a service and a payment that never were, for the tests of the pages.

use domain::servizio::{Dettaglio, Scheda, Spontaneo};
use domain::{
    CodiceFiscaleEnte, CodiceSegregazione, Ente, EsitoPagamento, Iban, Importo, NumeroAvviso, Servizio, Slug, Stazione, Tariffa,
    Tassonomia, Voce,
};
use portal::avviso::AvvisoVista;
use portal::pagamento::EsitoVista;

pub(crate) fn ente() -> Ente {
    Ente {
        codice_fiscale: CodiceFiscaleEnte::parse("80001230459").unwrap(),
        nome: "Comune di Valdoria".into(),
        slug: Slug::parse("valdoria").unwrap(),
        stazione: Stazione {
            id: "99999000013_01".into(),
            intermediario: "99999000013".into(),
            segregazione: CodiceSegregazione::parse("01").unwrap(),
        },
        modello: domain::Modello::Stazione,
        contatti: domain::ente::Contatti::default(),
        aspetto: domain::Aspetto::default(),
    }
}

/// One voice of each kind.
pub(crate) fn mensa() -> Spontaneo {
    let voce = |codice: &str, nome: &str, tariffa| Voce { codice: codice.into(), nome: nome.into(), tariffa };
    Spontaneo {
        voci: vec![
            voce(
                "pasti",
                "Buoni pasto",
                Tariffa::Unitaria { prezzo: Importo::of_cents(480), unita: "pasti".into(), massimo: 60 },
            ),
            voce("quota", "Quota fissa", Tariffa::Fissa { importo: Importo::of_cents(3_000) }),
            voce("offerta", "Offerta", Tariffa::Libera { minimo: Importo::of_cents(500), massimo: Importo::of_cents(500_000) }),
        ],
        dettaglio: Some(Dettaglio { etichetta: "Classe e mese".into(), suggerimento: String::new(), obbligatorio: true }),
        su_richiesta: None,
    }
}

pub(crate) fn servizio(spontaneo: Spontaneo) -> Servizio {
    Servizio {
        ente: ente().codice_fiscale,
        slug: Slug::parse("mensa").unwrap(),
        nome: "Mensa scolastica".into(),
        descrizione: "Ricarica i pasti.".into(),
        argomento: "Scuola".into(),
        scheda: Scheda::default(),
        tassonomia: Tassonomia::parse("0101101IM").unwrap(),
        iban: Iban::parse("IT60X0542811101000000123456").unwrap(),
        iban_postale: None,
        spontaneo: Some(spontaneo),
        attivo: true,
    }
}

/// A trip whose receipt is awaited.
pub(crate) fn esito() -> EsitoVista {
    EsitoVista {
        esito: EsitoPagamento::InVerifica,
        causale: "TARI 2026".into(),
        importo: Importo::of_cents(18_450),
        numero: NumeroAvviso::parse("302000000000000184").unwrap(),
        servizio: None,
        iniziato: "2026-11-23T14:05:00".parse().unwrap(),
        ricevuta: None,
        lettera: None,
        riprova: None,
        token: "ESITO".into(),
    }
}

/// A notice that can be paid, of a service.
pub(super) fn avviso() -> AvvisoVista {
    AvvisoVista {
        numero: NumeroAvviso::parse("302000000000000184").unwrap(),
        causale: "TARI 2026".into(),
        importo: Importo::of_cents(18_450),
        scadenza: Some("2026-12-31".parse().unwrap()),
        opzione: domain::Opzione::Unica,
        indice: 0,
        ridotto_entro: None,
        non_pagabile: None,
        bollo: false,
        ha_carta: true,
        ha_calendario: true,
        qr_svg: None,
        altre: Vec::new(),
        non_oltre_scadenza: false,
        servizio: Some(servizio(mensa())),
        promemoria: Vec::new(),
        token: "AVVISO".into(),
    }
}
