//! What can be called: v1 under `/gpd/debt-positions-service/v1` and, for stand-in, `/aca/debt-positions-service/v1`; v3 for GPD alone.

use super::archivio::{Archivio, Prodotto};
use super::posizione::{Pagata, Posizione};
use super::{Errore, wire};
use crate::Sandbox;
use crate::problem::Problem;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::Timestamp;
use jiff::civil::Date;
use nodo::gpd::v3::{PaymentPositionModelV3, PaymentPositionResponseV3};
use nodo::gpd::{
    Azione, PageInfo, PaymentOptionResponse, PaymentPositionModel, PaymentPositionResponse, PaymentPositionsInfo, StatoGpd,
};
use nodo::rest::json::{instant, roman};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// A position of 100 instalments with five transfers each is about 250 KB.
const BODY_MAX: usize = 1024 * 1024;
/// `limit`: `maximum` 50.
const LIMIT_MAX: u32 = 50;
/// `max.days.interval` of pagopa-debt-position.
const DAYS_MAX: i32 = 30;

/// Which service was called.
#[derive(Clone, Debug)]
struct Lato {
    prodotto: Prodotto,
    sandbox: Arc<Sandbox>,
}

impl Lato {
    fn archivio(&self) -> &Archivio {
        &self.sandbox.gpd
    }

    fn now(&self) -> Timestamp {
        self.sandbox.now()
    }
}

type Answer<T> = Result<Json<T>, Problem>;
type Made<T> = Result<(StatusCode, Json<T>), Problem>;
type Body<T> = Result<Json<T>, JsonRejection>;

/// The paths after `…/v1` and, for GPD, `…/v3`.
pub(crate) fn router(sandbox: &Arc<Sandbox>) -> Router {
    let lato = |prodotto| Lato { prodotto, sandbox: Arc::clone(sandbox) };
    let v1 = Router::new()
        .route("/organizations/{ente}/debtpositions", get(list).post(create))
        .route("/organizations/{ente}/debtpositions/{iupd}", get(read).put(update).delete(delete))
        .route("/organizations/{ente}/debtpositions/{iupd}/publish", post(publish))
        .route("/organizations/{ente}/debtpositions/{iupd}/invalidate", post(invalidate))
        .route("/organizations/{ente}/paymentoptions/paids/{nav}", post(mark_paid));
    let v3 = Router::new()
        .route("/organizations/{ente}/debtpositions", post(create_v3))
        .route("/organizations/{ente}/debtpositions/{iupd}", get(read_v3).put(update_v3).delete(delete))
        .route("/organizations/{ente}/debtpositions/{iupd}/publish", post(publish_v3));
    Router::new()
        .nest("/gpd/debt-positions-service/v1", v1.clone().with_state(lato(Prodotto::Gpd)))
        .nest("/gpd/debt-positions-service/v3", v3.with_state(lato(Prodotto::Gpd)))
        .nest("/aca/debt-positions-service/v1", v1.with_state(lato(Prodotto::Aca)))
        .layer(DefaultBodyLimit::max(BODY_MAX))
}

#[derive(Deserialize)]
struct ToPublish {
    #[serde(rename = "toPublish", default)]
    to_publish: bool,
}

async fn create(
    State(lato): State<Lato>,
    Path(ente): Path<String>,
    Query(query): Query<ToPublish>,
    body: Body<PaymentPositionModel>,
) -> Made<PaymentPositionModel> {
    let (Json(model), now) = (body?, lato.now());
    let made = wire::from_v1(model, &ente, now, Azione::Crea);
    Ok((StatusCode::CREATED, Json(wire::to_model(&make(&lato, made, &ente, query.to_publish, now)?))))
}

async fn create_v3(
    State(lato): State<Lato>,
    Path(ente): Path<String>,
    Query(query): Query<ToPublish>,
    body: Body<PaymentPositionModelV3>,
) -> Made<PaymentPositionModelV3> {
    let (Json(model), now) = (body?, lato.now());
    let made = wire::from_v3(&model, &ente, now, Azione::Crea);
    Ok((StatusCode::CREATED, Json(wire::to_model_v3(&make(&lato, made, &ente, query.to_publish, now)?))))
}

fn make(lato: &Lato, made: Result<Posizione, Errore>, ente: &str, publish: bool, now: Timestamp) -> Result<Posizione, Problem> {
    let made = made.map(|mut posizione| {
        if publish {
            posizione.make_public(now);
        }
        posizione
    });
    made.and_then(|posizione| lato.archivio().create(lato.prodotto, posizione.clone()).map(|()| posizione))
        .map_err(|errore| errore.problem(ente, ""))
}

async fn update(
    State(lato): State<Lato>,
    Path((ente, iupd)): Path<(String, String)>,
    Query(query): Query<ToPublish>,
    body: Body<PaymentPositionModel>,
) -> Answer<PaymentPositionModel> {
    let (Json(model), now) = (body?, lato.now());
    let changed = there(&lato, &ente, &iupd, &model.iupd)
        .and_then(|()| wire::from_v1(model, &ente, now, Azione::Aggiorna))
        .and_then(|new| lato.archivio().replace(lato.prodotto, new, query.to_publish, now));
    changed.map(|p| Json(wire::to_model(&p))).map_err(|e| e.problem(&ente, &iupd))
}

async fn update_v3(
    State(lato): State<Lato>,
    Path((ente, iupd)): Path<(String, String)>,
    Query(query): Query<ToPublish>,
    body: Body<PaymentPositionModelV3>,
) -> Answer<PaymentPositionModelV3> {
    let (Json(model), now) = (body?, lato.now());
    let changed = there(&lato, &ente, &iupd, &model.iupd)
        .and_then(|()| wire::from_v3(&model, &ente, now, Azione::Aggiorna))
        .and_then(|new| lato.archivio().replace(lato.prodotto, new, query.to_publish, now));
    changed.map(|p| Json(wire::to_model_v3(&p))).map_err(|e| e.problem(&ente, &iupd))
}

/// Before the body is judged: is there something to update, and may it be?
fn there(lato: &Lato, ente: &str, iupd: &str, in_body: &str) -> Result<(), Errore> {
    if iupd != in_body {
        return Err(Errore::RequestData("the iupd of the address is not the one of the body".to_owned()));
    }
    let now = lato.now();
    lato.archivio().change((lato.prodotto, ente, iupd), |p| {
        p.refresh(now);
        if p.stato.is_updatable() { Ok(()) } else { Err(Errore::NotUpdatable) }
    })
}

async fn read(State(lato): State<Lato>, Path((ente, iupd)): Path<(String, String)>) -> Answer<PaymentPositionResponse> {
    let now = lato.now();
    let read = lato.archivio().change((lato.prodotto, &ente, &iupd), |p| {
        p.refresh(now);
        wire::to_v1(p)
    });
    read.map(Json).map_err(|e| e.problem(&ente, &iupd))
}

async fn read_v3(State(lato): State<Lato>, Path((ente, iupd)): Path<(String, String)>) -> Answer<PaymentPositionResponseV3> {
    let now = lato.now();
    let read = lato.archivio().change((lato.prodotto, &ente, &iupd), |p| {
        p.refresh(now);
        Ok(wire::to_v3(p, now))
    });
    read.map(Json).map_err(|e| e.problem(&ente, &iupd))
}

async fn delete(State(lato): State<Lato>, Path((ente, iupd)): Path<(String, String)>) -> Answer<&'static str> {
    let deleted = lato.archivio().delete(lato.prodotto, &ente, &iupd);
    deleted.map(|()| Json("Debt position deleted")).map_err(|e| e.problem(&ente, &iupd))
}

async fn publish(State(lato): State<Lato>, Path((ente, iupd)): Path<(String, String)>) -> Answer<PaymentPositionModel> {
    step(&lato, &ente, &iupd, Posizione::publish).map(|p| Json(wire::to_model(&p)))
}

async fn publish_v3(State(lato): State<Lato>, Path((ente, iupd)): Path<(String, String)>) -> Answer<PaymentPositionModelV3> {
    step(&lato, &ente, &iupd, Posizione::publish).map(|p| Json(wire::to_model_v3(&p)))
}

async fn invalidate(State(lato): State<Lato>, Path((ente, iupd)): Path<(String, String)>) -> Answer<PaymentPositionModel> {
    step(&lato, &ente, &iupd, Posizione::invalidate).map(|p| Json(wire::to_model(&p)))
}

fn step(
    lato: &Lato,
    ente: &str,
    iupd: &str,
    step: fn(&mut Posizione, Timestamp) -> Result<(), Errore>,
) -> Result<Posizione, Problem> {
    let now = lato.now();
    let done = lato.archivio().change((lato.prodotto, ente, iupd), |p| step(p, now).map(|()| p.clone()));
    done.map_err(|e| e.problem(ente, iupd))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AlreadyPaid {
    payment_date: Option<String>,
}

async fn mark_paid(
    State(lato): State<Lato>,
    Path((ente, nav)): Path<(String, String)>,
    body: Body<AlreadyPaid>,
) -> Answer<PaymentOptionResponse> {
    let Json(AlreadyPaid { payment_date }) = body?;
    let when = match payment_date.as_deref().map(instant) {
        Some(None) => return Err(Problem::malformed("paymentDate: not a date-time")),
        Some(Some(when)) => when,
        None => lato.now(),
    };
    let paid = lato.archivio().pay(lato.prodotto, &ente, &nav, Pagata { when, receipt_id: None });
    let (posizione, index) = paid.map_err(|e| e.problem(&ente, &nav))?;
    Ok(Json(wire::to_option(&ente, &posizione.opzioni[index])))
}

#[derive(Deserialize)]
struct Filtro {
    limit: Option<u32>,
    page: Option<u32>,
    due_date_from: Option<Date>,
    due_date_to: Option<Date>,
    status: Option<StatoGpd>,
    ordering: Option<Verso>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Verso {
    Asc,
    Desc,
}

async fn list(
    State(lato): State<Lato>,
    Path(ente): Path<String>,
    query: Result<Query<Filtro>, QueryRejection>,
) -> Answer<PaymentPositionsInfo> {
    let Query(filtro) = query.map_err(|rejection| Problem::malformed(rejection.body_text()))?;
    let limit = filtro.limit.unwrap_or(10);
    if limit == 0 || limit > LIMIT_MAX {
        return Err(Problem::malformed(format!("limit: 1 to {LIMIT_MAX}")));
    }
    let (from, to) = interval(&filtro).map_err(|e| e.problem(&ente, ""))?;
    let due = |p: &Posizione| {
        let mut days = p.opzioni.iter().filter_map(|o| roman(o.due)).map(|d| d.date());
        (from.is_none() && to.is_none()) || days.any(|d| from.is_none_or(|f| d >= f) && to.is_none_or(|t| d <= t))
    };
    let mut found = lato.archivio().list(lato.prodotto, &ente, lato.now());
    found.retain(|p| filtro.status.is_none_or(|s| s == p.stato) && due(p));
    if filtro.ordering != Some(Verso::Asc) {
        found.reverse();
    }
    let page = filtro.page.unwrap_or(0);
    let per_page = usize::try_from(limit).unwrap_or(usize::MAX);
    let total_pages = u32::try_from(found.len().div_ceil(per_page)).unwrap_or(u32::MAX);
    let skip = usize::try_from(page).unwrap_or(usize::MAX).saturating_mul(per_page);
    // what v1 cannot say is not in its lists
    let page_of: Vec<_> = found.iter().skip(skip).take(per_page).filter_map(|p| wire::to_v1(p).ok()).collect();
    let items_found = u32::try_from(page_of.len()).unwrap_or(u32::MAX);
    Ok(Json(PaymentPositionsInfo {
        payment_position_list: page_of,
        page_info: PageInfo { page, limit, items_found, total_pages },
    }))
}

/// One bound given means thirty days to the other side of it (`checkDatesInterval`).
fn interval(filtro: &Filtro) -> Result<(Option<Date>, Option<Date>), Errore> {
    let days = |n: i32| jiff::Span::new().days(n);
    let (from, to) = match (filtro.due_date_from, filtro.due_date_to) {
        (Some(from), None) => (Some(from), from.checked_add(days(DAYS_MAX)).ok()),
        (None, Some(to)) => (to.checked_sub(days(DAYS_MAX)).ok(), Some(to)),
        both => both,
    };
    match (from, to) {
        (Some(from), Some(to)) if from > to || from.until(to).map_or(i32::MAX, |s| s.get_days()) > DAYS_MAX => {
            Err(Errore::NotRecoverable)
        }
        both => Ok(both),
    }
}

/// `GET /gpd/stato`: everything this GPD and this ACA hold, for tests and whoever trains.
pub(crate) async fn stato(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    let option = |o: &super::posizione::Opzione| {
        json!({
            "nav": o.nav, "importo_cents": o.amount, "stato": o.stato, "piano": if o.partial { "rate" } else { "unica" },
            "receipt_id": o.pagamento.as_ref().and_then(|p| p.receipt_id.as_ref()), "fdr": o.fdr,
        })
    };
    let all = sandbox.gpd.all(sandbox.now());
    let posizioni = all.iter().map(|(prodotto, p)| {
        json!({
            "prodotto": prodotto.name(), "codice_fiscale_ente": p.ente, "iupd": p.iupd, "stato": p.stato,
            "opzioni": p.opzioni.iter().map(option).collect::<Vec<_>>(),
        })
    });
    Json(json!({ "posizioni": posizioni.collect::<Vec<_>>() }))
}
