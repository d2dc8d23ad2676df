//! Guessing notice numbers: from the answer nobody learns whether a number exists.

use super::counted;
use crate::cittadino::avviso::{comparable, numero_of_pietralta};
use crate::harness::{Sportello, VALDORIA};
use domain::{AuxDigit, CodiceSegregazione, Iuv, NumeroAvviso};

#[tokio::test]
async fn every_guess_gets_the_same_answer_at_every_door() {
    let sportello = Sportello::start().await;
    let real = sportello.avviso("APERTA").numero;
    let code = CodiceSegregazione::parse(&real[1..3]).unwrap();
    let base: u64 = real[3..16].parse().unwrap();
    let of = |aux, code, base| {
        let iuv = Iuv::compose(aux, Some(code), base).unwrap();
        NumeroAvviso::from_iuv(aux, Some(code), &iuv).unwrap().to_string()
    };
    let ours = |base| of(AuxDigit::Tre, code, base);
    let cases = [
        ("nobody's", "302000000000000184".to_owned()),
        ("the next one", ours(base + 1)),
        ("the one before", ours(base - 1)),
        ("a thousand further", ours(base + 1_000)),
        ("the first of all", ours(0)),
        ("the last of all", ours(Iuv::BASE_COUNT - 1)),
        ("of another station", of(AuxDigit::Tre, CodiceSegregazione::parse("47").unwrap(), base)),
        ("of an application code", of(AuxDigit::Zero, code, base)),
        ("without check digits", of(AuxDigit::Uno, code, base)),
        ("of the kind that nobody uses", of(AuxDigit::Due, code, base)),
        ("a draft", sportello.numero_in_bozza().await),
        ("another ente's", numero_of_pietralta(&sportello).await),
    ];
    counted(cases.iter().map(|case| case.0));
    let mut browser = sportello.browser();
    let mut answers: [Option<String>; 3] = [None, None, None];
    for (name, numero) in &cases {
        let form = [("numero", numero.as_str())];
        let pages = [
            browser.post("/valdoria/avviso", &form).await,
            browser.post("/", &[form[0], ("codice_fiscale_ente", VALDORIA)]).await,
            browser.get(&format!("/valdoria/avviso/{numero}")).await,
        ];
        for (page, first) in pages.iter().zip(&mut answers) {
            assert_eq!(page.status, 404, "{name}");
            assert!(page.headers.get("location").is_none() && page.headers.get("set-cookie").is_none(), "{name}");
            let body = comparable(page, numero);
            assert_eq!(first.get_or_insert_with(|| body.clone()), &body, "{name}");
        }
    }
    // and the one that is there is found
    assert_eq!(browser.post("/valdoria/avviso", &[("numero", &real)]).await.status, 303);
}
