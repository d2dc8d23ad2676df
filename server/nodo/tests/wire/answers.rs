//! What the station writes, read back by the other side.

use crate::samples::*;
use domain::{Accredito, Iban, Rata};
use nodo::pa_for_node::client::{Check, FaultBean, PaymentData, Response, ResponseError, StampRequest, decode_response};
use nodo::pa_for_node::encode_demand;
use nodo::pa_for_node::{
    Fault, Operation, Paa, PaymentAnswer, StampNeedsV2, TransferType, encode_fault, encode_payment, encode_receipt_ok,
    encode_verify,
};

fn read(op: Operation, bytes: &[u8]) -> Result<Response, ResponseError> {
    decode_response(op, bytes, &Check::default())
}

fn pay(op: Operation, accrediti: &[Accredito], transfer_type: Option<TransferType>) -> PaymentData {
    let posizione = posizione(accrediti.iter().map(|a| versamento(1_600, a.clone())).collect());
    let answer = PaymentAnswer { ente: &ente(), posizione: &posizione, rata: &posizione.rate[0], transfer_type };
    match read(op, &encode_payment(op, &answer).unwrap()) {
        Ok(Response::Payment(data)) => data,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_verified_notice_is_read_as_it_was_written() {
    let mut answer = verify_answer();
    assert_eq!(read(Operation::VerifyPaymentNotice, &encode_verify(&answer)), Ok(Response::Verify(answer.clone())));
    (answer.scadenza, answer.ufficio, answer.all_ccp) = (None, None, false);
    assert_eq!(read(Operation::VerifyPaymentNotice, &encode_verify(&answer)), Ok(Response::Verify(answer)));
}

#[test]
fn a_notice_made_on_demand_is_read_as_it_was_written() {
    let mut answer = demand_answer();
    assert_eq!(read(Operation::DemandPaymentNotice, &encode_demand(&answer)), Ok(Response::Demand(answer.clone())));
    (answer.avviso.scadenza, answer.avviso.ufficio) = (None, None);
    assert_eq!(read(Operation::DemandPaymentNotice, &encode_demand(&answer)), Ok(Response::Demand(answer)));
}

/// `faults/faults_paa.csv`, fourth column: which operations SANP allows a code for.
#[test]
fn codes_are_allowed_where_the_table_allows_them() {
    let Some(specs) = folder("PAGOPA_SPECS") else { return };
    let table = std::fs::read_to_string(specs.join("faults/faults_paa.csv")).unwrap();
    for code in Paa::ALL {
        // the meaning in the third column has commas in none of our rows; the letters are the first cell made of V, G, S, D alone
        let row = table.lines().find(|row| row.split(',').next() == Some(code.code())).unwrap();
        let letters = row.split(',').find(|cell| !cell.is_empty() && cell.chars().all(|c| "VGSD".contains(c))).unwrap();
        for op in Operation::ALL {
            let letter = match op {
                Operation::VerifyPaymentNotice => 'V',
                Operation::GetPayment | Operation::GetPaymentV2 => 'G',
                Operation::SendRt | Operation::SendRtV2 => 'S',
                Operation::DemandPaymentNotice => 'D',
            };
            assert_eq!(code.is_allowed_for(op), letters.contains(letter), "{code:?} {op:?}");
        }
    }
    for op in Operation::ALL.into_iter().filter(|op| !op.is_send_rt()) {
        assert!(Paa::of_broken_xsd(op).is_allowed_for(op));
    }
    assert_eq!(Paa::of_broken_xsd(Operation::DemandPaymentNotice), Paa::SintassiXsd);
}

#[test]
fn texts_that_are_too_long_or_cannot_be_said_do_not_spoil_the_answer() {
    let mut answer = verify_answer();
    answer.causale = format!("\u{0}\u{b}{}", "è&".repeat(100));
    answer.nome_ente = "\u{1}".into();
    answer.ufficio = Some(String::new());
    match read(Operation::VerifyPaymentNotice, &encode_verify(&answer)) {
        Ok(Response::Verify(found)) => {
            assert_eq!(found.causale, "è&".repeat(70));
            assert_eq!((found.nome_ente.as_str(), found.ufficio), ("-", None));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_data_of_a_payment_are_the_positions() {
    for op in GET_PAYMENT {
        let data = pay(op, &[conto(false), conto(true)], None);
        assert_eq!(data.iuv, numero().iuv().as_str());
        assert_eq!((data.importo, data.due_date.to_string().as_str()), (cents(3_200), "2026-05-31"));
        assert_eq!(data.causale, "Mensa \"marzo\" 2026 <1>");
        assert_eq!(data.nome_ente.as_deref(), Some("Comune di Valdoria & Borghi <uniti>"));
        assert_eq!((data.debitore.identificativo.as_str(), data.debitore.nome.as_str()), ("RSSMRA85T10A562S", "Mario D’Angelo"));
        assert_eq!(data.debitore.email, None, "the address of the debtor stays here");
        assert_eq!(data.versamenti.iter().map(|v| v.indice).collect::<Vec<_>>(), [1, 2]);
        for versamento in &data.versamenti {
            assert_eq!(versamento.iban.as_deref(), Some(IBAN));
            assert_eq!((versamento.importo, versamento.ente.as_str()), (cents(1_600), "77777777777"));
            assert_eq!(versamento.tassonomia, "9/0101101IM/");
            assert_eq!(versamento.causale, "Mensa scolastica, città di Valdoria");
            assert!(versamento.metadata.is_empty());
            let named = (op == Operation::GetPaymentV2).then_some("Comune di Valdoria");
            assert_eq!(versamento.nome_ente.as_deref(), named);
        }
    }
}

#[test]
fn poste_gets_the_postal_account_and_others_learn_of_it() {
    for op in GET_PAYMENT {
        let ibans = |data: &PaymentData| data.versamenti.iter().map(|v| v.iban.clone().unwrap()).collect::<Vec<_>>();
        let postal = pay(op, &[conto(true), conto(false)], Some(TransferType::Postal));
        assert_eq!(ibans(&postal), [IBAN_POSTALE, IBAN]);
        assert!(postal.versamenti[0].metadata.is_empty());
        let pagopa = pay(op, &[conto(true), conto(false)], Some(TransferType::Pagopa));
        assert_eq!(ibans(&pagopa), [IBAN, IBAN]);
        let told = match op {
            Operation::GetPaymentV2 => vec![("IBANAPPOGGIO".to_owned(), IBAN_POSTALE.to_owned())],
            _ => vec![],
        };
        assert_eq!(pagopa.versamenti[0].metadata, told);
        assert!(pagopa.versamenti[1].metadata.is_empty());
    }
}

#[test]
fn a_revenue_stamp_is_asked_for_in_the_second_version_only() {
    let stamps = [conto(false), bollo()];
    let data = pay(Operation::GetPaymentV2, &stamps, None);
    assert_eq!(data.versamenti[1].iban, None);
    let asked = StampRequest { hash_documento: HASH.into(), tipo: "01".into(), provincia: "RM".into() };
    assert_eq!(data.versamenti[1].bollo, Some(asked));
    let posizione = posizione(stamps.iter().map(|a| versamento(1_600, a.clone())).collect());
    let answer = PaymentAnswer { ente: &ente(), posizione: &posizione, rata: &posizione.rate[0], transfer_type: None };
    assert_eq!(encode_payment(Operation::GetPayment, &answer), Err(StampNeedsV2));
}

#[test]
fn a_debt_without_due_date_is_due_in_2099_and_a_company_is_no_person() {
    let mut posizione = posizione(vec![versamento(100, conto(false))]);
    posizione.rate[0] = Rata { scadenza: None, ..posizione.rate[0].clone() };
    posizione.debitore.codice_fiscale = domain::CodiceFiscale::parse("00743110157").unwrap();
    posizione.debitore.nome = "N".repeat(80);
    let answer = PaymentAnswer { ente: &ente(), posizione: &posizione, rata: &posizione.rate[0], transfer_type: None };
    let bytes = encode_payment(Operation::GetPaymentV2, &answer).unwrap();
    match read(Operation::GetPaymentV2, &bytes) {
        Ok(Response::Payment(data)) => {
            assert_eq!(data.due_date.to_string(), "2099-12-31");
            assert_eq!(data.debitore.nome.len(), 70);
        }
        other => panic!("{other:?}"),
    }
    assert!(text(bytes).contains("<entityUniqueIdentifierType>G</entityUniqueIdentifierType>"));
    assert!(Iban::parse(IBAN_POSTALE).unwrap().is_postale());
}

#[test]
fn a_fault_arrives_with_its_code_whatever_was_asked() {
    for op in Operation::ALL {
        for code in Paa::ALL {
            let fault = Fault { code, id: "77777777777".into(), description: Some("riga <1> & 2".into()) };
            let bean = FaultBean {
                code: code.code().into(),
                text: code.text().into(),
                id: fault.id.clone(),
                description: fault.description.clone(),
                serial: None,
            };
            assert_eq!(read(op, &encode_fault(op, &fault)), Ok(Response::Ko(bean)));
        }
    }
    for op in SEND_RT {
        assert_eq!(read(op, &encode_receipt_ok(op)), Ok(Response::Ok));
    }
}

/// `faults/faults_paa.csv` is SANP's table; its second column is the text.
#[test]
fn the_texts_of_faults_are_those_of_the_table() {
    let Some(specs) = folder("PAGOPA_SPECS") else { return };
    let table = std::fs::read_to_string(specs.join("faults/faults_paa.csv")).unwrap();
    for code in Paa::ALL {
        let row = table.lines().find(|row| row.split(',').next() == Some(code.code())).unwrap_or_else(|| panic!("{code:?}"));
        let text = row.split(',').nth(1).unwrap();
        if code == Paa::ReceiptDuplicata {
            assert!(text.starts_with("(not in the table"), "the table has a text for it now: use it");
        } else {
            assert_eq!(text, code.text());
        }
    }
}
