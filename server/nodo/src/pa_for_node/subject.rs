//! `ctSubject`: whoever owes or pays. Of the address nothing is kept or sent: no payment needs it.

use crate::xml::{Broken, Node, Writer};
use domain::ricevuta::SoggettoRicevuta;

pub(super) fn read(subject: &Node<'_>) -> Result<SoggettoRicevuta, Broken> {
    let mut parts = subject.children()?;
    let identifier = parts.take("uniqueIdentifier")?;
    let mut id = identifier.children()?;
    let kind = id.take("entityUniqueIdentifierType")?;
    if !kind.is_lenient() {
        kind.one_of(&[("F", ()), ("G", ())])?;
    }
    let value = id.take("entityUniqueIdentifierValue")?;
    let identificativo = value.text(16)?;
    if !value.is_lenient() && identificativo.chars().count() < 2 {
        return Err(value.broken("fewer than 2 characters"));
    }
    id.finish()?;
    let nome = parts.take("fullName")?.text(70)?;
    if !subject.is_lenient() {
        for (name, max) in
            [("streetName", 70), ("civicNumber", 16), ("postalCode", 16), ("city", 35), ("stateProvinceRegion", 35)]
        {
            parts.take_opt(name)?.map(|n| n.text(max)).transpose()?;
        }
        parts.take_opt("country")?.map(|n| n.two_letters()).transpose()?;
    }
    let email = parts.take_opt("e-mail")?.map(|n| n.email()).transpose()?;
    parts.finish()?;
    Ok(SoggettoRicevuta { identificativo, nome, email })
}

/// `F` for 16 characters and for `ANONIMO`, `G` for 11.
pub(super) fn write(w: &mut Writer, name: &str, identificativo: &str, nome: &str, email: Option<&str>) {
    w.element(name, |w| {
        w.element("uniqueIdentifier", |w| {
            w.text("entityUniqueIdentifierType", if identificativo.len() == 11 { "G" } else { "F" });
            w.text_max("entityUniqueIdentifierValue", identificativo, 16);
        });
        w.text_max("fullName", nome, 70);
        w.text_max_opt("e-mail", email, 256);
    });
}
