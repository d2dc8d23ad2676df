//! An ente, forms and a payment that never were, for the tests of the pages.

use domain::{CodiceFiscaleEnte, CodiceSegregazione, Ente, EsitoPagamento, Importo, NumeroAvviso, Slug, Stazione};
use portal::pagamento::EsitoVista;

pub(super) fn ente() -> Ente {
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
    }
}

/// By the piece or a fixed amount.
pub(super) const MENSA: &str = r#"{"versione": 1, "sezioni": [{"titolo": "Mensa", "campi": [
    {"nome": "voce", "tipo": "scelta", "etichetta": "Che cosa vuoi pagare?", "opzioni": [
        {"valore": "pasti", "etichetta": "Buoni pasto"}, {"valore": "quota", "etichetta": "Quota fissa"}]},
    {"nome": "quantita", "tipo": "numero", "etichetta": {"it": "Quantità", "de": "Anzahl"}, "visibile": "voce = 'pasti'", "minimo": 1, "massimo": 60},
    {"nome": "dettaglio", "tipo": "testo", "etichetta": "Classe e mese"}]}],
    "importo": "se(voce = 'pasti'; quantita * 4,80 €; 30 €)"}"#;

/// One field of each kind.
pub(super) const OGNI_CAMPO: &str = r#"{"versione": 1, "importo": "soldi", "sezioni": [{"titolo": "Prova", "aiuto": "Tutto", "campi": [
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
    {"nome": "righe", "tipo": "gruppo", "etichetta": "Riga", "minimo": 1, "massimo": 3, "campi": [
        {"nome": "voce", "tipo": "testo", "etichetta": "Voce"}]},
    {"nome": "doppio", "tipo": "calcolato", "etichetta": "Doppio", "formula": "intero * 2"},
    {"nome": "nota", "tipo": "nota", "etichetta": "Una nota."}]}]}"#;

/// A trip whose receipt is awaited.
pub(super) fn esito() -> EsitoVista {
    EsitoVista {
        esito: EsitoPagamento::InVerifica,
        causale: "TARI 2026".into(),
        importo: Importo::of_cents(18_450),
        numero: NumeroAvviso::parse("302000000000000184").unwrap(),
        servizio: None,
        iniziato: "2026-11-23T14:05:00".parse().unwrap(),
        ricevuta: None,
        riprova: None,
        token: "ESITO".into(),
    }
}
