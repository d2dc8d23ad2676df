//! I5: every life, replayed step by step along its table, ends in the state that is written; or, for a deleted draft, in the step that
//! says so, and nothing is written.

use super::{PAGE, Prova, Rotture};
use crate::PortalError;
use domain::transitions::Table;
use domain::{StatoPosizione, fdr, pagamento, posizione, ricevuta};
use serde::Deserialize;
use serde::de::IntoDeserializer as _;
use serde::de::value::{Error, StrDeserializer};
use std::fmt::Debug;
use store::{Conteggio, FattiTransizione, Lifecycle, Store};

pub(super) async fn prove(store: &Store) -> Result<Prova, PortalError> {
    let mut broken = Rotture::default();
    let (mut steps, mut subjects) = (0_u64, 0_u64);
    let mut last: Option<FattiTransizione> = None;
    loop {
        let (soggetto, id, seq) = last.as_ref().map_or(("", "", 0), |row| (row.soggetto.as_str(), row.id.as_str(), row.seq));
        let page = store.fatti_transizioni(soggetto, id, seq, PAGE).await?;
        if page.is_empty() {
            break;
        }
        for row in page {
            steps += 1;
            let before = match last.take() {
                Some(before) if before.soggetto == row.soggetto && before.id == row.id => Some(before),
                other => {
                    subjects += 1;
                    end(other.as_ref(), &mut broken);
                    None
                }
            };
            broken.unless(row.da == before.map(|before| before.a), format_args!("{}: does not follow", place(&row)));
            broken.unless(row.da.is_none() || is_edge(&row), format_args!("{}: no such edge", place(&row)));
            last = Some(row);
        }
    }
    end(last.as_ref(), &mut broken);
    broken.none(store.count(Conteggio::SenzaTransizioni).await?, "subjects without a single step");
    Ok(broken.prova("I5", "states change along their table only", format!("{steps} steps of {subjects} subjects replayed")))
}

fn place(row: &FattiTransizione) -> String {
    format!("{} {} step {}", row.soggetto, row.id, row.seq)
}

/// The last step of a subject: it was read together with the state, so they agree also while others write.
fn end(last: Option<&FattiTransizione>, broken: &mut Rotture) {
    if let Some(row) = last {
        let agrees = if is_deleted(row) { row.stato.is_none() } else { row.stato.as_deref() == Some(row.a.as_str()) };
        broken.unless(agrees, format_args!("{}: another state is written", place(row)));
    }
}

/// The one step after which a subject is not there any more.
fn is_deleted(row: &FattiTransizione) -> bool {
    row.soggetto == Lifecycle::Posizione.as_str() && named(&row.a) == Some(StatoPosizione::Eliminata)
}

fn is_edge(row: &FattiTransizione) -> bool {
    match row.soggetto.as_str() {
        "posizione" => has_edge(&posizione::TRANSIZIONI, row),
        "tentativo" => has_edge(&pagamento::TRANSIZIONI, row),
        "ricevuta" => has_edge(&ricevuta::TRANSIZIONI, row),
        "flusso" => has_edge(&fdr::TRANSIZIONI, row),
        _ => false,
    }
}

fn has_edge<S, E>(table: &Table<S, E>, row: &FattiTransizione) -> bool
where
    S: Copy + Eq + Debug + for<'de> Deserialize<'de>,
    E: Copy + Eq + Debug + for<'de> Deserialize<'de>,
{
    let (Some(from), Some(event), Some(to)) = (row.da.as_deref().and_then(named), named(&row.evento), named(&row.a)) else {
        return false;
    };
    table.advance(from, event) == Ok(to)
}

/// A state or event by the name it is written under.
fn named<T: for<'de> Deserialize<'de>>(text: &str) -> Option<T> {
    let text: StrDeserializer<'_, Error> = text.into_deserializer();
    T::deserialize(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gone_must_have_said_so_and_what_said_so_must_be_gone() {
        for (soggetto, a, stato, holds) in [
            ("posizione", "BOZZA", Some("BOZZA"), true),
            ("posizione", "BOZZA", Some("APERTA"), false),
            ("posizione", "BOZZA", None, false),
            ("posizione", "ELIMINATA", None, true),
            ("posizione", "ELIMINATA", Some("BOZZA"), false),
            ("posizione", "ELIMINATA", Some("ELIMINATA"), false),
            ("tentativo", "ELIMINATA", None, false),
            ("ricevuta", "VALIDA", None, false),
        ] {
            let (soggetto, id, evento) = (soggetto.to_owned(), "x".to_owned(), "E".to_owned());
            let row = FattiTransizione { seq: 1, soggetto, id, da: None, evento, a: a.into(), stato: stato.map(str::to_owned) };
            let mut broken = Rotture::default();
            end(Some(&row), &mut broken);
            assert_eq!(broken.quante == 0, holds, "{row:?}");
        }
    }
}
