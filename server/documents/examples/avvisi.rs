//! Writes a notice of each variant into a folder, to be looked at: `cargo run -p documents --example avvisi -- <folder>`. Says how
//! large each is; with a second argument, made so many times, also how long it takes, in the median and at best (`--release` for
//! figures; the best is what a machine with nothing else to do takes).

#[path = "../tests/common/avvisi.rs"]
mod avvisi;

use std::path::PathBuf;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("which folder shall they go into?")?);
    let times = std::env::args().nth(2).map_or(Ok(1), |times| times.parse())?;
    let mut failed = None;
    avvisi::each(|name, doc| {
        let mut micros = Vec::new();
        let mut pdf = Ok(Vec::new());
        for _ in 0..times {
            let start = Instant::now();
            pdf = documents::avviso::render(doc);
            micros.push(start.elapsed().as_micros());
        }
        micros.sort_unstable();
        match pdf {
            Ok(pdf) => {
                let at = |n: usize| micros.get(n).copied().unwrap_or_default();
                println!("{name}: {} bytes, {} µs, at best {} µs", pdf.len(), at(micros.len() / 2), at(0));
                failed = std::fs::write(folder.join(format!("{name}.pdf")), pdf).err().map(Into::into).or(failed.take());
            }
            Err(error) => failed = Some(Box::<dyn std::error::Error>::from(error)),
        }
    });
    failed.map_or(Ok(()), Err)
}
