//! Receipts are read with lenience: the money has moved.

use crate::samples::*;
use domain::Anomalia;
use nodo::pa_for_node::client::encode_send_rt;
use nodo::pa_for_node::{DecodeError, Operation, Request, SendRtRequest, decode};

fn read(message: &str) -> Result<SendRtRequest, DecodeError> {
    decode(message.as_bytes()).map(|request| match request {
        Request::SendRt(receipt) => *receipt,
        other => panic!("{other:?}"),
    })
}

#[test]
fn odd_receipts_are_understood_all_the_same() {
    let good = text(encode_send_rt(&send_rt(true)));
    let expected = send_rt(true);
    for (from, to) in [
        ("<idPSP>", "<novità><x>1</x></novità><idPSP>"),
        ("<standIn>true</standIn>", "<standin>true</standin>"),
        ("<standIn>true</standIn>", "<standIn> 1 </standIn>"),
        ("<receiptId>", "<receiptId a=\"1\">\n  "),
        ("</officeName>", "</officeName>testo"),
        ("<fiscalCode>", "<fiscalCode> "),
        ("<outcome>OK</outcome>", "<outcome>\tOK</outcome>"),
        ("<receipt>", "<q:receipt xmlns:q=\"urn:q\">"),
    ] {
        let mut odd = good.replacen(from, to, 1);
        if to.contains("q:receipt") {
            odd = odd.replace("</receipt>", "</q:receipt>");
        }
        assert_eq!(read(&odd).as_ref(), Ok(&expected), "{from} → {to}");
    }
    // another order
    let standin = "<standIn>true</standIn>";
    let moved = good.replace(standin, "").replacen("<receiptId>", &format!("{standin}<receiptId>"), 1);
    assert_eq!(read(&moved), Ok(expected));
}

#[test]
fn what_may_be_absent_may_also_be_blank() {
    let good = text(encode_send_rt(&send_rt(true)));
    for (from, to) in [("<fee>1.00</fee>", "<fee/>"), ("<fee>1.00</fee>", "<fee> </fee>"), ("<fee>1.00</fee>", "")] {
        assert_eq!(read(&good.replace(from, to)).unwrap().ricevuta.commissione, None, "{to}");
    }
    let bare = good.replace("<key>chiave</key><value>valore</value>", "<key>chiave</key><value/>");
    assert_eq!(read(&bare).unwrap().ricevuta.metadata, [("chiave".to_owned(), String::new())]);
    // mandatory, but nobody finds a receipt by it
    assert_eq!(read(&good.replace("<description>Mensa", "<description> ")).unwrap().ricevuta.descrizione, "");
}

#[test]
fn what_cannot_be_understood_is_told_and_the_addressee_kept() {
    let good = text(encode_send_rt(&send_rt(true)));
    let id = "<receiptId>c110729d258c4ab1b765fe902aae41d6</receiptId>";
    let long = format!("<receiptId>{}</receiptId>", "x".repeat(36));
    let twice = format!("{id}<receiptId>altro</receiptId>");
    for (from, to, reason) in [
        (id, "", "receipt: receiptId missing"),
        (id, "<receiptId> </receiptId>", "receipt/receiptId: empty"),
        (id, &long, "receipt/receiptId: more than 35 characters"),
        (id, &twice, "receipt/receiptId: there twice"),
        ("<noticeNumber>3", "<noticeNumber>8", "receipt/noticeNumber: not a notice number"),
        ("<fiscalCode>7", "<fiscalCode>", "receipt/fiscalCode: not 11 digits"),
        ("<outcome>OK", "<outcome>FORSE", "receipt/outcome: not one of its values"),
        ("<paymentAmount>48.00", "<paymentAmount>48", "receipt/paymentAmount: not an amount with two decimals"),
        ("<paymentAmount>48.00", "<paymentAmount>4.8E1", "receipt/paymentAmount: not an amount with two decimals"),
        ("<paymentDateTime>2026-05-02", "<paymentDateTime>2026-05-32", "receipt/paymentDateTime: not a date and time"),
        ("<idTransfer>2", "<idTransfer>1", "receipt/transferList/transfer: the same idTransfer twice"),
        ("<idTransfer>2", "<idTransfer>0", "receipt/transferList/transfer/idTransfer: not a number of a transfer"),
        (
            "<MBDAttachment>PG1hcmNhRGFCb2xsby8+</MBDAttachment>",
            "",
            "receipt/transferList/transfer: neither IBAN nor MBDAttachment",
        ),
        ("<idPSP>SBXITPSP</idPSP>", "", "receipt: idPSP missing"),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from}");
        assert_eq!(
            read(&bad),
            Err(DecodeError::Invalid {
                operation: Operation::SendRtV2,
                instradamento: Some(instradamento()),
                reason: reason.to_owned()
            }),
            "{from} → {to}"
        );
    }
}

#[test]
fn what_is_odd_in_content_is_for_the_portal_to_flag() {
    let good = text(encode_send_rt(&send_rt(true)));
    let negative = read(&good.replace("<outcome>OK", "<outcome>KO")).unwrap();
    assert_eq!(negative.ricevuta.anomalie(), [Anomalia::EsitoNegativo]);
    let (start, end) = (good.find("<transfer>").unwrap(), good.find("</transfer>").unwrap() + "</transfer>".len());
    let six: String = (1..=6).map(|i| good[start..end].replace("<idTransfer>1", &format!("<idTransfer>{i}"))).collect();
    let list_end = good.find("</transferList>").unwrap();
    let six = read(&format!("{}{six}{}", &good[..start], &good[list_end..])).unwrap();
    assert_eq!(six.ricevuta.versamenti.len(), 6);
    assert_eq!(six.ricevuta.anomalie(), [Anomalia::SommaVersamenti { somma_cents: 19_200 }]);
}

#[test]
fn a_revenue_stamp_may_fill_the_body() {
    let mut request = send_rt(true);
    request.ricevuta.versamenti[1].bollo = Some("QUJD".repeat(220_000));
    assert!(encode_send_rt(&request).len() > 800_000);
    assert_eq!(decode(&encode_send_rt(&request)), Ok(Request::SendRt(Box::new(request))));
}

/// `receipts/RECEIPT_VALID.xml` of the samples comes from pagoPA's pagopa-gpd-payments.
#[test]
fn the_receipt_pagopa_tests_with_is_read() {
    let Some(samples) = folder("PAGOPA_SAMPLES") else { return };
    let root = std::fs::read_to_string(samples.join("receipts/RECEIPT_VALID.xml")).unwrap();
    let found = read(&in_envelope(&root)).unwrap();
    assert!(found.v2);
    assert_eq!(found.instradamento.stazione, "77777777777_01");
    let r = found.ricevuta;
    assert_eq!(r.receipt_id, "c110729d258c4ab1b765fe902aae41d6");
    assert_eq!(r.numero_avviso.as_str(), "311111111112222222");
    assert_eq!((r.importo, r.commissione), (cents(3_000), Some(cents(200))));
    assert_eq!(r.versamenti.iter().map(|v| (v.indice, v.importo.cents())).collect::<Vec<_>>(), [(1, 2_000), (2, 1_000)]);
    assert_eq!(r.versamenti[1].ente.as_str(), "77777777778");
    assert_eq!(r.versamenti[0].metadata, [("keytest".to_owned(), "1".to_owned())]);
    assert_eq!(r.debitore.identificativo, "JHNDOE00A01F205N");
    assert_eq!(r.pagata_il.unwrap().to_string(), "2021-10-01T17:48:22");
    assert_eq!(r.data_accredito.unwrap().to_string(), "2021-10-02");
    assert_eq!(r.anomalie(), []);
    assert!(!r.stand_in);
}
