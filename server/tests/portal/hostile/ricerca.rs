//! Guessing notice numbers: from the answer nobody learns whether a number exists.

use super::counted;
use crate::cittadino::avviso::{comparable, numero_of_pietralta};
use crate::cittadino::limiti::{nobodys, ticket};
use crate::harness::{PIETRALTA, Sportello, VALDORIA};
use domain::{AuxDigit, CodiceSegregazione, Iuv, NumeroAvviso};
use portal::limits::{Quanti, Regole};
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

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
    let mut answers: [Option<String>; 3] = [None, None, None];
    for (name, numero) in &cases {
        // somebody new: guessing more has an answer of its own (below)
        let mut browser = sportello.browser();
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
    assert_eq!(sportello.browser().post("/valdoria/avviso", &[("numero", &real)]).await.status, 303);
}

/// `SPORTELLO_GUESSES=10000` for the whole of it (`make soak`).
fn guesses() -> usize {
    std::env::var("SPORTELLO_GUESSES").map_or(1_000, |text| text.parse().expect("a number of guesses"))
}

/// Names, codes and causali of everybody: none of them may be in an answer to a guess.
async fn secrets(sportello: &Sportello) -> Vec<String> {
    let mut secrets = Vec::new();
    for posizione in sportello.posizioni(VALDORIA).await.into_iter().chain(sportello.posizioni(PIETRALTA).await) {
        secrets.extend([posizione.debitore.nome, posizione.debitore.codice_fiscale.as_str().to_owned(), posizione.causale]);
        secrets.extend(posizione.rate.iter().map(|rata| rata.importo.euro().as_str().to_owned()));
    }
    secrets.sort();
    secrets.dedup();
    assert!(secrets.len() > 30);
    secrets
}

/// Numbers that are there and not told, or not there at all, one after the other.
async fn kinds(sportello: &Sportello) -> [String; 2] {
    [sportello.numero_in_bozza().await, numero_of_pietralta(sportello).await]
}

#[tokio::test]
async fn ten_thousand_guesses_from_one_address_are_looked_at_thirty_times() {
    let sportello = Sportello::start().await;
    let secrets = secrets(&sportello).await;
    let [draft, foreign] = kinds(&sportello).await;
    let open = sportello.avviso("APERTA").numero;
    let mut browser = sportello.browser();
    let (mut looked_at, mut waiting) = (0, None::<String>);
    for n in 0..guesses() {
        // what is there comes when nothing is free any more: as good a guess as any
        let numero = match n % 10 {
            7 if n > 30 => open.clone(),
            8 => draft.clone(),
            9 => foreign.clone(),
            _ => nobodys(u64::try_from(n).unwrap()),
        };
        let page = browser.post("/valdoria/avviso", &[("numero", &numero)]).await;
        if page.status == 404 {
            looked_at += 1;
        } else {
            let same = page.without_nonce().replace(ticket(&page).strip_prefix("/cerca/").unwrap(), "BIGLIETTO");
            assert_eq!(waiting.get_or_insert_with(|| same.clone()), &same, "guess {n}");
        }
        assert!(!secrets.iter().any(|secret| page.html().contains(secret)), "guess {n}: {}", page.text());
    }
    assert_eq!(looked_at, 30);
}

/// Ten thousand addresses with one guess each, and no limit for the ente: what is looked at tells no more than what is not.
#[tokio::test]
async fn ten_thousand_guesses_from_as_many_addresses_get_one_answer_after_one_time() {
    let sportello = Sportello::start().await;
    let all = Quanti::new(1_000_000, 1_000_000);
    sportello.portal.set_limits(Regole { ente: all, notice: all, ..Regole::default() });
    let secrets = secrets(&sportello).await;
    let [draft, foreign] = kinds(&sportello).await;
    let (mut answer, mut times) = (None::<String>, [vec![], vec![], vec![]]);
    for n in 0..guesses() {
        let unknown = nobodys(u64::try_from(n).unwrap());
        let kind = n % 3;
        let numero = [&unknown, &draft, &foreign][kind];
        let mut browser = sportello.browser().from(Ipv4Addr::from(0x0A00_0000 + u32::try_from(n).unwrap()));
        let begun = Instant::now();
        let page = browser.post("/valdoria/avviso", &[("numero", numero)]).await;
        times[kind].push(begun.elapsed());
        assert_eq!(page.status, 404, "guess {n}");
        let same = comparable(&page, numero);
        assert_eq!(answer.get_or_insert_with(|| same.clone()), &same, "guess {n}");
        let headers = page.headers.keys().map(|name| name.as_str()).collect::<Vec<_>>();
        assert!(!headers.contains(&"location") && !headers.contains(&"set-cookie") && !headers.contains(&"retry-after"));
        assert!(!secrets.iter().any(|secret| page.html().contains(secret)), "guess {n}: {}", page.text());
    }
    // the machine is busy with all three alike; what a look at a draft took longer would move its whole distribution
    let [unknown, draft, foreign] = times.map(|mut times| {
        times.sort();
        times[times.len() / 2]
    });
    println!("guesses: median of unknown {unknown:?}, of a draft {draft:?}, of another ente's {foreign:?}");
    for other in [draft, foreign] {
        assert!(other.abs_diff(unknown) < (unknown / 5).max(Duration::from_micros(500)), "{other:?} and {unknown:?}");
    }
}
