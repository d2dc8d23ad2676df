//! The cart, and a draft that is taken up again: their POSTs, and the way back from Checkout.

use crate::citizen::{Page, depart, failed, see_other, take_form, with_cookie};
use crate::layers::lingua::lingua;
use crate::render::Web;
use app::context::{Avvertenza, Rimandata, SegnoRitorno};
use app::cookies::Cookie;
use app::links;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, Uri};
use domain::EsitoDichiarato;
use portal::carrello::Aggiunta;
use portal::pagamento::{FormPaga, Partenza, ProblemaCheckout, Ritorno};
use serde::Deserialize;

/// What the address of "Aggiungi al carrello" ends with, after that of its page.
const CODA: &str = "/carrello";

/// `POST /{ente}/avviso/v/{token}/carrello` and `POST /{ente}/riepilogo/{token}/carrello`: into the cart.
pub async fn aggiungi(State(web): State<Web>, Path((slug, token)): Path<(String, String)>, request: Request) -> Page {
    let (mut request, form) = match take_form::<FormPaga>(request).await {
        Ok(taken) => taken,
        Err(page) => return page,
    };
    // what goes wrong is told on the page the button stands on
    let page = request.uri().path().strip_suffix(CODA).and_then(|path| path.parse::<Uri>().ok());
    if let Some(page) = page {
        *request.uri_mut() = page;
    }
    let ente = match web.portal.ente(&slug).await {
        Ok(Some(ente)) => ente,
        Ok(None) => return web.page_again(request, (), StatusCode::NOT_FOUND).await,
        Err(error) => return failed(&web, request, &error).await,
    };
    let kept = Cookie::Carrello.read(&web.portal, request.headers()).unwrap_or_default();
    let warning = match web.portal.aggiungi_al_carrello(&ente, &token, form.rata.parse().ok(), &kept).await {
        Ok(Aggiunta::Fatto(kept)) => return with_cookie(&web.portal, see_other(&links::carrello()), Cookie::Carrello, &kept),
        Ok(Aggiunta::Scaduto | Aggiunta::NonTrovato) => return web.page_again(request, (), StatusCode::OK).await,
        Ok(Aggiunta::Pieno) => Avvertenza::CarrelloPieno,
        Ok(Aggiunta::GiaPresente) => Avvertenza::GiaNelCarrello,
        Ok(Aggiunta::Alternativa) => Avvertenza::Alternative,
        Ok(Aggiunta::NonPagabile(reason)) => Avvertenza::NonPagabile(reason),
        Err(error) => return failed(&web, request, &error).await,
    };
    web.page_again(request, warning, StatusCode::CONFLICT).await
}

/// What "Togli" sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct FormTogli {
    voce: String,
}

/// `POST /carrello/togli`: out of the cart.
pub async fn togli(State(web): State<Web>, request: Request) -> Page {
    let (request, form) = match take_form::<FormTogli>(request).await {
        Ok(taken) => taken,
        Err(page) => return page,
    };
    let kept = Cookie::Carrello.read(&web.portal, request.headers()).unwrap_or_default();
    let left = web.portal.togli_dal_carrello(&kept, &form.voce);
    with_cookie(&web.portal, see_other(&links::carrello()), Cookie::Carrello, &left)
}

/// `POST /carrello`: "Paga ora".
pub async fn paga(State(web): State<Web>, request: Request) -> Page {
    let (request, form) = match take_form::<FormPaga>(request).await {
        Ok(taken) => taken,
        Err(page) => return page,
    };
    let kept = Cookie::Carrello.read(&web.portal, request.headers()).unwrap_or_default();
    let sessione = Cookie::Sessione.read(&web.portal, request.headers());
    let partenza = web.portal.paga_carrello(&kept, sessione.as_deref(), lingua(&request), &form).await;
    if let Ok(Partenza::CheckoutNo(ProblemaCheckout::Rifiutato)) = partenza {
        // the reason is of the whole cart: what Checkout says of it is for the operator
        let again = Rimandata { avvertenza: Avvertenza::CarrelloRifiutato, form };
        return web.page_again(request, again, StatusCode::CONFLICT).await;
    }
    depart(&web, request, form, partenza).await
}

/// `GET /carrello/ritorno/{token}`: back from Checkout with a cart. What was paid is in it no longer; else one can try again.
pub async fn come_back(State(web): State<Web>, Path(token): Path<String>, request: Request) -> Page {
    let sessione = Cookie::Sessione.read(&web.portal, request.headers());
    match web.portal.ritorna_carrello(&token, sessione.as_deref()).await {
        Ok((Ritorno::Esito(token), dichiarato)) => {
            let response = see_other(&links::esito_carrello(&token));
            match dichiarato {
                Some(EsitoDichiarato::Ok | EsitoDichiarato::Attesa) => with_cookie(&web.portal, response, Cookie::Carrello, ""),
                _ => response,
            }
        }
        Ok((Ritorno::GiaUsato, _)) => web.page_again(request, SegnoRitorno::GiaUsato, StatusCode::GONE).await,
        Ok((Ritorno::NonTrovato, _)) => web.page_again(request, (), StatusCode::NOT_FOUND).await,
        Err(error) => failed(&web, request, &error).await,
    }
}

/// What "Riprendi" and "Non sono io" send.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct FormRiprendi {
    azione: String,
}

/// `POST /riprendi`: the draft that the browser keeps.
pub async fn riprendi(State(web): State<Web>, request: Request) -> Page {
    let (request, form) = match take_form::<FormRiprendi>(request).await {
        Ok(taken) => taken,
        Err(page) => return page,
    };
    let kept = Cookie::Ripresa.read(&web.portal, request.headers()).unwrap_or_default();
    if form.azione == "elimina" {
        return match web.portal.elimina_ripresa(&kept).await {
            Ok(()) => with_cookie(&web.portal, see_other(&links::home()), Cookie::Ripresa, ""),
            Err(error) => failed(&web, request, &error).await,
        };
    }
    match web.portal.riprendi_bozza(&kept).await {
        Ok(Some((ente, token))) => see_other(&links::riepilogo(&ente.slug, &token)),
        // paid or thrown away meanwhile, or past its time
        Ok(None) => with_cookie(&web.portal, see_other(&links::home()), Cookie::Ripresa, ""),
        Err(error) => failed(&web, request, &error).await,
    }
}
