//! Answers that the Nodo refuses (PPT_STAZIONE_INT_PA_ERRORE_RESPONSE). Source: the vectors of pagopa-nodo-dei-pagamenti-test.

use crate::samples::*;
use nodo::pa_for_node::client::{Check, Response, ResponseError, decode_response};
use nodo::pa_for_node::{
    Fault, Operation, Paa, PaymentAnswer, encode_demand, encode_fault, encode_payment, encode_receipt_ok, encode_verify,
};
use std::collections::{BTreeMap, BTreeSet};

fn read(op: Operation, message: &str) -> Result<Response, ResponseError> {
    decode_response(op, message.as_bytes(), &Check::default())
}

fn payment(op: Operation) -> String {
    let posizione = posizione(vec![versamento(3_200, conto(true)), versamento(1_600, conto(true))]);
    let answer = PaymentAnswer { ente: &ente(), posizione: &posizione, rata: &posizione.rate[0], transfer_type: None };
    text(encode_payment(op, &answer).unwrap())
}

fn element(message: &str, name: &str) -> String {
    let start = message.find(&format!("<{name}>")).unwrap();
    let close = format!("</{name}>");
    message[start..start + message[start..].find(&close).unwrap() + close.len()].to_owned()
}

fn rule(text: &str) -> Result<Response, ResponseError> {
    Err(ResponseError::Rule(text.to_owned()))
}

#[test]
fn a_ko_needs_a_fault_and_an_ok_needs_its_data() {
    let op = Operation::VerifyPaymentNotice;
    let good = text(encode_verify(&verify_answer()));
    for name in ["paymentList", "paymentDescription", "fiscalCodePA", "companyName"] {
        assert_eq!(read(op, &good.replace(&element(&good, name), "")), rule(&format!("OK without {name}")));
    }
    let op = Operation::DemandPaymentNotice;
    let good = text(encode_demand(&demand_answer()));
    for name in ["qrCode", "paymentList", "paymentDescription", "fiscalCodePA", "companyName"] {
        assert_eq!(read(op, &good.replace(&element(&good, name), "")), rule(&format!("OK without {name}")));
    }
    for twice in ["qrCode", "paymentList", "paymentOptionDescription"] {
        let found = element(&good, twice);
        assert!(read(op, &good.replace(&found, &found.repeat(2))).is_err(), "{twice}");
    }
    assert!(read(Operation::VerifyPaymentNotice, &good).is_err(), "the answer to another question");
    for op in GET_PAYMENT {
        let good = payment(op);
        assert_eq!(read(op, &good.replace(&element(&good, "data"), "")), rule("OK without data"));
    }
    let fault = Fault { code: Paa::PagamentoSconosciuto, id: "77777777777".into(), description: None };
    for op in Operation::ALL {
        let ko = text(encode_fault(op, &fault));
        assert_eq!(read(op, &ko.replace(&element(&ko, "fault"), "")), rule("KO without fault"), "{op:?}");
        let without_id = ko.replace("<id>77777777777</id>", "");
        assert_eq!(read(op, &without_id), Err(ResponseError::Xsd("fault: id missing".to_owned())), "{op:?}");
    }
}

#[test]
fn transfers_add_up_and_are_numbered_without_a_gap() {
    for op in GET_PAYMENT {
        let good = payment(op);
        assert!(matches!(read(op, &good), Ok(Response::Payment(_))));
        let other_sum = good.replace("<paymentAmount>48.00", "<paymentAmount>48.01");
        assert_eq!(read(op, &other_sum), rule("the transfers do not add up to paymentAmount"));
        for wrong in ["<idTransfer>3", "<idTransfer>1"] {
            assert_eq!(read(op, &good.replace("<idTransfer>2", wrong)), rule("idTransfer is not 1, 2, …"), "{wrong}");
        }
        let swapped = good
            .replace("<idTransfer>2", "<idTransfer>x")
            .replace("<idTransfer>1", "<idTransfer>2")
            .replace("<idTransfer>x", "<idTransfer>1");
        assert!(matches!(read(op, &swapped), Ok(Response::Payment(_))), "1 and 2 in another order");
    }
}

#[test]
fn what_the_xsd_forbids_is_refused() {
    for op in GET_PAYMENT {
        let good = payment(op);
        let first = element(&good, "transfer");
        let six = good.replace(&first, &first.repeat(5));
        let entries = |n: usize| "<mapEntry><key>k</key><value>v</value></mapEntry>".repeat(n);
        let metadata = |n| good.replacen("</transfer>", &format!("<metadata>{}</metadata></transfer>", entries(n)), 1);
        assert!(matches!(read(op, &metadata(15)), Ok(Response::Payment(_))));
        let root = op.response_root();
        for (bad, what) in [
            (six, "data/transferList/transfer: more than 5"),
            (metadata(16), "data/transferList/transfer/metadata/mapEntry: more than 15"),
            (metadata(0), "data/transferList/transfer/metadata: mapEntry missing"),
            (good.replace("<outcome>OK", "<outcome>MAYBE"), "outcome: not one of its values"),
            (good.replace("<outcome>OK</outcome>", ""), "outcome expected, data found"),
            (good.replace("<paymentAmount>48.00", "<paymentAmount>0.00"), "data/paymentAmount: an amount of zero"),
            (good.replace(&element(&good, "dueDate"), ""), "data: dueDate expected, description found"),
            (good.replace("<IBAN>", "<IBAN></IBAN><IBAN>"), "data/transferList/transfer/IBAN: empty"),
            (
                good.replacen("<idTransfer>1", "<idTransfer>6", 1),
                "data/transferList/transfer/idTransfer: not a number of a transfer",
            ),
            (good.replace("</data>", "</data><data/>"), "data not expected here"),
            (good.replace("Type>F", "Type>X"), "data/debtor/uniqueIdentifier/entityUniqueIdentifierType: not one of its values"),
        ] {
            assert_eq!(read(op, &bad), Err(ResponseError::Xsd(what.to_owned())), "{bad}");
        }
        for (bad, why) in [
            (good.replace(root, "altro"), "another root in the Body"),
            (good.replace(&format!("pafn:{root}"), root), "an unknown root in the Body"),
            (good.replace("soapenv:Body", "soapenv:Corpo"), "no Body"),
            (good.replace("</data>", ""), "not well-formed"),
            ("<html></html>".to_owned(), "no SOAP 1.1 envelope"),
            (String::new(), "ends too early"),
        ] {
            assert_eq!(read(op, &bad), Err(ResponseError::NotSoap(why)), "{bad}");
        }
    }
    let v2 = payment(Operation::GetPaymentV2);
    let company = element(&v2, "companyName");
    let found = read(Operation::GetPaymentV2, &v2.replacen(&company, "", 1));
    assert_eq!(found, Err(ResponseError::Xsd("data: companyName expected, debtor found".to_owned())));
    let v1 = payment(Operation::GetPayment);
    assert!(matches!(read(Operation::GetPayment, &v1.replacen(&company, "", 1)), Ok(Response::Payment(_))));
    let two_lists = text(encode_verify(&verify_answer()));
    let list = element(&two_lists, "paymentList");
    assert!(read(Operation::VerifyPaymentNotice, &two_lists.replace(&list, &list.repeat(2))).is_err());
    let option = element(&two_lists, "paymentOptionDescription");
    assert!(read(Operation::VerifyPaymentNotice, &two_lists.replace(&option, &option.repeat(2))).is_err());
    let receipt = text(encode_receipt_ok(Operation::SendRt));
    assert!(read(Operation::SendRtV2, &receipt).is_err(), "the answer to the other version");
}

#[test]
fn enti_and_accounts_must_be_on_record() {
    let op = Operation::GetPaymentV2;
    let good = payment(op);
    let ente = cf_ente("77777777777");
    let ibans = |known: &[&str]| BTreeMap::from([(ente.clone(), known.iter().map(ToString::to_string).collect::<BTreeSet<_>>())]);
    let read = |check: &Check| decode_response(op, good.as_bytes(), check);
    let known = Check { enti: Some(BTreeSet::from([ente.clone()])), ibans: ibans(&[IBAN]) };
    assert!(matches!(read(&known), Ok(Response::Payment(_))));
    assert_eq!(
        read(&Check { enti: Some(BTreeSet::from([cf_ente("00000000001")])), ..Check::default() }),
        rule("fiscalCodePA unknown")
    );
    assert_eq!(read(&Check { enti: None, ibans: ibans(&[IBAN_POSTALE]) }), rule("IBAN unknown, or of another ente"));
    let verify = encode_verify(&verify_answer());
    let unknown = Check { enti: Some(BTreeSet::new()), ..Check::default() };
    assert_eq!(decode_response(Operation::VerifyPaymentNotice, &verify, &unknown), rule("fiscalCodePA unknown"));
    let demand = encode_demand(&demand_answer());
    assert_eq!(decode_response(Operation::DemandPaymentNotice, &demand, &unknown), rule("fiscalCodePA unknown"));
    let of_another = text(demand).replacen("<fiscalCode>77777777777", "<fiscalCode>00000000001", 1);
    let found = decode_response(Operation::DemandPaymentNotice, of_another.as_bytes(), &known);
    assert_eq!(found, rule("fiscalCodePA unknown"), "the notice is of an ente nobody knows");
}
