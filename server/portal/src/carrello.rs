//! Several notices, of several enti, in one trip: what is in the cart, and how it gets there.
//!
//! The cart is kept by its browser: a line of slugs and sealed tokens, no personal data, nothing to store and nothing to clean up. What
//! a notice costs, and whether it can be paid, is read anew each time. Checkout takes five (`paymentNotices`, `maxItems` 5), each once.

use crate::pagamento::{FormPaga, Partenza, Ritorno, esito_of_all, is_known, ricevute_of_all, sessione_or_new};
use crate::sealed::{Kind, SealError};
use crate::viaggio::{Fermata, Partente, alternative, esito_of};
use crate::{Portal, PortalError, ids};
use domain::pagamento::EventoTentativo;
use domain::posizione::NonPagabile;
use domain::{Ente, EsitoDichiarato, EsitoPagamento, Importo, Lingua, NumeroAvviso, Opzione, Posizione};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use store::{Tentativo, TentativoChange};

/// `paymentNotices` of Checkout: `maxItems` 5.
pub const AVVISI_MAX: usize = 5;
/// How long a notice stays in a cart: who comes back the next day looks it up again.
pub const CARRELLO_TTL: SignedDuration = SignedDuration::from_hours(24);
/// Five of a slug (60), a tilde and a token (56), with four dots between: what is longer is not ours.
const TESTO_MAX: usize = AVVISI_MAX * (60 + 1 + 56) + 4;

/// One line of the cart as the browser keeps it, opened.
struct Riga {
    testo: String,
    slug: String,
    posizione: String,
    rata: usize,
    /// Of the amount, when it was put there.
    cents: u32,
}

/// What the page of the cart shows.
#[derive(Clone, Debug, Default)]
pub struct CarrelloVista {
    pub voci: Vec<VoceCarrello>,
    /// Of those that can be paid; `None`: more than an amount can say.
    pub totale: Option<Importo>,
}

impl CarrelloVista {
    /// Whether all that is in it can be paid together.
    pub fn pagabile(&self) -> bool {
        !self.voci.is_empty() && self.totale.is_some() && self.voci.iter().all(|voce| voce.problema.is_none())
    }

    pub fn pieno(&self) -> bool {
        self.voci.len() >= AVVISI_MAX
    }
}

/// A notice in the cart. Nothing about the debtor.
#[derive(Clone, Debug)]
pub struct VoceCarrello {
    /// What takes it out again.
    pub segno: String,
    pub ente: Ente,
    pub causale: String,
    pub importo: Importo,
    pub scadenza: Option<Date>,
    pub opzione: Opzione,
    pub problema: Option<ProblemaVoce>,
    /// It costs something else than when it was put there.
    pub importo_cambiato: bool,
}

/// Why a notice of the cart cannot be paid with the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemaVoce {
    NonPagabile(NonPagabile),
    /// Another one above it pays the same debt in another way.
    Alternativa,
}

/// What became of a notice that was to be put in the cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aggiunta {
    /// For the browser to keep.
    Fatto(String),
    Pieno,
    GiaPresente,
    /// The same debt is in it in another way.
    Alternativa,
    NonPagabile(NonPagabile),
    /// The page's address is past its time.
    Scaduto,
    NonTrovato,
}

/// The durable page of a cart that went to Checkout.
#[derive(Clone, Debug)]
pub struct EsitoCarrelloVista {
    pub esito: EsitoPagamento,
    pub voci: Vec<VoceEsito>,
    pub totale: Option<Importo>,
    /// How many receipts are here.
    pub ricevute: u8,
    pub iniziato: jiff::civil::DateTime,
    pub token: String,
}

/// One notice of it, with the token of its own page, where its receipt is.
#[derive(Clone, Debug)]
pub struct VoceEsito {
    pub ente: Ente,
    pub causale: String,
    pub importo: Importo,
    pub numero: NumeroAvviso,
    pub esito: EsitoPagamento,
    pub token: String,
}

impl Portal {
    /// How many notices the browser says it keeps; those of others and those past their time do not count. For a link, without a look
    /// at the store.
    pub fn in_carrello(&self, testo: &str) -> usize {
        self.righe(testo).len()
    }

    /// Puts the notice of a page, or of a summary, into the cart. `rata`: which of its options; `None`: the page's.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn aggiungi_al_carrello(
        &self,
        ente: &Ente,
        token: &str,
        rata: Option<usize>,
        testo: &str,
    ) -> Result<Aggiunta, PortalError> {
        let now = self.inner.clock.now();
        let opened = match self.open_payable(token, now) {
            Ok((_, opened)) => opened,
            Err(SealError::Expired) => return Ok(Aggiunta::Scaduto),
            Err(SealError::Wrong) => return Ok(Aggiunta::NonTrovato),
        };
        let index = rata.unwrap_or(usize::from(opened.detail));
        let Some(posizione) = self.inner.store.posizione(&ente.codice_fiscale, &opened.id).await? else {
            return Ok(Aggiunta::NonTrovato);
        };
        let Some(rata) = posizione.rate.get(index) else { return Ok(Aggiunta::NonTrovato) };
        if let Err(reason) = pagabile(&posizione, &rata.numero, self.inner.clock.today()) {
            return Ok(Aggiunta::NonPagabile(reason));
        }
        let mut righe = self.righe(testo);
        if righe.iter().any(|riga| riga.posizione == posizione.id && riga.rata == index) {
            return Ok(Aggiunta::GiaPresente);
        }
        let here = righe.iter().filter(|riga| riga.posizione == posizione.id).filter_map(|riga| posizione.rate.get(riga.rata));
        if alternative(here.map(|other| &other.numero).chain([&rata.numero]).map(|numero| (&posizione, numero))) {
            return Ok(Aggiunta::Alternativa);
        }
        if righe.len() >= AVVISI_MAX {
            return Ok(Aggiunta::Pieno);
        }
        righe.push(self.seal_riga(ente, &posizione, index, rata.importo, now)?);
        Ok(Aggiunta::Fatto(join(&righe)))
    }

    /// The cart without one of its notices, for the browser to keep.
    pub fn togli_dal_carrello(&self, testo: &str, segno: &str) -> String {
        let mut righe = self.righe(testo);
        righe.retain(|riga| segno_of(&riga.testo) != segno);
        join(&righe)
    }

    /// What is in it, as it is now.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn carrello(&self, testo: &str) -> Result<CarrelloVista, PortalError> {
        let oggi = self.inner.clock.today();
        let mut lette: Vec<(Posizione, NumeroAvviso)> = Vec::new();
        let mut voci = Vec::new();
        for riga in self.righe(testo) {
            let Some((ente, posizione)) = self.load_riga(&riga).await? else { continue };
            let Some(rata) = posizione.rate.get(riga.rata).cloned() else { continue };
            lette.push((posizione, rata.numero.clone()));
            let alternativa = alternative(lette.iter().map(|(posizione, numero)| (posizione, numero)));
            let Some((posizione, _)) = lette.last() else { continue };
            let problema = match pagabile(posizione, &rata.numero, oggi) {
                Err(reason) => Some(ProblemaVoce::NonPagabile(reason)),
                Ok(()) => alternativa.then_some(ProblemaVoce::Alternativa),
            };
            voci.push(VoceCarrello {
                segno: segno_of(&riga.testo),
                ente,
                causale: posizione.causale.clone(),
                importo: rata.importo,
                scadenza: rata.scadenza,
                opzione: rata.opzione,
                problema,
                importo_cambiato: low_cents(rata.importo) != riga.cents,
            });
            if problema == Some(ProblemaVoce::Alternativa) {
                // what comes after it is judged by those that can stay
                lette.pop();
            }
        }
        let totale = Importo::sum(voci.iter().filter(|voce| voce.problema.is_none()).map(|voce| voce.importo));
        Ok(CarrelloVista { voci, totale })
    }

    /// "Paga ora", for all that is in it.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn paga_carrello(
        &self,
        testo: &str,
        sessione: Option<&str>,
        lingua: Lingua,
        form: &FormPaga,
    ) -> Result<Partenza, PortalError> {
        let mut fermate = Vec::new();
        let mut chiave = String::from("carrello");
        for riga in self.righe(testo) {
            let Some((ente, posizione)) = self.load_riga(&riga).await? else { continue };
            chiave.push('\n');
            chiave.push_str(&riga.testo);
            fermate.push(Fermata { ente, posizione: posizione.id, rata: riga.rata });
        }
        if fermate.is_empty() {
            return Ok(Partenza::NonTrovato);
        }
        let sessione = sessione_or_new(sessione)?;
        self.parti(Partente { fermate, in_carrello: true, chiave, sessione, lingua, form, mostra_email: false }).await
    }

    /// Back from Checkout with a cart: as [`Portal::ritorna`], for all of it; and what the address says, the first time it is used.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn ritorna_carrello(
        &self,
        token: &str,
        sessione: Option<&str>,
    ) -> Result<(Ritorno, Option<EsitoDichiarato>), PortalError> {
        let now = self.inner.clock.now();
        let Ok(opened) = self.inner.sealer.open(Kind::RitornoCarrello, token, now) else {
            return Ok((Ritorno::NonTrovato, None));
        };
        let trips = self.inner.store.tentativi_of_carrello(&opened.id).await?;
        let (Some(first), Some(dichiarato)) = (trips.first(), esito_of(opened.detail)) else {
            return Ok((Ritorno::NonTrovato, None));
        };
        let esito = self.seal_esito_carrello(&opened.id)?;
        if trips.iter().any(|trip| trip.returned_at.is_some()) {
            let ritorno = if is_known(first, sessione) { Ritorno::Esito(esito) } else { Ritorno::GiaUsato };
            return Ok((ritorno, None));
        }
        let change = TentativoChange { esito_dichiarato: Some(dichiarato), returned_at: Some(now), ..TentativoChange::default() };
        self.advance(&trips.iter().collect::<Vec<_>>(), EventoTentativo::Ritorna, &change).await?;
        Ok((Ritorno::Esito(esito), Some(dichiarato)))
    }

    /// The durable page of a cart that went to Checkout; `None` when the address is not ours.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn load_esito_carrello(&self, token: &str) -> Result<Option<EsitoCarrelloVista>, PortalError> {
        let trips = self.open_esito_carrello(token).await?;
        let Some(first) = trips.first() else { return Ok(None) };
        let mut voci = Vec::new();
        for trip in &trips {
            let ente = self.inner.store.ente_by_codice_fiscale(trip.ente.as_str()).await?;
            let posizione = self.inner.store.posizione(&trip.ente, &trip.posizione_id).await?;
            let (Some(ente), Some(posizione)) = (ente, posizione) else { continue };
            voci.push(VoceEsito {
                ente,
                causale: posizione.causale,
                importo: trip.importo,
                numero: trip.numero.clone(),
                esito: EsitoPagamento::of(trip.stato, trip.esito_dichiarato),
                token: self.seal_esito(&trip.id)?,
            });
        }
        Ok(Some(EsitoCarrelloVista {
            esito: esito_of_all(&trips),
            totale: Importo::sum(voci.iter().map(|voce| voce.importo)),
            voci,
            ricevute: ricevute_of_all(&trips),
            iniziato: self.inner.clock.civil(first.created_at),
            token: token.to_owned(),
        }))
    }

    pub(crate) async fn open_esito_carrello(&self, token: &str) -> Result<Vec<Tentativo>, PortalError> {
        match self.inner.sealer.open(Kind::EsitoCarrello, token, self.inner.clock.now()) {
            Ok(opened) => Ok(self.inner.store.tentativi_of_carrello(&opened.id).await?),
            Err(_) => Ok(Vec::new()),
        }
    }

    fn seal_esito_carrello(&self, carrello: &str) -> Result<String, PortalError> {
        let token = self.inner.sealer.seal(Kind::EsitoCarrello, carrello, 0, None, 0);
        token.ok_or_else(|| PortalError::Inconsistent(format!("identifier {carrello}")))
    }

    /// What is ours of what the browser kept, five at the most. What is not is left out without a word: nobody but us writes it.
    fn righe(&self, testo: &str) -> Vec<Riga> {
        if testo.len() > TESTO_MAX {
            return Vec::new();
        }
        let now = self.inner.clock.now();
        let mut righe: Vec<Riga> = Vec::new();
        for pezzo in testo.split('.').take(AVVISI_MAX) {
            let Some((slug, token)) = pezzo.split_once('~') else { continue };
            let Ok(opened) = self.inner.sealer.open(Kind::Carrello, token, now) else { continue };
            let (posizione, rata) = (opened.id, usize::from(opened.detail));
            if righe.iter().any(|riga| riga.posizione == posizione && riga.rata == rata) {
                continue;
            }
            righe.push(Riga { testo: pezzo.to_owned(), slug: slug.to_owned(), posizione, rata, cents: opened.nonce });
        }
        righe
    }

    /// The slug is not sealed: with another one there is no such position.
    async fn load_riga(&self, riga: &Riga) -> Result<Option<(Ente, Posizione)>, PortalError> {
        let Some(ente) = self.inner.store.ente_by_slug(&riga.slug).await? else { return Ok(None) };
        let posizione = self.inner.store.posizione(&ente.codice_fiscale, &riga.posizione).await?;
        Ok(posizione.map(|posizione| (ente, posizione)))
    }

    fn seal_riga(
        &self,
        ente: &Ente,
        posizione: &Posizione,
        rata: usize,
        importo: Importo,
        now: Timestamp,
    ) -> Result<Riga, PortalError> {
        let broken = || PortalError::Inconsistent(format!("option {rata} of {}", posizione.id));
        let (detail, cents) = (u8::try_from(rata).map_err(|_| broken())?, low_cents(importo));
        let expires = Some(now + CARRELLO_TTL);
        let token = self.inner.sealer.seal(Kind::Carrello, &posizione.id, detail, expires, cents).ok_or_else(broken)?;
        let (slug, posizione) = (ente.slug.to_string(), posizione.id.clone());
        Ok(Riga { testo: format!("{slug}~{token}"), slug, posizione, rata, cents })
    }
}

/// A draft becomes payable the moment it is paid.
fn pagabile(posizione: &Posizione, numero: &NumeroAvviso, oggi: Date) -> Result<(), NonPagabile> {
    match posizione.stato {
        domain::StatoPosizione::Bozza => Ok(()),
        _ => posizione.pagabile(numero, oggi).map(drop),
    }
}

/// Two amounts with the same are 42 million euro apart.
fn low_cents(importo: Importo) -> u32 {
    u32::try_from(importo.cents().rem_euclid(1 << 32)).unwrap_or_default()
}

/// Names a line without giving its token away to the page.
fn segno_of(testo: &str) -> String {
    ids::sha256_hex(testo.as_bytes()).chars().take(16).collect()
}

fn join(righe: &[Riga]) -> String {
    righe.iter().map(|riga| riga.testo.as_str()).collect::<Vec<_>>().join(".")
}
