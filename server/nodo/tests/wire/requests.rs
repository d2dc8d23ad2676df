//! Requests in every spelling that is legal, and what is wrong with those that are not.

use crate::samples::*;
use nodo::pa_for_node::client::{encode_demand_request, encode_get_payment_request, encode_send_rt, encode_verify_request};
use nodo::pa_for_node::{BODY_MAX, DecodeError, Operation, Request, TransferType, decode, operation};

#[test]
fn what_the_client_writes_the_station_reads() {
    assert_eq!(decode(&encode_verify_request(&verify_request())), Ok(Request::Verify(verify_request())));
    assert_eq!(decode(&encode_demand_request(&demand_request())), Ok(Request::Demand(demand_request())));
    for v2 in [false, true] {
        let full = get_payment_request(v2);
        assert_eq!(decode(&encode_get_payment_request(&full)), Ok(Request::GetPayment(full.clone())));
        let mut bare = full;
        (bare.importo, bare.nota, bare.due_date, bare.transfer_type) = (None, None, None, None);
        assert_eq!(decode(&encode_get_payment_request(&bare)), Ok(Request::GetPayment(bare.clone())));
        bare.transfer_type = Some(TransferType::Postal);
        assert_eq!(decode(&encode_get_payment_request(&bare)), Ok(Request::GetPayment(bare)));
        assert_eq!(decode(&encode_send_rt(&send_rt(v2))), Ok(Request::SendRt(Box::new(send_rt(v2)))));
    }
}

#[test]
fn the_operation_is_told_by_the_root_alone() {
    let all = [
        (Operation::VerifyPaymentNotice, encode_verify_request(&verify_request())),
        (Operation::GetPayment, encode_get_payment_request(&get_payment_request(false))),
        (Operation::GetPaymentV2, encode_get_payment_request(&get_payment_request(true))),
        (Operation::SendRt, encode_send_rt(&send_rt(false))),
        (Operation::SendRtV2, encode_send_rt(&send_rt(true))),
        (Operation::DemandPaymentNotice, encode_demand_request(&demand_request())),
    ];
    assert_eq!(all.len(), Operation::ALL.len());
    for (expected, bytes) in all {
        assert_eq!(operation(&bytes), Ok(expected));
        // also when what follows is cut off
        let root_ends = text(bytes.clone()).find("<idPA>").unwrap();
        assert_eq!(operation(&bytes[..root_ends]), Ok(expected));
        assert!(matches!(decode(&bytes[..root_ends]), Err(DecodeError::NotSoap(_))));
    }
}

/// The same request as pagoPA's clients write it, as zeep (Python) does, and with a default namespace (.NET); with a BOM, a comment, a
/// header, CDATA, and as one line.
#[test]
fn every_legal_spelling_is_the_same_request() {
    let n = numero();
    let spellings = [
        format!(
            r#"<?xml version='1.0' encoding='utf-8' standalone="yes"?>
            <soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:pafn="http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
              <soapenv:Header/>
              <soapenv:Body>
                <pafn:paVerifyPaymentNoticeReq xsi:schemaLocation="a b">
                  <idPA>77777777777</idPA><idBrokerPA>80001230459</idBrokerPA><idStation>80001230459_01</idStation>
                  <qrCode><fiscalCode>77777777777</fiscalCode><noticeNumber>{n}</noticeNumber></qrCode>
                </pafn:paVerifyPaymentNoticeReq>
              </soapenv:Body>
            </soapenv:Envelope>
            <!-- end -->"#
        ),
        format!(
            r#"<soap-env:Envelope xmlns:soap-env="http://schemas.xmlsoap.org/soap/envelope/"><soap-env:Header><x:y xmlns:x="urn:x" soap-env:mustUnderstand="0">z<x:q/></x:y></soap-env:Header><soap-env:Body><ns0:paVerifyPaymentNoticeReq xmlns:ns0="http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd"><idPA>77777777777</idPA><idBrokerPA>80001230459</idBrokerPA><idStation>80001230459_01</idStation><qrCode><fiscalCode>77777777777</fiscalCode><noticeNumber>{n}</noticeNumber></qrCode></ns0:paVerifyPaymentNoticeReq></soap-env:Body></soap-env:Envelope>"#
        ),
        format!(
            r#"{bom}<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><paVerifyPaymentNoticeReq xmlns="http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd"><idPA xmlns="">77777777777</idPA><idBrokerPA xmlns=""><![CDATA[80001230459]]></idBrokerPA><idStation xmlns="">80001230459&#x5F;0&#49;</idStation><qrCode xmlns=""><fiscalCode>777777<!-- half -->77777</fiscalCode><noticeNumber>{n}</noticeNumber></qrCode></paVerifyPaymentNoticeReq></Body></Envelope>"#,
            bom = '\u{feff}'
        ),
    ];
    for spelling in spellings {
        assert_eq!(decode(spelling.as_bytes()), Ok(Request::Verify(verify_request())), "{spelling}");
    }
}

/// The three spellings of every operation, made from what the client writes.
#[test]
fn prefixes_do_not_matter_for_any_operation() {
    for bytes in [
        encode_get_payment_request(&get_payment_request(false)),
        encode_get_payment_request(&get_payment_request(true)),
        encode_send_rt(&send_rt(false)),
        encode_send_rt(&send_rt(true)),
        encode_demand_request(&demand_request()),
    ] {
        let expected = decode(&bytes).unwrap();
        let message = text(bytes);
        let ns0 = message.replace("soapenv", "S").replace("pafn", "ns0");
        assert_eq!(decode(ns0.as_bytes()).as_ref(), Ok(&expected));
        let root = root_of(&message).replace("xmlns:pafn", "xmlns").replace("pafn:", "");
        let (tag, children) = root.split_once('>').unwrap();
        let mut unqualified = children.to_owned();
        for child in [
            "idPA",
            "idBrokerPA",
            "idStation",
            "qrCode",
            "amount",
            "paymentNote",
            "transferType",
            "dueDate",
            "receipt",
            "idServizio",
            "idSoggettoServizio",
            "datiSpecificiServizioRequest",
        ] {
            unqualified = unqualified.replace(&format!("<{child}>"), &format!("<{child} xmlns=\"\">"));
        }
        assert_eq!(decode(in_envelope(&format!("{tag}>{unqualified}")).as_bytes()).as_ref(), Ok(&expected));
        // children that inherit the default namespace: wrong, and let pass only where money has moved
        let inherited = decode(in_envelope(&root).as_bytes());
        match expected {
            Request::SendRt(_) => assert_eq!(inherited.as_ref(), Ok(&expected)),
            _ => assert!(matches!(inherited, Err(DecodeError::Invalid { .. })), "{inherited:?}"),
        }
    }
}

#[test]
fn a_request_that_breaks_the_xsd_says_where_and_for_whom() {
    let good = text(encode_get_payment_request(&get_payment_request(true)));
    let n = numero();
    for (from, to, reason) in [
        ("<idStation>80001230459_01</idStation>", "", "idStation expected, qrCode found"),
        ("<idPA>", "<extra/><idPA>", "idPA expected, extra found"),
        ("</qrCode>", "<extra/></qrCode>", "qrCode: extra not expected here"),
        ("</dueDate>", "</dueDate><extra/>", "extra not expected here"),
        ("<fiscalCode>77777777777", "<fiscalCode>7777777777", "qrCode/fiscalCode: not 11 digits"),
        ("<fiscalCode>77777777777", "<fiscalCode> 77777777777", "qrCode/fiscalCode: not 11 digits"),
        ("<fiscalCode>77777777777", "<fiscalCode>7777777777é", "qrCode/fiscalCode: not 11 digits"),
        (n.as_str(), "30200000000000018a", "qrCode/noticeNumber: not 18 digits"),
        (n.as_str(), "3020-0000-0000-0001-84", "qrCode/noticeNumber: not 18 digits"),
        (n.as_str(), "902000000000000184", "qrCode/noticeNumber: not a notice number"),
        ("<amount>48.00", "<amount>48,00", "amount: not an amount with two decimals"),
        ("<amount>48.00", "<amount>-48.00", "amount: not an amount with two decimals"),
        ("<amount>48.00", "<amount>48.0", "amount: not an amount with two decimals"),
        ("<amount>48.00", "<amount>1000000000.00", "amount: not an amount with two decimals"),
        ("<transferType>PAGOPA", "<transferType>pagopa", "transferType: not one of its values"),
        ("<dueDate>2026-05-31", "<dueDate>31/05/2026", "dueDate: not a date"),
        ("<qrCode>", "<qrCode>x", "qrCode: text where only elements may be"),
        ("<qrCode>", "<qrCode a=\"1\">", "qrCode: an attribute where none may be"),
        ("<amount>48.00", "<amount><b/>48.00", "amount: elements where only text may be"),
        ("<amount>", "<amount xmlns=\"urn:x\">", "amount: in a namespace, where children have none"),
        ("<paymentNote>", "<paymentNote></paymentNote><paymentNote>", "paymentNote: empty"),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from}");
        match decode(bad.as_bytes()) {
            Err(DecodeError::Invalid { operation, instradamento: addressee, reason: found }) => {
                assert_eq!((operation, found.as_str()), (Operation::GetPaymentV2, reason), "{from} → {to}");
                let readable = !from.starts_with("<idStation>");
                assert_eq!(addressee, readable.then(instradamento), "{from} → {to}");
            }
            other => panic!("{from} → {to}: {other:?}"),
        }
    }
    for (from, to) in [("<amount>48.00", "<amount> 0048.00\n"), ("<dueDate>2026-05-31", "<dueDate> 2026-05-31Z ")] {
        let same = good.replacen(from, to, 1);
        assert_eq!(decode(same.as_bytes()), Ok(Request::GetPayment(get_payment_request(true))), "{to}");
    }
}

#[test]
fn texts_may_be_as_long_as_the_xsd_says_and_no_longer() {
    let mut request = get_payment_request(true);
    request.nota = Some("è".repeat(210));
    request.instradamento.ente = "x".repeat(35);
    assert_eq!(decode(&encode_get_payment_request(&request)), Ok(Request::GetPayment(request.clone())));
    request.instradamento.ente = "x".repeat(36);
    let too_long = decode(&encode_get_payment_request(&request));
    assert!(
        matches!(&too_long, Err(DecodeError::Invalid { instradamento: None, reason, .. }) if reason == "idPA: more than 35 characters")
    );
}

#[test]
fn each_operation_has_its_own_limit_of_bytes() {
    let padded = |bytes: Vec<u8>, len: usize| {
        let mut message = text(bytes);
        message.push_str(&" ".repeat(len - message.len()));
        message.into_bytes()
    };
    let verify = encode_verify_request(&verify_request());
    let receipt = encode_send_rt(&send_rt(true));
    let small = Operation::VerifyPaymentNotice.body_max();
    assert!(decode(&padded(verify.clone(), small)).is_ok());
    assert_eq!(decode(&padded(verify, small + 1)), Err(DecodeError::NotSoap("too large")));
    assert!(decode(&padded(receipt.clone(), BODY_MAX)).is_ok());
    assert_eq!(decode(&padded(receipt.clone(), BODY_MAX + 1)), Err(DecodeError::NotSoap("too large")));
    assert_eq!(operation(&padded(receipt, BODY_MAX + 1)), Err(DecodeError::NotSoap("too large")));
}

#[test]
fn a_demand_that_breaks_the_xsd_says_where_and_its_data_are_shown_to_nobody() {
    let good = text(encode_demand_request(&demand_request()));
    for (from, to, reason) in [
        ("<idServizio>00005", "<idServizio>5", "idServizio: not 5 characters"),
        ("<idServizio>00005", "<idServizio>000005", "idServizio: not 5 characters"),
        ("<idSoggettoServizio>0003è</idSoggettoServizio>", "", "idSoggettoServizio expected, datiSpecificiServizioRequest found"),
        ("<idSoggettoServizio>0003è", "<idSoggettoServizio>", "idSoggettoServizio: not 5 characters"),
        ("<datiSpecificiServizioRequest>", "<datiSpecificiServizioRequest>*", "datiSpecificiServizioRequest: not base64"),
        ("</datiSpecificiServizioRequest>", "</datiSpecificiServizioRequest><qrCode/>", "qrCode not expected here"),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from}");
        match decode(bad.as_bytes()) {
            Err(DecodeError::Invalid { operation, instradamento: addressee, reason: found }) => {
                assert_eq!((operation, found.as_str()), (Operation::DemandPaymentNotice, reason));
                assert_eq!(addressee, Some(instradamento()));
            }
            other => panic!("{from} → {to}: {other:?}"),
        }
    }
    let blanks = good.replacen("<datiSpecificiServizioRequest>", "<datiSpecificiServizioRequest>\n  ", 1);
    assert_eq!(decode(blanks.as_bytes()), Ok(Request::Demand(demand_request())));
    let shown = format!("{:?}", decode(good.as_bytes()).unwrap());
    assert!(shown.contains("37 bytes") && !shown.contains("targa") && !shown.contains("60, 98"), "{shown}");
}
