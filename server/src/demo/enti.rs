//! Two comuni and a provincia that do not exist.

use domain::ente::Contatti;
use domain::{CodiceFiscaleEnte, CodiceSegregazione, Ente, Modello, Slug, Stazione};
use portal::Portal;

pub(super) const INTERMEDIARIO: &str = "99999000013";
pub(super) const STAZIONE: &str = "99999000013_01";
pub(super) const VALDORIA: &str = "80001230459";
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
    tx.insert_ente(&ente(VALDORIA, "Comune di Valdoria", "valdoria", "01")?, now).await?;
    tx.insert_ente(&ente("90012340569", "Comune di Pietralta", "pietralta", "02")?, now).await?;
    tx.commit().await?;
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
    })
}
