//! Forms and the addresses they lead to.

use crate::says;
use domain::servizio::{Dettaglio, Spontaneo};
use domain::{Importo, Tariffa, Voce};
use jiff::Timestamp;
use portal::sealed::{Kind, SealError, Sealer};
use portal::spontaneo::{FormSpontaneo, check};
use std::sync::LazyLock;

/// One voice of each kind of tariff.
static SPONTANEO: LazyLock<Spontaneo> = LazyLock::new(|| {
    let voce = |codice: &str, tariffa| Voce { codice: codice.into(), nome: format!("Voce {codice}"), tariffa };
    Spontaneo {
        voci: vec![
            voce("pasti", Tariffa::Unitaria { prezzo: Importo::of_cents(480), unita: "pasti".into(), massimo: 60 }),
            voce("quota", Tariffa::Fissa { importo: Importo::of_cents(3_000) }),
            voce("libera", Tariffa::Libera { minimo: Importo::of_cents(100), massimo: Importo::of_cents(1_000_000) }),
        ],
        dettaglio: Some(Dettaglio { etichetta: "Classe".into(), suggerimento: String::new(), obbligatorio: false }),
        su_richiesta: None,
    }
});

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
    let mut next = || lines.next().unwrap_or_default();
    let form = FormSpontaneo {
        voce: next(),
        quantita: next(),
        importo: next(),
        dettaglio: next(),
        codice_fiscale: next(),
        nome: next(),
        email: next(),
        altro_versante: next(),
        versante_codice_fiscale: next(),
        versante_nome: next(),
    };
    match check(&SPONTANEO, &form, domain::Lingua::It) {
        Ok(richiesta) => {
            let voce = SPONTANEO.voci.iter().find(|v| v.codice == form.voce).unwrap();
            match &voce.tariffa {
                Tariffa::Fissa { importo } => assert_eq!(richiesta.importo, *importo, "the page has no say in it"),
                Tariffa::Unitaria { prezzo, massimo, .. } => {
                    let times = richiesta.importo.cents() / prezzo.cents();
                    assert_eq!(richiesta.importo.cents() % prezzo.cents(), 0);
                    assert!((1..=i64::from(*massimo)).contains(&times));
                }
                Tariffa::Libera { minimo, massimo } => assert!((*minimo..=*massimo).contains(&richiesta.importo)),
            }
            assert!(richiesta.causale.starts_with(&voce.nome) && richiesta.causale.chars().count() <= 140);
            let other = [&form.altro_versante, &form.versante_codice_fiscale, &form.versante_nome];
            assert_eq!(richiesta.versante.is_some(), other.iter().any(|text| !text.trim().is_empty()));
        }
        Err(errors) => {
            assert!(!errors.is_empty(), "refused without a word");
            for error in &errors {
                assert!(FIELDS.contains(&error.field.as_str()), "{}", error.field);
                if !matches!(error.reason, domain::Reason::AmountTooLarge { .. } | domain::Reason::AmountTooSmall { .. }) {
                    says::nothing(error);
                }
            }
        }
    }
    assert!(!format!("{form:?}").contains("RSSMRA85T10A562S") || form.voce.contains("RSSMRA85T10A562S"));
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
