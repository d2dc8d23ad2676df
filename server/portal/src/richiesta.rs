//! Somebody at a counter wants to pay a service and has no notice: the Nodo asks for one (paDemandPaymentNotice).
//!
//! The data become the form that a citizen fills in, and are checked by the same rules; what is right becomes a position that is open
//! at once. The Nodo may ask twice: the id of the position is derived from what was asked, so the same request within the life of the
//! notice finds the same notice, and a new one only when that was paid.

use crate::spontaneo::{self, Modo, Richiesta};
use crate::stazione::{Answer, No, verify_answer};
use crate::{Portal, PortalError, ids};
use domain::modulo::{TipoCampo, Valori, Verificato};
use domain::posizione::{EventoPosizione, TRANSIZIONI};
use domain::servizio::SuRichiesta;
use domain::{Ente, Importo, Lingua, Posizione, Rata, Servizio};
use jiff::civil::Date;
use nodo::pa_for_node::{DatiServizio, DemandAnswer, DemandRequest, Paa, encode_demand};

/// The same thing for the same person, asked for and paid so many times in a day: more is a machine that goes round in circles.
const RIPETIZIONI_MAX: u32 = 100;

impl Portal {
    pub(crate) async fn demand(&self, request: &DemandRequest) -> Answer {
        let ente = match self.addressee(&request.instradamento).await? {
            Ok(ente) => ente,
            Err(no) => return Ok(Err(no)),
        };
        let servizi = self.inner.store.list_servizi(&ente.codice_fiscale).await?;
        let found = servizi.iter().find_map(|servizio| Some((servizio, offered(servizio, request)?)));
        let Some((servizio, su_richiesta)) = found else {
            return Ok(Err(No::about(&ente, Paa::Semantica, "nessun servizio si paga con questi codici")));
        };
        let Modo::Modulo(modulo) = spontaneo::modo(servizio)? else {
            return Ok(Err(No::about(&ente, Paa::Semantica, "questo servizio si paga altrove")));
        };
        let richiesta = match read(&modulo, &servizio.nome, su_richiesta, &request.dati, self.inner.clock.today()) {
            Ok(richiesta) => richiesta,
            Err((code, why)) => return Ok(Err(No::about(&ente, code, &why))),
        };
        // whoever lost the race to make it finds it made
        let made = match self.notice_for(&ente, servizio, &richiesta).await {
            Err(error) => match self.open_notice(&ente, servizio, &richiesta).await? {
                Ok(found) => Some(found),
                Err(_) => return Err(error),
            },
            Ok(made) => made,
        };
        let Some(posizione) = made else {
            return Ok(Err(No::about(&ente, Paa::Semantica, "lo stesso pagamento è stato chiesto troppe volte oggi")));
        };
        let rata = the_one(&posizione)?;
        Ok(Ok(encode_demand(&DemandAnswer {
            numero: rata.numero.clone(),
            ente: ente.codice_fiscale.clone(),
            avviso: verify_answer(&ente, &posizione, rata),
        })))
    }

    /// The notice of an earlier request that still can be paid, or a new one; `None` after too many.
    async fn notice_for(
        &self,
        ente: &Ente,
        servizio: &Servizio,
        richiesta: &Richiesta,
    ) -> Result<Option<Posizione>, PortalError> {
        let free = match self.open_notice(ente, servizio, richiesta).await? {
            Ok(found) => return Ok(Some(found)),
            Err(free) => free,
        };
        let Some(id) = free else { return Ok(None) };
        let now = self.inner.clock.now();
        let mut tx = self.inner.store.begin().await?;
        let numero = self.draw_numero(&mut tx, ente).await?;
        let mut posizione = spontaneo::bozza(id, ente, servizio, richiesta.clone(), numero);
        let scadenza = until(self.inner.clock.today())?;
        for rata in &mut posizione.rate {
            (rata.scadenza, rata.non_oltre_scadenza) = (Some(scadenza), true);
        }
        tx.insert_posizione(&posizione, now).await?;
        let aperta = TRANSIZIONI.advance(posizione.stato, EventoPosizione::Pubblica);
        let aperta = aperta.map_err(|error| PortalError::Inconsistent(error.to_string()))?;
        tx.advance_posizione(&posizione, EventoPosizione::Pubblica, aperta, store::RICHIESTA, now).await?;
        tx.commit().await?;
        posizione.stato = aperta;
        Ok(Some(posizione))
    }

    /// The notice that this request, made today or yesterday, has already and that can be paid; else the id of a new one, `None` when
    /// there were too many.
    async fn open_notice(
        &self,
        ente: &Ente,
        servizio: &Servizio,
        richiesta: &Richiesta,
    ) -> Result<Result<Posizione, Option<String>>, PortalError> {
        let today = self.inner.clock.today();
        let yesterday = today.yesterday().map_err(|error| PortalError::Inconsistent(error.to_string()))?;
        let mut free = None;
        for day in [yesterday, today] {
            free = None;
            for times in 0..RIPETIZIONI_MAX {
                let id = self.id_of(ente, servizio, richiesta, day, times);
                let Some(posizione) = self.inner.store.posizione(&ente.codice_fiscale, &id).await? else {
                    free = Some(id);
                    break;
                };
                if posizione.pagabile(&the_one(&posizione)?.numero, today).is_ok() {
                    return Ok(Ok(posizione));
                }
            }
        }
        Ok(Err(free))
    }

    /// Not guessable: a position is looked up by it.
    fn id_of(&self, ente: &Ente, servizio: &Servizio, richiesta: &Richiesta, day: Date, times: u32) -> String {
        let Richiesta { causale, importo, debitore, versante: _, atto: _, parti: _ } = richiesta;
        let parts = [
            ente.codice_fiscale.as_str(),
            servizio.slug.as_str(),
            causale,
            &importo.to_wire(),
            debitore.codice_fiscale.as_str(),
            &debitore.nome,
            &day.to_string(),
            &times.to_string(),
        ];
        // texts hold no control characters: none of them can end where another begins
        ids::hex(&self.inner.richiesta_key.mac(&[parts.join("\n").as_bytes()])[..16])
    }
}

/// Until the end of the next day: whoever asks before midnight pays after it.
fn until(today: Date) -> Result<Date, PortalError> {
    today.tomorrow().map_err(|error| PortalError::Inconsistent(error.to_string()))
}

fn the_one(posizione: &Posizione) -> Result<&Rata, PortalError> {
    posizione.rate.first().ok_or_else(|| PortalError::Inconsistent(format!("{}: no way to pay it", posizione.id)))
}

/// How a service is offered under the codes of the request.
fn offered<'a>(servizio: &'a Servizio, request: &DemandRequest) -> Option<&'a SuRichiesta> {
    let su_richiesta = servizio.su_richiesta.as_ref().filter(|_| servizio.attivo)?;
    let codes = (&su_richiesta.id_servizio, &su_richiesta.id_soggetto);
    (codes == (&request.id_servizio, &request.id_soggetto)).then_some(su_richiesta)
}

/// What is asked of it, or why that cannot be: never a value, the reason goes to the PSP's log.
fn read(
    modulo: &Verificato,
    servizio: &str,
    su_richiesta: &SuRichiesta,
    dati: &[u8],
    today: Date,
) -> Result<Richiesta, (Paa, String)> {
    let form = form(modulo, su_richiesta, dati).map_err(|why| (Paa::SintassiExtraxsd, why))?;
    spontaneo::check(modulo, servizio, &form, today, Lingua::It).map_err(|esame| {
        // of the form as a whole: the amount
        let named = |campo: &str| if campo.is_empty() { "importo".to_owned() } else { campo.to_owned() };
        let fields: Vec<_> = esame.errori.iter().map(|errore| named(&errore.campo)).collect();
        (Paa::Semantica, format!("non valido: {}", fields.join(", ")))
    })
}

/// The form that somebody would have filled in.
fn form(modulo: &Verificato, su_richiesta: &SuRichiesta, dati: &[u8]) -> Result<Valori, String> {
    let mut dati = DatiServizio::read(dati)?;
    let is_amount = |field: &str| {
        let mut campi = modulo.modulo().sezioni.iter().flat_map(|sezione| &sezione.campi);
        campi.any(|campo| campo.nome == field && campo.tipo == TipoCampo::Importo)
    };
    let mut form = Valori::from_pairs(su_richiesta.fissi.clone());
    for (name, field) in &su_richiesta.campi {
        let given = match dati.take(name).unwrap_or_default() {
            given if given.is_empty() => continue,
            // as the wire writes amounts; a form is filled in as people write them
            given if is_amount(field) => {
                Importo::from_wire(&given).ok_or("datiSpecificiServizioRequest: not an amount with two decimals")?.to_string()
            }
            given => given,
        };
        form.set(field, vec![given]);
    }
    if dati.is_empty() {
        Ok(form)
    } else {
        Err("datiSpecificiServizioRequest: an element that the service does not know".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mensa() -> (Verificato, SuRichiesta) {
        let modulo: domain::Modulo = serde_json::from_str(
            r#"{"versione": 1, "importo": "pasti * importo", "sezioni": [{"titolo": "Mensa", "campi": [
                {"nome": "voce", "tipo": "scelta", "etichetta": "Voce", "opzioni": [{"valore": "pasti", "etichetta": "Pasti"}]},
                {"nome": "pasti", "tipo": "numero", "etichetta": "Pasti"},
                {"nome": "importo", "tipo": "importo", "etichetta": "Prezzo"}]}]}"#,
        )
        .unwrap();
        let names = [("codiceFiscale", "codice_fiscale"), ("intestatario", "nome"), ("pasti", "pasti"), ("importo", "importo")];
        let su_richiesta = SuRichiesta {
            id_servizio: "00001".into(),
            id_soggetto: "00002".into(),
            fissi: [("voce".to_owned(), "pasti".to_owned())].into(),
            campi: names.map(|(name, field)| (name.to_owned(), field.to_owned())).into(),
        };
        (modulo.complete().verify().unwrap(), su_richiesta)
    }

    fn read_form(dati: &str) -> Result<Valori, String> {
        let (modulo, su_richiesta) = mensa();
        form(&modulo, &su_richiesta, dati.as_bytes())
    }

    fn valori(pairs: &[(&str, &str)]) -> Valori {
        Valori::from_pairs(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn the_data_become_the_form_that_somebody_would_have_filled_in() {
        let dati = "<r><importo>1234.50</importo><pasti>3</pasti><codiceFiscale>RSSMRA85T10A562S</codiceFiscale><intestatario>Mario Rossi</intestatario></r>";
        let right = [
            ("voce", "pasti"),
            ("pasti", "3"),
            ("importo", "1.234,50"),
            ("codice_fiscale", "RSSMRA85T10A562S"),
            ("nome", "Mario Rossi"),
        ];
        assert!(read_form(dati).unwrap() == valori(&right));
        assert!(read_form("<r/>").unwrap() == valori(&right[..1]));
        let (modulo, su_richiesta) = mensa();
        let today = jiff::civil::date(2026, 11, 23);
        let richiesta = read(&modulo, "Mensa", &su_richiesta, dati.as_bytes(), today).unwrap();
        assert_eq!((richiesta.importo.cents(), richiesta.causale.as_str()), (370_350, "Mensa"));
        let (code, why) = read(&modulo, "Mensa", &su_richiesta, b"<r><pasti>0</pasti></r>", today).unwrap_err();
        assert!(code == Paa::Semantica && why.contains("codice_fiscale") && why.contains("importo"), "{why}");
    }

    #[test]
    fn what_the_service_does_not_know_is_refused_without_a_value() {
        for (dati, rule) in [
            ("<r><dettaglio>segreto</dettaglio></r>", "does not know"),
            ("<r><nome>segreto</nome></r>", "does not know"),
            ("<r><importo>12,50</importo></r>", "not an amount"),
            ("<r><importo>-1.00</importo></r>", "not an amount"),
            ("<r><importo>99999999999999999999.00</importo></r>", "not an amount"),
            ("segreto", "text outside"),
        ] {
            let why = read_form(dati).err().unwrap();
            assert!(why.contains(rule) && !why.contains("segreto"), "{dati}: {why}");
        }
    }
}
