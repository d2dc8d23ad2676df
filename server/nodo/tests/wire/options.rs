//! Payment options: what we answer when pagoPA asks which ways there are to pay.

use crate::openapi::OpenApi;
use crate::peer::now;
use crate::samples::*;
use domain::{NumeroAvviso, Opzione, Posizione, Rata, StatoPosizione};
use jiff::civil::{Date, date};
use nodo::payment_options::*;
use serde_json::Value;

const OGGI: Date = date(2026, 3, 2);

/// One payment of 30 euro, or two of 15.
fn with_instalments() -> Posizione {
    let mut posizione = posizione(vec![versamento(3_000, conto(true))]);
    for i in 1..=2_u8 {
        posizione.rate.push(Rata {
            numero: NumeroAvviso::compose(domain::CodiceSegregazione::parse("01").unwrap(), 100 + u64::from(i)).unwrap(),
            opzione: Opzione::Rata { numero: i, di: 2 },
            importo: cents(1_500),
            scadenza: Some(date(2026, 5 + i8::try_from(i).unwrap(), 30)),
            non_oltre_scadenza: true,
            pagata: false,
            versamenti: vec![versamento(1_500, conto(false))],
        });
    }
    posizione
}

fn statuses(posizione: &Posizione, oggi: Date) -> (Vec<StatoOpzioneOdp>, Vec<StatoRataOdp>) {
    let answer = payment_options(&ente(), posizione, oggi);
    let options = answer.payment_options.iter().map(|o| o.status).collect();
    (options, answer.payment_options.iter().flat_map(|o| o.installments.iter().map(|i| i.status)).collect())
}

#[test]
fn the_answer_is_as_the_openapi_says_and_is_read_back() {
    let answer = payment_options(&ente(), &with_instalments(), OGGI);
    let bytes = encode_answer(&answer);
    assert_eq!(decode_answer(&bytes).as_ref(), Ok(&answer));
    let [single, plan] = &answer.payment_options[..] else { panic!("{answer:?}") };
    assert_eq!((single.amount, single.number_of_installments, single.all_ccp), (3_000, 1, true));
    assert_eq!((plan.amount, plan.number_of_installments, plan.all_ccp), (3_000, 2, false));
    assert_eq!(
        (single.due_date.as_deref(), plan.due_date.as_deref()),
        (Some("2026-05-31T23:59:59"), Some("2026-07-30T23:59:59"))
    );
    let text = text(bytes.clone());
    assert!(!text.contains("RSSMRA") && !text.contains("Mario"), "nothing about the debtor");
    let Some(spec) = OpenApi::load("orgs_payment_options.json") else { return };
    let value: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(spec.faults("PaymentOptionsResponse", &value), Vec::<String>::new());
    for odp in Odp::ALL {
        let (status, body) = encode_error(odp, now());
        let value: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(spec.faults("ErrorResponse", &value), Vec::<String>::new());
        assert_eq!(decode_error(status, &body), Some(odp));
        assert_eq!(decode_error(418, &body), None, "a status that is not the code's");
    }
}

#[test]
fn every_state_of_a_position_has_its_word() {
    use StatoOpzioneOdp::*;
    use StatoRataOdp::*;
    let mut posizione = with_instalments();
    assert_eq!(statuses(&posizione, OGGI), (vec![PoUnpaid, PoUnpaid], vec![PoiUnpaid; 3]));
    // the single payment may be late, instalments may not
    assert_eq!(
        statuses(&posizione, date(2026, 7, 1)),
        (vec![PoExpiredUnpaid, PoExpiredNotPayable], vec![PoiExpiredUnpaid, PoiExpiredNotPayable, PoiUnpaid])
    );
    posizione.rate[1].pagata = true;
    posizione.stato = StatoPosizione::ParzialmentePagata;
    assert_eq!(statuses(&posizione, OGGI), (vec![PoInvalid, PoPartiallyPaid], vec![PoiInvalid, PoiPaid, PoiUnpaid]));
    posizione.rate[2].pagata = true;
    posizione.stato = StatoPosizione::Pagata;
    assert_eq!(statuses(&posizione, OGGI), (vec![PoInvalid, PoPaid], vec![PoiInvalid, PoiPaid, PoiPaid]));
    let mut cancelled = with_instalments();
    cancelled.stato = StatoPosizione::Annullata;
    assert_eq!(statuses(&cancelled, OGGI), (vec![PoInvalid; 2], vec![PoiInvalid; 3]));
    let mut expired = with_instalments();
    expired.stato = StatoPosizione::Scaduta;
    assert_eq!(statuses(&expired, OGGI).0, vec![PoExpiredNotPayable; 2]);
}

#[test]
fn names_in_the_address_are_digits_or_refused() {
    let n = numero();
    assert_eq!(decode_path("77777777777", n.as_str()), Ok((cf_ente("77777777777"), n.clone())));
    for (ente, numero) in [
        ("7777777777", n.as_str()),
        (" 77777777777", n.as_str()),
        ("7777777777x", n.as_str()),
        ("77777777777", "30200000000000018"),
        ("77777777777", "3020 0000 0000 0001 84"),
        ("77777777777", "902000000000000184"),
        ("", ""),
    ] {
        assert_eq!(decode_path(ente, numero), Err(Odp::Sintassi), "{ente} {numero}");
    }
}

/// `faults_paa.csv`, last column: `404 ODP-107`.
#[test]
fn codes_are_those_of_the_table() {
    let Some(specs) = folder("PAGOPA_SPECS") else { return };
    let table = std::fs::read_to_string(specs.join("faults/faults_paa.csv")).unwrap();
    for odp in Odp::ALL {
        let row = table.lines().find(|row| row.split(',').next() == Some(odp.paa().code())).unwrap();
        assert_eq!(row.rsplit(',').next().unwrap(), format!("{} {}", odp.status().0, odp.code()), "{odp:?}");
    }
}

#[test]
fn an_answer_that_does_not_add_up_is_no_answer() {
    let good = text(encode_answer(&payment_options(&ente(), &with_instalments(), OGGI)));
    for (from, to, why) in [
        ("\"amount\":1500", "\"amount\":1501", "instalments that do not add up"),
        ("\"numberOfInstallments\":2", "\"numberOfInstallments\":3", "numberOfInstallments is another"),
        ("PO_UNPAID", "non pagato", "not a PaymentOptionsResponse"),
        ("3000", "99999999999999999999999999999", "not a PaymentOptionsResponse"),
    ] {
        assert_eq!(decode_answer(good.replacen(from, to, 1).as_bytes()), Err(why), "{from}");
    }
    assert_eq!(decode_answer(b"<html>"), Err("not a PaymentOptionsResponse"));
    let mut none = payment_options(&ente(), &with_instalments(), OGGI);
    none.payment_options.clear();
    assert_eq!(decode_answer(&encode_answer(&none)), Err("no payment option"));
}
