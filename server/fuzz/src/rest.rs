//! What pagoPA's REST services answer.

use crate::{says, soap};
use domain::Importo;
use nodo::bodies;
use nodo::fdr::{Raccolta, Testata};
use nodo::gpd::{Azione, PaymentPositionModel, faults};
use nodo::pa_for_node::client::encode_send_rt;
use nodo::pa_for_node::{Instradamento, SendRtRequest};
use nodo::payment_options::{decode_answer, decode_error, decode_path, encode_answer, encode_error};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use url::Url;

/// How many entries a list has, as JSON; what our reader makes of them must be as many.
fn entries(body: &[u8], list: &str) -> Option<usize> {
    // raw: a number that no float can hold is an entry all the same
    let members: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(body).ok()?;
    serde_json::from_str::<Vec<Box<RawValue>>>(members.get(list)?.get()).ok().map(|entries| entries.len())
}

/// Three kinds of bodies in one file: a header, then the pages of the flow, each on a line. Each line is tried as everything.
pub fn fdr(data: &[u8]) {
    let mut raccolta: Option<(Testata, Raccolta)> = None;
    for line in data.split(|b| *b == b'\n').take(8) {
        match bodies::fdr_list(line) {
            Ok(elenco) => {
                assert_eq!(entries(line, "data").unwrap_or(0), elenco.flussi.len() + elenco.illeggibili.len());
                assert!(elenco.flussi.iter().all(|f| f.revisione > 0 && (1..=35).contains(&f.fdr.as_str().len())));
                elenco.illeggibili.iter().for_each(|why| says::text(why));
            }
            Err(why) => says::text(why),
        }
        match bodies::fdr_header(line) {
            Ok(testata) => raccolta = Some((testata.clone(), Raccolta::new(testata))),
            Err(why) => says::text(why),
        }
        match bodies::fdr_rows(line) {
            Ok(pagina) => {
                assert_eq!(entries(line, "data").unwrap_or(0), pagina.righe.len() + pagina.illeggibili.len(), "a row was lost");
                assert!(pagina.righe.iter().all(|r| (1..=5).contains(&r.id_transfer) && !r.iuv.is_empty() && !r.iur.is_empty()));
                if let Some((_, raccolta)) = &mut raccolta {
                    raccolta.add(pagina);
                }
            }
            Err(why) => says::text(why),
        }
    }
    let Some((testata, raccolta)) = raccolta else { return };
    let _ = raccolta.prossima();
    let flusso = raccolta.finish();
    let sum = Importo::sum(flusso.righe.iter().map(|r| r.importo));
    let adds_up = sum == Some(testata.importo) && u64::try_from(flusso.righe.len()) == Ok(testata.pagamenti);
    assert!(adds_up || !flusso.is_completo(), "complete, and does not add up");
    assert!(flusso.righe.windows(2).all(|two| two[0].indice < two[1].indice), "an index twice");
}

/// Positions read back, and a position of ours as the other side reads it.
pub fn gpd(data: &[u8]) {
    for why in [bodies::gpd_position(data).err(), bodies::gpd_position_v3(data).err()].into_iter().flatten() {
        says::text(why);
    }
    match bodies::gpd_page(data) {
        Ok(pagina) => {
            let all = entries(data, "payment_position_list").unwrap_or(0);
            assert_eq!(all, pagina.posizioni.len() + pagina.illeggibili.len(), "a position was lost");
        }
        Err(why) => says::text(why),
    }
    if let Ok(position) = serde_json::from_slice::<PaymentPositionModel>(data) {
        let now = "2026-11-23T09:00:00Z".parse().unwrap();
        for azione in [Azione::Crea, Azione::Aggiorna] {
            faults(&position, now, azione).iter().for_each(|fault| says::text(fault));
        }
        let again = serde_json::to_vec(&position).unwrap();
        assert_eq!(serde_json::from_slice::<PaymentPositionModel>(&again).unwrap(), position);
    }
}

/// Positions in files: the way there and the reports about it.
pub fn massive(data: &[u8]) {
    for why in [bodies::upload_status(data).err(), bodies::upload_report(data).err()].into_iter().flatten() {
        says::text(why);
    }
    if let Some(id) = std::str::from_utf8(data).ok().and_then(bodies::upload_location) {
        // it becomes a segment of an address of ours
        assert!(
            (1..=100).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'),
            "{id:?}"
        );
    }
    let zip = bodies::upload_zip("posizioni.json", data).unwrap();
    let begin = 30 + "posizioni.json".len();
    assert_eq!(&zip[begin..begin + data.len()], data, "the content stands where its header says");
    let directory = u32::from_le_bytes(zip[zip.len() - 6..zip.len() - 2].try_into().unwrap());
    assert_eq!(zip[usize::try_from(directory).unwrap()..][..4], *b"PK\x01\x02", "and the directory where the end says");
}

/// A receipt of Biz Events: what is understood of it can be told as a paSendRT, and is read there again.
pub fn biz_events(data: &[u8]) {
    let Ok(recuperata) = bodies::biz_event(data) else { return };
    assert_eq!(recuperata.bytes, data, "the bytes are the proof");
    match recuperata.letta {
        Err(why) => says::text(why),
        Ok(ricevuta) => {
            assert!(!serde_json::to_string(&ricevuta).unwrap().contains("\\u0000"), "no database of ours can hold that");
            let instradamento = Instradamento { ente: "80001230459".into(), intermediario: "8".into(), stazione: "8_01".into() };
            soap::envelope(&encode_send_rt(&SendRtRequest { instradamento, ricevuta, v2: true }));
        }
    }
    if let Ok(page) = bodies::receipts_page(data) {
        assert_eq!(entries(data, "results").unwrap_or(0), page.ricevute.len() + page.illeggibili);
    }
}

/// What Checkout answers: the citizen is led to pagoPA or nowhere, the log gets a line.
pub fn checkout(data: &[u8]) {
    let asked = Url::parse("https://api.platform.pagopa.it/checkout/ec/v1/carts").unwrap();
    let origins = ["https://checkout.pagopa.it".to_owned(), "https://api.platform.pagopa.it".to_owned()];
    if let Ok(text) = std::str::from_utf8(data) {
        match bodies::checkout_address(text, &asked, &origins) {
            Ok(url) => {
                assert!(origins.contains(&url.origin().ascii_serialization()), "{url}");
                assert!(url.username().is_empty() && url.password().is_none() && url.scheme() == "https", "{url}");
                // a browser reads it as we do: what is written out leads to the same place
                let again = Url::parse(url.as_str()).unwrap();
                assert_eq!(again, url);
                assert!(url.as_str().bytes().all(|b| b.is_ascii_graphic()), "fit for a header: {url}");
            }
            Err(error) => says::nothing(&error),
        }
    }
    let detail = bodies::checkout_detail(data);
    assert!(detail.chars().count() <= 200 && !detail.chars().any(|c| c.is_control() || c.is_numeric() || c == '@'), "{detail:?}");
    let problem = bodies::problem(400, data);
    for line in [&problem.title, &problem.detail] {
        assert!(line.chars().count() <= 300 && !line.chars().any(char::is_control));
    }
    if let Some(code) = &problem.code {
        assert!(code.chars().count() <= 300 && !code.chars().any(char::is_control));
    }
}

/// Payment options: the path a PSP asks with, the answer, the errors.
pub fn payment_options(data: &[u8]) {
    if let Some((ente, numero)) = std::str::from_utf8(data).ok().and_then(|text| text.split_once('/'))
        && let Ok((found, notice)) = decode_path(ente, numero)
    {
        assert_eq!((found.as_str(), notice.as_str()), (ente, numero), "nothing is read into a path");
    }
    match decode_answer(data) {
        Ok(answer) => assert_eq!(decode_answer(&encode_answer(&answer)), Ok(answer)),
        Err(why) => says::text(why),
    }
    for status in [400, 404, 409, 422, 500] {
        if let Some(odp) = decode_error(status, data) {
            let (again, body) = encode_error(odp, "2026-11-23T09:00:00Z".parse().unwrap());
            assert_eq!((again, decode_error(again, &body)), (status, Some(odp)));
        }
    }
}
