//! `POST /leggi-codice`: the picture of a notice, from a form that works without scripts; on a phone that is its camera. Its QR is looked
//! up as if it were typed. Nothing of the picture is kept, and nothing that it says of itself (name, type) is believed.

use crate::citizen::{Page, failed};
use crate::layers::client::address_of;
use crate::render::Web;
use crate::ricerca::{move_to, open_qr, too_many};
use app::context::{EsitoFoto, Guasto};
use app::links;
use axum::body::Body;
use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect};
use domain::Slug;
use portal::foto::Foto;
use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Phones make 2 to 6 MB, with 50 megapixels some 15.
const FOTO_MAX: usize = 12 * 1024 * 1024;
/// With the frame of the form around it.
pub const BODY_MAX: usize = FOTO_MAX + 64 * 1024;
/// Pictures that are being received, in memory: so many times [`BODY_MAX`] at the most.
const AT_ONCE: usize = 8;
/// When all places are taken: a picture takes about so long.
const RETRY_SECONDS: u32 = 10;
/// Of the form's other field: the name of an ente.
const SLUG_MAX: usize = 60;

/// Who is sending a picture. One at a time from one address: the next one waits for its answer.
#[derive(Clone, Debug)]
pub(crate) struct Invii {
    places: Arc<Semaphore>,
    here: Arc<Mutex<HashSet<IpAddr>>>,
}

impl Default for Invii {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(AT_ONCE)), here: Arc::default() }
    }
}

/// Somebody who is sending; until it is dropped.
struct Invio<'a> {
    _place: SemaphorePermit<'a>,
    invii: &'a Invii,
    address: IpAddr,
}

impl Invii {
    fn enter(&self, address: IpAddr) -> Option<Invio<'_>> {
        let place = self.places.try_acquire().ok()?;
        let new = self.here.lock().unwrap_or_else(PoisonError::into_inner).insert(address);
        new.then(|| Invio { _place: place, invii: self, address })
    }
}

impl Drop for Invio<'_> {
    fn drop(&mut self) {
        self.invii.here.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.address);
    }
}

/// `GET /leggi-codice`: the answer to a picture that is loaded again as an address.
pub async fn back() -> Page {
    Redirect::to(&links::home()).into_response()
}

pub async fn leggi_codice(State(web): State<Web>, request: Request) -> Page {
    let address = address_of(&web.proxies, &request);
    let (parts, body) = request.into_parts();
    let mut again = Request::from_parts(parts.clone(), Body::empty());
    move_to(&mut again, &links::home());
    if let Err(seconds) = web.portal.may_send_foto(address) {
        return too_many(&web, again, seconds).await;
    }
    let Some(_invio) = web.invii.enter(address) else {
        return too_many(&web, again, RETRY_SECONDS).await;
    };
    let sent = match receive(Request::from_parts(parts, body)).await {
        Ok(sent) => sent,
        Err(status) => return web.page_again(again, Guasto(status), status).await,
    };
    if let Some(slug) = &sent.ente {
        move_to(&mut again, &links::cerca_avviso(slug));
    }
    if sent.foto.is_empty() {
        return refused(&web, again, EsitoFoto::Mancante).await;
    }
    match web.portal.leggi_foto(sent.foto).await {
        Ok(Foto::Avviso(qr)) => open_qr(&web, again, qr).await,
        Ok(Foto::AltroQr) => refused(&web, again, EsitoFoto::AltroQr).await,
        Ok(Foto::SenzaQr) => refused(&web, again, EsitoFoto::SenzaQr).await,
        Ok(Foto::NonLeggibile) => refused(&web, again, EsitoFoto::NonLeggibile).await,
        Ok(Foto::TroppoGrande) => refused(&web, again, EsitoFoto::TroppoGrande).await,
        Ok(Foto::Occupato) => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            let mut page = web.page_again(again, Guasto(status), status).await;
            page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_SECONDS));
            page
        }
        Err(error) => failed(&web, again, &error).await,
    }
}

async fn refused(web: &Web, request: Request, esito: EsitoFoto) -> Page {
    web.page_again(request, esito, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// What the form brought.
#[derive(Default)]
struct Inviato {
    foto: Vec<u8>,
    /// On whose page it stood.
    ente: Option<Slug>,
}

/// Reads the form as it comes, each field within its bound; what else is in it is passed over.
async fn receive(request: Request) -> Result<Inviato, StatusCode> {
    let unreadable = StatusCode::BAD_REQUEST;
    let mut form = Multipart::from_request(request, &()).await.map_err(|rejection| rejection.status())?;
    let mut sent = Inviato::default();
    while let Some(mut field) = form.next_field().await.map_err(|error| error.status())? {
        let name = field.name().unwrap_or_default().to_owned();
        let max = match name.as_str() {
            "foto" => FOTO_MAX,
            "ente" => SLUG_MAX,
            _ => continue,
        };
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(|error| error.status())? {
            if bytes.len() + chunk.len() > max {
                return Err(StatusCode::PAYLOAD_TOO_LARGE);
            }
            bytes.extend_from_slice(&chunk);
        }
        if name == "foto" {
            sent.foto = bytes;
        } else {
            let text = String::from_utf8(bytes).map_err(|_| unreadable)?;
            sent.ente = Slug::parse(&text).ok();
        }
    }
    Ok(sent)
}
