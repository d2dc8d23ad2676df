//! A citizen looks a notice up, or its receipts: by typing, by an address that others print, by the text of its QR, and by a ticket when he had to wait. Each
//! door asks [`portal::ricerca`], and says what comes of it in the same way.

use crate::citizen::{Page, failed, let_ente, see_other, take_form};
use crate::layers::client::address_of;
use crate::render::Web;
use app::context::{EsitoFoto, FormAvviso, FormRicevute, FormState, Guasto};
use app::links;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use domain::{CodiceFiscale, CodiceFiscaleEnte, Ente, FieldError, NumeroAvviso, QrAvviso, Reason};
use portal::ricerca::{Attesa, Domanda, Porta, Ricerca, Ripresa};
use serde::Deserialize;

/// `POST /`: a notice, from the portal's home, where the ente is typed too.
pub async fn find_avviso_of(State(web): State<Web>, request: Request) -> Page {
    let (request, form) = match take_form::<FormAvviso>(request).await {
        Ok(taken) => taken,
        Err(page) => return page,
    };
    if let Ok(qr) = QrAvviso::parse(&form.numero) {
        return open_qr(&web, request, qr).await;
    }
    let numero = NumeroAvviso::parse_typed(&form.numero).map_err(|r| r.at("numero"));
    let ente = CodiceFiscaleEnte::parse(&form.codice_fiscale_ente).map_err(|r| r.at("codice_fiscale_ente"));
    match (numero, ente) {
        (Ok(numero), Ok(ente)) => {
            let domanda = Domanda { porta: Porta::Portale, ente, numero, intestatario: None };
            look_up(&web, request, domanda, Digitato::Avviso(form)).await
        }
        (numero, ente) => wrong(&web, request, form, [numero.err(), ente.err()].into_iter().flatten().collect()).await,
    }
}

/// `POST /{ente}/avviso`: a notice of this ente.
pub async fn find_avviso(State(web): State<Web>, Path(slug): Path<String>, request: Request) -> Page {
    let (request, form) = match take_form::<FormAvviso>(request).await {
        Ok(taken) => taken,
        Err(page) => return page,
    };
    if let Ok(qr) = QrAvviso::parse(&form.numero) {
        return open_qr(&web, request, qr).await;
    }
    match NumeroAvviso::parse_typed(&form.numero) {
        Ok(numero) => {
            let_ente!(web, slug, request, ente);
            look_up(&web, request, of_ente(&ente, numero), Digitato::Avviso(form)).await
        }
        Err(reason) => wrong(&web, request, form, vec![reason.at("numero")]).await,
    }
}

/// `POST /{ente}/ricevute`: receipts of a notice, for who knows whose notice it is.
pub async fn find_ricevute(State(web): State<Web>, Path(slug): Path<String>, request: Request) -> Page {
    let (request, form) = match take_form::<FormRicevute>(request).await {
        Ok(taken) => taken,
        Err(page) => return page,
    };
    let numero = NumeroAvviso::parse_typed(&form.numero).map_err(|r| r.at("numero"));
    let codice_fiscale = CodiceFiscale::parse(&form.codice_fiscale).map_err(|r| r.at("codice_fiscale"));
    match (numero, codice_fiscale) {
        (Ok(numero), Ok(codice_fiscale)) => {
            let_ente!(web, slug, request, ente);
            let ente = ente.codice_fiscale;
            let domanda = Domanda { porta: Porta::Ricevute, ente, numero, intestatario: Some(codice_fiscale) };
            look_up(&web, request, domanda, Digitato::Ricevute(form)).await
        }
        (numero, codice_fiscale) => {
            let errors = [numero.err(), codice_fiscale.err()].into_iter().flatten().collect();
            web.page_again(request, FormState { values: form, errors }, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// `GET /{ente}/avviso/{numero}`: from a QR or an e-mail; leads to an address without the number.
pub async fn enter_avviso(State(web): State<Web>, Path((slug, numero)): Path<(String, String)>, request: Request) -> Page {
    let form = FormAvviso { numero, ..FormAvviso::default() };
    match NumeroAvviso::parse_typed(&form.numero) {
        Ok(numero) => {
            let_ente!(web, slug, request, ente);
            look_up(&web, request, of_ente(&ente, numero), Digitato::Avviso(form)).await
        }
        Err(reason) => {
            let errors = vec![reason.at("numero")];
            web.page_again(request, FormState { values: form, errors }, StatusCode::NOT_FOUND).await
        }
    }
}

/// What a browser that worked has to show; without it the ticket has waited.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Credenziali {
    prova: Option<String>,
}

/// `GET /cerca/{biglietto}`: a look-up whose turn has come, or not yet.
pub async fn riprendi(State(web): State<Web>, Path(biglietto): Path<String>, mut request: Request) -> Page {
    let Credenziali { prova } = Query::try_from_uri(request.uri()).map_or_else(|_| Credenziali::default(), |Query(read)| read);
    let address = address_of(&web.proxies, &request);
    let (domanda, ricerca) = match web.portal.riprendi(address, &biglietto, prova.as_deref()).await {
        Ok(Ripresa::Ecco(domanda, ricerca)) => (domanda, ricerca),
        Ok(Ripresa::Scaduta) => return web.page_again(request, Guasto(StatusCode::GONE), StatusCode::GONE).await,
        Err(error) => return failed(&web, request, &error).await,
    };
    let mut form = FormAvviso { numero: domanda.numero.to_string(), ..FormAvviso::default() };
    let person = domanda.intestatario.as_ref().map_or("", |person| person.as_str()).to_owned();
    if let Ricerca::Niente = ricerca {
        // told at the door where it was asked
        let door = match domanda.porta {
            Porta::Portale => {
                form.codice_fiscale_ente = domanda.ente.to_string();
                links::home()
            }
            door @ (Porta::Ente | Porta::Ricevute) => match web.portal.ente_of(&domanda.ente).await {
                Ok(Some(ente)) if door == Porta::Ricevute => links::ricevute(&ente.slug),
                Ok(Some(ente)) => links::cerca_avviso(&ente.slug),
                Ok(None) => links::home(),
                Err(error) => return failed(&web, request, &error).await,
            },
        };
        move_to(&mut request, &door);
    }
    let typed = match domanda.porta {
        Porta::Ricevute => Digitato::Ricevute(FormRicevute { numero: form.numero, codice_fiscale: person }),
        Porta::Portale | Porta::Ente => Digitato::Avviso(form),
    };
    answer(&web, request, typed, ricerca).await
}

/// The text of a notice's QR, from a picture, a camera or the clipboard: it names its ente itself.
pub(crate) async fn open_qr(web: &Web, mut request: Request, qr: QrAvviso) -> Page {
    match web.portal.ente_of(&qr.ente).await {
        Ok(Some(ente)) => {
            move_to(&mut request, &links::cerca_avviso(&ente.slug));
            let form = FormAvviso { numero: qr.numero.to_string(), ..FormAvviso::default() };
            look_up(web, request, of_ente(&ente, qr.numero), Digitato::Avviso(form)).await
        }
        Ok(None) => {
            let elsewhere = EsitoFoto::AltroEnte { ente: qr.ente, numero: qr.numero };
            web.page_again(request, elsewhere, StatusCode::NOT_FOUND).await
        }
        Err(error) => failed(web, request, &error).await,
    }
}

/// Another page is shown in answer; its language stays.
pub(crate) fn move_to(request: &mut Request, path: &str) {
    if let Ok(uri) = path.parse() {
        *request.uri_mut() = uri;
    }
}

/// Too many, of whatever is counted: come again in so many seconds.
pub(crate) async fn too_many(web: &Web, request: Request, seconds: u32) -> Page {
    let status = StatusCode::TOO_MANY_REQUESTS;
    later(web.page_again(request, Guasto(status), status).await, seconds)
}

fn of_ente(ente: &Ente, numero: NumeroAvviso) -> Domanda {
    Domanda { porta: Porta::Ente, ente: ente.codice_fiscale.clone(), numero, intestatario: None }
}

/// The form of the door where it was asked, to be shown again.
enum Digitato {
    Avviso(FormAvviso),
    Ricevute(FormRicevute),
}

async fn look_up(web: &Web, request: Request, domanda: Domanda, typed: Digitato) -> Page {
    match web.portal.cerca(address_of(&web.proxies, &request), &domanda).await {
        Ok(ricerca) => answer(web, request, typed, ricerca).await,
        Err(error) => failed(web, request, &error).await,
    }
}

async fn answer(web: &Web, request: Request, typed: Digitato, ricerca: Ricerca) -> Page {
    match (ricerca, typed) {
        (Ricerca::Trovato(ente, token), Digitato::Avviso(_)) => see_other(&links::avviso(&ente.slug, &token)),
        (Ricerca::Trovato(ente, token), Digitato::Ricevute(_)) => see_other(&links::ricevuta(&ente.slug, &token)),
        // one answer for every kind of miss
        (Ricerca::Niente, Digitato::Avviso(values)) => {
            let errors = vec![Reason::NotFound.at("numero")];
            web.page_again(request, FormState { values, errors }, StatusCode::NOT_FOUND).await
        }
        // whatever it was: no such notice, not paid, somebody else's
        (Ricerca::Niente, Digitato::Ricevute(values)) => {
            let errors = vec![Reason::NotFound.at(FormRicevute::RICERCA)];
            web.page_again(request, FormState { values, errors }, StatusCode::NOT_FOUND).await
        }
        (Ricerca::Aspetta(attesa), _) => wait(web, request, attesa).await,
    }
}

async fn wait(web: &Web, request: Request, attesa: Attesa) -> Page {
    let seconds = attesa.secondi;
    later(web.page_again(request, attesa, StatusCode::TOO_MANY_REQUESTS).await, seconds)
}

fn later(mut page: Page, seconds: u32) -> Page {
    page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    page
}

async fn wrong(web: &Web, request: Request, form: FormAvviso, errors: Vec<FieldError>) -> Page {
    web.page_again(request, FormState { values: form, errors }, StatusCode::UNPROCESSABLE_ENTITY).await
}
