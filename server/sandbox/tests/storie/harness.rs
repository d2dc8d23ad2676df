//! A sandbox on a socket of its own and a station that answers as it is told.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::{Router, routing::post};
use domain::*;
use nodo::pa_for_node::*;
use nodo::rest::{Budget, Clock, Peer};
use sandbox::{EnteSandbox, SandboxConfig};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use url::Url;

pub const ENTE: &str = "77777777777";
pub const AVVISO: &str = "302000000000000184";
pub const ALTRO_AVVISO: &str = "302032002700000251";
/// Its second transfer is a revenue stamp.
pub const AVVISO_CON_BOLLO: &str = "302000000000000285";
pub const AVVISO_SCONOSCIUTO: &str = "302000000000000386";
pub const IBAN: &str = "IT60X0542811101000000123456";
pub const ORA: jiff::civil::DateTime = jiff::civil::date(2026, 3, 2).at(9, 30, 15, 0);

/// Status and bytes for a request.
pub type Script = Arc<dyn Fn(Operation, &[u8]) -> (u16, Vec<u8>) + Send + Sync>;

/// Everything the station was asked, in order, as bytes.
#[derive(Clone, Default)]
pub struct Calls(Arc<Mutex<Vec<Call>>>);

type Call = (Operation, Vec<u8>);

impl Calls {
    pub fn operations(&self) -> Vec<&'static str> {
        self.0.lock().unwrap().iter().map(|(op, _)| op.name()).collect()
    }

    pub fn requests(&self) -> Vec<Request> {
        self.0.lock().unwrap().iter().map(|(_, bytes)| decode(bytes).unwrap()).collect()
    }

    pub fn receipts(&self) -> Vec<Vec<u8>> {
        self.0.lock().unwrap().iter().filter(|(op, _)| op.is_send_rt()).map(|(_, bytes)| bytes.clone()).collect()
    }

    pub fn ricevute(&self) -> Vec<Ricevuta> {
        let receipt = |request| match request {
            Request::SendRt(request) => Some(request.ricevuta),
            _ => None,
        };
        self.requests().into_iter().filter_map(receipt).collect()
    }

    /// Waits for that many receipts; fails after five seconds.
    pub async fn wait_for_receipts(&self, count: usize) -> Vec<Ricevuta> {
        for _ in 0..250 {
            if self.receipts().len() >= count {
                return self.ricevute();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{} receipts instead of {count}", self.receipts().len());
    }
}

pub struct Test {
    pub base: String,
    pub calls: Calls,
    client: reqwest::Client,
}

impl Test {
    /// With a station in order.
    pub async fn start() -> Self {
        Self::with(Arc::new(good)).await
    }

    pub async fn with(script: Script) -> Self {
        Self::with_router(script, Router::new()).await
    }

    /// With more doors at the station than the one for SOAP.
    pub async fn with_router(script: Script, more: Router) -> Self {
        let calls = Calls::default();
        let (stazione_url, listener) = socket("/pagopa/pa").await;
        let router = Router::new()
            .route("/pagopa/pa", post(answer))
            .layer(DefaultBodyLimit::max(BODY_MAX))
            .with_state((script, calls.clone()))
            .merge(more);
        tokio::spawn(async move { axum::serve(listener, router).await });
        let (base_url, listener) = socket("").await;
        let ente = EnteSandbox {
            codice_fiscale: ENTE.into(),
            intermediario: "99999000013".into(),
            stazione: "99999000013_01".into(),
            ibans: vec![IBAN.into()],
        };
        let base = base_url.as_str().trim_end_matches('/').to_owned();
        let mut config = SandboxConfig::new(base_url, stazione_url, vec![ente], Arc::new(|| ORA));
        config.allowed_return_origins = vec!["http://127.0.0.1:3000".into()];
        config.checkout_delay_ms = 0;
        tokio::spawn(sandbox::serve(config, listener, std::future::pending()));
        Self { base, calls, client: client() }
    }

    pub async fn post(&self, path: &str, body: &Value) -> reqwest::Response {
        self.client.post(format!("{}{path}", self.base)).json(body).send().await.unwrap()
    }

    pub async fn post_form(&self, url: &str, form: &str) -> reqwest::Response {
        let content = "application/x-www-form-urlencoded";
        self.client.post(url).header("Content-Type", content).body(form.to_owned()).send().await.unwrap()
    }

    pub async fn get(&self, url: &str) -> reqwest::Response {
        self.client.get(url).send().await.unwrap()
    }

    pub async fn post_with_timeout(
        &self,
        path: &str,
        body: &Value,
        timeout: Duration,
    ) -> Result<reqwest::Response, reqwest::Error> {
        self.client.post(format!("{}{path}", self.base)).timeout(timeout).json(body).send().await
    }

    /// Pays at the counter; the JSON of the answer.
    pub async fn pay(&self, extra: Value) -> Value {
        let mut body = json!({ "codice_fiscale_ente": ENTE, "numero_avviso": AVVISO });
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        let response = self.post("/psp/pay", &body).await;
        assert_eq!(response.status(), 200, "{body}");
        response.json().await.unwrap()
    }

    /// A service of the sandbox, as our clients are told of it; with less patience than they usually have.
    pub fn peer(&self, path: &str) -> Peer {
        let budget = Budget { connect: Duration::from_secs(1), total: Duration::from_secs(4), ..Budget::FLOW };
        Peer { base_url: Url::parse(&format!("{}{path}", self.base)).unwrap(), subscription_key: None, budget }
    }

    pub async fn guasto_rest(&self, guasto: &str) {
        assert_eq!(self.post("/guasti", &json!({ "rest": guasto })).await.status(), 200);
    }

    pub async fn get_json(&self, path: &str) -> Value {
        let response = self.get(&format!("{}{path}", self.base)).await;
        assert_eq!(response.status(), 200, "{path}");
        response.json().await.unwrap()
    }

    pub async fn post_json(&self, path: &str, body: &Value) -> Value {
        let response = self.post(path, body).await;
        let status = response.status();
        let text = response.text().await.unwrap();
        assert_eq!(status, 200, "{path} {body}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Hands a cart over; the address of its page.
    pub async fn cart(&self) -> String {
        let response = self.post("/checkout/ec/v2/carts", &cart(&[AVVISO])).await;
        assert_eq!(response.status(), 302);
        location(&response)
    }
}

pub fn location(response: &reqwest::Response) -> String {
    response.headers()["location"].to_str().unwrap().to_owned()
}

pub fn cart(avvisi: &[&str]) -> Value {
    let notices: Vec<Value> = avvisi
        .iter()
        .map(|numero| {
            json!({
                "noticeNumber": numero, "fiscalCode": ENTE, "amount": 1000,
                "companyName": "Comune di <Valdoria>", "description": "Mensa & trasporto"
            })
        })
        .collect();
    json!({
        "emailNotice": "mario@posta.example",
        "paymentNotices": notices,
        "returnUrls": {
            "returnOkUrl": "http://127.0.0.1:3000/ritorno?esito=ok", "returnCancelUrl": "http://127.0.0.1:3000/ritorno?esito=annulla",
            "returnErrorUrl": "http://127.0.0.1:3000/ritorno?esito=errore", "returnWaitingUrl": "http://127.0.0.1:3000/ritorno?esito=attesa"
        },
        "idCart": "carrello-1"
    })
}

/// What a station in order answers: three notices of two transfers each.
pub fn good(op: Operation, request: &[u8]) -> (u16, Vec<u8>) {
    let (posizione, ente) = (posizione(), ente());
    let bytes = match decode(request).unwrap() {
        Request::Verify(r) => match posizione.rata(&r.numero) {
            Some(rata) => encode_verify(&VerifyAnswer {
                importo: rata.importo,
                scadenza: None,
                all_ccp: false,
                causale: posizione.causale.clone(),
                ente: posizione.ente.clone(),
                nome_ente: ente.nome.clone(),
                ufficio: None,
            }),
            None => ko(op, Paa::PagamentoSconosciuto),
        },
        Request::GetPayment(r) => match posizione.rata(&r.numero) {
            Some(rata) => {
                let answer = PaymentAnswer { ente: &ente, posizione: &posizione, rata, transfer_type: r.transfer_type };
                encode_payment(op, &answer).unwrap_or_else(|_| ko(op, Paa::Semantica))
            }
            None => ko(op, Paa::PagamentoSconosciuto),
        },
        Request::SendRt(_) => encode_receipt_ok(op),
        // service 00005 makes a notice; no other is in the catalogue
        Request::Demand(r) if r.id_servizio == "00005" => {
            let rata = &posizione.rate[0];
            let avviso = VerifyAnswer {
                importo: rata.importo,
                scadenza: None,
                all_ccp: false,
                causale: String::from_utf8(r.dati).unwrap(),
                ente: posizione.ente.clone(),
                nome_ente: ente.nome.clone(),
                ufficio: None,
            };
            encode_demand(&DemandAnswer { numero: rata.numero.clone(), ente: posizione.ente.clone(), avviso })
        }
        Request::Demand(_) => ko(op, Paa::Semantica),
    };
    (200, bytes)
}

pub fn ko(op: Operation, code: Paa) -> Vec<u8> {
    encode_fault(op, &Fault { code, id: ENTE.into(), description: None })
}

/// As [`good`], except that the answers to `op` are rewritten.
pub fn good_but(op: Operation, rewrite: impl Fn(String) -> (u16, String) + Send + Sync + 'static) -> Script {
    Arc::new(move |asked, request| {
        let (status, bytes) = good(asked, request);
        if asked != op {
            return (status, bytes);
        }
        let (status, text) = rewrite(String::from_utf8(bytes).unwrap());
        (status, text.into_bytes())
    })
}

/// The ente as the station has it.
pub fn registered() -> Ente {
    ente()
}

fn ente() -> Ente {
    Ente {
        codice_fiscale: CodiceFiscaleEnte::parse(ENTE).unwrap(),
        nome: "Comune di Valdoria".into(),
        slug: Slug::parse("valdoria").unwrap(),
        stazione: Stazione {
            id: "99999000013_01".into(),
            intermediario: "99999000013".into(),
            segregazione: CodiceSegregazione::parse("02").unwrap(),
        },
        modello: domain::Modello::Stazione,
        contatti: Default::default(),
        aspetto: domain::Aspetto::default(),
    }
}

/// For clients: half past nine in Rome is half past eight.
pub fn clock() -> Clock {
    Arc::new(|| "2026-03-02T08:30:15Z".parse().unwrap())
}

pub fn posizione() -> Posizione {
    let versamento = |cents| Versamento {
        ente: CodiceFiscaleEnte::parse(ENTE).unwrap(),
        nome_ente: "Comune di Valdoria".into(),
        importo: Importo::of_cents(cents),
        accredito: Accredito::Conto { iban: Iban::parse(IBAN).unwrap(), postale: None },
        tassonomia: Tassonomia::parse("0101101IM").unwrap(),
        causale: "Mensa scolastica".into(),
        imputazione: None,
    };
    let bollo = Accredito::Bollo { hash_documento: "dGVzdA==".into(), provincia: "RM".into() };
    let rata = |numero: &str, versamenti: Vec<Versamento>| Rata {
        numero: NumeroAvviso::parse(numero).unwrap(),
        opzione: Opzione::Unica,
        importo: Importo::sum(versamenti.iter().map(|v| v.importo)).unwrap(),
        scadenza: None,
        non_oltre_scadenza: false,
        pagata: false,
        versamenti,
    };
    Posizione {
        id: "p1".into(),
        ente: CodiceFiscaleEnte::parse(ENTE).unwrap(),
        servizio: None,
        stato: StatoPosizione::Aperta,
        causale: "Mensa scolastica".into(),
        debitore: Soggetto {
            codice_fiscale: CodiceFiscale::parse("RSSMRA85T10A562S").unwrap(),
            nome: "Mario Rossi".into(),
            email: Some("mario@posta.example".into()),
        },
        versante: None,
        atto: None,
        rate: vec![
            rata(AVVISO, vec![versamento(700), versamento(300)]),
            rata(ALTRO_AVVISO, vec![versamento(700), versamento(300)]),
            rata(AVVISO_CON_BOLLO, vec![versamento(700), Versamento { accredito: bollo, ..versamento(1_600) }]),
        ],
    }
}

async fn answer(State((script, calls)): State<(Script, Calls)>, bytes: Bytes) -> (StatusCode, Vec<u8>) {
    let op = operation(&bytes).unwrap();
    calls.0.lock().unwrap().push((op, bytes.to_vec()));
    let (status, body) = script(op, &bytes);
    (StatusCode::from_u16(status).unwrap(), body)
}

async fn socket(path: &str) -> (Url, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}{path}", listener.local_addr().unwrap())).unwrap();
    (url, listener)
}

fn client() -> reqwest::Client {
    let peer = Url::parse("http://127.0.0.1/").unwrap();
    nodo::http::client(&peer, Duration::from_secs(30)).unwrap()
}
