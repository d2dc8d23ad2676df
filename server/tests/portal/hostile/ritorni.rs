//! Return addresses that somebody made up: whatever they say, nothing is paid.

use super::counted;
use crate::harness::Sportello;
use domain::{StatoPosizione, StatoTentativo};

#[tokio::test]
async fn no_return_address_that_was_made_up_leads_anywhere_or_pays_anything() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let (riepilogo, numero) = sportello.riepilogo().await;
    let checkout = browser.pay(&riepilogo).await;
    let refused = sportello.path_of(&browser.choose(&checkout, "rifiuta", 0).await);
    let token = refused.rsplit('/').next().unwrap().to_owned();
    let summary = riepilogo.rsplit('/').next().unwrap().to_owned();
    let bent = |at: usize| {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).unwrap()
    };
    // layout: kind (characters 0, 1), expiry (1 to 6), nonce (6 to 12), outcome (12, 13), identifier, MAC
    let cases = [
        ("another kind", bent(0)),
        ("another expiry", bent(3)),
        ("another nonce", bent(8)),
        ("another outcome", bent(12)),
        ("another outcome, its other half", bent(13)),
        ("another trip", bent(20)),
        ("another MAC", bent(40)),
        ("another last bit", bent(55)),
        ("a token of another kind", summary),
        ("zeros", "A".repeat(56)),
        ("a character too many", format!("{token}A")),
        ("a character too few", token[..55].to_owned()),
        ("in plain words", "ok".to_owned()),
        ("a notice number", numero.clone()),
    ];
    counted(cases.iter().map(|case| case.0));
    for (name, forged) in cases {
        for query in ["", "?outcome=OK", "?esito=PAGATO&outcome=OK&paid=true"] {
            let page = browser.get(&format!("/valdoria/ritorno/{forged}{query}")).await;
            assert_eq!((page.status, page.header("location")), (404, ""), "{name}{query}");
            let page = browser.get(&format!("/valdoria/esito/{forged}{query}")).await;
            assert_eq!(page.status, 404, "{name}{query}");
        }
    }
    assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Aperta);
    let trips = sportello.tentativi(&numero).await;
    assert_eq!((trips.len(), trips[0].stato, trips[0].esito_dichiarato), (1, StatoTentativo::Inviato, None));
}
