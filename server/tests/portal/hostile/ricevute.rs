//! Receipts as a faulty Nodo or PSP sends them. Every one is answered OK and kept; what differs is what becomes of it.

use super::counted;
use crate::harness::{Sportello, rata, receipt};
use domain::ricevuta::SoggettoRicevuta;
use domain::{Anomalia, Importo, NumeroAvviso, StatoPosizione, StatoRicevuta};
use nodo::pa_for_node::client::{Response, encode_send_rt};
use nodo::pa_for_node::{Operation, SendRtRequest};

/// A notice that is open, made for this, and a receipt for it.
async fn open(sportello: &Sportello, receipt_id: &str) -> (String, SendRtRequest) {
    let (riepilogo, numero) = sportello.riepilogo().await;
    sportello.browser().pay(&riepilogo).await;
    let posizione = sportello.posizione(&numero).await;
    assert_eq!(posizione.stato, StatoPosizione::Aperta);
    let request = receipt(&posizione, rata(&posizione, &numero), receipt_id);
    (numero, request)
}

fn text(request: &SendRtRequest) -> String {
    String::from_utf8(encode_send_rt(request)).unwrap()
}

async fn deliver_text(sportello: &Sportello, message: String) {
    assert_eq!(sportello.ask(Operation::SendRtV2, message.into_bytes()).await, Response::Ok);
}

/// 11: the same facts, however they are spelt, are one receipt with one effect.
#[tokio::test]
async fn the_same_receipt_again_changes_nothing_however_it_is_spelt() {
    let sportello = Sportello::start().await;
    let (numero, mut request) = open(&sportello, "replica").await;
    request.ricevuta.descrizione = "Mensa & \"marzo\"".into();
    let first = text(&request);
    deliver_text(&sportello, first.clone()).await;
    let posizione = sportello.posizione(&numero).await;
    let swap = |from: &str, to: &str| {
        assert!(first.contains(from), "{from}");
        first.replace(from, to)
    };
    let cases = [
        ("byte by byte", first.clone()),
        ("blanks between elements", swap("><", ">\n\t<")),
        ("other prefixes", first.replace("pafn", "ns3").replace("soapenv", "S")),
        ("a byte-order mark", format!("\u{feff}{first}")),
        ("no declaration", first[first.find("<soapenv").unwrap()..].to_owned()),
        ("a header", swap("<soapenv:Body>", "<soapenv:Header><x/></soapenv:Header><soapenv:Body>")),
        ("a comment", swap("<receiptId>", "<!-- c --><receiptId>")),
        ("CDATA", swap("Mensa &amp; \"marzo\"", "<![CDATA[Mensa & \"marzo\"]]>")),
        ("references", swap("Mensa &amp; \"marzo\"", "&#77;ensa &#x26; &quot;marzo&quot;")),
        ("a default left out", swap("<standIn>false</standIn>", "")),
        ("a default said otherwise", swap("<standIn>false", "<standIn>0")),
        ("an element nobody knows", swap("<receiptId>", "<nuovo><x>1</x></nuovo><receiptId>")),
        ("the same moment in UTC", swap("<paymentDateTime>2026-11-23T09:58:00", "<paymentDateTime>2026-11-23T08:58:00Z")),
    ];
    counted(cases.iter().map(|case| case.0));
    let repeated = sportello.in_inbox("RIPETUTO").await;
    for ((name, message), n) in cases.into_iter().zip(1..) {
        deliver_text(&sportello, message).await;
        assert_eq!(sportello.ricevute(&numero).await.len(), 1, "{name}");
        assert_eq!((sportello.in_inbox("RIPETUTO").await, sportello.in_inbox("QUARANTENA").await), (repeated + n, 0), "{name}");
    }
    assert_eq!(sportello.posizione(&numero).await, posizione);
}

/// 12: the first stays as it is, the other is kept apart for somebody to look at.
#[tokio::test]
async fn another_content_under_a_known_receipt_id_never_takes_the_place_of_the_first() {
    let sportello = Sportello::start().await;
    let (numero, request) = open(&sportello, "conflitto").await;
    let (other_notice, other) = open(&sportello, "altra").await;
    sportello.deliver(&request).await;
    let posizione = sportello.posizione(&numero).await;
    type Other = (&'static str, fn(&mut SendRtRequest));
    let cases: [Other; 13] = [
        ("a smaller amount", |r| r.ricevuta.importo = Importo::of_cents(1)),
        ("a larger amount", |r| r.ricevuta.importo = Importo::MAX),
        ("another split", |r| r.ricevuta.versamenti[0].importo = Importo::of_cents(1)),
        ("another debtor", |r| r.ricevuta.debitore.identificativo = "BNCLCU75M12H501Q".into()),
        ("another name of the debtor", |r| r.ricevuta.debitore.nome = "Qualcun Altro".into()),
        ("a payer", |r| {
            r.ricevuta.versante =
                Some(SoggettoRicevuta { identificativo: "ANONIMO".into(), nome: "ANONIMO".into(), email: None });
        }),
        ("another IUV", |r| r.ricevuta.iuv = "02000000000000184".into()),
        ("another outcome", |r| r.ricevuta.esito_ok = false),
        ("another PSP", |r| r.ricevuta.psp.id = "ALTROPSP".into()),
        ("another account", |r| r.ricevuta.versamenti[0].iban = Some("IT70X0760101600000012345678".into())),
        ("another fee", |r| r.ricevuta.commissione = None),
        ("another moment", |r| r.ricevuta.pagata_il = Some(jiff::civil::date(2026, 11, 23).at(9, 59, 0, 0))),
        ("stand-in all of a sudden", |r| r.ricevuta.stand_in = true),
    ];
    counted(cases.iter().map(|case| case.0));
    let mut quarantined = 0;
    for (name, change) in cases {
        let mut conflicting = request.clone();
        change(&mut conflicting);
        sportello.deliver(&conflicting).await;
        quarantined += 1;
        assert_eq!(sportello.in_inbox("QUARANTENA").await, quarantined, "{name}");
    }
    // and the fourteenth: a receipt for another notice altogether
    let mut stolen = other.clone();
    stolen.ricevuta.receipt_id = request.ricevuta.receipt_id.clone();
    sportello.deliver(&stolen).await;
    assert_eq!(sportello.in_inbox("QUARANTENA").await, quarantined + 1);
    assert_eq!(sportello.posizione(&other_notice).await.stato, StatoPosizione::Aperta);
    let kept = sportello.ricevute(&numero).await;
    assert_eq!((kept.len(), &kept[0].ricevuta, kept[0].stato), (1, &request.ricevuta, StatoRicevuta::Valida));
    assert_eq!(sportello.posizione(&numero).await, posizione);
}

/// 13: money with something odd about it. Kept, told by its kind, and counted where it pays the notice.
#[tokio::test]
async fn what_is_odd_about_a_receipt_is_told_by_its_kind() {
    type Odd = (&'static str, fn(&mut SendRtRequest), Vec<Anomalia>);
    let (full, part) = (Importo::of_cents(4_800), Importo::of_cents(4_799));
    let more = Importo::of_cents(4_801);
    let cases: Vec<Odd> = vec![
        ("nothing", |_| {}, vec![]),
        (
            "a station that is not the ente's",
            |r| r.instradamento.stazione = "X_01".into(),
            vec![Anomalia::StazioneInattesa { stazione: "X_01".into() }],
        ),
        (
            "an intermediary that is not",
            |r| r.instradamento.intermediario = "X".into(),
            vec![Anomalia::IntermediarioInatteso { intermediario: "X".into() }],
        ),
        (
            "a cent too little",
            |r| {
                r.ricevuta.importo = Importo::of_cents(4_799);
                r.ricevuta.versamenti[0].importo = Importo::of_cents(4_799);
            },
            vec![Anomalia::ImportoDiverso { atteso: full, pagato: part }],
        ),
        (
            "a cent too much",
            |r| {
                r.ricevuta.importo = Importo::of_cents(4_801);
                r.ricevuta.versamenti[0].importo = Importo::of_cents(4_801);
            },
            vec![Anomalia::ImportoDiverso { atteso: full, pagato: more }],
        ),
        (
            "transfers that do not add up",
            |r| r.ricevuta.versamenti[0].importo = Importo::of_cents(1),
            vec![Anomalia::SommaVersamenti { somma_cents: 1 }],
        ),
        (
            "a transfer of nothing",
            |r| r.ricevuta.versamenti[0].importo = Importo::ZERO,
            vec![Anomalia::SommaVersamenti { somma_cents: 0 }],
        ),
        ("another IUV", |r| r.ricevuta.iuv = "RF18539007547034".into(), vec![Anomalia::IuvDiverso]),
        ("a KO", |r| r.ricevuta.esito_ok = false, vec![Anomalia::EsitoNegativo]),
        (
            "a sixth transfer",
            |r| {
                let part = r.ricevuta.versamenti.remove(0);
                for (indice, importo) in (1..).zip(part.importo.split(6)) {
                    r.ricevuta.versamenti.push(domain::ricevuta::VersamentoRicevuta { indice, importo, ..part.clone() });
                }
            },
            vec![],
        ),
        ("an account that is not ours", |r| r.ricevuta.versamenti[0].iban = Some("XX".into()), vec![]),
        ("a taxonomy nobody has", |r| r.ricevuta.versamenti[0].tassonomia = "boh".into(), vec![]),
        ("a debtor who is nobody", |r| r.ricevuta.debitore.identificativo = "ANONIMO".into(), vec![]),
        ("a payment of tomorrow", |r| r.ricevuta.pagata_il = Some(jiff::civil::date(9999, 12, 31).at(23, 59, 59, 0)), vec![]),
    ];
    counted(cases.iter().map(|case| case.0));
    let sportello = Sportello::start().await;
    for ((name, change, expected), n) in cases.into_iter().zip(1..) {
        let (numero, mut request) = open(&sportello, &format!("strana-{n}")).await;
        change(&mut request);
        sportello.deliver(&request).await;
        let rows = sportello.ricevute(&numero).await;
        assert_eq!((rows.len(), &rows[0].anomalie, &rows[0].ricevuta), (1, &expected, &request.ricevuta), "{name}");
        let stato = if expected.is_empty() { StatoRicevuta::Valida } else { StatoRicevuta::Anomala };
        assert_eq!(rows[0].stato, stato, "{name}");
        let paid = if request.ricevuta.esito_ok { StatoPosizione::Pagata } else { StatoPosizione::Aperta };
        assert_eq!(sportello.posizione(&numero).await.stato, paid, "{name}");
    }
    assert_eq!(sportello.in_inbox("QUARANTENA").await, 0);
}

/// 14: a receipt wins over whatever we thought of the position, and says so.
#[tokio::test]
async fn a_receipt_pays_a_position_in_whatever_state_it_is() {
    let sportello = Sportello::start().await;
    let of = |causale: &'static str| sportello.find_avviso(|a| a.causale.contains(causale)).numero;
    let cases: Vec<(&str, String, bool, Vec<Anomalia>)> = vec![
        ("a draft", sportello.numero_in_bozza().await, false, vec![Anomalia::PosizioneInBozza]),
        ("cancelled", of("987"), false, vec![Anomalia::PosizioneAnnullata]),
        ("cancelled, a second receipt", of("987"), true, vec![Anomalia::DoppioPagamento]),
        ("expired", of("655"), false, vec![Anomalia::PosizioneScaduta]),
        ("expired, paid in stand-in", of("Sala Verde, mezza giornata"), true, vec![Anomalia::PosizioneScaduta]),
        ("paid already", of("901"), false, vec![Anomalia::DoppioPagamento]),
        ("paid already, in stand-in", of("901"), true, vec![Anomalia::DoppioPagamento]),
        ("open, nobody asked before", of("1042"), false, vec![]),
        ("open, again", of("1042"), false, vec![Anomalia::DoppioPagamento]),
        ("open, in stand-in", open(&sportello, "x").await.0, true, vec![]),
        ("with a trip under way", open(&sportello, "y").await.0, false, vec![]),
        ("past its day, payable all the same", of("saldo ottobre"), false, vec![]),
    ];
    counted(cases.iter().map(|case| case.0));
    for ((name, numero, stand_in, expected), n) in cases.into_iter().zip(1..) {
        let posizione = sportello.posizione(&numero).await;
        let mut request = receipt(&posizione, rata(&posizione, &numero), &format!("stato-{n}"));
        request.ricevuta.stand_in = stand_in;
        sportello.deliver(&request).await;
        let row = sportello.ricevute(&numero).await.into_iter().find(|row| row.ricevuta.receipt_id == format!("stato-{n}"));
        assert_eq!(row.unwrap().anomalie, expected, "{name}");
        assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Pagata, "{name}");
    }
    // and where there is no position at all
    let (_, mut request) = open(&sportello, "nessuna").await;
    request.ricevuta.numero_avviso = NumeroAvviso::parse("302000000000000184").unwrap();
    request.ricevuta.iuv = "02000000000000184".into();
    sportello.deliver(&request).await;
    assert_eq!(sportello.ricevute("302000000000000184").await[0].anomalie, [Anomalia::PosizioneSconosciuta]);
}
