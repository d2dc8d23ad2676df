//! Writes the receipts of the tests into a folder, to be looked at: `cargo run -p documents --example ricevute -- <folder>`.
//! Also says how large each is and how long it takes.

#[path = "../tests/common/mod.rs"]
mod common;

use domain::{QrAvviso, Ricevuta};
use std::path::PathBuf;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("which folder shall they go into?")?);
    let ente = common::ente();
    for (name, ricevuta) in [("everyday", common::everyday()), ("fullest", common::fullest()), ("barest", common::barest())] {
        let doc = common::doc(&ricevuta, &ente);
        // the first one also parses the fonts
        documents::ricevuta::render(&doc)?;
        let start = Instant::now();
        let pdf = documents::ricevuta::render(&doc)?;
        println!("{name}: {} bytes, {} µs", pdf.len(), start.elapsed().as_micros());
        std::fs::write(folder.join(format!("{name}.pdf")), pdf)?;
    }
    let Ricevuta { numero_avviso: numero, ente, importo, .. } = common::everyday();
    std::fs::write(folder.join("qr.svg"), documents::qr::svg(&QrAvviso { numero, ente, importo })?)?;
    Ok(())
}
