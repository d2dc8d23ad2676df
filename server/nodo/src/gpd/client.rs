//! The calls to GPD, v1 and v3.

use super::lettura::{self, Pagina, PosizioneLetta, RataLetta};
use super::model::PaymentPositionModel;
use super::v3::{PaymentPositionModelV3, PosizioneV3, StatoV3};
use super::{StatoGpd, v3};
use crate::rest::{Answer, Body, Budget, Call, Client, Clock, Method, Peer, PeerError};
use domain::{CodiceFiscaleEnte, NumeroAvviso};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::json;

/// `limit` has `maximum` 50.
const LIMIT_MAX: u32 = 50;

/// GPD v1: `…/gpd/debt-positions-service/v1`.
#[derive(Clone, Debug)]
pub struct Gpd(Client);

/// GPD v3: `…/gpd/debt-positions-service/v3`. It has no `invalidate`: a position is withdrawn by DELETE.
#[derive(Clone, Debug)]
pub struct GpdV3(Client);

/// Which positions to list. An interval of more than 30 days is answered 400 (`DEBT_POSITION_NOT_RECOVERABLE`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Elenco {
    /// Of the due date, both included.
    pub scadenza_da: Option<Date>,
    pub scadenza_a: Option<Date>,
    pub stato: Option<StatoGpd>,
    /// From 0.
    pub pagina: u32,
}

/// Of the positions GPD sends back after a change, all that counts.
#[derive(Deserialize)]
struct Stated<S> {
    status: S,
}

fn stated<S: for<'de> Deserialize<'de>>(body: &[u8]) -> Result<S, &'static str> {
    serde_json::from_slice(body).map(|Stated { status }| status).map_err(|_| "a position without a status we know")
}

/// `toPublish`: a draft needs a second call to become payable.
fn to_publish(publish: bool) -> [(&'static str, String); 1] {
    [("toPublish", publish.to_string())]
}

impl Gpd {
    /// # Errors
    /// See [`PeerError`].
    pub fn new(peer: &Peer, clock: Clock) -> Result<Self, PeerError> {
        Client::new("GPD", peer, clock).map(Self)
    }

    /// The same service under the name it has for stand-in.
    pub(crate) fn named(name: &'static str, peer: &Peer, clock: Clock) -> Result<Self, PeerError> {
        Client::new(name, peer, clock).map(Self)
    }

    /// `None` when calls go through; see [`Client::resting`].
    pub fn resting(&self) -> Option<std::time::Duration> {
        self.0.resting()
    }

    /// 409 when the iupd or one of the IUVs is taken: after an [`Unknown`](crate::rest::Outcome::Unknown) that is good news.
    pub async fn create(&self, ente: &CodiceFiscaleEnte, position: &PaymentPositionModel, publish: bool) -> Answer<StatoGpd> {
        let path = ["organizations", ente.as_str(), "debtpositions"];
        let call = Call {
            method: Method::Post,
            query: &to_publish(publish),
            body: Some(Body::json(position)),
            reference: Some(&position.iupd),
            expect: 201,
            ..Call::get("createPosition", &path)
        };
        self.0.send(call, |r| stated(r.body)).await
    }

    /// The whole position anew: options that are missing are withdrawn. 409 unless [`StatoGpd::is_updatable`].
    pub async fn update(&self, ente: &CodiceFiscaleEnte, position: &PaymentPositionModel, publish: bool) -> Answer<StatoGpd> {
        let path = ["organizations", ente.as_str(), "debtpositions", &position.iupd];
        let call = Call {
            method: Method::Put,
            query: &to_publish(publish),
            body: Some(Body::json(position)),
            reference: Some(&position.iupd),
            ..Call::get("updatePosition", &path)
        };
        self.0.send(call, |r| stated(r.body)).await
    }

    /// DRAFT → PUBLISHED or VALID.
    pub async fn publish(&self, ente: &CodiceFiscaleEnte, iupd: &str) -> Answer<StatoGpd> {
        self.act("publishPosition", ente, iupd, "publish").await
    }

    /// PUBLISHED, VALID → INVALID. See [`StatoGpd::chiusura`] for the other states.
    pub async fn invalidate(&self, ente: &CodiceFiscaleEnte, iupd: &str) -> Answer<StatoGpd> {
        self.act("invalidatePosition", ente, iupd, "invalidate").await
    }

    async fn act(&self, operation: &'static str, ente: &CodiceFiscaleEnte, iupd: &str, verb: &str) -> Answer<StatoGpd> {
        let path = ["organizations", ente.as_str(), "debtpositions", iupd, verb];
        let call = Call { method: Method::Post, reference: Some(iupd), ..Call::get(operation, &path) };
        self.0.send(call, |r| stated(r.body)).await
    }

    /// 404 when it is not there: whoever wants it gone is content with that too.
    pub async fn delete(&self, ente: &CodiceFiscaleEnte, iupd: &str) -> Answer<()> {
        delete(&self.0, ente, iupd).await
    }

    pub async fn read(&self, ente: &CodiceFiscaleEnte, iupd: &str) -> Answer<PosizioneLetta> {
        let path = ["organizations", ente.as_str(), "debtpositions", iupd];
        let call = Call { reference: Some(iupd), ..Call::get("getOrganizationDebtPositionByIUPD", &path) };
        self.0.send(call, |r| lettura::read_position(r.body)).await
    }

    /// A page of positions, fifty at a time, oldest first: what is new meanwhile comes at the end.
    pub async fn list(&self, ente: &CodiceFiscaleEnte, elenco: Elenco) -> Answer<Pagina> {
        let mut query = vec![
            ("limit", LIMIT_MAX.to_string()),
            ("page", elenco.pagina.to_string()),
            ("orderby", "INSERTED_DATE".to_owned()),
            ("ordering", "ASC".to_owned()),
        ];
        for (name, date) in [("due_date_from", elenco.scadenza_da), ("due_date_to", elenco.scadenza_a)] {
            query.extend(date.map(|d| (name, d.to_string())));
        }
        let stato = elenco.stato.and_then(|s| serde_json::to_value(s).ok()?.as_str().map(str::to_owned));
        query.extend(stato.map(|s| ("status", s)));
        let path = ["organizations", ente.as_str(), "debtpositions"];
        // fifty positions of up to 250 KB each
        let call = Call { query: &query, budget: Budget::FLOW, ..Call::get("getOrganizationDebtPositions", &path) };
        self.0.send(call, |r| lettura::read_page(r.body)).await
    }

    /// Paid elsewhere (at the ente's own desk): 409 when it was paid already, 422 when it cannot be paid.
    pub async fn mark_paid(&self, ente: &CodiceFiscaleEnte, numero: &NumeroAvviso, when: Timestamp) -> Answer<RataLetta> {
        let path = ["organizations", ente.as_str(), "paymentoptions", "paids", numero.as_str()];
        let call = Call {
            method: Method::Post,
            body: Some(Body::json(&json!({ "paymentDate": format!("{when:.0}") }))),
            reference: Some(numero.as_str()),
            ..Call::get("setPaymentOptionAsAlreadyPaid", &path)
        };
        self.0.send(call, |r| serde_json::from_slice(r.body).map_err(|_| "not an option").and_then(lettura::read_option)).await
    }
}

impl GpdV3 {
    /// # Errors
    /// See [`PeerError`].
    pub fn new(peer: &Peer, clock: Clock) -> Result<Self, PeerError> {
        Client::new("GPD_V3", peer, clock).map(Self)
    }

    /// As [`Gpd::create`].
    pub async fn create(&self, ente: &CodiceFiscaleEnte, position: &PaymentPositionModelV3, publish: bool) -> Answer<StatoV3> {
        let path = ["organizations", ente.as_str(), "debtpositions"];
        let call = Call {
            method: Method::Post,
            query: &to_publish(publish),
            body: Some(Body::json(position)),
            reference: Some(&position.iupd),
            expect: 201,
            ..Call::get("createPosition", &path)
        };
        self.0.send(call, |r| stated(r.body)).await
    }

    /// As [`Gpd::update`].
    pub async fn update(&self, ente: &CodiceFiscaleEnte, position: &PaymentPositionModelV3, publish: bool) -> Answer<StatoV3> {
        let path = ["organizations", ente.as_str(), "debtpositions", &position.iupd];
        let call = Call {
            method: Method::Put,
            query: &to_publish(publish),
            body: Some(Body::json(position)),
            reference: Some(&position.iupd),
            ..Call::get("updatePosition", &path)
        };
        self.0.send(call, |r| stated(r.body)).await
    }

    /// DRAFT → PUBLISHED or VALID.
    pub async fn publish(&self, ente: &CodiceFiscaleEnte, iupd: &str) -> Answer<StatoV3> {
        let path = ["organizations", ente.as_str(), "debtpositions", iupd, "publish"];
        let call = Call { method: Method::Post, reference: Some(iupd), ..Call::get("publishPosition", &path) };
        self.0.send(call, |r| stated(r.body)).await
    }

    /// As [`Gpd::delete`].
    pub async fn delete(&self, ente: &CodiceFiscaleEnte, iupd: &str) -> Answer<()> {
        delete(&self.0, ente, iupd).await
    }

    pub async fn read(&self, ente: &CodiceFiscaleEnte, iupd: &str) -> Answer<PosizioneV3> {
        let path = ["organizations", ente.as_str(), "debtpositions", iupd];
        let call = Call { reference: Some(iupd), ..Call::get("getOrganizationDebtPositionByIUPD", &path) };
        self.0.send(call, |r| v3::read(r.body)).await
    }
}

async fn delete(client: &Client, ente: &CodiceFiscaleEnte, iupd: &str) -> Answer<()> {
    let path = ["organizations", ente.as_str(), "debtpositions", iupd];
    let call = Call { method: Method::Delete, reference: Some(iupd), accept: "*/*", ..Call::get("deletePosition", &path) };
    client.send(call, |_| Ok(())).await
}
