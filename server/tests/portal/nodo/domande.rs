//! paVerifyPaymentNotice, paGetPayment, paGetPaymentV2: may this notice be paid, and what exactly.

use crate::harness::{Sportello, VALDORIA, addressed, get_payment, rata, receipt, verify};
use domain::{CodiceFiscaleEnte, Importo, Posizione};
use jiff::civil::date;
use nodo::pa_for_node::client::{PaymentData, Response, encode_get_payment_request, encode_verify_request};
use nodo::pa_for_node::{GetPaymentRequest, Operation, TransferType, VerifyAnswer};
use serde_json::json;

const VERIFY: Operation = Operation::VerifyPaymentNotice;

fn operation(request: &GetPaymentRequest) -> Operation {
    if request.v2 { Operation::GetPaymentV2 } else { Operation::GetPayment }
}

async fn ask_verify(sportello: &Sportello, numero: &str) -> VerifyAnswer {
    let response = sportello.ask(VERIFY, encode_verify_request(&verify(numero))).await;
    let Response::Verify(answer) = response else { panic!("{response:?}") };
    answer
}

async fn ask_payment(sportello: &Sportello, request: &GetPaymentRequest) -> PaymentData {
    let response = sportello.ask(operation(request), encode_get_payment_request(request)).await;
    let Response::Payment(data) = response else { panic!("{response:?}") };
    data
}

/// The fault code of each operation; `None` for OK.
async fn codes(sportello: &Sportello, numero: &str) -> Vec<Option<String>> {
    let (v1, v2) = (GetPaymentRequest { v2: false, ..get_payment(numero) }, get_payment(numero));
    let requests = [
        (VERIFY, encode_verify_request(&verify(numero))),
        (Operation::GetPayment, encode_get_payment_request(&v1)),
        (Operation::GetPaymentV2, encode_get_payment_request(&v2)),
    ];
    let mut codes = Vec::new();
    for (op, body) in requests {
        codes.push(match sportello.ask(op, body).await {
            Response::Ko(fault) => {
                assert_eq!(fault.id, VALDORIA);
                Some(fault.code)
            }
            _ => None,
        });
    }
    codes
}

#[tokio::test]
async fn every_state_of_a_notice_has_its_answer_for_every_operation() {
    let sportello = Sportello::start().await;
    for avviso in sportello.avvisi().iter().filter(|a| !a.bollo) {
        let expected = match avviso.stato.as_str() {
            "APERTA" => None,
            "PAGATA" => Some("PAA_PAGAMENTO_DUPLICATO"),
            "ANNULLATA" => Some("PAA_PAGAMENTO_ANNULLATO"),
            "SCADUTA" => Some("PAA_PAGAMENTO_SCADUTO"),
            other => panic!("{other}"),
        };
        assert_eq!(codes(&sportello, &avviso.numero).await, vec![expected.map(str::to_owned); 3], "{avviso:?}");
    }
    let unknown = Some("PAA_PAGAMENTO_SCONOSCIUTO".to_owned());
    for numero in [&sportello.numero_in_bozza().await, "302000000000000184", "001234567890123412"] {
        assert_eq!(codes(&sportello, numero).await, vec![unknown.clone(); 3], "{numero}");
    }
}

#[tokio::test]
async fn a_payment_without_a_notice_is_unknown_until_the_citizen_pays_it() {
    let sportello = Sportello::start().await;
    let (riepilogo, numero) = sportello.riepilogo().await;
    assert_eq!(codes(&sportello, &numero).await, vec![Some("PAA_PAGAMENTO_SCONOSCIUTO".to_owned()); 3]);
    sportello.browser().pay(&riepilogo).await;
    assert_eq!(codes(&sportello, &numero).await, [None, None, None]);
}

#[tokio::test]
async fn a_notice_expires_with_its_last_day_in_rome() {
    let sportello = Sportello::start().await;
    let late = sportello.find_avviso(|a| a.stato == "SCADUTA" && a.causale.contains("655"));
    let scadenza = rata(&sportello.posizione(&late.numero).await, &late.numero).scadenza.unwrap();
    assert_eq!(scadenza, date(2026, 11, 13));
    let clock = sportello.portal.clock();
    // winter in Rome: one hour ahead of UTC
    clock.set("2026-11-13T22:59:59Z".parse().unwrap());
    assert_eq!(codes(&sportello, &late.numero).await, [None, None, None]);
    clock.set("2026-11-13T23:00:00Z".parse().unwrap());
    assert_eq!(codes(&sportello, &late.numero).await, vec![Some("PAA_PAGAMENTO_SCADUTO".to_owned()); 3]);
    // one that can be paid late can
    let payable_late = sportello.find_avviso(|a| a.causale.contains("saldo ottobre")).numero;
    clock.set("2027-11-13T23:00:00Z".parse().unwrap());
    assert_eq!(codes(&sportello, &payable_late).await, [None, None, None]);
}

#[tokio::test]
async fn a_call_for_somebody_else_is_told_what_is_wrong_in_the_order_of_sanp() {
    let sportello = Sportello::start().await;
    let numero = sportello.avviso("APERTA").numero;
    let unknown = "302000000000000184";
    let (ente, broker, station) = ("PAA_ID_DOMINIO_ERRATO", "PAA_ID_INTERMEDIARIO_ERRATO", "PAA_STAZIONE_INT_ERRATA");
    for (id_pa, id_broker, id_station, of_notice, numero, code) in [
        ("77777777777", "99999000013", "99999000013_01", "77777777777", numero.as_str(), ente),
        ("99999000013", "77777777777", "77777777777_01", "99999000013", unknown, ente),
        (VALDORIA, "99999000013", "99999000013_01", "90012340569", &numero, ente),
        (VALDORIA, "77777777777", "77777777777_01", VALDORIA, unknown, broker),
        (VALDORIA, "99999000013", "99999000013_02", VALDORIA, unknown, station),
        (VALDORIA, "99999000013", "99999000013_1", VALDORIA, &numero, station),
        ("90012340569", "99999000013", "99999000013_01", "90012340569", &numero, "PAA_PAGAMENTO_SCONOSCIUTO"),
    ] {
        let mut request = verify(numero);
        request.instradamento = addressed(id_pa);
        request.instradamento.intermediario = id_broker.into();
        request.instradamento.stazione = id_station.into();
        request.ente = CodiceFiscaleEnte::parse(of_notice).unwrap();
        let payment =
            GetPaymentRequest { instradamento: request.instradamento.clone(), ente: request.ente.clone(), ..get_payment(numero) };
        for (op, body) in
            [(VERIFY, encode_verify_request(&request)), (Operation::GetPaymentV2, encode_get_payment_request(&payment))]
        {
            let fault = sportello.ask_refused(op, body).await;
            assert_eq!((fault.code.as_str(), fault.id.as_str()), (code, id_pa), "{request:?}");
        }
    }
}

#[tokio::test]
async fn what_is_asked_is_answered_with_the_facts_of_the_notice() {
    let sportello = Sportello::start().await;
    for avviso in sportello.avvisi().iter().filter(|a| a.stato == "APERTA") {
        let posizione: Posizione = sportello.posizione(&avviso.numero).await;
        let rata = rata(&posizione, &avviso.numero);
        let told = ask_verify(&sportello, &avviso.numero).await;
        assert_eq!((told.importo, told.causale.as_str(), told.scadenza), (rata.importo, avviso.causale.as_str(), rata.scadenza));
        assert_eq!((told.ente.as_str(), told.nome_ente.as_str(), told.all_ccp), (VALDORIA, "Comune di Valdoria", rata.all_ccp()));

        let data = ask_payment(&sportello, &get_payment(&avviso.numero)).await;
        assert_eq!((data.iuv.as_str(), data.importo.cents()), (&avviso.numero[1..], avviso.importo_cents));
        assert_eq!(data.due_date, rata.scadenza.unwrap_or(date(2099, 12, 31)));
        assert_eq!(data.debitore.identificativo, avviso.codice_fiscale_debitore);
        assert_eq!(data.debitore.nome, posizione.debitore.nome);
        assert_eq!(Importo::sum(data.versamenti.iter().map(|v| v.importo)), Some(data.importo));
        let told: Vec<_> = data.versamenti.iter().map(|v| (v.indice, v.importo, v.ente.clone(), v.nome_ente.clone())).collect();
        let written: Vec<_> =
            (1..).zip(&rata.versamenti).map(|(i, v)| (i, v.importo, v.ente.clone(), Some(v.nome_ente.clone()))).collect();
        assert_eq!(told, written);
    }
}

#[tokio::test]
async fn the_province_gets_its_part_of_the_waste_tax_on_its_own_account() {
    let sportello = Sportello::start().await;
    let tari = sportello.find_avviso(|a| a.causale == "TARI 2026" && a.importo_cents == 31_200);
    let data = ask_payment(&sportello, &get_payment(&tari.numero)).await;
    let parts: Vec<_> = data.versamenti.iter().map(|v| (v.ente.as_str(), v.importo.cents(), v.tassonomia.as_str())).collect();
    assert_eq!(parts, [(VALDORIA, 29_715, "9/0101101IM/"), ("80009870454", 1_485, "9/0201102IM/")]);
    assert_ne!(data.versamenti[0].iban, data.versamenti[1].iban);
}

#[tokio::test]
async fn a_revenue_stamp_can_be_asked_for_in_version_2_only() {
    let sportello = Sportello::start().await;
    let numero = sportello.find_avviso(|a| a.bollo).numero;
    let fault = sportello
        .ask_refused(Operation::GetPayment, encode_get_payment_request(&GetPaymentRequest { v2: false, ..get_payment(&numero) }))
        .await;
    assert_eq!((fault.code.as_str(), fault.id.as_str()), ("PAA_SEMANTICA", VALDORIA));
    assert!(fault.description.unwrap().contains("paGetPaymentV2"));
    let data = ask_payment(&sportello, &get_payment(&numero)).await;
    assert_eq!((data.importo.cents(), data.versamenti.len()), (4_100, 2));
    let stamp = data.versamenti[1].bollo.as_ref().unwrap();
    assert_eq!((stamp.tipo.as_str(), stamp.provincia.as_str(), data.versamenti[1].importo.cents()), ("01", "MI", 1_600));
    assert_eq!(data.versamenti[1].iban, None);
    assert!(!ask_verify(&sportello, &numero).await.all_ccp);
}

#[tokio::test]
async fn the_kind_of_account_asked_for_decides_which_one_is_told() {
    let sportello = Sportello::start().await;
    let numero = sportello.find_avviso(|a| a.causale.contains("saldo settembre")).numero;
    let (bank, postal) = ("IT89F9999901000000000012345", "IT48F0760101000000012345678");
    let support = vec![("IBANAPPOGGIO".to_owned(), postal.to_owned())];
    for (v2, asked, iban, metadata) in [
        (true, None, bank, vec![]),
        (true, Some(TransferType::Postal), postal, vec![]),
        (true, Some(TransferType::Pagopa), bank, support),
        (false, None, bank, vec![]),
        (false, Some(TransferType::Postal), postal, vec![]),
        (false, Some(TransferType::Pagopa), bank, vec![]),
    ] {
        let data = ask_payment(&sportello, &GetPaymentRequest { v2, transfer_type: asked, ..get_payment(&numero) }).await;
        let told = &data.versamenti[0];
        assert_eq!((told.iban.as_deref(), &told.metadata), (Some(iban), &metadata), "{v2} {asked:?}");
    }
}

#[tokio::test]
async fn the_amount_told_is_the_one_due_whatever_was_asked_with() {
    let sportello = Sportello::start().await;
    let avviso = sportello.avviso("APERTA");
    for importo in [None, Some(1), Some(avviso.importo_cents), Some(99_999_999_999)] {
        let request = GetPaymentRequest { importo: importo.map(Importo::of_cents), ..get_payment(&avviso.numero) };
        assert_eq!(ask_payment(&sportello, &request).await.importo.cents(), avviso.importo_cents);
    }
}

#[tokio::test]
async fn asking_locks_nothing_and_only_a_receipt_closes_the_notice() {
    let sportello = Sportello::start().await;
    let numero = sportello.avviso("APERTA").numero;
    let first = ask_payment(&sportello, &get_payment(&numero)).await;
    assert_eq!(ask_payment(&sportello, &get_payment(&numero)).await, first);
    assert_eq!(sportello.pay_elsewhere(&numero, json!({ "esito": "KO" })).await["receipt_id"], json!(null));
    assert_eq!(codes(&sportello, &numero).await, [None, None, None]);
    let paid = sportello.pay_elsewhere(&numero, json!({})).await;
    assert!(paid["receipt_id"].is_string(), "{paid}");
    assert_eq!(codes(&sportello, &numero).await, vec![Some("PAA_PAGAMENTO_DUPLICATO".to_owned()); 3]);
    // who had asked before can still have paid: that receipt is taken too
    let posizione = sportello.posizione(&numero).await;
    sportello.deliver(&receipt(&posizione, rata(&posizione, &numero), "secondo")).await;
    assert_eq!(sportello.ricevute(&numero).await.len(), 2);
}

#[tokio::test]
async fn version_1_and_version_2_both_pay() {
    let sportello = Sportello::start().await;
    let open: Vec<_> = sportello.avvisi().into_iter().filter(|a| a.stato == "APERTA" && a.causale.starts_with("Mensa")).collect();
    for (versione, avviso) in [1, 2].into_iter().zip(&open) {
        let paid = sportello.pay_elsewhere(&avviso.numero, json!({ "versione": versione })).await;
        let outcomes: Vec<_> = paid["passi"].as_array().unwrap().iter().map(|p| p["outcome"].as_str()).collect();
        assert_eq!(outcomes, [Some("OK"); 3], "{paid}");
        assert_eq!(sportello.ricevute(&avviso.numero).await[0].anomalie, []);
    }
    assert_eq!(open.len(), 2);
}
