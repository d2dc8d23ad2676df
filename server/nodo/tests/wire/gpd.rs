//! Positions on their way to GPD and ACA, and what is read back.

use crate::openapi::OpenApi;
use crate::peer::*;
use crate::samples::*;
use domain::{NumeroAvviso, Opzione, Posizione, Rata, StatoPosizione};
use jiff::civil::date;
use nodo::aca::{Aca, Specchio, specchio};
use nodo::gpd::{
    self, Azione, Chiusura, Elenco, Gpd, GpdV3, Indicibile, PaymentPositionModel, StatoGpd, StatoOpzione, faults, iupd,
};
use nodo::rest::Outcome;
use serde_json::{Value, json};

const NOME: &str = "Comune di Valdoria";

pub fn model_v1() -> PaymentPositionModel {
    gpd::model(&posizione(vec![versamento(3_200, conto(true)), versamento(1_600, bollo())]), NOME).unwrap()
}

fn numbered(base: u64) -> NumeroAvviso {
    NumeroAvviso::compose(domain::CodiceSegregazione::parse("01").unwrap(), base).unwrap()
}

/// One payment of 30 euro, or three of 10.
fn with_instalments() -> Posizione {
    let mut posizione = posizione(vec![versamento(3_000, conto(false))]);
    for i in 1..=3_u8 {
        posizione.rate.push(Rata {
            numero: numbered(100 + u64::from(i)),
            opzione: Opzione::Rata { numero: i, di: 3 },
            importo: cents(1_000),
            scadenza: Some(date(2026, 5 + i8::try_from(i).unwrap(), 30)),
            non_oltre_scadenza: false,
            pagata: false,
            versamenti: vec![versamento(1_000, conto(false))],
        });
    }
    posizione
}

fn value<T: serde::Serialize>(model: &T) -> Value {
    serde_json::to_value(model).unwrap()
}

#[test]
fn a_position_is_said_as_the_openapi_says() {
    let Some(v1) = OpenApi::load("gpd.json") else { return };
    let Some(aca) = OpenApi::load("gpd-4-aca.json") else { return };
    let Some(v3) = OpenApi::load("gpd_v3.json") else { return };
    let mut long = posizione(vec![versamento(1, conto(false))]);
    long.causale = "è".repeat(300);
    long.debitore.nome = "N".repeat(300);
    long.rate[0].scadenza = None;
    for posizione in [posizione(vec![versamento(3_200, conto(true)), versamento(1_600, bollo())]), with_instalments(), long] {
        let model = gpd::model(&posizione, &"C".repeat(200)).unwrap();
        for spec in [&v1, &aca] {
            assert_eq!(spec.faults("PaymentPositionModel", &value(&model)), Vec::<String>::new());
        }
        assert_eq!(faults(&model, now(), Azione::Crea), Vec::<&str>::new());
        let model = gpd::v3::model(&posizione, NOME).unwrap();
        assert_eq!(v3.faults("PaymentPositionModelV3", &value(&model)), Vec::<String>::new());
    }
}

#[test]
fn the_whole_of_a_position_arrives() {
    let model = value(&model_v1());
    let expected = json!({
        "iupd": "77777777777".to_owned() + &model["iupd"].as_str().unwrap()[11..],
        "type": "F", "payStandIn": true, "fiscalCode": "RSSMRA85T10A562S", "fullName": "Mario D’Angelo", "companyName": NOME,
        "switchToExpired": false,
        "paymentOption": [{
            "nav": numero().as_str(), "iuv": numero().iuv().as_str(), "amount": 4_800, "description": "Mensa \"marzo\" 2026 <1>",
            "isPartialPayment": false, "dueDate": "2026-05-31T21:59:59Z", "paymentOptionMetadata": [],
            "transfer": [
                {
                    "idTransfer": "1", "amount": 3_200, "organizationFiscalCode": "77777777777", "iban": IBAN,
                    "postalIban": IBAN_POSTALE, "remittanceInformation": "Mensa scolastica, città di Valdoria",
                    "category": "9/0101101IM/", "companyName": NOME, "transferMetadata": []
                },
                {
                    "idTransfer": "2", "amount": 1_600, "organizationFiscalCode": "77777777777",
                    "stamp": { "hashDocument": HASH, "stampType": "01", "provincialResidence": "RM" },
                    "remittanceInformation": "Mensa scolastica, città di Valdoria", "category": "9/0101101IM/",
                    "companyName": NOME, "transferMetadata": []
                }
            ]
        }]
    });
    assert_eq!(model, expected);
    let text = model.to_string();
    assert!(!text.contains("mario@example.it"), "the address of the debtor stays here");
}

#[test]
fn the_same_position_has_the_same_name_and_another_has_another() {
    let ente = cf_ente("77777777777");
    assert_eq!(iupd(&ente, "p1"), iupd(&ente, "p1"));
    assert_ne!(iupd(&ente, "p1"), iupd(&ente, "p2"));
    assert_ne!(iupd(&ente, "p1"), iupd(&cf_ente("00000000001"), "p1"));
    let name = iupd(&ente, "nome strano / con *? caratteri");
    assert!(name.len() == 43 && name.chars().all(|c| c.is_ascii_alphanumeric()), "{name}");
}

#[test]
fn instalments_are_partial_and_the_single_payment_is_not() {
    let model = gpd::model(&with_instalments(), NOME).unwrap();
    assert_eq!(model.payment_option.iter().map(|o| o.is_partial_payment).collect::<Vec<_>>(), [false, true, true, true]);
    let v3 = gpd::v3::model(&with_instalments(), NOME).unwrap();
    assert_eq!(v3.payment_option.iter().map(|o| o.installments.len()).collect::<Vec<_>>(), [1, 3]);
}

#[test]
fn a_company_is_no_person_and_no_due_date_is_one_in_2099() {
    let mut posizione = posizione(vec![versamento(100, conto(false))]);
    posizione.debitore.codice_fiscale = domain::CodiceFiscale::parse("00743110157").unwrap();
    posizione.rate[0].scadenza = None;
    let model = gpd::model(&posizione, NOME).unwrap();
    assert_eq!((model.r#type.as_str(), model.payment_option[0].due_date.as_str()), ("G", "2099-12-31T22:59:59Z"));
}

#[test]
fn what_the_model_has_no_word_for_is_told() {
    let mut mixed = with_instalments();
    mixed.rate[0].non_oltre_scadenza = true;
    assert_eq!(gpd::model(&mixed, NOME), Err(Indicibile::ScadenzeDiverse));
    let v3 = gpd::v3::model(&mixed, NOME).unwrap();
    assert_eq!(v3.payment_option.iter().map(|o| o.switch_to_expired).collect::<Vec<_>>(), [true, false]);
    mixed.rate[1].non_oltre_scadenza = true;
    assert_eq!(gpd::v3::model(&mixed, NOME), Err(Indicibile::ScadenzeDiverse));
    let mut none = with_instalments();
    none.rate.clear();
    assert_eq!((gpd::model(&none, NOME), gpd::v3::model(&none, NOME)), (Err(Indicibile::SenzaRate), Err(Indicibile::SenzaRate)));
    let mut old = with_instalments();
    old.rate[0].numero = NumeroAvviso::parse("001234567890123412").unwrap();
    assert_eq!(gpd::model(&old, NOME), Err(Indicibile::AuxDigit));
}

/// The rules of `DebtPositionValidation.java`.
#[test]
fn what_gpd_would_refuse_is_known_before() {
    let late = |m: &mut PaymentPositionModel| m.payment_option[0].due_date = "2026-03-01T22:59:59Z".into();
    type Change = fn(&mut PaymentPositionModel);
    let rows: [(&str, Change); 17] = [
        ("Amounts congruence", |m| m.payment_option[0].amount += 1),
        ("Amounts congruence", |m| m.payment_option[0].transfer[0].amount = i64::MAX),
        ("amount: at least 1", |m| m.payment_option[0].transfer[0].amount = 0),
        ("Transfer ID congruence", |m| m.payment_option[0].transfer[0].id_transfer = "0".into()),
        ("Number of transfers", |m| {
            let one = m.payment_option[0].transfer[0].clone();
            m.payment_option[0].transfer = vec![one; 6];
        }),
        ("The Iban may be present", |m| m.payment_option[0].transfer[0].iban = None),
        ("The Iban may be present", |m| m.payment_option[0].transfer[1].iban = Some(IBAN.into())),
        ("The Iban may be present", |m| m.payment_option[0].transfer[1].postal_iban = Some(IBAN.into())),
        ("due_date must be >=", |m| m.payment_option[0].due_date = "2026-03-02T08:30:14Z".into()),
        ("due_date must be >=", |m| m.validity_date = Some("2026-06-01T00:00:00Z".into())),
        ("validity_date must be >=", |m| m.validity_date = Some("2026-03-02T08:30:15Z".into())),
        ("retention_date must be >=", |m| m.payment_option[0].retention_date = Some("2026-05-31T21:59:58Z".into())),
        ("dueDate: not a date-time", |m| m.payment_option[0].due_date = "31/05/2026".into()),
        ("reserved payment option metadata", |m| {
            m.payment_option[0].payment_option_metadata =
                vec![gpd::Metadata { key: "NOTIFICATION_FEE".into(), value: "1".into() }];
        }),
        ("Metadata keys must be unique", |m| {
            m.payment_option[0].transfer[0].transfer_metadata = vec![gpd::Metadata { key: "k".into(), value: "v".into() }; 2];
        }),
        ("is not unique", |m| {
            let one = m.payment_option[0].clone();
            m.payment_option.push(one);
        }),
        ("type: F or G", |m| m.r#type = "X".into()),
    ];
    for (text, change) in rows {
        let mut model = model_v1();
        change(&mut model);
        let found = faults(&model, now(), Azione::Crea);
        assert!(found.iter().any(|f| f.contains(text)), "{text}: {found:?}");
    }
    let mut model = model_v1();
    late(&mut model);
    assert_eq!(faults(&model, now(), Azione::Aggiorna), Vec::<&str>::new(), "what does not expire may be due in the past");
    model.switch_to_expired = true;
    assert_eq!(faults(&model, now(), Azione::Aggiorna).len(), 1);
}

#[tokio::test]
async fn a_position_read_back_tells_what_was_paid() {
    let peer = Peer::json(
        200,
        json!({
            "iupd": "77777777777x", "organizationFiscalCode": "77777777777", "companyName": NOME, "type": "F",
            "insertedDate": "2026-03-01T10:00:00.123", "publishDate": "2026-03-01T10:00:00.123456", "status": "PARTIALLY_PAID",
            "lastUpdatedDate": "2026-03-02T10:00:00", "unMembroNuovo": { "a": 1 },
            "paymentOption": [
                {
                    "nav": "302000000000000184", "iuv": "02000000000000184", "amount": 1_210, "notificationFee": 210,
                    "isPartialPayment": true, "dueDate": "2026-05-31T21:59:59", "status": "PO_REPORTED",
                    "paymentDate": "2026-03-01T11:00:00", "idReceipt": "c110729d258c4ab1b765fe902aae41d6",
                    "idFlowReporting": "2026-03-02SBXITPSP-0001", "transfer": [{ "idTransfer": "1", "status": "T_REPORTED" }]
                },
                { "iuv": "32002700000251000", "amount": 100, "dueDate": "2099-12-31T22:59:59Z", "status": "PO_UNPAID" }
            ]
        }),
    )
    .await;
    let answer = Gpd::new(&peer.config(), clock()).unwrap().read(&cf_ente("77777777777"), "77777777777x").await;
    let letta = answer.outcome.done().unwrap();
    assert_eq!((letta.stato, letta.stato.domain()), (StatoGpd::PartiallyPaid, StatoPosizione::ParzialmentePagata));
    assert_eq!(letta.stato.chiusura(), Chiusura::Pagata);
    assert_eq!(letta.aggiornata_il.unwrap().to_string(), "2026-03-02T10:00:00Z");
    let [paid, due] = &letta.rate[..] else { panic!("{letta:?}") };
    assert_eq!((paid.importo, paid.costo_notifica, paid.scadenza), (cents(1_210), Some(cents(210)), Some(date(2026, 5, 31))));
    assert!(paid.stato == StatoOpzione::PoReported && paid.stato.is_pagata() && !due.stato.is_pagata());
    assert_eq!(paid.fdr.as_deref(), Some("2026-03-02SBXITPSP-0001"));
    assert_eq!((due.numero.as_str(), due.scadenza, due.receipt_id.as_deref()), ("332002700000251000", None, None));
}

#[tokio::test]
async fn a_position_nobody_can_read_spoils_no_page() {
    let good = json!({ "iupd": "a", "status": "VALID" });
    let peer = Peer::json(
        200,
        json!({
            "payment_position_list": [good, { "iupd": "b", "status": "SOSPESA" }, 7, { "status": "VALID" }, good],
            "page_info": { "page": 0, "limit": 50, "items_found": 5, "total_pages": 3 }
        }),
    )
    .await;
    let elenco =
        Elenco { scadenza_da: Some(date(2026, 3, 1)), scadenza_a: None, stato: Some(StatoGpd::PartiallyPaid), pagina: 0 };
    let answer = Gpd::new(&peer.config(), clock()).unwrap().list(&cf_ente("77777777777"), elenco).await;
    let pagina = answer.outcome.done().unwrap();
    assert_eq!((pagina.posizioni.len(), pagina.illeggibili.len(), pagina.pagine), (2, 3, 3));
    if let Some(spec) = OpenApi::load("gpd.json") {
        let operation = spec.operation("get", "/organizations/{organizationfiscalcode}/debtpositions");
        for name in ["limit", "page", "orderby", "ordering", "due_date_from", "due_date_to", "status"] {
            assert!(operation["parameters"].as_array().unwrap().iter().any(|p| p["name"] == name), "{name}");
        }
    }
    assert_eq!(
        peer.last().uri,
        "/base/organizations/77777777777/debtpositions?limit=50&page=0&orderby=INSERTED_DATE&ordering=ASC&due_date_from=2026-03-01&status=PARTIALLY_PAID"
    );
}

/// Every call against the paths, parameters and statuses of the OpenAPI.
#[tokio::test]
async fn calls_go_where_the_openapi_says() {
    let Some(v1) = OpenApi::load("gpd.json") else { return };
    let Some(v3) = OpenApi::load("gpd_v3.json") else { return };
    let ente = cf_ente("77777777777");
    let peer = Peer::json(200, json!({ "status": "VALID", "nav": "302000000000000184", "amount": 1 })).await;
    let created = Peer::json(201, json!({ "status": "VALID" })).await;
    let (gpd, model) = (Gpd::new(&peer.config(), clock()).unwrap(), model_v1());
    let gpd_3 = GpdV3::new(&peer.config(), clock()).unwrap();
    let model_3 = gpd::v3::model(&with_instalments(), NOME).unwrap();
    Gpd::new(&created.config(), clock()).unwrap().create(&ente, &model, false).await.outcome.done().unwrap();
    GpdV3::new(&created.config(), clock()).unwrap().create(&ente, &model_3, true).await.outcome.done().unwrap();
    gpd.update(&ente, &model, true).await.outcome.done().unwrap();
    gpd.publish(&ente, &model.iupd).await.outcome.done().unwrap();
    gpd.invalidate(&ente, &model.iupd).await.outcome.done().unwrap();
    gpd.delete(&ente, &model.iupd).await.outcome.done().unwrap();
    let paid = gpd.mark_paid(&ente, &numero(), now()).await;
    assert!(matches!(paid.outcome, Outcome::Retry { .. } | Outcome::Unknown(_)), "an option without PO_ status: {paid:?}");
    gpd_3.update(&ente, &model_3, true).await.outcome.done().unwrap();
    gpd_3.publish(&ente, &model_3.iupd).await.outcome.done().unwrap();
    gpd_3.delete(&ente, &model_3.iupd).await.outcome.done().unwrap();

    let mut asked = created.asked();
    asked.extend(peer.asked());
    let one = "/organizations/{organizationfiscalcode}/debtpositions/{iupd}";
    let all = "/organizations/{organizationfiscalcode}/debtpositions";
    let rows = [
        ("post", all, Some("PaymentPositionModel"), &v1),
        ("post", all, Some("PaymentPositionModelV3"), &v3),
        ("put", one, Some("PaymentPositionModel"), &v1),
        ("post", "/organizations/{organizationfiscalcode}/debtpositions/{iupd}/publish", None, &v1),
        ("post", "/organizations/{organizationfiscalcode}/debtpositions/{iupd}/invalidate", None, &v1),
        ("delete", one, None, &v1),
        (
            "post",
            "/organizations/{organizationfiscalcode}/paymentoptions/paids/{nav}",
            Some("AlreadyPaidPaymentOptionModel"),
            &v1,
        ),
        ("put", one, Some("PaymentPositionModelV3"), &v3),
        ("post", "/organizations/{organizationfiscalcode}/debtpositions/{iupd}/publish", None, &v3),
        ("delete", one, None, &v3),
    ];
    assert_eq!(asked.len(), rows.len());
    for (asked, (method, path, body, spec)) in asked.iter().zip(rows) {
        let operation = spec.operation(method, path);
        assert_eq!(asked.method.as_str().to_lowercase(), method);
        let iupd = if std::ptr::eq(spec, &v3) { &model_3.iupd } else { &model.iupd };
        let expected =
            path.replace("{organizationfiscalcode}", "77777777777").replace("{iupd}", iupd).replace("{nav}", numero().as_str());
        let (found, query) = asked.uri.split_once('?').unwrap_or((&asked.uri, ""));
        assert_eq!(found, format!("/base{expected}"));
        for pair in query.split('&').filter(|p| !p.is_empty()) {
            let name = pair.split('=').next().unwrap();
            assert!(operation["parameters"].as_array().unwrap().iter().any(|p| p["name"] == name), "{name} of {path}");
        }
        match body {
            Some(schema) => assert_eq!(spec.faults(schema, &asked.json()), Vec::<String>::new()),
            None => assert!(asked.body.is_empty()),
        }
    }
}

#[test]
fn the_mirror_shows_what_can_be_paid_today_and_nothing_else() {
    let oggi = date(2026, 3, 2);
    let shown = |posizione: &Posizione| match specchio(posizione, NOME, oggi).unwrap() {
        Specchio::Mostra(model) => model.payment_option.iter().map(|o| o.nav.clone().unwrap()).collect(),
        Specchio::Chiudi { iupd: closed } => {
            assert_eq!(closed, iupd(&posizione.ente, &posizione.id));
            Vec::new()
        }
    };
    let mut posizione = with_instalments();
    assert_eq!(shown(&posizione).len(), 4);
    posizione.rate[1].pagata = true;
    posizione.stato = StatoPosizione::ParzialmentePagata;
    assert_eq!(shown(&posizione), [numbered(102).to_string(), numbered(103).to_string()], "the single payment is settled too");
    for stato in [StatoPosizione::Bozza, StatoPosizione::Annullata, StatoPosizione::Pagata, StatoPosizione::Scaduta] {
        posizione.stato = stato;
        assert!(shown(&posizione).is_empty(), "{stato:?}");
    }
}

#[tokio::test]
async fn the_mirror_is_the_same_service_under_another_name() {
    let peer = Peer::json(201, json!({ "status": "VALID" })).await;
    let answer = Aca::new(&peer.config(), clock()).unwrap().create(&cf_ente("77777777777"), &model_v1()).await;
    assert_eq!((answer.exchange.peer, answer.outcome.done()), ("ACA", Some(StatoGpd::Valid)));
    assert!(peer.last().uri.ends_with("/debtpositions?toPublish=true"), "payable at once");
}
