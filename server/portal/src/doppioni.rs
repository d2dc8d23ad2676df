//! The same thing, for the same person, paid or being paid a short while ago: told before it is paid again, never forbidden.
//!
//! Only of payments without a notice: a notice has a number, and is paid once. Found by a keyed digest of ente, service, causale and
//! debtor, so whoever asks must type the same data, and learns when and how it stands, no name and no amount. Keyed: who has the table
//! alone cannot try all persons.

use crate::{Clock, Portal, ids};
use domain::{EsitoPagamento, Posizione, testo};
use jiff::SignedDuration;
use store::Tentativo;

/// Whoever pays the same twice on purpose (another month under the same words) rarely does so within a day; whoever does so by mistake
/// does it within hours.
pub(crate) const FINESTRA: SignedDuration = SignedDuration::from_hours(24);
/// Trips that are looked at: more than anybody makes in a day.
pub(crate) const GUARDATI_MAX: u32 = 50;

/// What was found: when it began and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doppione {
    pub iniziato: jiff::civil::DateTime,
    /// Paid, or on its way.
    pub esito: EsitoPagamento,
}

/// Those that may have moved money; the last of each kind is enough to know.
pub(crate) fn of(earlier: &[Tentativo], clock: &Clock) -> Vec<Doppione> {
    let mut doppioni: Vec<Doppione> = Vec::new();
    for trip in earlier.iter().rev() {
        let esito = EsitoPagamento::of(trip.stato, trip.esito_dichiarato);
        let counts = matches!(esito, EsitoPagamento::Pagato | EsitoPagamento::InCorso | EsitoPagamento::InVerifica);
        if counts && !doppioni.iter().any(|known| known.esito == esito) {
            doppioni.push(Doppione { iniziato: clock.civil(trip.created_at), esito });
        }
    }
    doppioni
}

impl Portal {
    /// What is paid and for whom; nothing of it can be read out again.
    pub(crate) fn impronta_pagamento(&self, posizione: &Posizione) -> String {
        let servizio = posizione.servizio.as_deref().unwrap_or_default();
        let causale = testo::lower(&posizione.causale);
        let mut parts: Vec<&[u8]> = Vec::new();
        for part in [posizione.ente.as_str(), servizio, &causale, posizione.debitore.codice_fiscale.as_str()] {
            // none of them holds a zero byte: two different lists are never one text
            parts.extend([part.as_bytes(), &[0]]);
        }
        ids::hex(&self.inner.doppioni_key.mac(&parts)[..16])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{CodiceFiscaleEnte, EsitoDichiarato, Importo, NumeroAvviso, StatoTentativo};
    use jiff::Timestamp;

    fn trip(stato: StatoTentativo, esito_dichiarato: Option<EsitoDichiarato>, minute: i64) -> Tentativo {
        Tentativo {
            id: minute.to_string(),
            ente: CodiceFiscaleEnte::parse("80001230459").unwrap(),
            posizione_id: "p".into(),
            numero: NumeroAvviso::parse("302000000000000184").unwrap(),
            importo: Importo::of_cents(1),
            stato,
            esito_dichiarato,
            chiave: String::new(),
            sessione_sha256: None,
            cart_url: None,
            lingua: None,
            problema: None,
            email: None,
            carrello: None,
            impronta: None,
            created_at: Timestamp::from_second(1_790_000_000 + minute * 60).unwrap(),
            returned_at: None,
        }
    }

    #[test]
    fn only_what_may_have_moved_money_counts_and_the_last_of_each_kind() {
        use StatoTentativo as S;
        let clock = Clock::fixed("2026-11-23T09:00:00Z".parse().unwrap()).unwrap();
        let nothing = [
            trip(S::Fallito, None, 0),
            trip(S::Scaduto, None, 1),
            trip(S::Ritornato, Some(EsitoDichiarato::Annullato), 2),
            trip(S::Ritornato, Some(EsitoDichiarato::Errore), 3),
        ];
        assert_eq!(of(&nothing, &clock), []);
        let some = [
            trip(S::ChiusoDaRicevuta, None, 0),
            trip(S::Inviato, None, 1),
            trip(S::Ritornato, Some(EsitoDichiarato::Ok), 2),
            trip(S::Inviato, None, 3),
        ];
        let found: Vec<_> = of(&some, &clock).into_iter().map(|d| (d.esito, d.iniziato.minute())).collect();
        let minute = |n: usize| clock.civil(some[n].created_at).minute();
        use EsitoPagamento as E;
        assert_eq!(found, [(E::InCorso, minute(3)), (E::InVerifica, minute(2)), (E::Pagato, minute(0))]);
    }
}
