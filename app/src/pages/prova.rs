//! An ente, forms and a payment that never were, for the tests of the pages.

use domain::servizio::Scheda;
use domain::{
    CodiceFiscaleEnte, CodiceSegregazione, Ente, EsitoPagamento, Iban, Importo, NumeroAvviso, Servizio, Slug, Stazione,
    Tassonomia,
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

/// By the piece or a fixed amount.
pub(crate) const MENSA: &str = r#"{"versione": 1, "sezioni": [{"titolo": "Mensa", "campi": [
    {"nome": "voce", "tipo": "scelta", "etichetta": "Che cosa vuoi pagare?", "opzioni": [
        {"valore": "pasti", "etichetta": "Buoni pasto"}, {"valore": "quota", "etichetta": "Quota fissa"}]},
    {"nome": "quantita", "tipo": "numero", "etichetta": {"it": "Quantità", "de": "Anzahl"}, "visibile": "voce = 'pasti'", "minimo": 1, "massimo": 60},
    {"nome": "dettaglio", "tipo": "testo", "etichetta": "Classe e mese"}]}],
    "importo": "se(voce = 'pasti'; quantita * 4,80 €; 30 €)"}"#;

/// One field of each kind.
pub(crate) const OGNI_CAMPO: &str = r#"{"versione": 1, "importo": "soldi", "sezioni": [{"titolo": "Prova", "aiuto": "Tutto", "campi": [
    {"nome": "riga", "tipo": "testo", "etichetta": "Riga", "aiuto": "Una sola."},
    {"nome": "area", "tipo": "area", "etichetta": "Area"},
    {"nome": "intero", "tipo": "numero", "etichetta": "Intero"},
    {"nome": "decimale", "tipo": "numero", "decimali": 2, "etichetta": "Decimale"},
    {"nome": "soldi", "tipo": "importo", "etichetta": "Soldi"},
    {"nome": "giorno", "tipo": "data", "etichetta": "Giorno"},
    {"nome": "poche", "tipo": "scelta", "etichetta": "Poche", "opzioni": [{"valore": "a", "etichetta": "A"}, {"valore": "b", "etichetta": "B"}]},
    {"nome": "molte", "tipo": "scelta", "etichetta": "Molte", "opzioni": [
        {"valore": "y", "etichetta": "Y"}, {"valore": "z", "etichetta": "Z", "quando": "poche = 'b'"}]},
    {"nome": "piu", "tipo": "scelte", "etichetta": "Più", "opzioni": [{"valore": "a", "etichetta": "A"}, {"valore": "b", "etichetta": "B"}]},
    {"nome": "si", "tipo": "casella", "etichetta": "Sì", "obbligatorio": true},
    {"nome": "cf", "tipo": "codice_fiscale", "etichetta": "Codice"},
    {"nome": "conto", "tipo": "iban", "etichetta": "Conto"},
    {"nome": "targa", "tipo": "targa", "etichetta": "Targa"},
    {"nome": "posta", "tipo": "email", "etichetta": "Posta"},
    {"nome": "tel", "tipo": "telefono", "etichetta": "Telefono"},
    {"nome": "atto", "tipo": "documento", "etichetta": "Atto"},
    {"nome": "righe", "tipo": "gruppo", "etichetta": "Riga", "minimo": 1, "massimo": 3, "campi": [
        {"nome": "voce", "tipo": "testo", "etichetta": "Voce"}]},
    {"nome": "doppio", "tipo": "calcolato", "etichetta": "Doppio", "formula": "intero * 2"},
    {"nome": "nota", "tipo": "nota", "etichetta": "Una nota."}]}]}"#;

/// Paid with a notice alone, unless it has a form.
pub(crate) fn servizio(modulo: Option<&str>) -> Servizio {
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
        modulo: modulo.map(|json| serde_json::from_str(json).unwrap()),
        su_richiesta: None,
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
        servizio: Some(servizio(Some(MENSA))),
        promemoria: Vec::new(),
        token: "AVVISO".into(),
    }
}
