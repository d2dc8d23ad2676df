//! Two comuni and a provincia that do not exist.

use domain::aspetto::{Bollettino, Cbill, Collegamento};
use domain::ente::Contatti;
use domain::{Aspetto, CodiceFiscaleEnte, CodiceSegregazione, Ente, Lingua, Modello, Slug, Stazione, Tavolozza};
use portal::Portal;
use portal::aspetto::{self, CambioLogo};

pub(super) const INTERMEDIARIO: &str = "99999000013";
pub(super) const STAZIONE: &str = "99999000013_01";
pub(super) const VALDORIA: &str = "80001230459";
const PIETRALTA: &str = "90012340569";
/// Takes its part of the waste tax (TEFA).
pub(super) const PROVINCIA: &str = "80009870454";
pub(super) const NOME_PROVINCIA: &str = "Provincia di Valdoria";

/// ABI 99999 is nobody's bank.
pub(super) const IBAN_TESORERIA: &str = "IT89F9999901000000000012345";
pub(super) const IBAN_POSTALE: &str = "IT48F0760101000000012345678";
pub(super) const IBAN_PROVINCIA: &str = "IT90T9999902000000000000777";
pub(super) const IBAN: [&str; 2] = [IBAN_TESORERIA, IBAN_POSTALE];

pub(super) async fn fill(portal: &Portal) -> anyhow::Result<()> {
    let now = portal.clock().now();
    let mut tx = portal.store().begin().await?;
    let valdoria = ente(VALDORIA, "Comune di Valdoria", "valdoria", "01")?;
    let pietralta = ente(PIETRALTA, "Comune di Pietralta", "pietralta", "02")?;
    tx.insert_ente(&valdoria, now).await?;
    tx.insert_ente(&pietralta, now).await?;
    tx.commit().await?;
    for (ente, tavolozza, seconda_lingua, cbill, stemma) in [
        (valdoria, Tavolozza::Verde, None, "BVLD1", &include_bytes!("stemmi/valdoria.png")[..]),
        // the law wants two languages there
        (pietralta, Tavolozza::Bordeaux, Some(Lingua::De), "BPTR2", include_bytes!("stemmi/pietralta.png")),
    ] {
        let aspetto = Aspetto {
            tavolozza,
            logo: None,
            cbill: Some(Cbill::parse(cbill)?),
            seconda_lingua,
            bollettino: Some(Bollettino::new(&ente.nome, "AUT. DB/SSIC/E 0000 DEL 01/01/2026")?),
            note_legali: Some(Collegamento::parse(&format!("https://www.comune.{}.example/note-legali", ente.slug))?),
            riscontro: Some(Collegamento::parse(&format!("https://www.comune.{}.example/segnala", ente.slug))?),
        };
        aspetto::set(portal.store(), now, &ente, aspetto, None, CambioLogo::Nuovo(stemma.to_vec())).await?;
    }
    Ok(())
}

fn ente(codice_fiscale: &str, nome: &str, slug: &str, segregazione: &str) -> anyhow::Result<Ente> {
    Ok(Ente {
        codice_fiscale: CodiceFiscaleEnte::parse(codice_fiscale)?,
        nome: nome.to_owned(),
        slug: Slug::parse(slug)?,
        stazione: Stazione {
            id: STAZIONE.to_owned(),
            intermediario: INTERMEDIARIO.to_owned(),
            segregazione: CodiceSegregazione::parse(segregazione)?,
        },
        modello: Modello::StazioneAca,
        contatti: Contatti {
            sito: Some(format!("https://www.comune.{slug}.example")),
            email: Some(format!("urp@comune.{slug}.example")),
            pec: Some(format!("protocollo@pec.comune.{slug}.example")),
            telefono: Some("0123 456789".to_owned()),
            indirizzo: Some("Piazza del Municipio 1".to_owned()),
            ente_superiore: Some("Regione Altavalle".to_owned()),
            accessibilita: None,
        },
        aspetto: Aspetto::default(),
    })
}
