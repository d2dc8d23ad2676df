//! Bad input by family, each case with its name and what must become of it. The families are those of the front page of
//! `server/tests/portal/hostile.rs`; the numbers there count these tables.

use crate::samples::*;
use domain::Importo;
use jiff::civil::DateTime;
use nodo::bodies;
use nodo::fdr::{Flusso, Mancanza, Raccolta};
use nodo::pa_for_node::client::encode_send_rt;
use nodo::pa_for_node::{Request, decode};
use nodo::rest::json::{euro, instant, of_roman, roman};
use std::collections::BTreeSet;

/// At least ten, no two by the same name.
fn counted<'a>(names: impl IntoIterator<Item = &'a str>) {
    let names: Vec<_> = names.into_iter().collect();
    assert!(names.iter().collect::<BTreeSet<_>>().len() == names.len() && names.len() >= 10, "{names:?}");
}

/// 17: an amount in SOAP (`\d+\.\d{2}`) and as a number in JSON. No float ever holds it.
#[test]
fn money_is_read_to_the_cent_or_not_at_all() {
    let cases: &[(&str, &str, Option<i64>, Option<i64>)] = &[
        ("two decimals", "100.95", Some(10_095), Some(10_095)),
        ("one decimal", "100.1", None, Some(10_010)),
        ("a tenth that no float holds", "0.1", None, Some(10)),
        ("0.1 + 0.2 as a double", "0.30000000000000004", None, None),
        ("8.41 as a double", "8.41", Some(841), Some(841)),
        ("scientific", "1e2", None, Some(10_000)),
        ("Java's double", "1.0E7", None, Some(1_000_000_000)),
        ("exponent out of all bounds", "1e999999999", None, None),
        ("exponent below all bounds", "1e-999999999", None, None),
        ("a third decimal", "1.005", None, None),
        ("not a number", "NaN", None, None),
        ("infinity", "Infinity", None, None),
        ("minus zero", "-0", None, None),
        ("negative", "-1.00", None, None),
        ("plus sign", "+1.00", None, None),
        ("comma", "1,00", None, None),
        ("thousands", "1.000.00", None, None),
        ("thirty digits", "999999999999999999999999999999", None, None),
        ("largest", "999999999.99", Some(99_999_999_999), Some(99_999_999_999)),
        ("one cent above the largest", "1000000000.00", None, None),
        ("edge of i64", "92233720368547758.07", None, None),
        ("beyond i64", "92233720368547758.08", None, None),
        ("hexadecimal", "0x10", None, None),
        ("in quotes", "\"1.00\"", None, None),
        ("full-width digits", "１.００", None, None),
        ("Arabic digits", "١.٠٠", None, None),
        ("no digit before the point", ".50", None, None),
        ("no digit behind the point", "1.", None, None),
        ("blank inside", "1 000.00", None, None),
        ("zero", "0.00", Some(0), Some(0)),
    ];
    counted(cases.iter().map(|case| case.0));
    for (name, text, soap, json) in cases {
        assert_eq!(Importo::from_wire(text).map(Importo::cents), *soap, "{name} in SOAP");
        assert_eq!(euro(text).map(Importo::cents), *json, "{name} in JSON");
        // and inside a receipt, where it decides whether the whole is understood
        let request = text_of_receipt().replacen("<paymentAmount>48.00", &format!("<paymentAmount>{text}"), 1);
        let read = match decode(request.as_bytes()) {
            Ok(Request::SendRt(request)) => Some(request.ricevuta.importo.cents()),
            _ => None,
        };
        assert_eq!(read, *soap, "{name} in a receipt");
    }
}

fn text_of_receipt() -> String {
    text(encode_send_rt(&send_rt(true)))
}

/// 31: what a sender writes as the moment of a payment, and the civil time of Rome it means. `None`: it cannot be understood, and the
/// receipt is for somebody to look at.
#[test]
fn every_moment_is_that_of_rome() {
    let cases: &[(&str, &str, Option<&str>)] = &[
        ("without offset", "2026-05-02T10:11:12", Some("2026-05-02T10:11:12")),
        ("UTC in winter", "2026-01-15T23:30:00Z", Some("2026-01-16T00:30:00")),
        ("UTC in summer", "2026-07-15T22:30:00Z", Some("2026-07-16T00:30:00")),
        ("last second before summer time", "2026-03-29T00:59:59Z", Some("2026-03-29T01:59:59")),
        ("first second of summer time", "2026-03-29T01:00:00Z", Some("2026-03-29T03:00:00")),
        ("in the hour that does not exist", "2026-03-29T02:30:00", Some("2026-03-29T02:30:00")),
        ("last second of summer time", "2026-10-25T00:59:59Z", Some("2026-10-25T02:59:59")),
        ("the same hour again", "2026-10-25T01:59:59Z", Some("2026-10-25T02:59:59")),
        ("in the hour that comes twice", "2026-10-25T02:30:00", Some("2026-10-25T02:30:00")),
        ("29 February", "2028-02-29T12:00:00", Some("2028-02-29T12:00:00")),
        ("29 February of a common year", "2026-02-29T12:00:00", None),
        ("leap second", "2016-12-31T23:59:60", Some("2016-12-31T23:59:59")),
        ("second 61", "2016-12-31T23:59:61", None),
        ("end of the day", "2026-12-31T24:00:00", Some("2027-01-01T00:00:00")),
        ("after the end of the day", "2026-12-31T24:00:01", None),
        ("year 9999", "9999-12-31T23:59:59", Some("9999-12-31T23:59:59")),
        ("over the end of time", "9999-12-31T23:30:00Z", None),
        ("before the first year", "0001-01-01T00:30:00+14:00", None),
        ("year 0", "0000-01-01T00:00:00", None),
        ("five digits", "10000-01-01T00:00:00", None),
        ("negative year", "-0001-01-01T00:00:00", None),
        ("offset of 15 hours", "2026-01-01T00:00:00+15:00", None),
        ("name of a zone", "2026-01-01T00:00:00[Europe/Rome]", None),
        ("day alone", "2026-01-01", None),
        ("seconds since 1970", "1767225600", None),
        ("full-width digits", "２026-01-01T00:00:00", None),
    ];
    counted(cases.iter().map(|case| case.0));
    for (name, written, meant) in cases {
        let element = format!("<paymentDateTime>{written}</paymentDateTime>");
        let request = text_of_receipt().replacen("<paymentDateTime>2026-05-02T10:11:12</paymentDateTime>", &element, 1);
        assert!(request.contains(&element));
        let read = match decode(request.as_bytes()) {
            Ok(Request::SendRt(request)) => Some(request.ricevuta.pagata_il.map(|at| at.to_string())),
            Err(_) => None,
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(read, meant.map(|meant| Some(meant.to_owned())), "{name}");
    }
}

/// 31: instants of the REST services, which have an offset or mean UTC, and back from Rome.
#[test]
fn instants_survive_the_nights_when_the_clock_changes() {
    for (name, utc, rome, back) in [
        ("before summer time", "2026-03-29T00:59:59Z", "2026-03-29T01:59:59", "2026-03-29T00:59:59Z"),
        ("summer time", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00", "2026-03-29T01:00:00Z"),
        ("the hour that comes twice, first", "2026-10-25T00:30:00Z", "2026-10-25T02:30:00", "2026-10-25T00:30:00Z"),
        // the earlier of the two is meant
        ("the hour that comes twice, second", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00", "2026-10-25T00:30:00Z"),
        ("winter time", "2026-10-25T02:00:00Z", "2026-10-25T03:00:00", "2026-10-25T02:00:00Z"),
    ] {
        let civil: DateTime = roman(instant(utc).unwrap()).unwrap();
        assert_eq!((civil.to_string().as_str(), of_roman(civil).unwrap().to_string().as_str()), (rome, back), "{name}");
    }
}

const FDR: &str = "2026-03-02SBXITPSP-0000001";

fn header(payments: u64, sum: &str) -> String {
    format!(
        r#"{{"fdr":"{FDR}","revision":1,"fdrDate":"2026-03-02T22:00:00Z","sender":{{"pspId":"SBXITPSP"}},"regulation":"TRN1","totPayments":{payments},"sumPayments":{sum}}}"#
    )
}

fn row(index: u64, pay: &str) -> String {
    format!(
        r#"{{"index":{index},"iuv":"02000000000000184","iur":"r{index}","idTransfer":1,"pay":{pay},"payStatus":"EXECUTED","payDate":"2026-03-02T11:00:00Z"}}"#
    )
}

fn page(number: u64, pages: u64, rows: &[String]) -> String {
    format!(r#"{{"metadata":{{"pageNumber":{number},"totPage":{pages}}},"data":[{}]}}"#, rows.join(","))
}

fn flusso(header: &str, pages: &[String]) -> Flusso {
    let mut raccolta = Raccolta::new(bodies::fdr_header(header.as_bytes()).unwrap());
    for page in pages {
        raccolta.add(bodies::fdr_rows(page.as_bytes()).unwrap());
    }
    raccolta.finish()
}

/// 16: flows whose totals lie, whose pages are missing, doubled, moved. Every row that can be read is there, and what is wrong is said.
#[test]
fn a_flow_that_lies_is_never_complete_and_loses_no_row() {
    let (one, two) = (row(1, "0.50"), row(2, "0.25"));
    let both = [one.clone(), two.clone()];
    let somma = |attesa, trovata| Mancanza::Somma { attesa: cents(attesa), trovata: Some(cents(trovata)) };
    let righe = |attese, trovate| Mancanza::Righe { attese, trovate };
    let pagine = |attese, trovate| Mancanza::Pagine { attese, trovate };
    /// Name, header, pages, rows that are there, what is said.
    type Flow = (&'static str, String, Vec<String>, usize, Vec<Mancanza>);
    let cases: Vec<Flow> = vec![
        ("all is well", header(2, "0.75"), vec![page(1, 1, &both)], 2, vec![]),
        ("sum too large", header(2, "0.76"), vec![page(1, 1, &both)], 2, vec![somma(76, 75)]),
        ("sum too small", header(2, "0.5"), vec![page(1, 1, &both)], 2, vec![somma(50, 75)]),
        ("sum of zero", header(2, "0"), vec![page(1, 1, &both)], 2, vec![somma(0, 75)]),
        ("more rows than told", header(1, "0.75"), vec![page(1, 1, &both)], 2, vec![righe(1, 2)]),
        ("fewer rows than told", header(3, "0.75"), vec![page(1, 1, &both)], 2, vec![righe(3, 2)]),
        ("rows told beyond all bounds", header(u64::MAX, "0.75"), vec![page(1, 1, &both)], 2, vec![righe(u64::MAX, 2)]),
        ("no page at all", header(2, "0.75"), vec![], 0, vec![pagine(1, 0), righe(2, 0), somma(75, 0)]),
        (
            "second page missing",
            header(2, "0.75"),
            vec![page(1, 2, std::slice::from_ref(&one))],
            1,
            vec![pagine(2, 1), righe(2, 1), somma(75, 50)],
        ),
        (
            "first page twice",
            header(2, "0.75"),
            vec![page(1, 2, std::slice::from_ref(&one)), page(1, 2, std::slice::from_ref(&one))],
            1,
            vec![Mancanza::PagineCambiate, Mancanza::IndiceDoppio(1), righe(2, 1), somma(75, 50)],
        ),
        (
            "the number of pages changes",
            header(2, "0.75"),
            vec![page(1, 2, std::slice::from_ref(&one)), page(2, 3, std::slice::from_ref(&two))],
            2,
            vec![Mancanza::PagineCambiate],
        ),
        (
            "the same index with another amount",
            header(2, "0.75"),
            vec![page(1, 1, &[one.clone(), row(1, "0.25")])],
            1,
            vec![Mancanza::IndiceDoppio(1), righe(2, 1), somma(75, 50)],
        ),
        (
            "a row nobody can read",
            header(2, "0.75"),
            vec![page(1, 1, &[one.clone(), row(2, "0.251")])],
            1,
            vec![Mancanza::Illeggibili(1), righe(2, 1), somma(75, 50)],
        ),
        (
            "an amount below zero",
            header(2, "0.25"),
            vec![page(1, 1, &[one.clone(), row(2, "-0.25")])],
            1,
            vec![Mancanza::Illeggibili(1), righe(2, 1), somma(25, 50)],
        ),
        (
            "a sum no amount can hold",
            header(2, "999999999.99"),
            vec![page(1, 1, &[row(1, "999999999.99"), row(2, "999999999.99")])],
            2,
            vec![Mancanza::Somma { attesa: Importo::MAX, trovata: None }],
        ),
        ("pages numbered from zero", header(2, "0.75"), vec![page(0, 1, &both)], 2, vec![Mancanza::PagineCambiate]),
    ];
    counted(cases.iter().map(|case| case.0));
    for (name, header, pages, read, expected) in cases {
        let flusso = flusso(&header, &pages);
        assert_eq!((flusso.righe.len(), &flusso.mancanze), (read, &expected), "{name}");
        assert_eq!(flusso.is_completo(), expected.is_empty(), "{name}");
    }
}
