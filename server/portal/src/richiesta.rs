//! Somebody at a counter wants to pay a service and has no notice: the Nodo asks for one (paDemandPaymentNotice).
//!
//! The data become the form that a citizen fills in, and are checked by the same rules; what is right becomes a position that is open
//! at once. The Nodo may ask twice: the id of the position is derived from what was asked, so the same request within the life of the
//! notice finds the same notice, and a new one only when that was paid.

use crate::spontaneo::{self, FormSpontaneo, Richiesta};
use crate::stazione::{Answer, No, verify_answer};
use crate::{Portal, PortalError, ids};
use domain::posizione::{EventoPosizione, TRANSIZIONI};
use domain::servizio::{Spontaneo, SuRichiesta};
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
        let Some((servizio, (spontaneo, su_richiesta))) = found else {
            return Ok(Err(No::about(&ente, Paa::Semantica, "nessun servizio si paga con questi codici")));
        };
        let richiesta = match read(spontaneo, su_richiesta, &request.dati) {
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
        let Richiesta { causale, importo, debitore, versante: _ } = richiesta;
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
fn offered<'a>(servizio: &'a Servizio, request: &DemandRequest) -> Option<(&'a Spontaneo, &'a SuRichiesta)> {
    let spontaneo = servizio.spontaneo.as_ref().filter(|_| servizio.attivo)?;
    let su_richiesta = spontaneo.su_richiesta.as_ref()?;
    let codes = (&su_richiesta.id_servizio, &su_richiesta.id_soggetto);
    (codes == (&request.id_servizio, &request.id_soggetto)).then_some((spontaneo, su_richiesta))
}

/// What is asked of it, or why that cannot be: never a value, the reason goes to the PSP's log.
fn read(spontaneo: &Spontaneo, su_richiesta: &SuRichiesta, dati: &[u8]) -> Result<Richiesta, (Paa, String)> {
    let form = form(su_richiesta, dati).map_err(|why| (Paa::SintassiExtraxsd, why))?;
    spontaneo::check(spontaneo, &form, Lingua::It).map_err(|errors| {
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        (Paa::Semantica, format!("non valido: {}", fields.join(", ")))
    })
}

/// The form that somebody would have filled in.
fn form(su_richiesta: &SuRichiesta, dati: &[u8]) -> Result<FormSpontaneo, String> {
    let mut dati = DatiServizio::read(dati)?;
    let campi = &su_richiesta.campi;
    let mut take = |name: &Option<String>| name.as_ref().and_then(|name| dati.take(name)).unwrap_or_default();
    let importo = match take(&campi.importo) {
        given if given.is_empty() => given,
        // as the wire writes amounts; a form is filled in as people write them
        given => Importo::from_wire(&given).ok_or("datiSpecificiServizioRequest: not an amount with two decimals")?.to_string(),
    };
    let form = FormSpontaneo {
        voce: su_richiesta.voce.clone(),
        quantita: take(&campi.quantita),
        importo,
        dettaglio: take(&campi.dettaglio),
        codice_fiscale: take(&Some(campi.codice_fiscale.clone())),
        nome: take(&Some(campi.nome.clone())),
        ..FormSpontaneo::default()
    };
    if dati.is_empty() {
        Ok(form)
    } else {
        Err("datiSpecificiServizioRequest: an element that the service does not know".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::servizio::CampiRichiesta;

    fn mensa() -> SuRichiesta {
        SuRichiesta {
            id_servizio: "00001".into(),
            id_soggetto: "00002".into(),
            voce: "pasti".into(),
            campi: CampiRichiesta {
                codice_fiscale: "codiceFiscale".into(),
                nome: "intestatario".into(),
                quantita: Some("pasti".into()),
                importo: Some("importo".into()),
                dettaglio: None,
            },
        }
    }

    #[test]
    fn the_data_become_the_form_of_that_voice() {
        let dati = "<r><importo>1234.50</importo><pasti>3</pasti><codiceFiscale>RSSMRA85T10A562S</codiceFiscale><intestatario>Mario Rossi</intestatario></r>";
        let right = form(&mensa(), dati.as_bytes()).unwrap();
        let wanted = FormSpontaneo {
            voce: "pasti".into(),
            quantita: "3".into(),
            importo: "1.234,50".into(),
            codice_fiscale: "RSSMRA85T10A562S".into(),
            nome: "Mario Rossi".into(),
            ..FormSpontaneo::default()
        };
        assert!(right == wanted, "{} {}", right.importo, right.quantita);
        assert!(form(&mensa(), b"<r/>").unwrap() == FormSpontaneo { voce: "pasti".into(), ..FormSpontaneo::default() });
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
            let why = form(&mensa(), dati.as_bytes()).err().unwrap();
            assert!(why.contains(rule) && !why.contains("segreto"), "{dati}: {why}");
        }
    }
}
