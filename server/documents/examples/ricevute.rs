//! Writes the receipts of the tests into a folder, to be looked at: `cargo run -p documents --example ricevute -- <folder>`.
//! Says how large each is; with a second argument, made so many times, also how long it takes (`--release` for figures).

#[path = "../tests/common/mod.rs"]
mod common;

use domain::{QrAvviso, Ricevuta};
use std::path::PathBuf;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("which folder shall they go into?")?);
    let times = std::env::args().nth(2).map_or(Ok(1), |times| times.parse())?;
    let ente = common::ente();
    let stemma = documents::Logo::from_png(include_bytes!("../tests/fixtures/stemma.png"))?;
    for (name, ricevuta) in [("everyday", common::everyday()), ("fullest", common::fullest()), ("barest", common::barest())] {
        let doc = documents::RicevutaDoc { logo: Some(&stemma), ..common::doc(&ricevuta, &ente) };
        // the first one also parses the fonts
        let pdf = documents::ricevuta::render(&doc)?;
        let mut micros = Vec::new();
        for _ in 0..times {
            let start = Instant::now();
            documents::ricevuta::render(&doc)?;
            micros.push(start.elapsed().as_micros());
        }
        micros.sort_unstable();
        let at = |n: usize| micros.get(n).copied().unwrap_or_default();
        println!("{name}: {} bytes, {} µs, at best {} µs", pdf.len(), at(micros.len() / 2), at(0));
        std::fs::write(folder.join(format!("{name}.pdf")), pdf)?;
    }
    let Ricevuta { numero_avviso: numero, ente, importo, .. } = common::everyday();
    std::fs::write(folder.join("qr.svg"), documents::qr::svg(&QrAvviso { numero, ente, importo })?)?;
    Ok(())
}
