//! Forms and the addresses they lead to.

use crate::says;
use domain::modulo::{Motivo, Valori, Verificato};
use domain::{Importo, Lingua, Modulo, Reason};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use portal::sealed::{Kind, SealError, Sealer};
use portal::spontaneo::check;
use std::sync::LazyLock;

/// By the piece, a fixed amount, or what one writes.
static MODULO: LazyLock<Verificato> = LazyLock::new(|| {
    let modulo: Modulo = serde_json::from_str(
        r#"{"versione": 1, "sezioni": [{"titolo": "Che cosa", "campi": [
            {"nome": "voce", "tipo": "scelta", "etichetta": "Voce", "opzioni": [{"valore": "pasti", "etichetta": "Pasti"},
                {"valore": "quota", "etichetta": "Quota"}, {"valore": "libera", "etichetta": "Libera"}]},
            {"nome": "quantita", "tipo": "numero", "etichetta": "Quanti", "visibile": "voce = 'pasti'", "minimo": 1, "massimo": 60},
            {"nome": "importo", "tipo": "importo", "etichetta": "Importo", "visibile": "voce = 'libera'", "minimo": "1 €", "massimo": "10000 €"},
            {"nome": "dettaglio", "tipo": "testo", "etichetta": "Classe", "obbligatorio": false}]}],
            "importo": "scegli(voce; 'pasti'; quantita * 4,80 €; 'quota'; 30 €; importo)",
            "causale": "'Voce ' & voce & se(presente(dettaglio); ' - ' & dettaglio; '')"}"#,
    )
    .unwrap();
    modulo.complete().verify().unwrap()
});

const OGGI: Date = date(2026, 11, 23);

const FIELDS: [&str; 10] = [
    "voce",
    "quantita",
    "importo",
    "dettaglio",
    "codice_fiscale",
    "nome",
    "email",
    "altro_versante",
    "versante_codice_fiscale",
    "versante_nome",
];

/// The form of a payment, a field on each line in the order of the page.
pub fn form(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.split('\n').map(str::to_owned);
    let form = Valori::from_pairs(FIELDS.map(|field| (field.to_owned(), lines.next().unwrap_or_default())));
    match check(&MODULO, "Prova", &form, OGGI, Lingua::It) {
        Ok(richiesta) => {
            let cents = richiesta.importo.cents();
            let voce = form.first("voce").trim();
            match voce {
                "quota" => assert_eq!(cents, 3_000, "the page has no say in it"),
                "pasti" => assert!(cents % 480 == 0 && (480..=480 * 60).contains(&cents)),
                _ => assert_eq!(Importo::parse(form.first("importo").trim()), Ok(richiesta.importo)),
            }
            assert!((100..=1_000_000).contains(&cents));
            assert!(richiesta.causale.starts_with(&format!("Voce {voce}")) && richiesta.causale.chars().count() <= 140);
            assert_eq!(richiesta.versante.is_some(), !form.first("altro_versante").trim().is_empty());
        }
        Err(esame) => {
            assert!(!esame.errori.is_empty(), "refused without a word");
            for errore in &esame.errori {
                assert!(FIELDS.contains(&errore.campo.as_str()) || errore.campo.is_empty(), "{}", errore.campo);
                match &errore.motivo {
                    Motivo::Reason(Reason::AmountTooLarge { .. } | Reason::AmountTooSmall { .. }) => {}
                    Motivo::Reason(reason) => says::nothing(&reason.clone().at(errore.campo.clone())),
                    _ => {}
                }
            }
        }
    }
    let english = MODULO.evaluate(&form, OGGI, Lingua::En);
    if english.is_complete() {
        let kept = MODULO.evaluate(&MODULO.keep(&form, &english), OGGI, Lingua::It);
        assert_eq!(kept.importo, english.importo, "a draft is read on every page, whichever it was typed on");
    }
    assert!(!format!("{form:?}").contains("RSSMRA85T10A562S"));
}

const KINDS: [Kind; 4] = [Kind::Avviso, Kind::Riepilogo, Kind::Ritorno, Kind::Esito];

/// Addresses: what was sealed opens as what it is and as nothing else; what was not sealed opens nothing.
pub fn sealed(data: &[u8]) {
    static SEALER: LazyLock<Sealer> = LazyLock::new(|| Sealer::of_secret(&[7; 32]));
    static OTHER: LazyLock<Sealer> = LazyLock::new(|| Sealer::of_secret(&[8; 32]));
    let now: Timestamp = "2026-11-23T09:00:00Z".parse().unwrap();
    if let Ok(text) = std::str::from_utf8(data) {
        for kind in KINDS {
            // 2^-128: whoever gets in has the key
            assert_eq!(SEALER.open(kind, text, now), Err(SealError::Wrong));
        }
    }
    let Some((head, id)) = data.split_first_chunk::<12>().and_then(|(head, rest)| Some((head, rest.get(..16)?))) else { return };
    let id: String = id.iter().map(|b| format!("{b:02x}")).collect();
    let kind = KINDS[usize::from(head[0] % 4)];
    let nonce = u32::from_be_bytes([head[1], head[2], head[3], head[4]]);
    let seconds = i64::from(u16::from_be_bytes([head[6], head[7]]));
    let expires = (head[5] % 2 == 0).then(|| now + jiff::SignedDuration::from_secs(seconds));
    let token = SEALER.seal(kind, &id, head[8], expires, nonce).unwrap();
    assert!(
        token.len() == 56 && token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'),
        "it stands in an address"
    );
    let opened = SEALER.open(kind, &token, now).unwrap();
    assert_eq!((opened.id, opened.detail), (id, head[8]));
    for other in KINDS.into_iter().filter(|other| *other != kind) {
        assert_eq!(SEALER.open(other, &token, now), Err(SealError::Wrong));
    }
    assert_eq!(OTHER.open(kind, &token, now), Err(SealError::Wrong));
    if let Some(at) = expires {
        assert_eq!(SEALER.open(kind, &token, at + jiff::SignedDuration::from_secs(1)), Err(SealError::Expired));
    }
    let mut bent = token.into_bytes();
    let at = usize::from(head[9]) % bent.len();
    let with = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[usize::from(head[10] % 64)];
    if bent[at] != with {
        bent[at] = with;
        assert_eq!(SEALER.open(kind, std::str::from_utf8(&bent).unwrap(), now), Err(SealError::Wrong));
    }
}
