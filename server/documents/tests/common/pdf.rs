//! What others see in a PDF: poppler, qpdf, and readers of codes that are not those we write with.

#![allow(clippy::unwrap_used, dead_code, reason = "helpers of tests, each test binary uses a part of them")]

use rxing::common::HybridBinarizer;
use rxing::datamatrix::DataMatrixReader;
use rxing::{BinaryBitmap, Luma8Source, Reader};
use std::io::Write;
use std::process::{Command, Stdio};

/// What a program of poppler or qpdf says of the PDF; `None`, aloud, when it is not here.
pub fn ask(program: &str, arguments: &[&str], pdf: &[u8]) -> Option<String> {
    ask_bytes(program, arguments, pdf).map(|output| String::from_utf8_lossy(&output).into_owned())
}

fn ask_bytes(program: &str, arguments: &[&str], pdf: &[u8]) -> Option<Vec<u8>> {
    // qpdf wants a file; the number keeps tests of one process apart
    static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("sportello-{}-{number}.pdf", std::process::id()));
    std::fs::File::create(&path).unwrap().write_all(pdf).unwrap();
    let arguments = arguments.iter().map(|a| if *a == "PDF" { path.to_str().unwrap() } else { a });
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    std::fs::remove_file(&path).unwrap();
    match output {
        Ok(output) => {
            assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
            Some(output.stdout)
        }
        Err(error) => {
            eprintln!("SKIPPED: {program} is not here ({error})");
            None
        }
    }
}

/// Words in reading order with single blanks between them: where lines break does not matter.
pub fn read(pdf: &[u8]) -> Option<String> {
    ask("pdftotext", &["PDF", "-"], pdf).map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
}

pub fn pages(pdf: &[u8]) -> Option<u32> {
    let info = ask("pdfinfo", &["PDF"], pdf)?;
    info.lines().find_map(|line| line.strip_prefix("Pages:")).map(|n| n.trim().parse().unwrap())
}

/// A page as grey dots, row by row.
pub struct Raster {
    pub width: usize,
    pub height: usize,
    pub dots: Vec<u8>,
}

/// A part of a page as a printer would see it: `area` is x, y, width, height in tenths of a millimetre.
pub fn raster(pdf: &[u8], page: usize, dpi: usize, area: Option<[usize; 4]>) -> Option<Raster> {
    let mut arguments = vec!["-gray".to_owned(), "-r".to_owned(), dpi.to_string()];
    arguments.extend(["-f".to_owned(), page.to_string(), "-l".to_owned(), page.to_string()]);
    for (flag, tenths) in ["-x", "-y", "-W", "-H"].into_iter().zip(area.into_iter().flatten()) {
        arguments.extend([flag.to_owned(), (tenths * dpi / 254).to_string()]);
    }
    arguments.push("PDF".to_owned());
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let pgm = ask_bytes("pdftoppm", &arguments, pdf)?;
    // P5, width and height, 255, and then a byte for each dot
    let mut words = Vec::new();
    let mut at = 0;
    while words.len() < 4 {
        let end = at + pgm[at..].iter().position(u8::is_ascii_whitespace).unwrap();
        words.push(std::str::from_utf8(&pgm[at..end]).unwrap().to_owned());
        at = end + 1;
    }
    assert_eq!((words[0].as_str(), words[3].as_str()), ("P5", "255"));
    let (width, height) = (words[1].parse().unwrap(), words[2].parse().unwrap());
    Some(Raster { width, height, dots: pgm[at..].to_vec() })
}

/// What all QR codes of a raster say, by rqrr.
pub fn qr_codes(raster: &Raster) -> Vec<String> {
    let dot = |x: usize, y: usize| raster.dots[y * raster.width + x];
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(raster.width, raster.height, dot);
    prepared.detect_grids().iter().map(|grid| grid.decode().unwrap().1).collect()
}

/// What the Data Matrix of a raster says, by rxing.
pub fn data_matrix(raster: &Raster) -> String {
    let (width, height) = (u32::try_from(raster.width).unwrap(), u32::try_from(raster.height).unwrap());
    let source = Luma8Source::new(raster.dots.clone(), width, height).unwrap();
    let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
    DataMatrixReader.decode(&mut bitmap).unwrap().getText().to_owned()
}
